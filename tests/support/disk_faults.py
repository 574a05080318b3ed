"""A process that dies, or fails, before any step that it takes on a disk.

A step is a call into the system that may change a disk: each is counted by the interpreter's own profiler, so nothing
of the program is replaced, and what dies is a real process, by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STEPS = frozenset({"__exit__", "close", "copy_file_range", "flush", "fsync", "mkdir", "open", "pwrite", "remove", "rename", "replace", "rmdir", "sendfile", "truncate", "unlink", "utime", "write", "writelines"})  # fmt: skip


def is_step(function: Any) -> bool:
    """Whether a built-in function or method is called for what it does to a disk."""
    if type(getattr(function, "__self__", None)).__module__ == "sqlite3":
        return bool(function.__name__ == "execute")
    home = getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__
    return function.__name__ in STEPS and home in ("posix", "io", "_io")


@contextmanager
def interrupted(number: int, act: Callable[[], object], begin: str = "") -> Iterator[list[str]]:
    """Have something done before the ``number``-th step, counted from 0 and from the first call of a function of ours.

    Gives the names of all steps that were taken, as they are taken.
    """
    taken: list[str] = []
    begun = not begin

    def look(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal begun
        if event == "call" and not begun:
            begun = frame.f_code.co_qualname == begin
        elif event == "c_call" and begun and is_step(argument):
            taken.append(argument.__name__)
            if len(taken) == number + 1:
                sys.setprofile(None)
                act()

    sys.setprofile(look)
    try:
        yield taken
    finally:
        sys.setprofile(None)


def dies(number: int, begin: str, work: Callable[..., object], *arguments: Any) -> bool:
    """Do something in a copy of this process, which has no threads and dies before that step; whether it got so far."""
    if not (copy := os.fork()):
        with interrupted(number, lambda: os.kill(os.getpid(), signal.SIGKILL), begin):
            work(*arguments)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(copy, 0)[1])
