"""The build lock: one build at a time works in a folder. The lock ends with the process that holds it."""

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
"""How many seconds to wait for another build."""

_held: set[IO[bytes]] = set()
"""The files that this process has locked."""


@contextmanager
def alone(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the exclusive build lock of a folder, which is created; wait up to ``patience`` seconds for another build.

    The lock ends with this process, however it ends: a forked process gives up its share at once, and other programs
    do not inherit it.

    Raises UsageError if the other build continues, or if the folder cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / "at-work").open("ab")
    except OSError as error:
        raise UsageError(
            str(error),
            hint=f"builds keep their cache in {folder}: it must be a writable folder",
        ) from error
    with mark:
        until = time.monotonic() + patience
        while not _locked(mark):
            if time.monotonic() > until:
                raise UsageError(
                    f"another build is running in {folder}",
                    hint="wait until it ends; builds also wait while a site is being published",
                )
            time.sleep(0.02)
        _held.add(mark)
        try:
            yield
        finally:
            _held.discard(mark)


def _locked(file: IO[bytes]) -> bool:
    """Lock a file until it is closed or the process ends, however it ends; False if another process holds the lock."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A file system without locks raises another error; there is nothing to wait for.
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


def _give_up() -> None:
    """Close the locked files in a forked process: ``flock`` lasts until every copy of the file is closed."""
    for file in _held:
        file.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_give_up)
