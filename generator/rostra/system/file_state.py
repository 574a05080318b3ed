"""What the disk says of files, without opening them: whether they are as they were."""

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
"""Nanoseconds within which a file may change twice and be described alike: where the disk keeps fractions of a second, and where it does not."""

PACKED = Struct("<qqqQ")
"""A file's times, size and place, in few bytes: an archive of a million posts has half a million files."""
CHANGED = Struct("<qq").unpack_from
"""The times: when it was last written, and when anything of it last changed."""


class Look:
    """Files and folders as the disk describes them at one time, by path: size, times in nanoseconds and place on disk.

    ``newest`` is when the latest of them was changed.  What is not there is not in it.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        found = {path: _described(path) for path in paths}
        self._found = {path: about for path, about in found.items() if about}
        # What was there when its folder was read, and is not now: whatever is noted of it is not to be relied on.
        lost = len(self._found) < len(found)
        self.newest = sys.maxsize if lost else max(map(max, map(CHANGED, self._found.values())), default=0)

    @cached_property
    def _sum(self) -> int:
        # It needs no order, and none of them but those that change; nobody chooses times and places to deceive it.
        return sum(map(_number, self._found.items()))

    def packed(self) -> bytes:
        """All of it, for another process of this program."""
        return marshal.dumps((self.newest, self._sum, self._found))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """A look that another process took."""
        look = cls(())
        look.newest, look.__dict__["_sum"], look._found = marshal.loads(packed)  # noqa: S302  # from ourselves
        return look

    @property
    def digest(self) -> str:
        """What changes when any of them does."""
        return f"{self._sum:x}"

    def digest_after(self, paths: Iterable[str]) -> str:
        """The digest with another look at some of them, which may have come or gone; each is told once."""
        total = self._sum
        for path in paths:
            if before := self._found.get(path):
                total -= _number((path, before))
            if about := _described(path):
                total += _number((path, about))
        return f"{total:x}"

    def __contains__(self, path: str) -> bool:
        """Whether a file or folder is there."""
        return path in self._found

    def agrees(self, other: Self, path: str) -> bool:
        """Whether another look found a file just so, or missed it just so."""
        return self._found.get(path) == other._found.get(path)

    def holds(self, path: str) -> bool:
        """Whether a file is there still, just so."""
        return self._found.get(path, b"") == _described(path)

    def times(self, path: str) -> tuple[int, int]:
        """When a file was last written, and when anything of it last changed, in nanoseconds; zeros where it is not there."""
        written, changed = CHANGED(self._found[path]) if path in self else (0, 0)
        return written, changed

    def settled(self, read: int) -> bool:
        """Whether what is described was read as it is now, if reading began at ``read``, in nanoseconds.

        What was saved a moment before may have been saved again unseen.
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
    # Of short texts this digest is the quickest; a name need not be text in the disk's own encoding.
    return int.from_bytes(blake2b(path.encode("utf-8", "surrogatepass") + about).digest())


def disk_clock(folder: Path) -> int:
    """Now, in nanoseconds, by the clock of the disk that a folder is on."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "moment"
    discard(mark)
    mark.write_bytes(b"")
    return mark.stat().st_mtime_ns


def discard(path: Path) -> None:
    """Remove a file, or a folder with all that it holds; nothing where there is neither."""
    if path.is_dir() and not path.is_symlink():
        from shutil import rmtree

        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; a link that leads to itself is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def below(folder: str) -> Iterator[str]:
    """A folder and all below it but hidden folders; links are followed, once."""
    stack, seen = [folder], set[tuple[int, int]]()
    while stack:
        path = stack.pop()
        try:
            here = os.stat(path)  # noqa: PTH116  # likewise
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
