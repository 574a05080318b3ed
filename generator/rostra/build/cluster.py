"""Workers of a Dask cluster instead of processes on this machine: other machines that do the same work.

Workers read and write the site's cache and stage its files themselves, so the site's folder is on storage that every
machine reaches at the same path.  Tasks carry paths and keys; workers keep no state.
"""

from __future__ import annotations

import os
import pickle
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from rostra import PACKAGE, __version__
from rostra.errors import UsageError
from rostra.media.prepare import version as encoders
from rostra.render.templates import built_in
from rostra.system.workers import Workers

if TYPE_CHECKING:
    import distributed

ADDRESS = re.compile(r"((tcp|tls|ucx|wss?)://)?[^/\s]+:\d+")
ANSWER = 5.0
"""How many seconds to wait for a scheduler to answer."""
SILENCE = 20.0
"""How many seconds without a result pass before the scheduler is asked whether it has workers left."""

OTHERS = "install the same Python and the same packages on every machine (pip install 'rostra[cluster]'), then restart the workers"

SHARED = "put the site on storage that every machine reaches at the same path"


@contextmanager
def cluster(address: str, kept: Path) -> Iterator[Workers]:
    """Connect to the workers of the cluster whose scheduler has this address; ``kept`` is the site's cache folder.

    Raise UsageError if no scheduler answers, if it has no workers, if they do not reach the folder, or if they would not
    produce the same bytes.
    If a worker is lost, its tasks run again on other workers; if no worker is left, they run on this machine.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError("a cluster needs Dask", hint="pip install 'rostra[cluster]'") from error
    if not ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address!r} is not the address of a scheduler",
            hint="write it as `dask scheduler` prints it: tcp://HOST:8786",
        )
    try:
        client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}",
            hint="`dask scheduler` starts one and prints its address; `dask worker ADDRESS` adds workers",
        ) from error
    with client:
        if not (threads := sum(client.nthreads().values())):
            raise UsageError(f"the cluster at {address} has no workers", hint=f"`dask worker {address}` starts one")
        for worker, theirs in client.run(facts, on_error="return").items():
            _refuse_other(worker, theirs)
        shared = _marked(kept)
        for worker, seen in client.run(_reaches, shared).items():
            if not seen:
                raise UsageError(f"the worker {worker} does not reach {kept}", hint=SHARED)
        executor = _Cluster(client, shared)
        # With fewer than two, all work would run on this machine.
        with Workers(max(2, threads), patience=0, start=lambda _: executor) as workers:
            yield workers


class SharedFolder(NamedTuple):
    """A file in the site's cache folder by which workers recognise it, and its content."""

    path: str
    mark: str


def _marked(kept: Path) -> SharedFolder:
    kept.mkdir(parents=True, exist_ok=True)
    shared = SharedFolder(os.path.abspath(kept / "cluster"), uuid4().hex)  # noqa: PTH100  # links stay, as workers may lack their targets
    Path(shared.path).write_text(shared.mark, encoding="ascii")
    return shared


@cache
def _reaches(shared: SharedFolder) -> bool:
    """Whether this worker reaches the site's cache folder."""
    try:
        return Path(shared.path).read_text(encoding="ascii") == shared.mark
    except (OSError, UnicodeDecodeError):
        return False


@cache
def facts() -> dict[str, str]:
    """Return the versions that must be the same everywhere to produce the same bytes, as they were when first requested."""
    package, total = PACKAGE, sha256()
    # A wheel has the layouts within the package, a checkout beside it.
    for top in (package, built_in()):
        for path in sorted(top.rglob("*")):
            within = path.relative_to(top)
            if path.is_file() and not {"layouts", "__pycache__"}.intersection(within.parts):
                total.update(f"{within.as_posix()}\0".encode() + path.read_bytes())
    python = ".".join(map(str, sys.version_info[:3]))
    found = {"Python": f"{python} on {sys.platform}", "Rostra": f"{__version__} ({total.hexdigest()[:12]})"}
    try:
        needed = requires("rostra") or []
    except PackageNotFoundError:
        needed = []
    for requirement in needed:
        name = re.split(r"[^\w.-]", requirement)[0]
        if "extra ==" not in requirement:
            found[name] = _version(name)
    return found | {"zlib in pillow": _zlib(), "image encoders": encoders(), "SQLite": sqlite3.sqlite_version}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _zlib() -> str:
    from PIL.features import version

    return str(version("zlib"))


@cache
def _stamp() -> str:
    return sha256(repr(sorted(facts().items())).encode()).hexdigest()


def _refuse_other(worker: str, theirs: dict[str, str] | Exception) -> None:
    if isinstance(theirs, Exception):
        raise UsageError(f"the worker {worker} has no Rostra {__version__}: {theirs}", hint=OTHERS) from theirs
    for what, mine in facts().items():
        if theirs.get(what) != mine:
            raise UsageError(
                f"the worker {worker} has {what} {theirs.get(what)}, but this machine has {mine}", hint=OTHERS
            )


def call_on_worker(stamp: str, shared: SharedFolder, asked: bytes) -> bytes:
    """Run a function on a worker and return its value; raise UsageError if the worker joined late and does not fit."""
    if stamp != _stamp():
        raise UsageError(
            "a worker that joined the cluster during the build has another version of Rostra or Python", hint=OTHERS
        )
    if not _reaches(shared):
        raise UsageError(f"a worker that joined the cluster during the build does not reach {shared.path}", hint=SHARED)
    with _ONE:
        function, arguments, named = pickle.loads(asked)  # noqa: S301  # sent by the scheduler, which may run anything here
        return pickle.dumps(function(*arguments, **named))


_ONE = Lock()
"""Threads of one process share compiled code, and the interpreter lock serialises them anyway."""


class _Cluster(Executor):
    def __init__(self, client: distributed.Client, shared: SharedFolder) -> None:
        self._client = client
        self._shared = shared
        self.lost = False
        """Whether no worker was left."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        if self.lost:
            raise BrokenExecutor
        key = f"{getattr(function, 'func', function).__name__}-{uuid4()}"
        try:
            # Sent as bytes: Dask would search every argument for futures.
            asked = self._client.submit(
                call_on_worker, _stamp(), self._shared, pickle.dumps((function, arguments, named)), key=key
            )
        except (OSError, RuntimeError) as error:
            raise BrokenExecutor from error
        return _RemoteFuture(self, asked)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: unfinished tasks end with the client, which its creator closes."""

    def look(self) -> None:
        """Record whether a worker is left."""
        try:
            self.lost = not self._client.nthreads()
        except (OSError, RuntimeError, TimeoutError):
            self.lost = True


class _RemoteFuture(Future[Any]):
    """Return the task's value; raise BrokenExecutor if no worker can produce it."""

    def __init__(self, cluster: _Cluster, asked: distributed.Future) -> None:
        super().__init__()
        self._cluster = cluster
        self._asked = asked

    def result(self, timeout: float | None = None) -> Any:
        from distributed.scheduler import KilledWorker

        # A value stays with its worker until it is fetched; an exception arrives by itself.
        while not self._cluster.lost or self._asked.status == "error":
            try:
                return pickle.loads(self._asked.result(timeout or SILENCE))  # noqa: S301  # our own
            except (KilledWorker, CancelledError) as error:
                raise BrokenExecutor from error
            except TimeoutError:
                if timeout is not None or self._asked.status == "error":
                    raise
                self._cluster.look()
        raise BrokenExecutor
