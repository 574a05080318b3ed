"""Make the edition of a thread: bodies rendered, notes linked, quotations resolved in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from rostra.config.cards import Decision
from rostra.editorial.markup_repairs import restored
from rostra.markup import render
from rostra.markup.gathered_notes import gathered, why_not_gathered
from rostra.model import BackQuote, Body, Corrected, Edited, Edition, Post, Problem, Thread
from rostra.privacy.email_addresses import EmailAddresses, lacks_addresses, spells_addresses
from rostra.privacy.masking import Mask
from rostra.quotations import decided, resolve
from rostra.readers import holds_addresses
from rostra.readers.guards.words_shown import unrendered
from rostra.system.attempts import Failed, attempt

COPIED = {"text", "handwritten", "html"}
"""Formats of whole pages, copied or saved."""
Rendered = Mapping[tuple[str, str], Body]
"""Rendered bodies by their source text and dialect."""


def rendered(edition: Edition) -> Rendered:
    """Return the unchanged rendered bodies of an edition that was made without a publisher's masks."""
    if edition.thread.source.format in COPIED:
        return {}  # a body may contain text from another post
    whole = (each for each in edition.posts if not each.post.corrections.restore and not lacks_addresses(each.body))
    return {(each.post.raw.body, each.post.raw.dialect): each.body for each in whole}


def edit(
    thread: Thread,
    *,
    addresses: bool = True,
    decisions: Sequence[Decision] = (),
    masks: Sequence[Mask] = (),
    known: Rendered = MappingProxyType({}),
) -> Edition:
    """Return the edition of a thread; a pure function of its arguments.

    ``decisions`` are a card's decisions about quotations, ``masks`` replace what must not be published, before anything
    else is derived from it.  ``known`` bodies are not rendered again.

    Without ``addresses``, the part of e-mail addresses after the at sign is left out.
    """
    bodies = tuple(
        known.get((post.raw.body, post.raw.dialect)) or render(post.raw.body, post.raw.dialect) for post in thread.posts
    )
    lost = tuple(_lost(thread, bodies))
    if thread.source.format in COPIED:
        bodies = gathered(bodies)
    thread, bodies, inapplicable = _restored(thread, bodies)
    if not addresses:
        masks = (*masks, EmailAddresses(mail=bool(holds_addresses(thread.source.format)) or spells_addresses(bodies)))
    for mask in masks:
        thread, bodies = mask.masked(thread, bodies)
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
        Problem(
            code="unused-note",
            message=f"there is no reference to footnote {note.label}",
            post=post.id,
            line=post.raw.line,
        )
        for post, body in zip(thread.posts, bodies, strict=True)
        for note in body.notes
        if note.marker is None
    )
    problems = thread.problems + lost + dangling + unused + inapplicable
    for mask in masks:
        problems = mask.problems(problems)
    return Edition(
        thread=thread,
        posts=tuple(
            Edited(post=post, body=body, quotes=found, quoted_by=tuple(back.get(post.id, ())))
            for post, body, found in zip(thread.posts, bodies, quotes, strict=True)
        ),
        problems=problems,
    )


def not_gathered(edition: Edition) -> str | None:
    """Return why what looks like notes at the end of a page is not moved to the posts above; None if there are none."""
    if edition.thread.source.format not in COPIED:
        return None
    return why_not_gathered([render(each.post.raw.body, each.post.raw.dialect) for each in edition.posts])


def _lost(thread: Thread, bodies: Sequence[Body]) -> Iterator[Problem]:
    """Yield a problem for each post whose words are not all displayed, before anything is hidden."""
    told = {problem.post for problem in thread.problems if problem.code == "empty-post"}
    for post, body in zip(thread.posts, bodies, strict=True):
        problem = unrendered(
            post.raw, (body.text, *(words for note in body.notes for words in (note.heading, note.text) if words))
        )
        if problem and post.id not in told:
            yield replace(problem, post=post.id)


def culprit(thread: Thread) -> int | None:
    """Return the line of the post of a thread that cannot be rendered; that of the first post if all can."""
    lost = (post for post in thread.posts if isinstance(attempt("", render, post.raw.body, post.raw.dialect), Failed))
    return next((post.raw.line for post in (*lost, *thread.posts) if post.raw.line), None)


def _corrected(post: Post, more: tuple[Corrected, ...]) -> Post:
    return replace(post, corrections=replace(post.corrections, made=(*post.corrections.made, *more))) if more else post


def _restored(thread: Thread, bodies: tuple[Body, ...]) -> tuple[Thread, tuple[Body, ...], tuple[Problem, ...]]:
    """Apply a card's markup repairs to bodies, and record them on their posts."""
    if not any(post.corrections.restore for post in thread.posts):
        return thread, bodies, ()
    posts, out, problems = list(thread.posts), list(bodies), list[Problem]()
    for n, post in enumerate(posts):
        out[n], done, wrong = restored(post, out[n])
        problems += wrong
        posts[n] = _corrected(post, done)
    return replace(thread, posts=tuple(posts)), tuple(out), tuple(problems)
