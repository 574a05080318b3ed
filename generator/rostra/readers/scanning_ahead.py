"""Find the records of large dumps in workers, while the main process goes on with the dumps before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import msgspec

from rostra.errors import RostraError
from rostra.readers import choose, named
from rostra.readers.dump import Dump
from rostra.readers.pieces import DumpPlace, dump_place, opened_dump
from rostra.readers.record_pieces import Record
from rostra.readers.records import Found, recorded
from rostra.system.attempts import Failed, attempt
from rostra.system.batches import BATCH
from rostra.system.workers import Job, Workers

TOGETHER = 4096
"""How many records are encoded together, so that few are in memory as objects."""
SMALLER = 16
"""How many times smaller the positions and terms of records are than the records."""
EMPTY = msgspec.msgpack.encode([])


def found_records(place: DumpPlace, format: str) -> list[bytes]:
    """Return the records of a dump, encoded some together; raise OSError if its file was changed."""
    reader: Any = named(format)
    with opened_dump(place) as opened:
        found = reader.RECORDS.scanned(opened, Record())
        return list(iter(lambda: msgspec.msgpack.encode(list(islice(found, TOGETHER))), EMPTY))


def _found(encoded: Iterable[bytes]) -> Iterator[Found]:
    for some in encoded:
        yield from _decode(some)


class ScanningAhead:
    """The dumps whose records are found ahead: those of one file of more than a batch; others are quick to search."""

    def __init__(self, dumps: Sequence[tuple[Dump, str | None]], workers: Workers) -> None:
        large = [(dump, format) for dump, format in dumps if workers.are_several and _is_large(dump)]
        self._waiting = {dump.name for dump, _ in large}
        self._found = dict[str, list[bytes]]()
        self._answers = workers.map(attempt, _jobs(large))

    def records(self, dump: Dump) -> Iterator[Found] | None:
        """Return the records of a dump; None if the caller is to find them, and to meet what fails."""
        while dump.name in self._waiting and (answer := next(self._answers, None)):
            of, found = answer
            self._waiting.discard(of)
            if not isinstance(found, Failed):
                self._found[of] = found
        encoded = self._found.pop(dump.name, None)
        return None if encoded is None else _found(encoded)


def _jobs(dumps: Iterable[tuple[Dump, str | None]]) -> Iterator[Job[str]]:
    for dump, format in dumps:
        with suppress(RostraError, OSError):
            reader = choose(dump, format)
            place = dump_place(dump, reader.NAME) if recorded(dump, reader) else None
            if place and getattr(reader, "JOINS", False):
                _, size, _ = place.stat
                yield Job(dump.name, size // SMALLER, ("finding the records in it", found_records, place, reader.NAME))


def _is_large(dump: Dump) -> bool:
    with suppress(RostraError, OSError):
        return not dump.is_folder and not dump.is_packed and dump.path.stat().st_size > BATCH
    return False


_decode = msgspec.msgpack.Decoder(list[tuple[Record, list[int]]]).decode
