"""Match items of a template with lines in order: the best match, comparing each line with a bounded number of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.names import is_badge, same_person

REPEATED = 12
"""The most lines that one ``*`` item matches."""
LACKING = 4.0
"""What a missing line costs a match."""
NUMBERS = frozenset({"number", "score", "id", "moment", "letter"})


class MatchedLines(NamedTuple):
    """A match: pairs of an item and the index of its line, and the value of the match."""

    value: float = 0
    pairs: tuple[tuple[TemplateLine, int], ...] = ()


def matched(
    lines: Sequence[DumpLine],
    at: range,
    items: Sequence[TemplateLine],
    own: int,
    author: str | None,
    *,
    other: str | None = None,
    spare: bool = False,
) -> MatchedLines | None:
    """Return the best match of items with lines in order; None if a required item among the first ``own`` is missing.

    The items after those may end anywhere, so that an incomplete foot counts as far as it goes; they are of the post by
    the ``other`` author.
    """
    known: dict[tuple[int, int], MatchedLines | None] = {}
    needed = [place for place, item in enumerate(items[:own]) if not item.optional]
    spared = {place for place in needed if spare and "author" not in items[place].slots}

    def fits(place: int, n: int) -> bool:
        held = items[place].match(lines[at[n]]) if n < len(at) else None
        if held is None or (items[place].spaced is False and lines[at[n]].space):
            return False
        who = author if place < own else other
        return who is None or same_person(held.get("author", who), who)

    def best(place: int, n: int, times: int) -> MatchedLines | None:
        if place == len(items):
            return MatchedLines()
        if (place, n) in known and not times:
            return known[place, n]
        item = items[place]
        found = None
        if item.optional or times:
            found = best(place + 1, n, 0)
        elif place >= own:
            found = MatchedLines()
        elif place in spared and (rest := best(place + 1, n, 0)):
            found = MatchedLines(rest.value - LACKING, rest.pairs)
        if times < REPEATED and fits(place, n):
            rest = best(place, n + 1, times + 1) if item.many else best(place + 1, n + 1, 0)
            # An item that matches any words is no evidence by itself.
            value = (0 if item.is_open else 1) if item.optional else 3.0
            if item.slots and not set(item.slots) - NUMBERS:
                value += 0.5
            value += bool(item.spaced and lines[at[n]].space)
            if rest is not None and (found is None or rest.value + value > found.value):
                found = MatchedLines(rest.value + value, ((item, at[n]), *rest.pairs))
        if found is None and place < own and n < len(at) and is_badge(lines[at[n]].text):
            # A rank that few people have is a line without an item.
            found = best(place, n + 1, times)
        if not times:
            known[place, n] = found
        return found

    taken = best(0, 0, 0)
    if taken is None:
        return None
    lacking = len(needed) - sum(not item.optional and item in items[:own] for item, _ in taken.pairs)
    return taken if lacking <= 1 else None
