"""A thread with its bodies rendered, its notes tied, its quotations resolved."""

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
    """What a source's own markup says of a quotation: whom, which post, which thread (all native)."""

    author: str | None = None
    post: str | None = None
    thread: str | None = None
    url: str | None = None


class Block(Struct, frozen=True, array_like=True):
    """A paragraph, list item, heading, cell or code block: ``text[start:end]``.

    ``depth`` counts the quotation marks it stands in (0: the poster's own words); ``mark`` is what the innermost of
    them says.  Mail programs and lists write ``furniture``: footers, armour of PGP, notes about attachments.  ``first`` and ``last`` are the indexes in ``Body.tags`` of the tags that open and close it.
    """

    start: int
    end: int
    kind: Literal["paragraph", "item", "heading", "cell", "code", "attribution", "signature", "furniture"]
    depth: int
    mark: Mark | None
    first: int
    last: int


class Note(Struct, frozen=True, kw_only=True):
    """A footnote.  ``marker`` is the offset where it is called, None where nothing calls it.

    ``place`` is the offset where its definition was typed, None where that was not in this text.  ``heading`` is the
    line that was typed above it ("References:"), if nothing but notes was below that.
    """

    label: str
    text: str
    html: str
    marker: int | None
    place: int | None = None
    heading: str | None = None


class Body(Struct, frozen=True, kw_only=True):
    """A rendered body as stand-off markup.

    ``text`` is what a reader reads, blocks separated by one blank line.  ``tags`` are safe HTML tags, each at an
    offset in ``text``, in document order; ``markup.weave`` makes HTML of the two.
    """

    text: str = ""
    tags: tuple[tuple[int, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()


class Passage(Struct, frozen=True, kw_only=True):
    """Where a quotation comes from: ``spans`` of the source post's text, one a run.

    ``who`` and ``title`` are told of another debate's post only: whose it is, and what that is called; so are
    ``notes``, the labels of the footnotes that are called in the spans, each with its number in the post.
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

    ``start`` and ``end`` are offsets in the quoting post's text.  ``source`` is None where a passage is set apart as a
    quotation but nothing accounts for it.  ``score`` (0 to 1) is how much of it the source accounts for; ``tier`` and
    ``reason`` say how it was decided.
    """

    start: int
    end: int
    kind: Literal["block", "inline"]
    source: Passage | None
    score: float | None
    tier: str
    reason: str


class BackQuote(Struct, frozen=True, kw_only=True):
    """The way back: the ``quote``-th quotation of that post is of ``text[start:end]``; the rest as in ``Passage``."""

    thread: str
    post: str
    quote: int
    start: int
    end: int
    who: str | None = None
    title: str | None = None


class Reference(Struct, frozen=True, kw_only=True):
    """A link in a body that leads to what this archive holds: to a debate as a whole where ``post`` is None.

    ``tag`` is the index in ``Body.tags`` of the link; ``url`` the address that the poster gave.
    """

    tag: int
    url: str
    thread: str
    post: str | None


class Edited(Struct, frozen=True, kw_only=True):
    """A post with its apparatus; ``media`` are its files, known once its pages are made."""

    post: Post
    body: Body
    quotes: tuple[Quote, ...] = ()
    quoted_by: tuple[BackQuote, ...] = ()


class LinkedPost(Edited, frozen=True, kw_only=True):
    """A post with its apparatus, its ``references`` to what the archive holds, and its files (``media``)."""

    references: tuple[Reference, ...]
    media: Shown = Shown()


class Kept(Struct, frozen=True, kw_only=True):
    """The address of a post that a thread no longer has: where the post is now, None where it is gone."""

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
    """A thread with its apparatus; ``posts`` parallel to ``thread.posts``."""

    thread: Thread
    posts: tuple[Edited, ...]
    problems: tuple[Problem, ...] = ()


class LinkedEdition(Edition, frozen=True, kw_only=True):
    """An edition with its cross-references: what pages are made of; ``kept`` are the posts that left the thread."""

    posts: tuple[LinkedPost, ...]
    kept: tuple[Kept, ...]


def encode_edition(edition: Edition) -> bytes:
    """An edition as it is kept and goes between processes: of its thread's posts nothing stands in it twice."""
    return msgspec.msgpack.encode(replace(edition, thread=replace(edition.thread, posts=())))


def decode_edition(blob: bytes) -> Edition:
    """The edition again; raises Damaged where these bytes are none."""
    try:
        edition = _decode(blob)
    except msgspec.DecodeError as error:
        raise Damaged("an edition in the cache") from error
    return replace(edition, thread=replace(edition.thread, posts=tuple(each.post for each in edition.posts)))


_decode = msgspec.msgpack.Decoder(Edition).decode
