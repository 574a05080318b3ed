"""What is known of each dump from when it was last read well: what a build falls back on where the dump or its card fails.

The threads are those of the store, as they were before anything was hidden, so today's rules can be applied to them.
Where another version of Rostra wrote the store, or the ledger changed since, they are read from the file that it left.
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
from rostra.model import Thread, decode_edition
from rostra.threads.merge import by_nature

TABLES = """
CREATE TABLE readings (dump TEXT PRIMARY KEY, digest TEXT, card_name TEXT, card BLOB, card_text TEXT) WITHOUT ROWID;
CREATE INDEX of_card ON readings (card_name);
CREATE TABLE learnt (dump TEXT, rule TEXT, kind TEXT, text TEXT, moment TEXT, PRIMARY KEY (dump, rule, kind, text, moment)) WITHOUT ROWID;
CREATE TABLE prose (path TEXT PRIMARY KEY, slug TEXT, title TEXT, body TEXT) WITHOUT ROWID;
CREATE TABLE failing (dump TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE apart (dump TEXT, debate TEXT, called TEXT, thread BLOB, edition BLOB, PRIMARY KEY (dump, debate));
CREATE TABLE pseudonyms (key TEXT);
CREATE TABLE unsearched (thread TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""``readings`` are the dumps that were read well, each with its SHA-256 and its card.  ``learnt`` is what of a dump is
hidden.  ``failing`` are the dumps that
failed in the last build, ``apart`` the threads of dumps while they may fail.  ``pseudonyms`` holds a digest of the key
with which they were made.  ``unsearched`` are threads in which the search for what others quote failed."""

KEPT = """
SELECT dump, debate, called, thread, NULL FROM parts WHERE dump = ?1
UNION ALL
SELECT editions.dump, editions.id, coalesce(homes.called, editions.id), texts.thread, texts.edition FROM editions
JOIN texts ON texts.id = editions.id LEFT JOIN homes ON homes.debate = editions.id
WHERE editions.dump = ?1 AND editions.id NOT IN (SELECT debate FROM parts)
"""
"""The threads of a dump in a store: parts of debates that stand in several dumps, and whole debates."""


class LastRead(NamedTuple):
    """A dump as it was last read well; ``card_name`` is how messages call its card, empty where it had none."""

    digest: str
    card_name: str
    card: Card
    card_text: str


class LastGood:
    """The tables of the store, and the file ``before`` of a store that could not be used."""

    def __init__(self, base: sqlite3.Connection, before: Path | None) -> None:
        self.base = base
        self._before: sqlite3.Connection | None = None
        if before and before.is_file():
            with suppress(sqlite3.Error):
                self._before = sqlite3.connect(f"{before.resolve().as_uri()}?mode=ro", uri=True)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Thread).decode

    def close(self) -> None:
        """Let go of the file before."""
        if self._before:
            self._before.close()

    def _rows(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        """Rows of the store; where it is new, of the one before it, as far as that can be understood."""
        if self._before is None:
            yield from self.base.execute(query, values)
            return
        with suppress(sqlite3.Error):
            yield from self._before.execute(query, values)

    def reading(self, dump: str) -> LastRead | None:
        """A dump as it was last read well; None where it never was."""
        for digest, name, card, text in self._rows(
            "SELECT digest, card_name, card, card_text FROM readings WHERE dump = ?", dump
        ):
            with suppress(msgspec.MsgspecError):
                return LastRead(digest, name, msgspec.msgpack.decode(card, type=Card), text)
        return None

    def dump_of(self, card_name: str) -> str | None:
        """The dump whose card a file was."""
        return next((dump for (dump,) in self._rows("SELECT dump FROM readings WHERE card_name = ?", card_name)), None)

    def dumps(self) -> set[str]:
        """Every dump that was ever read well and is not known to be gone."""
        return {dump for (dump,) in self._rows("SELECT dump FROM readings")}

    def note(self, dump: str, reading: LastRead) -> None:
        """Note a dump that was read well."""
        row = (dump, reading.digest, reading.card_name, self._encode(reading.card), reading.card_text)
        self.base.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)", row)

    def forget_others(self, dumps: Collection[str]) -> None:
        """Forget the dumps that are no more."""
        for (dump,) in self.base.execute("SELECT dump FROM readings").fetchall():
            if dump not in dumps:
                self.base.execute("DELETE FROM readings WHERE dump = ?", (dump,))
                self.base.execute("DELETE FROM learnt WHERE dump = ?", (dump,))

    def learnt(self, dump: str) -> list[Learnt]:
        """What of a dump was hidden when it was last read well."""
        query = "SELECT rule, kind, text, moment FROM learnt WHERE dump = ?"
        return [Learnt(*each) for each in self._rows(query, dump)]

    def note_learnt(self, dump: str, found: Iterable[Learnt]) -> None:
        """Note what of a dump is hidden."""
        self.base.execute("DELETE FROM learnt WHERE dump = ?", (dump,))
        rows = [(dump, *each) for each in sorted(found)]
        self.base.executemany("INSERT OR IGNORE INTO learnt VALUES (?, ?, ?, ?, ?)", rows)

    @property
    def pseudonyms(self) -> str:
        """A digest of the key with which the last pseudonyms were made; empty where there were none."""
        return next((key for (key,) in self._rows("SELECT key FROM pseudonyms")), "")

    def note_pseudonyms(self, key: str) -> None:
        """Note the key."""
        self.base.execute("DELETE FROM pseudonyms")
        self.base.execute("INSERT INTO pseudonyms VALUES (?)", (key,))

    def pages(self) -> Iterator[tuple[str, str, str, str]]:
        """The publisher's pages that were last good: path, slug, title and body."""
        yield from self._rows("SELECT path, slug, title, body FROM prose ORDER BY path")

    def note_pages(self, pages: Iterable[tuple[str, str, str, str]]) -> None:
        """Note all pages of a build."""
        self.base.execute("DELETE FROM prose")
        self.base.executemany("INSERT INTO prose VALUES (?, ?, ?, ?)", pages)

    def held(self) -> set[str]:
        """The dumps of which a thread can be set apart."""
        return {dump for (dump,) in self._rows("SELECT dump FROM editions UNION SELECT dump FROM parts")}

    def failed(self) -> set[str]:
        """The dumps that failed in the last build."""
        return {dump for (dump,) in self._rows("SELECT dump FROM failing")}

    def set_apart(self, dump: str) -> None:
        """Keep the threads of a dump that may fail, since the store forgets them while dumps are read."""
        self.base.executemany("INSERT OR REPLACE INTO apart VALUES (?, ?, ?, ?, ?)", self._rows(KEPT, dump))
        if self._before:
            # The next build falls back on them too.
            reading = self._rows("SELECT dump, digest, card_name, card, card_text FROM readings WHERE dump = ?", dump)
            self.base.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)", reading)
            self.note_learnt(dump, self.learnt(dump))

    def debates(self, dump: str) -> set[str]:
        """The debates of which the threads of a dump were set apart."""
        return {id for (id,) in self.base.execute("SELECT debate FROM apart WHERE dump = ?", (dump,))}

    def threads(self, dump: str) -> Iterator[tuple[str, str, Thread]]:
        """The threads of a dump that were set apart, each with its debate and its id by nature, by debate."""
        for debate in sorted(self.debates(dump)):
            query = "SELECT called, thread, edition FROM apart WHERE dump = ? AND debate = ?"
            called, thread, edition = self.base.execute(query, (dump, debate)).fetchone()
            try:
                found = self._decode(thread) if thread else decode_edition(edition).thread
            except (Damaged, msgspec.DecodeError):
                if self._before is None:
                    raise
                # Another version's.
                continue
            yield debate, called, replace(by_nature(found), id=debate)

    def note_failing(self, dumps: Iterable[str]) -> None:
        """Note which dumps failed in this build; nothing is set apart any more."""
        self.base.execute("DELETE FROM apart")
        self.base.execute("DELETE FROM failing")
        self.base.executemany("INSERT INTO failing VALUES (?)", [(dump,) for dump in sorted(dumps)])

    def unsearched(self) -> set[str]:
        """The threads in which the last search for what others quote failed; they are forgotten."""
        found = {id for (id,) in self.base.execute("SELECT thread FROM unsearched")}
        self.base.execute("DELETE FROM unsearched")
        return found

    def note_unsearched(self, id: str) -> None:
        """Note that the search in a thread failed, so that it is tried again."""
        self.base.execute("INSERT OR IGNORE INTO unsearched VALUES (?)", (id,))
