"""Partitions: files of encoded threads that several processes read, each written once, by the worker that made them.

A partition is never changed, so nothing is lost if a build is interrupted, and a copy can share it by a hard link.
The catalogue (``texts``) has the place of each thread.  Data that is no longer in it stays until most of a partition is
unused; such sparse partitions are then written again as one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import uuid4

from rostra.errors import Damaged
from rostra.system.file_state import discard
from rostra.system.shared_storage import LocalPath, local, share

TABLES = """
CREATE TABLE texts (id TEXT PRIMARY KEY, file TEXT, at INTEGER, edition INTEGER, searched INTEGER, grams INTEGER, original INTEGER, said INTEGER);
CREATE INDEX texts_by_file ON texts (file);
CREATE TABLE kept (unit TEXT PRIMARY KEY, file TEXT) WITHOUT ROWID;
CREATE TABLE partitions (file TEXT PRIMARY KEY, size INTEGER, written INTEGER) WITHOUT ROWID;
"""
FOLDER = "partitions"
SPARSE = 256 << 10
"""The bytes in use below which a partition is sparse."""
MOST_SPARSE = 32
"""The most sparse partitions before they are written again as one."""

TOGETHER = 1 << 20
"""From how many bytes on the parts of several threads are read."""

PartName = Literal["edition", "searched", "grams", "original", "said"]


class TextParts(NamedTuple):
    """A thread as it is stored.

    Its edition, its searchable text, the digests of its 3-grams, its original if that differs, and its posts in lists
    (``people.appearances``).
    """

    edition: bytes
    searched: bytes
    grams: bytes
    original: bytes = b""
    said: bytes = b""


class Row(NamedTuple):
    """The place of the parts of a thread: their file, the offset of the first, and their sizes in bytes."""

    file: str
    at: int
    edition: int
    searched: int
    grams: int
    original: int
    said: int = 0

    def start(self, part: PartName) -> int:
        """Return the offset of a part in the file."""
        return self.at + sum(map(int, self[2 : self._fields.index(part)]))


class Slice(NamedTuple):
    """Some bytes of a partition."""

    file: str
    at: int
    size: int


def write_partition(folder: str, threads: Iterable[TextParts]) -> list[Row]:
    """Write a new partition, and return where each thread is; none is written without threads."""
    rows, at, name = list[Row](), 0, uuid4().hex
    chunks = list[bytes]()
    for parts in threads:
        rows.append(Row(name, at, *map(len, parts)))
        at += sum(map(len, parts))
        chunks += parts
    if rows:
        write_file(folder, name, chunks)
    return rows


def write_file(folder: str, name: str, chunks: Iterable[bytes]) -> None:
    """Write a file that is kept with the partitions."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Path(folder, name).open("wb") as file:
        file.writelines(chunks)
    share(f"{folder}/{name}")


def read_file(folder: str, name: str) -> bytes:
    """Return the content of a kept file."""
    return Path(local(f"{folder}/{name}")).read_bytes()


def read_part(folder: str, row: Row, part: PartName) -> bytes:
    """Return a part of a thread; raise Damaged if the partition is not as it was written."""
    (content,) = read_slices(folder, [Slice(row.file, row.start(part), getattr(row, part))])
    return content


def read_parts(folder: str, rows: Iterable[Row], part: PartName) -> Iterator[bytes]:
    """Yield a part of each thread; those of several are read together, so that each partition is seldom opened."""
    some, size = list[Slice](), 0
    for row in rows:
        some.append(Slice(row.file, row.start(part), getattr(row, part)))
        size += some[-1].size
        if size > TOGETHER:
            yield from read_slices(folder, some)
            some, size = [], 0
    yield from read_slices(folder, some)


def read_slices(folder: str, wanted: Sequence[Slice]) -> list[bytes]:
    """Return bytes of partitions, in the order asked for; raise Damaged if one is not as it was written."""
    found = dict[Slice, bytes]()
    for name, slices in groupby(sorted(wanted), key=lambda each: each.file):
        try:
            # Slices are short and few: a buffer would read more than they need.
            with open(local(f"{folder}/{name}"), "rb", buffering=0) as file:  # noqa: PTH123  # a Path for each of many thousands costs as much
                for each in slices:
                    file.seek(each.at)
                    found[each] = file.read(each.size)
        except FileNotFoundError as error:
            raise Damaged(f"the partition {name} is missing") from error
    for each, content in found.items():
        if len(content) != each.size:
            raise Damaged(f"the partition {each.file} is cut short")
    return [found[each] for each in wanted]


