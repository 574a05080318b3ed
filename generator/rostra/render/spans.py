"""Arithmetic of ranges of a body's text.  Offsets are code points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def covered(ranges: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """Return how many code points from ``start`` to ``end`` are in at least one of the sorted ranges."""
    total, at = 0, start
    for first, last in ranges:
        begin, finish = max(first, at), min(last, end)
        if begin < finish:
            total, at = total + finish - begin, finish
    return total


def parts_outside(start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range that are in none of the sorted holes."""
    for first, last in holes:
        if start < end and first < end and last > start:
            if start < first:
                yield start, first
            start = max(start, last)
    if start < end:
        yield start, end
