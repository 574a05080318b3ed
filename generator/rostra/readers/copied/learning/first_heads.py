"""Learn what the head of the first post has in place of lines that all others have: "Reporter", "Keeper" for "Member".

A layout is learned from the lines between posts, and the head of the first post is above all of them.  It is certain if
the name of somebody who writes again is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from rostra.readers.copied.layout import DumpLine, Template, TemplateLine
from rostra.readers.copied.learning.line_keys import line_key, shown
from rostra.readers.copied.names import folded_name, is_sentence

NEAR = 3
"""The most lines between the name and the time of the first post."""
LONGEST = 60
"""The most code points of such a line."""


def with_first_head(lines: Sequence[DumpLine], anchor: int, own: Template, people: Counter[str]) -> Template:
    """Return the template with other lines of the first post's head, which has its time at ``anchor``; all are optional.

    ``people`` are how many other posts have each author, by the folded name.
    """
    named = next((n for n, item in enumerate(own.items) if item.pattern == "{author}"), own.body)
    between = own.items[named + 1 : own.anchor]
    if not own.has_timed_head or not between:
        return own
    # A line in the place of a name may be taken for one once: of several, the commonest is the name, then the highest.
    often = {n: people[folded_name(lines[n].text)] for n in range(max(anchor - 1 - NEAR, 0), anchor)}
    first = max((n for n in often if often[n]), key=lambda n: (often[n], -n), default=anchor)
    said = lines[first + 1 : anchor]
    if any(len(line.masked) > LONGEST or is_sentence(line.text) or line.times for line in said):
        return own
    head = list[TemplateLine]()
    left = [replace(item, optional=True) for item in between]
    for line in said:
        found = next(
            (n for n, item in enumerate(left) if item.spaced is not False and item.match(line) is not None), None
        )
        if found is None:
            head.append(TemplateLine(shown(line_key(line, None)), optional=True))
        else:
            head += left[: found + 1]
            del left[: found + 1]
    if len(head) + len(left) == len(between):
        return own
    return replace(own, items=(*own.items[: named + 1], *head, *left, *own.items[own.anchor :]))