class Texts:
    """The catalogue of the threads in partitions."""

    def __init__(self, base: sqlite3.Connection, folder: Path) -> None:
        self._base = base
        self.folder = LocalPath(folder.absolute())
        self._renewed = dict[str, TextParts]()
        """Threads with a new edition, which are written together."""

    def refuse_damaged(self) -> None:
        """Raise Damaged if a partition is missing or was changed."""
        for file, size, written in self._base.execute("SELECT file, size, written FROM partitions"):
            with suppress(OSError):
                about = os.stat(f"{self.folder}/{file}")  # noqa: PTH116  # a Path for each of thousands costs more than the call
                if (about.st_size, about.st_mtime_ns) == (size, written):
                    continue
            raise Damaged(f"the partition {file} was changed")

    def add(self, id: str, row: Row) -> None:
        """Record the place of a thread."""
        self._base.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (id, *row))

    def drop(self, id: str) -> None:
        """Forget a thread."""
        self._renewed.pop(id, None)
        self._base.execute("DELETE FROM texts WHERE id = ?", (id,))

    def row(self, id: str) -> Row | None:
        """Return the place of a thread; None if it is not stored."""
        if id in self._renewed:
            self._flush()
        query = "SELECT file, at, edition, searched, grams, original, said FROM texts WHERE id = ?"
        found = self._base.execute(query, (id,)).fetchone()
        return Row(*found) if found else None

    def sizes(self, part: PartName) -> dict[str, int]:
        """Return the bytes of a part of each thread."""
        self._flush()
        return dict(self._base.execute(f"SELECT id, {part} FROM texts"))  # noqa: S608  # a name of ours

    def keep_only(self, units: Iterable[str]) -> None:
        """Forget the files of other units."""
        gone = {unit for (unit,) in self._base.execute("SELECT unit FROM kept")}.difference(units)
        self._base.executemany("DELETE FROM kept WHERE unit = ?", [(unit,) for unit in gone])

    def keep(self, unit: str) -> str:
        """Return the name of a new file to write for a unit, which replaces the one before."""
        name = uuid4().hex
        self._base.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (unit, name))
        return name

    def kept(self, unit: str) -> str:
        """Return the name of the file that was written for a unit."""
        (name,) = self._base.execute("SELECT file FROM kept WHERE unit = ?", (unit,)).fetchone()
        return str(name)

    def starts(self, part: PartName) -> dict[str, tuple[str, int]]:
        """Return the file of each thread, and where a part of the thread begins in it."""
        self._flush()
        rows = self._base.execute("SELECT id, file, at, edition, searched, grams, original, said FROM texts")
        return {id: ((row := Row(*of)).file, row.start(part)) for id, *of in rows}

    def part(self, id: str, part: PartName) -> bytes:
        """Return a part of a thread."""
        row = self.row(id)
        assert row
        return read_part(self.folder, row, part)

    def replace(self, id: str, edition: bytes, said: bytes) -> None:
        """Store another edition of a thread with the same text, and its posts in lists."""
        searched, grams, original = (self.part(id, part) for part in ("searched", "grams", "original"))
        self._renewed[id] = TextParts(edition, searched, grams, original, said)
        if sum(map(len, self._renewed[id])) > SPARSE or len(self._renewed) > MOST_SPARSE:
            self._flush()

    def _flush(self) -> None:
        for id, row in zip(self._renewed, write_partition(self.folder, self._renewed.values()), strict=True):
            self.add(id, row)
        self._renewed.clear()

    def settle(self) -> None:
        """Write sparse partitions again as one, and record all partitions."""
        self._flush()
        used = self._base.execute(
            "SELECT file, sum(edition + searched + grams + original + said) FROM texts GROUP BY file"
        )
        sparse = [file for file, size in used if size < SPARSE]
        if len(sparse) > MOST_SPARSE:
            self._join(sparse)
        rows = list[tuple[str, int, int]]()
        for (file,) in self._base.execute("SELECT file FROM texts UNION SELECT file FROM kept"):
            about = os.stat(local(f"{self.folder}/{file}"))  # noqa: PTH116  # as above
            rows.append((file, about.st_size, about.st_mtime_ns))
        self._base.execute("DELETE FROM partitions")
        self._base.executemany("INSERT INTO partitions VALUES (?, ?, ?)", rows)

    def _join(self, files: list[str]) -> None:
        marks = ",".join("?" * len(files))
        query = f"SELECT id, file, at, edition, searched, grams, original, said FROM texts WHERE file IN ({marks}) ORDER BY file, at"  # noqa: S608  # marks
        found = [(id, Row(*row)) for id, *row in self._base.execute(query, files)]
        whole = (TextParts(*(read_part(self.folder, row, part) for part in TextParts._fields)) for _, row in found)  # type: ignore[arg-type]  # their names
        for (id, _), row in zip(found, write_partition(self.folder, whole), strict=True):
            self.add(id, row)

    def sweep(self) -> None:
        """Remove files that are no longer partitions; call it after the catalogue is committed."""
        known = {file for (file,) in self._base.execute("SELECT file FROM partitions")}
        with suppress(FileNotFoundError):
            for entry in os.scandir(self.folder):
                if entry.name not in known:
                    discard(Path(entry.path))


def link(source: Path, target: Path) -> None:
    """Share all partitions of one folder with another."""
    target.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        for entry in os.scandir(source):
            with suppress(FileExistsError):
                _share(entry.path, str(target / entry.name))


def _share(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # The file system has no hard links.
        import shutil

        shutil.copy2(source, target)
