"""Read a zip archive as a folder of files; nothing is unpacked to the disk."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from threading import get_ident
from typing import IO, cast
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from rostra.errors import UnreadableDump
from rostra.readers.dumps.packed import BUFFER, limited

SUFFIX = ".zip"
MAGIC = b"PK\x03\x04"
MOST = 100_000
"""The most files in an archive."""
NOISE = "__MACOSX"
"""The folder that macOS adds for its own metadata."""
DAMAGE = (BadZipFile, EOFError, zlib.error, NotImplementedError)


def is_zip(path: Path) -> bool:
    """Whether a file is an archive, by its name and its first bytes."""
    if path.suffix.lower() != SUFFIX or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


@lru_cache(maxsize=1)
def _archive(path: Path, _changed: int, _size: int, _process: int, _thread: int) -> ZipFile:
    """Return an open archive: its list is read once, not for each of its files, of which it may have many thousands.

    Two processes or threads that share an open file would move each other's place in it.
    """
    return ZipFile(path)


class ZipArchive:
    """The files of an archive; raises UnreadableDump, with ``name`` as its path, if it cannot be read."""

    def __init__(self, path: Path, name: str, limit: int) -> None:
        self.path = path
        self.name = name
        self.limit = limit
        """The most bytes that all files read from it may have together."""
        self._opened: set[Path] = set()
        self._size = 0

    @cached_property
    def _members(self) -> dict[Path, tuple[ZipInfo, str | None]]:
        """The files by their paths, each with the reason if it is not read."""
        try:
            with ZipFile(self.path) as archive:
                infos = archive.infolist()
        except (*DAMAGE, LargeZipFile, OSError, ValueError) as error:
            message = f"this zip archive cannot be read: {error}"
            raise UnreadableDump(message, path=self.name, hint="fetch the file again") from error
        if len(infos) > MOST:
            raise UnreadableDump(f"this zip archive holds more than {MOST} files", path=self.name, hint="split it")
        found: dict[Path, tuple[ZipInfo, str | None]] = {}
        for info in sorted(infos, key=lambda each: each.filename):
            inner = PurePosixPath(info.filename)
            if info.is_dir() or any((part.startswith(".") and part != "..") or part == NOISE for part in inner.parts):
                continue
            why = None
            if inner.is_absolute() or ".." in inner.parts:
                why = "names a place outside of the archive"
                inner = PurePosixPath(*(part for part in inner.parts if part not in ("/", "..")))
            elif info.flag_bits & 1:
                why = "is encrypted"
            found.setdefault(self.path / inner, (info, why))
        return found

    def within(self) -> Iterator[tuple[Path, str | None]]:
        """Yield the paths of the files, sorted, each with the reason if it is not read."""
        yield from ((path, why) for path, (_, why) in sorted(self._members.items()))

    def open(self, path: Path) -> IO[bytes]:
        """Open a file of the archive as a stream; reading raises OSError at damage, after all data before it was read."""
        info, _ = self._members[path]
        self._size += info.file_size if path not in self._opened else 0
        self._opened.add(path)
        if self._size > self.limit:
            hint = "if you trust the file, raise `unpacked` under `[limits]` in rostra.toml, or unpack it yourself"
            raise UnreadableDump(f"this archive holds more than {self.limit >> 20} MiB", path=self.name, hint=hint)
        there = self.path.stat()
        try:
            archive = _archive(self.path, there.st_mtime_ns, there.st_size, os.getpid(), get_ident())
            stream = archive.open(info)
        except (*DAMAGE, RuntimeError, OSError) as error:
            message = f"this file of the archive cannot be read: {error}"
            raise UnreadableDump(message, path=self.name, hint="fetch the archive again") from error
        kept = cast("io.BufferedIOBase", stream)
        return io.BufferedReader(limited(kept, self.limit, self.name, DAMAGE), BUFFER)
