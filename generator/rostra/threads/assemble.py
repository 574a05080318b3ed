"""Assemble a reader's posts into a thread: parents, order, depth, and placeholders for missing posts.

No post is dropped: a post that does not fit keeps a place and is reported as a problem.
The traversal is a loop with its own stack, since the dump's authors determine the depth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from rostra.identity.permalinks import post_ids
from rostra.model import Corrected, Corrections, History, Post, Problem, RawPost, RawThread, Source, Thread
from rostra.model.history import NO_HISTORY, UNCORRECTED
from rostra.model.timestamps import sortable_time

OPENING = "opening"
"""The key of an opening post that is supplied because several posts have no parent."""


def _renamed(raw: RawPost) -> Corrections:
    """Return the record of what the card calls an author, if the dump has another name."""
    given = raw.author and raw.author.given
    return Corrections(made=(Corrected(what="author", was=given),)) if given else UNCORRECTED


def assemble(
    raw: RawThread, *, id: str, title: str, source: Source,
    histories: Mapping[str, History] = MappingProxyType({}), corrections: Mapping[str, Corrections] = MappingProxyType({}),
) -> Thread:  # fmt: skip
    """Return the thread in reading order, depth first; the site gives ``id`` and ``title``.

    ``histories`` and ``corrections`` are those of posts by their keys, if a thread is assembled again.
    Siblings are ordered by time if all of them have one, else as in the dump.
    """
    problems = list(raw.problems)
    posts = _unrepeated(raw.posts, problems)
    _supply_missing(posts, problems)
    _break_rings(posts, problems)
    _one_root(posts, problems)
    order, depths = _one_below_the_other(posts) if raw.flat else _walk(posts)
    ids = post_ids([posts[key] for key in order])
    named = dict(zip(order, ids, strict=True))
    return Thread(
        id=id,
        title=title,
        native_id=raw.native_id,
        url=raw.url,
        source=source,
        tags=raw.tags,
        flat=raw.flat,
        posts=tuple(
            Post(
                id=named[key],
                parent=named[parent] if (parent := posts[key].parent) is not None else None,
                depth=depths[key],
                raw=posts[key],
                history=histories.get(key, NO_HISTORY),
                corrections=corrections.get(key) or _renamed(posts[key]),
            )
            for key in order
        ),
        problems=tuple(
            msgspec.structs.replace(p, post=named.get(p.post, p.post) if p.post else None) for p in problems
        ),
    )


def _unrepeated(raw: Sequence[RawPost], problems: list[Problem]) -> dict[str, RawPost]:
    posts: dict[str, RawPost] = {}
    counts: dict[str, int] = {}
    for post in raw:
        key = post.key
        if key in posts:
            if msgspec.structs.replace(post, line=None) == msgspec.structs.replace(posts[key], line=None):
                problems.append(
                    Problem(
                        code="repeated-post",
                        message=f"the dump contains {key} twice, word for word; it is shown once",
                        post=key,
                        line=post.line,
                    )
                )
                continue
            count = counts.get(key, 2)
            while f"{key}#{count}" in posts:
                count += 1
            # Lower numbers are taken and not tried again.
            counts[key] = count
            key = f"{key}#{count}"
            problems.append(
                Problem(
                    code="repeated-id",
                    message=f"two different posts have the id {post.key}; both are kept",
                    post=key,
                    line=post.line,
                )
            )
            post = msgspec.structs.replace(post, key=key)
        posts[key] = post
    return posts


def _supply_missing(posts: dict[str, RawPost], problems: list[Problem]) -> None:
    absent: dict[str, RawPost] = {}
    for post in posts.values():
        if post.parent is not None and post.parent not in posts:
            absent.setdefault(post.parent, post)
    roots = [key for key, post in posts.items() if post.parent is None]
    opening = roots[0] if len(roots) == 1 else None
    for key, child in absent.items():
        posts[key] = RawPost(key=key, native_id=key, parent=opening, kind="missing", line=child.line)
        problems.append(
            Problem(
                code="missing-post",
                message=f"{key} has replies but is missing from the dump",
                post=key,
                line=child.line,
            )
        )


def _break_rings(posts: dict[str, RawPost], problems: list[Problem]) -> None:
    settled: set[str] = set()
    places = {key: n for n, key in enumerate(posts)}
    for start in places:
        path: dict[str, None] = {}
        key: str | None = start
        while key is not None and key not in settled and key not in path:
            path[key] = None
            key = posts[key].parent
        if key is not None and key in path:
            passed = list(path)
            ring = passed[passed.index(key) :]
            first = min(ring, key=lambda k: (posts[k].time or "~", places[k]))
            problems.append(
                Problem(
                    code="ring",
                    message=f"{' → '.join([*ring, key])} form a loop of replies; {first} is placed first",
                    post=first,
                    line=posts[first].line,
                )
            )
            posts[first] = msgspec.structs.replace(posts[first], parent=None)
        settled.update(path)


def _one_root(posts: dict[str, RawPost], problems: list[Problem]) -> None:
    roots = [key for key, post in posts.items() if post.parent is None]
    if len(roots) < 2:
        return
    key = OPENING
    while key in posts:
        key += "'"
    for root in roots:
        posts[root] = msgspec.structs.replace(posts[root], parent=key)
    posts[key] = RawPost(key=key, kind="missing")
    problems.append(
        Problem(
            code="missing-opening",
            message=f"{len(roots)} posts reply to an opening post that is missing from the dump",
            post=key,
        )
    )


def _walk(posts: dict[str, RawPost]) -> tuple[list[str], dict[str, int]]:
    children: dict[str | None, list[str]] = {}
    for key, post in posts.items():
        children.setdefault(post.parent, []).append(key)
    times = _times(posts, children)
    for siblings in children.values():
        if len(siblings) > 1 and all(times.get(key) for key in siblings):
            siblings.sort(key=lambda key: (times[key], key))
    order: list[str] = []
    depths: dict[str, int] = {}
    stack = [(key, 0) for key in reversed(children.get(None, []))]
    while stack:
        key, depth = stack.pop()
        order.append(key)
        depths[key] = depth
        stack.extend((child, depth + 1) for child in reversed(children.get(key, [])))
    return order, depths


def _one_below_the_other(posts: dict[str, RawPost]) -> tuple[list[str], dict[str, int]]:
    """Return the posts as their source shows them; a missing one precedes its first answer.

    A post does not answer a later one: it answers the first then.
    """
    children: dict[str | None, list[str]] = {}
    for key, post in posts.items():
        children.setdefault(post.parent, []).append(key)
    (root,) = children[None]
    places = {key: (n, 1) for n, key in enumerate(posts)}
    for key, post in posts.items():
        if post.kind == "missing" and key in children:
            places[key] = (min(places[key][0], *(places[each][0] for each in children[key])), 0)
    times = _times(posts, children)
    timed = all(times.get(key) for key in posts if key != root)
    rest = sorted(
        (key for key in posts if key != root), key=lambda key: (times[key] if timed else "", places[key], key)
    )
    order = [root, *rest]
    at = {key: n for n, key in enumerate(order)}
    for key in rest:
        if at[posts[key].parent or root] > at[key]:
            posts[key] = msgspec.structs.replace(posts[key], parent=root, parent_by="source")
    return order, {key: int(key != root) for key in order}


def _times(posts: dict[str, RawPost], children: dict[str | None, list[str]]) -> dict[str, str]:
    """Return when each post was written, as a sortable time; a missing post has the time of its first reply."""
    times = {key: sortable_time(post.time) for key, post in posts.items() if post.time}
    for key, post in posts.items():
        if post.kind == "missing" and key not in times:
            known = [times[child] for child in children.get(key, []) if child in times]
            if known:
                times[key] = min(known)
    return times
