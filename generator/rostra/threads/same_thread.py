"""Decide which threads of several dumps are one debate, and keep the decision from build to build.

A debate of one dump has no part here.  Of a debate of several dumps, each dump's thread is a part and is
kept as it was read, so that the merge can be repeated in whichever order dumps change.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from rostra.identity import source_urls
from rostra.identity.ledger import TIMED, Traits, signs, traits
from rostra.identity.published_posts import having
from rostra.identity.registry import Registry
from rostra.model import Post, Thread
from rostra.system.lazy_regex import late
from rostra.threads.merge import unpublished

TABLES = """
CREATE TABLE parts (debate TEXT, dump TEXT, thread BLOB, published TEXT, called TEXT, PRIMARY KEY (debate, dump));
CREATE INDEX part_called ON parts (called);
CREATE TABLE part_posts (debate TEXT, dump TEXT, native TEXT, words TEXT, moment TEXT);
CREATE INDEX part_words ON part_posts (words);
CREATE INDEX part_debate ON part_posts (debate, dump);
"""
"""``called`` is the natural id of a dump's thread, whatever the id of the debate is."""
LEAST = 2
"""The posts that two threads with different ids must share to be one debate; one more if times are not known to agree."""

MESSAGE_ID = late(r"<[^<>@\s]+@[^<>@\s]+>")
"""An id that no other message has, whatever a debate is called in each dump."""


