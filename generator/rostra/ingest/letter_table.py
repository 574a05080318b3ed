"""Store the letters of all dumps by period (``threads.letters``), and the parents inferred from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct
from msgspec.msgpack import Decoder, encode
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.identity.permalinks import name
from rostra.model import Join, RawThread
from rostra.readers import Dump, choose, named
from rostra.readers.pieces import DumpPlace, KeptPiece, decoded, dump_place, keep_pieces, read_pieces
from rostra.readers.record_pieces import Piece, Record
from rostra.readers.resume import Reading, Tails
from rostra.readers.unpublished import Choice
from rostra.system.attempts import Failed, attempt, attempting
from rostra.system.workers import Job, Workers
from rostra.threads.infer_parents import inferred
from rostra.threads.letters import Letter, letters
from rostra.threads.reply_forest import AFTER, BEFORE, Trace, period_of, trace

TABLES = """
CREATE TABLE IF NOT EXISTS lettered (dump TEXT PRIMARY KEY, stamp TEXT, traces BLOB, pieces BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS letters (dump TEXT, period INTEGER, digest BLOB, letters BLOB, pieces BLOB, PRIMARY KEY (dump, period));
CREATE TABLE IF NOT EXISTS inferred (digest BLOB PRIMARY KEY, joins BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS joined (dump TEXT PRIMARY KEY, stamp TEXT, joins BLOB) WITHOUT ROWID;
"""
OWN = "\n"
"""Separates the name of a dump from the key of a message without an id, which no other dump can know."""
_traces = Decoder(list[Trace]).decode
_letters = Decoder(list[Letter]).decode
_joins = Decoder(dict[str, Join]).decode
_numbers = Decoder(list[int]).decode


class Joined(Struct, eq=False):
    """A dump to join with others: ``stamp`` is a digest of everything that its letters depend on.

    While its letters are read, ``stale`` are the pieces whose earlier letters they replace; None means all of them.
    """

    dump: Dump
    card: Card
    stamp: str
    stale: frozenset[int] | None = None


def _about(dump: Dump, card: Card) -> str:
    """Return the digest of everything that a dump's letters depend on besides the dump."""
    about = repr((dump.limits, dump.rules, card.format, card.publish_private))
    return sha256(about.encode("utf-8", "surrogatepass")).hexdigest()


class _ToRead(NamedTuple):
    """Pieces of a dump whose letters are being read."""

    each: Joined
    reading: Reading
    pieces: list[Piece]


class _PieceLetters(NamedTuple):
    """The encoded letters of a piece, and where its threads are kept."""

    letters: bytes
    kept: KeptPiece | None


def _letters_of(
    folder: str, place: DumpPlace, format: str, private: bool,
    pieces: Sequence[tuple[Sequence[Record], Mapping[str, Join]]],
) -> list[_PieceLetters]:  # fmt: skip
    """Return the letters of each piece of a dump, and keep their threads in a file in a folder, if there is one."""
    choice = Choice(place.rules, private=private)
    read = read_pieces(place, format, pieces)
    kept = keep_pieces(folder, read) if folder else [None] * len(read)
    return [
        _PieceLetters(encode(list(_letters_in(decoded(each), choice, place.name))), where)
        for each, where in zip(read, kept, strict=True)
    ]


def _letters_in(threads: Iterable[RawThread], choice: Choice, dump: str) -> Iterator[Letter]:
    for thread in filter(None, map(choice.of, threads)):
        known = attempt("joining a thread of it", list, letters(thread))
        for each in () if isinstance(known, Failed) else known:
            key = each.key if each.native is not None else f"{dump}{OWN}{each.key}"
            yield replace(each, key=key, home=dump)


class LetterTable:
    """The letters of dumps, and what was inferred of them, in a database; the owner of ``TABLES``."""

    def __init__(self, base: sqlite3.Connection, tails: Tails, workers: Workers) -> None:
        self._base, self._tails, self._workers = base, tails, workers
        self._used: set[bytes] = set()

    def take(self, dumps: Iterable[tuple[Dump, Card]]) -> list[Joined]:
        """Store the letters of dumps that changed; return the dumps whose format is one whose messages are joined."""
        taken = list[Joined]()
        # Failures are reported when a dump is read for publication.
        answers = self._workers.map(attempt, self._jobs(dumps, taken))
        for each, group in groupby(answers, key=lambda answer: answer[0].each):
            found = list[tuple[int, Letter]]()
            for of, read in group:
                for piece, answer in zip(of.pieces, () if isinstance(read, Failed) else read, strict=False):
                    found.extend((piece.number, letter) for letter in _letters(answer.letters))
                    if answer.kept:
                        of.reading.kept[piece.number] = answer.kept
            self._put(each, found)
        joins = "SELECT dump FROM lettered WHERE traces IS NOT NULL"
        joined = {dump for (dump,) in self._base.execute(joins)}
        return [each for each in taken if each.dump.name in joined]

    def _jobs(self, dumps: Iterable[tuple[Dump, Card]], taken: list[Joined]) -> Iterator[Job[_ToRead]]:
        """Yield the jobs that read the dumps; ``taken`` collects the dumps."""
        for dump, card in dumps:
            row = self._base.execute("SELECT stamp FROM lettered WHERE dump = ?", (dump.name,)).fetchone()
            (last,) = row or ("",)
            # A dump that cannot be read now is joined as before.
            taken.append(each := Joined(dump, card, last))
            with suppress(RostraError, OSError):
                about = _about(dump, card)
                each.stamp = f"{about} {dump.sha256}"
            if each.stamp == last:
                continue
            dump.joins = {}
            jobs: Iterable[Job[list[Piece]] | None] = ()
            read = list[tuple[int, Letter]]()
            with attempting("reading it", lambda _: None, sqlite3.Error):
                reading, place = self._begun(each, grown=last.startswith(f"{about} "))
                if reading and place:
                    jobs = reading.batches()
                elif getattr(reader := choose(dump, card.format), "JOINS", False):
                    choice = Choice(dump.rules, private=card.publish_private)
                    read.extend((0, letter) for letter in _letters_in(reader.read(dump), choice, dump.name))
            there = False
            for job in filter(None, jobs):
                assert reading
                assert place
                there, of = True, _ToRead(each, reading, job.of)
                what = (self._tails.folder, place, reading.format, card.publish_private, *job.arguments)
                yield Job(of, job.size, ("reading it", _letters_of, *what))
            if not there:
                self._put(each, read)
            dump.failures.clear()
            dump.let_go_head()

    def _begun(self, each: Joined, *, grown: bool) -> tuple[Reading | None, DumpPlace | None]:
        """Begin to read a dump of records whose messages are joined; if it has ``grown``, only its changed pieces."""
        reading = self._tails.begin(each.dump, each.card.format, grown=True)
        reader = named(reading.format) if reading else choose(each.dump, each.card.format)
        if reader is None or not getattr(reader, "JOINS", False):
            return None, None
        reading, place = self._tails.begin(each.dump, each.card.format), dump_place(each.dump, reader.NAME)
        if reading and not grown:
            reading.read_all()
        if reading and place:
            each.stale = reading.pieces.replaced() if reading.is_growth else None
            reading.rest()
        return reading, place

    def _put(self, each: Joined, found: Sequence[tuple[int, Letter]]) -> None:
        """Store a dump's letters, each with its piece."""
        dump, kept, stale = each.dump.name, list[tuple[int, Trace]](), each.stale or frozenset[int]()
        if each.stale is not None:
            kept = list(zip(self._pieces("lettered", dump), self.traces(dump), strict=True))
        else:
            self._base.execute("DELETE FROM letters WHERE dump = ?", (dump,))
        news = dict[int, list[tuple[int, Letter]]]()
        for piece, letter in found:
            news.setdefault(period_of(letter.time), []).append((piece, letter))
        changed = {trace.period for piece, trace in kept if piece in stale}
        for period in sorted(changed | news.keys()):
            self._put_period(dump, period, stale, news.get(period, []))
        kept = [(piece, trace) for piece, trace in kept if piece not in stale]
        kept += ((piece, trace(letter)) for piece, letter in found)
        pieces, traces = zip(*sorted(kept, key=itemgetter(0)), strict=True) if kept else ((), ())
        row = (dump, each.stamp, encode(traces) if kept else None, encode(pieces))
        self._base.execute("INSERT OR REPLACE INTO lettered VALUES (?, ?, ?, ?)", row)

    def _put_period(self, dump: str, period: int, stale: Collection[int], news: list[tuple[int, Letter]]) -> None:
        """Replace the letters of stale pieces in a period."""
        query = "SELECT pieces, letters FROM letters WHERE dump = ? AND period = ?"
        known, letters = self._base.execute(query, (dump, period)).fetchone() or (encode([]), encode([]))
        pairs = [pair for pair in zip(_numbers(known), _letters(letters), strict=True) if pair[0] not in stale]
        pairs = sorted((*pairs, *news), key=itemgetter(0))
        self._base.execute("DELETE FROM letters WHERE dump = ? AND period = ?", (dump, period))
        if pairs:
            pieces, found = zip(*pairs, strict=True)
            row = (dump, period, sha256(blob := encode(found)).digest(), blob, encode(pieces))
            self._base.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?)", row)

    def _pieces(self, table: str, dump: str) -> list[int]:
        row = self._base.execute(f"SELECT pieces FROM {table} WHERE dump = ?", (dump,)).fetchone()  # noqa: S608  # a constant
        return _numbers(row[0]) if row and row[0] else []

    def traces(self, dump: str) -> list[Trace]:
        """Return the part of a dump's messages that is compared over all dumps."""
        row = self._base.execute("SELECT traces FROM lettered WHERE dump = ?", (dump,)).fetchone()
        return _traces(row[0]) if row and row[0] else []

    def keys(self) -> set[str]:
        """Return the ids of all messages, in the source and in addresses."""
        blobs = self._base.execute("SELECT traces FROM lettered WHERE traces IS NOT NULL").fetchall()
        keys = {each.key for (blob,) in blobs for each in _traces(blob) if not each.missing}
        return keys | {f"p-{name(key)}" for key in keys}

    def inferred(self, dumps: Collection[str], period: int, open: Mapping[str, str]) -> dict[str, Join]:
        """Return the parents inferred for the open messages of a period, as stored if nothing around it changed."""
        around = (period - BEFORE, period + AFTER)
        query = "SELECT rowid, dump, digest FROM letters WHERE period BETWEEN ? AND ? ORDER BY dump, period"
        rows = [row for row in self._base.execute(query, around).fetchall() if row[1] in dumps]
        digest = sha256(encode(([row[1:] for row in rows], open))).digest()
        self._used.add(digest)
        if known := self._base.execute("SELECT joins FROM inferred WHERE digest = ?", (digest,)).fetchone():
            return _joins(known[0])
        joins = inferred(chain.from_iterable(self._letters(row[0]) for row in rows), open)
        self._base.execute("INSERT INTO inferred VALUES (?, ?)", (digest, encode(joins)))
        return joins

    def _letters(self, row: int) -> list[Letter]:
        (blob,) = self._base.execute("SELECT letters FROM letters WHERE rowid = ?", (row,)).fetchone()
        return _letters(blob)

    def restored(self, dump: Dump, stamp: str) -> bool:
        """Give a dump its joins if they are stored for this stamp."""
        row = self._base.execute("SELECT joins FROM joined WHERE dump = ? AND stamp = ?", (dump.name, stamp)).fetchone()
        if row:
            dump.joins = _joins(row[0])
        return row is not None

    def note(self, dump: Dump, stamp: str, joins: dict[str, Join]) -> None:
        """Give a dump its joins, and store them."""
        row = self._base.execute("SELECT joins FROM joined WHERE dump = ?", (dump.name,)).fetchone()
        before = _joins(row[0]) if row else {}
        dump.joins = joins
        self._base.execute("INSERT OR REPLACE INTO joined VALUES (?, ?, ?)", (dump.name, stamp, encode(joins)))
        moved = {key: key in before for key in {**before, **joins} if before.get(key) != joins.get(key)}
        self._tails.move(dump.name, moved)

    def forget_others(self, dumps: Collection[str]) -> None:
        """Delete the data of dumps that are no longer in the site, and results that were not used."""
        for table in ("lettered", "letters", "joined"):
            for (dump,) in self._base.execute(f"SELECT DISTINCT dump FROM {table}").fetchall():  # noqa: S608  # constants
                if dump not in dumps:
                    self._base.execute(f"DELETE FROM {table} WHERE dump = ?", (dump,))  # noqa: S608  # constants
        for (digest,) in self._base.execute("SELECT digest FROM inferred").fetchall() if self._used else ():
            if digest not in self._used:
                self._base.execute("DELETE FROM inferred WHERE digest = ?", (digest,))
