"""Editions kept from build to build, with what is known of each: a cache that can be deleted at any time.

One SQLite file, written in one transaction per build, so that an interrupted build leaves the last
state.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec.structs import replace

from rostra.identity.ledger_file import TABLES as LEDGER
from rostra.identity.registry import TABLES as PUBLISHED
from rostra.identity.registry import Registry
from rostra.model import Edition, Thread, decode_edition, encode_edition
from rostra.output.manifest import digest_of
from rostra.people.index import TABLES as PEOPLE
from rostra.people.index import People
from rostra.people.said import encode_said
from rostra.people.speakers import TABLES as SPEAKERS
from rostra.people.speakers import Speakers
from rostra.readers.resume import TABLES as TAILS
from rostra.readers.resume import Tails
from rostra.store.last_good import TABLES as LAST_GOOD
from rostra.store.last_good import LastGood
from rostra.store.made_files import TABLES as MADE
from rostra.store.made_files import MadeFiles
from rostra.store.partitions import FOLDER, Row, Texts
from rostra.store.partitions import TABLES as TEXTS
from rostra.store.store_file import before, leave, opened, stamp
from rostra.store.stored_edition import Stored
from rostra.system.file_state import discard
from rostra.threads.former_posts import Formers
from rostra.threads.merge import unpublished
from rostra.threads.same_thread import TABLES as PARTS
from rostra.threads.same_thread import Parts

TABLES = """
CREATE TABLE dumps (name TEXT PRIMARY KEY, key TEXT);
CREATE TABLE editions (id TEXT PRIMARY KEY, dump TEXT, key TEXT, published TEXT, digest TEXT, posts INTEGER, open BLOB, links BLOB, rules TEXT);
CREATE INDEX of_dump ON editions (dump);
CREATE TABLE addresses (key TEXT, thread TEXT, post TEXT, PRIMARY KEY (key, thread)) WITHOUT ROWID;
CREATE INDEX of_thread ON addresses (thread);
CREATE TABLE linked (thread TEXT, key TEXT, PRIMARY KEY (thread, key)) WITHOUT ROWID;
CREATE TABLE found (thread TEXT, post TEXT, number INTEGER, source TEXT, found BLOB, PRIMARY KEY (thread, post, number));
CREATE INDEX of_source ON found (source);
CREATE TABLE stamp (stamp TEXT);
CREATE TABLE hidden (by TEXT);
"""
"""``rules`` changes with the rules that a publisher applies to a thread."""


class Store:
    """Used as a context manager: if an exception leaves it, the store stays unchanged.

    If there is no usable store, it begins as a copy of another, ``beside`` it.
    """

    def __init__(self, path: Path, ledger: Path, beside: Path) -> None:
        self.path, self._beside = path, beside
        self._ledger = ledger
        self._stamp = stamp()
        self._encode = msgspec.msgpack.Encoder().encode
        self.changed: set[str] = set()
        """Threads that were added in this build."""
        self.lost: set[tuple[str, str, int]] = set()
        """Quotations whose source in another debate was forgotten in this build."""
        self._dropped: set[str] = set()
        self.kept = False
        """Whether the store has data of an earlier build."""

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        tables = TABLES + MADE + LEDGER + PUBLISHED + PARTS + PEOPLE + SPEAKERS + TAILS + LAST_GOOD + TEXTS
        self.base, self.kept = opened(self.path, self._beside, (self._stamp, digest_of(self._ledger)), tables)
        self.texts = Texts(self.base, self.path.with_name(FOLDER))
        self.texts.refuse_damaged()
        self.published = Registry(self.base, self._ledger)
        self.formers = Formers(self.base, self.published)
        self.made = MadeFiles(self.base)
        self.parts = Parts(self.base, self._whole)
        self.people = People(self.base)
        self.speakers = Speakers(self.base)
        self.tails = Tails(self.base)
        self.last = LastGood(self.base, None if self.kept else before(self.path), self.texts.folder)
        if not self.kept:
            self.published.load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.texts.settle()
            self.base.execute("DELETE FROM ledger")
            self.base.execute("INSERT INTO ledger VALUES (?)", (digest_of(self._ledger),))
        with suppress(sqlite3.DatabaseError):
            self.base.execute("COMMIT" if kind is None else "ROLLBACK")
        self.last.close()
        if kind is None:
            discard(before(self.path))
            self.texts.sweep()
        leave(self.base, self.path)

    def held(self, dump: str, key: str) -> set[str] | None:
        """Return the threads of a dump if it is unchanged, None otherwise."""
        if self.base.execute("SELECT key FROM dumps WHERE name = ?", (dump,)).fetchone() != (key,):
            return None
        return {id for (id,) in self.base.execute("SELECT id FROM editions WHERE dump = ?", (dump,))}

    def unhold(self, dump: str) -> None:
        """Have a dump read again."""
        self.base.execute("DELETE FROM dumps WHERE name = ?", (dump,))

    def hold(self, dump: str, key: str) -> None:
        """Record that all of a dump was added."""
        self.base.execute("INSERT OR REPLACE INTO dumps VALUES (?, ?)", (dump, key))

    @property
    def hidden(self) -> tuple[str, ...] | None:
        """The rules that hid text in the last build; None if there was no build."""
        rows = self.base.execute("SELECT by FROM hidden").fetchall()
        return tuple(by for (by,) in rows if by) if rows else None

    def note_hidden(self, stamp: tuple[str, ...]) -> None:
        """Record the rules that hide text."""
        self.base.execute("DELETE FROM hidden")
        self.base.executemany("INSERT INTO hidden VALUES (?)", [("",), *((by,) for by in stamp)])

    def key(self, dump: str, id: str) -> str | None:
        """Return the cache key of the edition of a dump's thread; None if there is none."""
        row = self.base.execute("SELECT key FROM editions WHERE id = ? AND dump = ?", (id, dump)).fetchone()
        return row[0] if row else None

    def dump(self, id: str) -> str:
        """Return the dump of a thread; the first one if there are several."""
        (dump,) = self.base.execute("SELECT dump FROM editions WHERE id = ?", (id,)).fetchone()
        return str(dump)

    def known(self, dump: str) -> dict[str, str]:
        """Return the threads of a dump with the cache keys of their editions."""
        return dict(self.base.execute("SELECT id, key FROM editions WHERE dump = ?", (dump,)))

    def rules(self, dump: str, id: str) -> str | None:
        """Return the fingerprint of the rules that the publisher applied to a dump's thread; None if there is none."""
        row = self.base.execute("SELECT rules FROM editions WHERE id = ? AND dump = ?", (id, dump)).fetchone()
        return row[0] if row else None

    def drop(self, id: str) -> None:
        """Forget a thread and what was found with it; its dump no longer counts as added."""
        rows = self.base.execute("SELECT thread, post, number FROM found WHERE source = ?", (id,)).fetchall()
        self.lost.update(rows)
        self.base.execute("DELETE FROM found WHERE thread = ? OR source = ?", (id, id))
        self.base.execute("DELETE FROM addresses WHERE thread = ?", (id,))
        self.base.execute("DELETE FROM linked WHERE thread = ?", (id,))
        self.speakers.drop(id)
        self.base.execute("DELETE FROM dumps WHERE name = (SELECT dump FROM editions WHERE id = ?)", (id,))
        self.base.execute("DELETE FROM editions WHERE id = ?", (id,))
        self.texts.drop(id)
        self.published.drop(id)
        self.formers.drop(id)
        self.changed.discard(id)
        self._dropped.add(id)

    def forget_others(self, dumps: Iterable[str]) -> None:
        """Drop every dump that is not among these."""
        present = set(dumps)
        for (dump,) in self.base.execute("SELECT DISTINCT dump FROM editions").fetchall():
            if dump not in present:
                for id in self.known(dump):
                    self.drop(id)

    def forget_dropped(self) -> None:
        """Forget what was written for threads that were dropped and not added again."""
        for id in sorted(self._dropped - set(self.ids())):
            self.made.forget_pages(id)
            self.people.forget(id)

    def add(self, dump: str, key: str, rules: str, found: tuple[Stored, Row]) -> None:
        """Store an edition of a dump, which is in a partition; ``key`` is its cache key."""
        made, place = found
        row = (made.id, dump, key, made.published, made.digest, made.posts, made.open, made.links, rules)
        self.base.execute("INSERT INTO editions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.texts.add(made.id, place)
        self.base.executemany("INSERT INTO linked VALUES (?, ?)", [(made.id, key) for key in made.led])
        self.speakers.add(made.id, made.spoke)
        named = [(key, made.id, post) for key, post in made.named]
        self.base.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)", named)
        self.changed.add(made.id)

    def _whole(self, id: str) -> Thread | None:
        return self.thread(id) if self.texts.row(id) else None

    def thread(self, id: str) -> Thread:
        """Return the thread that an edition was made from."""
        original = self.texts.part(id, "original")
        return msgspec.msgpack.decode(original, type=Thread) if original else self.edition(id).thread

    def renew(self, thread: Thread) -> None:
        """Keep the edition of an unchanged thread in a dump that otherwise changed."""
        before = self.encoded(thread.id)
        edition = decode_edition(before)
        shown = edition.thread
        # The dump's path stays hidden if a publisher's rule hides part of it.
        source, *others = (
            replace(new, path=was.path)
            for new, was in zip((thread.source, *thread.others), (shown.source, *shown.others), strict=True)
        )
        renewed = replace(edition, thread=replace(shown, source=source, others=tuple(others)))
        blob = encode_edition(renewed)
        row = (thread.source.published, sha256(blob).hexdigest(), thread.id)
        self.base.execute("UPDATE editions SET published = ?, digest = ? WHERE id = ?", row)
        if blob != before:
            self.texts.replace(thread.id, blob, encode_said(renewed))

    def unpublish(self, dump: str) -> None:
        """Do not publish the original file of a dump, whatever else of it is published."""
        self.parts.unpublish(dump)
        query = "SELECT id FROM editions WHERE dump = ? OR id IN (SELECT debate FROM parts WHERE dump = ?)"
        for (id,) in self.base.execute(query, (dump, dump)).fetchall():
            self.renew(unpublished(self.edition(id).thread, dump))

    def withdraw(self, debate: str, reason: str) -> None:
        """Remove a debate because its publisher withdraws it; its addresses stay."""
        dump = self.dump(debate)
        held = self.base.execute("SELECT key FROM dumps WHERE name = ?", (dump,)).fetchone()
        thread = self.thread(debate)
        self.drop(debate)
        self.published.withdraw(thread, dump, reason)
        self.formers.add(thread)
        if held:
            self.hold(dump, held[0])

    def debates(self) -> list[tuple[str, str, list[str]]]:
        """Return every thread's id, sorted, with its edition's digest and its dump; of several dumps, the first."""
        rows = self.base.execute("SELECT id, digest, dump FROM editions ORDER BY id").fetchall()
        several = self.parts.sources()
        return [(id, digest, several.get(id) or [dump]) for id, digest, dump in rows]

    def contents(self) -> list[tuple[str, str, int]]:
        """Return every thread's id, sorted, with its edition's digest and the number of its posts that were not removed."""
        return self.base.execute("SELECT id, digest, posts FROM editions ORDER BY id").fetchall()

    def ids(self) -> list[str]:
        """Return every thread's id, sorted."""
        return [id for (id,) in self.base.execute("SELECT id FROM editions ORDER BY id")]

    def grams(self, id: str) -> array[int]:
        """Return the digests of all 3-grams of words of a thread's bodies."""
        return array("I", self.texts.part(id, "grams"))

    def edition(self, id: str) -> Edition:
        """Return a thread's edition as it was added."""
        return decode_edition(self.encoded(id))

    def encoded(self, id: str) -> bytes:
        """Return the same, encoded."""
        return self.texts.part(id, "edition")

    def searched(self, id: str) -> bytes:
        """Return the searchable text of a thread."""
        return self.texts.part(id, "searched")

    def dumps_published(self, dump: str) -> list[str]:
        """Return the paths at which a dump is published."""
        # A debate of several dumps is stored with the first of them, and names the last.
        query = "SELECT DISTINCT published FROM editions WHERE dump = ? AND id NOT IN (SELECT debate FROM parts)"
        rows = self.base.execute(query, (dump,))
        return sorted({path for (path,) in rows if path} | set(self.parts.published(dump)))

    def about(self, id: str) -> tuple[str, bytes]:
        """Return an edition's digest and its links."""
        digest, links = self.base.execute("SELECT digest, links FROM editions WHERE id = ?", (id,)).fetchone()
        return digest, links

    def opened(self) -> Iterator[tuple[str, bytes]]:
        """Yield the open quotations of every thread."""
        yield from self.base.execute("SELECT id, open FROM editions WHERE length(open) > 1 ORDER BY id")

    def open(self, id: str) -> bytes:
        """Return the open quotations of a thread."""
        (blob,) = self.base.execute("SELECT open FROM editions WHERE id = ?", (id,)).fetchone()
        return bytes(blob)
