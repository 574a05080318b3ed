"""Join the messages of all dumps of a site, and remember the result from build to build.

A dump's messages are read once for their small keys (``threads.letters``), which are stored by period.  What a message
answers depends on the periods around its own only, so a new message costs no more than those.  Each dump then knows the
parents of its messages, as far as more than its own headers tell them (``Dump.joins``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from hashlib import sha256
from itertools import chain

from msgspec import Struct
from msgspec.msgpack import Decoder, encode
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.site import Settings
from rostra.errors import RostraError
from rostra.identity.permalinks import name
from rostra.model import Join, RawThread
from rostra.readers import Dump, choose
from rostra.readers.pieces import DumpPlace, decoded, dump_place, read_pieces
from rostra.readers.records import Record
from rostra.readers.resume import recorded, whole_dump
from rostra.readers.unpublished import Choice
from rostra.system.attempts import Failed, attempt, attempting
from rostra.system.workers import Workers
from rostra.threads.forest import AFTER, BEFORE, Trace, grafted, open_posts, period_of, planted, trace
from rostra.threads.joining import inferred
from rostra.threads.letters import Letter, letters

TABLES = """
CREATE TABLE IF NOT EXISTS lettered (dump TEXT PRIMARY KEY, stamp TEXT, traces BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS letters (dump TEXT, period INTEGER, digest BLOB, letters BLOB, PRIMARY KEY (dump, period));
CREATE TABLE IF NOT EXISTS inferred (digest BLOB PRIMARY KEY, joins BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS joined (dump TEXT PRIMARY KEY, stamp TEXT, joins BLOB) WITHOUT ROWID;
"""
OWN = "\n"
"""Separates the name of a dump from the key of a message without an id, which no other dump can know."""
_traces = Decoder(list[Trace]).decode
_letters = Decoder(list[Letter]).decode
_joins = Decoder(dict[str, Join]).decode


class Joined(Struct):
    """A dump to join with others: ``stamp`` is a digest of all that its letters depend on."""

    dump: Dump
    card: Card
    stamp: str


def join_dumps(
    dumps: Iterable[tuple[Dump, Card]], settings: Settings, base: sqlite3.Connection, workers: Workers | None = None
) -> dict[str, set[str]]:
    """Give each dump the parents of its messages; return, by dump, the messages that are joined otherwise than before.

    ``base`` is the store, or an empty database.  ``workers`` read dumps of records.  A dump that cannot be read is joined as it was when it was last read.
    """
    for statement in TABLES.split(";"):
        base.execute(statement)
    table = _Table(base, workers or Workers())
    archives: dict[str, list[Joined]] = {}
    for dump, card in dumps:
        dump.infers = settings.infer_replies
        if each := table.taken(dump, card):
            alone = card.apart or not settings.join_dumps
            archives.setdefault(dump.name if alone else "", []).append(each)
    moved: dict[str, set[str]] = {}
    for archive in archives.values():
        moved |= _joined(archive, settings, table)
    table.forget_others({each.dump.name for archive in archives.values() for each in archive})
    return moved


def join_alone(dump: Dump, card: Card, settings: Settings) -> None:
    """Give a dump the parents of its messages, as if it were the only one."""
    with closing(sqlite3.connect("")) as base:
        join_dumps([(dump, card)], settings, base)


def unused_replies(dump: Dump, card: Card, base: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """Yield the decisions of a card that do not apply: the number of each, what is wrong, and a hint.

    ``base`` is a database in which the dumps were joined.
    """
    table = _Table(base, Workers())
    known = {each.key: each for each in table.traces(dump.name) if not each.missing} if card.reply else {}
    keys = {**{f"p-{name(key)}": key for key in known}, **{key: key for key in known}}
    every = table.keys() if any(each.answers for each in card.reply) else set[str]()
    for number, reply in enumerate(card.reply):
        if reply.post not in keys:
            yield number, f"{reply.post} is not a message of {dump.name}", "name it as its page's address does"
        elif parent := known[keys[reply.post]].parent:
            hint = "a correction with `parent` changes that"
            yield number, f"{reply.post} says itself that it answers {parent}", hint
        elif reply.answers and reply.answers not in every:
            yield number, f"{reply.answers} is not a message of this site", "name it as its page's address does"


def _stamp(dump: Dump, card: Card) -> str:
    about = repr((dump.sha256, dump.limits, dump.rules, card.format, card.publish_private))
    return sha256(about.encode("utf-8", "surrogatepass")).hexdigest()


def _joined(archive: Sequence[Joined], settings: Settings, table: _Table) -> dict[str, set[str]]:
    """Join the dumps of an archive; return, by dump, the messages that are joined otherwise than before."""
    decided = {key: value for each in archive for key, value in _decided(each, table).items()}
    about = repr((settings.infer_replies, sorted(decided.items()), sorted((e.dump.name, e.stamp) for e in archive)))
    stamp = sha256(about.encode("utf-8", "surrogatepass")).hexdigest()
    if all(table.restored(each.dump, stamp) for each in archive):
        return {}
    traces = {each.dump.name: table.traces(each.dump.name) for each in archive}
    every = list(chain.from_iterable(traces.values()))
    if any(decided.values()):
        keys = {f"p-{name(known.key)}": known.key for known in every}
        decided = {key: keys.get(answers or "", answers) for key, answers in decided.items()}
    forest, found = planted(every, decided)
    if settings.infer_replies:
        news = dict[str, Join]()
        for period, open in open_posts(every, forest, decided).items():
            news |= table.inferred(traces.keys(), period, open)
        found |= grafted(forest, every, news)
    return {
        name: table.note(each.dump, stamp, _of(name, traces[name], found))
        for each in archive
        for name in [each.dump.name]
    }


def _decided(each: Joined, table: _Table) -> dict[str, str | None]:
    """Return the card's decisions by the keys of messages."""
    if not each.card.reply:
        return {}
    keys = {f"p-{name(known.key)}": known.key for known in table.traces(each.dump.name) if not known.missing}
    return {keys.get(reply.post, reply.post): reply.answers for reply in each.card.reply}


def _of(dump: str, traces: Sequence[Trace], found: Mapping[str, Join]) -> dict[str, Join]:
    """Return the parents that a dump's headers do not tell, for its messages and all above them."""
    own = f"{dump}{OWN}"
    told = {each.key: each.parent for each in traces if not each.missing}
    joins: dict[str, Join] = {}
    seen: set[str] = set()
    for each in traces:
        key = each.key
        while key not in seen and (join := found.get(key)):
            seen.add(key)
            if join.by != "source" or told.get(key) != join.parent:
                joins[key.removeprefix(own)] = Join(join.parent.removeprefix(own), join.by)
            key = join.parent
    return dict(sorted(joins.items()))


def _read(dump: Dump, card: Card, workers: Workers) -> list[Letter]:
    """Return the letters of a dump; none if its format is one whose messages are not joined."""
    found: list[Letter] = []
    # Failures are reported when the dump is read for publication.
    with attempting("reading it", lambda _: None, sqlite3.Error):
        reader = choose(dump, card.format)
        if not getattr(reader, "JOINS", False):
            return []
        dump.joins = {}
        records, place = recorded(dump, reader), dump_place(dump, reader.NAME)
        if records and place and workers.are_several:
            of_piece = partial(_letters_of, place, reader.NAME, card.publish_private)
            with closing(sqlite3.connect("")) as base, closing(whole_dump(base, dump, reader.NAME, records)) as reading:
                for _, encoded in workers.map(of_piece, reading.batches()):
                    found += _letters(encoded)
        else:
            found += _letters_in(reader.read(dump), Choice(dump.rules, private=card.publish_private), dump.name)
    dump.failures.clear()
    return found


def _letters_of(place: DumpPlace, format: str, private: bool, pieces: Sequence[Sequence[Record]]) -> bytes:
    """Return the encoded letters of pieces of a dump."""
    choice = Choice(place.rules, private=private)
    threads = (thread for read in read_pieces(place, format, pieces) for thread in decoded(read))
    return encode(list(_letters_in(threads, choice, place.name)))


def _letters_in(threads: Iterable[RawThread], choice: Choice, dump: str) -> Iterator[Letter]:
    for thread in filter(None, map(choice.of, threads)):
        known = attempt("joining a thread of it", list, letters(thread))
        for each in () if isinstance(known, Failed) else known:
            key = each.key if each.native is not None else f"{dump}{OWN}{each.key}"
            yield replace(each, key=key, home=dump)


class _Table:
    """The letters of dumps, and what was inferred of them, in a database; the owner of ``TABLES``."""

    def __init__(self, base: sqlite3.Connection, workers: Workers) -> None:
        self.base, self._workers = base, workers
        self._used: set[bytes] = set()

    def taken(self, dump: Dump, card: Card) -> Joined | None:
        """Store a dump's letters if it changed; return it if its format is one whose messages are joined."""
        query = "SELECT stamp, traces IS NULL FROM lettered WHERE dump = ?"
        last, other = self.base.execute(query, (dump.name,)).fetchone() or ("", True)
        # What cannot be read now is joined as it was.
        each = Joined(dump, card, last)
        with suppress(RostraError, OSError):
            each.stamp = _stamp(dump, card)
            if each.stamp != last:
                other = not self._put(each, _read(dump, card, self._workers))
                dump.let_go_head()
        return None if other else each

    def _put(self, each: Joined, found: Sequence[Letter]) -> bool:
        dump, periods = each.dump.name, dict[int, list[Letter]]()
        for letter in found:
            periods.setdefault(period_of(letter.time), []).append(letter)
        self.base.execute("DELETE FROM letters WHERE dump = ?", (dump,))
        for period, some in sorted(periods.items()):
            row = (dump, period, sha256(blob := encode(some)).digest(), blob)
            self.base.execute("INSERT INTO letters VALUES (?, ?, ?, ?)", row)
        traces = encode([trace(letter) for letter in found]) if found else None
        self.base.execute("INSERT OR REPLACE INTO lettered VALUES (?, ?, ?)", (dump, each.stamp, traces))
        return bool(found)

    def traces(self, dump: str) -> list[Trace]:
        """Return what of a dump's messages is compared over all dumps."""
        row = self.base.execute("SELECT traces FROM lettered WHERE dump = ?", (dump,)).fetchone()
        return _traces(row[0]) if row and row[0] else []

    def keys(self) -> set[str]:
        """Return the ids of all messages, in the source and in addresses."""
        blobs = self.base.execute("SELECT traces FROM lettered WHERE traces IS NOT NULL").fetchall()
        keys = {each.key for (blob,) in blobs for each in _traces(blob) if not each.missing}
        return keys | {f"p-{name(key)}" for key in keys}

    def inferred(self, dumps: Collection[str], period: int, open: Mapping[str, str]) -> dict[str, Join]:
        """Return the parents inferred for the open messages of a period, as stored if nothing around it changed."""
        around = (period - BEFORE, period + AFTER)
        query = "SELECT rowid, dump, digest FROM letters WHERE period BETWEEN ? AND ? ORDER BY dump, period"
        rows = [row for row in self.base.execute(query, around).fetchall() if row[1] in dumps]
        digest = sha256(encode(([row[1:] for row in rows], open))).digest()
        self._used.add(digest)
        if known := self.base.execute("SELECT joins FROM inferred WHERE digest = ?", (digest,)).fetchone():
            return _joins(known[0])
        joins = inferred(chain.from_iterable(self._letters(row[0]) for row in rows), open)
        self.base.execute("INSERT INTO inferred VALUES (?, ?)", (digest, encode(joins)))
        return joins

    def _letters(self, row: int) -> list[Letter]:
        (blob,) = self.base.execute("SELECT letters FROM letters WHERE rowid = ?", (row,)).fetchone()
        return _letters(blob)

    def restored(self, dump: Dump, stamp: str) -> bool:
        """Give a dump its joins if they are stored for this stamp."""
        row = self.base.execute("SELECT joins FROM joined WHERE dump = ? AND stamp = ?", (dump.name, stamp)).fetchone()
        if row:
            dump.joins = _joins(row[0])
        return row is not None

    def note(self, dump: Dump, stamp: str, joins: dict[str, Join]) -> set[str]:
        """Give a dump its joins, and store them; return the messages that are joined otherwise than before."""
        row = self.base.execute("SELECT joins FROM joined WHERE dump = ?", (dump.name,)).fetchone()
        before = _joins(row[0]) if row else {}
        dump.joins = joins
        self.base.execute("INSERT OR REPLACE INTO joined VALUES (?, ?, ?)", (dump.name, stamp, encode(joins)))
        return {key for key in {**before, **joins} if before.get(key) != joins.get(key)}

    def forget_others(self, dumps: Collection[str]) -> None:
        """Delete what is stored of dumps that are no longer there, and results that were not used."""
        for table in ("letters", "joined"):
            for (dump,) in self.base.execute(f"SELECT DISTINCT dump FROM {table}").fetchall():  # noqa: S608  # constants
                if dump not in dumps:
                    self.base.execute(f"DELETE FROM {table} WHERE dump = ?", (dump,))  # noqa: S608  # constants
        for (digest,) in self.base.execute("SELECT digest FROM inferred").fetchall() if self._used else ():
            if digest not in self._used:
                self.base.execute("DELETE FROM inferred WHERE digest = ?", (digest,))
