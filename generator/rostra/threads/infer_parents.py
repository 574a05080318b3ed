"""Infer the parents of posts whose source does not give them: from quotations and from the subject.

A pure function of the posts' small keys (``letters``), with the same result for any order of dumps.  Parents that the
source gives are kept.  The words of all posts are looked up in an index of the quotations of open posts, so that the
cost is linear in the number of posts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.model import Join
from rostra.threads.evidence import (
    BRIEF_WINDOW,
    CLEAR,
    CONTINUED,
    CONTINUED_WINDOW,
    LEAST,
    SERIES,
    SKEW,
    SUBJECT_WINDOW,
    TELLING,
    WINDOW,
    QuotingLetter,
    Shared,
    telling,
)
from rostra.threads.letters import Letter, unpacked_digests

COMMON = 12
"""If more posts than this have the same words, the words are no evidence."""
CANDIDATES = 40
"""The most posts of one subject that are compared with a post: the latest before it."""


def inferred(letters: Iterable[Letter], open: Mapping[str, str], skew: int = SKEW) -> dict[str, Join]:
    """Return the parents that are found for ``open`` posts; the mapping gives for each the post that shows its words.

    A post may seem to be ``skew`` seconds later than its answer.
    """
    return _Search(letters, open, skew).found()


class _Search:
    """The search for the parents of open posts among all ``letters`` around them."""

    def __init__(self, letters: Iterable[Letter], open: Mapping[str, str], skew: int) -> None:
        self.skew = skew
        self.letters = _merged(letters)
        known = {key: self.letters[by] for key, by in sorted(open.items()) if by in self.letters}
        self.open = {key: each if each.key == key else _missing(key, each) for key, each in known.items()}
        self.subjects: dict[str, list[tuple[int, str]]] = {}
        self.begun: dict[str, list[str]] = {}
        """The posts that are not marked as replies, by dump and subject."""
        for key, letter in self.letters.items():
            if not letter.is_answer:
                self.begun.setdefault(_within(letter), []).append(key)
            if (time := letter.time) is not None:
                for name in {letter.subject, letter.number} - {""}:
                    self.subjects.setdefault(name, []).append((time, key))
        for posts in self.subjects.values():
            posts.sort()
        self.series = {name for name, posts in self.subjects.items() if self._is_series(posts)}

    def found(self) -> dict[str, Join]:
        """Return the parents that are found."""
        shared = _shared(self.letters, self.open)
        joins = {
            key: self._only_begun(letter)
            if letter.time is None
            else self._join(letter, letter.time, shared.get(key, {}))
            for key, letter in self.open.items()
        }
        return {key: join for key, join in joins.items() if join}

    def _near(self, letter: Letter, time: int, window: int) -> Iterator[Letter]:
        """Yield the earlier posts with a subject of a post, the latest first for each subject."""
        for name in dict.fromkeys((letter.subject, letter.number, letter.was)):
            posts = self.subjects.get(name, [])
            low = bisect_left(posts, (time - window, ""))
            high = bisect_left(posts, (time, letter.key))
            for _, key in reversed(posts[max(low, high - CANDIDATES) : high]):
                if _may_answer(letter, self.letters[key]):
                    yield self.letters[key]

    def _join(self, letter: Letter, time: int, shared: Mapping[str, Shared]) -> Join | None:
        quoting = QuotingLetter(letter)
        candidates = {each.key: each for each in self._near(letter, time, SUBJECT_WINDOW)}
        candidates |= {key: self.letters[key] for key in shared}
        weighed = []
        for other in candidates.values():
            said = other.time
            if said is None or not -self.skew <= time - said <= WINDOW or not _may_answer(letter, other):
                continue
            if (evidence := quoting.evidence(other, shared.get(other.key))) and evidence.weight >= LEAST:
                weighed.append((evidence.weight, said if evidence.loosely else -said, other.key))
        if not weighed:
            return self._continued(letter, time)
        best = max(weighed)[0]
        _, key = min(each[1:] for each in weighed if each[0] > best - CLEAR)
        return Join(key, "quotation")

    def _continued(self, letter: Letter, time: int) -> Join | None:
        """Return the latest post by another author that the subject alone connects with a post, else by the same author."""
        near = list(self._near(letter, time, window)) if (window := self._window(letter)) else []
        other = next((each for each in near if each.author != letter.author), None)
        return Join((other or near[0]).key, "subject") if near else None

    def _window(self, letter: Letter) -> int:
        """Return how long a post's subject connects it with another; 0 if it does not."""
        if letter.number or telling(letter.was) >= TELLING:
            return SUBJECT_WINDOW
        words = telling(letter.subject)
        if letter.is_answer:
            return SUBJECT_WINDOW if words >= TELLING else BRIEF_WINDOW if words else 0
        return CONTINUED_WINDOW if words >= CONTINUED and letter.subject not in self.series else 0

    def _is_series(self, posts: Sequence[tuple[int, str]]) -> bool:
        """Whether one author writes again and again in the posts of a subject while nobody else does, as in a daily notice."""
        authors = (self.letters[key].author for _, key in posts)
        return any(len(list(run)) >= SERIES for _, run in groupby(authors))

    def _only_begun(self, letter: Letter) -> Join | None:
        """Return the post that a reply without a time answers by its subject, if there is only one in its dump."""
        begun = self.begun.get(_within(letter), ())
        if letter.is_answer and telling(letter.subject) and len(begun) == 1:
            return Join(begun[0], "subject")
        return None


