"""Read pieces of a dump of records in a worker: a function of the dump's file and the positions of the records."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import msgspec
from msgspec import Struct

from rostra.config.exclusions import Exclusion
from rostra.config.site import Limits
from rostra.errors import Damaged, RostraError
from rostra.model import Join, RawThread
from rostra.readers import Reader, named
from rostra.readers.dumps.dump import Dump
from rostra.readers.records.prepared import Assembled, PreparedThread, Preparing, ReadThread, read_thread, remembered
from rostra.readers.records.record_pieces import Piece, Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.system.shared_storage import LocalPath, hand_over, local


class DumpPlace(NamedTuple):
    """A dump that is one file: what reading needs of it, and its stat data, which tell whether it is still the same."""

    path: str
    name: str
    limits: Limits
    rules: tuple[Exclusion, ...]
    stat: tuple[int, int, int]


class ReadPiece(NamedTuple):
    """The threads of a piece, and its failures; ``uses_json`` says that its records are JSON.

    ``error`` was raised after the threads.
    """

    threads: list[ReadThread]
    failures: list[RostraError]
    uses_json: bool
    error: RostraError | None

    def raw(self) -> Iterator[RawThread]:
        """Yield the threads as they were read, in the process that read them; raise the error that was raised after them."""
        yield from (each.raw for each in self.threads if each.raw)
        if self.error:
            raise self.error


class KeptBytes(NamedTuple):
    """Where something is kept: ``size`` bytes of a file from an offset on."""

    path: str
    at: int
    size: int


class _KeptThreads(Struct, frozen=True, array_like=True):
    threads: list[ReadThread]
    uses_json: bool


class Keeper:
    """A new file in a folder, in which is kept what was read of dumps until they are published."""

    def __init__(self, folder: str) -> None:
        self._path, self._at, self._chunks = Path(folder, uuid4().hex), 0, list[bytes]()

    def put(self, content: bytes) -> KeptBytes:
        """Keep some bytes; they are in the file once it is closed."""
        place = KeptBytes(LocalPath(self._path), self._at, len(content))
        self._chunks.append(content)
        self._at += len(content)
        return place

    def put_pieces(self, pieces: Sequence[ReadPiece]) -> list[KeptBytes | None]:
        """Keep pieces except those that failed."""
        return [
            None if each.failures or each.error else self.put_threads(each.threads, uses_json=each.uses_json)
            for each in pieces
        ]

    def put_threads(self, threads: Sequence[ReadThread], *, uses_json: bool = False) -> KeptBytes:
        """Keep the threads of a piece, or of a whole dump."""
        return self.put(msgspec.msgpack.encode(_KeptThreads([each.brief() for each in threads], uses_json)))

    def close(self) -> None:
        """Write the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("wb") as file:
            file.writelines(self._chunks)
        hand_over(str(self._path))


def kept(place: KeptBytes) -> bytes:
    """Return what was kept; raise Damaged if its file is not as it was written."""
    try:
        with open(local(place.path), "rb") as file:  # noqa: PTH123  # a Path for each of thousands costs as much
            file.seek(place.at)
            content = file.read(place.size)
    except OSError as error:
        raise Damaged(f"{place.path} was changed") from error
    if len(content) != place.size:
        raise Damaged(f"{place.path} was changed")
    return content


def kept_piece(place: KeptBytes) -> ReadPiece:
    """Return a piece that was kept; raise Damaged if its file is not as it was written."""
    try:
        threads, uses_json = msgspec.structs.astuple(_decode_kept(kept(place)))
    except msgspec.DecodeError as error:
        raise Damaged(f"{place.path} was changed") from error
    return ReadPiece(threads, [], uses_json, None)


def dump_place(dump: Dump, format: str | None) -> DumpPlace | None:
    """Return the place of a dump; None if its stat data cannot be read, or if a reader of another package may yield anything."""
    if format is not None and not getattr(named(format), "__name__", "").startswith("rostra."):
        return None
    try:
        path = LocalPath(dump.path.absolute())
        return DumpPlace(path, dump.name, dump.limits, dump.rules, _stat(path))
    except OSError:
        return None


def read_pieces(
    place: DumpPlace, format: str, preparing: Preparing | None, several: bool,
    pieces: Sequence[tuple[Sequence[Record], Mapping[str, Join]]],
) -> list[ReadPiece]:  # fmt: skip
    """Read pieces of a dump, each with what joining found of its posts, and assemble their threads if it is known how.

    ``several`` says whether the dump is supposed to hold several threads.  Raise OSError if its file is not the one whose
    records were found.
    """
    opened = opened_dump(place)
    reader = named(format)
    assert reader  # its records were found
    opened.dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
    assemble = partial(preparing.assembled, dump=opened.dump, reader=reader, several=several) if preparing else None
    with opened:
        return [_read(opened, reader, assemble, piece, joins) for piece, joins in pieces]


def threads_of(read: ReadPiece, again: Callable[[], Iterator[RawThread]]) -> Iterator[RawThread | PreparedThread]:
    """Yield the threads of a piece that another process read; raise the error that was raised after them.

    ``again`` reads the piece in this process.
    """
    for number, each in enumerate(map(remembered, read.threads)):
        if each.assembled:
            yield PreparedThread(each.assembled, partial(_numbered, again, number), each.problems)
        else:
            assert each.raw
            yield each.raw
    if read.error:
        raise read.error


def _numbered(again: Callable[[], Iterator[RawThread]], number: int) -> RawThread:
    return list(again())[number]


def _read(
    opened: Opened, reader: Reader, assemble: Callable[[RawThread], Assembled | None] | None,
    piece: Sequence[Record], joins: Mapping[str, Join],
) -> ReadPiece:  # fmt: skip
    records: Recorded = reader.RECORDS  # type: ignore[attr-defined]  # the format has records
    dump, threads, error = opened.dump, list[ReadThread](), None
    dump.failures, dump.joins = [], joins
    try:
        for raw in records.made(opened, Piece(0, list(piece))):
            threads.append(read_thread(raw, assemble(raw) if assemble else None))
    except RostraError as raised:
        error = raised
    if error or dump.failures:
        # If a thread were read again, the failures would be told twice.
        threads = [read_thread(each.raw, None) for each in threads if each.raw]
    return ReadPiece(threads, dump.failures, dump.audit.used, error)


def opened_dump(place: DumpPlace) -> Opened:
    """Return a dump to be opened; raise OSError if its file is not the one of this place any more."""
    # A copy of it on another machine has the same size and time.
    if _stat(place.path)[1:] != place.stat[1:]:
        raise OSError(f"{place.name} was changed while it was read")
    return _opened(place)


@lru_cache(maxsize=1)
def _opened(place: DumpPlace) -> Opened:
    """Return a dump to be opened; a worker reads one at a time, and a reader may keep what it knows of all of it."""
    return Opened(Dump(Path(place.path), place.name, place.limits, rules=place.rules))


def _stat(path: str) -> tuple[int, int, int]:
    about = os.stat(path)  # noqa: PTH116  # a Path has nothing to add
    return about.st_ino, about.st_size, about.st_mtime_ns


_decode_kept = msgspec.msgpack.Decoder(_KeptThreads).decode
