"""The paths that a build has written, with their digests; many paths are kept on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

BATCH = 50_000
"""How many paths are kept in memory: all paths of an archive of about 70,000 posts."""


class Claims:
    """Paths with the digests of their files; if there are many, they are in a temporary SQLite file."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._folded = set[str]()
        """The paths in memory that are not in lower case, by their lower-case form."""
        self._base: sqlite3.Connection | None = None
        self._written = 0

    def __len__(self) -> int:
        return self._written + len(self._held)

    def __contains__(self, path: str) -> bool:
        return path in self._held or ((row := self._row(path.lower())) is not None and row[0] == path)

    def add(self, files: Mapping[str, str]) -> str | None:
        """Take paths; if one is taken already, or differs only in case, return it and take none."""
        folded = [path.lower() for path in files]
        held = self._held.keys().isdisjoint(folded) and self._folded.isdisjoint(folded)
        if not held or (self._base and any(map(self._row, folded))):
            return next(path for path in files if self.takes(path))
        self._folded.update(low for path, low in zip(files, folded, strict=True) if low != path)
        self._held.update(zip(files, map(bytes.fromhex, files.values()), strict=True))
        if len(self._held) >= BATCH:
            self._write()
        return None

    def remove(self, paths: Iterable[str]) -> None:
        """Release paths."""
        for path in paths:
            if self._held.pop(path, None) is not None:
                self._folded.discard(path.lower())
            elif self._base is not None and path in self:
                self._base.execute("DELETE FROM claims WHERE path = ?", (path,))
                self._written -= 1

    def get(self, path: str) -> str | None:
        """Return the digest of a path; None if it is not taken."""
        if digest := self._held.get(path):
            return digest.hex()
        row = self._row(path.lower())
        return row[1].hex() if row and row[0] == path else None

    def takes(self, path: str) -> bool:
        """Whether a path is taken, or one that differs only in case."""
        folded = path.lower()
        return folded in self._held or folded in self._folded or self._row(folded) is not None

    def sorted(self) -> Iterator[tuple[str, str]]:
        """Yield all of them, sorted by path."""
        if self._base is None:
            yield from ((path, self._held[path].hex()) for path in sorted(self._held))
            return
        self._write()
        for path, digest in self._base.execute("SELECT path, digest FROM claims ORDER BY path"):
            yield path, digest.hex()

    def _row(self, folded: str) -> tuple[str, bytes] | None:
        if self._base is None:
            return None
        return self._base.execute("SELECT path, digest FROM claims WHERE folded = ?", (folded,)).fetchone()  # type: ignore[no-any-return]  # a row of the table

    def _write(self) -> None:
        if self._base is None:
            self._base = sqlite3.connect("", isolation_level=None)
            self._base.execute("PRAGMA journal_mode=OFF")
            self._base.execute("CREATE TABLE claims (folded TEXT PRIMARY KEY, path TEXT, digest BLOB) WITHOUT ROWID")
            self._base.execute("BEGIN")
        # Sorted rows are adjacent on disk.
        rows = sorted((path.lower(), path, digest) for path, digest in self._held.items())
        self._base.executemany("INSERT INTO claims VALUES (?, ?, ?)", rows)
        self._written += len(rows)
        self._held.clear()
        self._folded.clear()
