"""Days of chats, where posts show the time of day and a line above them shows the date, and months, which are no times of posts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from rostra.readers.copied.layout import DumpLine, PageLayout, TemplateLine
from rostra.readers.copied.records import PostRecord
from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

DAYS = ("{time}",)
"""Patterns of the lines of days, for learned layouts."""
FEWEST = 3
"""The fewest posts with a time of day for each line of a day: if there are fewer, such lines are the times of posts."""
PARTS = 3
"""The fewest lines of days with times of day below them that separate these."""
MONTH = late(r"\D+\d{4}")
"""A month and year, which a title may contain; a date of the page also has a day."""
MONTHS = 3
"""The fewest lines below each other that consist of a month, at which they are a list of months and no times of posts."""
_COUNTED = late(r"\s?\(\d+\)")
"""The number of posts of a month, in brackets."""
_OF_DAY = late(r"\d[:.h]\d\d")


def without_days(lines: Sequence[DumpLine]) -> Sequence[DumpLine]:
    """Return the lines without those that consist of a date, if these may be the days of posts with times of day."""
    days = set(_days(lines))
    timed = sum(any(map(_OF_DAY.search, line.times)) for line in lines)
    if not days or timed < FEWEST * len(days):
        return lines
    return [line for n, line in enumerate(lines) if n not in days]


def _days(lines: Sequence[DumpLine]) -> list[int]:
    """Return the lines that consist of a date."""
    return [n for n, line in enumerate(lines) if line.masked == TIME and not _OF_DAY.search(line.text)]


def separate(lines: Sequence[DumpLine]) -> bool:
    """Whether the lines of days are certainly no times of posts: each date is above times of day, and no date returns.

    In a page that shows the date of older posts and the time of those of today, all dates are on one side.
    """
    days = _days(lines)
    dates = [date for date, _ in groupby(lines[n].text for n in days)]
    clocks = [n for n, line in enumerate(lines) if any(map(_OF_DAY.search, line.times))]
    parts = {bisect_left(days, n) for n in clocks} - {0}
    return len(parts) >= PARTS and len(dates) == len(set(dates))


def days_of(lines: Sequence[DumpLine], layout: PageLayout) -> dict[int, str]:
    """Return the lines that give the date of the posts below: the index of each line, and the date as written."""
    items = [TemplateLine(each) for each in layout.days]
    found: dict[int, str] = {}
    for n, line in enumerate(lines) if items else ():
        for item in items:
            day = (item.match(line) or {}).get("time") if line.times else None
            if day is not None and not _OF_DAY.search(day):
                found[n] = day
    return found


def dated(records: Sequence[PostRecord], days: Sequence[tuple[int, str]]) -> list[PostRecord]:
    """Return the records, with the date put before each time that is a time of day alone.

    ``days`` are pairs of a line of the dump (0-based) and its date, in order.  A record in the role ``same`` gets the
    author of the record above it, unless a date is between them.
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


def without_months(lines: Sequence[DumpLine]) -> Sequence[DumpLine]:
    """Return the lines without the times of those that list months, as blogs list those of their archive."""
    found: list[DumpLine] = []
    for is_month, group in groupby(lines, key=_is_month):
        run = list(group)
        listed = is_month and len(run) >= MONTHS
        found += (each._replace(masked=each.text, times=()) for each in run) if listed else run
    return found


def _is_month(line: DumpLine) -> bool:
    return bool(line.times) and bool(MONTH.fullmatch(line.times[0])) and _COUNTED.sub("", line.masked) == TIME
