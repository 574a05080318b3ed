"""Recognise lines above the posts that a page writes again elsewhere, or above a line that names an author."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rostra.readers.copied.names import length_in_words
from rostra.readers.copied.times.time_spans import times
from rostra.system.lazy_regex import late

BYLINE = 6
"""The most words of a line that says who wrote something."""
NAMED = 100
"""How many lines above the posts are searched for elsewhere in the page."""
ENDS = late(r"[.!?…。！？]['\"”»)]?$|^[*•–—-]\s")
"""The end of a sentence, or the beginning of an item of a list."""
_WRITTEN = late(lambda: rf"{ENDS.pattern}|[:：]$")
"""The end of a sentence, a colon before a list, or the beginning of an item."""


def has_byline(line: str, people: Collection[str]) -> bool:
    """Whether a line is the name of an author, or has it beside a few other words."""
    words = line.split()
    return len(words) <= BYLINE and any(
        " ".join(words[at : at + many]).lstrip("@").casefold() in people
        for many in range(1, len(words) + 1)
        for at in range(len(words) - many + 1)
    )


def lines_again(lines: Sequence[str], rest: Sequence[int], below: Sequence[str]) -> frozenset[int]:
    """Return the lines of several words that are again in ``lines``, or ``below`` the posts, perhaps with other words."""
    around = "\n".join(" ".join(line.split()) for line in (*lines, *below)).casefold()
    may = [n for n in rest if length_in_words(lines[n]) > 1]
    found = (n for n in may[:NAMED] if around.count(" ".join(lines[n].split()).casefold()) > 1)
    return frozenset(found)


def below_date(lines: Sequence[str], rest: Sequence[int], page: Sequence[int]) -> list[int]:
    """Return the lines below the last date of the page if they are a text of short lines: most of them end as lines of a text do."""
    dated = next((n for n in reversed(page) if times(lines[n])), None)
    below = [n for n in rest if dated is not None and n > dated]
    written = sum(_WRITTEN.search(lines[n].strip()) is not None for n in below)
    return below if len(below) > 1 and 2 * written > len(below) else []
