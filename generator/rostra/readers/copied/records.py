"""The records into which a layout cuts a text, one for each post."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from rostra.readers.copied.layout import PageLayout, Template

WHO = ("author", "handle", "answers")
"""Slots that name people."""


class PostRecord(Struct, frozen=True, kw_only=True):
    """A post as a layout finds it; lines are those of the dump, 0-based.

    ``first`` is the line on which it begins, ``column`` the column where that line's text begins, ``held`` the values of
    the slots.  ``body`` is the half-open range of lines with its text, ``lead`` is text on a line of its head, ``tail``
    text on a line of its foot.  ``hidden`` are lines that say that more replies are not shown, ``unexplained`` those
    between its foot and the next record that no item matches.
    """

    template: Template
    first: int
    column: int
    held: dict[str, str]
    body: tuple[int, int]
    lead: str | None = None
    tail: str | None = None
    hidden: tuple[int, ...] = ()
    unexplained: tuple[int, ...] = ()
    complete: bool = True
    """Whether all required lines of its foot are present."""

    @property
    def speaks(self) -> bool:
        """Whether it has text."""
        return self.body[0] < self.body[1] or bool(self.lead) or bool(self.tail)

    @property
    def lines(self) -> range:
        """The lines with its text, also those of its head; a text on the line of a head is the first of them."""
        return range(self.body[0] - (self.lead is not None), self.body[1])


def unnamed(record: PostRecord) -> PostRecord:
    """Return a record that names nobody: what may be a name is kept as text, since it may be part of the post."""
    # A name that comes from the post above is on no line of this one.
    own = WHO if record.template.role != "same" else WHO[1:]
    said = [record.held[slot] for slot in own if slot in record.held]
    held = {slot: value for slot, value in record.held.items() if slot not in WHO}
    if said and record.tail is not None:
        return replace(record, held=held, tail=" ".join((record.tail, *said)))
    return replace(record, held=held, lead="\n".join(filter(None, (*said, record.lead))) or None)


class CutText(Struct, frozen=True, kw_only=True):
    """A text cut into records: ``above`` is the line of the dump on which the first begins, ``below`` the one after the last.

    ``notices`` are half-open ranges of lines that the page writes between posts; ``days`` are lines with the date of the
    posts below.  ``refused`` are lines with a time that are worded as anchors and begin no record; ``explained`` counts
    lines of the page.
    """

    layout: PageLayout
    records: tuple[PostRecord, ...]
    above: int
    below: int
    refused: tuple[int, ...]
    notices: tuple[tuple[int, int], ...] = ()
    days: tuple[int, ...] = ()
    explained: int
