"""A thread to its edition: bodies rendered, notes tied, quotations resolved both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from rostra.cards import Decision
from rostra.late import late
from rostra.markup import render
from rostra.model import BackQuote, Body, Corrected, Edited, Edition, Post, Problem, Thread
from rostra.quotations import decided, resolve
from rostra.restorations import restored

ADDRESS = late(r"([\w.+=-]{1,64})(?:@|\s(?:at|AT)\s|\s?\(at\)\s?)(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b")

Veil = Callable[[Post, Body], Body]
"""What changes a body before it is published: redaction, pseudonyms."""


Rendered = Mapping[tuple[str, str], Body]
"""Bodies by what they were made of: what was written, and in which dialect."""


def rendered(edition: Edition) -> Rendered:
    """The bodies of an edition that was made without veils."""
    whole = (each for each in edition.posts if not each.post.raw.restore)
    return {(each.post.raw.body, each.post.raw.dialect): each.body for each in whole}


def edit(
    thread: Thread,
    *,
    addresses: bool = True,
    decisions: Sequence[Decision] = (),
    veils: Sequence[Veil] = (),
    known: Rendered = MappingProxyType({}),
) -> Edition:
    """The thread with its apparatus; a pure function of its arguments.

    ``decisions`` are what a card says of its quotations, ``veils`` change what is not published as it is.
    Bodies that are ``known`` are not rendered again.

    Without ``addresses``, what stands behind the at sign of an e-mail address is left out of bodies.
    """
    if not addresses:
        thread = replace(thread, posts=tuple(_without_addresses(post) for post in thread.posts))
    bodies = tuple(
        known.get((post.raw.body, post.raw.dialect)) or render(post.raw.body, post.raw.dialect) for post in thread.posts
    )
    thread, bodies, inapplicable = _restored(thread, bodies)
    if veils:
        thread = replace(thread, posts=tuple(_veiled(post, veils) for post in thread.posts))
    for veil in veils:
        bodies = tuple(veil(post, body) for post, body in zip(thread.posts, bodies, strict=True))
    quotes, done, unused = decided(thread, bodies, resolve(thread, bodies), decisions)
    if done:
        thread = replace(thread, posts=tuple(_corrected(post, done.get(post.id, ())) for post in thread.posts))
    back: dict[str, list[BackQuote]] = {}
    for post, found in zip(thread.posts, quotes, strict=True):
        for number, quote in enumerate(found, 1):
            if quote.source:
                ways = (
                    BackQuote(thread=thread.id, post=post.id, quote=number, start=start, end=end)
                    for start, end in quote.source.spans
                )
                back.setdefault(quote.source.post, []).extend(ways)
    dangling = tuple(
        Problem(code="unused-note", message=f"nothing calls footnote {note.label}", post=post.id, line=post.raw.line)
        for post, body in zip(thread.posts, bodies, strict=True)
        for note in body.notes
        if note.marker is None
    )
    return Edition(
        thread=thread,
        posts=tuple(
            Edited(post=post, body=body, quotes=found, quoted_by=tuple(back.get(post.id, ())))
            for post, body, found in zip(thread.posts, bodies, quotes, strict=True)
        ),
        problems=thread.problems + dangling + unused + inapplicable,
    )


def _veiled(post: Post, veils: Sequence[Veil]) -> Post:
    """The post with its earlier wordings as they may be published."""
    revisions = []
    for each in post.raw.revisions:
        body = was = render(each.body, each.dialect)
        for veil in veils:
            body = veil(post, body)
        revisions.append(each if body == was else replace(each, body=body.text, dialect="text"))
    return replace(post, raw=replace(post.raw, revisions=tuple(revisions))) if revisions else post


def _corrected(post: Post, more: tuple[Corrected, ...]) -> Post:
    return replace(post, raw=replace(post.raw, corrected=(*post.raw.corrected, *more))) if more else post


def _restored(thread: Thread, bodies: tuple[Body, ...]) -> tuple[Thread, tuple[Body, ...], tuple[Problem, ...]]:
    """What a card restores of bodies, noted on their posts."""
    if not any(post.raw.restore for post in thread.posts):
        return thread, bodies, ()
    posts, out, problems = list(thread.posts), list(bodies), list[Problem]()
    for n, post in enumerate(posts):
        out[n], done, wrong = restored(post, out[n])
        problems += wrong
        posts[n] = _corrected(post, done)
    return replace(thread, posts=tuple(posts)), tuple(out), tuple(problems)


def _without_addresses(post: Post) -> Post:
    raw = post.raw
    if raw.revisions:
        earlier = tuple(replace(each, body=ADDRESS.sub(r"\1@…", each.body)) for each in raw.revisions)
        raw = replace(raw, revisions=earlier)
    elif "@" not in raw.body and " at " not in raw.body and "(at)" not in raw.body:
        return post
    return replace(post, raw=replace(raw, body=ADDRESS.sub(r"\1@…", raw.body)))
