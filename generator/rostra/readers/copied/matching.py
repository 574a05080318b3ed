"""Items of a template matched with lines in their order: the best way, each line with a bounded number of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.names import is_badge, same_person

REPEATED = 12
"""Lines that one ``*`` item takes at most."""
LACKING = 4.0
"""What a missing line counts against a match."""
NUMBERS = frozenset({"number", "score", "id", "moment", "letter"})


class MatchedLines(NamedTuple):
    """Lines that items match: the item and the index of the line of each, and the value of the match."""

    value: float = 0
    pairs: tuple[tuple[TemplateLine, int], ...] = ()


def matched(
    lines: Sequence[DumpLine],
    at: range,
    items: Sequence[TemplateLine],
    own: int,
    author: str | None,
    *,
    spare: bool = False,
) -> MatchedLines | None:
    """The best way to match items with lines in their order; None where one of the first ``own`` that must be there is not.

    The others may end anywhere, so that a foot counts as far as it is there.
    """
    known: dict[tuple[int, int], MatchedLines | None] = {}
    needed = [place for place, item in enumerate(items[:own]) if not item.optional]
    spared = {place for place in needed if spare and "author" not in items[place].slots}

    def fits(item: TemplateLine, n: int) -> bool:
        held = item.match(lines[at[n]]) if n < len(at) else None
        if held is None:
            return False
        return author is None or same_person(held.get("author", author), author)

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
        if times < REPEATED and fits(item, n):
            rest = best(place, n + 1, times + 1) if item.many else best(place + 1, n + 1, 0)
            # A line that any words match is no evidence by itself.
            value = (0 if item.is_open else 1) if item.optional else 3.0
            if item.slots and not set(item.slots) - NUMBERS:
                value += 0.5
            if rest is not None and (found is None or rest.value + value > found.value):
                found = MatchedLines(rest.value + value, ((item, at[n]), *rest.pairs))
        if found is None and place < own and n < len(at) and is_badge(lines[at[n]].text):
            # A rank that few have is a line that no item is for.
            found = best(place, n + 1, times)
        if not times:
            known[place, n] = found
        return found

    taken = best(0, 0, 0)
    if taken is None:
        return None
    lacking = len(needed) - sum(not item.optional and item in items[:own] for item, _ in taken.pairs)
    return taken if lacking <= 1 else None
