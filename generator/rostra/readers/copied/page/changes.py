"""Find what a tracker writes below posts about changes that have no time of their own: "status: New → Confirmed".

Such a line has a label, and an arrow between two values.  It is below the text of a post, with space or a heading above
it, which is no sentence and ends in a colon: "Changed in the gate:"; or it is the whole text of what looks like a post.
People also write such lines, so several posts must have them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.learning.line_keys import line_key, shown
from rostra.readers.copied.names import SENTENCE
from rostra.readers.copied.records import PostRecord
from rostra.system.lazy_regex import late

FEWEST = 2
"""The fewest posts of different people with changes below them."""
LONGEST = 100
"""The most code points of a change or its heading."""
WORDINGS = 12
"""The most labels of changes, the commonest first."""
_LABEL = r"([^\W\d_][^:：.!?→]{0,30})[:：]\s*"
_CHANGE = late(rf"{_LABEL}[^→⇒]*(→|⇒|->|=>)[^→⇒]*")
_DONE = late(rf"{_LABEL}[^\W\d_]+[:：]\s+\S.*")
"""What was done to a value, without an arrow: "tags: added: brass"."""


class _Changes(NamedTuple):
    """The changes below one post: the labels and arrows, the key of the heading, if there is one."""

    labels: frozenset[tuple[str, str]]
    heading: str | None


def changes(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> tuple[str, ...]:
    """Return patterns of the changes in a text; ``records`` are its posts."""
    return (*_below_posts(lines, records), *_instead_of_posts(lines, records))


def _instead_of_posts(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Sequence[str]:
    """Return patterns of heads with changes below them and no text, as a page has between posts."""
    numbers = [line.number for line in lines]
    found: dict[str, set[str]] = {}
    for record in records:
        inside = lines[bisect_left(numbers, record.body[0]) : bisect_left(numbers, record.body[1])]
        said = [_change(line) or _DONE.fullmatch(line.masked[:LONGEST]) for line in inside]
        if said and said[0] and all(said) and record.template.has_timed_head and not (record.lead or record.tail):
            head = record.template.items[record.template.anchor]
            label = shown(said[0][1].casefold().strip())
            found.setdefault(f"{head}\n{label}: {{any}}", set()).add(record.held.get("author", ""))
    return [pattern for pattern, people in found.items() if len(people) >= FEWEST][:WORDINGS]


def _below_posts(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Sequence[str]:
    """Return patterns of changes below the texts of posts, and of their headings."""
    numbers = [line.number for line in lines]
    found: list[_Changes] = []
    people: set[str | None] = set()
    for record in records:
        inside = lines[bisect_left(numbers, record.body[0]) : bisect_left(numbers, record.body[1])]
        if below := _below(inside):
            found.append(below)
            people.add(record.held.get("author"))
    if len(people) < FEWEST:
        return ()
    labels = Counter(label for each in found for label in each.labels)
    headings = Counter(each.heading for each in found if each.heading)
    return (
        *(f"{shown(label)}: {{?{{any}}}} {arrow} {{any}}" for (label, arrow), _ in labels.most_common(WORDINGS)),
        *(shown(key) for key, count in headings.most_common(WORDINGS) if count >= FEWEST),
    )


def _below(inside: Sequence[DumpLine]) -> _Changes | None:
    """Return the changes at the end of a post's text, of which the first line is always its author's; None if there are none."""
    at = len(inside)
    while at > 1 and _change(inside[at - 1]):
        at -= 1
    if at == len(inside):
        return None
    labels = frozenset((each[1].casefold().strip(), each[2]) for line in inside[at:] if (each := _change(line)))
    above = inside[at - 1]
    headed = at > 1 and above.space > 0 and above.masked.endswith((":", "：")) and len(above.masked) <= LONGEST
    if headed and not SENTENCE.search(above.masked[:-1]):
        return _Changes(labels, line_key(above, None))
    return _Changes(labels, None) if inside[at].space else None


def _change(line: DumpLine) -> re.Match[str] | None:
    return _CHANGE.fullmatch(line.masked) if len(line.masked) <= LONGEST else None
