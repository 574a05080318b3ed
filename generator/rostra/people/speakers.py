"""Count the posts of each person in every thread, to know who has a page of their own before any page is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from rostra.people.appearances import address
from rostra.people.person_pages import OWN, PersonPages, shelves_for

TABLES = """
CREATE TABLE speakers (thread TEXT, person TEXT, posts INTEGER, address TEXT, PRIMARY KEY (thread, person)) WITHOUT ROWID;
CREATE INDEX speakers_by_address ON speakers (address, person, posts);
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
        query = "SELECT thread FROM speakers WHERE address = ? AND person = ?"
        for person in people:
            for (thread,) in self._base.execute(query, (address(person), person)):
                found.setdefault(thread, []).append(person)
        return found

    def pages(self, *, each_own: bool) -> PersonPages:
        """Return where the posts of everybody are listed; ``each_own`` gives everybody a page.

        People whose address an earlier key has get a longer one: a digest in it is short enough to be forged.
        """
        posts, many, twins, last = 0, set[str](), list[str](), None
        query = "SELECT address, person, sum(posts) FROM speakers GROUP BY address, person ORDER BY address, person"
        for own, person, said in self._base.execute(query):
            posts += said
            if said >= OWN:
                many.add(person)
            if own == last:
                twins.append(person)
            last = own
        return PersonPages(shelves_for(posts), None if each_own else many, tuple(twins))
