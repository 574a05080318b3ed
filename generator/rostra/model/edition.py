"""A thread with its bodies rendered, its notes linked, its quotations resolved."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import Damaged
from rostra.model.media import Shown
from rostra.model.raw import Problem
from rostra.model.thread import Post, Thread

FORMAL = frozenset({"attribution", "signature", "furniture"})
"""The kinds of blocks that programs write rather than people."""


class Mark(Struct, frozen=True, kw_only=True):
    """What the source's markup says about a quotation: the quoted author, post and thread, by their native ids."""

    author: str | None = None
    post: str | None = None
    thread: str | None = None
    url: str | None = None


class Block(Struct, frozen=True, array_like=True):
    """A paragraph, list item, heading, cell or code block: ``text[start:end]``.

    ``depth`` counts the quotations that contain it (0: the author's own words); ``mark`` is the markup of the innermost
    one.  ``first`` and ``last`` are the indexes in ``Body.tags`` of the tags that open and close it.
    Programs write ``furniture``: footers of lists, armour of PGP, notes about attachments, previews of linked pages.
    """

    start: int
    end: int
    kind: Literal["paragraph", "item", "heading", "cell", "code", "attribution", "signature", "furniture"]
    depth: int
    mark: Mark | None
    first: int
    last: int


class Note(Struct, frozen=True, kw_only=True):
    """A footnote.  ``marker`` is the offset where it is called, None if nothing calls it.

    ``place`` is the offset where its definition was typed, None if that was not in this text.  ``heading`` is the line
    that was typed above it ("References:"), if only notes were below that line.
    """

    label: str
    text: str
    html: str
    marker: int | None
    place: int | None = None
    heading: str | None = None


class Body(Struct, frozen=True, kw_only=True):
    """A rendered body as stand-off markup.

    ``text`` is the visible text, blocks separated by one blank line.  ``tags`` are safe HTML tags, each at an offset in
    ``text``, in document order; ``markup.weave`` combines the two to HTML.
    """

    text: str = ""
    tags: tuple[tuple[int, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()


class Passage(Struct, frozen=True, kw_only=True):
    """The source of a quotation: ``spans`` of the source post's text, one for each run.

    Only if the source is in another debate, ``who`` is its author, ``title`` that debate's title, and ``notes`` are the
    labels of the footnotes that are called in the spans, each with its number in the post.
    """

    thread: str
    post: str
    spans: tuple[tuple[int, int], ...]
    text: str
    who: str | None = None
    title: str | None = None
    notes: tuple[tuple[str, int], ...] = ()


class Quote(Struct, frozen=True, kw_only=True):
    """A passage of a post that quotes another.

    ``start`` and ``end`` are offsets in the quoting post's text.  ``source`` is None if a passage is marked as a
    quotation and no source is known.  ``score`` (0 to 1) is the share of it that the source covers; ``tier`` and
    ``reason`` say how the source was found.
    """

    start: int
    end: int
    kind: Literal["block", "inline"]
    source: Passage | None
    score: float | None
    tier: str
    reason: str


class BackQuote(Struct, frozen=True, kw_only=True):
    """The link back from a source: quotation number ``quote`` of that post quotes ``text[start:end]``; the rest as in ``Passage``."""

    thread: str
    post: str
    quote: int
    start: int
    end: int
    who: str | None = None
    title: str | None = None


class Reference(Struct, frozen=True, kw_only=True):
    """A link in a body whose target is in this archive: a post, or a whole debate if ``post`` is None.

    ``tag`` is the index in ``Body.tags`` of the link; ``url`` the address that the poster gave.
    """

    tag: int
    url: str
    thread: str
    post: str | None


class Edited(Struct, frozen=True, kw_only=True):
    """A post with its body, quotations and notes."""

    post: Post
    body: Body
    quotes: tuple[Quote, ...] = ()
    quoted_by: tuple[BackQuote, ...] = ()


class LinkedPost(Edited, frozen=True, kw_only=True):
    """The same with its ``references`` to posts and debates of the archive, and its files (``media``)."""

    references: tuple[Reference, ...]
    media: Shown = Shown()


class Kept(Struct, frozen=True, kw_only=True):
    """The address of a post that a thread no longer has: where the post is now, or None if it is gone."""

    post: str
    thread: str | None = None
    to: str | None = None


class Gone(Struct, frozen=True, kw_only=True):
    """A debate that is no longer published; ``reason`` is the publisher's reason for withdrawing it.

    ``unsure``: it is missing because its dump could not be read.
    """

    id: str
    kept: tuple[Kept, ...]
    reason: str | None = None
    unsure: bool = False


class Edition(Struct, frozen=True, kw_only=True):
    """A thread with its bodies, quotations and notes; ``posts`` are parallel to ``thread.posts``."""

    thread: Thread
    posts: tuple[Edited, ...]
    problems: tuple[Problem, ...] = ()


class LinkedEdition(Edition, frozen=True, kw_only=True):
    """An edition with its cross-references: what pages are made of; ``kept`` are the posts that left the thread."""

    posts: tuple[LinkedPost, ...]
    kept: tuple[Kept, ...]


def encode_edition(edition: Edition) -> bytes:
    """Return an edition as bytes, for the store and other processes; its thread's posts are in it once."""
    return msgspec.msgpack.encode(replace(edition, thread=replace(edition.thread, posts=())))


def decode_edition(blob: bytes) -> Edition:
    """Return the edition; raise Damaged if these bytes are not an edition."""
    try:
        edition = _decode(blob)
    except msgspec.DecodeError as error:
        raise Damaged("an edition in the cache") from error
    return replace(edition, thread=replace(edition.thread, posts=tuple(each.post for each in edition.posts)))


_decode = msgspec.msgpack.Decoder(Edition).decode
