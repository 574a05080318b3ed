"""Record the files that were made for every debate and every unit, with their digests and cache keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

import msgspec
from msgspec import Struct

TABLES = """
CREATE TABLE pages (thread TEXT PRIMARY KEY, pages BLOB);
CREATE TABLE notes (thread TEXT PRIMARY KEY, notes BLOB) WITHOUT ROWID;
CREATE TABLE units (name TEXT PRIMARY KEY, key TEXT, files BLOB) WITHOUT ROWID;
"""

Records = dict[str, tuple[str, str]]
"""Paths of records of dumps, each with the dump's name and format."""


class Pages(Struct, frozen=True):
    """The ``files`` of a debate with their digests, and the ``records`` of its dumps that they link to.

    ``units`` are the files that depend on part of the debate only, each with a digest of that part.
    """

    key: str = ""
    """The cache key: it changes with anything that they depend on."""
    files: dict[str, str] = {}
    units: dict[str, str] = {}
    records: Records = {}
    edition: str = ""
    """The digest of the edition that they show."""
    revealed: tuple[str, ...] = ()
    """Digests of the text of other debates that they show."""


class _Linked(Struct):
    """The fields of ``Pages`` that the records of dumps need."""

    records: Records = {}


class MadeFiles:
    """The files that the last build made, in the store's file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._pages = msgspec.msgpack.Decoder(Pages).decode
        self._records = msgspec.msgpack.Decoder(_Linked).decode
        self._decode = msgspec.msgpack.Decoder(dict[str, str]).decode
        self._asked: set[str] = set()

    def pages(self, id: str) -> Pages:
        """Return the files that were last written for a debate."""
        row = self._base.execute("SELECT pages FROM pages WHERE thread = ?", (id,)).fetchone()
        return self._pages(row[0]) if row else Pages()

    def notes(self, ids: Collection[str]) -> Iterator[bytes]:
        """Yield the notes that were made with the pages of these debates, sorted by id."""
        rows = self._base.execute("SELECT thread, notes FROM notes ORDER BY thread")
        return (notes for thread, notes in rows if thread in ids)

    def records(self, ids: Collection[str]) -> Records:
        """Return the records of dumps that these debates link to, sorted by path."""
        rows = (
            (thread, pages) for thread, pages in self._base.execute("SELECT thread, pages FROM pages") if thread in ids
        )
        found = {path: of for _, pages in rows for path, of in self._records(pages).records.items()}
        return dict(sorted(found.items()))

    def note_pages(self, id: str, pages: Pages, notes: bytes | None = None) -> None:
        """Record the files that were written for a debate, with new notes if ``notes`` are given."""
        self._base.execute("INSERT OR REPLACE INTO pages VALUES (?, ?)", (id, self._encode(pages)))
        if notes is not None:
            self._base.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (id, notes))

    def forget_pages(self, id: str) -> None:
        """Forget a debate that left the archive."""
        self._base.execute("DELETE FROM pages WHERE thread = ?", (id,))
        self._base.execute("DELETE FROM notes WHERE thread = ?", (id,))

    def unit(self, name: str, key: str) -> dict[str, str] | None:
        """Return the files of a unit if they were made with this key."""
        self._asked.add(name)
        row = self._base.execute("SELECT files FROM units WHERE name = ? AND key = ?", (name, key)).fetchone()
        return self._decode(row[0]) if row else None

    def note_unit(self, name: str, key: str, files: dict[str, str]) -> None:
        """Record the files that were written for a unit."""
        self._base.execute("INSERT OR REPLACE INTO units VALUES (?, ?, ?)", (name, key, self._encode(files)))

    def forget_units(self) -> None:
        """Forget every unit that this build did not use."""
        known = self._base.execute("SELECT name FROM units").fetchall()
        self._base.executemany("DELETE FROM units WHERE name = ?", [row for row in known if row[0] not in self._asked])
