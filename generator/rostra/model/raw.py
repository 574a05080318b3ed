"""What a reader found in a dump."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

PostKind = Literal["post", "missing", "deleted", "removed", "redacted"]

Dialect = Literal[
    "text", "markdown", "html", "mail", "reddit", "lemmy", "hackernews", "discourse", "forum", "github", "bbcode", "zulip",
    "slack", "wikitext", "discord",
]  # fmt: skip  # how a body is written; `markup` has one file for each


ParentBy = Literal["source", "subject", "quotation", "page", "card"]
"""How a post's parent is known: the source says it, or it is inferred from a subject, a quotation or names on a page; or a card says it."""

Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A number that every program that reads what is published can hold."""


class Problem(Struct, frozen=True, kw_only=True):
    """Something wrong with a dump, or that could not be resolved; shown, listed, never raised.

    ``code`` is short, lower case and lasting (``"missing-parent"``); ``post`` is a raw post's key until permalinks are
    given, then its lasting id.
    """

    code: str
    message: str
    post: str | None = None
    line: Whole | None = None
    hint: str | None = None


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote a post, as the source names them."""

    name: str
    id: str | None = None
    url: str | None = None


class Attachment(Struct, frozen=True, kw_only=True):
    """A file or picture that belongs to a post: published where its bytes are found, linked where it has an address.

    ``at`` says where the dump holds its bytes, in words of the reader (``readers.Reader.open_file``) or as a path;
    ``cid`` is the name by which the post's body shows it (RFC 2392).  A build never fetches it.
    """

    name: str
    url: str | None = None
    media_type: str | None = None
    at: str | None = None
    cid: str | None = None


class Declared(Struct, frozen=True, kw_only=True):
    """How many posts the source says there are: ``answers`` that answer this one, ``below`` it at any depth."""

    answers: Whole | None = None
    below: Whole | None = None


class Revision(Struct, frozen=True, kw_only=True):
    """What a post said before it was edited: ``source`` says in which dump that stands."""

    body: str
    dialect: Dialect
    source: str


class Restoration(Struct, frozen=True, kw_only=True):
    """What a card restores of a body's markup: around ``words``, or the footnote ``label`` after them.

    ``text`` is the paragraph that is the note, where the dump holds it as an ordinary one.
    """

    kind: Literal["quotation", "spoiler", "list", "note", "no-note"]
    words: str
    label: str | None = None
    text: str | None = None


class Corrected(Struct, frozen=True, kw_only=True):
    """What a card corrected of a post or debate; ``was`` is what the dump says of it, or the label of a footnote."""

    what: Literal[
        "author", "person", "parent", "created", "kind", "title", "language", "remark", "quotation", "spoiler", "list", "note", "no-note",
        "set", "confirmed", "forbidden",
    ]  # fmt: skip
    was: str | None = None


class Former(Struct, frozen=True, array_like=True):
    """A post as an earlier version of Rostra read it: its debate, its id, and a digest of who wrote it when."""

    debate: str
    post: str
    moment: str


class RawPost(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post as a reader found it.

    ``key`` is unique in the dump (the native id where there is one); ``parent`` is the key of the post it answers,
    which need not exist; ``parent_by`` says how it is known.  A reader leaves ``parent`` None for an opening post only.  ``created`` is RFC 3339;
    ``created_local`` is date and time without a zone (``2005-03-01T12:27:43``), where the dump names none, and
    ``created`` is then None; ``created_text`` is the time as the dump wrote it, where ``created`` is None.  ``hidden`` counts the posts that
    a ``missing`` one stands for.  ``language`` is a BCP 47 tag, where the source gives the post one.  ``id`` is the
    lasting id that the post already has, where the dump is Rostra's own.  ``revisions`` are its earlier wordings, the
    earliest first, and ``vanished`` the later dump that no longer holds it, where a debate was dumped more than once.
    ``corrected`` says what its publisher corrected, and ``restore`` what is still to be restored of its markup.
    ``copies`` counts others of its id in the dump that say the same and are left out.
    ``readings`` are digests of what an earlier version of Rostra read in its place, ``holds`` the posts of an
    earlier version of which it holds words.  ``declared`` is what the source says
    of its answers.  ``private`` says what it was where the source did not show it to everyone ("a direct message").  ``headers`` are those
    that a rule asks for, by their names in lower case; they are gone once it was asked.
    """

    key: str
    id: str | None = None
    parent: str | None = None
    parent_by: ParentBy = "source"
    native_id: str | None = None
    kind: PostKind = "post"
    author: Author | None = None
    created: str | None = None
    created_local: str | None = None
    created_text: str | None = None
    edited: str | None = None
    score: Whole | None = None
    line: Whole | None = None
    url: str | None = None
    title: str | None = None
    body: str = ""
    dialect: Dialect = "text"
    language: str | None = None
    stance: Literal["pro", "con"] | None = None
    note: str | None = None
    attachments: tuple[Attachment, ...] = ()
    hidden: Whole = 0
    revisions: tuple[Revision, ...] = ()
    vanished: str | None = None
    corrected: tuple[Corrected, ...] = ()
    restore: tuple[Restoration, ...] = ()
    copies: Whole = 0
    readings: tuple[str, ...] = ()
    holds: tuple[Former, ...] = ()
    declared: Declared | None = None
    private: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def time(self) -> str | None:
        """The time by which the post is sorted and shown: with its zone where that is known, else without."""
        return self.created or self.created_local


class RawThread(Struct, frozen=True, kw_only=True):
    """A debate as a reader found it; ``posts`` in the order of the dump, which may be any."""

    posts: tuple[RawPost, ...]
    native_id: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
