"""Recognise lines above the posts that a page writes again elsewhere, or above a line that names an author."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rostra.readers.copied.names import length_in_words

BYLINE = 6
"""The most words of a line that says who wrote something."""
NAMED = 100
"""How many lines above the posts are searched for elsewhere in the page."""


def names_somebody(line: str, people: Collection[str]) -> bool:
    """Whether a line is the name of an author, or has it beside a few other words."""
    words = line.split()
    return len(words) <= BYLINE and any(
        " ".join(words[at : at + many]).lstrip("@").casefold() in people
        for many in range(1, len(words) + 1)
        for at in range(len(words) - many + 1)
    )


def lines_again(lines: Sequence[str], rest: Sequence[int], below: Sequence[str]) -> frozenset[int]:
    """Return the lines of several words that are again in ``lines``, or ``below`` the posts, perhaps with other words."""
    around = "\n".join(f" {' '.join(line.split())} " for line in (*lines, *below)).casefold()
    may = [n for n in rest if length_in_words(lines[n]) > 1]
    found = (n for n in may[:NAMED] if around.count(" ".join(lines[n].split()).casefold()) > 1)
    return frozenset(found)
