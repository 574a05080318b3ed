"""Decide which of several sources is right, if any: the thresholds, each with its reason, and the tiers."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.model import Mark, Thread
from rostra.quotations.match import Match
from rostra.quotations.zones import Segment

MARKED = 0.5
"""The coverage of a marked quotation by an ancestor or a named author: half is enough, since the markup
already says that it is a quotation, and shortened or paraphrased ones are common."""
MARKED_ELSEWHERE = 0.6
MARKED_BITS = 30.0
"""The coverage of a marked quotation by another post of the thread: more, with some meaningful words."""
WHOLE = 0.6
SHORT, SHORT_WORDS, LONG_WORDS = 0.93, 12, 40
WHOLE_BITS = 24.0
"""The coverage of an unmarked paragraph by an ancestor: for ``LONG_WORDS`` words and more; for ``SHORT_WORDS``
nearly all, since a reply repeats a few of the other's words; in proportion in between."""
AGAIN_BITS = 60.0
"""The coverage of a paragraph by its own author's earlier post, word for word: less is a habit of speech."""
ENDING_BITS = 80.0
"""The least weight of words that end both posts, or are both posts: two people may say the same few words,
and end their posts with the same wish."""
PART = 0.8
PART_BITS = 45.0
"""The coverage of whole sentences within a paragraph: word for word except for slips."""
ELSEWHERE = 0.72
ELSEWHERE_BITS = 40.0
"""The coverage of an unmarked paragraph by another post of the thread: higher, since more posts can match by chance."""

LONE = 30
"""The length in words from which an unmarked stretch needs more than one seed in common with another post: in a
large thread some posts always share one by chance."""


class ThreadPositions:
    """The positions of posts in a thread: ancestors by intervals of the reading order, names, native ids."""

    def __init__(self, thread: Thread) -> None:
        posts = thread.posts
        self._numbers = {post.id: n for n, post in enumerate(posts)}
        self._parents = [self._numbers[post.parent] if post.parent is not None else None for post in posts]
        self._ends = list(range(len(posts)))
        for n, parent in reversed(list(enumerate(self._parents))):
            if parent is not None:
                self._ends[parent] = max(self._ends[parent], self._ends[n])
        self._authors = [post.raw.author.label.casefold() if post.raw.author else None for post in posts]
        self._native = {post.raw.native_id: n for n, post in enumerate(posts)}
        self._thread = thread.native_id

    def number(self, id: str) -> int:
        """Return a post's position in reading order."""
        return self._numbers[id]

    def parent(self, post: int) -> int | None:
        """Return the post's parent."""
        return self._parents[post]

    def is_ancestor(self, other: int, post: int) -> bool:
        """Whether ``other`` is an ancestor of ``post``."""
        return other < post <= self._ends[other]

    def author(self, post: int) -> str | None:
        """Return the case-folded name of a post's author; None if it is not known."""
        return self._authors[post]

    def same_author(self, post: int, other: int) -> bool:
        """Whether both posts are known to have the same author."""
        return self._authors[post] is not None and self._authors[post] == self._authors[other]

    def beyond_chance(self, post: int, shared: dict[int, list[tuple[int, int]]]) -> dict[int, list[tuple[int, int]]]:
        """Of the posts that share seeds with a long stretch, return ancestors and those that share several."""
        return {other: found for other, found in shared.items() if len(found) > 1 or self.is_ancestor(other, post)}

    def nearness(self, post: int, other: int) -> float:
        """Return the bonus for a source's position, in seeds."""
        if self._parents[post] == other:
            return 4.0
        return 2.0 if self.is_ancestor(other, post) else 0.0

    def named(self, mark: Mark | None, post: int) -> int | None:
        """Return the post of this thread that a quotation's markup names."""
        if mark is None or mark.post is None or (mark.thread is not None and mark.thread != self._thread):
            return None
        other = self._native.get(mark.post)
        return other if other != post else None

    def attributed(self, author: str | None, other: int) -> bool:
        """Whether the person named above a quotation wrote the other post."""
        name = self._authors[other]
        return bool(author and name and name in author.casefold())

    def tier(self, post: int, other: int, named: int | None) -> str:
        """Return the tier by which a source was found, as ``rostra inspect`` shows it."""
        if other == named:
            return "named"
        if self._parents[post] == other:
            return "parent"
        return "ancestor" if self.is_ancestor(other, post) else "thread"


def best(
    options: Sequence[Match], post: int, segment: Segment, named: int | None, place: ThreadPositions
) -> Match | None:
    """Return the best source: coverage with the bonus for its position; a tie goes to the earliest."""

    def rank(option: Match) -> tuple[float, float, int]:
        bonus = 0.0
        if option.post == named:
            bonus = 0.6
        elif place.attributed(segment.author, option.post):
            bonus = 0.25
        if place.parent(post) == option.post:
            bonus += 0.12
        elif place.is_ancestor(option.post, post):
            bonus += 0.1
        length = (option.high - option.low) / (segment.high - segment.low)
        return (-round(min(option.coverage, 1.0) * (0.5 + 0.5 * length) + bonus, 2), -round(length, 2), option.post)

    return min(options, key=rank, default=None)


def accept_marked(found: Match, post: int, named: int | None, place: ThreadPositions) -> bool:
    """Whether to accept a source for a marked quotation."""
    if found.exact and found.high - found.low < 4:
        return True
    if found.post == named or place.is_ancestor(found.post, post):
        return found.coverage >= MARKED and len(found.found) >= 3
    return found.coverage >= MARKED_ELSEWHERE and found.weight >= MARKED_BITS


def accept_unmarked(found: Match, post: int, place: ThreadPositions, *, whole: bool) -> bool:
    """Whether to accept a source for unmarked words: they repeat it too closely for chance."""
    related = place.is_ancestor(found.post, post)
    if not whole:
        return found.coverage >= PART and found.weight >= PART_BITS and len(found.found) >= 6
    if found.exact and related:
        return found.weight >= WHOLE_BITS and len(found.found) >= 4
    if related:
        return found.coverage >= enough(found.high - found.low, WHOLE) and found.weight >= ELSEWHERE_BITS
    return found.coverage >= enough(found.high - found.low, ELSEWHERE) and found.weight >= ELSEWHERE_BITS


def enough(words: int, floor: float) -> float:
    """Return the coverage that an unmarked paragraph of this length needs."""
    return max(floor, min(SHORT, SHORT - (SHORT - floor) * (words - SHORT_WORDS) / (LONG_WORDS - SHORT_WORDS)))
