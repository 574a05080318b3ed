"""Find the head of an opening post that the page words differently: "Description Ada Weir" above "Comment 1 Bede Miller"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.names import LETTER, is_name
from rostra.readers.copied.slots import TIME

LONGEST = 100
"""The most code points of such a head."""


class OpeningHead(NamedTuple):
    """The index of the line, and its pattern."""

    at: int
    item: TemplateLine


def opening_head(lines: Sequence[DumpLine], first: int, names: Collection[str]) -> OpeningHead | None:
    """Return the head above the ``first`` anchor: the nearest line with a time, written as there, and one of the names.

    The line must have no other words than those of the page: no sentence, and no second time.
    """
    at = next((n for n in range(first - 2, -1, -1) if lines[n].times), None)
    if at is None or len(lines[at].masked) > LONGEST or _form(lines[at]) != _form(lines[first]):
        return None
    for name in sorted(names, key=lambda each: (-len(each), each)):
        before, found, behind = lines[at].masked.partition(name)
        apart = not (before[-1:].isalnum() or behind[:1].isalnum())
        words = f"{before}{behind}".replace(TIME, " ").strip()
        if found and apart and LETTER.search(words) and is_name(words) and not re.search(r"[{}]", words):
            pattern = f"{before}{{author}}{behind}".replace(TIME, "{time}")
            return OpeningHead(at, TemplateLine(pattern))
    return None


def _form(line: DumpLine) -> tuple[str, ...]:
    return tuple(re.sub(r"\d+", "0", each) for each in line.times)
