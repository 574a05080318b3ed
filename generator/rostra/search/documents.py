"""The search documents of a thread: each post's own words, what it quotes, and what a result shows of it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from rostra.model import FORMAL, Author, Edited, Edition
from rostra.search.tokens import code_words, joined_words
from rostra.system.web_address import host, page_address


class Searched(Struct, frozen=True, array_like=True):
    """A searched post: ``at`` is its position in the thread, from 1; ``title`` weighs more than ``text``.

    ``text`` are its own words, ``quoted`` those of others in it.  One of the three may be empty, not all.  ``code`` are
    the words of the text that signs set apart and those that hyphens join, found once, as a shard is written more often than
    a thread changes.
    """

    post: str
    at: int
    text: str
    quoted: str
    title: str
    author: Author | None
    created: str | None
    created_text: str | None
    code: str


class SearchedThread(Struct, frozen=True, array_like=True):
    """The search documents of a thread; ``place`` is the host of its address or the site it was copied from, else empty."""

    id: str
    title: str
    place: str
    format: str
    posts: tuple[Searched, ...]


SOFT = str.maketrans("", "", "\u00ad")
"""Soft hyphens, which only say where a word may be broken."""


def searched(edition: Edition) -> bytes:
    """Return the encoded search documents of an edition; a post without words has none."""
    posts = list[Searched]()
    thread = edition.thread
    for at, each in enumerate(edition.posts, 1):
        raw = each.post.raw
        text, quoted = own_words(each), quoted_words(each)
        title = (thread.title if at == 1 else raw.title or "").translate(SOFT)
        if raw.kind == "post" and (text or quoted or title):
            shown = (raw.author, raw.time, raw.created_text)
            code = f"{code_words(text)} {joined_words(text)}".strip()
            posts.append(Searched(each.post.id, at, text, quoted, title, *shown, code))
    place = host(page_address(thread.url)) or thread.source.place or ""
    return msgspec.msgpack.encode(
        SearchedThread(thread.id, thread.title.translate(SOFT), place, thread.source.format, tuple(posts))
    )


decode_documents = msgspec.msgpack.Decoder(SearchedThread).decode
"""Return the search documents of a thread from their encoded form."""


def own_words(each: Edited) -> str:
    """Return a post's own words: without quotations, attribution lines and signature; with its notes."""
    text = each.body.text
    others = _quotations(each) + [(block.start, block.end) for block in each.body.blocks if block.kind in FORMAL]
    own, at = list[str](), 0
    for start, end in sorted(others):
        if start > at:
            own.append(text[at:start])
        at = max(at, end)
    own.append(text[at:])
    own += [words for note in each.body.notes for words in (note.heading, note.text) if words]
    return " ".join(" ".join(own).translate(SOFT).split())


def quoted_words(each: Edited) -> str:
    """Return the words of others in a post, each passage once."""
    said, at = list[str](), 0
    for start, end in sorted(_quotations(each)):
        if end > at:
            said.append(each.body.text[max(start, at) : end])
            at = end
    return " ".join(" ".join(said).translate(SOFT).split())


def _quotations(each: Edited) -> list[tuple[int, int]]:
    """Return the ranges of a body that quote somebody."""
    quotes = [(quote.start, quote.end) for quote in each.quotes if quote.source or quote.kind == "block"]
    return quotes + [(block.start, block.end) for block in each.body.blocks if block.depth]
