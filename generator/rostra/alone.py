"""One build at a time keeps what it keeps in a folder."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rostra.errors import UsageError

PATIENCE = 10.0
"""Seconds for which another build is waited for."""


@contextmanager
def alone(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only build that keeps what it keeps in a folder, which is made; another one is waited for, some seconds.

    Raises UsageError where that one goes on, or where there can be no such folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / "at-work").open("ab")
    except OSError as error:
        raise UsageError(
            str(error),
            hint=f"builds keep what the next one needs in {folder}: it must be a folder that can be written to",
        ) from error
    with mark:
        until = time.monotonic() + patience
        while not _locked(mark):
            if time.monotonic() > until:
                raise UsageError(f"another build is at work in {folder}", hint="wait until it is done")
            time.sleep(0.02)
        yield


def _locked(file: IO[bytes]) -> bool:
    """Whether a file is this process's alone from now on, until it is closed or the process ends, however it does."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A disk that knows no locks says so otherwise: there, nobody waits.
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True
