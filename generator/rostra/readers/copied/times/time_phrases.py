"""Phrases of the CLDR for times and spans of time, and how texts are divided into words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rostra.system.lazy_regex import late

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")

_MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e"
)
"""Combining marks within the words of many scripts, such as vowel signs, which are not letters."""
_LETTERS = rf"(?:(?!\d)[^\W_]|(?!\d)[{_MARKS}])+"
_DOTTED = r"(?:(?!\d)[\u0e01-\u0e4e]){1,4}\.[\u0e01-\u0e2e]\."
"""A Thai abbreviation, such as that of a month."""
TOKEN = late(rf"\d+|{_DOTTED}|{_LETTERS}(?:['’]{_LETTERS})*|\S")


def past_phrases(data: Any) -> Iterator[str]:
    """Yield the phrases of a language for relative times in the past."""
    for unit in UNITS:
        for width in ("", "-short", "-narrow"):
            field = data["date_fields"].get(unit + width, {})
            past = field.get("past", {})
            yield from past.values()
            # Pages of many languages leave out the number one: "godzinę temu".  Short forms without it are no times: "- t".
            alone = past.get("one", "").replace("{0}", "")
            if not width and len(alone.split()) > 1:
                yield alone
            for distance, phrase in field.get("relative", {}).items():
                if distance < 0 or (unit, distance) == ("day", 0):
                    yield phrase


def span_phrases(data: Any) -> Iterator[str]:
    """Yield the phrases of a language for a number of units of time."""
    for unit in UNITS:
        for width in ("long", "short"):
            yield from data["unit_patterns"].get(f"duration-{unit}", {}).get(width, {}).values()


def short_units(data: Any) -> Iterator[str]:
    """Yield the shortest words of a language for units of time."""
    for unit in UNITS:
        for width in ("narrow", "short"):
            for phrase in data["unit_patterns"].get(f"duration-{unit}", {}).get(width, {}).values():
                tokens = phrase_tokens(phrase)
                if len(tokens) == 2 and tokens[0] == "0":
                    yield tokens[1]


def phrase_tokens(phrase: str) -> list[str]:
    """Return the tokens of a phrase of the CLDR, with its number as ``0``."""
    shown = phrase.replace("{0}", "0").replace("\u200e", "").replace("\u200f", "")
    return ["0" if match[0].isdecimal() else match[0].casefold() for match in TOKEN.finditer(shown)]
