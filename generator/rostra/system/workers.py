"""Work that other processes do: values of pure functions, told in the order in which they were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, Self, TypeVar

from rostra.errors import RostraError
from rostra.system.attempts import Failed, attempt
from rostra.system.processes import processes, warm_up

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

PATIENCE = 0.5
"""Seconds of work done here before others are called: about what it takes until they are ready."""
AHEAD, MOST = 4, 64
"""Things that each worker may have waiting, whatever their size, and where they are small."""
SMALL = 8 << 20
"""Bytes that such have together at most: a worker that is long at one thing leaves the others so much to go on with."""
PLENTY = 8 << 20
"""Bytes of dumps of which the main process reads none itself."""
ENOUGH = 500_000
"""Bytes of dumps that take longer to read than others take to be ready."""
HUGE = 24 << 20
"""Bytes of an edition that is not handed to others: it would be held several times on its way, and all that is made of it."""
LOST = 3
"""Times that others are called anew, since the system took one of them away."""

Value = TypeVar("Value")
Parameters = ParamSpec("Parameters")


class Workers:
    """So many workers, used as a context; a number below two means that all is done here.

    They are called once there is so much to do that it pays, so a small build starts no process.
    ``start`` makes the executor for a number of them.
    """

    def __init__(
        self, number: int = 1, *, patience: float = PATIENCE, start: Callable[[int], Executor] | None = None
    ) -> None:
        self._number = number
        self._patience = self._patient = patience
        self._start = start or processes
        self._executor: Executor | None = None
        self._lost = 0
        self._asked = deque[_Asked]()
        self._waiting = 0
        """Bytes of what is asked for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asked.clear()
        self._waiting = 0
        self.dismiss()

    def expect(self, sizes: Iterable[int]) -> None:
        """Be told how many bytes each dump has that is to be read: others get ready meanwhile if those are enough.

        If those are plenty, others do all of it.
        """
        total = sum(sizes) if self._number > 1 else 0
        if total > ENOUGH and self._start is processes:
            warm_up()
        if total > PLENTY:
            self._patience = 0

    def ask(
        self,
        size: int,
        then: Callable[[Value], object],
        function: Callable[Parameters, Value],
        *arguments: Parameters.args,
        **named: Parameters.kwargs,
    ) -> None:
        """Have a value made and ``then`` be told it: now, or at the latest by ``finish``, after those asked for before.

        ``size`` is about how many bytes it takes. What is huge is made here, once nobody is waited for.
        What the function raises is raised where its value would be told.
        """
        work = partial(function, *arguments, **named)
        if huge(size):
            self.finish()
            then(work())
            give_back()
            return
        if self._does_here():
            value = self._timed(work)
            self.finish()
            then(value)
            return
        self._asked.append(self._sent(size, work, then))
        self._waiting += size
        while self._are_too_many():
            self._tell()

    def map(
        self, function: Callable[Parameters, Value], tasks: Iterable[tuple[int, tuple[Any, ...]]]
    ) -> Iterator[Value]:
        """Yield the values of a function for tasks, in their order; each is given by its bytes and its arguments.

        Workers are a few tasks ahead of what is yielded.  If one is lost, its task is done here.
        """
        ahead = deque[_Asked]()
        for size, arguments in tasks:
            work = partial(function, *arguments)
            if huge(size) or self._does_here():
                while ahead:
                    yield self._value(ahead.popleft())
                yield self._timed(work)
                continue
            ahead.append(self._sent(size, work, lambda _: None))
            while len(ahead) > AHEAD * self._number:
                yield self._value(ahead.popleft())
        while ahead:
            yield self._value(ahead.popleft())

    @property
    def are_several(self) -> bool:
        """Whether other processes may do the work."""
        return self._number > 1

    def _does_here(self) -> bool:
        return self._number < 2 or self._lost >= LOST or self._patience > 0

    def _timed(self, work: Callable[[], Value]) -> Value:
        begun = perf_counter()
        value = work()
        self._patience -= perf_counter() - begun
        return value

    def attempt(
        self,
        size: int,
        then: Callable[[Value], object],
        failed: Callable[[RostraError], object],
        doing: str,
        function: Callable[Parameters, Value],
        *arguments: Parameters.args,
        **named: Parameters.kwargs,
    ) -> None:
        """As ``ask``; but where the function raises, ``failed`` is told how ``doing`` that failed, instead of ``then``.

        What is raised while work goes to a worker or comes back is no failure of the function, and ends the build.
        """

        def told(value: Value | Failed) -> None:
            if isinstance(value, Failed):
                failed(value.error)
            else:
                then(value)

        self.ask(size, told, attempt, doing, function, *arguments, **named)

    def _sent(self, size: int, work: partial[Any], then: Callable[[Any], object]) -> _Asked:
        from concurrent.futures import BrokenExecutor, Future

        self._executor = executor = self._executor or self._start(self._number)
        try:
            future = executor.submit(work.func, *work.args, **work.keywords)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        return _Asked(size, executor, future, work, then)

    def after(self, then: Callable[[], object]) -> None:
        """Have ``then`` called once all is told that was asked for before."""
        if not self._asked:
            then()
            return
        from concurrent.futures import Future

        future: Future[None] = Future()
        future.set_result(None)
        self._asked.append(_Asked(0, None, future, partial(then), lambda _: then()))

    def _are_too_many(self) -> bool:
        each = len(self._asked) / self._number
        return each > AHEAD and (each > MOST or self._waiting > SMALL)

    def finish(self) -> None:
        """Wait for all that was asked for."""
        while self._asked:
            self._tell()

    def dismiss(self) -> None:
        """Wait for all that was asked for, and let others go, so that their memory is free; they are called again if need be."""
        self.finish()
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None
        else:
            # What one part of a build took says nothing of the next.
            self._patience = self._patient

    def _tell(self) -> None:
        asked = self._asked.popleft()
        self._waiting -= asked.size
        asked.then(self._value(asked))

    def _value(self, asked: _Asked) -> Any:
        """Wait for a value; what no worker can bring is made here."""
        from concurrent.futures import BrokenExecutor

        _, executor, future, work, _ = asked
        try:
            return future.result()
        except BrokenExecutor:
            # The system took a worker away, and the others stop: what is to be told is done here, and new ones are
            # called, who are asked for the rest.
            if executor and executor is self._executor:
                self._executor = None
                self._lost += 1
                executor.shutdown(wait=False)
                if self._lost < LOST:
                    self._asked = deque(map(self._sent_again, self._asked))
            return work()
        except RostraError:
            raise
        except Exception:  # noqa: BLE001  # raised again here, where it was the work itself
            # What a worker made could not be brought here.
            return work()

    def _sent_again(self, asked: _Asked) -> _Asked:
        """What was asked for, of others where it is neither done nor to be done here."""
        future = asked.future
        done = future.done() and not future.exception()
        return asked if done else self._sent(asked.size, asked.work, asked.then)


class _Asked(NamedTuple):
    size: int
    executor: Executor | None
    future: Future[Any]
    work: partial[Any]
    then: Callable[[Any], object]


def huge(size: int) -> bool:
    """Whether so many bytes are too many to be handed to others."""
    return size > HUGE


def give_back() -> None:
    """Have the allocator return what it holds but does not need: glibc keeps all that lies below something still used."""
    import ctypes

    # Elsewhere the library has no such function, or there is none to be asked without its name.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
