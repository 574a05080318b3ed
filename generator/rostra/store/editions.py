"""The tables of dumps and of the editions made from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

TABLES = """
CREATE TABLE dumps (name TEXT PRIMARY KEY, key TEXT);
CREATE TABLE editions (id TEXT PRIMARY KEY, dump TEXT, key TEXT, published TEXT, digest TEXT, posts INTEGER, open BLOB, links BLOB, files BLOB, rules TEXT);
CREATE INDEX of_dump ON editions (dump);
"""
"""``rules`` changes with the rules that a publisher applies to a thread."""


class Editions:
    """Data about each edition besides its text; if a debate has several dumps, its edition belongs to the first."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def _one(self, query: str, *values: str) -> tuple[str, ...] | None:
        row: tuple[str, ...] | None = self._base.execute(query, values).fetchone()
        return row

    def held(self, dump: str, key: str) -> set[str] | None:
        """Return the threads of a dump if it is unchanged, None otherwise."""
        return set(self.known(dump)) if self.holds(dump, key) else None

    def holds(self, dump: str, key: str) -> bool:
        """Whether a dump is unchanged."""
        return self.dump_key(dump) == key

    def dump_key(self, dump: str) -> str | None:
        """Return the cache key with which all of a dump was added; None if it was not."""
        row = self._one("SELECT key FROM dumps WHERE name = ?", dump)
        return row[0] if row else None

    def unhold(self, dump: str) -> None:
        """Mark a dump for reading."""
        self._base.execute("DELETE FROM dumps WHERE name = ?", (dump,))

    def hold(self, dump: str, key: str) -> None:
        """Record that all of a dump was added."""
        self._base.execute("INSERT OR REPLACE INTO dumps VALUES (?, ?)", (dump, key))

    def key(self, dump: str, id: str) -> str | None:
        """Return the cache key of the edition of a dump's thread; None if there is none."""
        row = self._one("SELECT key FROM editions WHERE id = ? AND dump = ?", id, dump)
        return row[0] if row else None

    def dump(self, id: str) -> str:
        """Return the dump of a thread; the first one if there are several."""
        (dump,) = self._base.execute("SELECT dump FROM editions WHERE id = ?", (id,)).fetchone()
        return str(dump)

    def dumps(self) -> list[str]:
        """Return the dumps that have editions."""
        return [dump for (dump,) in self._base.execute("SELECT DISTINCT dump FROM editions")]

    def known(self, dump: str) -> dict[str, str]:
        """Return the threads of a dump with the cache keys of their editions."""
        return dict(self._base.execute("SELECT id, key FROM editions WHERE dump = ?", (dump,)))

    def rules(self, dump: str, id: str) -> str | None:
        """Return the fingerprint of the rules that the publisher applied to a dump's thread; None if there is none."""
        row = self._one("SELECT rules FROM editions WHERE id = ? AND dump = ?", id, dump)
        return row[0] if row else None

    def put(self, row: tuple[object, ...]) -> None:
        """Add a row of the table."""
        self._base.execute("INSERT INTO editions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def renewed(self, id: str, published: str | None, digest: str) -> None:
        """Record where the dump of an edition is published now, and the edition's new digest."""
        self._base.execute("UPDATE editions SET published = ?, digest = ? WHERE id = ?", (published, digest, id))

    def remove(self, id: str) -> None:
        """Forget an edition; its dump no longer counts as added."""
        self._base.execute("DELETE FROM dumps WHERE name = (SELECT dump FROM editions WHERE id = ?)", (id,))
        self._base.execute("DELETE FROM editions WHERE id = ?", (id,))

    def contents(self) -> list[tuple[str, str, int]]:
        """Return every thread's id, sorted, with its edition's digest and the number of its posts that were not removed."""
        return self._base.execute("SELECT id, digest, posts FROM editions ORDER BY id").fetchall()

    def placed(self) -> list[tuple[str, str, str]]:
        """Return every thread's id, sorted, with its edition's digest and its dump; of several dumps, the first."""
        return self._base.execute("SELECT id, digest, dump FROM editions ORDER BY id").fetchall()

    def ids(self) -> list[str]:
        """Return every thread's id, sorted."""
        return [id for (id,) in self._base.execute("SELECT id FROM editions ORDER BY id")]

    def paths(self, dump: str) -> list[tuple[str, str | None]]:
        """Return the threads of a dump, each with the path at which the dump is published with it."""
        return self._base.execute("SELECT id, published FROM editions WHERE dump = ?", (dump,)).fetchall()

    def about(self, id: str) -> tuple[str, bytes]:
        """Return an edition's digest and its links."""
        digest, links = self._base.execute("SELECT digest, links FROM editions WHERE id = ?", (id,)).fetchone()
        return digest, links

    def referring(self) -> set[str]:
        """Return the threads that refer to pictures or files."""
        return {id for (id,) in self._base.execute("SELECT id FROM editions WHERE files <> x''")}

    def files(self, id: str) -> bytes:
        """Return the pictures and files that a thread refers to, encoded."""
        (blob,) = self._base.execute("SELECT files FROM editions WHERE id = ?", (id,)).fetchone()
        return bytes(blob)

    def opened(self) -> Iterator[tuple[str, bytes]]:
        """Yield the open quotations of every thread."""
        yield from self._base.execute("SELECT id, open FROM editions WHERE length(open) > 1 ORDER BY id")

    def open(self, id: str) -> bytes:
        """Return the open quotations of a thread."""
        (blob,) = self._base.execute("SELECT open FROM editions WHERE id = ?", (id,)).fetchone()
        return bytes(blob)
