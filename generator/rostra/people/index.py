"""The index of people: kept in the store from build to build, read one person at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, overload

import msgspec
from msgspec import Struct

from rostra.i18n.text_folding import person_key
from rostra.model import Edition
from rostra.model.timestamps import sortable_time
from rostra.people.appearances import appearances, usual_spelling
from rostra.people.person_pages import LONGEST, PersonPages, shelf_of
from rostra.people.said import decode_said, spans_of

TABLES = """
CREATE TABLE appearances (person TEXT, thread TEXT, name TEXT, posts INTEGER, quoted INTEGER, first TEXT, last TEXT, digest TEXT, at INTEGER, size INTEGER, others BLOB, PRIMARY KEY (person, thread)) WITHOUT ROWID;
CREATE INDEX appearances_of_thread ON appearances (thread);
CREATE TABLE people (person TEXT PRIMARY KEY, name TEXT, address TEXT, posts INTEGER, threads INTEGER, quoted INTEGER, first TEXT, last TEXT, digest TEXT, row TEXT, shelf INTEGER) WITHOUT ROWID;
CREATE INDEX people_of_shelf ON people (shelf);
CREATE TABLE shelves (shelf INTEGER PRIMARY KEY, digest TEXT, of INTEGER);
CREATE TABLE quoting (who TEXT, whom TEXT, thread TEXT, title TEXT, count INTEGER, PRIMARY KEY (who, whom, thread)) WITHOUT ROWID;
CREATE INDEX quoting_in_thread ON quoting (thread);
CREATE TABLE recent (thread TEXT PRIMARY KEY, moment TEXT, posts BLOB) WITHOUT ROWID;
CREATE INDEX recent_by_moment ON recent (moment);
"""
"""``people`` combines the ``appearances`` of everybody with posts; ``row`` is a digest of what a list shows.
``recent`` are the latest posts of a thread, encoded, and the sortable time of the last.

