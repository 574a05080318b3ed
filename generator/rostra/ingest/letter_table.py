"""Store the letters of all dumps by period (``threads.letters``), and the parents inferred from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from msgspec import Raw, Struct
from msgspec.msgpack import Decoder, encode

from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.identity.permalinks import name
from rostra.ingest.assembling import preparation, to_look
from rostra.ingest.piece_letters import letters_in, letters_of_pieces
from rostra.model import Join
from rostra.readers import Dump, choose, named
from rostra.readers.guards.unpublished import Choice
from rostra.readers.records.pieces import DumpPlace, dump_place
from rostra.readers.records.record_pieces import Piece
from rostra.readers.records.resume import Reading, Tails
from rostra.system.attempts import Failed, attempt, attempting
from rostra.system.workers import Job, Workers
from rostra.threads.infer_parents import inferred
from rostra.threads.letters import Letter
from rostra.threads.reply_forest import AFTER, BEFORE, Trace, period_of, trace

TABLES = """
CREATE TABLE IF NOT EXISTS lettered (dump TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS letters (dump TEXT, period INTEGER, digest BLOB, pieces BLOB, traces BLOB, letters BLOB, PRIMARY KEY (dump, period));
CREATE TABLE IF NOT EXISTS inferred (digest BLOB PRIMARY KEY, joins BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS joined (dump TEXT PRIMARY KEY, stamp TEXT, joins BLOB) WITHOUT ROWID;
"""
PARTLY = "partly"
"""Begins the stamp of a dump whose reading failed, so that it is read anew by the next build."""
MANY = 4 << 20
"""Bytes of letters from which on those of one search are in memory at a time."""
_traces = Decoder(list[Trace]).decode
_letters = Decoder(list[Letter]).decode
_joins = Decoder(dict[str, Join]).decode
_numbers = Decoder(list[int]).decode
_raws = Decoder(list[Raw]).decode


class Joined(Struct, eq=False):
    """A dump to join with others: ``stamp`` is a digest of everything that its letters depend on, ``before`` the stored one.

    While its letters are read, ``stale`` are the pieces whose earlier letters they replace; None means all of them.
    """

    dump: Dump
    card: Card
    before: str
    stamp: str
    stale: frozenset[int] | None = None


def _about(dump: Dump, card: Card) -> str:
    """Return the digest of everything that a dump's letters depend on besides the dump."""
    about = repr((dump.limits, dump.rules, card.format, card.publish_private))
    return sha256(about.encode("utf-8", "surrogatepass")).hexdigest()


def _stamped(dump: Dump, card: Card, before: str, broken: Collection[str]) -> Joined:
    """Return a dump with its stamp; one that is ``broken``, or cannot be read now, is joined as before."""
    with suppress(RostraError, OSError):
        if dump.name not in broken:
            return Joined(dump, card, before, f"{_about(dump, card)} {dump.sha256}")
    return Joined(dump, card, before, before)


class _InPiece(NamedTuple):
    """A letter of a piece of a dump, and its trace; those that stay as they are stored are not decoded."""

    piece: int
    trace: Trace | Raw
    letter: Letter | Raw


class _ToRead(NamedTuple):
    """Pieces of a dump whose letters are being read."""

    each: Joined
    reading: Reading
    pieces: list[Piece]


def _inferred(letters: Sequence[bytes], open: Mapping[str, str]) -> bytes:
    """Return the parents inferred for open messages, encoded, given the letters around them."""
    return encode(inferred(chain.from_iterable(map(_letters, letters)), open))


class LetterTable:
    """The letters of dumps, and what was inferred of them, in a database; the owner of ``TABLES``."""

    def __init__(self, base: sqlite3.Connection, tails: Tails, workers: Workers, *, pseudonyms: bool = False) -> None:
        self._base, self._tails, self._workers, self._pseudonyms = base, tails, workers, pseudonyms
        self._used: set[bytes] = set()

    def take(self, dumps: Iterable[tuple[Dump, Card]], broken: Collection[str] = ()) -> list[Joined]:
        """Store the letters of dumps that changed and are not ``broken``; return those whose messages are joined."""
        known = dict(self._base.execute("SELECT dump, stamp FROM lettered"))
        taken = [_stamped(dump, card, known.get(dump.name, ""), broken) for dump, card in dumps]
        changed = [each for each in taken if each.stamp != each.before]
        self._tails.look_ahead(
            [to_look(each.dump, each.card, pseudonyms=self._pseudonyms) for each in changed], self._workers
        )
        # Failures are reported when a dump is read for publication.
        answers = self._workers.map(attempt, self._jobs(changed))
        for each, group in groupby(answers, key=lambda answer: answer[0].each):
            found, fails = list[tuple[int, Letter]](), False
            for of, read in group:
                fails = fails or isinstance(read, Failed) or any(answer.fails for answer in read)
                for piece, answer in zip(of.pieces, () if isinstance(read, Failed) else read, strict=False):
                    found.extend((piece.number, letter) for letter in _letters(answer.letters))
                    if answer.kept:
                        of.reading.kept[piece.number] = answer.kept
            self._put(each, found, fails=fails)
        joined = {dump for (dump,) in self._base.execute("SELECT DISTINCT dump FROM letters")}
        return [each for each in taken if each.dump.name in joined]

    def _jobs(self, changed: Iterable[Joined]) -> Iterator[Job[_ToRead]]:
        """Yield the jobs that read the dumps that changed."""
        for each in changed:
            dump, card = each.dump, each.card
            dump.joins = {}
            jobs: Iterable[Job[list[Piece]] | None] = ()
            read, errors = list[tuple[int, Letter]](), list[RostraError]()
            with attempting("reading it", errors.append, sqlite3.Error):
                reading, place = self._begun(each)
                if reading and place:
                    jobs = reading.batches()
                elif getattr(reader := choose(dump, card.format), "JOINS", False):
                    choice = Choice(dump.rules, private=card.publish_private)
                    read.extend((0, letter) for letter in letters_in(reader.read(dump), choice, dump.name))
            there = False
            for job in filter(None, jobs):
                assert reading
                assert place
                there, of = True, _ToRead(each, reading, job.of)
                preparing = preparation(dump, card, pseudonyms=self._pseudonyms)
                how = (self._tails.folder, place, reading.format, card.publish_private, preparing, reading.several)
                yield Job(of, job.size, ("reading it", letters_of_pieces, *how, *job.arguments))
            if not there:
                self._put(each, read, fails=bool(errors or dump.failures))
            dump.failures.clear()
            dump.let_go_head()

    def _begun(self, each: Joined) -> tuple[Reading | None, DumpPlace | None]:
        """Begin to read a dump of records whose messages are joined; if it has grown, only its changed pieces."""
        reading = self._tails.begin(each.dump, each.card.format, grown=True)
        reader = named(reading.format) if reading else self._tails.reader(each.dump, each.card.format)
        if reader is None or not getattr(reader, "JOINS", False):
            return None, None
        reading = reading or self._tails.begin(each.dump, each.card.format)
        place = dump_place(each.dump, reader.NAME)
        if reading and not each.before.startswith(f"{_about(each.dump, each.card)} "):
            reading.read_all()
        if reading and place:
            each.stale = reading.pieces.replaced() if reading.is_growth else None
            reading.rest()
        return reading, place

    def _put(self, each: Joined, found: Sequence[tuple[int, Letter]], *, fails: bool) -> None:
        """Store a dump's letters, each with its piece; if its reading ``fails``, also the last ones that it lacks now."""
        if fails:
            found = [*found, *self._lacked(each.dump.name, {letter.key for _, letter in found})]
            each.stamp, each.stale = f"{PARTLY} {sha256(encode(found)).hexdigest()}", None
        dump, stale = each.dump.name, each.stale
        known = self._base.execute("SELECT period, pieces FROM letters WHERE dump = ?", (dump,))
        changed = {period for period, pieces in known if stale is None or not stale.isdisjoint(_numbers(pieces))}
        news = dict[int, list[_InPiece]]()
        for piece, letter in found:
            news.setdefault(period_of(letter.time), []).append(_InPiece(piece, trace(letter), letter))
        for period in sorted(changed | news.keys()):
            self._put_period(dump, period, stale, news.get(period, []))
        self._base.execute("INSERT OR REPLACE INTO lettered VALUES (?, ?)", (dump, each.stamp))

    def _put_period(self, dump: str, period: int, stale: Collection[int] | None, news: list[_InPiece]) -> None:
        """Replace the letters of stale pieces in a period."""
        every = list(news)
        query = "SELECT pieces, traces, letters FROM letters WHERE dump = ? AND period = ?"
        if stale is not None and (row := self._base.execute(query, (dump, period)).fetchone()):
            known = map(_InPiece, _numbers(row[0]), _raws(row[1]), _raws(row[2]))
            every += (each for each in known if each.piece not in stale)
        every.sort(key=itemgetter(0))
        self._base.execute("DELETE FROM letters WHERE dump = ? AND period = ?", (dump, period))
        if every:
            pieces, traces, letters = map(encode, zip(*every, strict=True))
            values = (dump, period, sha256(letters).digest(), pieces, traces, letters)
            self._base.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?, ?)", values)

    def _lacked(self, dump: str, keys: Collection[str]) -> list[tuple[int, Letter]]:
        """Return the stored letters of a dump that are not among ``keys``."""
        query = "SELECT pieces, letters FROM letters WHERE dump = ? ORDER BY period"
        rows = self._base.execute(query, (dump,)).fetchall()
        pairs = (zip(_numbers(pieces), _letters(blob), strict=True) for pieces, blob in rows)
        return [pair for pair in chain.from_iterable(pairs) if pair[1].key not in keys]

    def traces(self, dump: str) -> list[Trace]:
        """Return the part of a dump's messages that is compared over all dumps."""
        rows = self._base.execute("SELECT traces FROM letters WHERE dump = ? ORDER BY period", (dump,))
        return [each for (blob,) in rows for each in _traces(blob)]

    def keys(self) -> set[str]:
        """Return the ids of all messages, in the source and in addresses."""
        blobs = self._base.execute("SELECT traces FROM letters").fetchall()
        keys = {each.key for (blob,) in blobs for each in _traces(blob) if not each.missing}
        return keys | {f"p-{name(key)}" for key in keys}

    def inferred(self, dumps: Collection[str], open: Mapping[int, Mapping[str, str]]) -> dict[str, Join]:
        """Return the parents inferred for the open messages of each period, as stored if nothing around it changed."""
        found = dict[str, Join]()
        for digest, joins in self._workers.map(_inferred, self._periods(dumps, open, found)):
            self._base.execute("INSERT OR REPLACE INTO inferred VALUES (?, ?)", (digest, joins))
            found |= _joins(joins)
        return found

    def _periods(
        self, dumps: Collection[str], open: Mapping[int, Mapping[str, str]], found: dict[str, Join]
    ) -> Iterator[Job[bytes] | None]:
        """Yield the periods to search, by a digest of what is searched; ``found`` collects what is stored of others."""
        query = "SELECT rowid, dump, digest, length(letters) FROM letters WHERE period BETWEEN ? AND ? ORDER BY dump, period"
        for period, posts in open.items():
            around = (period - BEFORE, period + AFTER)
            rows = [row for row in self._base.execute(query, around).fetchall() if row[1] in dumps]
            digest = sha256(encode(([row[1:3] for row in rows], posts))).digest()
            self._used.add(digest)
            if known := self._base.execute("SELECT joins FROM inferred WHERE digest = ?", (digest,)).fetchone():
                found |= _joins(known[0])
                continue
            size = sum(size for *_, size in rows)
            if size > MANY:
                yield None
            yield Job(digest, size, ([self._encoded(row[0]) for row in rows], posts))

    def _encoded(self, row: int) -> bytes:
        (blob,) = self._base.execute("SELECT letters FROM letters WHERE rowid = ?", (row,)).fetchone()
        return bytes(blob)

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
