"""What a person decided of a dump as a whole: who answers whom, and who is who."""

from __future__ import annotations

from msgspec import Struct


class ReplyDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's decision about a message without references: it answers ``answers``, or no message at all.

    Both are permalink ids, or ids in the source.
    """

    post: str
    answers: str | None = None


class SamePerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several authors of a dump that are one person, called ``name``: their ``ids`` in the dump, or their ``names`` there."""

    name: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
