"""The ledger in use: the debate and posts that a thread was published as, and what became of the others.

It is a table of the store and grows with the archive; the file is read if it is not the one that the
last build wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from rostra.identity import ledger_file
from rostra.identity.ledger import READING, TIMED, Traits, published_signs, signs, traits
from rostra.identity.post_matching import settled, voted
from rostra.model import Former, Gone, Kept, Problem, Thread

TABLES = """
CREATE TABLE published (debate TEXT, post TEXT, native TEXT, words TEXT, moment TEXT, parent TEXT, sketch TEXT, there TEXT, at TEXT, live INTEGER, old INTEGER, gone INTEGER, PRIMARY KEY (debate, post)) WITHOUT ROWID;
CREATE INDEX by_words ON published (words);
CREATE INDEX by_moment ON published (moment);
CREATE TABLE homes (debate TEXT PRIMARY KEY, dump TEXT, live INTEGER, reason TEXT, called TEXT) WITHOUT ROWID;
CREATE INDEX by_called ON homes (called) WHERE called IS NOT NULL;
CREATE INDEX absent ON published (debate) WHERE NOT live;
CREATE TABLE before (debate TEXT, post TEXT, native TEXT, words TEXT, moment TEXT, parent TEXT, sketch TEXT, gone INTEGER, PRIMARY KEY (debate, post)) WITHOUT ROWID;
"""
"""``live`` posts are published by this build, ``old`` ones were in the ledger file before it: 2 if they are in a dump, but the publisher hides them.
``called`` is a debate's natural id, if it is published under another.
``before`` are posts as they are in the ledger file, if this build has changed them; previewed changes are never in the file."""

KNOWN = "native, words, moment, parent, sketch, gone"
"""The columns of a post's traits."""


