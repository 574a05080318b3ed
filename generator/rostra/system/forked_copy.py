"""Fork this process, so that a copy computes something while this one does something else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO

LENGTH = 8
"""How many bytes give the length of each piece that the copy sends."""


@contextmanager
def aside(function: Callable[[], Iterable[bytes]]) -> Iterator[Iterator[bytes]]:
    """Run a function in a fork of this process, and yield its pieces here as they are requested.

    Nothing is yielded if there is only one processor, or if forking is impossible or unsafe, because this process has
    threads; nothing more, if the copy is lost.  The copy ends with this process, in whatever way that ends.
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
            # A process that holds the read end of its own pipe never notices that nobody reads it.
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
    """End this process once the other end of a pipe is closed, which only the original process has open."""
    os.read(watched, 1)
    os._exit(1)


def _pieces(read: IO[bytes]) -> Iterator[bytes]:
    while len(length := read.read(LENGTH)) == LENGTH:
        size = int.from_bytes(length)
        if len(piece := read.read(size)) < size:
            return
        yield piece


def available() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
