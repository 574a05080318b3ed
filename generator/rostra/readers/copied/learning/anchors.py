"""Find the lines with times that may be the anchors of records, by their wording and the lines beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.names import LETTER, SENTENCE, is_name
from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

FEWEST = 3
"""The fewest posts from which a layout is learned: two may be alike by chance."""
TRIED = 12
"""How many wordings of anchors are tried, the commonest first."""
LABELLED = 0.3
"""The least share of the lines with times that have the same label."""
LABEL = 30
"""The most code points of a line beside a time that may be its label."""
LONGEST = 100
"""The most code points of a line with a name and a time."""
_WORDS = late(r"[^\W\d_]+")


def anchor_groups(lines: Sequence[DumpLine]) -> list[list[int]]:
    """Return groups of lines with times: the lines of a group have the same words around the time."""
    groups: dict[tuple[str, ...], list[int]] = {}
    timed = [n for n, line in enumerate(lines) if line.times and len(line.masked) <= LONGEST]
    # "On 4 March, Ada said:" is above a quotation, unless all heads of the page end so.
    free = [n for n in timed if not lines[n].masked.endswith((":", "："))]
    for n in free if 2 * len(free) > len(timed) else timed:
        line = lines[n]
        left, _, right = line.masked.partition(TIME)
        # A full stop directly before the time ends no sentence, "Ada added a comment.Mar 4 2024", nor does one word: "Publ. Mar 4".
        stopped = left.rstrip() if len(left.split()) == 1 else left
        before_time = stopped.removesuffix(".").rstrip(" ,:([–—-")
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
            ("mark", left[:1] if left[:1] == "@" else ""),
        )
        for way in ways:
            groups.setdefault(way, []).append(n)
    groups |= _of_shapes(lines, groups.get(("all",), []))
    many = max((len(group) for group in groups.values()), default=0)
    groups.pop(("mark", ""), None)
    # A label is beside many times; a few beside one line may be so by chance.
    unique = {
        tuple(group): group
        for way, group in groups.items()
        if len(group) >= max(FEWEST, LABELLED * many if way[0] in ("above", "under") else 0)
    }
    return sorted(unique.values(), key=lambda group: (-len(group), group))[:TRIED]


def _of_shapes(lines: Sequence[DumpLine], group: Sequence[int]) -> dict[tuple[str, ...], list[int]]:
    """Return the lines by the shape of their time if the times of a page have several: "10y" of a person, "Mar 4, 2024" of a post."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    for n in group:
        shape = _WORDS.sub("a", re.sub(r"\d+", "0", lines[n].times[0]))
        shapes.setdefault(("shape", shape), []).append(n)
    common = {shape: found for shape, found in shapes.items() if len(found) >= LABELLED * len(group)}
    return common if len(common) > 1 else {}


def label(line: DumpLine) -> str:
    """Return a line beside a time in a form for comparison: it may be a label that says what the time refers to."""
    brief = len(line.masked) <= LABEL and not SENTENCE.search(line.masked)
    return re.sub(r"\d+", "0", line.masked.casefold()) if brief else ""
