"""The ledger at work: which debate and which posts of it a thread was published as, and what became of the rest.

It is a table of the store, as long as the archive is; the file is read where it is not the one that
the last build wrote.
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
"""``live`` is what this build publishes, ``old`` what the ledger file knew before it: 2 where a dump holds it, and its publisher does not show it.
``called`` is the id that a debate has by nature, where it is published under another.
``before`` are posts as the ledger file knows them, where this build has them otherwise; what is only previewed is never in the file."""


class Registry:
    """What was published, as the store's tables hold it."""

    def __init__(self, base: sqlite3.Connection, path: Path) -> None:
        self.base = base
        self.path = path
        self.touched = False
        self._news: Path | None = None
        self._added: set[str] = set()
        self._first: bool | None = None
        self._missed: set[str] = set()
        """The debates that lack a post that was published in them."""
        self.whole = True
        """Whether this build read every dump."""
        self._readings: dict[str, tuple[str, str]] = {}
        """Where stands now what an earlier version of Rostra read, by the digest of its words."""
        self.unsure: set[str] = set()
        """The debates that are not published since their dump failed: they are not gone."""
        if base.execute("SELECT 1 FROM before").fetchone():
            self._go_back()

    def _go_back(self) -> None:
        """What was previewed is not promised: all is held against what was published before it."""
        self.touched = True
        known, same = (
            "native, words, moment, parent, sketch, gone",
            "debate = published.debate AND post = published.post",
        )
        self.base.execute(
            f"UPDATE published SET ({known}, there, at) = (SELECT {known}, '', '' FROM before WHERE {same}) WHERE EXISTS (SELECT 1 FROM before WHERE {same})"  # noqa: S608  # constants
        )
        self.base.execute("DELETE FROM before")

    def load(self) -> None:
        """Read the file into the tables, which are empty."""
        self.touched = True
        ledger_file.load_ledger(self.base, self.path)

    def former(self) -> list[tuple[Former, str, Traits]]:
        """The posts that an earlier version of Rostra published, each with its dump; none where it was this one."""
        (reading,) = self.base.execute("SELECT number FROM reading").fetchone()
        query = "SELECT debate, post, dump, native, words, moment FROM published JOIN homes USING (debate) WHERE words <> '' AND old AND (NOT gone OR reason IS NOT NULL) AND there = '' ORDER BY debate, post"
        rows = self.base.execute(query) if reading < READING else ()
        return [
            (Former(debate, post, moment), dump, Traits(native, words, moment, "", ""))
            for debate, post, dump, native, words, moment in rows
        ]

    def reading(self, words: str) -> tuple[str, str] | None:
        """The debate and post that stand where an earlier version read these words."""
        return self._readings.get(words)

    def settle(
        self, thread: Thread, *, chosen: bool, dump: str, dumps: Collection[str], taken: Collection[str]
    ) -> Thread:
        """The thread with the addresses that it was published under.

        ``chosen`` says that the publisher gave it its id; ``dumps`` are all that this build reads, and
        ``taken`` the debates that it has read.
        """
        rows = self._known(thread.id)
        same = chosen or any(self._same(thread, rows))
        if not same or (not chosen and self.home(thread.id) not in ("", dump)):
            before = self._voted(thread, dump, dumps, taken)
            # A dump's debate goes back to where it was, rather than to one of its name that it was told apart from.
            if before is not None and (not same or self.home(before) == dump):
                return settled(thread, before, self._known(before))
        if chosen and not rows and (before := self._voted(thread, dump, dumps, taken)):
            # What a card says of its posts it says of them at another address too.
            rows = self._known(before)
        return settled(thread, thread.id, rows)

    def is_anothers(self, thread: Thread, dump: str, dumps: Collection[str]) -> bool:
        """Whether the thread's id is that of another debate, which another dump of those present holds."""
        home = self.home(thread.id)
        return home != dump and home in dumps and not any(self._same(thread, self._known(thread.id)))

    def aside(self, thread: Thread, dump: str, taken: Collection[str]) -> Thread:
        """The thread under an address of its own, where another debate has its id: that which it had, else a new one."""
        count = 2
        while (id := f"{thread.id}-{count}") in taken or self.home(id) not in ("", dump):
            count += 1
        return settled(thread, id, self._known(id))

    def call(self, debate: str, natural: str) -> None:
        """Note the id that a debate has by nature, where it is published under another."""
        if debate != natural:
            self.base.execute("UPDATE homes SET called = ? WHERE debate = ?", (natural, debate))

    def called(self, debate: str) -> str:
        """The id that a debate of one dump has by nature."""
        row = self.base.execute("SELECT called FROM homes WHERE debate = ?", (debate,)).fetchone()
        return row[0] if row and row[0] else debate

    def _known(self, debate: str) -> dict[str, Traits]:
        # Of a debate in several dumps, the first that is read must not hide from the next what was known before.
        table, where = ("before", "") if debate in self._added else ("published", "AND old AND there = ''")
        query = f"SELECT post, native, words, moment, parent, sketch, gone FROM {table} WHERE debate = ? {where}"  # noqa: S608  # constants
        return {post: Traits(*signs) for post, *signs in self.base.execute(query, (debate,))}

    def _same(self, thread: Thread, rows: dict[str, Traits]) -> Iterator[bool]:
        """For each post of the thread that was published under its id, True."""
        if rows:
            there = {sign for known in rows.values() for sign in published_signs(known)}
            for post in thread.posts:
                if there.intersection(signs(traits(post))):
                    yield True

    def _voted(self, thread: Thread, dump: str, dumps: Collection[str], taken: Collection[str]) -> str | None:
        """The debate that this one was, where the dump of that one is gone, or is this."""
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
        """Note what a build publishes; what ``is_last`` good stays known by what it was, since it is made of that."""
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
        """A debate is published no more, or is about to be anew; what was never in the ledger is forgotten."""
        self.touch(debate)
        self.base.execute("DELETE FROM published WHERE debate = ? AND NOT old", (debate,))
        if debate in self._added:
            # One dump of several may know less of a post than all of them did.
            self.base.execute(
                "INSERT OR REPLACE INTO published SELECT debate, post, native, words, moment, parent, sketch, '', '', 0, 1, gone FROM before WHERE debate = ?",
                (debate,),
            )
        self.base.execute("UPDATE published SET live = 0, old = min(old, 1) WHERE debate = ?", (debate,))
        self.base.execute("UPDATE homes SET live = 0 WHERE debate = ?", (debate,))
        never = "NOT EXISTS (SELECT 1 FROM published WHERE debate = homes.debate)"
        self.base.execute(f"DELETE FROM homes WHERE debate = ? AND {never}", (debate,))  # noqa: S608  # a constant

    def homes(self) -> dict[str, str]:
        """Every debate that is known, with the dump that it was last read from."""
        return dict(self.base.execute("SELECT debate, dump FROM homes WHERE dump <> ''"))

    def hide(self, debate: str) -> None:
        """A debate that is not published stands in a dump, which cannot be read: what is the same is hidden too."""
        self.base.execute("UPDATE published SET old = 2 WHERE debate = ? AND NOT live", (debate,))

    def note_failing(self, dumps: Collection[str]) -> None:
        """Note the dumps that failed: what is not published of them is not gone, and is to be found nowhere else."""
        missing = self.base.execute("SELECT debate, dump FROM homes WHERE NOT live AND reason IS NULL") if dumps else ()
        self.unsure = {debate for debate, dump in missing if dump in dumps}

    def home(self, debate: str) -> str:
        """The dump that a debate was last read from."""
        row = self.base.execute("SELECT dump FROM homes WHERE debate = ?", (debate,)).fetchone()
        return row[0] if row else ""

    def way(self, debate: str, post: str) -> Iterator[tuple[tuple[str, str], Traits]]:
        """Where a post stood, one address after another, with what it was known by there."""
        query = "SELECT native, words, moment, parent, sketch, there, at FROM published WHERE debate = ? AND post = ?"
        seen = set()
        while (debate, post) not in seen and (row := self.base.execute(query, (debate, post)).fetchone()):
            seen.add((debate, post))
            yield (debate, post), Traits(*row[:5])
            debate, post = row[5:]

    def withdrawn(self) -> list[tuple[str, str]]:
        """The debates that are withdrawn, each with its dump."""
        return self.base.execute("SELECT debate, dump FROM homes WHERE reason IS NOT NULL").fetchall()

    def withdraw(self, thread: Thread, dump: str, reason: str) -> None:
        """Note that a debate is not published any more, at its publisher's will; its addresses stay."""
        self.drop(thread.id)
        self.add(thread, dump)
        self.base.execute("UPDATE published SET old = max(old, 1 + live), live = 0 WHERE debate = ?", (thread.id,))
        # The ledger keeps it on a line.
        reason = " ".join(reason.split())
        self.base.execute("UPDATE homes SET live = 0, reason = ? WHERE debate = ?", (reason, thread.id))

    def gone_debate(self, debate: str) -> Gone:
        """What is said at the address of a debate that is published no more."""
        row = self.base.execute("SELECT reason FROM homes WHERE debate = ?", (debate,)).fetchone() or [None]
        return Gone(id=debate, kept=self.kept(debate), reason=row[0], unsure=debate in self.unsure)

    def note_missed(self) -> None:
        """Note which debates lack a post that was published in them, once all that moved was followed."""
        query = "SELECT DISTINCT debate FROM published WHERE NOT live AND old"
        self._missed = {debate for (debate,) in self.base.execute(query)}

    def move(self, debate: str, post: str, to: tuple[str, str]) -> None:
        """Note that a post that is not where it was stands elsewhere now."""
        self.touch(debate)
        self._keep_before("debate = ? AND post = ?", debate, post)
        self.base.execute("UPDATE published SET there = ?, at = ? WHERE debate = ? AND post = ?", (*to, debate, post))

    def _keep_before(self, which: str, *of: str) -> None:
        query = f"SELECT debate, post, native, words, moment, parent, sketch, gone FROM published WHERE {which} AND old AND there = ''"  # noqa: S608  # constants
        self.base.execute(f"INSERT OR IGNORE INTO before {query}", of)

    def kept(self, debate: str) -> tuple[Kept, ...]:
        """The posts that were published in a debate and are not in it now, with where they are."""
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
        """The debates that were published and are not now, sorted."""
        query = "SELECT DISTINCT debate FROM published AS p WHERE NOT live AND old AND NOT EXISTS (SELECT 1 FROM homes WHERE debate = p.debate AND live) ORDER BY debate"
        return [debate for (debate,) in self.base.execute(query)]

    def write(self) -> bool:
        """Write the file beside its place, where it is not as it should be, and tell; all that is live is old from now on."""
        if self.touched or not self.path.is_file():
            self._news = ledger_file.write_ledger(self.base, self.path, self.unsure, whole=self.whole)
            self.base.execute("DELETE FROM before")
        return self._news is not None

    def problems(self) -> Iterator[Problem]:
        """The lines of the file, as it will be, that are no entries."""
        yield from ledger_file.problems(self.base, self._news or self.path)

    def touch(self, debate: str) -> None:
        """Something of a debate is about to change, so it is to be written anew."""
        self.touched = True
        self.base.execute("DELETE FROM lines WHERE debate = ?", (debate,))
