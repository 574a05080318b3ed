"""Workers of a Dask cluster instead of processes on this machine: other machines that do the same work.

Workers read and write the site's cache and stage its files themselves, so the site's folder is on storage that every
machine reaches at the same path.  Tasks carry paths and keys; workers keep no state.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from rostra import PACKAGE, __version__
from rostra.errors import RostraError, UsageError
from rostra.media.prepare import version as encoders
from rostra.output.journal import STAGING
from rostra.render.templates import built_in
from rostra.store.partitions import FOLDER as PARTITIONS
from rostra.system.shared_storage import FILES, SharedStorage, use
from rostra.system.workers import Workers

if TYPE_CHECKING:
    import distributed

    from rostra.config.site import Site

ADDRESS = re.compile(r"((tcp|tls|ucx|wss?)://)?[^/\s]+:\d+")
ANSWER = 5.0
"""How many seconds to wait for a scheduler to answer."""
SILENCE = 20.0
"""How many seconds without a result pass before the scheduler is asked whether it has workers left."""

OTHERS = "install the same Python and the same packages on every machine (pip install 'rostra[cluster]'), then restart the workers"

TASKS, VALUE = "tasks", "-value"
"""The folder of tasks, and the end of the name of a task's value."""
PASSING = (STAGING, "media-made")
"""Folders of the cache that a build empties."""

SHARED = "put the site on storage that every machine reaches at the same path"


@contextmanager
def cluster(address: str, site: Site, work: str = "") -> Iterator[Workers]:
    """Connect to the workers of the cluster whose scheduler has this address.

    They share the site's folder, or the storage at the address ``work``, such as ``s3://bucket/prefix``.

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
        shared = _marked(site, work)
        for worker, seen in client.run(_reaches, shared).items():
            if not seen:
                raise UsageError(f"the worker {worker} does not reach {work or site.cache}", hint=SHARED)
        with _shared(shared.storage, site), Workers(max(2, threads), patience=0, start=lambda _: executor) as workers:
            # With fewer than two workers, all work would run on this machine.
            executor = _Cluster(client, shared)
            yield workers


class SharedPlace(NamedTuple):
    """Where workers share files, and the content of a file there by which they recognise it."""

    storage: SharedStorage
    mark: str


def _marked(site: Site, work: str) -> SharedPlace:
    # Links stay, as workers may lack their targets.
    root, kept = os.path.abspath(site.root), os.path.abspath(site.cache)  # noqa: PTH100
    shared = SharedPlace(SharedStorage(root, kept, work), uuid4().hex)
    shared.storage.put("cluster", shared.mark.encode())
    return shared


@contextmanager
def _shared(storage: SharedStorage, site: Site) -> Iterator[None]:
    """Share the files of this process during a build; at its end only partitions stay."""
    storage.synchronise(os.path.abspath(site.cache / PARTITIONS))  # noqa: PTH100  # as above
    use(storage)
    try:
        yield
    finally:
        use(None)
        within = storage.kept.removeprefix(f"{storage.root}/")
        for folder in (TASKS, FILES, *(f"{within}/{name}" for name in PASSING)) if storage.address else (TASKS,):
            storage.delete(folder)


@cache
def _reaches(shared: SharedPlace) -> bool:
    """Whether this worker reaches the files that are shared."""
    try:
        return shared.storage.get("cluster") == shared.mark.encode()
    except Exception:  # noqa: BLE001  # storage clients have no common base class of errors
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


def call_on_worker(stamp: str, shared: SharedPlace, task: str) -> None:
    """Run a task on a worker, and leave its value beside it; raise UsageError if the worker joined late and does not fit."""
    if stamp != _stamp():
        raise UsageError(
            "a worker that joined the cluster during the build has another version of Rostra or Python", hint=OTHERS
        )
    if not _reaches(shared):
        raise UsageError("a worker that joined the cluster during the build does not reach its files", hint=SHARED)
    with _ONE:
        storage = shared.storage.at_worker()
        use(storage, is_worker=True)
        function, arguments, named = storage.unpacked(storage.get(task))
        value = error = None
        try:
            value = function(*arguments, **named)
        except RostraError as raised:
            error = raised
        storage.put(f"{task}{VALUE}", storage.packed((value, error)))


_ONE = Lock()
"""Threads of one process share compiled code, and the interpreter lock serialises them anyway."""


class _Cluster(Executor):
    def __init__(self, client: distributed.Client, shared: SharedPlace) -> None:
        self._client = client
        self._shared = shared
        self.lost = False
        """Whether no worker was left."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        if self.lost:
            raise BrokenExecutor
        task, storage = f"{TASKS}/{uuid4()}", self._shared.storage
        storage.put(task, storage.packed((function, arguments, named)))
        try:
            asked = self._client.submit(call_on_worker, _stamp(), self._shared, task, key=task)
        except (OSError, RuntimeError) as error:
            raise BrokenExecutor from error
        return _RemoteFuture(self, asked, task, storage)

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

    def __init__(self, cluster: _Cluster, asked: distributed.Future, task: str, storage: SharedStorage) -> None:
        super().__init__()
        self._cluster, self._asked = cluster, asked
        self._task, self._storage = task, storage

    def result(self, timeout: float | None = None) -> Any:
        from distributed.scheduler import KilledWorker

        while not self._cluster.lost or self._asked.status == "error":
            try:
                self._asked.result(timeout or SILENCE)
                return self._value()
            except (KilledWorker, CancelledError) as error:
                raise BrokenExecutor from error
            except TimeoutError:
                if timeout is not None or self._asked.status == "error":
                    raise
                self._cluster.look()
        raise BrokenExecutor

    def _value(self) -> Any:
        """Return what the worker left, or raise the error that the function raised."""
        name = f"{self._task}{VALUE}"
        value, error = self._storage.unpacked(self._storage.get(name))
        self._storage.delete(self._task)
        self._storage.delete(name)
        if error:
            raise error
        return value
