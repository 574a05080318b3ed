"""Map pure functions over tasks: in this process, in a pool of processes, or on a cluster; results keep the tasks' order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from time import thread_time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from rostra.errors import RostraError
from rostra.system.attempts import Value
from rostra.system.processes import processes, warm_up

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

PATIENCE = 0.5
"""Seconds of CPU time that a stage spends in this process before the pool starts; starting takes about as long."""
AHEAD, MOST = 4, 64
"""How many tasks may wait for each worker: of any size, and of small tasks."""
SMALL = 8 << 20
"""The most bytes of the waiting small tasks together."""
PLENTY = 2 << 20
"""With this many bytes of dumps, the main process reads none itself."""
ENOUGH = 500_000
"""How many bytes of dumps take longer to read than the pool takes to start."""
HUGE = 24 << 20
"""A task of this many bytes is done in this process: a worker would hold its arguments and its value several times."""
LOST = 3
"""How many times a new pool starts after the system has killed a worker."""

Of = TypeVar("Of")


class Job(NamedTuple, Generic[Of]):
    """A task of about ``size`` bytes: the ``arguments`` of a function, and the caller's key for its value."""

    of: Of
    size: int
    arguments: tuple[Any, ...]


class Workers:
    """A number of workers, used as a context manager; with fewer than two, all work is done in this process.

    The pool starts once there is enough work, so a small build starts no process.  ``start`` makes the executor for a
    number of workers.
    """

    def __init__(
        self, number: int = 1, *, patience: float = PATIENCE, start: Callable[[int], Executor] | None = None
    ) -> None:
        self._number = number
        self._patience = self._left = patience
        """Seconds of CPU time that a stage may spend in this process, and how many of them are left."""
        self._start = start or processes
        self._executor: Executor | None = None
        self._lost = 0
        self._maps = 0
        """The unfinished maps: one may yield the jobs of another."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dismiss()

    def expect(self, sizes: Iterable[int]) -> None:
        """Prepare for dumps of these bytes: the pool gets ready meanwhile if they are enough.

        If they are plenty, the pool does all of the work.
        """
        total = sum(sizes) if self._number > 1 else 0
        if total > ENOUGH and self._start is processes:
            warm_up()
        if total > PLENTY:
            self._patience = 0

    @property
    def are_several(self) -> bool:
        """Whether other processes may do the work."""
        return self._number > 1

    def map(self, function: Callable[..., Value], jobs: Iterable[Job[Of] | None]) -> Iterator[tuple[Of, Value]]:
        """Yield the values of a function in the order of its jobs, each with the caller's key.

        Jobs are requested ahead of the values.  None instead of a job is a barrier: all values before it are yielded
        before the next job is requested.  If a worker is lost, its jobs are done again.  Exceptions of the function are
        raised here.
        """
        if self._executor is None and not self._maps:
            self._left = self._patience
        self._maps += 1
        try:
            yield from self._mapped(function, jobs)
        finally:
            self._maps -= 1

    def _mapped(self, function: Callable[..., Value], jobs: Iterable[Job[Of] | None]) -> Iterator[tuple[Of, Value]]:
        ahead, waiting = deque[_SentJob](), 0
        for job in jobs:
            if job is None or huge(job.size) or self._does_here():
                while ahead:
                    yield self._next(ahead)
                waiting = 0
                if job:
                    yield job.of, self._done(function, job)
                continue
            ahead.append(self._sent(function, job))
            waiting += job.size
            while self._are_too_many(len(ahead), waiting):
                waiting -= ahead[0].job.size
                yield self._next(ahead)
        while ahead:
            yield self._next(ahead)

    def dismiss(self) -> None:
        """End the pool, so that its memory is free; it starts again when there is work."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _does_here(self) -> bool:
        return self._number < 2 or self._lost >= LOST or self._left > 0

    def _done(self, function: Callable[..., Value], job: Job[Any]) -> Value:
        begun = thread_time()
        value = function(*job.arguments)
        self._left -= thread_time() - begun
        if huge(job.size):
            give_back()
        return value

    def _are_too_many(self, jobs: int, size: int) -> bool:
        each = jobs / self._number
        return each > AHEAD and (each > MOST or size > SMALL)

    def _sent(self, function: Callable[..., Any], job: Job[Any]) -> _SentJob:
        from concurrent.futures import BrokenExecutor, Future

        # A pool that was needed before is started again at once.
        self._patience = self._left = 0
        self._executor = executor = self._executor or self._start(self._number)
        try:
            future = executor.submit(function, *job.arguments)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        return _SentJob(job, function, executor, future)

    def _next(self, ahead: deque[_SentJob]) -> tuple[Any, Any]:
        """Wait for the first value; do the job here if no worker can bring it."""
        from concurrent.futures import BrokenExecutor

        job, function, executor, future = ahead.popleft()
        try:
            return job.of, future.result()
        except BrokenExecutor:
            # The system has killed a worker, and the pool has ended.
            if executor is self._executor:
                self._executor = None
                self._lost += 1
                executor.shutdown(wait=False)
            for n, each in enumerate(ahead) if self._lost < LOST else ():
                if each.executor is executor and not (each.future.done() and not each.future.exception()):
                    ahead[n] = self._sent(each.function, each.job)
        except RostraError:
            raise
        except Exception:  # noqa: BLE001, S110  # raised again below, if the function raises it
            # The value could not be sent.
            pass
        return job.of, function(*job.arguments)


class _SentJob(NamedTuple):
    job: Job[Any]
    function: Callable[..., Any]
    executor: Executor
    future: Future[Any]


def huge(size: int) -> bool:
    """Whether a task of this size in bytes is done in the main process."""
    return size > HUGE


def give_back() -> None:
    """Return unused memory to the system: glibc's allocator keeps everything below something that is still used."""
    import ctypes

    # Elsewhere the library has no such function, or cannot be opened without its name.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
