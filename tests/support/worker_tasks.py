"""What workers are asked for in tests: they import it by its name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from rostra.errors import UsageError


def doubled(number: int, pause: float = 0.0) -> int:
    time.sleep(pause)
    return 2 * number


def works(seconds: float) -> None:
    """Done after so much CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def called(function: Callable[..., int], *arguments: object) -> int:
    return function(*arguments)


def waits(number: int, mark: Path) -> int:
    """Done once there is a mark."""
    while not mark.exists():
        time.sleep(0.01)
    return number


def marks(number: int, mark: Path) -> int:
    """Done with a mark."""
    mark.touch()
    return number


def by(number: int) -> tuple[int, int]:
    """The number, and the process that was asked."""
    return number, os.getpid()


def killed(number: int, mark: Path, here: int) -> tuple[int, int]:
    """The first process that comes here is taken away."""
    if os.getpid() != here and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return by(number)


def fatal(number: int, here: int) -> int:
    """Every process but one is taken away."""
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def wrong(where: str) -> None:
    raise UsageError("wrong", path=where, line=7, hint="mend it")
