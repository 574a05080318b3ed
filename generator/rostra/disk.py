"""What the disk says of files, without opening them: whether they are as they were."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

FINE, COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds within which a file may change twice and be described alike: where the disk keeps fractions of a second, and where it does not."""


class Described(NamedTuple):
    """Files as the disk describes them: a digest of it, and when the latest of them was changed, in nanoseconds."""

    digest: str
    newest: int

    def settled(self, read: int) -> bool:
        """Whether what is described was read as it is now, if reading began at ``read``, in nanoseconds.

        What was saved a moment before may have been saved again unseen.
        """
        return self.newest < read - (FINE if self.newest % 10**9 else COARSE)


def describe(paths: Iterable[str]) -> Described:
    """Files and folders by size, times and place on disk, whatever their order."""
    total, newest = sha256(), 0
    for path in sorted(paths):
        try:
            of = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
        except OSError:
            # It was there when its folder was read: whatever is noted of it now is not to be relied on.
            newest = sys.maxsize
            continue
        newest = max(newest, of.st_mtime_ns, of.st_ctime_ns)
        total.update(
            f"{path}\0{of.st_size} {of.st_mtime_ns} {of.st_ctime_ns} {of.st_ino}\n".encode("utf-8", "surrogateescape")
        )
    return Described(total.hexdigest(), newest)


def moment(folder: Path) -> int:
    """Now, in nanoseconds, by the clock of the disk that a folder is on."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "moment"
    mark.write_bytes(b"")
    return mark.stat().st_mtime_ns
