"""One frozen type a stage; data flows from the top of this module to its end.

    RawThread   what a reader found in a dump
    Thread      its posts in reading order, each with its place and its lasting id
    Edition     the thread with its bodies rendered, its notes tied, its quotations resolved

Offsets are code points of ``Body.text``; times RFC 3339.  A stage that learns something makes the next type.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

PostKind = Literal["post", "missing", "deleted", "removed", "redacted"]

Dialect = Literal[
    "text", "markdown", "html", "mail", "reddit", "lemmy", "hackernews", "discourse", "forum", "github", "bbcode", "zulip",
    "slack", "wikitext",
]  # fmt: skip
"""How a body is written; ``markup`` has one file for each."""


class Problem(Struct, frozen=True, kw_only=True):
    """Something wrong with a dump, or that could not be resolved; shown, listed, never raised.

    ``code`` is short, lower case and lasting (``"missing-parent"``); ``post`` is a raw post's key until permalinks are
    given, then its lasting id.
    """

    code: str
    message: str
    post: str | None = None
    line: int | None = None
    hint: str | None = None


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote a post, as the source names them."""

    name: str
    id: str | None = None
    url: str | None = None


class Attachment(Struct, frozen=True, kw_only=True):
    """A file or picture that belongs to a post: listed, linked where it has an address, never fetched."""

    name: str
    url: str | None = None
    media_type: str | None = None


class Revision(Struct, frozen=True, kw_only=True):
    """What a post said before it was edited: ``source`` says in which dump that stands."""

    body: str
    dialect: Dialect
    source: str


class Restoration(Struct, frozen=True, kw_only=True):
    """What a card restores of a body's markup: around ``words``, or the footnote ``label`` after them."""

    kind: Literal["quotation", "spoiler", "list", "note", "no-note"]
    words: str
    label: str | None = None


class Corrected(Struct, frozen=True, kw_only=True):
    """What a card corrected of a post; ``was`` is what the dump says of it, or the label of a footnote."""

    what: Literal["author", "person", "parent", "created", "kind", "title", "quotation", "spoiler", "list", "note", "no-note"]  # fmt: skip
    was: str | None = None


class RawPost(Struct, frozen=True, kw_only=True):
    """A post as a reader found it.

    ``key`` is unique in the dump (the native id where there is one); ``parent`` is the key of the post it answers,
    which need not exist.  A reader leaves ``parent`` None for an opening post only.  ``hidden`` counts the posts that
    a ``missing`` one stands for.  ``language`` is a BCP 47 tag, where the source gives the post one.  ``id`` is the
    lasting id that the post already has, where the dump is Rostra's own.  ``revisions`` are its earlier wordings, the
    earliest first, and ``vanished`` the later dump that no longer holds it, where a debate was dumped more than once.
    ``corrected`` says what its publisher corrected, and ``restore`` what is still to be restored of its markup.
    """

    key: str
    id: str | None = None
    parent: str | None = None
    native_id: str | None = None
    kind: PostKind = "post"
    author: Author | None = None
    created: str | None = None
    created_text: str | None = None
    edited: str | None = None
    score: int | None = None
    line: int | None = None
    url: str | None = None
    title: str | None = None
    body: str = ""
    dialect: Dialect = "text"
    language: str | None = None
    stance: Literal["pro", "con"] | None = None
    note: str | None = None
    attachments: tuple[Attachment, ...] = ()
    hidden: int = 0
    revisions: tuple[Revision, ...] = ()
    vanished: str | None = None
    corrected: tuple[Corrected, ...] = ()
    restore: tuple[Restoration, ...] = ()


class RawThread(Struct, frozen=True, kw_only=True):
    """A debate as a reader found it; ``posts`` in the order of the dump, which may be any."""

    posts: tuple[RawPost, ...]
    native_id: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """Where a thread's text came from: the dump's path in the site, the reader's name, its SHA-256.

    ``published`` is where the untouched dump stands in the output folder, None where it does not.
    """

    path: str
    format: str
    sha256: str
    captured: str | None = None
    published: str | None = None


class Post(Struct, frozen=True, kw_only=True):
    """A post in its place: ``id`` lasts, ``parent`` is another post's id, ``raw`` is what was read."""

    id: str
    parent: str | None
    depth: int
    raw: RawPost


class Thread(Struct, frozen=True, kw_only=True):
    """A debate in reading order (depth first); ``others`` are its earlier dumps, where it was dumped more than once."""

    id: str
    title: str
    native_id: str | None
    url: str | None
    source: Source
    posts: tuple[Post, ...]
    problems: tuple[Problem, ...] = ()
    licence: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    others: tuple[Source, ...] = ()


class Mark(Struct, frozen=True, kw_only=True):
    """What a source's own markup says of a quotation: whom, which post, which thread (all native)."""

    author: str | None = None
    post: str | None = None
    thread: str | None = None
    url: str | None = None


class Block(Struct, frozen=True, array_like=True):
    """A paragraph, list item, heading, cell or code block: ``text[start:end]``.

    ``depth`` counts the quotation marks it stands in (0: the poster's own words); ``mark`` is what the innermost of
    them says.  ``first`` and ``last`` are the indexes in ``Body.tags`` of the tags that open and close it.
    """

    start: int
    end: int
    kind: Literal["paragraph", "item", "heading", "cell", "code", "attribution", "signature"]
    depth: int
    mark: Mark | None
    first: int
    last: int


class Note(Struct, frozen=True, kw_only=True):
    """A footnote.  ``marker`` is the offset where it is called, None where nothing calls it."""

    label: str
    text: str
    html: str
    marker: int | None


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

    ``who`` and ``title`` are told of another debate's post only: whose it is, and what that is called.
    """

    thread: str
    post: str
    spans: tuple[tuple[int, int], ...]
    text: str
    who: str | None = None
    title: str | None = None


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
    """A link in a body that leads to what this archive holds.

    ``tag`` is the index in ``Body.tags`` of the link; ``url`` the address that the poster gave; ``post`` is None where
    it leads to a debate as a whole.
    """

    tag: int
    url: str
    thread: str
    post: str | None


class Edited(Struct, frozen=True, kw_only=True):
    """A post with its apparatus."""

    post: Post
    body: Body
    quotes: tuple[Quote, ...] = ()
    quoted_by: tuple[BackQuote, ...] = ()
    references: tuple[Reference, ...] = ()


class Kept(Struct, frozen=True, kw_only=True):
    """The address of a post that was published in a thread and has left it: where it stands, None where it is gone."""

    post: str
    thread: str | None = None
    to: str | None = None


class Gone(Struct, frozen=True, kw_only=True):
    """A debate that is published no more; ``reason`` is its publisher's, who withdrew it."""

    id: str
    kept: tuple[Kept, ...]
    reason: str | None = None


class Edition(Struct, frozen=True, kw_only=True):
    """A thread with its apparatus; ``posts`` parallel to ``thread.posts``."""

    thread: Thread
    posts: tuple[Edited, ...]
    problems: tuple[Problem, ...] = ()
    kept: tuple[Kept, ...] = ()
