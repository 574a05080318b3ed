"""Find the posts with words of *former posts*, which an earlier version of Rostra read: rules that hide those hide these too.

``earlier_readings`` finds in the dump what was read then.  If nothing of a hidden post is found, every post that is read
differently now may contain its words.  The ledger records the result.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec import DecodeError
from msgspec.structs import astuple, replace

from rostra.identity.ledger import TIMED, Traits, traits
from rostra.identity.registry import Registry
from rostra.model import Former, Post, Problem, Thread
from rostra.output.journal import PART
from rostra.readers import Dump
from rostra.system.attempts import attempting
from rostra.threads.earlier_readings import LineRange, line_ranges, with_readings
from rostra.threads.grown_posts import GrownPosts, Hides, holders


class _Known(NamedTuple):
    """A post that an earlier version published, with the ``dumps`` of its debate."""

    former: Former
    dumps: frozenset[str]
    traits: Traits


class _DumpSeen(NamedTuple):
    """What this version reads in a dump: ``same`` are the words and times that occur at least as often as before."""

    found: list[LineRange]
    held: set[str]
    words: set[str]
    same: set[tuple[str, str]]
    natives: set[str]
    times: set[str]


class Formers:
    """The posts that an earlier version of Rostra published, and which posts of this version contain words of each.

    If the ledger is of this version, nothing is searched, and its records of earlier versions apply.
    """

    def __init__(self, published: Registry) -> None:
        self._published = published
        self._grown = GrownPosts(published)
        self._hides: Hides = lambda *_: False
        self._all: list[_Known] = []
        self._known: dict[str, list[_Known]] = {}
        self._bare: set[str] = set()
        self._seen: dict[str, _DumpSeen] = {}
        self._lost: dict[str, list[Former]] = {}
        self._regrown: dict[str, tuple[frozenset[str], list[LineRange]]] = {}

    def begin(self, hides: Hides | None, dumps: Iterable[tuple[Dump, Iterable[Thread]]]) -> None:
        """Search the dumps, with their threads as read now, for what an earlier version read, if there was one.

        If there was none, only hidden posts are searched, in dumps that have changed; ``hides`` is None if none is hidden.
        """
        some, hides = hides is not None, hides or self._hides
        self._hides = hides
        self._all = [_Known(*each) for each in self._published.former()]
        for each in self._all:
            # A post with an id in its source is identified by that id anywhere.
            if not each.traits.native or hides(each.former, ()):
                self._known.setdefault(each.traits.words, []).append(each)
        self._bare = {each.traits.words for each in self._all if not each.traits.native}
        self._regrown.clear()
        if not self._all and some:
            self._grown.begin(hides)
        for dump, threads in dumps:
            if self._known or self._grown.wants(dump.name):
                # Failures are reported when the dump is read for publication.
                with attempting("reading it", lambda _: None, sqlite3.Error, DecodeError):
                    self._look(dump, threads) if self._known else self._grown.look(dump, threads)
        self._settle()

    def _look(self, dump: Dump, threads: Iterable[Thread]) -> None:
        found = line_ranges(dump, self._known)
        said, held = Counter[tuple[str, str]](), set[str]()
        natives, times = set[str](), set[str]()
        for thread in threads:
            held.update(digest for _, digest in holders(thread, found))
            for post in thread.posts:
                known = traits(post)
                said[known.words, known.moment] += 1
                natives.add(known.native)
                times.update(filter(None, (post.raw.created,)))
        were = Counter((each.traits.words, each.traits.moment) for each in self._all if dump.name in each.dumps)
        same = {pair for pair, count in said.items() if count >= were[pair]}
        self._seen[dump.name] = _DumpSeen(found, held, {words for words, _ in said}, same, natives, times)

    def _settle(self) -> None:
        """Find the hidden posts that are not found, and the dumps where their words may be."""
        debates = {name: self._debates(name, seen) for name, seen in self._seen.items()}
        for each in (each for known in self._known.values() for each in known):
            words, native = each.traits.words, each.traits.native
            near = [name for name, held in debates.items() if each.former.debate in held]
            seen = [self._seen[name] for name in near]
            found = any(words in one.held or words in one.words or (native and native in one.natives) for one in seen)
            if not found and self._hides(each.former, set[str]().union(*(one.times for one in seen))):
                for name in near:
                    self._lost.setdefault(name, []).append(each.former)

    def _debates(self, dump: str, seen: _DumpSeen) -> set[str]:
        """Return the debates that were read from a dump, or from another dump of the same debate."""
        said = {words for words in (*seen.held, *seen.words) if len(words) == TIMED}
        return {each.former.debate for each in self._all if dump in each.dumps or each.traits.words in said}

    def marked(self, dump: Dump, thread: Thread) -> Thread:
        """Return a dump's thread; each post has what was read in its place, and the former posts whose words it contains."""
        found = self._marked(dump.name, thread)
        # Growing copied text may be read differently by the same version.
        missing = self._unread(dump.name, thread) if found is thread else frozenset[str]()
        if not missing:
            return found
        if self._regrown.get(dump.name, (frozenset[str](), []))[0] != missing:
            self._regrown[dump.name] = missing, line_ranges(dump, missing)
        return with_readings(found, self._regrown[dump.name][1])

    def _unread(self, dump: str, thread: Thread) -> frozenset[str]:
        """Return the digests of the words of posts without ids that were read in a dump last time and are not now.

        Copied text is read by patterns found in it, and more are found as it grows.
        """
        if thread.source.several or any(post.raw.native_id for post in thread.posts):
            return frozenset()
        before = self._published.debates.of_dump(dump)
        known = (of for debate in before for of in self._published.posts.known(debate).values())
        words = frozenset(of.words for of in known if of.words and not of.native and not of.gone)
        return words - {traits(post).words for post in thread.posts} if words else words

    def _marked(self, dump: str, thread: Thread) -> Thread:
        seen = self._seen.get(dump)
        if seen is None:
            return thread
        thread = with_readings(thread, (run for run in seen.found if run.digest in self._bare))
        held: dict[int, set[str]] = {}
        for n, digest in holders(thread, seen.found):
            held.setdefault(n, set()).add(digest)
        lost = self._lost.get(dump, [])
        near = self._debates(dump, seen) if lost else set[str]()
        were = {each.traits.words for each in self._all if each.former.debate in near}
        posts = []
        for n, post in enumerate(thread.posts):
            words = traits(post).words
            formers = [
                each.former
                for digest in held.get(n, set()) | {words}
                for each in self._known.get(digest, ())
                if (each.traits.words, each.traits.moment) not in seen.same
            ]
            # A post that is read as before contains no other words.
            posts.append(_holding(post, [*formers, *(lost if words and words not in were else ())]))
        return replace(thread, posts=tuple(posts))

    def attached(self, dump: str, thread: Thread) -> Thread:
        """Return a thread, with the ids it was published under, with the former posts that each post contains.

        These are in the ledger; in addition, an unchanged post in another debate of its dump has itself as former post.
        """
        seen, held = self._seen.get(dump), dict[str, list[Former]]()
        for at, former in self._published.formers.contained(thread.id):
            held.setdefault(at, []).append(former)
        for at, formers in self._grown.held(dump, thread).items():
            held.setdefault(at, []).extend(formers)
        if not held and seen is None:
            return thread
        posts = []
        for post in thread.posts:
            known, here = traits(post), (thread.id, post.id)
            own = [
                each.former
                for each in self._known.get(known.words, ())
                if dump in each.dumps and each.traits.moment == known.moment
            ]
            own = [] if any((each.debate, each.post) == here for each in own) else own
            posts.append(_holding(post, [*post.history.holds, *own, *held.get(post.id, ())]))
        return replace(thread, posts=tuple(posts))

    def add(self, thread: Thread) -> None:
        """Record which posts of a debate contain words of what an earlier version read."""
        for post in thread.posts:
            for each in post.history.holds:
                # A post contains itself only if a rule hides it: only its author and the debate's title may be new.
                if (each.debate, each.post) != (thread.id, post.id) or self._hides(each, {post.raw.created or ""}):
                    self._published.touch(each.debate)
                    self._published.formers.add(each, (thread.id, post.id))

    def problems(self, hides: Callable[[Former], bool], named: Callable[[Former], bool]) -> Iterator[Problem]:
        """Yield a problem for each post that is hidden because of a former post, if ``hides`` says so; not for itself if ``named``."""
        news = self._published.path.with_name(self._published.path.name + PART)
        ledger = news if news.is_file() else self._published.path
        hidden = {}
        for former, many, itself in self._published.formers.counts():
            if hides(former) and (others := many - itself * named(former)):
                hidden[f"{former.debate} {former.post} /"] = others
        if not hidden or not ledger.is_file():
            return
        with ledger.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if many := hidden.pop(" ".join(line.split(" ", 3)[:3]), 0):
                    said = "a post is" if many == 1 else f"{many:,} posts are"
                    yield Problem(
                        code="read-otherwise",
                        message=f"{said} hidden, which may contain words of a hidden post that was read differently before",
                        line=number,
                        hint="to show one of them, delete its line, which begins like this one, from rostra.ledger",
                    )


def _holding(post: Post, formers: Iterable[Former]) -> Post:
    holds = tuple(sorted({*formers}, key=astuple))
    return replace(post, history=replace(post.history, holds=holds)) if holds != post.history.holds else post
