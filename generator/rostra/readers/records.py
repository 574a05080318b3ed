"""Dumps of consecutive records (a mailbox's messages, lines of JSON), grouped into threads.

Each record has *terms* (message ids, the name of a thread), and records that share a term belong together.
Each connected component is a *piece*, which can be read by itself, so a dump that grew costs only the
pieces that grew.  Memory use does not grow with the dump: positions and terms are kept in
SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, NamedTuple, Self

from msgspec import Struct

from rostra.errors import RostraError, UnreadableDump
from rostra.model import Join, RawThread
from rostra.readers.dump import CHUNK, MEBIBYTE, Dump
from rostra.readers.record_table import TABLES, RecordTable, term_hash

BATCH = 20_000
"""How many records are buffered in memory."""
OPEN_FILES = 64


class Record(NamedTuple):
    """The position of a record: ``size`` bytes from offset ``start`` of file number ``file``, beginning at ``line``.

    ``number`` is its index in the dump.  A record without bytes marks where a compressed file is truncated.
    """

    number: int = 0
    file: int = 0
    start: int = 0
    size: int = 0
    line: int = 1


class Recorded(Struct, frozen=True):
    """How to read a format of records.

    ``holds`` says whether a dump has the format.  ``scan`` yields its records from a given one on, each with its terms;
    one without terms belongs to the previous record.  ``make`` reads the records of a piece, in order, to threads.
    ``lacking`` is the message and hint for a dump without records; ``called`` is the users' word for records.
    """

    scan: Callable[[Opened, Record], Iterable[tuple[Record, Iterable[str]]]]
    make: Callable[[Opened, Sequence[Record]], Iterator[RawThread]]
    lacking: tuple[str, str]
    holds: Callable[[Dump], bool] = lambda dump: True
    called: str = "lines"

    def read(self, dump: Dump) -> Iterator[RawThread]:
        """Yield the threads of a whole dump, ordered by their first records; raise UnreadableDump if there are none."""
        base = sqlite3.connect("")
        try:
            base.executescript(TABLES)
            with Opened(dump) as opened:
                pieces = Pieces(base, dump.name)
                for record, terms in self.found(opened, Record()):
                    pieces.add(record, terms)
                dump.portion.begin(self.called, dump.portion.done)
                found = False
                for piece in pieces.touched():
                    for thread in self.made(opened, piece):
                        found = True
                        yield thread
                    dump.portion.done += len(piece.records)
            if not found and not dump.failures:
                raise self.nothing(dump)
        finally:
            base.close()

    def made(self, opened: Opened, piece: Piece) -> Iterator[RawThread]:
        """Yield the threads of a piece; an unexpected exception is a failure of the dump, other pieces are read."""
        try:
            yield from self.make(opened, piece.records)
        except RostraError:
            raise
        except Exception as error:  # noqa: BLE001  # any failure concerns these records only
            opened.dump.fail(error, "reading a thread of it", piece.records[0].line)

    def found(self, opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
        """Yield what ``scan`` does, with progress; what joining found connects records too."""
        portion, done = opened.dump.portion, set[str]()
        portion.begin(f"{self.called} found")
        for record, terms in self.scan(opened, start):
            yield record, _connected(terms, opened.dump.joins, done)
            portion.done += 1

    def nothing(self, dump: Dump) -> UnreadableDump:
        """Return the exception for a dump without a thread."""
        message, hint = self.lacking
        return UnreadableDump(message, path=dump.name, hint=hint)


def _connected(terms: Iterable[str], joins: Mapping[str, Join], done: set[str]) -> list[str]:
    """Return the terms of a record, and the posts above each as far as joining found any and none is ``done``."""
    found = [*terms]
    # It grows while it is walked.
    for term in found:
        if term in joins and term not in done:
            done.add(term)
            found.append(joins[term].parent)
    return found


class Opened:
    """Random access to a dump's bytes; a context manager.

    ``cut`` maps each truncated file to the reason; ``limit`` is how many bytes of a record are read.
    """

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.files = list(dump.files())
        self.cut: dict[int, OSError] = {}
        self.limit = dump.limits.record * MEBIBYTE
        self._streams: dict[int, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()

    def read(self, record: Record) -> bytes:
        """Return the bytes of a record, at most the limit."""
        stream = self.stream(record.file)
        stream.seek(record.start)
        return stream.read(min(record.size, self.limit))

    def stream(self, number: int) -> IO[bytes]:
        """Return a file as a seekable stream."""
        if number not in self._streams:
            if len(self._streams) > OPEN_FILES:
                self._streams.pop(next(iter(self._streams))).close()
            source = self.files[number].open()
            self._streams[number] = self._copy(number, source) if self.files[number].is_packed else source
        return self._streams[number]

    def _copy(self, number: int, source: IO[bytes]) -> IO[bytes]:
        """Return the decompressed data on disk: seeking back in a compressed stream would read it from the start."""
        import tempfile

        copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the other files
        with source:
            # A full disk is not the dump's fault.
            while chunk := self._unpacked(number, source):
                copy.write(chunk)
        copy.seek(0)
        return copy

    def _unpacked(self, number: int, source: IO[bytes]) -> bytes:
        try:
            return bytes(source.read1(CHUNK))  # type: ignore[attr-defined]  # buffered
        except OSError as error:
            self.cut[number] = error
            return b""


class Piece(NamedTuple):
    """Records that belong together, in order."""

    number: int
    records: list[Record]


class Pieces:
    """The records of a dump by piece; ``count`` is how many pieces it had before, including merged ones."""

    def __init__(self, base: sqlite3.Connection, dump: str, count: int = 0) -> None:
        self._table = RecordTable(base, dump)
        self._known: dict[int, int] = {}
        self._new: dict[int, int] = {}
        self._rows: list[tuple[int, Record]] = []
        self._touched: set[int] = set()
        self._merged = self._table.merged()
        self._last = self._table.last_piece()
        self.count = count
        self._on_disk = self._forgot = count > 0
        self._bare = not self._table.has_terms()

    def add(self, record: Record, terms: Iterable[str]) -> None:
        """Add a record; all pieces that share a term with it are merged and marked for reading."""
        keys = [term_hash(term) for term in terms]
        found = {self._root(piece) for piece in map(self._of, keys) if piece is not None}
        # A record without terms belongs to the previous one, at the beginning to the next one.
        if self._last is not None and (not keys or self._bare):
            found.add(self._root(self._last))
        piece = min(found, default=self.count)
        if not found:
            self.count += 1
        self._merged.update(dict.fromkeys(found - {piece}, piece))
        for each in keys:
            if self._known.get(each) is None:
                self._new[each] = piece
            self._known[each] = piece
        self._bare = self._bare and not keys
        self._touched.add(piece)
        self._put(record, piece)

    def keep(self, record: Record, piece: int) -> None:
        """Add an unchanged record of a piece, which need not be read again because of it."""
        self._put(record, piece)

    def _put(self, record: Record, piece: int) -> None:
        self._last = piece
        self._rows.append((piece, record))
        if len(self._rows) >= BATCH:
            self.flush()

    @property
    def several(self) -> bool:
        """Whether the dump holds more than one piece."""
        return self.count - len(self._merged) > 1

    def touch(self, piece: int) -> None:
        """Mark a piece for reading."""
        self._touched.add(piece)

    @property
    def called(self) -> dict[int, set[int]]:
        """Return each changed piece with all its current and former numbers."""
        members: dict[int, set[int]] = {}
        for piece in self._touched:
            members.setdefault(self._root(piece), set()).update((piece, self._root(piece)))
        for piece in self._merged:
            if (root := self._root(piece)) in members:
                members[root].add(piece)
        return members

    def touched(self) -> Iterator[Piece]:
        """Yield the records of each changed piece, in the order of their first records."""
        here: dict[int, list[Record]] = {}
        for piece, record in self._rows:
            here.setdefault(piece, []).append(record)
        for root, numbers in sorted(self.called.items()):
            records = [record for number in numbers for record in here.get(number, ())]
            if self._on_disk:
                records += (Record(*row) for number in numbers for row in self._table.of_piece(number))
            if records:
                yield Piece(root, sorted(records))

    def flush(self) -> None:
        """Write the buffer to the database."""
        self._table.add(self._rows, self._new, self._merged)
        self._rows.clear()
        self._new.clear()
        self._on_disk = True
        if len(self._known) > 10 * BATCH:
            self._known.clear()
            self._forgot = True

    def _of(self, term: int) -> int | None:
        piece = self._known.get(term)
        if piece is None and self._forgot:
            piece = self._table.piece_of(term)
            if piece is not None:
                self._known[term] = piece
        return piece

    def _root(self, piece: int) -> int:
        while piece in self._merged:
            piece = self._merged[piece]
        return piece
