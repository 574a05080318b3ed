"""The tables of published debates, each with its dump and its lines in the ledger file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

TABLES = """
CREATE TABLE homes (debate TEXT PRIMARY KEY, dump TEXT, live INTEGER, reason TEXT, called TEXT) WITHOUT ROWID;
CREATE INDEX by_called ON homes (called) WHERE called IS NOT NULL;
CREATE TABLE lines (debate TEXT PRIMARY KEY, written TEXT) WITHOUT ROWID;
"""
"""``live`` debates are published by this build, and withdrawn ones have a ``reason``.  ``called`` is a debate's natural
id, if it is published under another.  ``lines`` has no row for debates that changed since they were last written."""


class PublishedDebates:
    """What was published: the debates, which the ledger file knows too."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def _of(self, column: str, debate: str) -> str | None:
        row = self._base.execute(f"SELECT {column} FROM homes WHERE debate = ?", (debate,)).fetchone()  # noqa: S608  # a constant
        return row[0] if row else None

    def load(self, debate: str, *, dump: str | None = None, reason: str | None = None) -> None:
        """Insert a debate of a ledger file, or complete it by its dump or the reason why it is withdrawn."""
        query = "INSERT INTO homes VALUES (?1, coalesce(?2, ''), 0, ?3, NULL) ON CONFLICT (debate) DO UPDATE SET dump = coalesce(?2, dump), reason = coalesce(?3, reason)"
        self._base.execute(query, (debate, dump, reason))

    def dumps(self) -> dict[str, str]:
        """Return every known debate with the dump that it was last read from."""
        return dict(self._base.execute("SELECT debate, dump FROM homes WHERE dump <> ''"))

    def dump(self, debate: str) -> str:
        """Return the dump that a debate was last read from; empty if it is not known."""
        return self._of("dump", debate) or ""

    def of_dump(self, dump: str) -> list[str]:
        """Return the debates that were last read from a dump."""
        return [debate for (debate,) in self._base.execute("SELECT debate FROM homes WHERE dump = ?", (dump,))]

    def absent(self) -> list[tuple[str, str]]:
        """Return the debates that are neither published nor withdrawn, each with its dump."""
        return self._base.execute("SELECT debate, dump FROM homes WHERE NOT live AND reason IS NULL").fetchall()

    def withdrawn(self) -> list[tuple[str, str]]:
        """Return the withdrawn debates, each with its dump."""
        return self._base.execute("SELECT debate, dump FROM homes WHERE reason IS NOT NULL").fetchall()

    def reason(self, debate: str) -> str | None:
        """Return why a debate is withdrawn; None if it is not."""
        return self._of("reason", debate)

    def is_live(self, debate: str) -> bool:
        """Whether a debate is published by this build."""
        return bool(self._of("live", debate))

    def called(self, debate: str) -> str:
        """Return a debate's natural id."""
        return self._of("called", debate) or debate

    def by_name(self, natural: str) -> list[str]:
        """Return the debates with this natural id that are published under another."""
        return [debate for (debate,) in self._base.execute("SELECT debate FROM homes WHERE called = ?", (natural,))]

    def call(self, debate: str, natural: str) -> None:
        """Record a debate's natural id, if it is published under another."""
        if debate != natural:
            self._base.execute("UPDATE homes SET called = ? WHERE debate = ?", (natural, debate))

    def publish(self, debate: str, dump: str) -> None:
        """Record that a debate of a dump is published."""
        self._base.execute("INSERT OR REPLACE INTO homes VALUES (?, ?, 1, NULL, NULL)", (debate, dump))

    def retire(self, debate: str) -> None:
        """Mark a debate as not published."""
        self._base.execute("UPDATE homes SET live = 0 WHERE debate = ?", (debate,))

    def withdraw(self, debate: str, reason: str) -> None:
        """Record why a debate is withdrawn."""
        self._base.execute("UPDATE homes SET live = 0, reason = ? WHERE debate = ?", (reason, debate))

    def forget(self, debate: str) -> None:
        """Forget a debate that was never published."""
        self._base.execute("DELETE FROM homes WHERE debate = ?", (debate,))

    def unwritten(self) -> list[tuple[str, str, str | None]]:
        """Return the debates that changed since they were last written: each with its dump, and why it is withdrawn."""
        query = "SELECT debate, dump, reason FROM homes WHERE debate NOT IN (SELECT debate FROM lines)"
        return self._base.execute(query).fetchall()

    def write(self, debate: str, lines: str) -> None:
        """Store the lines of a debate."""
        self._base.execute("INSERT INTO lines VALUES (?, ?)", (debate, lines))

    def written(self) -> Iterator[tuple[str, str]]:
        """Yield the debates that have lines, with these, sorted."""
        yield from self._base.execute("SELECT debate, written FROM lines ORDER BY debate")

    def touch(self, debate: str) -> None:
        """Forget the lines of a debate that is about to change."""
        self._base.execute("DELETE FROM lines WHERE debate = ?", (debate,))
