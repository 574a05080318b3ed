"""Times for people, from RFC 3339, by the rules of the language (Unicode CLDR, from Babel)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905  # read at a glance
)
TO = "\N{THIN SPACE}–\N{THIN SPACE}"
"""Between two days that are not in one month, as CLDR has it."""


def readable(created: str, language: str = ENGLISH) -> str:
    """``3 March 2021, 10:15 UTC``, in the zone of the time; the text itself if it is not a time."""
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return created
    day = _day(at.year, at.month, at.day, language)
    if len(created) <= 10:
        return day
    time = _time(at.hour, at.minute, language)
    if at.tzinfo is not None:
        zone = "+0000" if at.tzinfo is UTC else at.strftime("%z")
        time += " UTC" if zone == "+0000" else f" {zone[:3]}:{zone[3:5]}"
    return _joined(language).format(time, day)


def day(created: str, language: str = ENGLISH) -> str:
    """``3 March 2021``."""
    return readable(created[:10], language)


def short_day(created: str, language: str = ENGLISH) -> str:
    """``3 Mar 2021``, where a line has little room; the text itself if it is not a time."""
    try:
        at = datetime.fromisoformat(created[:10])
    except ValueError:
        return created
    return _short_day(at.year, at.month, at.day, language)


def period(first: str, last: str, language: str = ENGLISH) -> str:
    """``3–7 March 2021``: the days from one time to another, which name a month and a year once if they share it.

    CLDR has intervals with short names of months only.
    """
    try:
        one, other = (datetime.fromisoformat(each[:10]).date() for each in (first, last))
    except ValueError:
        return f"{first}{TO}{last}"
    if one == other:
        return day(first, language)
    if language != ENGLISH:
        from babel.dates import format_interval

        return format_interval(one, other, "yMMMd", locale=_locale(language))
    if (one.year, one.month) == (other.year, other.month):
        return f"{one.day}–{day(last)}"
    begun = day(first).removesuffix(f" {one.year}") if one.year == other.year else day(first)
    return f"{begun}{TO}{day(last)}"


def format_number(count: int, language: str = ENGLISH) -> str:
    """``12,345``, grouped as the language groups, with a minus sign, which is wider than a hyphen."""
    if language == ENGLISH:
        written = f"{count:,}"
    else:
        from babel.numbers import format_decimal

        written = format_decimal(count, locale=_locale(language))
    return written.replace("-", "\N{MINUS SIGN}")


# A thread has many posts of one day, so the functions below are cached.


@lru_cache(maxsize=10_000)
def _day(year: int, month: int, day: int, language: str) -> str:
    if language == ENGLISH:
        return f"{day} {MONTHS[month - 1]} {year}"
    from datetime import date

    from babel.dates import format_date

    return format_date(date(year, month, day), "long", locale=_locale(language))


@lru_cache(maxsize=10_000)
def _short_day(year: int, month: int, day: int, language: str) -> str:
    if language == ENGLISH:
        return f"{day} {MONTHS[month - 1][:3]} {year}"
    from datetime import date

    from babel.dates import format_skeleton

    return format_skeleton("yMMMd", date(year, month, day), locale=_locale(language))


@lru_cache(maxsize=10_000)
def _time(hour: int, minute: int, language: str) -> str:
    if language == ENGLISH:
        return f"{hour:02}:{minute:02}"
    from datetime import time

    from babel.dates import format_time

    return format_time(time(hour, minute), "short", locale=_locale(language))


@lru_cache
def _joined(language: str) -> str:
    """The pattern that joins a time (0) and a day (1)."""
    return "{1}, {0}" if language == ENGLISH else str(_locale(language).datetime_formats["medium"]).replace("'", "")


@lru_cache
def _locale(language: str) -> Locale:
    """The CLDR locale of a BCP 47 tag, or of its longest known prefix; English if none is known."""
    from babel import Locale, UnknownLocaleError

    parts = language.replace("_", "-").split("-")
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return Locale("en", "GB")
