"""Where the marks of quoted passages begin and end: at whole words, and after the punctuation.  Offsets are code points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

CLOSING = ".,;:!?…)]}\"'”’»›"
"""Signs that belong to the word before them."""
LONGEST = 40
"""How many code points of a word are looked at: longer runs of letters are no words."""


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range that begins and ends at the edge of a word."""
    first, last = start, end
    while 0 < first < len(text) and start - first < LONGEST and text[first - 1].isalnum() and text[first].isalnum():
        first -= 1
    while 0 < last < len(text) and last - end < LONGEST and text[last - 1].isalnum() and text[last].isalnum():
        last += 1
    return first, last


def past_punctuation(text: str, end: int) -> int:
    """Return the offset after the signs that follow a passage without a space, so that its sign follows them."""
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return end


def covered(ranges: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """Return how many code points of ``start`` to ``end`` lie in one of the sorted ranges, or in several."""
    total, at = 0, start
    for first, last in ranges:
        begin, finish = max(first, at), min(last, end)
        if begin < finish:
            total, at = total + finish - begin, finish
    return total


def parts_outside(start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range that lie in none of the sorted holes."""
    for first, last in holes:
        if start < end and first < end and last > start:
            if start < first:
                yield start, first
            start = max(start, last)
    if start < end:
        yield start, end
