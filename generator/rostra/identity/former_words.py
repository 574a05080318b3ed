"""The table of posts as an earlier version of Rostra read them, with the posts that now contain words of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from rostra.identity.published_posts import PostAddress
from rostra.model import Former

TABLES = """
CREATE TABLE held (debate TEXT, post TEXT, there TEXT, at TEXT, moment TEXT, old INTEGER, PRIMARY KEY (debate, post, there, at, moment)) WITHOUT ROWID;
CREATE INDEX by_holder ON held (there);
"""
"""A row that is not ``old`` is not in the ledger file."""


class FormerWords:
    """Which posts contain words of former posts."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def add(self, former: Former, place: PostAddress, *, old: bool = False) -> None:
        """Record that the post at a place contains words of a former post; ``old`` if the ledger file says so."""
        row = (former.debate, former.post, *place, former.moment, int(old))
        self._base.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?, ?, ?)", row)

    def drop(self, debate: str) -> None:
        """Forget what this build recorded of the posts of a debate."""
        self._base.execute("DELETE FROM held WHERE there = ? AND NOT old", (debate,))

    def settle(self, debate: str) -> None:
        """Mark the rows of a debate's former posts as old."""
        self._base.execute("UPDATE held SET old = 1 WHERE debate = ?", (debate,))

    def lines(self, debate: str) -> Iterator[tuple[str, PostAddress, str]]:
        """Yield the rows of the ledger file of a debate's former posts, sorted: the post, the place, the moment."""
        query = "SELECT post, there, at, moment FROM held WHERE debate = ? AND old ORDER BY post, there, at, moment"
        for post, there, at, moment in self._base.execute(query, (debate,)):
            yield post, (there, at), moment

    def contained(self, debate: str) -> Iterator[tuple[str, Former]]:
        """Yield the posts of a debate that contain words of former posts, each with one of these; of the ledger file."""
        query = "SELECT at, debate, post, moment FROM held WHERE there = ? AND old"
        return ((at, Former(*of)) for at, *of in self._base.execute(query, (debate,)))

    def holders(self) -> Iterator[tuple[Former, PostAddress]]:
        """Yield each former post of the ledger file with the place of a post that contains words of it."""
        query = "SELECT debate, post, moment, there, at FROM held WHERE old"
        return ((Former(*of), (there, at)) for *of, there, at in self._base.execute(query).fetchall())

    def debates(self, place: PostAddress) -> list[str]:
        """Return the debates of posts that contain words of the former post at a place, sorted."""
        query = "SELECT DISTINCT there FROM held WHERE debate = ? AND post = ? ORDER BY there"
        return [debate for (debate,) in self._base.execute(query, place)]

    def counts(self) -> Iterator[tuple[Former, int, int]]:
        """Yield each former post, sorted: how many posts contain words of it, and how many of these are at its own address."""
        query = "SELECT debate, post, moment, count(*), sum(debate = there AND post = at) FROM held GROUP BY debate, post, moment ORDER BY debate, post"
        return ((Former(*of), many, itself) for *of, many, itself in self._base.execute(query).fetchall())
