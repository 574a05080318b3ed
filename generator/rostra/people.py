"""Who speaks in which debate, whom they quote and who quotes them: kept in the store, read a person at a time.

A person is whoever is called by one name in the archive, whatever its case: nothing tells more.
Unnamed people are nobody's: they are in no list.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any
from zlib import crc32

import msgspec
from msgspec import Struct

from rostra.assemble import instant
from rostra.corrections import UNNAMED
from rostra.model import Author, Edited, Edition
from rostra.moments import captured, updated
from rostra.permalinks import digest as short_digest
from rostra.permalinks import slug

TABLES = """
CREATE TABLE appearances (person TEXT, thread TEXT, name TEXT, posts INTEGER, quoted INTEGER, first TEXT, last TEXT, digest TEXT, appearance BLOB, PRIMARY KEY (person, thread)) WITHOUT ROWID;
CREATE INDEX appearances_of_thread ON appearances (thread);
CREATE TABLE recent (thread TEXT, moment TEXT, post TEXT, said BLOB, PRIMARY KEY (thread, post)) WITHOUT ROWID;
CREATE INDEX recent_by_moment ON recent (moment);
"""

EXCERPT = 280
"""Code points of a post's words that lists may show."""
RECENT = 50
"""Posts of a debate, the latest, that may be among the archive's latest."""


class Said(Struct, frozen=True, kw_only=True):
    """A post as lists show it: ``number`` is its place in the debate, from 1; ``answers`` whom it answers.

    ``updated`` is when its words are known to have stood so, in UTC.
    ``who`` is a name only where it is ``named``: else the letter by which a card tells an unnamed person.
    """

    thread: str
    title: str
    post: str
    number: int
    who: str | None
    named: bool
    created: str | None
    created_text: str | None
    answers: str | None
    excerpt: str
    updated: str | None = None


class Appearance(Struct, frozen=True, kw_only=True):
    """A person in one debate; ``quotes`` and ``quoted`` count by the other's name.

    A person who is only quoted there, from another debate, has an appearance without posts.
    """

    name: str
    thread: str
    title: str
    said: tuple[Said, ...] = ()
    quotes: tuple[tuple[str, int], ...] = ()
    quoted: tuple[tuple[str, int], ...] = ()


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with a name: ``address`` is the last part of their page's, ``digest`` changes with what they said.

    ``first`` and ``last`` are the times of their first and last post, as text that sorts by instant.
    """

    name: str
    address: str
    posts: int
    threads: int
    quoted: int
    first: str | None
    last: str | None
    digest: str


def named(author: Author | None) -> str | None:
    """An author's name; None where the dump lost it, also where a card says which unnamed posts are one person's."""
    return author.name if author and not (author.id or "").startswith(UNNAMED) else None


def key(name: str) -> str:
    """What names of one person have in common."""
    return " ".join(name.casefold().split())


@lru_cache(maxsize=8192)
def address(name: str) -> str:
    """The last part of a person's address: the name where it is plain, else with a digest, so that no two share it."""
    folded = key(name)
    plain = slug(folded)
    kept = plain == folded.replace(" ", "-") and plain != "index"  # the address of the list of all people
    return plain if kept else f"{plain[:40]}-{short_digest(folded)[:6]}"


def href(name: str) -> str:
    """Where a person's page stands in the site."""
    return f"people/{address(name)}.html"


def usual(names: Iterable[tuple[str, int]]) -> str:
    """A person's name as it is most often written, with the posts below each; ties go to the one that sorts first."""
    counts: Counter[str] = Counter()
    for name, posts in names:
        counts[name] += posts
    return min(counts, key=lambda name: (-counts[name], name))


