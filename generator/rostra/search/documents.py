"""What is searched of a debate: each post's own words, with what a result shows of it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from rostra.model import Author, Edited, Edition


class Searched(Struct, frozen=True, array_like=True):
    """A post that is searched: ``at`` is its place in the debate, from 1; ``title`` weighs more than ``text``, and may be all it has."""

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
    """What is searched of an edition, encoded; of a post that says nothing itself, nothing is."""
    posts = list[Searched]()
    for at, each in enumerate(edition.posts, 1):
        raw = each.post.raw
        text, title = own_words(each), edition.thread.title if at == 1 else raw.title or ""
        if raw.kind == "post" and (text or title):
            posts.append(Searched(each.post.id, at, text, title, raw.author, raw.created, raw.created_text))
    return msgspec.msgpack.encode((edition.thread.title, posts))


def decode_documents(blob: bytes, first: int = 0, step: int = 1) -> tuple[str, list[Searched]]:
    """A debate's title and what is searched of it: of every ``step``-th such post only, from the ``first`` on."""
    debate = _decode(blob)
    return debate.title, [_post(each) for each in debate.posts[first::step]]


def own_words(each: Edited) -> str:
    """What a post says itself: without what it quotes, the lines that say who wrote that, and its signature; with its notes."""
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
