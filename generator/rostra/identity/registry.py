"""The ledger in use: the debate and posts that a thread was published as, and what became of the others.

It is a table of the store and grows with the archive; the file is read if it is not the one that the
last build wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from rostra.identity import ledger_file
from rostra.identity.former_words import FormerWords
from rostra.identity.ledger import READING, TIMED, Traits, published_signs, signs, traits
from rostra.identity.noted_rules import NotedRules
from rostra.identity.post_matching import settled, voted
from rostra.identity.published_debates import PublishedDebates
from rostra.identity.published_posts import PostAddress, PublishedPosts
from rostra.model import Former, Gone, Kept, Post, Problem, Thread


class Registry:
    """What was published, in the store's tables."""

    def __init__(self, base: sqlite3.Connection, path: Path) -> None:
        self._base = base
        self.posts = PublishedPosts(base)
        self.debates = PublishedDebates(base)
        self.formers = FormerWords(base)
        self.rules = NotedRules(base)
        self.path = path
        self._news: Path | None = None
        self._added: dict[str, list[str]] = {}
        """The debates that this build added, each with its dumps before."""
        self._first: bool | None = None
        self._missed: set[str] = set()
        """Debates without a post that was published in them."""
        self.whole = True
        """Whether this build read every dump."""
        self._readings: dict[str, tuple[str, str]] = {}
        """The debate and post that are now in the place of what an earlier version of Rostra read, by the digest of its words."""
        self.unsure: dict[str, str] = {}
        """Debates that are not published because a dump of theirs failed, with that dump: they are not gone."""
        # A preview publishes nothing, so everything is compared with what was published before it.
        self.touched = self.posts.undo()

    def load(self) -> None:
        """Read the file into the empty tables."""
        self.touched = True
        ledger_file.load_ledger(self._base, self.path)

    def former(self) -> list[tuple[Former, frozenset[str], Traits]]:
        """Return the posts that an earlier version of Rostra published, each with its dumps; none if it was this version."""
        if ledger_file.reading(self._base) >= READING:
            return []
        withdrawn, staying = {*self.debates.withdrawn()}, self.posts.staying()
        dumps = {debate: frozenset(self.debates.dumps_of(debate)) for debate in {debate for debate, _ in staying}}
        return [
            (Former(debate, post, of.moment), dumps[debate], of)
            for (debate, post), of in staying.items()
            if not of.gone or debate in withdrawn
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
        if not same or (not chosen and self._home(thread.id, dumps) not in ("", dump)):
            before = self._voted(thread, dump, dumps, taken)
            # A dump's debate keeps its id, rather than that of a debate of the same name that it was distinguished from.
            if before is not None and (not same or self._home(before, dumps) == dump):
                return settled(thread, before, self._known(before))
        if chosen and not rows and (before := self._voted(thread, dump, dumps, taken)):
            # A card that changes the debate's id still names its posts by their published ids.
            rows = self._known(before)
        return settled(thread, thread.id, rows)

    def is_anothers(self, thread: Thread, dump: str, dumps: Collection[str], *, half: bool = False) -> bool:
        """Whether the thread's id belongs to another debate, from another of the present dumps.

        A thread with a post of that debate is the same debate; with ``half``, only if that is half of its posts.
        """
        home = self._home(thread.id, dumps)
        if home == dump or home not in dumps:
            return False
        known = self._known(thread.id)
        if half:
            return voted(thread.posts, ((thread.id, of) for of in known.values())) is None
        return not any(self._same(thread, known))

    def aside(self, thread: Thread, dump: str, taken: Collection[str]) -> Thread:
        """Return the thread under a unique id, if another debate has its id: the one it had before, else a new one."""
        count = 2
        while (id := f"{thread.id}-{count}") in taken or dump not in (self.dumps_of(id) or (dump,)):
            count += 1
        return settled(thread, id, self._known(id))

    def named(self, posts: Sequence[Post], dumps: Collection[str], ids: Sequence[str], taken: Collection[str]) -> str:
        """Return the id of a debate of several dumps: of those of its dumps, the one that most of its posts were published in.

        So it does not depend on which dumps are there.  If none of the posts was published, it is the first of ``ids``,
        which its dumps have by themselves; never one of ``taken``.
        """
        free = {debate for debate in (*ids, *(debate for debate, _ in self._met(posts))) if debate not in taken}
        own = [debate for debate in sorted(free) if debate in ids or not set(dumps).isdisjoint(self.dumps_of(debate))]
        # What was read of one of its dumps in this build is no vote.
        known = ((debate, of) for debate in own for of in self._known(debate).values())
        return voted(posts, known, half=False) or next(id for id in ids if id not in taken)

    def call(self, debate: str, natural: str) -> None:
        """Record a debate's natural id, if it is published under another."""
        self.debates.call(debate, natural)

    def called(self, debate: str) -> str:
        """Return the natural id of a debate of one dump."""
        return self.debates.called(debate)

    def _known(self, debate: str) -> dict[str, Traits]:
        # If a debate has several dumps, the next one must still be compared with what was known before the first.
        return self.posts.before(debate) if debate in self._added else self.posts.known(debate)

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
            self._first = not self.posts.any_old()
        if self._first:
            return None
        found = self._met(thread.posts)
        homes = {debate: self._home(debate, dumps) for debate in {debate for debate, _ in found}}
        free = {d for d, home in homes.items() if d not in taken and (home == dump or home not in dumps)}
        return voted(thread.posts, ((debate, known) for (debate, _), known in found.items() if debate in free))

    def _met(self, posts: Iterable[Post]) -> dict[PostAddress, Traits]:
        """Return the published posts that any of these may be."""
        found: dict[PostAddress, Traits] = {}
        for known in map(traits, posts):
            for words in (known.words, *known.readings):
                if words:
                    found |= self.posts.saying(words)
            if known.native and len(known.moment) == TIMED:
                found |= self.posts.numbered(known.moment, known.native)
        return found

    def add(self, thread: Thread, *dumps: str, is_last: bool = False) -> None:
        """Record what a build publishes of these dumps; if it ``is_last`` good, known posts keep their traits, since it is made from them."""
        self.touch(thread.id)
        if thread.id not in self._added:
            self._added[thread.id] = self.dumps_of(thread.id)
            self.posts.keep_before(thread.id)
        was = self.posts.old(thread.id)
        fresh = []
        for post in thread.posts:
            if is_last and post.id in was:
                self.posts.revive(thread.id, post.id)
                continue
            known = traits(post)
            self._readings |= dict.fromkeys(known.readings, (thread.id, post.id))
            fresh.append((post.id, known, post.id in was))
        self.posts.publish(thread.id, fresh)
        self.debates.publish(thread.id, *dumps)

    def drop(self, debate: str) -> None:
        """Mark a debate as not published, or as about to be published again; forget posts that were never in the ledger."""
        self.touch(debate)
        # One of several dumps may know less about a post than all of them together.
        self.posts.retire(debate, restored=debate in self._added)
        self.debates.retire(debate, self._added.get(debate))
        if not self.posts.any_in(debate):
            self.debates.forget(debate)

    def hide(self, debate: str) -> None:
        """Mark an unpublished debate as still in a dump, which cannot be read: equal posts elsewhere are hidden too."""
        self.posts.hide(debate)

    def note_failing(self, dumps: Collection[str]) -> None:
        """Record the dumps that failed: their unpublished debates are not gone, and are not searched elsewhere."""
        failing = ((debate, dump) for dump in sorted(dumps, reverse=True) for debate in self.debates.of_dump(dump))
        absent = {*self.debates.absent()}
        self.unsure = {debate: dump for debate, dump in failing if debate in absent}

    def dumps_of(self, debate: str) -> list[str]:
        """Return the dumps that a debate was last read from, sorted."""
        return self.debates.dumps_of(debate)

    def dumps_beside(self, dump: str) -> set[str]:
        """Return the dumps that publish a post of a dump's debates in another debate."""
        debates = {beside for debate in self.debates.of_dump(dump) for beside in self.posts.beside(debate)}
        return {each for debate in debates for each in self.dumps_of(debate)}

    def before(self, debate: str) -> list[str]:
        """Return the dumps that a debate was read from before this build."""
        return self._added[debate] if debate in self._added else self.dumps_of(debate)

    def _home(self, debate: str, dumps: Collection[str]) -> str:
        """Return the dump that keeps a debate's id: the first that it was last read from, of those that are there."""
        last = self.dumps_of(debate)
        return next((dump for dump in last if dump in dumps), last[0] if last else "")

    def way(self, debate: str, post: str) -> Iterator[tuple[PostAddress, Traits]]:
        """Yield the addresses of a post, from one to the next, with its traits at each."""
        place, seen = (debate, post), set[PostAddress]()
        while place not in seen and (step := self.posts.step(*place)):
            seen.add(place)
            yield place, step.known
            place = step.to

    def withdraw(self, thread: Thread, reason: str, *dumps: str) -> None:
        """Record that the publisher has withdrawn a debate of these dumps; its addresses stay."""
        self.drop(thread.id)
        self.add(thread, *dumps)
        self.posts.withdraw(thread.id)
        # The reason is on one line of the ledger.
        self.debates.withdraw(thread.id, " ".join(reason.split()))

    def gone_debate(self, debate: str) -> Gone:
        """Return the content of the page at the address of a debate that is no longer published."""
        reason = self.debates.reason(debate)
        return Gone(id=debate, kept=self.kept(debate), reason=reason, unsure=debate in self.unsure)

    def note_missed(self) -> None:
        """Record which debates are without a post that was published in them, after all moves are recorded."""
        self._missed = set(self.posts.with_missed())

    def move(self, debate: str, post: str, to: PostAddress) -> None:
        """Record that a post has moved to another address."""
        self.touch(debate)
        self.posts.keep_before(debate, post)
        self.posts.move(debate, post, to)

    def kept(self, debate: str) -> tuple[Kept, ...]:
        """Return the posts that were published in a debate and are no longer in it, with their present addresses."""
        if debate not in self._missed:
            return ()
        return tuple(self._now(post, step.to) for post, step in self.posts.steps(debate) if not step.live)

    def _now(self, post: str, place: PostAddress) -> Kept:
        seen = set[PostAddress]()
        while place not in seen and (step := self.posts.step(*place)):
            if step.live:
                return Kept(post=post, thread=place[0], to=place[1])
            seen.add(place)
            place = step.to
        return Kept(post=post)

    def gone(self) -> list[str]:
        """Return the debates that were published and are not now, sorted."""
        return [debate for debate in self.posts.with_missed() if not self.debates.is_live(debate)]

    def write(self) -> bool:
        """Write the file beside its final path if it is not up to date, and return whether; mark all live posts as old."""
        if self.touched or not self.path.is_file():
            self._news = ledger_file.write_ledger(self._base, self.path, self.unsure, whole=self.whole)
            self.posts.forget_before()
        return self._news is not None

    def lines(self) -> Iterator[tuple[str, str]]:
        """Return the debates, sorted, each with its lines in the file."""
        return ledger_file.ledger_lines(self._base)

    def media_lines(self) -> Iterator[str]:
        """Yield the lines of pictures and files in the file."""
        return ledger_file.media_lines(self._base)

    def note_media(self, paths: Iterable[str], redacted: Collection[str]) -> tuple[str, ...]:
        """Record the pictures and files that are published now; return those that are gone since the last build.

        Those whose digests are ``redacted`` are forgotten.
        """
        gone, changed = ledger_file.note_media(self._base, paths, redacted)
        self.touched = self.touched or changed
        return gone

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each line of the new file that is not an entry."""
        yield from ledger_file.problems(self._base, self._news or self.path)

    def touch(self, debate: str) -> None:
        """Mark a debate as about to change, so that its lines are written again."""
        self.touched = True
        self.debates.touch(debate)
