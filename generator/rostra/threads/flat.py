"""Find which post another answers in a flat debate, whose source shows no replies: by quotations and mentions.

The order of the source is kept.  A post answers the first post unless it quotes another's words, or begins with a name
after ``@``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from rostra.markup import render
from rostra.model import Join, RawPost, RawThread
from rostra.system.lazy_regex import late
from rostra.threads.evidence import CLOCK
from rostra.threads.infer_parents import inferred
from rostra.threads.letters import Letter, letter

MENTION = late(r"\W{0,3}@(\S[^\n]{0,80})")
"""A name at the beginning of a post."""
QUOTES = ("quote", "wrote", ">", "[q")
"""What the body of a post contains in some form if it quotes."""
LONGEST = 4
"""The most words of a name."""


def answering(thread: RawThread) -> RawThread:
    """Return the thread with posts that answer what they quote, or the person whom they name first."""
    opening = next((post.key for post in thread.posts if post.parent is None), None)
    open = {post.key for post in thread.posts if post.parent == opening != post.key and post.kind == "post"}
    joins = {**_by_mention(thread, open), **_by_quotation(thread, open)}
    posts = (
        replace(post, parent=joins[post.key].parent, parent_by=joins[post.key].by)
        if post.key in joins and post.key in open
        else post
        for post in thread.posts
    )
    return replace(thread, posts=tuple(posts)) if joins else thread


def _by_quotation(thread: RawThread, open: set[str]) -> dict[str, Join]:
    quoting = {post.key for post in thread.posts if post.key in open and _may_quote(post)}
    if not quoting:
        return {}
    # The position of a post is used as its time.
    found = [_letter(post, n) for n, post in enumerate(thread.posts)]
    return inferred(found, {key: key for key in sorted(quoting)}, skew=0)


def _letter(post: RawPost, place: int) -> Letter:
    known = letter(replace(post, title=None), None)
    quoted = tuple(replace(run, named=CLOCK.sub("", run.named)) for run in known.quoted)
    return replace(known, native=post.key, time=place, quoted=quoted)


def _may_quote(post: RawPost) -> bool:
    body = post.body.casefold()
    return any(sign in body for sign in QUOTES)


def _by_mention(thread: RawThread, open: set[str]) -> dict[str, Join]:
    """Return for each post the latest earlier post by the person whom it names first."""
    latest: dict[str, str] = {}
    joins: dict[str, Join] = {}
    for post in thread.posts:
        if post.key in open and "@" in post.body and (key := _mentioned(post, latest)):
            joins[post.key] = Join(key, "page")
        if post.author:
            latest[_folded(post.author.name)] = post.key
    return joins


def _mentioned(post: RawPost, latest: Mapping[str, str]) -> str | None:
    found = MENTION.match(_own(post))
    return next((latest[name] for name in _names(found[1]) if name in latest), None) if found else None


def _names(text: str) -> Iterator[str]:
    """Yield what may be the name at the beginning of a text, the longest first."""
    words = text.split()[:LONGEST]
    for count in range(len(words), 0, -1):
        yield _folded("".join(words[:count]))


def _own(post: RawPost) -> str:
    """Return the first words that a post's author wrote."""
    body = render(post.body, post.dialect)
    return next((body.text[each.start : each.end] for each in body.blocks if not each.depth), "")


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
