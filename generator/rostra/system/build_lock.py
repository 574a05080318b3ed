"""The build lock: one build at a time works in a folder, and the lock ends with the process that holds it."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rostra.errors import UsageError

PATIENCE = 10.0
"""Seconds to wait for another build."""

_held: set[IO[bytes]] = set()
"""Files that this process has locked."""


@contextmanager
def alone(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the exclusive build lock of a folder, which is made; another build is waited for, ``patience`` seconds.

    The lock ends with this process, however it ends: a copy of the process (``fork``) gives up its share at once, and
    other programs do not inherit it.

    Raises UsageError where the other build goes on, or where there can be no such folder.
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
                raise UsageError(
                    f"another build is at work in {folder}",
                    hint="wait until it is done; while a site is published, builds wait too",
                )
            time.sleep(0.02)
        _held.add(mark)
        try:
            yield
        finally:
            _held.discard(mark)


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


def _give_up() -> None:
    """Close the locked files in a copy of the process: ``flock`` lasts until every copy of the file is closed."""
    for file in _held:
        file.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_give_up)
