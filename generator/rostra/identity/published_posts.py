"""The tables of published posts, by their addresses and by the traits that identify them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rostra.identity.ledger import TIMED, Traits

TABLES = """
CREATE TABLE published (debate TEXT, post TEXT, native TEXT, words TEXT, moment TEXT, parent TEXT, sketch TEXT, there TEXT, at TEXT, live INTEGER, old INTEGER, gone INTEGER, PRIMARY KEY (debate, post)) WITHOUT ROWID;
CREATE INDEX by_words ON published (words);
CREATE INDEX by_moment ON published (moment);
CREATE INDEX absent ON published (debate) WHERE NOT live;
CREATE TABLE before (debate TEXT, post TEXT, native TEXT, words TEXT, moment TEXT, parent TEXT, sketch TEXT, gone INTEGER, there TEXT, at TEXT, PRIMARY KEY (debate, post)) WITHOUT ROWID;
"""
"""``live`` posts are published by this build, ``old`` ones were in the ledger file before it: 2 if they are in a dump, but the publisher hides them.
``before`` are posts as they are in the ledger file, if this build has changed them; previewed changes are never in the file."""

KNOWN = "native, words, moment, parent, sketch, gone"
"""The columns of a post's traits."""
STAYING = "old AND there = ''"
"""Posts that were in the ledger file and have not moved."""
SAID = "(live OR old = 2)"
"""Posts that the site's dumps contain, withdrawn or not."""
MORE = ", ".join(f"{each} = excluded.{each}" for each in (*KNOWN.split(", "), "there", "at"))

PostAddress = tuple[str, str]
"""A debate, and a post of it."""


class PostState(NamedTuple):
    """A post at an address: its traits there, the address that it moved to (empty if it did not), and whether it is published."""

    known: Traits
    to: PostAddress
    live: bool


