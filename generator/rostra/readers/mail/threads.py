"""Group messages into threads by their references, and by what joining found for messages without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Join, Problem, RawPost
from rostra.system.forest import Forest


class Envelope(Struct, frozen=True):
    """What threading needs of a message; ``number`` is its index among the messages to thread, ``key`` its id."""

    number: int
    key: str
    id: str | None
    references: tuple[str, ...]
    subject: str


def threads(
    envelopes: Sequence[Envelope], joins: Mapping[str, Join] = {}
) -> Iterator[tuple[str, list[int], dict[str, str | None]]]:
    """Yield each thread's root, its messages in order, and the parent of every message and missing message in it.

    ``joins`` are parents of messages here or elsewhere; they apply to those whose references are unknown here.  The root
    is the first message that any of them mentions, even if left out, so the months of a list agree on it.
    """
    forest = Forest()
    _by_reference(envelopes, forest, joins)
    _complete(forest, [envelope.key for envelope in envelopes], joins)
    present = {envelope.key for envelope in envelopes}
    members: dict[str, list[int]] = {}
    for envelope in envelopes:
        members.setdefault(forest.root(envelope.key), []).append(envelope.number)
    keys = {envelope.number: envelope.key for envelope in envelopes}
    for root, numbers in members.items():
        chosen: dict[str, str | None] = {}
        for number in numbers:
            at: str | None = keys[number]
            while at is not None and at not in chosen:
                chosen[at] = forest.parents.get(at)
                at = chosen[at]
        _trim(root, chosen, present)
        yield root, numbers, chosen


def _by_reference(envelopes: Sequence[Envelope], forest: Forest, joins: Mapping[str, Join]) -> None:
    for envelope in envelopes:
        if envelope.references:
            forest.link(envelope.key, envelope.references[-1])
    # A message's references determine parents of earlier messages only if those have no references themselves.
    for envelope in envelopes:
        for above, below in pairwise(envelope.references):
            if below not in joins:
                forest.link(below, above)


def _complete(forest: Forest, keys: Sequence[str], joins: Mapping[str, Join]) -> None:
    """Add what joining found above messages, up to the first message of each debate."""
    done: set[str] = set()
    for key in keys:
        at: str | None = key
        while at is not None and at not in done:
            done.add(at)
            if at in joins:
                forest.link(at, joins[at].parent)
            at = forest.parents.get(at)


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


def with_parent_by(post: RawPost, joins: Mapping[str, Join]) -> RawPost:
    """Return a post that says how its parent is known."""
    join = joins.get(post.key)
    return replace(post, parent_by=join.by) if join and join.parent == post.parent else post


def _first_below(posts: list[RawPost], parents: dict[str, str | None]) -> dict[str, int | None]:
    """Return, for each present or mentioned message, the line of the first message at or below it."""
    lines: dict[str, int | None] = {}
    for post in posts:
        key: str | None = post.key
        while key is not None and key not in lines:
            lines[key] = post.line
            key = parents.get(key)
    return lines
