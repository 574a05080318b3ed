"""Days of chats: posts show a time of day, and a line between them says of which day those below it are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec.structs import replace

from rostra.readers.copied.layout import CLOCK, DumpLine, PageLayout, TemplateLine
from rostra.readers.copied.records import PostRecord


def days_of(lines: Sequence[DumpLine], layout: PageLayout) -> dict[int, str]:
    """The lines that say of which day the posts below are: the index of each, and the day as it is written."""
    items = [TemplateLine(each) for each in layout.days]
    found: dict[int, str] = {}
    for n, line in enumerate(lines) if items else ():
        for item in items:
            day = (item.match(line) or {}).get("time") if line.times else None
            if day is not None and not CLOCK.fullmatch(day):
                found[n] = day
    return found


def dated(records: Sequence[PostRecord], days: Sequence[tuple[int, str]]) -> list[PostRecord]:
    """The records, those with a time of day alone with their day before it.

    ``days`` are lines of the dump, in order, and the day that each says.  A record whose author is that of the post
    above it has that name, unless a line with a day is between them.
    """
    numbers = [line for line, _ in days]
    out: list[PostRecord] = []
    above = -1
    for record in records:
        at = bisect_left(numbers, record.first) - 1
        held = dict(record.held)
        if at >= 0 and record.template.has_clock and "time" in held:
            held["time"] = f"{days[at][1]}, {held['time']}"
        if record.template.role == "same" and out and at == above and "author" in out[-1].held:
            held["author"] = out[-1].held["author"]
        out.append(replace(record, held=held))
        above = at
    return out