class People:
    """The people of an archive, in the store's own file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Appearance).decode
        self._said = msgspec.msgpack.Decoder(Said).decode

    def note(self, edition: Edition) -> None:
        """Note who speaks in a debate, in place of what was noted of it."""
        self.forget(edition.thread.id)
        said = list(_said(edition))
        rows = []
        for person, appearance in _appearances(edition, said):
            blob = self._encode(appearance)
            digest = sha256(blob).hexdigest()[:16]
            times = sorted(instant(each.created) for each in appearance.said if each.created)
            first, last = (times[0], times[-1]) if times else (None, None)
            quoted = sum(count for _, count in appearance.quoted)
            about = (appearance.name, len(appearance.said), quoted, first, last)
            rows.append((person, edition.thread.id, *about, digest, blob))
        self.base.executemany("INSERT INTO appearances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        dated = sorted(((instant(each.created), each) for each in said if each.created), key=lambda pair: pair[0])
        self.base.executemany(
            "INSERT INTO recent VALUES (?, ?, ?, ?)",
            [(each.thread, moment, each.post, self._encode(each)) for moment, each in dated[-RECENT:]],
        )

    def forget(self, thread: str) -> None:
        """A debate is in the archive no more, or is to be noted anew."""
        self.base.execute("DELETE FROM appearances WHERE thread = ?", (thread,))
        self.base.execute("DELETE FROM recent WHERE thread = ?", (thread,))

    def everyone(self) -> Iterator[Person]:
        """All who said something, in the order of their names."""
        wanted = "SELECT person, name, posts, quoted, first, last, digest FROM appearances ORDER BY person, thread"
        for person, group in groupby(self.base.execute(wanted), key=itemgetter(0)):
            appearances = list(group)
            threads = sum(1 for each in appearances if each[2])
            times = [time for each in appearances for time in each[4:6] if time]
            if threads:
                yield Person(
                    name=usual(each[1:3] for each in appearances),
                    address=address(person),
                    posts=sum(each[2] for each in appearances),
                    threads=threads,
                    quoted=sum(each[3] for each in appearances),
                    first=min(times, default=None),
                    last=max(times, default=None),
                    digest=sha256("".join(each[6] for each in appearances).encode()).hexdigest(),
                )

    def keys(self) -> list[str]:
        """Everybody who said something, by ``key``, sorted."""
        rows = self.base.execute("SELECT DISTINCT person FROM appearances WHERE posts ORDER BY person")
        return [person for (person,) in rows]

    def shelves(self, number: int) -> dict[int, tuple[str, list[str]]]:
        """All who said something, by ``key`` and in so many groups, each with what changes when one of them does."""
        people: dict[int, list[str]] = {}
        digests: dict[int, Any] = {}
        rows = self.base.execute("SELECT person, thread, digest FROM appearances WHERE posts ORDER BY person, thread")
        for person, group in groupby(rows, key=lambda row: row[0]):
            shelf = crc32(person.encode("utf-8", "surrogatepass")) % number
            people.setdefault(shelf, []).append(person)
            total = digests.setdefault(shelf, sha256())
            for _, thread, digest in group:
                total.update(f"{person}\0{thread}\0{digest}\n".encode("utf-8", "surrogatepass"))
        return {shelf: (digests[shelf].hexdigest(), people[shelf]) for shelf in sorted(people)}

    def page(self, name: str) -> str | None:
        """Where a person's page stands; None for who is only quoted, or is nobody."""
        row = self.base.execute("SELECT 1 FROM appearances WHERE person = ? AND posts LIMIT 1", (key(name),)).fetchone()
        return href(name) if row else None

    def places(self, name: str) -> list[tuple[str, int]]:
        """Where a person speaks, with how many posts each; where they spoke last first, undated ones at the end."""
        return self.base.execute(
            "SELECT thread, posts FROM appearances WHERE person = ? AND posts ORDER BY last IS NULL, last DESC, thread",
            (key(name),),
        ).fetchall()

    def of(self, name: str) -> Iterator[Appearance]:
        """A person's appearances, by debate, one at a time."""
        rows = self.base.execute("SELECT appearance FROM appearances WHERE person = ? ORDER BY thread", (key(name),))
        return (self._decode(blob) for (blob,) in rows)

    def appearance(self, name: str, thread: str) -> Appearance:
        """A person in one of the debates where they speak."""
        wanted = "SELECT appearance FROM appearances WHERE person = ? AND thread = ?"
        (blob,) = self.base.execute(wanted, (key(name), thread)).fetchone()
        return self._decode(blob)

    def appearances(self) -> Iterator[Appearance]:
        """Every appearance, a person at a time."""
        for (blob,) in self.base.execute("SELECT appearance FROM appearances ORDER BY person, thread"):
            yield self._decode(blob)

    def digest(self) -> str:
        """What changes with anything that anybody said."""
        total = sha256()
        for person, thread, each in self.base.execute(
            "SELECT person, thread, digest FROM appearances ORDER BY person, thread"
        ):
            total.update(f"{person}\0{thread}\0{each}\n".encode("utf-8", "surrogatepass"))
        return total.hexdigest()

    def recent(self, most: int = RECENT) -> list[Said]:
        """The latest posts of the archive that carry a time, the latest first; at most ``RECENT`` of a debate."""
        rows = self.base.execute("SELECT said FROM recent ORDER BY moment DESC, thread, post LIMIT ?", (most,))
        return [self._said(blob) for (blob,) in rows]


