"""What the stages after reading record of a post: its history in other dumps, and a card's corrections."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from rostra.model.raw import Dialect


class Revision(Struct, frozen=True, kw_only=True):
    """The text of a post before it was edited; ``source`` is the dump that has it."""

    body: str
    dialect: Dialect
    source: str


class Former(Struct, frozen=True, array_like=True):
    """A post as an earlier version of Rostra read it: its debate, its id, and a digest of who wrote it when."""

    debate: str
    post: str
    moment: str


class History(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What other dumps of a thread and earlier versions of Rostra add to a post; ``threads`` makes it.

    ``revisions`` are its earlier wordings, the earliest first, and ``vanished`` is the later dump that no longer has the
    post.  ``readings`` are digests of what an earlier version of Rostra read in its place, ``holds`` the posts of an
    earlier version whose words it contains.
    """

    revisions: tuple[Revision, ...] = ()
    vanished: str | None = None
    readings: tuple[str, ...] = ()
    holds: tuple[Former, ...] = ()


class Restoration(Struct, frozen=True, kw_only=True):
    """What a card restores of a body's markup: around ``words``, or the footnote ``label`` after them.

    ``text`` is the paragraph that is the note, if the dump has it as an ordinary paragraph.
    """

    kind: Literal["quotation", "spoiler", "list", "note", "no-note"]
    words: str
    label: str | None = None
    text: str | None = None


class Corrected(Struct, frozen=True, kw_only=True):
    """A correction of a post or debate by a card; ``was`` is the dump's value, or the label of a footnote."""

    what: Literal[
        "author", "person", "parent", "created", "kind", "title", "language", "remark", "quotation", "spoiler", "list", "note", "no-note",
        "set", "confirmed", "forbidden",
    ]  # fmt: skip
    was: str | None = None


class Corrections(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The changes that a card makes to a post; ``editorial`` makes it.

    ``made`` lists the changes for readers, in the order in which they were made.  ``restore`` is what the edition
    restores of the body's markup.  ``withdrawn`` is the publisher's reason for withdrawing the post, empty if none is
    given, and None if the post is not withdrawn.
    """

    made: tuple[Corrected, ...] = ()
    restore: tuple[Restoration, ...] = ()
    withdrawn: str | None = None


NO_HISTORY = History()
UNCORRECTED = Corrections()
