"""Look at new dumps in workers: which reader reads each, and where its records are.

Of a small dump of records, whose messages are not joined with others, they also read the threads.  What they find is
kept in files, so the main process holds keys only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain, islice
from typing import NamedTuple

import msgspec

from rostra.errors import RostraError
from rostra.readers import choose, chosen, plug_ins
from rostra.readers.dump import Dump
from rostra.readers.pieces import DumpPlace, Keeper, KeptBytes, dump_place, kept, opened_dump, read_pieces
from rostra.readers.record_pieces import Pieces, Record
from rostra.readers.record_table import TABLES
from rostra.readers.records import Found, recorded
from rostra.system.attempts import Failed, attempt
from rostra.system.batches import BATCH, Work, in_batches
from rostra.system.workers import Workers

TOGETHER = 4096
"""How many records are encoded together, so that few are in memory as objects."""
SMALLER = 16
"""How many times smaller the positions and terms of records are than the records."""
EMPTY = msgspec.msgpack.encode([])


class Looked(NamedTuple):
    """The format of a dump, where its records are kept if it has any, and where the pieces are that were read, by number."""

    format: str
    records: list[KeptBytes] | None = None
    read: tuple[tuple[int, KeptBytes], ...] = ()

    def found(self) -> Iterator[Found]:
        """Yield the records."""
        for place in self.records or ():
            yield from _decode(kept(place))


class LookingAhead:
    """What workers find of new dumps."""

    def __init__(self) -> None:
        self._unseen = dict[str, tuple[Dump, str | None]]()
        self._seen = dict[str, Looked]()
        self._answers: Iterator[tuple[str, Looked | Failed]] = iter(())

    def add(self, dumps: Iterable[tuple[Dump, str | None]], folder: str, workers: Workers) -> None:
        """Let workers look at more dumps, each with the format that its card names; what they find is kept in a folder."""
        known = {*self._unseen, *self._seen}
        new = {dump.name: (dump, format) for dump, format in dumps if dump.name not in known}
        self._unseen |= new
        self._answers = chain(self._answers, in_batches(workers, look_at, (folder,), self._works(new)))

    def wait(self, dump: Dump) -> None:
        """Choose the reader of a dump as a worker did, if one looked at it."""
        while dump.name in self._unseen and (answer := next(self._answers, None)):
            name, looked = answer
            of, format = self._unseen.pop(name)
            # What fails is met again by the main process.
            if not isinstance(looked, Failed):
                self._seen[name] = looked
                if format is None:
                    chosen(of, looked.format)

    def take(self, dump: Dump) -> Looked | None:
        """Return what a worker found of a dump of records; None if the caller is to look at it."""
        self.wait(dump)
        looked = self._seen.pop(dump.name, None)
        return looked if looked and looked.records is not None else None

    def _works(self, dumps: dict[str, tuple[Dump, str | None]]) -> Iterator[Work[str]]:
        for name, (dump, given) in dumps.items():
            with suppress(RostraError, OSError):
                # Another machine may lack the readers of other packages.
                format = choose(dump, given).NAME if plug_ins.points()[0] else given
                place = None if dump.is_folder else dump_place(dump, format)
                if place:
                    _, size, _ = place.stat
                    yield Work(name, size if size <= BATCH else max(BATCH, size // SMALLER), (place, format))
                    continue
            del self._unseen[name]


def look_at(folder: str, dumps: Sequence[tuple[DumpPlace, str | None]]) -> list[Looked | Failed]:
    """Look at dumps, and keep what is found in a file in a folder."""
    keeper = Keeper(folder)
    looked = [attempt("finding the records in it", _looked, keeper, *each) for each in dumps]
    keeper.close()
    return looked


def _looked(keeper: Keeper, place: DumpPlace, format: str | None) -> Looked:
    with opened_dump(place) as opened:
        reader = choose(opened.dump, format)
        records = recorded(opened.dump, reader)
        if records is None:
            return Looked(reader.NAME)
        found = records.scanned(opened, Record())
        _, size, _ = place.stat
        if size > BATCH or getattr(reader, "JOINS", False):
            encoded = iter(lambda: msgspec.msgpack.encode(list(islice(found, TOGETHER))), EMPTY)
            return Looked(reader.NAME, list(map(keeper.put, encoded)))
        every = list(found)
    with closing(sqlite3.connect("")) as base:
        base.executescript(TABLES)
        pieces = Pieces(base, place.name)
        for record, terms in every:
            pieces.add(record, terms)
        touched = list(pieces.touched())
    read = keeper.put_pieces(read_pieces(place, reader.NAME, [(piece.records, {}) for piece in touched]))
    places = tuple((piece.number, there) for piece, there in zip(touched, read, strict=True) if there)
    return Looked(reader.NAME, [keeper.put(msgspec.msgpack.encode(every))], places)


_decode = msgspec.msgpack.Decoder(list[tuple[Record, list[int]]]).decode
