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
"""How a post's parent is known: from the source, from a card, or inferred from a subject, a quotation or names on a page."""

Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""An integer of 64 bits, which every program that reads the published data can represent."""


class Problem(Struct, frozen=True, kw_only=True, gc=False):
    """Something that is wrong with a dump or could not be resolved; it is shown on pages and in reports, and never raised.

    ``code`` is short, in lower case and never renamed (``"missing-parent"``); ``post`` is the key of a raw post, and the
    lasting id once posts have ids.
    """

    code: str
    message: str
    post: str | None = None
    line: Whole | None = None
    hint: str | None = None


class Author(Struct, frozen=True, kw_only=True, gc=False):
    """The author of a post, as the source names them.

    A ``namesake`` has another id than the first person of this name in the dump.  ``given`` is the name in the dump, if
    the card gives another name.
    """

    name: str
    id: str | None = None
    url: str | None = None
    namesake: bool = False
    given: str | None = None

    @property
    def label(self) -> str:
        """The name that distinguishes people: a namesake's includes the id."""
        return f"{self.name} ({self.id})" if self.namesake and self.id else self.name


class Attachment(Struct, frozen=True, kw_only=True, gc=False):
    """A file or picture that belongs to a post: published if its bytes are found, linked if it has an address.

    ``at`` says where the dump contains its bytes, as a path or in the reader's own form (``media/extract.py``);
    ``cid`` is the name by which the post's body refers to it (RFC 2392).  A build never downloads it.
    """

    name: str
    url: str | None = None
    media_type: str | None = None
    at: str | None = None
    cid: str | None = None


class Declared(Struct, frozen=True, kw_only=True, gc=False):
    """How many posts the source counts: ``answers`` are direct replies to this one, ``below`` are those at any depth below it."""

    answers: Whole | None = None
    below: Whole | None = None


class Reaction(Struct, frozen=True, kw_only=True, gc=False):
    """An emoji, or its name if Unicode does not have it, with which ``count`` people reacted to a post."""

    sign: str
    count: Whole


class RawPost(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A post as a reader found it.

    ``key`` is unique in the dump (the native id if there is one); ``parent`` is the key of the post that it answers,
    which need not exist; ``parent_by`` says how it is known.  A reader sets ``parent`` to None for an opening post only.
    ``created`` is RFC 3339; ``created_local`` is a date and time without a zone (``2005-03-01T12:27:43``), if the dump
    has no zone; ``created_text`` is the time as written.  With either of these ``created`` is None.  ``hidden`` counts
    the posts that a ``missing`` one represents.  ``language`` is a BCP 47 tag, if the source gives one.  ``id`` is the
    lasting id that the post already has in a dump of Rostra's own format.  ``copies`` counts other posts of the same id
    in the dump with the same text, which are left out.  ``declared`` is the number of replies that the source states.
    ``private`` is the kind of a post that the source did not show to everyone ("a direct message").  ``headers`` are
    those that a rule uses, by their names in lower case; they are removed once the rule was applied.
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
        """The time by which the post is sorted and shown: with its zone if that is known, otherwise without."""
        return self.created or self.created_local


class Join(Struct, frozen=True, array_like=True):
    """The key of the post that another answers, and how it is known (``by``), if not from the post itself."""

    parent: str
    by: ParentBy


class RawThread(Struct, frozen=True, kw_only=True):
    """A debate as a reader found it; ``posts`` in the order of the dump, which may be any.

    ``flat`` says that the source shows the posts in this order on one level, whichever post each answers.
    ``place`` is the host of the site that the text was copied from, or the name of its software, if the copy identifies it.
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
