"""Find a layout's posts in a text: the lines with times, each with the lines of the page around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, PageLayout, Template, TemplateLine
from rostra.readers.copied.matching import MatchedLines, matched
from rostra.readers.copied.names import folded_name, same_person
from rostra.readers.copied.slots import COUNTED

SPARED = 4
"""How many lines a head must have for one of them to be absent in some posts; a line with a name and words counts as three."""
MORE = TemplateLine("{more}", optional=True, many=True)
"""What any page may have between two posts."""


class RecordBlock(NamedTuple):
    """An anchor with the items of its part of the record, head or foot; ``first`` and ``last`` are indices of lines."""

    template: Template
    first: int
    last: int
    held: dict[str, str]
    in_head: bool
    foot_before: MatchedLines
    """The foot of the previous post, if it was found from here."""


class ShownPeople(NamedTuple):
    """People named in lines that are identified by position alone: an author, and below it the person who is answered."""

    writing: frozenset[str]
    """People named in the position of authors."""
    beside: frozenset[str]
    """People directly beside the anchor, authors or answered: no line of the page is between."""
    once: frozenset[str]
    """Lines that occur once."""

    @classmethod
    def of(cls, lines: Sequence[DumpLine], layout: PageLayout) -> ShownPeople | None:
        """Return the people of a text; None if every line with the name of an answered person has words that identify it."""
        if not any(by_place(item) for each in layout.templates for item in each.head):
            return None
        everybody, nobody = blocks_of(lines, layout, None)[0], blocks_of(lines, layout, cls.none())[0]
        counted = Counter(folded_name(line.text) for line in lines)
        return cls(
            frozenset(folded_name(each.held["author"]) for each in everybody if "author" in each.held),
            frozenset(folded_name(each.held["author"]) for each in nobody if "author" in each.held),
            frozenset(text for text, count in counted.items() if count == 1),
        )

    @classmethod
    def none(cls) -> ShownPeople:
        """Return no people, so that no line is taken for the name of an answered person."""
        return cls(frozenset(), frozenset(), frozenset())

    def answer(self, held: dict[str, str]) -> bool:
        """Whether the answered person is an author elsewhere, and the author's line does not belong to the page."""
        author = folded_name(held.get("author", ""))
        return folded_name(held["answers"]) in self.writing and author in self.beside | self.once


def by_place(item: TemplateLine) -> bool:
    """Whether an item is for the name of the answered person and is identified by position alone."""
    return item.optional and item.is_open and "answers" in item.slots


def blocks_of(
    lines: Sequence[DumpLine], layout: PageLayout, people: ShownPeople | None
) -> tuple[list[RecordBlock], list[int]]:
    """Return the blocks of a text, and the lines with times that are worded as anchors but are none."""
    blocks: list[RecordBlock] = []
    refused: list[int] = []
    least = _least_space(lines, layout)
    for n, line in enumerate(lines):
        if blocks and n <= blocks[-1].last:
            continue
        before = blocks[-1] if blocks else None
        # The opening post is above all answers.
        templates = (each for each in layout.templates if before is None or each.role != "opening")
        fits = [_block(lines, n, each, before, people) for each in templates if _says(each, line)]
        found = max(_one_author(line, filter(None, fits), least), key=_weight, default=None)
        if found:
            blocks.append(found)
            # A time within a head, such as the date on which somebody joined, is explained by the head.
            while refused and refused[-1] >= lines[found.first].number:
                refused.pop()
        elif fits:
            refused.append(line.number)
    return blocks, refused


def _weight(found: RecordBlock) -> tuple[int, float]:
    return found.last - found.first, found.foot_before.value


def _one_author(line: DumpLine, fits: Iterable[RecordBlock], least: int | None) -> list[RecordBlock]:
    """Return the blocks of an anchor; if the page omits the author there, only those without a name above the anchor.

    The page shows that by more space above the anchor than the ``least`` above an anchor.
    """
    found = list(fits)
    omitted = [each for each in found if each.template.role == "same"]
    return omitted if omitted and least is not None and line.space > least else found


