"""Tasks that are too small to be sent one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from rostra.errors import RostraError
from rostra.system.attempts import Failed
from rostra.system.workers import Workers

BATCH = 512 << 10
"""From how many bytes on tasks are sent."""

Batched = TypeVar("Batched")
Value = TypeVar("Value")


class _Waiting(NamedTuple):
    work: Any
    then: Callable[[Any], object]
    failed: Callable[[RostraError], object]


class Batches(Generic[Batched, Value]):
    """Sends tasks to ``workers`` together: ``function(*common, tasks)`` returns a value or a failure for each, in order."""

    def __init__(self, workers: Workers, function: Callable[..., Sequence[Value | Failed]], *common: object) -> None:
        self._workers, self._function, self._common = workers, function, common
        self._waiting = list[_Waiting]()
        self._size = 0

    def add(
        self, size: int, work: Batched, then: Callable[[Value], object], failed: Callable[[RostraError], object]
    ) -> None:
        """Have a task done, of about this many bytes, and ``then`` called with its value or ``failed`` with its failure."""
        if self._size + size > BATCH:
            self.flush()
        self._waiting.append(_Waiting(work, then, failed))
        self._size += size

    def flush(self) -> None:
        """Send the tasks that wait."""
        waiting, size = self._waiting, self._size
        self._waiting, self._size = [], 0

        def told(values: Sequence[Value | Failed]) -> None:
            for each, value in zip(waiting, values, strict=True):
                if isinstance(value, Failed):
                    each.failed(value.error)
                else:
                    each.then(value)

        if waiting:
            self._workers.ask(size, told, self._function, *self._common, [each.work for each in waiting])

    def finish(self) -> None:
        """Send the tasks that wait, and wait for all."""
        self.flush()
        self._workers.finish()
