"""Look at new dumps in workers: which reader reads each, and where its records are.

Of a small dump of records, whose messages are not joined with others, they also read the threads.  What they find is
kept in files, so the main process holds keys only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import cache, partial
from itertools import chain, islice
from typing import NamedTuple

import msgspec

from rostra.errors import RostraError
from rostra.model import RawThread
from rostra.readers import Reader, choose, chosen, plug_ins
from rostra.readers.dumps.dump import Dump
from rostra.readers.records.pieces import (
    DumpPlace,
    Keeper,
    KeptBytes,
    dump_place,
    kept,
    kept_piece,
    opened_dump,
    read_pieces,
    threads_of,
)
from rostra.readers.records.prepared import PreparedThread, Preparing, ReadThread, read_thread
from rostra.readers.records.record_pieces import Pieces, Record
from rostra.readers.records.record_table import TABLES
from rostra.readers.records.recorded import Found, recorded
from rostra.system.attempts import Failed, attempt
from rostra.system.batches import BATCH, Work, in_batches
from rostra.system.workers import Workers

TOGETHER = 4096
"""How many records are encoded together, so that few are in memory as objects."""
SMALLER = 16
"""How many times smaller the positions and terms of records are than the records."""
LARGEST = 8 << 20
"""The most bytes of a dump that is not one of records, and is read whole by a worker, which holds all of it."""
EMPTY = msgspec.msgpack.encode([])


class ToLook(NamedTuple):
    """A dump to look at, with the format that its card names, and how its threads are prepared if workers can do so."""

    dump: Dump
    format: str | None
    preparing: Preparing | None


class Looked(NamedTuple):
    """The format of a dump, where its records are kept if it has any, and where the pieces are that were read, by number.

    The records of a dump of ``one_piece`` have no terms.  ``threads`` is where those of another dump are.
    """

    format: str
    records: list[KeptBytes] | None = None
    read: tuple[tuple[int, KeptBytes], ...] = ()
    one_piece: bool = False
    threads: KeptBytes | None = None
    has_addresses: bool | None = None
    """Whether it contains e-mail addresses, if this was looked for."""

    def found(self) -> Iterator[Found]:
        """Yield the records."""
        for place in self.records or ():
            yield from _decode(kept(place))


class LookingAhead:
    """What workers find of new dumps."""

    def __init__(self) -> None:
        self._unseen = dict[str, ToLook]()
        self._seen = dict[str, Looked]()
        self._answers: Iterator[tuple[str, Looked | Failed]] = iter(())

    def add(self, dumps: Iterable[ToLook], folder: str, workers: Workers) -> None:
        """Let workers look at more dumps; what they find is kept in a folder."""
        known = {*self._unseen, *self._seen}
        new = {of.dump.name: of for of in dumps if of.dump.name not in known}
        self._unseen |= new
        self._answers = chain(self._answers, in_batches(workers, look_at, (folder,), self._works(new)))

    def wait(self, dump: Dump) -> None:
        """Choose the reader of a dump as a worker did, if one looked at it."""
        while dump.name in self._unseen and (answer := next(self._answers, None)):
            name, looked = answer
            of = self._unseen.pop(name)
            # What fails is met again by the main process.
            if not isinstance(looked, Failed):
                self._seen[name] = looked
                of.dump.has_addresses = looked.has_addresses
                if of.format is None:
                    chosen(of.dump, looked.format)

    def take(self, dump: Dump) -> Looked | None:
        """Return what a worker found of a dump of records; None if the caller is to look at it."""
        self.wait(dump)
        looked = self._seen.get(dump.name)
        return self._seen.pop(dump.name) if looked and looked.records is not None else None

    def whole(
        self, dump: Dump, reader: Reader, preparing: Preparing | None
    ) -> Iterator[RawThread | PreparedThread] | None:
        """Return the threads of a dump that is not one of records, if a worker read it; ``preparing`` can read it again."""
        looked = self._seen.pop(dump.name, None)
        if preparing is None or looked is None or looked.threads is None:
            return None
        again = cache(partial(preparing.whole, dump, reader))
        return threads_of(kept_piece(looked.threads), lambda: (raw for raw, _ in again() or ()))

    def _works(self, dumps: dict[str, ToLook]) -> Iterator[Work[str]]:
        for name, (dump, given, preparing) in dumps.items():
            with suppress(RostraError, OSError):
                # Another machine may lack the readers of other packages.
                format = choose(dump, given).NAME if plug_ins.points()[0] else given
                place = None if dump.is_folder else dump_place(dump, format)
                if place:
                    _, size, _ = place.stat
                    yield Work(name, size if size <= BATCH else max(BATCH, size // SMALLER), (place, format, preparing))
                    continue
            del self._unseen[name]


def look_at(folder: str, dumps: Sequence[tuple[DumpPlace, str | None, Preparing | None]]) -> list[Looked | Failed]:
    """Look at dumps, and keep what is found in a file in a folder."""
    keeper = Keeper(folder)
    looked = [attempt("finding the records in it", _looked, keeper, *each) for each in dumps]
    keeper.close()
    return looked


def _looked(keeper: Keeper, place: DumpPlace, format: str | None, preparing: Preparing | None) -> Looked:
    with opened_dump(place) as opened:
        reader = choose(opened.dump, format)
        records, (_, size, _) = recorded(opened.dump, reader), place.stat
        if records is None:
            return _looked_whole(keeper, opened.dump, reader, preparing if size <= LARGEST else None)
        found = records.scanned(opened, Record())
        if size > BATCH or getattr(reader, "JOINS", False):
            encoded = iter(lambda: msgspec.msgpack.encode(list(islice(found, TOGETHER))), EMPTY)
            return Looked(reader.NAME, list(map(keeper.put, encoded)))
        every = list(found)
        addresses = preparing.has_addresses(opened.dump, reader) if preparing else None
    with closing(sqlite3.connect("")) as base:
        base.executescript(TABLES)
        pieces = Pieces(base, place.name)
        for record, terms in every:
            pieces.add(record, terms)
        touched = list(pieces.touched())
    several = len(touched) > 1
    read = read_pieces(place, reader.NAME, preparing, several, [(piece.records, {}) for piece in touched])
    kept_in = zip(touched, keeper.put_pieces(read), strict=True)
    places = tuple((piece.number, there) for piece, there in kept_in if there)
    if not several:
        every = [(record, ()) for record, _ in every]
    records_in = [keeper.put(msgspec.msgpack.encode(every))]
    return Looked(reader.NAME, records_in, places, not several, has_addresses=addresses)


def _looked_whole(keeper: Keeper, dump: Dump, reader: Reader, preparing: Preparing | None) -> Looked:
    """Read a dump that is not one of records, unless the main process has to."""
    if preparing is None or getattr(reader, "JOINS", False) or not (found := preparing.whole(dump, reader)):
        return Looked(reader.NAME)
    threads = list[ReadThread]()
    for raw, problems in found:
        if (made := preparing.assembled(raw, dump, reader, several=len(found) > 1)) is None:
            return Looked(reader.NAME)
        threads.append(read_thread(raw, made, problems))
    addresses = preparing.has_addresses(dump, reader)
    return Looked(reader.NAME, threads=keeper.put_threads(threads), has_addresses=addresses)


_decode = msgspec.msgpack.Decoder(list[tuple[Record, list[int]]]).decode
