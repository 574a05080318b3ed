"""The tables of links from one thread to another: quotations with their sources, links with the posts that they name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TABLES = """
CREATE TABLE addresses (key TEXT, thread TEXT, post TEXT, PRIMARY KEY (key, thread)) WITHOUT ROWID;
CREATE INDEX of_thread ON addresses (thread);
CREATE TABLE linked (thread TEXT, key TEXT, PRIMARY KEY (thread, key)) WITHOUT ROWID;
CREATE TABLE found (thread TEXT, post TEXT, number INTEGER, source TEXT, found BLOB, PRIMARY KEY (thread, post, number));
CREATE INDEX of_source ON found (source);
"""
"""``addresses`` are the keys that a link may name, ``linked`` those that the links of a thread name."""


class QuotationPlace(NamedTuple):
    """A quotation: its thread, its post, and its number there, from 1."""

    thread: str
    post: str
    number: int


class CrossLinks:
    """The quotations and links between threads."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def add(self, id: str, named: Iterable[tuple[str, str | None]], led: Iterable[str]) -> None:
        """Store the keys of a thread's addresses, each with its post, and those that its links lead to."""
        self._base.executemany("INSERT INTO linked VALUES (?, ?)", [(id, key) for key in led])
        rows = [(key, id, post) for key, post in named]
        self._base.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)", rows)

    def drop(self, id: str) -> list[QuotationPlace]:
        """Forget a thread; return the quotations of other threads that had their source in it."""
        query = "SELECT thread, post, number FROM found WHERE source = ?"
        lost = [QuotationPlace(*row) for row in self._base.execute(query, (id,))]
        self._base.execute("DELETE FROM found WHERE thread = ? OR source = ?", (id, id))
        self._base.execute("DELETE FROM addresses WHERE thread = ?", (id,))
        self._base.execute("DELETE FROM linked WHERE thread = ?", (id,))
        return lost

    def connected(self) -> set[str]:
        """Return the threads that quote, are quoted, or have a link that leads to a post."""
        query = (
            "SELECT thread FROM found UNION SELECT source FROM found UNION SELECT thread FROM linked WHERE key = '#' "
            "UNION SELECT linked.thread FROM linked JOIN addresses USING (key)"
        )
        return {id for (id,) in self._base.execute(query)}

    def found(self, quotation: QuotationPlace) -> bytes | None:
        """Return the stored source of a quotation."""
        query = "SELECT found FROM found WHERE thread = ? AND post = ? AND number = ?"
        row = self._base.execute(query, quotation).fetchone()
        return row[0] if row else None

    def note_found(self, quotation: QuotationPlace, source: str, found: bytes) -> None:
        """Store the source of a quotation, which is in the thread ``source``."""
        self._base.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?)", (*quotation, source, found))

    def sources(self, id: str) -> Iterator[tuple[QuotationPlace, bytes]]:
        """Yield the quotations of a thread that have a source, in the order of their places."""
        query = "SELECT thread, post, number, found FROM found WHERE thread = ? ORDER BY post, number"
        return ((QuotationPlace(*row), blob) for *row, blob in self._base.execute(query, (id,)))

    def quoters(self, id: str) -> Iterator[tuple[QuotationPlace, bytes]]:
        """Yield the quotations whose source is in a thread, in the order of their places."""
        query = "SELECT thread, post, number, found FROM found WHERE source = ? ORDER BY thread, post, number"
        return ((QuotationPlace(*row), blob) for *row, blob in self._base.execute(query, (id,)))

    def addressed(self, key: str, by: str) -> tuple[str, str | None] | None:
        """Return the thread and post that a link of the thread ``by`` names by a key; None if there is none."""
        # If two dumps hold a post, the first by name wins; the thread's own comes before others.
        query = "SELECT thread, post FROM addresses WHERE key = ? ORDER BY thread <> ?, thread LIMIT 1"
        row: tuple[str, str | None] | None = self._base.execute(query, (key, by)).fetchone()
        return row
