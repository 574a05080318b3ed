"""Map a function over pieces of work that are too small to be sent one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple

from rostra.system.attempts import Failed, Value
from rostra.system.workers import Job, Of, Workers

BATCH = 512 << 10
"""The most bytes of a batch of several pieces."""


class Work(NamedTuple, Generic[Of]):
    """A piece of work of about ``size`` bytes: the ``argument`` of a function, and the caller's key for its value."""

    of: Of
    size: int
    argument: Any


def in_batches(
    workers: Workers, function: Callable[..., Sequence[Value | Failed]], common: tuple[Any, ...],
    works: Iterable[Work[Of] | None],
) -> Iterator[tuple[Of, Value | Failed]]:  # fmt: skip
    """Yield what ``function(*common, arguments)`` returns for each piece: a value, or a failure.

    They have the order of the pieces; None is a barrier, as in ``Workers.map``.
    """
    for batch, values in workers.map(partial(function, *common), batches(works)):
        yield from zip(batch, values, strict=True)


def batches(works: Iterable[Work[Of] | None]) -> Iterator[Job[list[Of]] | None]:
    """Yield jobs of several pieces, with the list of their arguments."""
    batch, size = list[Work[Of]](), 0
    for work in works:
        if batch and (work is None or size + work.size > BATCH):
            yield _job(batch, size)
            batch, size = [], 0
        if work is None:
            yield None
        else:
            batch.append(work)
            size += work.size
    if batch:
        yield _job(batch, size)


def _job(batch: Sequence[Work[Of]], size: int) -> Job[list[Of]]:
    return Job([each.of for each in batch], size, ([each.argument for each in batch],))