def _merged(letters: Iterable[Letter]) -> dict[str, Letter]:
    """Return one letter for each post that a dump has: the least in a fixed order of letters, so that no order of dumps matters."""
    found: dict[str, Letter] = {}
    for letter in letters:
        if letter.missing:
            continue
        if (other := found.get(letter.key)) is None or encode(letter) < encode(other):
            found[letter.key] = letter
    return dict(sorted(found.items()))


def _may_answer(letter: Letter, other: Letter) -> bool:
    """Whether one post may answer another: a post without an id is known in its own dump only."""
    return letter.key != other.key and (other.native is not None or letter.home == other.home)


def _within(letter: Letter) -> str:
    """Return a post's subject restricted to its dump."""
    return f"{letter.home}\n{letter.subject}"


def _missing(key: str, answer: Letter) -> Letter:
    """Return a missing post as its answer shows it: the answer's inner quotations are what the missing post quoted."""
    inner = tuple(
        replace(run, depth=run.depth - 1, said_at=max(0, run.said_at - 1), named=run.named if run.said_at else "")
        for run in answer.quoted
        if run.depth > 1
    )
    return replace(answer, key=key, native=key, parent=None, author="", missing=True, own=b"", quoted=inner)


def _shared(letters: Mapping[str, Letter], open: Mapping[str, Letter]) -> dict[str, dict[str, Shared]]:
    """Return, for each open post, the posts with words that it quotes."""
    wanted: dict[int, list[tuple[str, int]]] = {}
    for key, letter in open.items():
        for n, run in enumerate(letter.quoted):
            for digest in unpacked_digests(run.digests):
                wanted.setdefault(digest, []).append((key, n))
    found: dict[str, dict[str, Shared]] = {}
    for digest, held in _held(letters, wanted):
        for key, n in wanted[digest]:
            for other, depth in held:
                if other != key:
                    found.setdefault(key, {}).setdefault(other, []).append((n, depth, digest))
    return found


def _held(
    letters: Mapping[str, Letter], wanted: Mapping[int, object]
) -> Iterator[tuple[int, Sequence[tuple[str, int]]]]:
    """Yield the wanted digests with the posts that have them, each with the depth; words of many posts are left out."""
    own: dict[int, list[tuple[str, int]]] = {}
    inner: dict[int, list[tuple[str, int]]] = {}
    for key, letter in letters.items():
        for digest in wanted.keys() & unpacked_digests(letter.own):
            own.setdefault(digest, []).append((key, 0))
        for run in letter.quoted:
            for digest in wanted.keys() & unpacked_digests(run.digests):
                inner.setdefault(digest, []).append((key, run.depth))
    for digest in wanted:
        mine, theirs = own.get(digest, []), inner.get(digest, [])
        if len(mine) <= COMMON:
            yield digest, mine if len(theirs) > COMMON else [*mine, *theirs]
