"""Editions and data about them, kept from build to build: a cache that can be deleted at any time.

One SQLite file, written in one transaction per build, so that an interrupted build leaves the last
state.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
from msgspec.structs import replace

from rostra.identity.ledger_file import TABLES as LEDGER
from rostra.identity.registry import Registry
from rostra.model import Edition, Thread, decode_edition, encode_edition
from rostra.output.manifest import digest_of
from rostra.people.index import TABLES as PEOPLE
from rostra.people.index import People
from rostra.people.said import encode_said
from rostra.people.speakers import TABLES as SPEAKERS
from rostra.people.speakers import Speakers
from rostra.readers.records.resume import TABLES as TAILS
from rostra.readers.records.resume import Tails
from rostra.store.cross_links import TABLES as CROSS_LINKS
from rostra.store.cross_links import CrossLinks, QuotationPlace
from rostra.store.editions import TABLES as EDITIONS
from rostra.store.editions import Editions
from rostra.store.last_good import TABLES as LAST_GOOD
from rostra.store.last_good import LastGood
from rostra.store.made_files import TABLES as MADE
from rostra.store.made_files import MadeFiles
from rostra.store.partitions import FOLDER, Row, Texts
from rostra.store.partitions import TABLES as TEXTS
from rostra.store.store_file import before, leave, note_ledger, opened, stamp
from rostra.store.stored_edition import Stored
from rostra.system.file_state import discard
from rostra.threads.former_posts import Formers
from rostra.threads.merge import unpublished
from rostra.threads.same_thread import TABLES as PARTS
from rostra.threads.same_thread import Parts

TABLES = f"""{EDITIONS}{CROSS_LINKS}{MADE}{LEDGER}{PARTS}{PEOPLE}{SPEAKERS}{TAILS}{LAST_GOOD}{TEXTS}
CREATE TABLE hidden (by TEXT);
"""
"""All tables of the store; rooms that come after it add their own (``lend``)."""
Result = TypeVar("Result")


class Store(Editions):
    """Editions, with the tables of other modules.

    Used as a context manager: if an exception leaves it, the store stays unchanged.

    If there is no usable store, it begins as a copy of another, ``beside`` it.
    """

    def __init__(self, path: Path, ledger: Path, beside: Path) -> None:
        self.path, self._beside = path, beside
        self._ledger = ledger
        self._stamp = stamp()
        self._encode = msgspec.msgpack.Encoder().encode
        self.changed: set[str] = set()
        """Threads that were added in this build."""
        self.lost: set[QuotationPlace] = set()
        """Quotations whose source in another debate was forgotten in this build."""
        self._dropped: set[str] = set()
        self.kept = False
        """Whether the store has data of an earlier build."""

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        base, self.kept = opened(self.path, self._beside, (self._stamp, digest_of(self._ledger)), TABLES)
        super().__init__(base)
        self.texts = Texts(base, self.path.with_name(FOLDER))
        self.texts.refuse_damaged()
        self.cross_links = CrossLinks(base)
        self.published = Registry(base, self._ledger)
        self.formers = Formers(self.published)
        self.made = MadeFiles(base)
        self.parts = Parts(base, self.published, self._whole)
        self.people = People(base)
        self.speakers = Speakers(base)
        self.tails = Tails(base, self.texts.folder)
        self.last = LastGood(base, None if self.kept else before(self.path), self.texts.folder)
        if not self.kept:
            self.published.load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.texts.settle()
            note_ledger(self._base, digest_of(self._ledger))
        with suppress(sqlite3.DatabaseError):
            self._base.execute("COMMIT" if kind is None else "ROLLBACK")
        self.last.close()
        if kind is None:
            discard(before(self.path))
            self.texts.sweep()
        leave(self._base, self.path)

    def lend(self, use: Callable[[sqlite3.Connection], Result]) -> Result:
        """Call a function of a room after this one with the store's connection, for the tables that its module declares."""
        return use(self._base)

    @property
    def hidden(self) -> tuple[str, ...] | None:
        """The rules that hid text in the last build; None if there was no build."""
        rows = self._base.execute("SELECT by FROM hidden").fetchall()
        return tuple(by for (by,) in rows if by) if rows else None

    def note_hidden(self, stamp: tuple[str, ...]) -> None:
        """Record the rules that hide text."""
        self._base.execute("DELETE FROM hidden")
        self._base.executemany("INSERT INTO hidden VALUES (?)", [("",), *((by,) for by in stamp)])

    def drop(self, id: str) -> None:
        """Forget a thread and its cross-references; its dump no longer counts as added."""
        self.lost.update(self.cross_links.drop(id))
        self.speakers.drop(id)
        self.remove(id)
        self.texts.drop(id)
        self.published.drop(id)
        self.published.formers.drop(id)
        self.changed.discard(id)
        self._dropped.add(id)

    def forget_others(self, dumps: Iterable[str]) -> None:
        """Drop every dump that is not among these."""
        present = set(dumps)
        for dump in self.dumps():
            if dump not in present:
                for id in self.known(dump):
                    self.drop(id)

    def forget_dropped(self) -> None:
        """Forget the files of threads that were dropped and not added again."""
        for id in sorted(self._dropped - set(self.ids())):
            self.made.forget_pages(id)
            self.people.forget(id)

    def add(self, dump: str, key: str, rules: str, found: tuple[Stored, Row]) -> None:
        """Store an edition of a dump, which is in a partition; ``key`` is its cache key."""
        made, place = found
        row = (made.id, dump, key, made.published, made.digest, made.posts, made.open, made.links, made.files, rules)
        self.put(row)
        self.texts.add(made.id, place)
        self.cross_links.add(made.id, made.named, made.led)
        self.speakers.add(made.id, made.spoke)
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
        self.renewed(thread.id, thread.source.published, sha256(blob).hexdigest())
        if blob != before:
            self.texts.replace(thread.id, blob, encode_said(renewed))

    def unpublish(self, dump: str) -> None:
        """Do not publish the original file of a dump; its debates may be published."""
        self.parts.unpublish(dump)
        # Most dumps that grow and are not published never were: their editions need not be read.
        published = {id for id, path in self.paths(dump) if path}
        for id in sorted({*published, *self.parts.shared(dump)} & set(self.ids())):
            self.renew(unpublished(self.edition(id).thread, dump))

    def withdraw(self, debate: str, reason: str) -> None:
        """Remove a debate because its publisher withdraws it; its addresses stay."""
        dump, dumps = self.dump(debate), self.published.dumps_of(debate)
        held = self.dump_key(dump)
        thread = self.thread(debate)
        self.drop(debate)
        self.published.withdraw(thread, reason, *dumps)
        self.formers.add(thread)
        if held is not None:
            self.hold(dump, held)

    def debates(self) -> list[tuple[str, str, list[str]]]:
        """Return every thread's id, sorted, with its edition's digest and its dump; of several dumps, the first."""
        several = self.parts.sources()
        return [(id, digest, several.get(id) or [dump]) for id, digest, dump in self.placed()]

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
        alone = {path for id, path in self.paths(dump) if path and not self.parts.dumps_of(id)}
        return sorted(alone | set(self.parts.published(dump)))
