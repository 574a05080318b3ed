"""Store how far each dump was read, so that reading a dump that grew resumes there.

Stored for dumps of records (``readers/records.py``) with several pieces: the digest of everything before
the last record, the start of the second to last, the records by piece, and the debates that each
piece became.  The last record may continue, or turn out not to be one; the previous one may then continue too.
If both are unchanged, they are not read again.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from rostra.model import RawThread
from rostra.readers import Dump, Reader, choose
from rostra.readers.dump import HEAD
from rostra.readers.pieces import decoded, dump_place, read_pieces
from rostra.readers.record_table import TABLES as RECORDS
from rostra.readers.record_table import RecordTable, term_hash
from rostra.readers.records import Opened, Piece, Pieces, Record, Recorded
from rostra.system.batches import BATCH
from rostra.system.workers import Workers

TABLES = f"""{RECORDS}
CREATE TABLE digests (dump TEXT PRIMARY KEY, described TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE tails (dump INTEGER PRIMARY KEY, context TEXT, format TEXT, digest TEXT, size INTEGER, number INTEGER, start INTEGER, line INTEGER, pieces INTEGER, whole TEXT, length INTEGER);
CREATE TABLE debates_of (dump INTEGER, piece INTEGER, debate TEXT, PRIMARY KEY (dump, piece, debate)) WITHOUT ROWID;
"""


class Tails:
    """The stored state of dumps that may grow."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def digest(self, dump: str, described: str) -> str | None:
        """Return the stored digest of a dump with this snapshot, or None."""
        query = "SELECT digest FROM digests WHERE dump = ? AND described = ?"
        row = self._base.execute(query, (dump, described)).fetchone()
        return row[0] if row else None

    def note_digest(self, dump: str, described: str, digest: str) -> None:
        """Store the digest of a dump with this snapshot."""
        self._base.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", (dump, described, digest))

    def forget(self, dump: str) -> None:
        """Delete a dump's state: it is read whole next time."""
        RecordTable(self._base, dump).forget()
        for table in ("tails", "debates_of"):
            self._base.execute(f"DELETE FROM {table} WHERE dump = ?", (term_hash(dump),))  # noqa: S608  # the names above

    def forget_moved(self, dump: str, terms: Iterable[str]) -> None:
        """Delete the state of a dump if it was read with any of these terms, which now belong elsewhere."""
        table = RecordTable(self._base, dump)
        if any(table.piece_of(term_hash(term)) is not None for term in terms):
            self.forget(dump)

    def grown(self, dump: Dump, context: str, format: str | None = None) -> Reading | None:
        """Return how to resume reading a dump; None if it is not the dump that was read, with more appended.

        ``context`` is what its debates depend on besides the dump, with the ``format`` that a card may name.
        """
        query = "SELECT format, digest, size, number, start, line, pieces, whole, length FROM tails WHERE dump = ? AND context = ?"
        row = self._base.execute(query, (term_hash(dump.name), context)).fetchone()
        if row is None or dump.begins(row[2]) != row[1]:
            return None
        known, _, size, number, start, line, count, whole, length = row
        # Readers recognise a dump by its head, which is unchanged.
        reader = choose(dump, known if size >= HEAD else format)
        records = recorded(dump, reader)
        if records is None:
            return None
        taken = RecordTable(self._base, dump.name).taken_from(number)
        before = {Record(*place): piece for place, piece in taken.items()}
        begun = Record(number=number, start=start, line=line)
        is_longer = dump.begins(length) == whole
        return Reading(self._base, dump, reader.NAME, records, begun, before, count, is_longer=is_longer)

    def whole(self, dump: Dump, reader: Reader) -> Reading | None:
        """Return how to read a dump of records from its beginning; None for other dumps."""
        self.forget(dump.name)
        records = recorded(dump, reader)
        return Reading(self._base, dump, reader.NAME, records, Record(), {}) if records else None

    def note(self, reading: Reading, context: str, debates: dict[int, list[str]]) -> None:
        """Store that a dump was read completely, and which debates each piece became."""
        # Who is a namesake depends on all pieces.
        if len(reading.last) < 2 or not reading.pieces.several or reading.dump.people.has_ids:
            self.forget(reading.dump.name)
            return
        dump = term_hash(reading.dump.name)
        reading.pieces.flush()
        before, last = reading.last
        digest = reading.dump.begins(last.start)
        row = (
            dump,
            context,
            reading.format,
            digest,
            last.start,
            before.number,
            before.start,
            before.line,
            reading.pieces.count,
            reading.dump.sha256,
            reading.dump.path.stat().st_size,
        )
        self._base.execute("INSERT OR REPLACE INTO tails VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        stale = ((dump, number) for numbers in reading.pieces.called.values() for number in numbers)
        self._base.executemany("DELETE FROM debates_of WHERE dump = ? AND piece = ?", stale)
        rows = ((dump, piece, debate) for piece, found in debates.items() for debate in found)
        self._base.executemany("INSERT OR REPLACE INTO debates_of VALUES (?, ?, ?)", rows)


class Reading:
    """The reading of a dump of records, from its beginning or resumed.

    ``before`` are the former records from that point on, with their pieces; the dump ``is_longer`` if it still contains
    everything that was read; otherwise the last records may have been overwritten.
    """

    def __init__(
        self,
        base: sqlite3.Connection,
        dump: Dump,
        format: str,
        records: Recorded,
        start: Record,
        before: Mapping[Record, int],
        count: int = 0,
        *,
        is_longer: bool = False,
    ) -> None:
        self.dump = dump
        self.format = format
        self.pieces = Pieces(base, dump.name, count)
        self.last: deque[Record] = deque(maxlen=2)
        self._base = base
        self._records = records
        self._handed = deque[int]()
        self._opened = Opened(dump)
        standing = before if is_longer else {}
        changed = dict(before)
        for record, terms in records.found(self._opened, start):
            if record in standing:
                self.pieces.keep(record, changed.pop(record))
            else:
                self.pieces.add(record, terms)
            self.last.append(record)
        for piece in changed.values():
            self.pieces.touch(piece)
        self.is_growth = start.number > 0

    def stale(self) -> set[str]:
        """Return the debates of the pieces that are read again."""
        numbers = set().union(*self.pieces.called.values())
        query = "SELECT debate FROM debates_of WHERE dump = ? AND piece = ?"
        dump = term_hash(self.dump.name)
        return {debate for number in numbers for (debate,) in self._base.execute(query, (dump, number))}

    def threads(self, workers: Workers | None = None) -> Iterator[RawThread]:
        """Yield the threads to make, which ``workers`` read; raise UnreadableDump if the whole dump has none."""
        found, portion = self.is_growth, self.dump.portion
        # How many are read again is unknown for a dump that grew.
        portion.begin(self._records.called, None if found else portion.done)
        with self._opened:
            for piece, made in self._made(workers):
                for thread in made:
                    found = True
                    self._handed.append(piece.number)
                    yield thread
                portion.done += len(piece.records)
            if not found and not self.dump.failures:
                raise self._records.nothing(self.dump)

    def _made(self, workers: Workers | None) -> Iterator[tuple[Piece, Iterable[RawThread]]]:
        """Yield each piece with its threads."""
        place = dump_place(self.dump, self.format)
        # What joining found of messages stays in this process, with the dump.
        if workers is None or place is None or not workers.are_several or self.dump.joins:
            yield from ((piece, self._records.made(self._opened, piece)) for piece in self.pieces.touched())
            return
        sent = deque[list[Piece]]()
        values = workers.map(partial(read_pieces, place, self.format), self.batches(sent))
        for answer in values:
            for piece, read in zip(sent.popleft(), answer, strict=True):
                self.dump.failures += read.failures
                if read.uses_json:
                    self.dump.audit.used = True
                yield piece, decoded(read)

    def batches(self, sent: deque[list[Piece]] | None = None) -> Iterator[tuple[int, tuple[list[list[Record]]]]]:
        """Yield tasks of several pieces, with their bytes; ``sent`` keeps the pieces of each."""
        sent = deque(maxlen=0) if sent is None else sent
        batch, size = list[Piece](), 0
        for piece in self.pieces.touched():
            bytes_of = sum(record.size for record in piece.records)
            if batch and size + bytes_of > BATCH:
                sent.append(batch)
                yield size, ([each.records for each in batch],)
                batch, size = [], 0
            batch.append(piece)
            size += bytes_of
        if batch:
            sent.append(batch)
            yield size, ([each.records for each in batch],)

    def close(self) -> None:
        """Close the dump."""
        self._opened.__exit__(None, None, None)

    def piece(self) -> int:
        """Return the piece of the next thread, in the order in which the threads were yielded."""
        return self._handed.popleft()


def whole_dump(base: sqlite3.Connection, dump: Dump, format: str, records: Recorded) -> Reading:
    """Find the records of a whole dump, and keep them in an empty database."""
    base.executescript(RECORDS)
    return Reading(base, dump, format, records, Record(), {})


def recorded(dump: Dump, reader: Reader) -> Recorded | None:
    """Return how to read a dump's records; None if it has none, or reading cannot resume."""
    records: Recorded | None = getattr(reader, "RECORDS", None)
    return records if records and not dump.is_folder and not dump.is_packed and records.holds(dump) else None
