"""Which threads of several dumps are one debate, kept from build to build.

A debate that stands in one dump has no part here.  Of one that stands in several, each dump's
thread is kept as it was read, so that the whole can be made again in whichever order dumps change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from rostra import addresses
from rostra.ledger import TIMED, traits
from rostra.model import Thread

TABLES = """
CREATE TABLE parts (debate TEXT, dump TEXT, thread BLOB, published TEXT, PRIMARY KEY (debate, dump));
"""
HELD = "(live OR old = 2)"
"""What the site's dumps hold, withdrawn or not."""
LEAST = 2
"""Posts that two threads with different ids must share to be one debate; one more where times are not known to agree."""


class Parts:
    """The parts of debates that stand in several dumps."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Thread).decode

    def same(self, thread: Thread, dump: str, read: Mapping[str, str]) -> str | None:
        """The debate among those ``read`` (with their dumps) that the thread is another dump of."""
        if not read:
            return None
        if read.get(thread.id, dump) != dump and self._akin(thread):
            return thread.id
        shared: dict[str, list[bool]] = {}
        said = 0
        for known in map(traits, thread.posts):
            # "Thank you" is said in many debates.
            if len(known.words) == TIMED:
                said += 1
                query = f"SELECT debate, max(moment = ?) FROM published WHERE words = ? AND {HELD} GROUP BY debate"  # noqa: S608  # a constant
                rows = self.base.execute(query, (known.moment, known.words))
                for debate, by_same in rows:
                    if read.get(debate, dump) != dump:
                        shared.setdefault(debate, []).append(bool(by_same))
        for debate, found in sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])):
            query = f"SELECT count(*) FROM published WHERE debate = ? AND {HELD} AND length(words) = ?"  # noqa: S608  # likewise
            (size,) = self.base.execute(query, (debate, TIMED)).fetchone()
            if len(found) * 2 >= min(said, size) and (sum(found) >= LEAST or len(found) > LEAST):
                return debate
        return None

    def _akin(self, thread: Thread) -> bool:
        """Whether a thread with a debate's id is that debate: they share a post, their title or where they were."""
        row = self.base.execute("SELECT thread, edition FROM editions WHERE id = ?", (thread.id,)).fetchone()
        if row is None:
            return False
        other = self._decode(row[0]) if row[0] else msgspec.msgpack.decode(row[1], type=_Threaded).thread
        if thread.url and other.url and addresses.key(thread.url) == addresses.key(other.url):
            return True
        if thread.native_id and thread.native_id == other.native_id and thread.title == other.title:
            return True
        here = {known.words for known in map(traits, other.posts) if len(known.words) == TIMED}
        return any(known.words in here for known in map(traits, thread.posts))

    def add(self, debate: str, dump: str, thread: Thread) -> None:
        """Keep a dump's thread as a part of a debate."""
        row = (debate, dump, self._encode(thread), thread.source.published)
        self.base.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", row)

    def of(self, debate: str) -> dict[str, Thread]:
        """The parts of a debate by dump, sorted."""
        rows = self.base.execute("SELECT dump, thread FROM parts WHERE debate = ? ORDER BY dump", (debate,))
        return {dump: self._decode(blob) for dump, blob in rows}

    def forget(self, debate: str) -> list[str]:
        """Forget what a debate is made of; the dumps that it was made of."""
        dumps = [dump for (dump,) in self.base.execute("SELECT dump FROM parts WHERE debate = ?", (debate,))]
        self.base.execute("DELETE FROM parts WHERE debate = ?", (debate,))
        return dumps

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

    def named(self, own: Iterable[Thread]) -> str:
        """The id of the whole: that under which most was published, else the first dump's."""
        query = "SELECT count(*) FROM published WHERE debate = ? AND old AND there = ''"
        counts = [(-self.base.execute(query, (thread.id,)).fetchone()[0], n, thread.id) for n, thread in enumerate(own)]
        return min(counts)[2]


class _Threaded(msgspec.Struct):
    """As much of an edition as is asked for."""

    thread: Thread