class Registry:
    """What was published, in the store's tables."""

    def __init__(self, base: sqlite3.Connection, path: Path) -> None:
        self.base = base
        self.path = path
        self.touched = False
        self._news: Path | None = None
        self._added: set[str] = set()
        self._first: bool | None = None
        self._missed: set[str] = set()
        """Debates without a post that was published in them."""
        self.whole = True
        """Whether this build read every dump."""
        self._readings: dict[str, tuple[str, str]] = {}
        """The debate and post that are now in the place of what an earlier version of Rostra read, by the digest of its words."""
        self.unsure: set[str] = set()
        """Debates that are not published because their dump failed: they are not gone."""
        if base.execute("SELECT 1 FROM before").fetchone():
            self._go_back()

    def _go_back(self) -> None:
        """Undo previewed changes: a preview publishes nothing, so everything is compared with what was published before it."""
        self.touched = True
        same = "debate = published.debate AND post = published.post"
        self.base.execute(
            f"UPDATE published SET ({KNOWN}, there, at) = (SELECT {KNOWN}, '', '' FROM before WHERE {same}) WHERE EXISTS (SELECT 1 FROM before WHERE {same})"  # noqa: S608  # constants
        )
        self.base.execute("DELETE FROM before")

    def load(self) -> None:
        """Read the file into the empty tables."""
        self.touched = True
        ledger_file.load_ledger(self.base, self.path)

    def former(self) -> list[tuple[Former, str, Traits]]:
        """Return the posts that an earlier version of Rostra published, each with its dump; none if it was this version."""
        (reading,) = self.base.execute("SELECT number FROM reading").fetchone()
        query = "SELECT debate, post, dump, native, words, moment FROM published JOIN homes USING (debate) WHERE words <> '' AND old AND (NOT gone OR reason IS NOT NULL) AND there = '' ORDER BY debate, post"
        rows = self.base.execute(query) if reading < READING else ()
        return [
            (Former(debate, post, moment), dump, Traits(native, words, moment, "", ""))
            for debate, post, dump, native, words, moment in rows
        ]

    def reading(self, words: str) -> tuple[str, str] | None:
        """Return the debate and post that are in the place where an earlier version read these words."""
        return self._readings.get(words)

    def settle(
        self, thread: Thread, *, chosen: bool, dump: str, dumps: Collection[str], taken: Collection[str]
    ) -> Thread:
        """Return the thread with the ids that it was published under.

        ``chosen`` says that the publisher gave the thread its id; ``dumps`` are all that this build reads, and
        ``taken`` the debates that it has read.
        """
        rows = self._known(thread.id)
        same = chosen or any(self._same(thread, rows))
        if not same or (not chosen and self.home(thread.id) not in ("", dump)):
            before = self._voted(thread, dump, dumps, taken)
            # A dump's debate keeps its id, rather than that of a debate of the same name that it was distinguished from.
            if before is not None and (not same or self.home(before) == dump):
                return settled(thread, before, self._known(before))
        if chosen and not rows and (before := self._voted(thread, dump, dumps, taken)):
            # A card that changes the debate's id still names its posts by their published ids.
            rows = self._known(before)
        return settled(thread, thread.id, rows)

    def is_anothers(self, thread: Thread, dump: str, dumps: Collection[str]) -> bool:
        """Whether the thread's id belongs to another debate, from another of the present dumps."""
        home = self.home(thread.id)
        return home != dump and home in dumps and not any(self._same(thread, self._known(thread.id)))

    def aside(self, thread: Thread, dump: str, taken: Collection[str]) -> Thread:
        """Return the thread under a unique id, if another debate has its id: the one it had before, else a new one."""
        count = 2
        while (id := f"{thread.id}-{count}") in taken or self.home(id) not in ("", dump):
            count += 1
        return settled(thread, id, self._known(id))

    def call(self, debate: str, natural: str) -> None:
        """Record a debate's natural id, if it is published under another."""
        if debate != natural:
            self.base.execute("UPDATE homes SET called = ? WHERE debate = ?", (natural, debate))

    def called(self, debate: str) -> str:
        """Return the natural id of a debate of one dump."""
        row = self.base.execute("SELECT called FROM homes WHERE debate = ?", (debate,)).fetchone()
        return row[0] if row and row[0] else debate

    def _known(self, debate: str) -> dict[str, Traits]:
        # If a debate has several dumps, the next one must still be compared with what was known before the first.
        table, where = ("before", "") if debate in self._added else ("published", "AND old AND there = ''")
        query = f"SELECT post, native, words, moment, parent, sketch, gone FROM {table} WHERE debate = ? {where}"  # noqa: S608  # constants
        return {post: Traits(*signs) for post, *signs in self.base.execute(query, (debate,))}

    def _same(self, thread: Thread, rows: dict[str, Traits]) -> Iterator[bool]:
        """Yield True for each post of the thread that was published under the thread's id."""
        if rows:
            there = {sign for known in rows.values() for sign in published_signs(known)}
            for post in thread.posts:
                if there.intersection(signs(traits(post))):
                    yield True

    def _voted(self, thread: Thread, dump: str, dumps: Collection[str], taken: Collection[str]) -> str | None:
        """Return the debate that this one was published as, if the dump of that debate is gone or is this one."""
        if self._first is None:
            self._first = not self.base.execute("SELECT 1 FROM published WHERE old").fetchone()
        if self._first:
            return None
        found: dict[tuple[str, str], Traits] = {}
        query = "SELECT debate, post, native, words, moment, parent, sketch, gone FROM published WHERE {} AND old AND there = ''"
        for known in map(traits, thread.posts):
            rows = [
                row
                for words in (known.words, *known.readings)
                if words
                for row in self.base.execute(query.format("words = ?"), (words,))
            ]
            if known.native and len(known.moment) == TIMED:
                rows += self.base.execute(query.format("moment = ? AND native = ?"), (known.moment, known.native))
            found |= {(debate, post): Traits(*of) for debate, post, *of in rows}
        homes = {
            debate: home
            for debate in {debate for debate, _ in found}
            for (home,) in self.base.execute("SELECT dump FROM homes WHERE debate = ?", (debate,))
        }
        free = {d for d, _ in found if d not in taken and (homes.get(d) == dump or homes.get(d) not in dumps)}
        return voted(thread.posts, ((debate, known) for (debate, _), known in found.items() if debate in free))

    def add(self, thread: Thread, dump: str, *, is_last: bool = False) -> None:
        """Record what a build publishes; if it ``is_last`` good, known posts keep their traits, since it is made from them."""
        self.touch(thread.id)
        if thread.id not in self._added:
            self._added.add(thread.id)
            self._keep_before("debate = ?", thread.id)
        old = self.base.execute("SELECT post FROM published WHERE debate = ? AND old", (thread.id,))
        was = {post for (post,) in old}
        rows = []
        for post in thread.posts:
            if is_last and post.id in was:
                query = "UPDATE published SET there = '', at = '', live = 1, old = 1 WHERE debate = ? AND post = ?"
                self.base.execute(query, (thread.id, post.id))
                continue
            known = traits(post)
            self._readings |= dict.fromkeys(known.readings, (thread.id, post.id))
            rows.append((thread.id, post.id, known.native, known.words, known.moment, known.parent, known.sketch, "", "", 1, int(post.id in was), 0))  # fmt: skip
        self.base.executemany("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.base.execute("INSERT OR REPLACE INTO homes VALUES (?, ?, 1, NULL, NULL)", (thread.id, dump))

    def drop(self, debate: str) -> None:
        """Mark a debate as not published, or as about to be published again; forget posts that were never in the ledger."""
        self.touch(debate)
        self.base.execute("DELETE FROM published WHERE debate = ? AND NOT old", (debate,))
        if debate in self._added:
            # One of several dumps may know less about a post than all of them together.
            self.base.execute(
                "INSERT OR REPLACE INTO published SELECT debate, post, native, words, moment, parent, sketch, '', '', 0, 1, gone FROM before WHERE debate = ?",
                (debate,),
            )
        self.base.execute("UPDATE published SET live = 0, old = min(old, 1) WHERE debate = ?", (debate,))
        self.base.execute("UPDATE homes SET live = 0 WHERE debate = ?", (debate,))
        never = "NOT EXISTS (SELECT 1 FROM published WHERE debate = homes.debate)"
        self.base.execute(f"DELETE FROM homes WHERE debate = ? AND {never}", (debate,))  # noqa: S608  # a constant

    def homes(self) -> dict[str, str]:
        """Return every known debate with the dump that it was last read from."""
        return dict(self.base.execute("SELECT debate, dump FROM homes WHERE dump <> ''"))

    def hide(self, debate: str) -> None:
        """Mark an unpublished debate as still in a dump, which cannot be read: equal posts elsewhere are hidden too."""
        self.base.execute("UPDATE published SET old = 2 WHERE debate = ? AND NOT live", (debate,))

    def note_failing(self, dumps: Collection[str]) -> None:
        """Record the dumps that failed: their unpublished debates are not gone, and are not searched elsewhere."""
        missing = self.base.execute("SELECT debate, dump FROM homes WHERE NOT live AND reason IS NULL") if dumps else ()
        self.unsure = {debate for debate, dump in missing if dump in dumps}

    def home(self, debate: str) -> str:
        """Return the dump that a debate was last read from."""
        row = self.base.execute("SELECT dump FROM homes WHERE debate = ?", (debate,)).fetchone()
        return row[0] if row else ""

    def way(self, debate: str, post: str) -> Iterator[tuple[tuple[str, str], Traits]]:
        """Yield the addresses of a post, from one to the next, with its traits at each."""
        query = f"SELECT {KNOWN}, there, at FROM published WHERE debate = ? AND post = ?"  # noqa: S608  # constants
        seen = set()
        while (debate, post) not in seen and (row := self.base.execute(query, (debate, post)).fetchone()):
            seen.add((debate, post))
            yield (debate, post), Traits(*row[:6])
            debate, post = row[6:]

    def withdrawn(self) -> list[tuple[str, str]]:
        """Return the withdrawn debates, each with its dump."""
        return self.base.execute("SELECT debate, dump FROM homes WHERE reason IS NOT NULL").fetchall()

    def withdraw(self, thread: Thread, dump: str, reason: str) -> None:
        """Record that the publisher has withdrawn a debate; its addresses stay."""
        self.drop(thread.id)
        self.add(thread, dump)
        self.base.execute("UPDATE published SET old = max(old, 1 + live), live = 0 WHERE debate = ?", (thread.id,))
        # The reason is on one line of the ledger.
        reason = " ".join(reason.split())
        self.base.execute("UPDATE homes SET live = 0, reason = ? WHERE debate = ?", (reason, thread.id))

    def gone_debate(self, debate: str) -> Gone:
        """Return the content of the page at the address of a debate that is no longer published."""
        row = self.base.execute("SELECT reason FROM homes WHERE debate = ?", (debate,)).fetchone() or [None]
        return Gone(id=debate, kept=self.kept(debate), reason=row[0], unsure=debate in self.unsure)

    def note_missed(self) -> None:
        """Record which debates are without a post that was published in them, after all moves are recorded."""
        query = "SELECT DISTINCT debate FROM published WHERE NOT live AND old"
        self._missed = {debate for (debate,) in self.base.execute(query)}

    def move(self, debate: str, post: str, to: tuple[str, str]) -> None:
        """Record that a post has moved to another address."""
        self.touch(debate)
        self._keep_before("debate = ? AND post = ?", debate, post)
        self.base.execute("UPDATE published SET there = ?, at = ? WHERE debate = ? AND post = ?", (*to, debate, post))

    def _keep_before(self, which: str, *of: str) -> None:
        query = f"SELECT debate, post, native, words, moment, parent, sketch, gone FROM published WHERE {which} AND old AND there = ''"  # noqa: S608  # constants
        self.base.execute(f"INSERT OR IGNORE INTO before {query}", of)

    def kept(self, debate: str) -> tuple[Kept, ...]:
        """Return the posts that were published in a debate and are no longer in it, with their present addresses."""
        if debate not in self._missed:
            return ()
        query = "SELECT post, there, at FROM published WHERE debate = ? AND NOT live AND old ORDER BY post"
        return tuple(self._now(post, there, at) for post, there, at in self.base.execute(query, (debate,)).fetchall())

    def _now(self, post: str, there: str, at: str) -> Kept:
        seen = set()
        while there and (there, at) not in seen:
            seen.add((there, at))
            query = "SELECT live, there, at FROM published WHERE debate = ? AND post = ?"
            row = self.base.execute(query, (there, at)).fetchone()
            if row is None:
                break
            if row[0]:
                return Kept(post=post, thread=there, to=at)
            there, at = row[1:]
        return Kept(post=post)

    def gone(self) -> list[str]:
        """Return the debates that were published and are not now, sorted."""
        query = "SELECT DISTINCT debate FROM published AS p WHERE NOT live AND old AND NOT EXISTS (SELECT 1 FROM homes WHERE debate = p.debate AND live) ORDER BY debate"
        return [debate for (debate,) in self.base.execute(query)]

    def write(self) -> bool:
        """Write the file beside its final path if it is not up to date, and return whether; mark all live posts as old."""
        if self.touched or not self.path.is_file():
            self._news = ledger_file.write_ledger(self.base, self.path, self.unsure, whole=self.whole)
            self.base.execute("DELETE FROM before")
        return self._news is not None

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each line of the new file that is not an entry."""
        yield from ledger_file.problems(self.base, self._news or self.path)

    def touch(self, debate: str) -> None:
        """Mark a debate as about to change, so that its lines are written again."""
        self.touched = True
        self.base.execute("DELETE FROM lines WHERE debate = ?", (debate,))
