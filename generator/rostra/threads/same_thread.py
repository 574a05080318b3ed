"""Which threads of several dumps are one debate, kept from build to build.

A debate that stands in one dump has no part here.  Of one that stands in several, each dump's
thread is kept as it was read, so that the whole can be made again in whichever order dumps change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from rostra.identity import source_urls
from rostra.identity.ledger import TIMED, Traits, signs, traits
from rostra.model import Post, Thread, decode_edition
from rostra.threads.merge import unpublished

TABLES = """
CREATE TABLE parts (debate TEXT, dump TEXT, thread BLOB, published TEXT, called TEXT, PRIMARY KEY (debate, dump));
CREATE INDEX part_called ON parts (called);
CREATE TABLE part_posts (debate TEXT, dump TEXT, native TEXT, words TEXT, moment TEXT);
CREATE INDEX part_words ON part_posts (words);
CREATE INDEX part_debate ON part_posts (debate, dump);
CREATE VIEW said AS
SELECT debate, '' AS dump, native, words, moment FROM published
WHERE (live OR old = 2) AND NOT EXISTS (SELECT 1 FROM parts WHERE debate = published.debate)
UNION ALL SELECT debate, dump, native, words, moment FROM part_posts;
"""
"""``said`` is what the site's dumps hold, withdrawn or not, each dump of a debate by itself; ``called`` is the id of
a dump's thread by nature, whatever the debate is called."""
LEAST = 2
"""Posts that two threads with different ids must share to be one debate; one more where times are not known to agree."""


