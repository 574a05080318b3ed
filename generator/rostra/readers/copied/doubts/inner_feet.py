"""Find posts whose text contains the foot of a post: another post, whose head is not recognised, is part of their text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from rostra.model import Problem
from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.records import PostRecord


def inner_feet(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Iterator[int]:
    """Yield for each such post the first line of its text that is like the foot of a post."""
    numbers = [line.number for line in lines]
    for record in records:
        foot = [item for item in record.template.foot if not item.optional and not item.is_open]
        first, last = (bisect_left(numbers, at) for at in record.body)
        inside = lines[first + 1 : last] if foot else ()
        first_foot = next((line for line in inside if any(item.match(line) is not None for item in foot)), None)
        if first_foot is not None:
            yield first_foot.number


def may_hold_another(line: int) -> Problem:
    """Return the problem of such a line, which is 0-based."""
    message = "this line is below the text of other posts, so two posts may be one here: nobody is named"
    hint = "see `rostra inspect --layout`, and give the layout in the card"
    return Problem(code="unexplained-lines", message=message, line=line + 1, hint=hint)
