"""Which files were made of what: of every debate and every unit, its files with their digests."""

from __future__ import annotations

import sqlite3

import msgspec
from msgspec import Struct

TABLES = """
CREATE TABLE pages (thread TEXT PRIMARY KEY, pages BLOB, notes BLOB);
CREATE TABLE units (name TEXT PRIMARY KEY, key TEXT, files BLOB, shelf TEXT) WITHOUT ROWID;
"""


class Pages(Struct, frozen=True):
    """The ``files`` of a debate with their digests, and the ``sums`` of its dumps, by which they tell where it is from.

    Where a dump grew and said nothing else of a debate, new sums take the place of the old in ``naming``, which
    is None where they might not be found there by their digits alone.  ``units`` are the files that depend on less
    than all of the debate, each with a digest of that.
    """

    key: str = ""
    """What changes with anything that they depend on."""
    files: dict[str, str] = {}
    units: dict[str, str] = {}
    sums: tuple[str, ...] = ()
    naming: tuple[str, ...] | None = None


class Made:
    """What the last build made, in the store's own file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._pages = msgspec.msgpack.Decoder(Pages).decode
        self._decode = msgspec.msgpack.Decoder(dict[str, str]).decode
        self._asked: set[str] = set()
        self._kept: set[str] = set()

    def pages(self, id: str) -> tuple[Pages, bytes] | None:
        """What was last written for a debate, and the notes made with it."""
        row = self.base.execute("SELECT pages, notes FROM pages WHERE thread = ?", (id,)).fetchone()
        return (self._pages(row[0]), row[1]) if row else None

    def note_pages(self, id: str, pages: Pages, notes: bytes) -> None:
        """Note what was written for a debate."""
        self.base.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (id, self._encode(pages), notes))

    def forget_pages(self, id: str) -> None:
        """A debate is in the archive no more."""
        self.base.execute("DELETE FROM pages WHERE thread = ?", (id,))

    def unit(self, name: str, key: str) -> dict[str, str] | None:
        """The files of a unit or shelf, where it was made with this key."""
        self._asked.add(name)
        row = self.base.execute("SELECT files FROM units WHERE name = ? AND key = ?", (name, key)).fetchone()
        return self._decode(row[0]) if row else None

    def note_unit(self, name: str, key: str, files: dict[str, str], shelf: str | None) -> None:
        """Note what was written for a unit, or for all of a shelf."""
        row = (name, key, self._encode(files), shelf)
        self.base.execute("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)", row)

    def keep_shelf(self, name: str) -> None:
        """The units of a shelf stand as they did, without being asked for."""
        self._kept.add(name)

    def forget_units(self) -> None:
        """Forget every unit that this build did not ask for."""
        for name, shelf in self.base.execute("SELECT name, shelf FROM units").fetchall():
            if name not in self._asked and shelf not in self._kept:
                self.base.execute("DELETE FROM units WHERE name = ?", (name,))
