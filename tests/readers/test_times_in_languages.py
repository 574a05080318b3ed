"""The times that pages of forty languages write are found whole: relative ones, and days in the forms of the CLDR."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from babel import Locale
from babel.dates import format_date, format_timedelta

from rostra.readers.copied.times.time_phrases import UNITS
from rostra.readers.copied.times.time_spans import LANGUAGES, times

DOTTED = {"th", "he"}
"""Languages whose short names of months have dots or signs within: these are not read."""
DAYS = (date(2024, 3, 4), date(2023, 5, 27), date(2021, 12, 31))


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in times(text)]


def test_there_are_thirty_languages_and_more() -> None:
    assert len(set(LANGUAGES)) == len(LANGUAGES) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_relative_times_of_every_unit_are_found_whole(language: str) -> None:
    for n, unit in enumerate(UNITS, 2):
        for width in ("long", "short", "narrow"):
            delta: Any = {
                "second": 1,
                "minute": 60,
                "hour": 3600,
                "day": 86400,
                "week": 604800,
                "month": 2592000,
                "year": 31536000,
            }
            said = format_timedelta(
                -timedelta(seconds=n * delta[unit]), granularity=unit, threshold=1e9, add_direction=True, format=width, locale=language
            )  # fmt: skip
            said = said.replace("\u200e", "").replace("\u200f", "")
            assert found(said) == [said.rstrip(".")] or found(said) == [said], (language, unit, width)


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_with_the_name_of_their_month_are_found(language: str) -> None:
    names = {width: Locale.parse(language).months["format"][width] for width in ("wide", "abbreviated")}
    for day in DAYS:
        for form in ("long",) if language in DOTTED else ("long", "medium"):
            said = format_date(day, form, locale=language)
            (first, *_) = found(said) or [""]
            shown = names["wide"][day.month] in said or names["abbreviated"][day.month] in said
            assert str(day.day) in first or not shown, (language, said, first)
            assert str(day.year) in first or not shown, (language, said, first)
