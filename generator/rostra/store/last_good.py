"""The last good version of each dump: what a build falls back on if the dump or its card fails.

The threads are stored as they were before anything was hidden, so the current rules can be applied to them.
If another version of Rostra wrote the store, or the ledger changed since, they are read from the previous store file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.redaction_rules import Learnt
from rostra.errors import Damaged
from rostra.identity.published_debates import PublishedDebates
from rostra.model import Thread, decode_edition
from rostra.store.editions import Editions
from rostra.store.partitions import Texts
from rostra.threads.merge import by_nature
from rostra.threads.same_thread import debates_with_parts, dumps_with_parts, parts_of_dump

TABLES = """
CREATE TABLE readings (dump TEXT PRIMARY KEY, digest TEXT, size INTEGER, card_name TEXT, card BLOB, card_text TEXT) WITHOUT ROWID;
CREATE INDEX of_card ON readings (card_name);
CREATE TABLE learnt (dump TEXT, rule TEXT, kind TEXT, text TEXT, moment TEXT, PRIMARY KEY (dump, rule, kind, text, moment)) WITHOUT ROWID;
CREATE TABLE prose (path TEXT PRIMARY KEY, slug TEXT, title TEXT, body TEXT) WITHOUT ROWID;
CREATE TABLE failing (dump TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE apart (dump TEXT, debate TEXT, called TEXT, thread BLOB, edition BLOB, PRIMARY KEY (dump, debate));
CREATE TABLE pseudonyms (key TEXT);
CREATE TABLE unsearched (thread TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""``readings`` are the dumps that were read without a failure, each with its SHA-256 and its card.  ``learnt`` is what
is hidden of a dump.  ``failing`` are the dumps that
failed in the last build, ``apart`` the threads of dumps that may fail.  ``pseudonyms`` holds a digest of the key
of the last pseudonyms.  ``unsearched`` are threads in which the last search for quotations of other debates failed."""


class LastRead(NamedTuple):
    """A dump as it was last read without a failure; ``card_name`` is its card's name in messages, empty if it had none."""

    digest: str
    size: int
    card_name: str
    card: Card
    card_text: str


def _opened(file: Path) -> sqlite3.Connection | None:
    with suppress(sqlite3.Error):
        return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    return None


class LastGood:
    """The tables of the store, and the file ``before`` of a store that could not be used."""

    def __init__(self, base: sqlite3.Connection, before: Path | None, partitions: str) -> None:
        self._base = base
        self._partitions = partitions
        self._before = _opened(before) if before and before.is_file() else None
        self._last = self._before or base
        """The tables with the last good versions."""
        self._forgiven: tuple[type[Exception], ...] = (sqlite3.Error, Damaged) if self._before else ()
        """What another version of Rostra wrote may not be readable."""
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Thread).decode

    def close(self) -> None:
        """Close the previous store file."""
        if self._before:
            self._before.close()

    def _rows(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows of the store; if it is new, those of the previous store file, as far as they can be read."""
        with suppress(*self._forgiven):
            yield from self._last.execute(query, values)

    def reading(self, dump: str) -> LastRead | None:
        """Return a dump as it was last read without a failure; None if it never was."""
        query = "SELECT digest, size, card_name, card, card_text FROM readings WHERE dump = ?"
        for digest, size, name, card, text in self._rows(query, dump):
            with suppress(msgspec.MsgspecError):
                return LastRead(digest, size, name, msgspec.msgpack.decode(card, type=Card), text)
        return None

    def dump_of(self, card_name: str) -> str | None:
        """Return the dump that a file was the card of."""
        return next((dump for (dump,) in self._rows("SELECT dump FROM readings WHERE card_name = ?", card_name)), None)

    def dumps(self) -> set[str]:
        """Return every dump that was ever read without a failure and is not known to be deleted."""
        return {dump for (dump,) in self._rows("SELECT dump FROM readings")}

    def note(self, dump: str, reading: LastRead) -> None:
        """Record a dump that was read without a failure."""
        row = (dump, reading.digest, reading.size, reading.card_name, self._encode(reading.card), reading.card_text)
        self._base.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget_others(self, dumps: Collection[str]) -> None:
        """Forget deleted dumps."""
        for (dump,) in self._base.execute("SELECT dump FROM readings").fetchall():
            if dump not in dumps:
                self._base.execute("DELETE FROM readings WHERE dump = ?", (dump,))
                self._base.execute("DELETE FROM learnt WHERE dump = ?", (dump,))

    def learnt(self, dump: str) -> list[Learnt]:
        """Return what was hidden of a dump when it was last read without a failure."""
        query = "SELECT rule, kind, text, moment FROM learnt WHERE dump = ?"
        return [Learnt(*each) for each in self._rows(query, dump)]

    def note_learnt(self, dump: str, found: Iterable[Learnt]) -> None:
        """Record what is hidden of a dump."""
        self._base.execute("DELETE FROM learnt WHERE dump = ?", (dump,))
        rows = [(dump, *each) for each in sorted(found)]
        self._base.executemany("INSERT OR IGNORE INTO learnt VALUES (?, ?, ?, ?, ?)", rows)

    @property
    def pseudonyms(self) -> str:
        """A digest of the key of the last pseudonyms; empty if there were none."""
        return next((key for (key,) in self._rows("SELECT key FROM pseudonyms")), "")

    def note_pseudonyms(self, key: str) -> None:
        """Record the digest of the key."""
        self._base.execute("DELETE FROM pseudonyms")
        self._base.execute("INSERT INTO pseudonyms VALUES (?)", (key,))

    def pages(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the last good versions of the publisher's pages: path, slug, title and body."""
        yield from self._rows("SELECT path, slug, title, body FROM prose ORDER BY path")

    def note_pages(self, pages: Iterable[tuple[str, str, str, str]]) -> None:
        """Record all pages of a build."""
        self._base.execute("DELETE FROM prose")
        self._base.executemany("INSERT INTO prose VALUES (?, ?, ?, ?)", pages)

    def held(self) -> set[str]:
        """Return the dumps whose threads can be set apart."""
        with suppress(*self._forgiven):
            return {*Editions(self._last).dumps(), *dumps_with_parts(self._last)}
        return set()

    def failed(self) -> set[str]:
        """Return the dumps that failed in the last build."""
        return {dump for (dump,) in self._rows("SELECT dump FROM failing")}

    def set_apart(self, dump: str) -> None:
        """Set apart the threads of a dump that may fail, since the store forgets them while dumps are read."""
        self._base.executemany("INSERT OR REPLACE INTO apart VALUES (?, ?, ?, ?, ?)", list(self._kept(dump)))
        if self._before:
            # The next build may need them again.
            reading = self._rows(
                "SELECT dump, digest, size, card_name, card, card_text FROM readings WHERE dump = ?", dump
            )
            self._base.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)", reading)
            self.note_learnt(dump, self.learnt(dump))

    def _kept(self, dump: str) -> Iterator[tuple[str, str, str, bytes | None, bytes | None]]:
        """Yield the rows to set apart: the parts of debates of several dumps, and whole debates."""
        with suppress(*self._forgiven):
            for debate, called, thread in parts_of_dump(self._last, dump):
                yield dump, debate, called, thread, None
            whole = Editions(self._last).known(dump).keys() - debates_with_parts(self._last)
            texts, debates = Texts(self._last, Path(self._partitions)), PublishedDebates(self._last)
            for debate in sorted(whole):
                with suppress(*self._forgiven):
                    original, edition = texts.part(debate, "original"), texts.part(debate, "edition")
                    yield dump, debate, debates.called(debate), original, edition

    def debates(self, dump: str) -> set[str]:
        """Return the debates whose threads of a dump were set apart."""
        return {id for (id,) in self._base.execute("SELECT debate FROM apart WHERE dump = ?", (dump,))}

    def threads(self, dump: str) -> Iterator[tuple[str, str, Thread]]:
        """Yield the threads of a dump that were set apart, each with its debate and its natural id, sorted by debate."""
        for debate in sorted(self.debates(dump)):
            query = "SELECT called, thread, edition FROM apart WHERE dump = ? AND debate = ?"
            called, thread, edition = self._base.execute(query, (dump, debate)).fetchone()
            try:
                found = self._decode(thread) if thread else decode_edition(edition).thread
            except (Damaged, msgspec.DecodeError):
                if self._before is None:
                    raise
                # Another version of Rostra wrote it.
                continue
            yield debate, called, replace(by_nature(found), id=debate)

    def note_failing(self, dumps: Iterable[str]) -> None:
        """Record which dumps failed in this build; nothing is set apart any more."""
        self._base.execute("DELETE FROM apart")
        self._base.execute("DELETE FROM failing")
        self._base.executemany("INSERT INTO failing VALUES (?)", [(dump,) for dump in sorted(dumps)])

    def unsearched(self) -> set[str]:
        """Return the threads in which the last search for quotations of other debates failed, and forget them."""
        found = {id for (id,) in self._base.execute("SELECT thread FROM unsearched")}
        self._base.execute("DELETE FROM unsearched")
        return found

    def note_unsearched(self, id: str) -> None:
        """Record that the search in a thread failed, so that the next build tries it again."""
        self._base.execute("INSERT OR IGNORE INTO unsearched VALUES (?)", (id,))