class PublishedPosts:
    """What was published: the posts of each debate, which the ledger file knows too."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def _named(self, which: str, *values: object, table: str = "published") -> dict[str, Traits]:
        """Return the posts of one debate for which the condition ``which`` holds."""
        query = f"SELECT post, {KNOWN} FROM {table} WHERE {which}"  # noqa: S608  # constants
        return {post: Traits(*of) for post, *of in self._base.execute(query, values)}

    def _placed(self, which: str, *values: object) -> dict[PostAddress, Traits]:
        """Return the posts of any debate for which the condition ``which`` holds, in its order."""
        query = f"SELECT debate, post, {KNOWN} FROM published WHERE {which}"  # noqa: S608  # constants
        return {(debate, post): Traits(*of) for debate, post, *of in self._base.execute(query, values)}

    def _column(self, which: str, *values: object) -> list[str]:
        return [value for (value,) in self._base.execute(which, values)]

    def load(self, posts: Iterable[tuple[object, ...]]) -> None:
        """Insert the posts of a ledger file: debate, post, five traits, where each moved, and whether it is gone."""
        # If two branches both have a post, the line with traits is used, rather than one that says where it moved.
        query = f"INSERT INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?) ON CONFLICT (debate, post) DO UPDATE SET {MORE} WHERE excluded.words <> ''"  # noqa: S608  # constants
        self._base.executemany(query, posts)

    def debates(self) -> list[str]:
        """Return all debates that have a post."""
        return self._column("SELECT DISTINCT debate FROM published")

    def as_built(self) -> None:
        """Mark the posts of a ledger file as if they had just been built."""
        self._base.execute("UPDATE published SET live = NOT gone")

    def undo(self) -> bool:
        """Undo previewed changes; return whether there were any."""
        if not self._base.execute("SELECT 1 FROM before").fetchone():
            return False
        same = "debate = published.debate AND post = published.post"
        self._base.execute(
            f"UPDATE published SET ({KNOWN}, there, at) = (SELECT {KNOWN}, there, at FROM before WHERE {same}) WHERE EXISTS (SELECT 1 FROM before WHERE {same})"  # noqa: S608  # constants
        )
        self.forget_before()
        return True

    def forget_before(self) -> None:
        """Make the changes of this build final."""
        self._base.execute("DELETE FROM before")

    def keep_before(self, debate: str, post: str | None = None) -> None:
        """Keep a post, or all posts of a debate, as they are in the ledger file."""
        which, of = ("debate = ?", (debate,)) if post is None else ("debate = ? AND post = ?", (debate, post))
        query = (
            f"INSERT OR IGNORE INTO before SELECT debate, post, {KNOWN}, there, at FROM published WHERE {which} AND old"  # noqa: S608  # constants
        )
        self._base.execute(query, of)

    def before(self, debate: str) -> dict[str, Traits]:
        """Return the posts of a debate as they were before this build changed them, except those that had moved."""
        return self._named("debate = ? AND there = ''", debate, table="before")

    def any_old(self) -> bool:
        """Whether any post was in the ledger file."""
        return self._base.execute("SELECT 1 FROM published WHERE old").fetchone() is not None

    def any_in(self, debate: str) -> bool:
        """Whether a debate has a post, published or not."""
        return self._base.execute("SELECT 1 FROM published WHERE debate = ?", (debate,)).fetchone() is not None

    def known(self, debate: str) -> dict[str, Traits]:
        """Return the posts that were published in a debate and have not moved."""
        return self._named(f"debate = ? AND {STAYING}", debate)

    def old(self, debate: str) -> set[str]:
        """Return the posts of a debate that were in the ledger file."""
        return set(self._column("SELECT post FROM published WHERE debate = ? AND old", debate))

    def new(self, debate: str) -> dict[str, Traits]:
        """Return the posts that are published in a debate for the first time."""
        return self._named("debate = ? AND live AND NOT old", debate)

    def lost(self, debate: str, there: str) -> dict[str, Traits]:
        """Return the posts that are no longer in a debate, except those that moved elsewhere than to ``there``."""
        return self._named("debate = ? AND NOT live AND there IN ('', ?)", debate, there)

    def unplaced(self, debate: str) -> set[str]:
        """Return the posts that are no longer in a debate, and are not known to be elsewhere."""
        return set(self._column("SELECT post FROM published WHERE debate = ? AND there = '' AND NOT live", debate))

    def steps(self, debate: str) -> Iterator[tuple[str, PostState]]:
        """Yield the posts of a debate that were in the ledger file, sorted."""
        query = f"SELECT post, {KNOWN}, there, at, live FROM published WHERE debate = ? AND old ORDER BY post"  # noqa: S608  # constants
        for post, *of in self._base.execute(query, (debate,)):
            yield post, _state(of)

    def step(self, debate: str, post: str) -> PostState | None:
        """Return a post at an address; None if nothing was ever published there."""
        query = f"SELECT {KNOWN}, there, at, live FROM published WHERE debate = ? AND post = ?"  # noqa: S608  # constants
        row = self._base.execute(query, (debate, post)).fetchone()
        return _state(row) if row else None

    def with_missed(self) -> list[str]:
        """Return the debates without a post that was published in them, sorted."""
        return self._column("SELECT DISTINCT debate FROM published WHERE NOT live AND old ORDER BY debate")

    def publish(self, debate: str, posts: Iterable[tuple[str, Traits, bool]]) -> None:
        """Publish posts of a debate: each with its traits, and whether it was in the ledger file."""
        rows = [(debate, id, of.native, of.words, of.moment, of.parent, of.sketch, int(old)) for id, of, old in posts]
        self._base.executemany("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?, ?, '', '', 1, ?, 0)", rows)

    def revive(self, debate: str, post: str) -> None:
        """Publish a known post with the traits that it has."""
        query = "UPDATE published SET there = '', at = '', live = 1, old = 1 WHERE debate = ? AND post = ?"
        self._base.execute(query, (debate, post))

    def retire(self, debate: str, *, restored: bool) -> None:
        """Mark the posts of a debate as not published, and forget new ones; ``restored`` undoes what this build changed."""
        self._base.execute("DELETE FROM published WHERE debate = ? AND NOT old", (debate,))
        if restored:
            query = "INSERT OR REPLACE INTO published SELECT debate, post, native, words, moment, parent, sketch, there, at, 0, 1, gone FROM before WHERE debate = ?"
            self._base.execute(query, (debate,))
        self._base.execute("UPDATE published SET live = 0, old = min(old, 1) WHERE debate = ?", (debate,))

    def hide(self, debate: str) -> None:
        """Mark the unpublished posts of a debate as still in a dump."""
        self._base.execute("UPDATE published SET old = 2 WHERE debate = ? AND NOT live", (debate,))

    def withdraw(self, debate: str) -> None:
        """Mark the posts of a debate as withdrawn: they are in a dump, and not published."""
        self._base.execute("UPDATE published SET old = max(old, 1 + live), live = 0 WHERE debate = ?", (debate,))

    def move(self, debate: str, post: str, to: PostAddress) -> None:
        """Record that a post has moved to another address."""
        self._base.execute("UPDATE published SET there = ?, at = ? WHERE debate = ? AND post = ?", (*to, debate, post))

    def settle(self, debate: str, *, unsure: bool) -> None:
        """Mark live posts as old, and the others of a debate as gone; not if it is ``unsure`` whether they are.

        Of a post that has moved only its new address stays, as in the ledger file.
        """
        self._base.execute("UPDATE published SET old = 1 WHERE debate = ? AND live AND NOT old", (debate,))
        if not unsure:
            self._base.execute("UPDATE published SET gone = NOT live WHERE debate = ? AND gone = live", (debate,))
        query = "UPDATE published SET native = '', words = '', moment = '', parent = '', sketch = '', gone = 0 WHERE debate = ? AND there <> ''"
        self._base.execute(query, (debate,))

    def staying(self) -> dict[PostAddress, Traits]:
        """Return all posts with words that have not moved, sorted."""
        return self._placed(f"words <> '' AND {STAYING} ORDER BY debate, post")

    def saying(self, words: str) -> dict[PostAddress, Traits]:
        """Return the posts with these words that have not moved, sorted."""
        return self._placed(f"words = ? AND {STAYING} ORDER BY debate, post", words)

    def numbered(self, moment: str, native: str) -> dict[PostAddress, Traits]:
        """Return the posts of this author and time with this id in their source that have not moved."""
        return self._placed(f"moment = ? AND native = ? AND {STAYING}", moment, native)

    def last(self, debate: str) -> list[Traits]:
        """Return the posts that the ledger file says are published in a debate."""
        return [*self._named(f"debate = ? AND NOT gone AND {STAYING}", debate).values()]

    def named(self, post: str) -> list[str]:
        """Return the debates in which a post of this id was published, sorted."""
        return self._column("SELECT debate FROM published WHERE post = ? AND old ORDER BY debate", post)

    def unnumbered(self) -> list[tuple[str, str, str]]:
        """Return the debate, id and moment of each post of the ledger file that has no id in its source."""
        return self._base.execute("SELECT debate, post, moment FROM published WHERE native = '' AND old").fetchall()

    def vanished(self) -> dict[PostAddress, Traits]:
        """Return the posts that are not published and not known to be elsewhere."""
        return self._placed("NOT live AND there = ''")

    def just_vanished(self) -> dict[PostAddress, Traits]:
        """Return those with enough words that the last build still published, sorted."""
        which = "NOT live AND there = '' AND old = 1 AND NOT gone AND length(words) = ? ORDER BY debate, post"
        return self._placed(which, TIMED)

    def live_saying(self, post: PostAddress, words: str, moment: str) -> list[PostAddress]:
        """Return the first two posts of other debates with these words, author and time; one of the same id comes first."""
        which = "words = ? AND moment = ? AND live AND debate <> ? ORDER BY post <> ?, debate, post LIMIT 2"
        return [*self._placed(which, words, moment, *post)]

    def live_numbered(self, debate: str, native: str, words: str) -> list[PostAddress]:
        """Return the first post with this id in its source in the debate, or else with these words in another."""
        which = "native = ? AND (debate = ? OR (words = ? AND length(words) = ?)) AND live ORDER BY debate <> ?, debate, post LIMIT 1"
        return [*self._placed(which, native, debate, words, TIMED, debate)]

    def live_untimed(self, debate: str, words: str, moment: str) -> list[PostAddress]:
        """Return the only post of other debates with these words, if it or the one of this ``moment`` has no time."""
        which = "words = ? AND live AND debate <> ? AND (? OR length(moment) <> ?) LIMIT 2"
        found = [*self._placed(which, words, debate, len(moment) != TIMED, TIMED)]
        return found if len(found) == 1 else []

    def beside(self, debate: str) -> set[str]:
        """Return the other debates with a post that may be one of this debate."""
        numbered = "other.native = one.native AND one.native <> ''"
        said = f"other.words = one.words AND one.words <> '' AND (other.moment = one.moment OR {numbered})"
        query = " UNION ".join(
            f"SELECT other.debate FROM published one JOIN published other ON {same} WHERE one.debate = ?1 AND other.debate <> ?1 AND other.live"  # noqa: S608  # constants
            for same in (said, f"other.moment = one.moment AND {numbered}")
        )
        return set(self._column(query, debate))

    def repeated(self, words: Sequence[str]) -> Iterator[str]:
        """Yield those of these words that a debate contains."""
        yield from having(self._base, f"SELECT words FROM published WHERE {SAID} AND words IN", words)  # noqa: S608  # constants

    def said(self, known: Traits) -> list[tuple[str, bool, bool]]:
        """Return the debates that contain words: whether by this author at this time, and with this id in the source."""
        query = f"SELECT debate, max(moment = ?), max(moment = ? AND native = ?) FROM published WHERE words = ? AND {SAID} GROUP BY debate"  # noqa: S608  # constants
        rows = self._base.execute(query, (known.moment, known.moment, known.native or None, known.words))
        return [(debate, bool(by_same), bool(numbered)) for debate, by_same, numbered in rows]

    def said_in(self, debate: str) -> list[tuple[str, str]]:
        """Return the id in the source, and the words, of each post that a debate contains."""
        query = f"SELECT native, words FROM published WHERE debate = ? AND {SAID}"  # noqa: S608  # constants
        return self._base.execute(query, (debate,)).fetchall()


def having(base: sqlite3.Connection, query: str, values: Sequence[str]) -> Iterator[str]:
    """Yield what a query that ends with ``IN`` finds for values."""
    # One query for any number of values is compiled once.
    found = base.execute(f"{query} (SELECT value FROM json_each(?))", (json.dumps(values),))  # noqa: S608  # a query of this package
    yield from (value for (value,) in found)


def _state(row: Iterable[object]) -> PostState:
    *of, there, at, live = row
    return PostState(Traits(*of), (there, at), bool(live))  # type: ignore[arg-type]  # columns of the table
