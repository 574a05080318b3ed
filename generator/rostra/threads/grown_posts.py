"""Find the posts that contain words of a hidden post whose page was copied again.

A post of copied text has no id in its source, and its id in Rostra is a digest of its words.  If a later copy contains
more of it, or is cut differently, the ledger may not recognise it, and a rule that names it would hide nothing.  So the
new copy is searched for the hidden post: by its words, which are a run of lines there if the post only grew; otherwise
every new post by its author, or without an author, may contain it, whichever post the ledger matches with it.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from rostra.identity.ledger import SHORT, TIMED, Traits, body_words, traits
from rostra.identity.permalinks import digest
from rostra.identity.published_posts import PostAddress
from rostra.identity.registry import Registry
from rostra.model import Former, Post, Thread
from rostra.readers import Dump
from rostra.threads.earlier_readings import SHARED, LineRange, line_ranges, posts_by_line

Hides = Callable[[Former, Collection[str]], bool]
"""Whether a post is hidden, given the times at which it may have been written."""


def holders(thread: Thread, found: Iterable[LineRange]) -> Iterator[tuple[int, str]]:
    """Yield the posts that have words of a run, by their index in the thread, each with the run's digest."""
    lines = posts_by_line(thread)
    for run in found:
        begun = bisect(lines, (run.first, len(thread.posts))) - 1
        # Several posts may begin on one line; each of them is a candidate.
        begun = bisect_left(lines, (lines[begun][0], -1)) if begun > 0 else 0
        for _, n in lines[begun : bisect(lines, (run.last, len(thread.posts)))]:
            if shares_words(body_words(thread.posts[n].raw.body), run.words):
                yield n, run.digest


def shares_words(words: list[str], run: list[str]) -> bool:
    """Whether a post near a run has words of it: some consecutive ones, or those where one ends and the other begins."""
    few = min(SHARED, len(words), len(run))
    if any(words[:many] == run[-many:] or run[:many] == words[-many:] for many in range(1, few + 1)):
        return True
    rows = {tuple(run[at : at + few]) for at in range(len(run) - few + 1)}
    return few > 0 and any(tuple(words[at : at + few]) in rows for at in range(len(words) - few + 1))


class _Hidden(NamedTuple):
    """A hidden post: as a rule names it (``former``), its present ``place`` in the ledger, and its traits there."""

    former: Former
    place: PostAddress
    known: Traits


class _CopiedAgain(NamedTuple):
    """A dump near hidden posts that it does not contain as they were.

    ``found`` are runs of their words, ``new`` the words and moments that occur more often than in the ledger; ``lost``
    are the posts that no dump contains, neither as they were nor as a run.
    """

    found: list[LineRange]
    new: set[tuple[str, str]]
    lost: list[_Hidden]


class GrownPosts:
    """The hidden posts that the present dumps do not contain as the ledger knows them."""

    def __init__(self, published: Registry) -> None:
        self._published = published
        self._hidden: dict[str, list[_Hidden]] = {}
        self._by_words: dict[str, list[Former]] = {}
        self._dumps: dict[str, set[str]] = {}
        """The dumps that each debate of hidden posts was last read from: any of them may contain such a post."""
        self._near, self._known = set[str](), set[str]()
        """All of these, and all that any debate was read from."""
        self._rows: list[tuple[str, str, str]] = []
        self._copies: dict[str, _CopiedAgain] = {}
        self._kept: set[PostAddress] = set()
        """The hidden posts that a dump contains as they were, or as a run."""

    def begin(self, hides: Hides) -> None:
        """Find the hidden posts of the ledger; only posts without an id in their source are searched."""
        themselves = ((Former(*of), of[:2]) for of in self._published.posts.unnumbered())
        formers = {*themselves, *self._published.formers.holders()}
        for former, place in formers:
            if hides(former, ()):
                for there, known in [*self._published.way(*place)][-1:]:
                    if known.words and not known.native:
                        self._hidden.setdefault(there[0], []).append(_Hidden(former, there, known))
                        self._by_words.setdefault(known.words, []).append(former)
        self._rows = [
            (debate, of.words, of.moment)
            for debate in self._hidden
            for of in self._published.posts.known(debate).values()
        ]
        self._dumps = {debate: set(self._published.dumps_of(debate)) for debate in self._hidden}
        self._near = set().union(*self._dumps.values())
        self._known = self._published.debates.dumps() if self._hidden else set()

    def wants(self, dump: str) -> bool:
        """Whether a dump may contain a hidden post: one of its debate, or a new one."""
        return bool(self._hidden) and (dump in self._near or dump not in self._known)

    def look(self, dump: Dump, threads: Iterable[Thread]) -> None:
        """Search a dump for the hidden posts of its debates."""
        threads = tuple(threads)
        said = Counter(pair for thread in threads for pair in map(_pair, thread.posts))
        long = {words for words, _ in said if len(words) == TIMED}
        near = {debate for debate, words, _ in self._rows if dump.name in self._dumps[debate] or words in long}
        were = Counter((words, moment) for debate, words, moment in self._rows if debate in near)
        hidden = [each for debate in near for each in self._hidden[debate]]
        changed = [each for each in hidden if said[_key(each.known)] < were[_key(each.known)]]
        self._kept.update({each.place for each in hidden} - {each.place for each in changed})
        # A few common words occur in many posts, and the words of a post that was already gone prove nothing.
        wanted = {each.known.words for each in changed if len(each.known.words) == TIMED or not each.known.gone}
        new = {pair for pair, count in said.items() if count > were[pair]}
        found = line_ranges(dump, wanted) if new else []
        held = {digest for thread in threads for n, digest in holders(thread, found) if _pair(thread.posts[n]) in new}
        self._kept.update(each.place for each in changed if each.known.words in held)
        self._copies[dump.name] = _CopiedAgain(found, new, [each for each in changed if not each.known.gone])

    def held(self, dump: str, thread: Thread) -> dict[str, list[Former]]:
        """Return the posts of a debate, with the ids it was published under, that may contain words of hidden ones."""
        copy, out = self._copies.get(dump), dict[str, list[Former]]()
        if copy is None:
            return out
        new = {post.id for post in thread.posts if _pair(post) in copy.new}
        for n, words in holders(thread, copy.found):
            if (post := thread.posts[n]).id in new:
                out.setdefault(post.id, []).extend(self._by_words[words])
        # Another debate of the dump does not contain the post; a debate that the thread is now joined with may.
        other = any(not of.gone for of in self._published.posts.known(thread.id).values())
        fresh = new - self._published.posts.old(thread.id)
        for each in copy.lost:
            if each.place in self._kept or (other and each.place[0] != thread.id):
                continue
            for post in thread.posts:
                if post.id in fresh and post.raw.body and may_be_by(post, each.known):
                    out.setdefault(post.id, []).append(each.former)
        return out


def _pair(post: Post) -> tuple[str, str]:
    return _key(traits(post))


def _key(known: Traits) -> tuple[str, str]:
    return known.words, known.moment


def may_be_by(post: Post, known: Traits) -> bool:
    """Whether a post may have the author of a known one; the name may have been missing in the earlier copy."""
    author, moment = post.raw.author, traits(post).moment
    if not known.moment or author is None:
        return True
    if len(known.moment) == TIMED:
        return len(moment) < TIMED or moment == known.moment
    return digest(author.name)[:SHORT] == known.moment
