"""The search documents of a thread: each post's own words, with what a result shows."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from rostra.model import Author, Edited, Edition


class Searched(Struct, frozen=True, array_like=True):
    """A searched post: ``at`` is its position in the thread, from 1; ``title`` weighs more than ``text``; one may be empty."""

    post: str
    at: int
    text: str
    title: str
    author: Author | None
    created: str | None
    created_text: str | None


class _Debate(Struct, array_like=True):
    title: str
    posts: tuple[msgspec.Raw, ...]


def searched(edition: Edition) -> bytes:
    """Return the encoded search documents of an edition; a post without own words has none."""
    posts = list[Searched]()
    for at, each in enumerate(edition.posts, 1):
        raw = each.post.raw
        text, title = own_words(each), edition.thread.title if at == 1 else raw.title or ""
        if raw.kind == "post" and (text or title):
            posts.append(Searched(each.post.id, at, text, title, raw.author, raw.time, raw.created_text))
    return msgspec.msgpack.encode((edition.thread.title, posts))


def decode_documents(blob: bytes, first: int = 0, step: int = 1) -> tuple[str, list[Searched]]:
    """Return a thread's title and its search documents: every ``step``-th one, from ``first`` on."""
    debate = _decode(blob)
    return debate.title, [_post(each) for each in debate.posts[first::step]]


def own_words(each: Edited) -> str:
    """Return a post's own words: without quotations, attribution lines and signature; with its notes."""
    text = each.body.text
    others = [(quote.start, quote.end) for quote in each.quotes if quote.source or quote.kind == "block"]
    others += [
        (block.start, block.end)
        for block in each.body.blocks
        if block.depth or block.kind in ("attribution", "signature")
    ]
    own, at = list[str](), 0
    for start, end in sorted(others):
        if start > at:
            own.append(text[at:start])
        at = max(at, end)
    own.append(text[at:])
    own += [note.text for note in each.body.notes]
    return " ".join(" ".join(own).split())


_decode = msgspec.msgpack.Decoder(_Debate).decode
_post = msgspec.msgpack.Decoder(Searched).decode
