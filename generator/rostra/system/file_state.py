"""Snapshots of files: stat data that tell, without opening a file, whether it changed."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import Self

FINE, COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds within which two changes of a file may give the same stat data: with and without fractions of a second."""

PACKED = Struct("<qqqQ")
"""A file's times, size and inode, packed: an archive of a million posts has half a million files."""
CHANGED = Struct("<qq").unpack_from
"""The times: of the last write (mtime) and of the last change of its inode (ctime)."""


class Look:
    """A snapshot of files and folders, by path: size, times in nanoseconds and inode.

    ``newest`` is the time of the latest change.  Missing files are not in it.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        found = {path: _described(path) for path in paths}
        self._found = {path: about for path, about in found.items() if about}
        # It vanished after its folder was listed, so nothing noted about it can be trusted.
        lost = len(self._found) < len(found)
        self.newest = sys.maxsize if lost else max(map(max, map(CHANGED, self._found.values())), default=0)

    @cached_property
    def _sum(self) -> int:
        # A sum needs no order and can be updated by the files that change; nobody chooses times and inodes to deceive it.
        return sum(map(_number, self._found.items()))

    def packed(self) -> bytes:
        """Return the snapshot as bytes for another process of this program."""
        return marshal.dumps((self.newest, self._sum, self._found))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Return the snapshot that another process took."""
        look = cls(())
        look.newest, look._sum, look._found = marshal.loads(packed)  # noqa: S302  # from ourselves
        return look

    @property
    def digest(self) -> str:
        """Return a digest that changes when any of the files does."""
        return f"{self._sum:x}"

    def digest_after(self, paths: Iterable[str]) -> str:
        """Return the digest with another snapshot of some of the files, which may have come or gone; each is named once."""
        total = self._sum
        for path in paths:
            if before := self._found.get(path):
                total -= _number((path, before))
            if about := _described(path):
                total += _number((path, about))
        return f"{total:x}"

    def __contains__(self, path: str) -> bool:
        """Whether a file or folder exists."""
        return path in self._found

    def agrees(self, other: Self, path: str) -> bool:
        """Whether another snapshot has the same stat data of a file, or also lacks it."""
        return self._found.get(path) == other._found.get(path)

    def holds(self, path: str) -> bool:
        """Whether a file still exists with the same stat data."""
        return self._found.get(path, b"") == _described(path)

    def times(self, path: str) -> tuple[int, int]:
        """Return a file's mtime and ctime in nanoseconds; zeros if it does not exist."""
        written, changed = CHANGED(self._found[path]) if path in self else (0, 0)
        return written, changed

    def settled(self, read: int) -> bool:
        """Whether a file that was read from ``read`` (nanoseconds) on has not changed since.

        A file saved just before may have been saved again without a visible difference.
        """
        return self.newest < read - (FINE if self.newest % 10**9 else COARSE)


def _described(path: str) -> bytes | None:
    try:
        of = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
    except OSError:
        return None
    return PACKED.pack(of.st_mtime_ns, of.st_ctime_ns, of.st_size, of.st_ino)


def _number(described: tuple[str, bytes]) -> int:
    path, about = described
    # This digest is the fastest for short texts; a file name may be invalid in the file system's encoding.
    return int.from_bytes(blake2b(path.encode("utf-8", "surrogatepass") + about).digest())


def file_stamp(path: Path) -> str | None:
    """Return what changes whenever a file does; None if there is no such file."""
    try:
        about = os.stat(path)  # noqa: PTH116  # as above
    except OSError:
        return None
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"


def disk_clock(folder: Path) -> int:
    """Return the current time in nanoseconds, by the clock of the file system that a folder is on."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "moment"
    discard(mark)
    mark.write_bytes(b"")
    return mark.stat().st_mtime_ns


def discard(path: Path) -> None:
    """Remove a file, or a folder with its content; do nothing if neither exists."""
    if path.is_dir() and not path.is_symlink():
        from shutil import rmtree

        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether a path is a folder or a link to one; a link that leads to itself is not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def below(folder: str) -> Iterator[str]:
    """Yield a folder and everything below it except hidden folders; each link is followed once."""
    stack, seen = [folder], set[tuple[int, int]]()
    while stack:
        path = stack.pop()
        try:
            here = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
            entries = list(os.scandir(path))
        except OSError:
            continue
        if (here.st_dev, here.st_ino) in seen:
            continue
        seen.add((here.st_dev, here.st_ino))
        yield path
        for entry in entries:
            if not is_folder(entry):
                yield entry.path
            elif not entry.name.startswith((".", "__pycache__")):
                stack.append(entry.path)