The posts themselves are ``size`` bytes in the thread's partition (``people.said``).
"""

AT_ONCE = 500
"""How many people are read from the store at once."""
REMEMBERED = 20_000  # paths of people's pages
RECENT = 50
"""How many of a thread's latest posts may be among the archive's latest."""


class Person(Struct, frozen=True):
    """Somebody with a name: ``address`` is the last part of their page's address, ``digest`` changes with their posts.

    ``first`` and ``last`` are the sortable times of their first and last post, each with the day in the zone of that post.
    """

    name: str
    address: str
    posts: int
    threads: int
    quoted: int
    first: str | None
    last: str | None
    digest: str


PERSON = "name, address, posts, threads, quoted, first, last"


class Quoting(Struct, frozen=True):
    """In how many posts one person quotes another, and the threads with most quotations: their pages and titles."""

    who: str
    whom: str
    count: int
    debates: tuple[tuple[str, str], ...]


class SaidIn(NamedTuple):
    """A person's posts in one thread: their number, and ``size`` bytes from ``at`` on of the thread's posts."""

    thread: str
    posts: int
    at: int
    size: int
    others: bytes = b""
    """Whom the person quotes there, and who quotes the person, as ``relations`` reads it."""


Counts = tuple[tuple[str, int], ...]
_encode = msgspec.msgpack.Encoder().encode
_decode_recent = msgspec.msgpack.Decoder(list[tuple[str, str, int, int]]).decode
relations = msgspec.msgpack.Decoder(tuple[Counts, Counts]).decode
"""Returns the names whom a person quotes, and those who quote the person, each with how often."""
PeopleRow = tuple[str, *tuple[str | int | bytes | None, ...]]


class Spoken(Struct, frozen=True):
    """The people of a thread, as rows of the tables."""

    appearances: list[PeopleRow]
    quoting: list[PeopleRow]
    recent: list[PeopleRow]
    """At most one row."""


def speakers_of(edition: Edition, encoded: bytes) -> Spoken:
    """Return the rows of a thread, given its encoded posts."""
    thread, title = edition.thread.id, edition.thread.title
    told = decode_said(encoded, sum(1 for each in edition.posts if each.post.raw.kind == "post"))
    spans = spans_of(told)
    rows, quoting = list[PeopleRow](), list[PeopleRow]()
    for person, appearance in appearances(edition, told):
        said, others = appearance.said, (appearance.quotes, appearance.quoted)
        # A person's posts are consecutive.
        start, end = (spans[said[0].post][0], spans[said[-1].post][1]) if said else (0, 0)
        digest = sha256(encoded[start:end] + _encode((appearance.name, title, others))).hexdigest()[:16]
        times = sorted(f"{sortable_time(each.created)} {each.created[:10]}" for each in said if each.created)
        first, last = (times[0], times[-1]) if times else (None, None)
        quoted = sum(count for _, count in appearance.quoted)
        place = (start, end - start, _encode(others))
        rows.append((person, thread, appearance.name, len(said), quoted, first, last, digest, *place))
        quoting += [(appearance.name, whom, thread, title, count) for whom, count in appearance.quotes]
    dated = sorted((sortable_time(each.created), each.number, each.post) for each in told if each.created)
    latest = [
        (post, moment, start, end - start) for moment, _, post in dated[-RECENT:] for start, end in (spans[post],)
    ]
    return Spoken(rows, quoting, [(thread, dated[-1][0], _encode(latest))] if dated else [])


class _Listed(Sequence[Person]):
    """People by their keys only, since there may be hundreds of thousands; these have no ``digest``."""

    def __init__(self, base: sqlite3.Connection, keys: Sequence[str]) -> None:
        self._base, self._keys = base, keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> Person: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Person]: ...

    def __getitem__(self, at: int | slice) -> Person | Sequence[Person]:
        if isinstance(at, slice):
            return _Listed(self._base, self._keys[at])
        return next(iter(_Listed(self._base, [self._keys[at]])))

    def __iter__(self) -> Iterator[Person]:
        for at in range(0, len(self._keys), AT_ONCE):
            keys = self._keys[at : at + AT_ONCE]
            found = {person: Person(*(*row, "")) for person, *row in _found(self._base, f"person, {PERSON}", keys)}
            yield from map(found.__getitem__, keys)


def _found(base: sqlite3.Connection, columns: str, keys: Sequence[str]) -> Iterator[Any]:
    """Yield columns of people by key, in any order."""
    wanted = f"SELECT {columns} FROM people WHERE person IN (SELECT value FROM json_each(?))"  # noqa: S608  # constants
    yield from base.execute(wanted, (json.dumps(keys),))


class People:
    """The people of an archive, in the store's file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._stale: set[str] = set()
        self._pages = PersonPages()
        self._paths: dict[str, str | None] = {}  # by name; None for people without posts

    def note(self, thread: str, spoken: Spoken) -> None:
        """Replace what is recorded about a thread."""
        self.forget(thread)
        self._stale.update(person for person, *_ in spoken.appearances)
        self._base.executemany("INSERT INTO appearances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", spoken.appearances)
        self._base.executemany("INSERT INTO quoting VALUES (?, ?, ?, ?, ?)", spoken.quoting)
        self._base.executemany("INSERT INTO recent VALUES (?, ?, ?)", spoken.recent)

    def forget(self, thread: str) -> None:
        """Remove a thread, or prepare to record it again."""
        known = self._base.execute("SELECT person FROM appearances WHERE thread = ?", (thread,))
        self._stale.update(person for (person,) in known)
        for table in ("appearances", "quoting", "recent"):
            self._base.execute(f"DELETE FROM {table} WHERE thread = ?", (thread,))  # noqa: S608  # of these names

    def settle(self, pages: PersonPages) -> None:
        """Update the people whose appearances changed.  Call it after all threads are recorded, before the methods below."""
        self._pages = pages
        self._paths.clear()
        if self._base.execute("SELECT 1 FROM shelves WHERE of <> ?", (pages.shelves,)).fetchone():
            self._stale.update(person for (person,) in self._base.execute("SELECT person FROM people"))
            self._base.execute("DELETE FROM shelves")
        longer = self._base.execute("SELECT person FROM people WHERE length(address) > ?", (LONGEST,))
        self._stale.update(pages.twins, (person for (person,) in longer))
        wanted = "SELECT name, posts, quoted, first, last, digest FROM appearances WHERE person = ? ORDER BY thread"
        stale = {person: shelf_of(pages.address(person), pages.shelves) for person in sorted(self._stale)}
        for person, shelf in stale.items():
            self._base.execute("DELETE FROM people WHERE person = ?", (person,))
            there = self._base.execute(wanted, (person,)).fetchall()
            if threads := sum(1 for _, posts, *_ in there if posts):
                times = [time for _, _, _, *span, _ in there for time in span if time]
                row = (
                    usual_spelling((name, posts) for name, posts, *_ in there),
                    pages.address(person),
                    sum(posts for _, posts, *_ in there),
                    threads,
                    sum(quoted for _, _, quoted, *_ in there),
                    min(times, default=None),
                    max(times, default=None),
                )
                digest = sha256("".join(digest for *_, digest in there).encode()).hexdigest()
                listed = sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()
                places = (person, *row, digest, listed, shelf)
                self._base.execute("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
        on_it = "SELECT person, digest FROM people WHERE shelf = ? ORDER BY person"
        for shelf in set(stale.values()):
            told = repr(self._base.execute(on_it, (shelf,)).fetchall()).encode("utf-8", "surrogatepass")
            self._base.execute(
                "INSERT OR REPLACE INTO shelves VALUES (?, ?, ?)", (shelf, sha256(told).hexdigest(), pages.shelves)
            )
        self._stale.clear()

    def order(self, by: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
        """Return everybody with posts, sorted by ``by``: key, that value, and the digest of what a list shows."""
        self._base.create_function("listed_by", 1, by, deterministic=True)
        yield from self._base.execute("SELECT person, listed_by(name) AS place, row FROM people ORDER BY place, name")

    def listed(self, keys: Sequence[str]) -> Sequence[Person]:
        """Return people by key; their data are read on use."""
        return _Listed(self._base, keys)

    def keys(self) -> list[str]:
        """Return everybody with posts, sorted by key."""
        return [person for (person,) in self._base.execute("SELECT person FROM people ORDER BY person")]

    def shelves(self) -> dict[int, str]:
        """Return the shelves, each with a digest of the posts of its people."""
        return dict(self._base.execute("SELECT shelf, digest FROM shelves ORDER BY shelf"))

    def shelf(self, number: int) -> list[Person]:
        """Return the people of a shelf, sorted by key."""
        wanted = f"SELECT {PERSON}, digest FROM people WHERE shelf = ? ORDER BY person"  # noqa: S608  # a constant
        return [Person(*row) for row in self._base.execute(wanted, (number,))]

    def pages(self, names: Iterable[str]) -> dict[str, str]:
        """Return the paths of people's pages by name; people without posts have none."""
        if len(self._paths) > REMEMBERED:
            self._paths.clear()
        wanted = dict.fromkeys(names)
        new = {name: person_key(name) for name in wanted if name not in self._paths}
        found = {person for person, *_ in _found(self._base, "person", list(new.values()))}
        self._paths |= {name: self._pages.path(name) if key in found else None for name, key in new.items()}
        return {name: path for name in wanted if (path := self._paths[name])}

    def page(self, name: str) -> str:
        """Return where the posts of somebody with posts are listed."""
        return self._pages.path(name)

    def has_own(self, name: str) -> bool:
        """Whether somebody has a page of their own."""
        return self._pages.has_own(person_key(name))

    def own_pages(self) -> list[str]:
        """Return the addresses of the pages that people have of their own, sorted by the people's keys."""
        return [self._pages.path(key) for key in self.keys() if self._pages.has_own(key)]

    @property
    def shared(self) -> int:
        """The number of shelves with a page that people share; 0 if everybody has a page of their own."""
        return self._pages.shelves if self._pages.own is not None else 0

    def said(self, shelf: int) -> Iterator[tuple[str, SaidIn]]:
        """Yield the keys of the people of a shelf with where they appear: thread by thread, the latest posts first, undated ones last."""
        wanted = (
            "SELECT person, thread, appearances.posts, at, size, others FROM people JOIN appearances USING (person) "
            "WHERE shelf = ? ORDER BY person, appearances.last IS NULL, appearances.last DESC, thread"
        )
        return ((person, SaidIn(*row)) for person, *row in self._base.execute(wanted, (shelf,)))

    def quoting(self, most: int, debates: int) -> list[Quoting]:
        """Return who quotes whom, the most frequent first, each with the threads that have most quotations."""
        pairs = (
            "SELECT who, whom, sum(count) AS sum FROM quoting GROUP BY who, whom ORDER BY sum DESC, who, whom LIMIT ?"
        )
        places = "SELECT 'debates/' || thread || '/index.html' AS page, title FROM quoting WHERE who = ? AND whom = ? ORDER BY count DESC, page LIMIT ?"
        return [
            Quoting(who, whom, count, tuple(self._base.execute(places, (who, whom, debates)).fetchall()))
            for who, whom, count in self._base.execute(pairs, (most,)).fetchall()
        ]

    def pairs(self) -> int:
        """Return the number of pairs of people of whom one quotes the other."""
        (count,) = self._base.execute("SELECT count(*) FROM (SELECT DISTINCT who, whom FROM quoting)").fetchone()
        return int(count)

    def recent(self, most: int = RECENT, each: int = RECENT) -> list[SaidIn]:
        """Return where the latest posts with a time are, the latest first; at most ``each`` of a thread, and ``RECENT``."""
        # A thread with one of them is among those whose last post is latest.
        threads = "SELECT thread, posts FROM recent ORDER BY moment DESC, thread LIMIT ?"
        rows = self._base.execute(threads, (most,))
        found = sorted((thread, *post) for thread, posts in rows for post in _decode_recent(posts)[-each:])
        latest = sorted(found, key=lambda post: post[2], reverse=True)[:most]
        return [SaidIn(thread, 1, at, size) for thread, _, _, at, size in latest]
