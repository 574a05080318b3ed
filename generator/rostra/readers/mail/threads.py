"""Group messages into threads by their references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from rostra.model import Problem, RawPost


class Envelope(Struct, frozen=True):
    """What threading needs of a message; ``number`` is its index among the messages to thread, ``key`` its id."""

    number: int
    key: str
    id: str | None
    references: tuple[str, ...]
    subject: str
    is_answer: bool


def threads(envelopes: Sequence[Envelope]) -> Iterator[tuple[str, list[int], dict[str, str | None]]]:
    """Yield each thread's root, its messages in order, and the parent of every message and missing message in it.

    The root is the first message that any of them mentions, even if left out, so the months of a list agree on it.
    """
    forest = _Forest()
    _by_reference(envelopes, forest)
    _by_subject(envelopes, forest)
    parents = forest.parents
    present = {envelope.key for envelope in envelopes}
    roots: dict[str, str] = {}
    members: dict[str, list[int]] = {}
    for envelope in envelopes:
        members.setdefault(_root(envelope.key, parents, roots), []).append(envelope.number)
    keys = {envelope.number: envelope.key for envelope in envelopes}
    for root, numbers in members.items():
        chosen: dict[str, str | None] = {}
        for number in numbers:
            at: str | None = keys[number]
            while at is not None and at not in chosen:
                chosen[at] = parents.get(at)
                at = parents.get(at)
        _trim(root, chosen, present)
        yield root, numbers, chosen


class _Forest:
    """The parent of each message, never itself below it.

    ``_tops`` leads from a message towards the top of its tree by fewer steps than its parents (union-find with path
    halving, Tarjan 1975), so that a chain of references costs almost no more than its length.
    """

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}
        self._tops: dict[str, str] = {}

    def link(self, below: str, above: str) -> None:
        """Make one message the parent of another that has none, unless it is below it."""
        if self.parents.get(below) is None and self._top(above) != below:
            self.parents[below] = above
            self._tops[below] = above

    def _top(self, key: str) -> str:
        tops = self._tops
        while (up := tops.get(key)) is not None:
            if (further := tops.get(up)) is None:
                return up
            tops[key] = further
            key = further
        return key


def _by_reference(envelopes: Sequence[Envelope], forest: _Forest) -> None:
    for envelope in envelopes:
        if envelope.references:
            forest.link(envelope.key, envelope.references[-1])
    # A message's references determine parents of earlier messages only if those have no references themselves.
    for envelope in envelopes:
        for above, below in pairwise(envelope.references):
            forest.link(below, above)


def _by_subject(envelopes: Sequence[Envelope], forest: _Forest) -> None:
    """Attach a reply ("Re:") without references to the first message of its subject, if there is only one."""
    begun: dict[str, list[str]] = {}
    for envelope in envelopes:
        if forest.parents.get(envelope.key) is not None or not envelope.subject:
            continue
        subject = envelope.subject.casefold()
        if envelope.is_answer:
            if len(first := begun.get(subject, [])) == 1:
                forest.link(envelope.key, first[0])
        else:
            begun.setdefault(subject, []).append(envelope.key)


def _root(key: str, parents: dict[str, str | None], roots: dict[str, str]) -> str:
    path = []
    at = key
    while at not in roots and parents.get(at) is not None:
        path.append(at)
        at = str(parents[at])
    root = roots.get(at, at)
    for each in path:
        roots[each] = root
    return root


def _trim(root: str, chosen: dict[str, str | None], present: set[str]) -> None:
    """Drop missing roots whose only child is also missing; the chain begins with its last missing message."""
    children: dict[str, list[str]] = {}
    for key, parent in chosen.items():
        if parent is not None:
            children.setdefault(parent, []).append(key)
    while root not in present and len(children.get(root, [])) == 1 and children[root][0] not in present:
        del chosen[root]
        root = children[root][0]
        chosen[root] = None


def with_missing(posts: list[RawPost], parents: dict[str, str | None]) -> tuple[list[RawPost], list[Problem]]:
    """Return the posts, and one for each missing message."""
    lines = _first_below(posts, parents)
    present = {post.key for post in posts}
    absent = [key for key in parents if key not in present]
    missing = [RawPost(key=key, native_id=key, parent=parents[key], kind="missing", line=lines[key]) for key in absent]
    return [*posts, *missing], [
        Problem(
            code="missing-post",
            message=f"{post.key} is answered but is not in the mailbox",
            post=post.key,
            line=post.line,
        )
        for post in missing
    ]


def _first_below(posts: list[RawPost], parents: dict[str, str | None]) -> dict[str, int | None]:
    """Return, for each present or mentioned message, the line of the first message at or below it."""
    lines: dict[str, int | None] = {}
    for post in posts:
        key: str | None = post.key
        while key is not None and key not in lines:
            lines[key] = post.line
            key = parents.get(key)
    return lines
