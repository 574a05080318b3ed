"""A Dask cluster in place of processes on this machine: other machines that do the same work.

All that a worker needs goes with what it is asked; it has nothing of the site, and keeps nothing.
"""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rostra import __version__
from rostra.errors import UsageError
from rostra.render.templates import built_in
from rostra.system.workers import Workers

if TYPE_CHECKING:
    import distributed

ADDRESS = re.compile(r"((tcp|tls|ucx|wss?)://)?[^/\s]+:\d+")
ANSWER = 5.0
"""Seconds in which a scheduler answers, if there is one."""
SILENCE = 20.0
"""Seconds after which, if nothing came back, it is asked whether there is a worker left."""

OTHERS = "install on every machine what is installed here: the same Python, then pip install 'rostra[cluster]'; and start the workers again"


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of the cluster whose scheduler has this address.

    Raises UsageError where there is none, where it has no workers, or where they would not make the same bytes.
    What a worker was at when it was taken away, others do again; where none is left, it is done here.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError("a cluster is reached through Dask", hint="pip install 'rostra[cluster]'") from error
    if not ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address!r} is no scheduler's address", hint="write it as `dask scheduler` says it: tcp://HOST:8786"
        )
    try:
        client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"no scheduler answers at {address}",
            hint="`dask scheduler` starts one, and says its address; `dask worker ADDRESS` gives it workers",
        ) from error
    with client:
        if not (threads := sum(client.nthreads().values())):
            raise UsageError(f"the cluster at {address} has no workers", hint=f"`dask worker {address}` starts one")
        for worker, theirs in client.run(facts, on_error="return").items():
            _refuse_other(worker, theirs)
        executor = _Cluster(client)
        # Fewer than two would mean that all is done here.
        with Workers(max(2, threads), patience=0, start=lambda _: executor) as workers:
            yield workers


@cache
def facts() -> dict[str, str]:
    """What must be the same everywhere, so that the same bytes come of it: programs and their versions, as they were first asked for."""
    package, total = Path(__file__).parent, sha256()
    # In a wheel the layouts lie within the package, in a checkout beside it.
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
        if "extra ==" not in requirement or name.startswith("pagefind"):
            found[name] = _version(name)
    return found | {"zlib in pillow": _zlib()}


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
            raise UsageError(f"the worker {worker} has {what} {theirs.get(what)}, and here is {mine}", hint=OTHERS)


def call_on_worker(stamp: str, asked: bytes) -> bytes:
    """A function's value, made by a worker; raises UsageError where that one joined late, and is another."""
    if stamp != _stamp():
        raise UsageError(
            "a worker that joined the cluster meanwhile has another Rostra, or another Python", hint=OTHERS
        )
    with _ONE:
        function, arguments, named = pickle.loads(asked)  # noqa: S301  # of whoever may have this machine do anything
        return pickle.dumps(function(*arguments, **named))


_ONE = Lock()
"""Threads of one process share what it has compiled, and take turns anyway."""


class _Cluster(Executor):
    def __init__(self, client: distributed.Client) -> None:
        self._client = client
        self.lost = False
        """Whether it had no worker left."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        if self.lost:
            raise BrokenExecutor
        key = f"{function.__name__}-{uuid4()}"
        try:
            # As bytes: Dask would look into every argument for what it might wait for.
            asked = self._client.submit(call_on_worker, _stamp(), pickle.dumps((function, arguments, named)), key=key)
        except (OSError, RuntimeError) as error:
            raise BrokenExecutor from error
        return _Answer(self, asked)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """What was asked and not told goes with the client, which whoever made it closes."""

    def look(self) -> None:
        """Note whether there is a worker left."""
        try:
            self.lost = not self._client.nthreads()
        except (OSError, RuntimeError, TimeoutError):
            self.lost = True


class _Answer(Future[Any]):
    """What comes back; raises BrokenExecutor where nothing can."""

    def __init__(self, cluster: _Cluster, asked: distributed.Future) -> None:
        super().__init__()
        self._cluster = cluster
        self._asked = asked

    def result(self, timeout: float | None = None) -> Any:
        from distributed.scheduler import KilledWorker

        # What was made lies with a worker until it is had; what was raised came by itself.
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