def _said(edition: Edition) -> Iterator[Said]:
    authors = {each.post.id: each.post.raw.author for each in edition.posts}
    stood = captured(edition.thread)
    for number, each in enumerate(edition.posts, 1):
        raw = each.post.raw
        if raw.kind == "post":
            yield Said(
                thread=edition.thread.id,
                title=edition.thread.title,
                post=each.post.id,
                number=number,
                who=named(raw.author) or (raw.author.id or "").removeprefix(UNNAMED) if raw.author else None,
                named=named(raw.author) is not None,
                created=raw.created,
                created_text=raw.created_text,
                answers=named(authors.get(each.post.parent or "")),
                excerpt=excerpt(each),
                updated=updated(raw, stood),
            )


def excerpt(each: Edited) -> str:
    """A post's first words, in one line, without what it quotes where it says more."""
    text, own, at = each.body.text, list[str](), 0
    for quote in each.quotes:
        if quote.kind == "block" and quote.start >= at:
            own.append(text[at : quote.start])
            at = quote.end
    words = " ".join(" ".join((*own, text[at:])).split()) or " ".join(text.split())
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"


def _appearances(edition: Edition, said: list[Said]) -> Iterator[tuple[str, Appearance]]:
    authors = {each.post.id: named(each.post.raw.author) for each in edition.posts}
    names: dict[str, str] = {}
    posts: dict[str, list[Said]] = {}
    quotes: dict[str, Counter[str]] = {}
    quoted: dict[str, Counter[str]] = {}
    for each in said:
        if who := authors[each.post]:
            names.setdefault(key(who), who)
            posts.setdefault(key(who), []).append(each)
    for edited in edition.posts:
        who = authors[edited.post.id]
        for source in (quote.source for quote in edited.quotes if quote.source):
            whom = authors.get(source.post) if source.thread == edition.thread.id else source.who
            if who and whom and key(who) != key(whom):
                names.setdefault(key(who), who)
                names.setdefault(key(whom), whom)
                quotes.setdefault(key(who), Counter())[whom] += 1
                quoted.setdefault(key(whom), Counter())[who] += 1
    for person in sorted(names):
        yield (
            person,
            Appearance(
                name=names[person],
                thread=edition.thread.id,
                title=edition.thread.title,
                said=tuple(posts.get(person, ())),
                quotes=tuple(sorted(quotes.get(person, Counter()).items())),
                quoted=tuple(sorted(quoted.get(person, Counter()).items())),
            ),
        )
