"""The facts of each file, kept from check to check: a cache that may be deleted at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from rostra.check.scan import Facts
from rostra.store.store_file import stamp

TABLES = "CREATE TABLE IF NOT EXISTS facts (path TEXT PRIMARY KEY, digest TEXT, facts BLOB) WITHOUT ROWID"

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Facts).decode


class FactCache:
    """Facts by path and digest of the file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def get(self, path: str, digest: str) -> bytes | None:
        """Return the encoded facts of a file; None if they are not known."""
        row = self._base.execute("SELECT facts FROM facts WHERE path = ? AND digest = ?", (path, digest)).fetchone()
        return row[0] if row else None

    def put(self, path: str, digest: str, facts: bytes) -> None:
        """Store the facts of a file."""
        self._base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (path, digest, facts))


@contextmanager
def kept_facts(folder: Path, address: str) -> Iterator[FactCache]:
    """Open the facts that this version of Rostra found in a site at this address; none if the folder cannot be written."""
    path = folder / "checked.sqlite"
    current = f"{stamp()} {address}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        base = _opened(path, current)
    except (sqlite3.DatabaseError, OSError):
        base = _opened(None, current)
    try:
        yield FactCache(base)
        with suppress(sqlite3.DatabaseError):
            base.execute("COMMIT")
    finally:
        base.close()


def _opened(path: Path | None, current: str) -> sqlite3.Connection:
    base = sqlite3.connect(path or ":memory:", timeout=0.2, isolation_level=None)
    try:
        base.execute("PRAGMA synchronous=OFF")
        base.execute("BEGIN IMMEDIATE")
        base.execute(TABLES)
        base.execute("CREATE TABLE IF NOT EXISTS stamp (stamp TEXT)")
        if base.execute("SELECT stamp FROM stamp").fetchone() != (current,):
            base.execute("DELETE FROM facts")
            base.execute("DELETE FROM stamp")
            base.execute("INSERT INTO stamp VALUES (?)", (current,))
    except sqlite3.DatabaseError as error:
        base.close()
        if path is None or "locked" in str(error):
            raise
        path.unlink(missing_ok=True)
        return _opened(path, current)
    return base
