"""A copy of this process that finds something out while this one does something else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO

LENGTH = 8
"""Bytes that tell how long a piece is of what a copy of this process tells."""


@contextmanager
def aside(function: Callable[[], Iterable[bytes]]) -> Iterator[Iterator[bytes]]:
    """What a copy of this process makes of a function, piece by piece, while this one does something else until it asks for it.

    Nothing comes where there is one processor, or no way to copy a process as it is, or none that is safe: where this
    one has threads; and no more where the copy is lost.  The copy ends with this process, however that ends.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1 or available() < 2:
        yield iter(())
        return
    (asked, told), (watched, alive) = os.pipe(), os.pipe()
    try:
        copy = os.fork()
    except OSError:
        # There is no room for another process.
        for end in (asked, told, watched, alive):
            os.close(end)
        yield iter(())
        return
    if copy == 0:
        try:
            # Whoever holds the other end of its own pipe never learns that nobody reads it.
            os.close(asked)
            os.close(alive)
            threading.Thread(target=_end_with, args=(watched,), daemon=True).start()
            with os.fdopen(told, "wb") as out:
                for piece in function():
                    out.write(len(piece).to_bytes(LENGTH) + piece)
                    out.flush()
        finally:
            os._exit(0)
    os.close(told)
    os.close(watched)
    try:
        with os.fdopen(asked, "rb") as read:
            yield _pieces(read)
    finally:
        os.close(alive)
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)


def _end_with(watched: int) -> None:
    """End this process once the other end of a pipe is closed, which only the process that it is a copy of has."""
    os.read(watched, 1)
    os._exit(1)


def _pieces(read: IO[bytes]) -> Iterator[bytes]:
    while len(length := read.read(LENGTH)) == LENGTH:
        size = int.from_bytes(length)
        if len(piece := read.read(size)) < size:
            return
        yield piece


def available() -> int:
    """How many processors there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
