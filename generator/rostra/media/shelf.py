"""Data about files that is kept from build to build: a cache that may be deleted at any time.

An unchanged file is not read again: its place, time, size and inode are mapped to its digest, and the digest to the
prepared file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from rostra.media.places import Place
from rostra.media.prepare import Prepared, version
from rostra.media.web_archives import TABLES as WEB_ARCHIVES
from rostra.media.web_archives import WebArchive
from rostra.system.file_state import discard

LAYOUT = 2
"""The version of the tables."""
TABLES = """
CREATE TABLE IF NOT EXISTS originals (place TEXT PRIMARY KEY, stamp TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prepared (digest TEXT PRIMARY KEY, version TEXT, made BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS missing (debate TEXT, post TEXT, address TEXT, PRIMARY KEY (debate, post, address)) WITHOUT ROWID;
CREATE TEMP TABLE wanted (owner TEXT, place TEXT, inner TEXT, PRIMARY KEY (owner, place)) WITHOUT ROWID;
"""


class MediaShelf:
    """The cache of files, used as a context manager; if an exception leaves it, the cache stays unchanged."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._base = self._opened()
        except sqlite3.DatabaseError:
            # A damaged cache costs time only.
            discard(self._path)
            self._base = self._opened()
        return self

    def _opened(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path, isolation_level=None)
        (layout,) = base.execute("PRAGMA user_version").fetchone()
        if layout != LAYOUT:
            base.close()
            discard(self._path)
            base = sqlite3.connect(self._path, isolation_level=None)
            base.execute(f"PRAGMA user_version = {LAYOUT}")
        base.executescript(TABLES + WEB_ARCHIVES)
        base.execute("BEGIN")
        return base

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.DatabaseError):
            self._base.execute("COMMIT" if kind is None else "ROLLBACK")
        self._base.close()

    def web_archive(self, path: Path) -> WebArchive:
        """Return a web archive whose index is stored here."""
        return WebArchive(path, self._base)

    def digest(self, place: str, stamp: str | None) -> str | None:
        """Return the digest of the file at a place if it has not changed; without a stamp, its last known digest."""
        row = self._base.execute("SELECT stamp, digest FROM originals WHERE place = ?", (place,)).fetchone()
        return row[1] if row and stamp in (None, row[0]) else None

    def within(self, path: Path) -> frozenset[str]:
        """Return the names of the files that were last taken out of an archive."""
        first = f"{path}\npath:"
        query = "SELECT substr(place, ?) FROM originals WHERE substr(place, 1, ?) = ?"
        return frozenset(name for (name,) in self._base.execute(query, (len(first) + 1, len(first), first)))

    def note_original(self, place: str, stamp: str, digest: str) -> None:
        """Store the digest of the file at a place."""
        self._base.execute("INSERT OR REPLACE INTO originals VALUES (?, ?, ?)", (place, stamp, digest))

    def prepared(self, digest: str) -> Prepared | None:
        """Return a prepared file; None if another version prepared it."""
        query = "SELECT made FROM prepared WHERE digest = ? AND version = ?"
        row = self._base.execute(query, (digest, version())).fetchone()
        return msgspec.msgpack.decode(row[0], type=Prepared) if row else None

    def note_prepared(self, digest: str, made: Prepared) -> None:
        """Store a prepared file."""
        row = (digest, version(), msgspec.msgpack.encode(made))
        self._base.execute("INSERT OR REPLACE INTO prepared VALUES (?, ?, ?)", row)

    def want(self, owner: str, place: str, inner: str) -> None:
        """Record a place in a dump or web archive from which a file must be extracted."""
        self._base.execute("INSERT OR IGNORE INTO wanted VALUES (?, ?, ?)", (owner, place, inner))

    def wanted(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each owner with the places to extract."""
        for (owner,) in self._base.execute("SELECT DISTINCT owner FROM wanted ORDER BY owner").fetchall():
            rows = self._base.execute("SELECT inner FROM wanted WHERE owner = ? ORDER BY inner", (owner,))
            yield owner, [inner for (inner,) in rows]

    def note_missing(self, missing: Iterable[tuple[str, str, str]]) -> None:
        """Store the addresses without a file, with the debate and post of each, in place of all earlier ones."""
        self._base.execute("DELETE FROM missing")
        self._base.executemany("INSERT OR IGNORE INTO missing VALUES (?, ?, ?)", missing)

    def missing(self) -> list[tuple[str, str, str]]:
        """Return the addresses without a file, with a debate and post of each, sorted by address."""
        query = "SELECT address, min(debate), post FROM missing GROUP BY address ORDER BY address"
        return self._base.execute(query).fetchall()


def key_of(place: Place) -> str:
    """Return the key of a place."""
    return f"{place.path}\n{place.inner}"
