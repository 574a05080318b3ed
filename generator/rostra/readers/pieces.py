"""Read pieces of a dump of records in a worker: a function of the dump's file and the positions of the records."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from rostra.config.exclusions import Exclusion
from rostra.config.site import Limits
from rostra.errors import RostraError
from rostra.identity.ledger import SaidDigest, remember, said
from rostra.model import RawThread
from rostra.readers import named
from rostra.readers.dump import Dump
from rostra.readers.records import Opened, Piece, Record, Recorded


class DumpPlace(NamedTuple):
    """A dump that is one file: what reading needs of it, and its stat data, which tell whether it is still the same."""

    path: str
    name: str
    limits: Limits
    rules: tuple[Exclusion, ...]
    stat: tuple[int, int, int]


class ReadPiece(NamedTuple):
    """The encoded threads of a piece, and its failures; ``uses_json`` says that its records are JSON.

    ``said`` are the digests of the words of their posts, which the ledger needs.  ``error`` was raised after the threads.
    """

    threads: list[bytes]
    said: list[list[SaidDigest]]
    failures: list[RostraError]
    uses_json: bool
    error: RostraError | None


def dump_place(dump: Dump, format: str) -> DumpPlace | None:
    """Return the place of a dump; None if it cannot be looked at, or if a reader of another package may yield anything."""
    if not getattr(named(format), "__name__", "").startswith("rostra."):
        return None
    try:
        path = str(dump.path.absolute())
        return DumpPlace(path, dump.name, dump.limits, dump.rules, _stat(path))
    except OSError:
        return None


def read_pieces(place: DumpPlace, format: str, pieces: Sequence[Sequence[Record]]) -> list[ReadPiece]:
    """Read pieces of a dump; raise OSError if its file is not the one whose records were found."""
    opened = _opened(place)
    if _stat(place.path) != place.stat:
        raise OSError(f"{place.name} was changed while it was read")
    reader = named(format)
    opened.dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
    records: Recorded = reader.RECORDS  # type: ignore[union-attr]  # the format has records
    with opened:
        return [_read(opened, records, piece) for piece in pieces]


def decoded(read: ReadPiece) -> Iterator[RawThread]:
    """Yield the threads of a piece; raise the error that was raised after them."""
    for encoded, digests in zip(read.threads, read.said, strict=True):
        thread = _decode(encoded)
        for post, known in zip(thread.posts, digests, strict=True):
            remember(post.body, known, sketched=post.native_id is None)
        yield thread
    if read.error:
        raise read.error


def _read(opened: Opened, records: Recorded, piece: Sequence[Record]) -> ReadPiece:
    dump, threads, digests, error = opened.dump, list[bytes](), list[list[SaidDigest]](), None
    dump.failures = []
    try:
        for thread in records.made(opened, Piece(0, list(piece))):
            threads.append(_encode(thread))
            digests.append([said(post.body, sketched=post.native_id is None) for post in thread.posts])
    except RostraError as raised:
        error = raised
    return ReadPiece(threads, digests, dump.failures, dump.audit.used, error)


@lru_cache(maxsize=1)
def _opened(place: DumpPlace) -> Opened:
    """Return a dump to be opened; a worker reads one at a time, and a reader may keep what it knows of all of it."""
    return Opened(Dump(Path(place.path), place.name, place.limits, rules=place.rules))


def _stat(path: str) -> tuple[int, int, int]:
    about = os.stat(path)  # noqa: PTH116  # a Path has nothing to add
    return about.st_ino, about.st_size, about.st_mtime_ns


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(RawThread).decode
