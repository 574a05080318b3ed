"""Store how far each dump was read, so that reading a dump that grew resumes there.

Stored for dumps of records (``readers/records/recorded.py``) with several pieces: the digest of everything before
the last record, the start of the second to last, the records by piece, and the debates that each
piece became.  The last record may continue, or turn out not to be one; the previous one may then continue too.
If both are unchanged, they are not read again.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from rostra.model import RawThread
from rostra.readers import Dump, Reader, choose
from rostra.readers.dumps.dump import HEAD
from rostra.readers.records.looking_ahead import Looked, LookingAhead, ToLook
from rostra.readers.records.pieces import KeptBytes, ReadPiece, dump_place, kept_piece, read_pieces, threads_of
from rostra.readers.records.prepared import PreparedThread, Preparing
from rostra.readers.records.record_pieces import Piece, Pieces, Record
from rostra.readers.records.record_table import TABLES as RECORDS
from rostra.readers.records.record_table import RecordTable, term_hash
from rostra.readers.records.recorded import Before, Opened, Recorded, recorded
from rostra.system.batches import Work, batches
from rostra.system.workers import Job, Workers

TABLES = f"""{RECORDS}
CREATE TABLE digests (dump TEXT PRIMARY KEY, described TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE tails (dump INTEGER PRIMARY KEY, context TEXT, format TEXT, digest TEXT, size INTEGER, number INTEGER, start INTEGER, line INTEGER, pieces INTEGER, whole TEXT, length INTEGER, learned TEXT);
CREATE TABLE debates_of (dump INTEGER, piece INTEGER, debate TEXT, PRIMARY KEY (dump, piece, debate)) WITHOUT ROWID;
"""


class Tails:
    """The stored state of dumps that may grow; what is read of them may be kept in a folder until they are published."""

    def __init__(self, base: sqlite3.Connection, folder: str = "") -> None:
        self._base, self.folder = base, folder
        self._begun: dict[str, Reading] = {}
        self._moved: dict[str, set[str]] = {}
        self.ahead = LookingAhead()

    def look_ahead(self, dumps: Iterable[ToLook], workers: Workers) -> None:
        """Let workers look at those dumps that are read whole."""
        if self.folder and workers.are_several:
            whole = [of for of in dumps if of.dump.name not in self._begun and self._row(of.dump) is None]
            self.ahead.add(whole, self.folder, workers)

    def reader(self, dump: Dump, format: str | None) -> Reader:
        """Return the reader of a dump."""
        self.ahead.wait(dump)
        return choose(dump, format)

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

    def move(self, dump: str, posts: Mapping[str, bool]) -> None:
        """Mark the pieces of posts that are joined differently than before for reading.

        If one was joined before, pieces may have to be split, and all of the dump is read.
        """
        begun, table = self._begun.get(dump), RecordTable(self._base, dump)
        split = (term_hash(post) for post, joined in posts.items() if joined)
        if begun and not begun.is_growth:
            # Its pieces are found anew, and not merged yet.
            return
        if any(table.piece_of(term) is not None for term in split):
            self._begun.pop(dump, None)
            self.forget(dump)
        else:
            self._moved[dump] = set(posts)

    def begin(self, dump: Dump, format: str | None, *, grown: bool = False) -> Reading | None:
        """Find the records of a dump, if a reading has not begun already; None for other dumps.

        If the dump is the one that was read, with more appended, only the new records are searched; others are not
        searched at all if it must have ``grown``.  ``format`` is what a card names.
        """
        if dump.name not in self._begun:
            reading = self.grown(dump, format) or (None if grown else self._whole(dump, format))
            if reading:
                self._begun[dump.name] = reading
        return self._begun.get(dump.name)

    def grown(self, dump: Dump, format: str | None) -> Reading | None:
        """Return how to resume reading a dump; None if it is not the dump that was read, with more appended."""
        row = self._row(dump)
        if row is None or dump.begins(row[2]) != row[1]:
            return None
        known, _, size, number, start, line, count, whole, length, context, learned = row
        # Readers recognise a dump by its head, which is unchanged.
        reader = choose(dump, known if size >= HEAD else format)
        records = recorded(dump, reader) if known == reader.NAME else None
        if records is None or records.learned(dump) != learned:
            return None
        taken = RecordTable(self._base, dump.name).taken_from(number)
        before = {Record(*place): piece for place, piece in taken.items()}
        begun = Record(number=number, start=start, line=line)
        known_before = Before(begun, before, count, dump.begins(length) == whole, context)
        return Reading(self._base, dump, reader.NAME, records, known_before)

    def _row(self, dump: Dump) -> Any:
        query = "SELECT format, digest, size, number, start, line, pieces, whole, length, context, learned FROM tails WHERE dump = ?"
        return self._base.execute(query, (term_hash(dump.name),)).fetchone()

    def _whole(self, dump: Dump, format: str | None) -> Reading | None:
        self.forget(dump.name)
        looked = self.ahead.take(dump)
        reader = choose(dump, format)
        records = reader.RECORDS if looked else recorded(dump, reader)  # type: ignore[attr-defined]  # they were found
        return Reading(self._base, dump, reader.NAME, records, looked=looked) if records else None

    def reading(self, dump: Dump, format: str | None, *, grown: bool = False) -> Reading | None:
        """Return what ``begin`` does, after the dump's posts are joined."""
        reading = self.begin(dump, format, grown=grown)
        if reading:
            reading.pieces.connect(dump.joins)
            reading.pieces.touch_posts(self._moved.get(dump.name, ()))
        return reading

    def take(self, reading: Reading) -> None:
        """Record that a reading is in use; another one begins anew."""
        self._begun.pop(reading.dump.name, None)

    def settle(self, dumps: Iterable[str] = ()) -> None:
        """Forget these dumps, and those whose reading began and was not used."""
        for dump in (*dumps, *self._begun):
            self.forget(dump)
        self._begun.clear()

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
        where = (digest, last.start, before.number, before.start, before.line, reading.pieces.count)
        whole = (reading.dump.sha256, reading.dump.path.stat().st_size, reading.records.learned(reading.dump))
        row = (dump, context, reading.format, *where, *whole)
        self._base.execute("INSERT OR REPLACE INTO tails VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        stale = ((dump, number) for numbers in reading.pieces.called.values() for number in numbers)
        self._base.executemany("DELETE FROM debates_of WHERE dump = ? AND piece = ?", stale)
        rows = ((dump, piece, debate) for piece, found in debates.items() for debate in found)
        self._base.executemany("INSERT OR REPLACE INTO debates_of VALUES (?, ?, ?)", rows)


class Reading:
    """The reading of a dump of records, from its beginning or resumed."""

    def __init__(
        self, base: sqlite3.Connection, dump: Dump, format: str, records: Recorded, before: Before | None = None,
        looked: Looked | None = None,
    ) -> None:  # fmt: skip
        self.is_growth = before is not None
        """Whether only what grew is read."""
        before = before or Before()
        self.dump = dump
        self.format = format
        self.context = before.context
        self.pieces = Pieces(base, dump.name, before.pieces)
        self.last: deque[Record] = deque(maxlen=2)
        self._base = base
        self.records = records
        self._handed = deque[int]()
        self.kept = dict(looked.read) if looked else {}
        """Where pieces are kept that were read already."""
        self._opened = Opened(dump)
        standing = before.records if before.is_longer else {}
        changed = dict(before.records)
        found = looked.found() if looked else records.scanned(self._opened, before.start)
        counted = records.counted(dump, found)
        if looked and looked.one_piece:
            self.pieces.add_one([record for record, _ in counted])
            counted = iter(())
        for record, terms in counted:
            if record in standing:
                self.pieces.keep(record, changed.pop(record))
            else:
                self.pieces.add(record, terms)
            self.last.append(record)
        for piece in changed.values():
            self.pieces.touch(piece)
        # How many are read again is unknown for a dump that grew.
        self._total = None if self.is_growth else dump.portion.done

    def read_all(self) -> None:
        """Read the whole dump, not only what grew."""
        if self.is_growth:
            self.pieces.touch_all()
            self.is_growth = False

    def rest(self) -> None:
        """Keep little in memory until the dump is read."""
        self.pieces.rest()
        self.close()

    def stale(self) -> set[str]:
        """Return the debates of the pieces that are read again."""
        numbers = set().union(*self.pieces.called.values())
        query = "SELECT debate FROM debates_of WHERE dump = ? AND piece = ?"
        dump = term_hash(self.dump.name)
        return {debate for number in numbers for (debate,) in self._base.execute(query, (dump, number))}

    @property
    def several(self) -> bool:
        """Whether the dump seems to hold several threads."""
        return self.is_growth or self.pieces.several

    def threads(
        self, workers: Workers | None = None, preparing: Preparing | None = None
    ) -> Iterator[RawThread | PreparedThread]:
        """Yield the threads to make, which ``workers`` read and prepare; raise UnreadableDump if the whole dump has none."""
        found, portion = self.is_growth, self.dump.portion
        portion.begin(self.records.called, self._total)
        with self._opened:
            for piece, made in self._made(workers, preparing):
                for thread in made:
                    found = True
                    self._handed.append(piece.number)
                    yield thread
                portion.done += len(piece.records)
            if not found and not self.dump.failures:
                raise self.records.nothing(self.dump)

    def _made(
        self, workers: Workers | None, preparing: Preparing | None
    ) -> Iterator[tuple[Piece, Iterable[RawThread | PreparedThread]]]:
        """Yield each piece with its threads."""
        answers = self._answers(workers, preparing)
        for piece in self.pieces.touched():
            if kept := self._kept(piece):
                read = kept_piece(kept)
            elif answers:
                read = next(answers)
            else:
                yield piece, self.records.made(self._opened, piece)
                continue
            self.dump.failures += read.failures
            if read.uses_json:
                self.dump.audit.used = True
            yield piece, threads_of(read, partial(self._again, piece))

    def _again(self, piece: Piece) -> Iterator[RawThread]:
        with Opened(self.dump) as opened:
            yield from self.records.made(opened, piece)

    def _answers(self, workers: Workers | None, preparing: Preparing | None) -> Iterator[ReadPiece] | None:
        """Return what workers read; None if they cannot."""
        place = dump_place(self.dump, self.format)
        if workers is None or place is None or not workers.are_several:
            return None
        answers = workers.map(partial(read_pieces, place, self.format, preparing, self.several), self.batches())
        return (read for _, answer in answers for read in answer)

    def batches(self) -> Iterator[Job[list[Piece]] | None]:
        """Yield jobs of several pieces, whose records are their arguments, with what joining found of their posts."""
        joins = self.pieces.joins
        return batches(
            Work(each, sum(record.size for record in each.records), (each.records, joins.get(each.number, {})))
            for each in self.pieces.touched()
            if not self._kept(each)
        )

    def _kept(self, piece: Piece) -> KeptBytes | None:
        """Return where a piece's threads are kept, if none of its posts is joined with others."""
        return None if piece.number in self.pieces.joins else self.kept.get(piece.number)

    def close(self) -> None:
        """Close the dump."""
        self._opened.__exit__(None, None, None)

    def piece(self) -> int:
        """Return the piece of the next thread, in the order in which the threads were yielded."""
        return self._handed.popleft()


def no_tails(base: sqlite3.Connection) -> Tails:
    """Return the state of no dump, in an empty database."""
    base.executescript(TABLES)
    return Tails(base)
