"""The tables of published debates, each with its dumps and its lines in the ledger file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

TABLES = """
CREATE TABLE homes (debate TEXT PRIMARY KEY, live INTEGER, reason TEXT, called TEXT) WITHOUT ROWID;
CREATE INDEX by_called ON homes (called) WHERE called IS NOT NULL;
CREATE TABLE read_from (debate TEXT, dump TEXT, PRIMARY KEY (debate, dump)) WITHOUT ROWID;
CREATE INDEX by_dump ON read_from (dump);
CREATE TABLE lines (debate TEXT PRIMARY KEY, written TEXT) WITHOUT ROWID;
"""
"""``live`` debates are published by this build, and withdrawn ones have a ``reason``.  ``called`` is a debate's natural
id, if it is published under another.  ``read_from`` are the dumps that each was last read from.  ``lines`` has no row for debates that changed since they were last written."""


class PublishedDebates:
    """What was published: the debates, which the ledger file knows too."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def _of(self, column: str, debate: str) -> str | None:
        row = self._base.execute(f"SELECT {column} FROM homes WHERE debate = ?", (debate,)).fetchone()  # noqa: S608  # a constant
        return row[0] if row else None

    def load(self, debate: str, *, dump: str | None = None, reason: str | None = None) -> None:
        """Insert a debate of a ledger file, or complete it by a dump or the reason why it is withdrawn."""
        query = "INSERT INTO homes VALUES (?1, 0, ?2, NULL) ON CONFLICT (debate) DO UPDATE SET reason = coalesce(?2, reason)"
        self._base.execute(query, (debate, reason))
        if dump is not None:
            self._base.execute("INSERT OR IGNORE INTO read_from VALUES (?, ?)", (debate, dump))

    def dumps(self) -> set[str]:
        """Return every dump that a debate was last read from."""
        return {dump for (dump,) in self._base.execute("SELECT DISTINCT dump FROM read_from")}

    def dumps_of(self, debate: str) -> list[str]:
        """Return the dumps that a debate was last read from, sorted."""
        query = "SELECT dump FROM read_from WHERE debate = ? ORDER BY dump"
        return [dump for (dump,) in self._base.execute(query, (debate,))]

    def of_dump(self, dump: str) -> list[str]:
        """Return the debates that were last read from a dump, alone or with others."""
        return [debate for (debate,) in self._base.execute("SELECT debate FROM read_from WHERE dump = ?", (dump,))]

    def names_of(self, dump: str) -> set[str]:
        """Return the ids, natural and published, of the debates that were last read from a dump."""
        return {id for debate in self.of_dump(dump) for id in (debate, self.called(debate))}

    def absent(self) -> list[str]:
        """Return the debates that are neither published nor withdrawn."""
        return [
            debate for (debate,) in self._base.execute("SELECT debate FROM homes WHERE NOT live AND reason IS NULL")
        ]

    def withdrawn(self) -> list[str]:
        """Return the withdrawn debates."""
        return [debate for (debate,) in self._base.execute("SELECT debate FROM homes WHERE reason IS NOT NULL")]

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

    def publish(self, debate: str, *dumps: str) -> None:
        """Record that a debate of these dumps is published."""
        self._base.execute("INSERT OR REPLACE INTO homes VALUES (?, 1, NULL, NULL)", (debate,))
        self._read_from(debate, dumps)

    def _read_from(self, debate: str, dumps: Iterable[str]) -> None:
        self._base.execute("DELETE FROM read_from WHERE debate = ?", (debate,))
        self._base.executemany("INSERT INTO read_from VALUES (?, ?)", [(debate, dump) for dump in dumps])

    def retire(self, debate: str, before: Iterable[str] | None) -> None:
        """Mark a debate as not published; ``before`` are its dumps before this build, if it changed them."""
        self._base.execute("UPDATE homes SET live = 0 WHERE debate = ?", (debate,))
        if before is not None:
            self._read_from(debate, before)

    def withdraw(self, debate: str, reason: str) -> None:
        """Record why a debate is withdrawn."""
        self._base.execute("UPDATE homes SET live = 0, reason = ? WHERE debate = ?", (reason, debate))

    def forget(self, debate: str) -> None:
        """Forget a debate that was never published."""
        for table in ("homes", "read_from"):
            self._base.execute(f"DELETE FROM {table} WHERE debate = ?", (debate,))  # noqa: S608  # constants

    def unwritten(self) -> list[tuple[str, str | None]]:
        """Return the debates that changed since they were last written, each with the reason why it is withdrawn."""
        query = "SELECT debate, reason FROM homes WHERE debate NOT IN (SELECT debate FROM lines)"
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
