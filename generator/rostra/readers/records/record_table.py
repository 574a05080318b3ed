"""The tables of a dump's records: to which piece each belongs, and the terms that join them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

TABLES = """
CREATE TABLE records (dump INTEGER, piece INTEGER, number INTEGER, file INTEGER, start INTEGER, size INTEGER, line INTEGER, PRIMARY KEY (dump, piece, number)) WITHOUT ROWID;
CREATE TABLE terms (dump INTEGER, term INTEGER, piece INTEGER, PRIMARY KEY (dump, term)) WITHOUT ROWID;
CREATE TABLE merged (dump INTEGER, piece INTEGER, root INTEGER);
"""

RecordPlace = tuple[int, int, int, int, int]
"""The fields of a ``Record``: its number, file, start, size and line."""


class RecordTable:
    """The rows of one dump."""

    def __init__(self, base: sqlite3.Connection, dump: str) -> None:
        self._base = base
        self.dump = term_hash(dump)

    def merged(self) -> dict[int, int]:
        """Return the pieces that became part of others, each with the other."""
        return dict(self._base.execute("SELECT piece, root FROM merged WHERE dump = ?", (self.dump,)))

    def last_piece(self) -> int | None:
        """Return the piece of the last record."""
        query = "SELECT piece FROM records WHERE dump = ? ORDER BY number DESC LIMIT 1"
        row = self._base.execute(query, (self.dump,)).fetchone()
        return row[0] if row else None

    def has_terms(self) -> bool:
        """Whether any record has a term."""
        return self._base.execute("SELECT 1 FROM terms WHERE dump = ? LIMIT 1", (self.dump,)).fetchone() is not None

    def piece_of(self, term: int) -> int | None:
        """Return the piece of a term, given by its hash."""
        row = self._base.execute("SELECT piece FROM terms WHERE dump = ? AND term = ?", (self.dump, term)).fetchone()
        return row[0] if row else None

    def pieces(self) -> Iterator[int]:
        """Yield the pieces that records are of."""
        yield from (
            piece for (piece,) in self._base.execute("SELECT DISTINCT piece FROM records WHERE dump = ?", (self.dump,))
        )

    def of_piece(self, piece: int) -> Iterable[RecordPlace]:
        """Return the records of a piece."""
        query = "SELECT number, file, start, size, line FROM records WHERE dump = ? AND piece = ?"
        return self._base.execute(query, (self.dump, piece))

    def taken_from(self, number: int) -> dict[RecordPlace, int]:
        """Delete the records from this number on; return them with their pieces."""
        query = "SELECT number, file, start, size, line, piece FROM records WHERE dump = ? AND number >= ?"
        found = {
            (n, file, start, size, line): piece
            for n, file, start, size, line, piece in self._base.execute(query, (self.dump, number))
        }
        self._base.execute("DELETE FROM records WHERE dump = ? AND number >= ?", (self.dump, number))
        return found

    def add(
        self, records: Iterable[tuple[int, RecordPlace]], terms: Mapping[int, int], merged: Mapping[int, int]
    ) -> None:
        """Add records, each with its piece, and terms; ``merged`` replaces what was stored of merged pieces."""
        # Sorted rows are adjacent on disk.
        rows = sorted((self.dump, piece, *place) for piece, place in records)
        self._base.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        new = ((self.dump, each, piece) for each, piece in sorted(terms.items()))
        self._base.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?)", new)
        self._base.execute("DELETE FROM merged WHERE dump = ?", (self.dump,))
        roots = ((self.dump, piece, root) for piece, root in merged.items())
        self._base.executemany("INSERT INTO merged VALUES (?, ?, ?)", roots)

    def forget(self) -> None:
        """Delete the rows of the dump."""
        for table in ("records", "terms", "merged"):
            self._base.execute(f"DELETE FROM {table} WHERE dump = ?", (self.dump,))  # noqa: S608  # the names above


def term_hash(term: str) -> int:
    """Return a name's 64-bit hash for SQLite.  After a collision, records are read together and still distinguished."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