class Parts:
    """The parts of debates that stand in several dumps."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Thread).decode

    def same(
        self, thread: Thread, dump: str, read: Mapping[str, str], called: str, chosen: Collection[str]
    ) -> list[str]:
        """The debates among those ``read`` (with their dumps) that the thread is another dump of, the likest first.

        ``called`` is its id by nature, ``chosen`` are the dumps to which the publisher gave the same.
        It is held against each dump of a debate by itself, so that the order in which they came is nothing to it.
        """
        if not read:
            return []
        own = [known for known in map(traits, thread.posts) if known.words or known.native]
        said = sum(len(known.words) == TIMED for known in own)
        shared: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
        query = "SELECT debate, dump, max(moment = ?), max(moment = ? AND native = ?) FROM said WHERE words = ? GROUP BY debate, dump"
        for known in own:
            # "Thank you" is said in many debates.
            if len(known.words) == TIMED:
                signs = (known.moment, known.moment, known.native or None, known.words)
                for debate, of, by_same, numbered in self.base.execute(query, signs):
                    shared.setdefault((debate, of), []).append((bool(by_same), bool(numbered)))
        likes: dict[str, int] = {}
        # More than any that is shared.
        most = len(own) + 1
        for debate in self.called(called):
            if read.get(debate, dump) != dump and self._akin(thread, debate, called):
                likes[debate] = most
        for debate, of in read.items() if chosen else ():
            if not (self.dumps_of(debate) or {of}).isdisjoint(chosen):
                likes[debate] = most
        for (debate, of), found in shared.items():
            if debate not in read:
                continue
            by_same, numbered = (sum(each) for each in zip(*found, strict=True))
            half = len(found) * 2 >= min(said, self._size(debate, of))
            enough = half and (by_same >= LEAST or len(found) > LEAST)
            if enough or (numbered and self._completes(own, debate, of)):
                likes[debate] = max(likes.get(debate, 0), len(found))
        found_in: list[str] = []
        # What one dump tells apart is never one debate.
        dumps = {dump}
        for debate in sorted(likes, key=lambda debate: (-likes[debate], debate)):
            of = self.dumps_of(debate) or {read[debate]}
            if dumps.isdisjoint(of):
                found_in.append(debate)
                dumps |= of
        return found_in

    def _size(self, debate: str, dump: str) -> int:
        query = "SELECT count(*) FROM said WHERE debate = ? AND dump = ? AND length(words) = ?"
        (size,) = self.base.execute(query, (debate, dump, TIMED)).fetchone()
        return int(size)

    def _completes(self, own: Iterable[Traits], debate: str, dump: str) -> bool:
        """Whether one of two dumps by one source holds a post whose answers alone stand in the other."""
        here = {known.native: bool(known.words) for known in own if known.native}
        query = "SELECT native, words FROM said WHERE debate = ? AND dump = ? AND native <> ''"
        return any(
            here.get(native, bool(words)) != bool(words) for native, words in self.base.execute(query, (debate, dump))
        )

    def dumps_of(self, debate: str) -> set[str]:
        """The dumps in which a debate stands, where they are several."""
        return {dump for (dump,) in self.base.execute("SELECT dump FROM parts WHERE debate = ?", (debate,))}

    def called(self, called: str) -> set[str]:
        """The debates of which a dump's thread has this id by nature."""
        query = "SELECT debate FROM homes WHERE called = ? UNION SELECT debate FROM parts WHERE called = ?"
        return {called, *(debate for (debate,) in self.base.execute(query, (called, called)))}

    def _akin(self, thread: Thread, debate: str, called: str) -> bool:
        """Whether a thread with the id of one of a debate's is that debate: they share a post, their title or where they were."""
        own = set().union(*map(_strong, thread.posts))
        for other in self._threads(debate, called):
            if thread.url and other.url and source_urls.url_key(thread.url) == source_urls.url_key(other.url):
                return True
            if thread.native_id and thread.native_id == other.native_id and thread.title == other.title:
                return True
            if not own.isdisjoint(set().union(*map(_strong, other.posts))):
                return True
        return False

    def _threads(self, debate: str, called: str) -> Iterator[Thread]:
        """The threads of a debate's dumps that have an id by nature."""
        if self.dumps_of(debate):
            query = "SELECT thread FROM parts WHERE debate = ? AND called = ?"
            yield from (self._decode(blob) for (blob,) in self.base.execute(query, (debate, called)).fetchall())
        else:
            query = "SELECT thread, edition FROM texts WHERE id = ?"
            for blob, edition in self.base.execute(query, (debate,)).fetchall():
                yield self._decode(blob) if blob else decode_edition(edition).thread

    def add(self, debate: str, dump: str, thread: Thread, called: str) -> None:
        """Keep a dump's thread as a part of a debate."""
        row = (debate, dump, self._encode(thread), thread.source.published, called)
        self.base.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", row)
        self.base.execute("DELETE FROM part_posts WHERE debate = ? AND dump = ?", (debate, dump))
        signs = ((debate, dump, known.native, known.words, known.moment) for known in map(traits, thread.posts))
        self.base.executemany("INSERT INTO part_posts VALUES (?, ?, ?, ?, ?)", signs)

    def rename(self, debate: str, name: str, threads: Mapping[str, Thread]) -> None:
        """Give a debate another id, and its dumps' threads as they now are."""
        for dump, thread in threads.items():
            row = (self._encode(thread), thread.source.published, debate, dump)
            self.base.execute("UPDATE parts SET thread = ?, published = ? WHERE debate = ? AND dump = ?", row)
        self.absorb(name, debate)

    def absorb(self, debate: str, other: str) -> None:
        """Make another debate's parts those of a debate."""
        for table in ("parts", "part_posts"):
            self.base.execute(f"UPDATE {table} SET debate = ? WHERE debate = ?", (debate, other))  # noqa: S608  # constants

    def of(self, debate: str) -> dict[str, Thread]:
        """The parts of a debate by dump, sorted."""
        rows = self.base.execute("SELECT dump, thread FROM parts WHERE debate = ? ORDER BY dump", (debate,))
        return {dump: self._decode(blob) for dump, blob in rows}

    def forget(self, debate: str) -> list[str]:
        """Forget what a debate is made of; the dumps that it was made of."""
        dumps = sorted(self.dumps_of(debate))
        self.base.execute("DELETE FROM parts WHERE debate = ?", (debate,))
        self.base.execute("DELETE FROM part_posts WHERE debate = ?", (debate,))
        return dumps

    def sources(self) -> dict[str, list[str]]:
        """Of every debate that stands in several dumps, these, sorted."""
        found: dict[str, list[str]] = {}
        for debate, dump in self.base.execute("SELECT debate, dump FROM parts ORDER BY dump"):
            found.setdefault(debate, []).append(dump)
        return found

    def shared(self, dump: str) -> list[str]:
        """The debates that a dump shares with others."""
        return [debate for (debate,) in self.base.execute("SELECT debate FROM parts WHERE dump = ?", (dump,))]

    def dumps(self) -> Iterator[str]:
        """The dumps that share a debate with another."""
        for (dump,) in self.base.execute("SELECT DISTINCT dump FROM parts ORDER BY dump").fetchall():
            yield dump

    def published(self, dump: str) -> list[str]:
        """Where a dump is published, as far as its debates stand in others too."""
        rows = self.base.execute("SELECT published FROM parts WHERE dump = ? ORDER BY published", (dump,))
        return [path for (path,) in rows if path]

    def unpublish(self, dump: str) -> None:
        """A dump is not published as it is."""
        for debate in self.shared(dump):
            query = "SELECT thread FROM parts WHERE debate = ? AND dump = ?"
            (blob,) = self.base.execute(query, (debate, dump)).fetchone()
            row = (self._encode(unpublished(self._decode(blob), dump)), debate, dump)
            self.base.execute("UPDATE parts SET thread = ?, published = NULL WHERE debate = ? AND dump = ?", row)

    def named(self, own: Iterable[Thread], taken: Collection[str]) -> str:
        """The id of the whole: that under which most was published, else the first dump's; none of those ``taken``."""
        query = "SELECT count(*) FROM published WHERE debate = ? AND old AND there = ''"
        counts = [
            (-self.base.execute(query, (thread.id,)).fetchone()[0], n, thread.id)
            for n, thread in enumerate(own)
            if thread.id not in taken
        ]
        return min(counts)[2]


def _strong(post: Post) -> set[str]:
    """What tells a post among those of debates with one id: its words, or its id with who wrote it when."""
    known = traits(post)
    said = {known.words} if len(known.words) == TIMED else set()
    return said.union(sign for sign in signs(known) if sign.startswith("#"))
