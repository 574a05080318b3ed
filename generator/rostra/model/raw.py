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
    """Who wrote a post, as the source names them.

    A ``namesake`` has another id than the first person of this name in the dump.  ``given`` is the name in the dump, if
    the card says what the person is called.
    """

    name: str
    id: str | None = None
    url: str | None = None
    namesake: bool = False
    given: str | None = None

    @property
    def label(self) -> str:
        """The name that tells people apart: a namesake's with the id."""
        return f"{self.name} ({self.id})" if self.namesake and self.id else self.name


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


class Reaction(Struct, frozen=True, kw_only=True):
    """An emoji, or the name of one that has no sign, with which ``count`` people reacted to a post."""

    sign: str
    count: Whole


class RawPost(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post as a reader found it.

    ``key`` is unique in the dump (the native id where there is one); ``parent`` is the key of the post it answers,
    which need not exist; ``parent_by`` says how it is known.  A reader leaves ``parent`` None for an opening post only.  ``created`` is RFC 3339;
    ``created_local`` is date and time without a zone (``2005-03-01T12:27:43``), where the dump names none, and
    ``created`` is then None; ``created_text`` is the time as the dump wrote it, where ``created`` is None.  ``hidden`` counts the posts that
    a ``missing`` one stands for.  ``language`` is a BCP 47 tag, where the source gives the post one.  ``id`` is the
    lasting id that the post already has, where the dump is Rostra's own.
    ``copies`` counts others of its id in the dump that say the same and are left out.
    ``declared`` is what the source says of its answers.  ``private`` says what it was where the source did not show it to everyone ("a direct message").  ``headers`` are those
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
    reactions: tuple[Reaction, ...] = ()
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
    copies: Whole = 0
    declared: Declared | None = None
    private: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def time(self) -> str | None:
        """The time by which the post is sorted and shown: with its zone where that is known, else without."""
        return self.created or self.created_local


class Join(Struct, frozen=True, array_like=True):
    """The post that another answers, by its key, where more than the post itself says so; ``by`` is what says it."""

    parent: str
    by: ParentBy


class RawThread(Struct, frozen=True, kw_only=True):
    """A debate as a reader found it; ``posts`` in the order of the dump, which may be any.

    ``flat``: the source shows the posts one below the other, in this order, whatever answers what.
    ``place`` is what people call the site that the text was copied from, where the copy gives it away.
    """

    posts: tuple[RawPost, ...]
    native_id: str | None = None
    title: str | None = None
    url: str | None = None
    place: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    flat: bool = False
