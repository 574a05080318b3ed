"""Count the posts of each person in every thread, to know who has a page of their own before any page is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from rostra.people.appearances import address
from rostra.people.person_pages import OWN, PersonPages, shelves_for

TABLES = """
CREATE TABLE speakers (thread TEXT, person TEXT, posts INTEGER, address TEXT, PRIMARY KEY (thread, person)) WITHOUT ROWID;
CREATE INDEX speakers_by_person ON speakers (person);
"""


class Speakers:
    """The named people of every thread, by their keys."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def add(self, thread: str, spoke: Iterable[tuple[str, int]]) -> None:
        """Record a thread's people, each with the number of their posts."""
        rows = [(thread, person, posts, address(person)) for person, posts in spoke]
        self._base.executemany("INSERT INTO speakers VALUES (?, ?, ?, ?)", rows)

    def drop(self, thread: str) -> None:
        """Forget a thread."""
        self._base.execute("DELETE FROM speakers WHERE thread = ?", (thread,))

    def of(self, thread: str) -> list[str]:
        """Return the people of a thread, sorted."""
        return [person for (person,) in self._base.execute("SELECT person FROM speakers WHERE thread = ?", (thread,))]

    def threads(self, people: Iterable[str]) -> dict[str, list[str]]:
        """Return the threads in which some people post, each with those who post there."""
        found: dict[str, list[str]] = {}
        for person in people:
            for (thread,) in self._base.execute("SELECT thread FROM speakers WHERE person = ?", (person,)):
                found.setdefault(thread, []).append(person)
        return found

    def pages(self, *, each_own: bool) -> PersonPages:
        """Return where the posts of everybody are listed; ``each_own`` gives everybody a page."""
        (posts,) = self._base.execute("SELECT coalesce(sum(posts), 0) FROM speakers").fetchone()
        if each_own:
            return PersonPages(shelves_for(posts), None, self._twins())
        many = self._base.execute("SELECT person FROM speakers GROUP BY person HAVING sum(posts) >= ?", (OWN,))
        return PersonPages(shelves_for(posts), {person for (person,) in many}, self._twins())

    def _twins(self) -> tuple[str, ...]:
        """Return the people whose address an earlier key has: a digest in it is short enough to be forged."""
        taken = "SELECT address, min(person) FROM speakers GROUP BY address HAVING min(person) <> max(person)"
        others = "SELECT DISTINCT person FROM speakers WHERE address = ? AND person <> ? ORDER BY person"
        return tuple(
            person for one in self._base.execute(taken).fetchall() for (person,) in self._base.execute(others, one)
        )