class Parts:
    """The parts of debates of several dumps."""

    def __init__(self, base: sqlite3.Connection, published: Registry, whole: Callable[[str], Thread | None]) -> None:
        self._base = base
        self._published = published
        self._whole = whole
        """Returns the thread of a debate of one dump, if it is in the store."""
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Thread).decode

    def alike(
        self, thread: Thread, dump: str, read: Mapping[str, str], called: str, chosen: Collection[str]
    ) -> list[str]:
        """Return the debates among those ``read`` (with their dumps) that the thread may be another dump of, best match first.

        ``called`` is its natural id, ``chosen`` are the dumps to which the publisher gave the same id.
        Each dump of a debate is compared separately, and likeness is symmetric, so the order of dumps does not matter.
        """
        if not read:
            return []
        own = [known for known in map(traits, thread.posts) if known.words or known.native]
        said = _long({known.words for known in own})
        # Of each dump's thread, the long texts that it shares: by the same author and time, and with the same id.
        shared = defaultdict[tuple[str, str], dict[str, tuple[bool, bool]]](dict)
        # "Thank you" is a post in many debates.  Most words are in one only.
        repeated = self._repeated(said)
        for known in own:
            if known.words in repeated:
                for place, (by_same, numbered) in self._saying(known):
                    before = shared[place].get(known.words, (False, False))
                    shared[place][known.words] = (before[0] or by_same, before[1] or numbered)
        likes: dict[str, int] = {}
        # More than the number of shared posts can be.
        most = len(own) + 1
        for debate in self.called(called):
            if read.get(debate, dump) != dump and self._akin(thread, dump, debate, called):
                likes[debate] = most
        for debate, of in read.items() if chosen else ():
            if not (self.dumps_of(debate) or {of}).isdisjoint(chosen):
                likes[debate] = most
        for (debate, of), texts in shared.items():
            if debate not in read:
                continue
            by_same, numbered = (sum(each) for each in zip(*texts.values(), strict=True))
            half = len(texts) * 2 >= min(len(said), self._size(debate, of))
            enough = half and (by_same >= LEAST or len(texts) > LEAST)
            if enough or (numbered and self._completes(own, debate, of)):
                likes[debate] = max(likes.get(debate, 0), len(texts))
        return sorted(likes, key=lambda debate: (-likes[debate], debate))

    def joinable(self, alike: Sequence[str], dump: str, read: Mapping[str, str]) -> list[str]:
        """Return those debates that a dump's thread joins, so that no debate has two threads of one dump."""
        found: list[str] = []
        dumps = {dump}
        for debate in alike:
            own = self.dumps_of(debate) or {read[debate]}
            if dumps.isdisjoint(own):
                found.append(debate)
                dumps |= own
        return found

    def _repeated(self, texts: Collection[str]) -> set[str]:
        """Return which of these words other debates may contain."""
        words = list(texts)
        parts = having(self._base, "SELECT words FROM part_posts WHERE words IN", words)
        return {*self._published.posts.repeated(words), *parts}

    def _saying(self, known: Traits) -> Iterator[tuple[tuple[str, str], tuple[bool, bool]]]:
        """Yield the debates with a post of these words, with the dump if a debate has several.

        With each: whether the author and time are the same, and whether the id in the source is too.
        """
        for debate, *of in self._published.posts.said(known):
            if not self.dumps_of(debate):
                yield (debate, ""), (of[0], of[1])
        query = "SELECT debate, dump, max(moment = ?), max(moment = ? AND native = ?) FROM part_posts WHERE words = ? GROUP BY debate, dump"
        values = (known.moment, known.moment, known.native or None, known.words)
        for debate, dump, by_same, numbered in self._base.execute(query, values):
            yield (debate, dump), (bool(by_same), bool(numbered))

    def _said(self, debate: str, dump: str) -> list[tuple[str, str]]:
        """Return the id in the source and the words of each post of a debate; if it has several dumps, of one of these."""
        if not dump:
            return self._published.posts.said_in(debate)
        query = "SELECT native, words FROM part_posts WHERE debate = ? AND dump = ?"
        return self._base.execute(query, (debate, dump)).fetchall()

    def _size(self, debate: str, dump: str) -> int:
        return len(_long(words for _, words in self._said(debate, dump)))

    def _completes(self, own: Iterable[Traits], debate: str, dump: str) -> bool:
        """Whether one of two dumps of one source contains a post of which the other has only the replies."""
        here = {known.native: bool(known.words) for known in own if known.native}
        return any(here.get(native, bool(words)) != bool(words) for native, words in self._said(debate, dump) if native)

    def dumps_of(self, debate: str) -> set[str]:
        """Return the dumps of a debate if there are several; else an empty set."""
        return {dump for (dump,) in self._base.execute("SELECT dump FROM parts WHERE debate = ?", (debate,))}

    def called(self, called: str) -> set[str]:
        """Return the debates with a dump's thread that has this natural id."""
        rows = self._base.execute("SELECT debate FROM parts WHERE called = ?", (called,))
        return {called, *self._published.debates.by_name(called), *(debate for (debate,) in rows)}

    def _akin(self, thread: Thread, dump: str, debate: str, called: str) -> bool:
        """Whether a thread with the natural id of one of a debate's threads is that debate: they share a post, a title or an address."""
        own = set().union(*map(_strong, thread.posts))
        for other in self._threads(debate, dump, called):
            if thread.url and other.url and source_urls.url_key(thread.url) == source_urls.url_key(other.url):
                return True
            same = thread.native_id and thread.native_id == other.native_id
            if same and (thread.title == other.title or MESSAGE_ID.fullmatch(thread.native_id or "")):
                return True
            if not own.isdisjoint(set().union(*map(_strong, other.posts))):
                return True
        return False

    def _threads(self, debate: str, dump: str, called: str) -> Iterator[Thread]:
        """Yield the threads of a debate's dumps that have this natural id; or the debate, if it had this dump."""
        if self.dumps_of(debate):
            query = "SELECT thread FROM parts WHERE debate = ? AND called = ?"
            yield from (self._decode(blob) for (blob,) in self._base.execute(query, (debate, called)).fetchall())
        elif self._published.called(debate) == called or dump in self._published.before(debate):
            # A debate may keep the id that a dump gave it which is no longer there.
            yield from filter(None, [self._whole(debate)])

    def add(self, debate: str, dump: str, thread: Thread, called: str) -> None:
        """Store a dump's thread as a part of a debate."""
        row = (debate, dump, self._encode(thread), thread.source.published, called)
        self._base.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", row)
        self._base.execute("DELETE FROM part_posts WHERE debate = ? AND dump = ?", (debate, dump))
        signs = ((debate, dump, known.native, known.words, known.moment) for known in map(traits, thread.posts))
        self._base.executemany("INSERT INTO part_posts VALUES (?, ?, ?, ?, ?)", signs)

    def rename(self, debate: str, name: str, threads: Mapping[str, Thread]) -> None:
        """Change a debate's id, and store its dumps' threads as they are now."""
        for dump, thread in threads.items():
            row = (self._encode(thread), thread.source.published, debate, dump)
            self._base.execute("UPDATE parts SET thread = ?, published = ? WHERE debate = ? AND dump = ?", row)
        self.absorb(name, debate)

    def absorb(self, debate: str, other: str) -> None:
        """Move another debate's parts to a debate."""
        for table in ("parts", "part_posts"):
            self._base.execute(f"UPDATE {table} SET debate = ? WHERE debate = ?", (debate, other))  # noqa: S608  # constants

    def of(self, debate: str) -> dict[str, Thread]:
        """Return the parts of a debate by dump, sorted."""
        rows = self._base.execute("SELECT dump, thread FROM parts WHERE debate = ? ORDER BY dump", (debate,))
        return {dump: self._decode(blob) for dump, blob in rows}

    def forget(self, debate: str) -> list[str]:
        """Delete the parts of a debate; return its dumps."""
        dumps = sorted(self.dumps_of(debate))
        self._base.execute("DELETE FROM parts WHERE debate = ?", (debate,))
        self._base.execute("DELETE FROM part_posts WHERE debate = ?", (debate,))
        return dumps

    def sources(self) -> dict[str, list[str]]:
        """Return the dumps of every debate of several dumps, sorted."""
        found: dict[str, list[str]] = {}
        for debate, dump in self._base.execute("SELECT debate, dump FROM parts ORDER BY dump"):
            found.setdefault(debate, []).append(dump)
        return found

    def shared(self, dump: str) -> list[str]:
        """Return the debates that a dump shares with others."""
        return [debate for (debate,) in self._base.execute("SELECT debate FROM parts WHERE dump = ?", (dump,))]

    def dumps(self) -> list[str]:
        """Return the dumps that share a debate with another, sorted."""
        return dumps_with_parts(self._base)

    def published(self, dump: str) -> list[str]:
        """Return the paths where a dump is published with debates that it shares with other dumps."""
        rows = self._base.execute("SELECT published FROM parts WHERE dump = ? ORDER BY published", (dump,))
        return [path for (path,) in rows if path]

    def unpublish(self, dump: str) -> None:
        """Mark a dump as not published."""
        for debate in self.shared(dump):
            query = "SELECT thread FROM parts WHERE debate = ? AND dump = ?"
            (blob,) = self._base.execute(query, (debate, dump)).fetchone()
            row = (self._encode(unpublished(self._decode(blob), dump)), debate, dump)
            self._base.execute("UPDATE parts SET thread = ?, published = NULL WHERE debate = ? AND dump = ?", row)


def dumps_with_parts(base: sqlite3.Connection) -> list[str]:
    """Return the dumps of a store that share a debate with another, sorted."""
    return [dump for (dump,) in base.execute("SELECT DISTINCT dump FROM parts ORDER BY dump")]


def debates_with_parts(base: sqlite3.Connection) -> set[str]:
    """Return the debates of a store that have several dumps."""
    return {debate for (debate,) in base.execute("SELECT DISTINCT debate FROM parts")}


def parts_of_dump(base: sqlite3.Connection, dump: str) -> list[tuple[str, str, bytes]]:
    """Return the parts of a dump in a store: the debate of each, its natural id, and its thread, encoded."""
    return base.execute("SELECT debate, called, thread FROM parts WHERE dump = ?", (dump,)).fetchall()


def _long(texts: Iterable[str]) -> set[str]:
    """Return those digests that are of enough words to identify a post."""
    return {words for words in texts if len(words) == TIMED}


def _strong(post: Post) -> set[str]:
    """Return what identifies a post among debates with one id: its words, or its id with its author and time."""
    known = traits(post)
    said = {known.words} if len(known.words) == TIMED else set()
    return said.union(sign for sign in signs(known) if sign.startswith("#"))