def _least_space(lines: Sequence[DumpLine], layout: PageLayout) -> int | None:
    """Return the least space above an anchor; None if the layout's posts all have an author."""
    if all(each.role != "same" for each in layout.templates):
        return None
    return min((line.space for line in lines if any(_says(each, line) for each in layout.templates)), default=None)


def _says(template: Template, line: DumpLine) -> bool:
    """Whether a line can be the anchor of a template."""
    anchor = template.items[template.anchor]
    return (bool(line.times) or "time" not in anchor.slots) and anchor.match(line) is not None


def _block(
    lines: Sequence[DumpLine], at: int, template: Template, before: RecordBlock | None, people: ShownPeople | None
) -> RecordBlock | None:
    """Return the part of a record that its anchor is in; None if a required line is absent."""
    own = template.head if template.has_timed_head else template.foot
    found = _fitted(lines, at, template, before, own)
    answering = [item for item in own if by_place(item)]
    if found is None or people is None or not answering or "answers" not in found.held:
        return found
    if people.answer(found.held) and not _is_torn(lines, found):
        return found
    return _fitted(lines, at, template, before, tuple(item for item in own if item not in answering))


def _is_torn(lines: Sequence[DumpLine], found: RecordBlock) -> bool:
    """Whether there is more space above the name of the answered person than above the line before, which then is no author."""
    named = (n for n in range(found.first + 1, found.last + 1) if lines[n].text == found.held["answers"])
    return any(lines[n].space > lines[n - 1].space for n in named)


def _evident(own: Sequence[TemplateLine], found: Sequence[TemplateLine]) -> bool:
    """Whether a name identified by its position alone has a required line beside it that is identified by its words."""
    if not any(item.is_open and "author" in item.slots for item in found):
        return True
    evidence = [item for item in own if not item.optional and (not item.is_open or COUNTED & set(item.slots))]
    return not evidence or any(item is each for item in evidence for each in found)


def _all_required(foot: Sequence[TemplateLine], found: MatchedLines) -> bool:
    """Whether all required lines of a foot, of which there are several, are present."""
    needed = [item for item in foot if not item.optional]
    return len(needed) > 1 and all(any(item is each for each, _ in found.pairs) for item in needed)


def _fitted(
    lines: Sequence[DumpLine], at: int, template: Template, before: RecordBlock | None, own: tuple[TemplateLine, ...]
) -> RecordBlock | None:
    """Return the part of a record that its anchor is in, with these items."""
    anchor = template.items[template.anchor]
    held = anchor.match(lines[at]) or {}
    in_head = template.has_timed_head
    place = next(n for n, item in enumerate(own) if item is anchor)
    foot: tuple[TemplateLine, ...] = ()
    if in_head and before is not None and before.in_head:
        foot = (*before.template.foot, MORE)
    floor = before.last if before else -1
    spare = sum(not each.optional for each in own) + 2 * (not anchor.is_open and "author" in held) >= SPARED
    up_items, down_items = (*reversed(own[:place]), *reversed(foot)), own[place + 1 :]
    other = before.held.get("author") if before else None
    up = matched(lines, range(at - 1, floor, -1), up_items, place, held.get("author"), other=other, spare=spare)
    # If the whole foot of the post above is directly above the head, a line may be absent in a shorter head.
    below_foot = up is not None and _all_required(foot, up)
    spare = spare or below_foot
    down = matched(lines, range(at + 1, len(lines)), down_items, len(down_items), held.get("author"), spare=spare)
    if up is None or down is None:
        return None
    if not below_foot and not _evident(own, [anchor, *(item for item, _ in (*up.pairs, *down.pairs))]):
        return None
    mine = [(item, n) for item, n in up.pairs if any(item is each for each in own[:place])]
    for item, n in (*mine, *down.pairs):
        for slot, value in (item.match(lines[n]) or {}).items():
            if slot == "author" and not same_person(held.get(slot, value), value):
                return None
            held.setdefault(slot, value)
    others = MatchedLines(up.value, up.pairs[len(mine) :])
    first, last = min([at, *(n for _, n in mine)]), max([at, *(n for _, n in down.pairs)])
    return RecordBlock(template, first, last, held, in_head, others)
