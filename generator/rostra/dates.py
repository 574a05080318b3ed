"""Times for people, from RFC 3339."""

from __future__ import annotations

from datetime import datetime

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def readable(created: str) -> str:
    """``3 March 2021, 10:15 UTC``, in the zone that the time was given in; the text itself where it is no time."""
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return created
    day = f"{at.day} {MONTHS[at.month - 1]} {at.year}"
    if at.tzinfo is None:
        return day if len(created) <= 10 else f"{day}, {at:%H:%M}"
    zone = at.strftime("%z")
    return f"{day}, {at:%H:%M} {'UTC' if zone == '+0000' else f'{zone[:3]}:{zone[3:5]}'}"


def day(created: str) -> str:
    """``3 March 2021``."""
    return readable(created[:10])
