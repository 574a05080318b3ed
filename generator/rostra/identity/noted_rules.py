"""The redaction rules that the ledger was written with, so that no build without them publishes what they hide.

The ledger has a keyed digest of them, which tells nothing about them.  A merge of branches leaves several.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from rostra.system.lazy_regex import late

TABLES = "CREATE TABLE rules (mark TEXT PRIMARY KEY) WITHOUT ROWID;\n"
LINE = late(r"# redactions ([a-z2-7]{10})")


class NotedRules:
    """The marks of the rules, in tables that a ledger is read into."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def load(self, line: str) -> None:
        """Read a line of the ledger, if it is a mark."""
        if found := LINE.fullmatch(line):
            self._base.execute("INSERT OR IGNORE INTO rules VALUES (?)", (found[1],))

    def marks(self) -> set[str]:
        """Return the marks; empty if the ledger was written without rules."""
        return {mark for (mark,) in self._base.execute("SELECT mark FROM rules")}

    def note(self, mark: str) -> bool:
        """Record the mark of the rules of this build, empty if it has none; return whether the ledger has another."""
        wanted = {mark} - {""}
        if self.marks() == wanted:
            return False
        self._base.execute("DELETE FROM rules")
        self._base.executemany("INSERT INTO rules VALUES (?)", ((each,) for each in wanted))
        return True

    def lines(self) -> Iterator[str]:
        """Yield the lines of the ledger."""
        yield from (f"# redactions {mark}\n" for mark in sorted(self.marks()))
