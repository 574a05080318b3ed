"""Dumps of consecutive records (a mailbox's messages, lines of JSON), grouped into threads.

Each record has *terms* (message ids, the name of a thread), and records that share a term belong together.
Each connected component is a *piece*, which can be read by itself, so a dump that grew costs only the
pieces that grew.  Memory use does not grow with the dump: positions and terms are kept in
SQLite.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import FileIO
from types import TracebackType
from typing import IO, NamedTuple, Self

from msgspec import Struct

from rostra.errors import RostraError, UnreadableDump
from rostra.model import RawThread
from rostra.readers import Reader
from rostra.readers.dumps.dump import CHUNK, MEBIBYTE, Dump
from rostra.readers.records.record_pieces import Piece, Pieces, Record
from rostra.readers.records.record_table import TABLES, term_hash

AT_OFFSETS = hasattr(os, "pread")
"""Whether the system reads a file at an offset, which Windows does not."""
OPEN_FILES = 64
Found = tuple[Record, Sequence[int]]
"""A record with the hashes of its terms."""


class Recorded(Struct, frozen=True):
    """How to read a format of records.

    ``holds`` says whether a dump has the format.  ``scan`` yields its records from a given one on, each with its terms;
    one without terms belongs to the previous record.  ``make`` reads the records of a piece, in order, to threads.
    ``lacking`` is the message and hint for a dump without records; ``called`` is the users' word for records.
    ``learns`` tells what of the dump as a whole the reading of each record depends on: if it changes, all are read again.
    """

    scan: Callable[[Opened, Record], Iterable[tuple[Record, Iterable[str]]]]
    make: Callable[[Opened, Sequence[Record]], Iterator[RawThread]]
    lacking: tuple[str, str]
    holds: Callable[[Dump], bool] = lambda dump: True
    called: str = "lines"
    learns: Callable[[Opened], str] = lambda opened: ""

    def read(self, dump: Dump) -> Iterator[RawThread]:
        """Yield the threads of a whole dump, ordered by their first records; raise UnreadableDump if there are none."""
        base = sqlite3.connect("")
        try:
            base.executescript(TABLES)
            with Opened(dump) as opened:
                pieces = Pieces(base, dump.name)
                for record, terms in self.counted(dump, self.scanned(opened, Record())):
                    pieces.add(record, terms)
                pieces.connect(dump.joins)
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

    def learned(self, dump: Dump) -> str:
        """Return what ``learns`` tells of a dump."""
        with Opened(dump) as opened:
            return self.learns(opened)

    def made(self, opened: Opened, piece: Piece) -> Iterator[RawThread]:
        """Yield the threads of a piece; an unexpected exception is a failure of the dump, other pieces are read."""
        try:
            yield from self.make(opened, piece.records)
        except RostraError:
            raise
        except Exception as error:  # noqa: BLE001  # any failure concerns these records only
            opened.dump.fail(error, "reading a thread of it", piece.records[0].line)

    def scanned(self, opened: Opened, start: Record) -> Iterator[Found]:
        """Yield what ``scan`` does, with the hashes of the terms."""
        for record, terms in self.scan(opened, start):
            yield record, list(map(term_hash, terms))

    def counted(self, dump: Dump, records: Iterable[Found]) -> Iterator[Found]:
        """Yield the records that are found in a dump, with progress."""
        portion = dump.portion
        portion.begin(f"{self.called} found")
        for found in records:
            yield found
            portion.done += 1

    def nothing(self, dump: Dump) -> UnreadableDump:
        """Return the exception for a dump without a thread."""
        message, hint = self.lacking
        return UnreadableDump(message, path=dump.name, hint=hint)


class Before(NamedTuple):
    """What is known of a dump that was read: its records from ``start`` on, with their pieces, the last of which may continue.

    ``pieces`` is their number.  The dump ``is_longer`` if it still contains everything that was read; otherwise
    the last records may have been overwritten.  ``context`` is what its debates depended on besides the dump.
    """

    start: Record = Record()
    records: Mapping[Record, int] = {}
    pieces: int = 0
    is_longer: bool = False
    context: str = ""


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
        size = min(record.size, self.limit)
        if AT_OFFSETS and isinstance(getattr(stream, "raw", None), FileIO):
            # The records of a thread are far apart: a buffer would be filled for each of them.
            return os.pread(stream.fileno(), size, record.start)
        stream.seek(record.start)
        return stream.read(size)

    def stream(self, number: int) -> IO[bytes]:
        """Return a file as a seekable stream."""
        if number not in self._streams:
            if len(self._streams) > OPEN_FILES:
                self._streams.pop(next(iter(self._streams))).close()
            source = self.files[number].open()
            is_flat = _is_flat(self.files[number]) and source.seekable()
            self._streams[number] = source if is_flat else self._copy(number, source)
        return self._streams[number]

    def _copy(self, number: int, source: IO[bytes]) -> IO[bytes]:
        """Return the decompressed data on disk, with newlines: seeking back in a compressed stream would read it from the start."""
        import tempfile

        returns = _has_returns(self.files[number])

        copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the other files
        with source:
            # A full disk is not the dump's fault.
            while chunk := self._unpacked(number, source):
                copy.write(chunk.replace(b"\r", b"\n") if returns else chunk)
        copy.seek(0)
        return copy

    def _unpacked(self, number: int, source: IO[bytes]) -> bytes:
        try:
            return bytes(source.read1(CHUNK))  # type: ignore[attr-defined]  # buffered
        except OSError as error:
            self.cut[number] = error
            return b""


def recorded(dump: Dump, reader: Reader) -> Recorded | None:
    """Return how to read a dump's records; None if it has none, or reading cannot resume."""
    records: Recorded | None = getattr(reader, "RECORDS", None)
    return records if records and not dump.is_folder and _is_flat(dump) and records.holds(dump) else None


def _is_flat(file: Dump) -> bool:
    """Whether the stored bytes of a file are its lines."""
    return not file.is_packed and not _has_returns(file)


def _has_returns(file: Dump) -> bool:
    """Whether carriage returns end the lines of a file, as those of early Macintoshes."""
    return b"\r" in file.head and b"\n" not in file.head
