"""Read dates with a time of day, as copied pages show them, as local times: these pages show no zone.

Only what is certain is read: every word of a time must be known, a month must be the same in all languages that have
its name, and numbers with a slash between them are read only if other times of the page show which one is the month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from rostra.readers.copied.times.time_phrases import phrase_tokens
from rostra.readers.copied.times.time_spans import LANGUAGES, classed, literal
from rostra.system.lazy_regex import late

YEARS = range(1970, 2100)
"""Other years are not Gregorian, or are no years."""
DayOrder = Literal["day first", "month first"]

_CLOCK = r"(?P<half>A)?(?P<hour>N)[:.h](?P<minute>N)(?:[:.](?P<second>N)(?:\.[DN])?)?(?P<late>A)?[FB]?"
_THEN = r"(?:[,|·@-]|\([WF]\))*[FB.]{0,3},?"
_DATES = (
    r"(?P<month>M)\.?(?P<day>N)O?[,.]?F?(?P<year>Y)",
    r"(?P<day>N)O?\.?[-/]?F?(?P<month>M)\.?[,-]?/?F{0,2}(?P<year>Y)F?",
    r"(?P<year>Y)F?[-/.]?(?P<month>M)[-/.]?(?P<day>N)F?",
    r"(?P<year>Y)(?P<mark>[-/.])(?P<month>N)(?P=mark)(?P<day>N)",
    r"(?P<year>Y)F(?P<month>N)[FW](?P<day>N)[FW]",
    r"(?P<day>N)\.(?P<month>N)(?:\.|,)(?P<year>Y)",
)
_WEEKDAY = r"(?:F?W[.,]*F?)?"
_FORMS = tuple(
    late(form)
    for date in _DATES
    for form in (rf"{_WEEKDAY}{date}(?:T|{_THEN}){_CLOCK}", rf"{_CLOCK}[,·]?[FB]?{_WEEKDAY}{date}")
)
_SLASHED = r"(?P<first>N)(?P<mark>[-/])(?P<other>N)(?P=mark)(?P<year>Y)"
_UNORDERED = (late(rf"{_WEEKDAY}{_SLASHED}{_THEN}{_CLOCK}"), late(rf"{_CLOCK}[,·]?[FB]?{_WEEKDAY}{_SLASHED}"))
"""Dates whose day may be the first number or the second."""


class _TimeWords(NamedTuple):
    months: dict[str, int]
    """The number of a month by its name, without names that languages have for different months."""
    halves: dict[str, bool]
    """Whether a word for half of a day means the second half."""
    between: frozenset[str]
    """Words beside a clock that do not change its meaning."""


def day_order(times: Iterable[str]) -> DayOrder | None:
    """Return which number of the dates is the day, if some of them show it and none contradicts them."""
    days: set[DayOrder] = set()
    for text in times:
        tokens, classes = _classed(text)
        for form in _UNORDERED:
            if found := form.fullmatch(classes):
                first, other = (int(tokens[found.start(name)]) for name in ("first", "other"))
                if max(first, other) > 12:
                    days.add("day first" if first > 12 else "month first")
    return days.pop() if len(days) == 1 else None


def local_time(text: str, order: DayOrder | None) -> str | None:
    """Return a date with a time of day as in RFC 3339, without a zone; None if it is not certain, or has a zone.

    ``order`` says which of two numbers with a slash after them is the day.
    """
    tokens, classes = _classed(text)
    for form in (*_FORMS, *(_UNORDERED if order else ())):
        if found := form.fullmatch(classes):
            said = {name: tokens[found.start(name)] for name, value in found.groupdict().items() if value}
            return _moment(said, order)
    return None


def _classed(text: str) -> tuple[list[str], str]:
    """Return the tokens of a text and their classes; words beside a clock have the class ``B``."""
    tokens, classes = classed(text)
    between = _words().between
    return tokens, "".join("B" if token in between else kind for token, kind in zip(tokens, classes, strict=True))


def _moment(said: dict[str, str], order: DayOrder | None) -> str | None:
    month, day = said.get("month", ""), said.get("day", "")
    if "first" in said:
        day, month = (said["first"], said["other"]) if order == "day first" else (said["other"], said["first"])
    number = int(month) if month.isdecimal() else _words().months.get(month)
    hour, half = int(said["hour"]), said.get("half") or said.get("late")
    if half:
        is_late = _words().halves.get(half)
        if is_late is None or not 1 <= hour <= 12 or {"half", "late"} <= said.keys():
            return None
        hour = hour % 12 + 12 * is_late
    if number is None or int(said["year"]) not in YEARS or len(said["minute"]) != 2:
        return None
    try:
        at = datetime(int(said["year"]), number, int(day), hour, int(said["minute"]), int(said.get("second", 0)))  # noqa: DTZ001  # the page shows no zone
    except ValueError:
        return None
    return at.isoformat(timespec="seconds")


@cache
def _words() -> _TimeWords:
    from babel import Locale

    months: dict[str, set[int]] = {}
    halves: dict[str, set[bool]] = {}
    # Words of pages, not of the patterns of the CLDR.
    between = {"on", "uhr", "las"}
    for language in LANGUAGES:
        # Babel contains these parts of the CLDR without a public interface to them.
        data: Any = Locale.parse(language)._data  # noqa: SLF001
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in data["months"].get(context, {}).get(width, {}).items():
                    tokens = [token for token in phrase_tokens(name) if token not in (".", "0")]
                    if len(tokens) == 1:
                        months.setdefault(tokens[0], set()).add(number)
        for width in ("wide", "abbreviated"):
            for half, word in data["day_periods"].get("format", {}).get(width, {}).items():
                if half in ("am", "pm"):
                    halves.setdefault(word.casefold(), set()).add(half == "pm")
        for pattern in data["datetime_formats_relative"].values():
            between |= {token for token in phrase_tokens(literal(pattern)) if token[0].isalpha()}
    return _TimeWords(
        {name: numbers.pop() for name, numbers in months.items() if len(numbers) == 1},
        {word: late_.pop() for word, late_ in halves.items() if len(late_) == 1},
        frozenset(between),
    )
