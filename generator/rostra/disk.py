"""What the disk says of files, without opening them: whether they are as they were."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import Self

import msgspec

FINE, COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds within which a file may change twice and be described alike: where the disk keeps fractions of a second, and where it does not."""


PIECE = 4096
"""Files that are digested at once."""
PACKED = Struct("<qqqQ")
"""A file's times, size and place, in few bytes: an archive of a million posts has half a million files."""
WRITTEN = Struct("<q").unpack_from
"""The first of them, which is when it was last written."""


class Look:
    """Files and folders as the disk describes them at one time, by path: size, times in nanoseconds and place on disk.

    ``newest`` is when the latest of them was changed.  What is not there is not in it.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._found: dict[str, bytes] = {}
        self.newest = 0
        # What was there when its folder was read, and is not now: whatever is noted of it is not to be relied on.
        self._look(paths, lost=sys.maxsize)

    def _look(self, paths: Iterable[str], lost: int) -> None:
        """Look at them; where one is not there, the newest change is ``lost``."""
        found, newest = self._found, self.newest
        for path in paths:
            try:
                of = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
            except OSError:
                found.pop(path, None)
                newest = max(newest, lost)
                continue
            found[path] = PACKED.pack(of.st_mtime_ns, of.st_ctime_ns, of.st_size, of.st_ino)
            newest = max(newest, of.st_mtime_ns, of.st_ctime_ns)
        self.newest = newest

    def packed(self) -> bytes:
        """All of it, for another process of this program."""
        return marshal.dumps((self.newest, self._found))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """A look that another process took."""
        look = cls(())
        look.newest, look._found = marshal.loads(packed)  # noqa: S302  # from ourselves
        return look

    def again(self, paths: Iterable[str]) -> None:
        """Look again at some of them, which may have come or gone."""
        self._look(paths, lost=0)

    def saved(self, path: str) -> int | None:
        """When a file was last written, in nanoseconds; None where it is not there."""
        found = self._found.get(path)
        return int(PACKED.unpack(found)[0]) if found else None

    def standing(self, since: int) -> set[str]:
        """The files that were last written at a time, in nanoseconds, or before."""
        return {path for path, about in self._found.items() if WRITTEN(about)[0] <= since}

    @property
    def digest(self) -> str:
        """What changes when any of them does."""
        found = sorted(self._found.items())
        total = sha256()
        for at in range(0, len(found), PIECE):
            piece = found[at : at + PIECE]
            try:
                total.update(msgspec.msgpack.encode(piece))
            except UnicodeEncodeError:
                # A name that is no text in the disk's own encoding.
                total.update(repr(piece).encode())
        return total.hexdigest()

    def settled(self, read: int) -> bool:
        """Whether what is described was read as it is now, if reading began at ``read``, in nanoseconds.

        What was saved a moment before may have been saved again unseen.
        """
        return self.newest < read - (FINE if self.newest % 10**9 else COARSE)


def moment(folder: Path) -> int:
    """Now, in nanoseconds, by the clock of the disk that a folder is on."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "moment"
    mark.write_bytes(b"")
    return mark.stat().st_mtime_ns


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
            if not entry.is_dir():
                yield entry.path
            elif not entry.name.startswith((".", "__pycache__")):
                stack.append(entry.path)
