"""Measure how certain it is that the lines above times are names.

Nothing but its place tells such a name from the last words of the post above ("Good luck").  What a page writes in a
place, it writes in all posts, or in nearly all with a few names that recur; and each post has text besides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rostra.readers.copied.doubts.layout_doubts import SPOKEN
from rostra.readers.copied.doubts.name_doubts import EXCHANGEABLE, are_exchangeable
from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.learning.word_tokens import NEARLY_ALL
from rostra.readers.copied.names import folded_name
from rostra.readers.copied.slots import TIME
from rostra.readers.text.furniture import FURNITURE
from rostra.readers.text.headers import LABELLED_TIMES, RELATIVE_TIME, Header

RECURRING = 0.5
"""The least share of the names that recur at which a few times may lack a name."""


def place_doubt(lines: Sequence[DumpLine], found: Sequence[Header]) -> str | None:
    """Return why the names of heads may be no names; None if they are certain."""
    named = [header.name for header in found if header.name]
    alike = len(named) >= max(LABELLED_TIMES, NEARLY_ALL * len(found)) and len(set(map(folded_name, named))) == 1
    # One person may have written all; a label that is no known one is a single word.
    if alike and " " not in named[0]:
        return f"all times have {named[0]!r} beside them, as a word of the page"
    placed = [header for header in found if header.is_placed]
    names = [folded_name(header.name) for header in placed if header.name]
    if not names:
        return None
    times = len(placed) + _other_times(lines, placed)
    again = sum(count for count in Counter(names).values() if count > 1)
    nearly = len(names) >= NEARLY_ALL * times and again >= RECURRING * len(names)
    if len(names) < times and not nearly:
        return f"only {len(names)} of {times} times have a line above them that may be a name"
    texts = list(_texts(lines, placed, found))
    if sum(map(bool, texts)) < SPOKEN * len(placed):
        return "many posts would be empty"
    if len(names) == len(found) and are_exchangeable(names, texts):
        return EXCHANGEABLE
    return None


def _other_times(lines: Sequence[DumpLine], placed: Sequence[Header]) -> int:
    """Return how many lines consist of a time, relative or absolute as those of heads are, and are in no head."""
    heads = {n for header in placed for n in range(header.first, header.last + 1)}
    relative = {_is_relative(header.when or "") for header in placed}
    return sum(
        line.masked == TIME and line.number not in heads and _is_relative(line.times[0]) in relative for line in lines
    )


def _is_relative(when: str) -> bool:
    return RELATIVE_TIME.fullmatch(when) is not None


def _texts(lines: Sequence[DumpLine], placed: Sequence[Header], found: Sequence[Header]) -> Iterator[str]:
    """Yield the text below each of the ``placed`` heads, without buttons."""
    ends = {header.last: following.first for header, following in pairwise(found)}
    said = [line for line in lines if not FURNITURE.match(line.text)]
    at = 0
    for header in placed:
        while at < len(said) and said[at].number <= header.last:
            at += 1
        first = at
        while at < len(said) and said[at].number < ends.get(header.last, said[at].number + 1):
            at += 1
        yield "\n".join(line.text for line in said[first:at])
