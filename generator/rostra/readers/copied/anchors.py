"""Lines that may be the anchors of records: those that say when, by how they are worded and what is beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.names import LETTER, SENTENCE, is_name
from rostra.readers.copied.slots import TIME

FEWEST = 3
"""Posts from which a layout is learned: two may be alike by chance."""
TRIED = 12
"""Wordings of anchors that are tried, the commonest first."""
LABELLED = 0.3
"""Share of all lines with a time that have the same label at least."""
LABEL = 30
"""Code points of a line beside a time that may say what it is of, at most."""
LONGEST = 100
"""Code points of a line that says who and when, at most."""


def anchor_groups(lines: Sequence[DumpLine]) -> list[list[int]]:
    """Groups of lines that say when, by how they are worded around the time."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for n, line in enumerate(lines):
        if not line.times or len(line.masked) > LONGEST:
            continue
        left, _, right = line.masked.partition(TIME)
        before_time = left.rstrip(" ,:([–—-")
        if SENTENCE.search(before_time) and not is_name(before_time):
            continue
        before = "+" if LETTER.search(left) else "-"
        lefts, rights = left.casefold().split(), right.casefold().split()
        last, first = lefts[-1] if lefts else "", rights[0] if rights else ""
        above, under = (label(lines[at]) if 0 <= at < len(lines) else "" for at in (n - 1, n + 1))
        ways = (
            ("above", above),
            ("under", under),
            ("all",),
            ("side", before),
            ("last", before, last),
            ("first", before, first),
            ("both", before, last, first),
        )
        for way in ways:
            groups.setdefault(way, []).append(n)
    many = max((len(group) for group in groups.values()), default=0)
    # A label is beside many times; a few beside one line may be so by chance.
    unique = {
        tuple(group): group
        for way, group in groups.items()
        if len(group) >= max(FEWEST, LABELLED * many if way[0] in ("above", "under") else 0)
    }
    return sorted(unique.values(), key=lambda group: (-len(group), group))[:TRIED]


def label(line: DumpLine) -> str:
    """A line beside a time, to compare: some lines say what the time is of."""
    brief = len(line.masked) <= LABEL and not SENTENCE.search(line.masked)
    return re.sub(r"\d+", "0", line.masked.casefold()) if brief else ""
