"""Read the next dumps in workers while the main process places the threads of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from rostra.errors import RostraError
from rostra.ingest.sources import DumpEntry
from rostra.readers.pieces import dump_place, read_and_keep
from rostra.readers.record_pieces import Piece
from rostra.readers.resume import Reading, Tails, scanned
from rostra.system.attempts import Failed, attempt
from rostra.system.batches import BATCH
from rostra.system.workers import Job, Workers

OfPieces = tuple[Reading, list[Piece]]


class ReadingAhead:
    """The dumps of records that are read ahead, in the order of ``entries``: those of one batch each.

    A larger dump keeps all workers busy by itself.
    """

    def __init__(self, entries: Iterable[DumpEntry], tails: Tails, workers: Workers) -> None:
        self._tails = tails
        several = entries if workers.are_several else ()
        self._unread = {entry.dump.name: entry for entry in several if _size(entry) <= BATCH}
        self._answers = workers.map(attempt, self._jobs())

    def wait(self, dump: str) -> None:
        """Wait until the pieces of a dump are read, if it is one of them."""
        while dump in self._unread and (answer := next(self._answers, None)):
            (reading, pieces), kept = answer
            self._unread.pop(reading.dump.name, None)
            # A failure is met again when the dump is read for publication.
            for piece, place in zip(pieces, () if isinstance(kept, Failed) else kept, strict=False):
                if place:
                    reading.kept[piece.number] = place

    def _jobs(self) -> Iterator[Job[OfPieces]]:
        for name, entry in [*self._unread.items()]:
            job: Job[list[Piece]] | None = None
            reading: Reading | None = None
            with suppress(RostraError, OSError):
                begin = partial(self._tails.begin, entry.dump, entry.card.format)
                reading = scanned(entry.dump, begin)
                place = dump_place(entry.dump, reading.format) if reading else None
                if reading and place:
                    job = next(iter(reading.batches()), None)
                    reading.close()
            if reading and job:
                what = ("reading it", read_and_keep, self._tails.folder, place, reading.format, *job.arguments)
                yield Job((reading, job.of), job.size, what)
            else:
                self._unread.pop(name)


def _size(entry: DumpEntry) -> int:
    """Return the bytes of a dump that is a file; many for others."""
    try:
        return BATCH + 1 if entry.dump.is_folder else entry.dump.path.stat().st_size
    except OSError:
        return BATCH + 1
