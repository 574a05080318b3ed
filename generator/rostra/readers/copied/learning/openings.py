"""Find the head or the foot of an opening post that the page words differently.

"Description Ada Weir" is above "Comment 1 Bede Miller", and "posted by Ada Weir (4 comments)" above "posted by Bede Miller
at 10:21".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from rostra.readers.copied.blocks import RecordBlock
from rostra.readers.copied.layout import DumpLine, Template, TemplateLine
from rostra.readers.copied.names import LETTER, is_name
from rostra.readers.copied.slots import TIME

LONGEST = 100
"""The most code points of such a head."""


class OpeningHead(NamedTuple):
    """The index of the line, and its pattern."""

    at: int
    item: TemplateLine


def opening_head(
    lines: Sequence[DumpLine], first: int, item: TemplateLine, names: Collection[str]
) -> OpeningHead | None:
    """Return the head above the ``first`` anchor: the nearest line with a time, written as there, and one of the names.

    The line must have no other words than those of the page: no sentence, and no second time.  It may be an anchor with
    more words behind it, such as how many answers there are.
    """
    at = next((n for n in range(first - 2, -1, -1) if lines[n].times), None)
    if at is None or len(lines[at].masked) > LONGEST or _form(lines[at]) != _form(lines[first]):
        return None
    longer = TemplateLine(f"{item.pattern} {{any}}")
    if not (item.is_open or item.pattern.endswith("{author}")) and longer.match(lines[at]) is not None:
        return OpeningHead(at, longer)
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


def anchor_words(template: Template) -> str:
    """Return the words of the page with which an anchor begins, before the author ("posted by"); empty if it does not."""
    before, named, _ = template.items[template.anchor].pattern.partition("{author}")
    return before if named and "{" not in before and any(map(str.isalpha, before)) else ""


def below_opening(lines: Sequence[DumpLine], first: RecordBlock) -> int:
    """Return the line below the foot of an opening post, above the ``first`` anchor, that begins as the anchors do; 0 if there is none."""
    words = anchor_words(first.template)
    above = range(first.first - 1, 0, -1) if words else ()
    return next((n + 1 for n in above if lines[n].masked.casefold().startswith(words)), 0)
