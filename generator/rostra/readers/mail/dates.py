"""Parse dates of messages, in the form of RFC 5322 and in other forms of mailers.

A time gets only the zone that is written: without one it is local, and with an unknown one it stays text.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from rostra.model import Problem
from rostra.system.lazy_regex import late

MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905  # easier to read
}
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "mewt": 60, "cest": 120,
    "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "sast": 120, "msk": 180, "msd": 240, "pkt": 300, "wib": 420, "hkt": 480,
    "sgt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360,
    "mst": -420, "pdt": -420, "pst": -480, "akdt": -480, "akst": -540, "hst": -600, "brt": -180, "brst": -120,
}  # fmt: skip
"""Minutes east of UTC, by the names of RFC 822 and other unambiguous names.

IST is missing because it may mean Israel, Ireland or India.
"""
SUMMER = "dst"
"""The suffix of a zone in daylight saving time: ``MET DST``."""
EARLIEST, LATEST = 1970, 2099
"""The possible years of a mail: there was no mail before, and spam has dates of any later year."""
FURTHEST = 24 * 60
"""The limit in minutes for a zone's offset from UTC."""
USUAL = late(
    r"(?:[A-Za-z]{3},?\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)(?:\s*\([^)]*\))?\s*"
)
"""The form of nearly all dates."""
COMMENT = late(r"\(([^()]*)\)")
CLOCK = late(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?!\d)(?:\s*([ap])\.?m\.?(?![a-z]))?", re.IGNORECASE)
"""Hours and minutes on a clock of 12 or 24 hours."""
OFFSET = late(r"(?:(?<=\s)|^|(?:gmt|utc|ut))\s?([+-])(\d{1,2})(?::?(\d\d))?(?!\d)", re.IGNORECASE)
ISO = late(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?:t|(?!\d))", re.IGNORECASE)
NUMBER = late(r"\d+")
NAME = late(r"[a-z]+", re.IGNORECASE)
DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


class When(NamedTuple):
    """When a message was written: with its zone (RFC 3339), or without; neither if unknown."""

    created: str | None = None
    local: str | None = None
    problem: Problem | None = None


def when(date: str) -> When:
    """Return the time of a ``Date`` field; one that is unreadable, or has an unknown zone or year, is a problem."""
    if not date:
        return When()
    usual = USUAL.fullmatch(date)
    if usual and (month := MONTHS.get(usual[2].lower())):
        year, day, hour, minute, second = (int(usual[n]) for n in (3, 1, 4, 5, 6))
        offset = int(usual[8]) * 60 + int(usual[9])
        return _when(date, (year, month, day, hour, minute, second), -offset if usual[7] == "-" else offset)
    return _unusual(date[:200])


def _unusual(date: str) -> When:
    text = COMMENT.sub(" ", date)
    clock = CLOCK.search(text)
    if not clock:
        return When() if _day(text) else _bad(date, "no date")
    head, tail = text[: clock.start()], text[clock.end() :]
    offset = OFFSET.search(tail)
    if offset:
        tail = f"{tail[: offset.start()]} {tail[offset.end() :]}"
    # Word boundaries: an ISO date ends with the T before the clock.
    day = _day(f"{head} {tail}")
    if day is None:
        return _bad(date, "no date")
    hour = int(clock[1])
    if half := (clock[4] or "").lower():
        if not 1 <= hour <= 12:
            return _bad(date, "no date")
        hour = hour % 12 + 12 * (half == "p")
    at = (*day, hour, int(clock[2]), int(clock[3] or 0))
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        minutes = hours * 60 + minutes if minutes < 60 else FURTHEST
        return _when(date, at, -minutes if offset[1] == "-" else minutes)
    names = [name for name in NAME.findall(tail) if name[:3].lower() not in (*MONTHS, *DAYS)]
    names = names or [name for comment in COMMENT.findall(date)[-1:] for name in NAME.findall(comment)]
    zone = [name.lower() for name in names]
    if not zone:
        return _when(date, at, None)
    east = ZONES.get(zone[0])
    if east is None or zone[1:] not in ([], [SUMMER]):
        return _bad(date, "no known zone")
    return _when(date, at, east + 60 * (len(zone) > 1))


def _day(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day."""
    if iso := ISO.search(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    months = [MONTHS[name[:3].lower()] for name in NAME.findall(text) if name[:3].lower() in MONTHS]
    numbers = NUMBER.findall(text)
    if len(months) != 1 or len(numbers) != 2:
        return None
    year, day = numbers if len(numbers[0]) > 2 else numbers[::-1]
    # Two digits, or three if a clock continued counting after 99 (RFC 5322, 4.3).
    century = {2: 2000 if int(year) < 50 else 1900, 3: 1900}.get(len(year), 0)
    return int(year) + century, months[0], int(day)


def _when(date: str, at: tuple[int, ...], offset: int | None) -> When:
    year, month, day, hour, minute, second = at
    try:
        local = datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001  # the zone is kept separately
    except (ValueError, OverflowError):
        return _bad(date, "no date")
    if not EARLIEST <= year <= LATEST:
        return _bad(date, "year out of range")
    if offset is None:
        return When(local=local)
    if abs(offset) >= FURTHEST:
        return _bad(date, "no zone has this offset")
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}" if offset else "Z"
    return When(created=local + zone)


def _bad(date: str, what: str) -> When:
    return When(problem=Problem(code="bad-date", message=f"{what}: {date[:60]!r}; it is shown as it is written"))
