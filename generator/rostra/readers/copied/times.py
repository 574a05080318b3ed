"""Times in copied text, in the languages of ``LANGUAGES``: where they stand in a line, never what they mean.

Words come from the CLDR (Unicode Technical Standard 35, "Dates"), which Babel carries: relative times ("3 hours ago"),
names of months and weekdays, words between the parts of a date, and units so short that only their place tells them
from other words ("3h").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from rostra.late import late

LANGUAGES = (
    "en", "zh", "zh_Hant", "hi", "es", "fr", "ar", "bn", "pt", "ru", "ur", "id", "de", "ja", "mr", "te", "tr", "ta", "vi",
    "ko", "fa", "it", "th", "pl", "uk", "nl", "ro", "el", "cs", "hu", "sv", "da", "nb", "fi", "he", "sr", "bg", "sk", "hr", "ca",
)  # fmt: skip
"""The commonest languages of pages with discussions."""
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
ONE = frozenset(
    "a an one ein eine einem einer un une una uno um uma een en ett et egy o один одну одна jeden jednu jedna".split()
)
"""Words that pages write for the number one."""
ROUGHLY = frozenset("about almost around over nearly ungefähr etwa fast environ circa cerca de vor il y a hace há".split())
LONGEST = 160
"""Code points of a line past which no time is looked for: a line that says when is short."""

_TOKEN = late(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_DIGIT = late(r"\d")

Kind = Literal["relative", "absolute", "short"]


class Time(NamedTuple):
    """A time in a line: code points ``start`` to ``end``, and of which kind it is."""

    start: int
    end: int
    kind: Kind


class _Words(NamedTuple):
    relative: dict[str, Any]
    """Tokens of whole phrases as nested dictionaries; the key ``""`` ends one."""
    short: frozenset[str]
    """Units that follow a number at once."""
    classes: dict[str, str]
    """What a token may be in a date: ``M`` month, ``W`` weekday, ``F`` a word between, ``A`` half of the day, ``Z`` zone."""


def times(line: str) -> list[Time]:
    """The times in a line, from the left, none within another."""
    if len(line) > LONGEST:
        return []
    tokens = [(match[0].casefold(), match.start(), match.end()) for match in _TOKEN.finditer(line)]
    words = _words()
    found: list[Time] = []
    classes = "".join(_class(word, words) for word, _, _ in tokens)
    spans = dict(_absolute(tokens, classes))
    at = 0
    while at < len(tokens):
        end, kind = at, "absolute"
        if (last := _relative(tokens, at, words)) > end:
            end, kind = last, "relative"
        if spans.get(at, 0) > end:
            end, kind = spans[at], "absolute"
        if end > at and (last := _clock(classes, end)) > end:
            end = last
        if end == at and (last := _short(tokens, at, words, line)) > end:
            end, kind = last, "short"
        if end > at:
            found.append(Time(tokens[at][1], tokens[end - 1][2], kind))  # type: ignore[arg-type]  # one of Kind
            at = end
        else:
            at += 1
    return found


def _relative(tokens: list[tuple[str, int, int]], at: int, words: _Words) -> int:
    """Where a relative time that begins at a token ends; ``at`` where none does."""
    best = begin = at
    while begin < len(tokens) and begin - at < 2 and tokens[begin][0] in ROUGHLY and not begin - at >= 2:
        begin += 1
    for start in {at, begin}:
        node = words.relative
        for here in range(start, min(start + 9, len(tokens))):
            word = "0" if tokens[here][0].isdecimal() else tokens[here][0]
            following = node.get(word)
            if following is None and word in ONE:
                following = node.get("0")
            if following is None:
                break
            node = following
            if "" in node:
                best = max(best, here + 1)
    return best


def _short(tokens: list[tuple[str, int, int]], at: int, words: _Words, line: str) -> int:
    """Where "3h" ends that begins at a token."""
    word, _, end = tokens[at]
    if word.isdecimal() and len(word) <= 3 and at + 1 < len(tokens):
        unit, start, last = tokens[at + 1]
        whole = last == len(line) or not (line[last].isalnum() or line[last] in "-_'’")
        if unit in words.short and start - end <= 1 and whole:
            return at + 2
    return at


_DATE = (
    r"(?:W[.,]*F?)?(?:"
    r"M\.?N(?:O)?(?:[,.]?F?Y|,?Q)?"  # March 4th, 2024
    r"|NO?[.]?[-/]?F?M\.?[,-]?/?F?(?:Y|Q)?F?"  # 4. März 2024, 4 de marzo de 2024
    r"|YF?[-/.]?M[-/.]?N(?:F)?"
    r"|Y[-/.]N[-/.]N"  # 2024-03-04
    r"|N[-/.]N[-/.](?:Y|N)"  # 04.03.2024
    r"|YFNFNF"  # 2024年3月4日
    r"|NFNF"
    r")"
)
_CLOCK = r"(?:A?N[:.h]N(?:[:.]N(?:\.D)?)?A?|NA)(?:\(?Z(?:[+-]N(?::?N)?)?\)?|[+-](?:N:?N|Y)|F)?"
_WHEN = late(rf"{_DATE}(?:T{_CLOCK})?|{_CLOCK}[,]?F?{_DATE}")
_THEN = late(rf"[,|·@-]?[FGx]{{0,2}}[,]?(?P<clock>{_CLOCK})")
"""A clock behind a day, with the words that languages put between."""


def _clock(classes: str, end: int) -> int:
    """Where the clock behind a day ends; ``end`` where there is none."""
    found = _THEN.match(classes, end)
    # Words between must be as short as "at", "um" and "a las", else they are the post's.
    return found.end() if found and found.start("clock") - end <= 2 else end


def _absolute(tokens: list[tuple[str, int, int]], classes: str) -> Iterator[tuple[int, int]]:
    """Dates, with their clock where one stands beside: first token and the one behind the last."""
    for match in _WHEN.finditer(classes):
        start, end = match.span()
        if not _possible([int(word) for word, _, _ in tokens[start:end] if word.isdecimal()], classes[start:end]):
            continue
        while end > start and classes[end - 1] in "F.,-/|·@" and not tokens[end - 1][0] in _MARKERS:
            end -= 1
        yield start, end


def _possible(numbers: list[int], classes: str) -> bool:
    """Whether numbers can be a date: three of one or two digits, as in a version, must be a day, a month and a year."""
    if "M" in classes or "Y" in classes:
        return True
    return len(numbers) >= 2 and min(numbers[:2]) <= 12 and max(numbers[:2]) <= 31 and (len(numbers) < 3 or numbers[2] >= 10)


_MARKERS = frozenset("日 일 号 г".split())


def _class(word: str, words: _Words) -> str:
    if word.isdecimal():
        return "Y" if len(word) == 4 else "N" if len(word) <= 2 else "D"
    if found := words.classes.get(word):
        return found
    return word if len(word) == 1 and word in ".,-/:|·@+()" else "x"


@cache
def _words() -> _Words:
    """The words of all languages together: a page mixes its own with its readers'."""
    from babel import Locale

    relative: dict[str, Any] = {}
    short: set[str] = {"m", "min", "h", "hr", "d", "w", "wk", "mo", "y", "yr", "s", "sec"}
    classes: dict[str, str] = dict.fromkeys(("st", "nd", "rd", "th", "er", "º", "ª"), "O")
    for language in LANGUAGES:
        locale: Any = Locale.parse(language)
        data = locale._data  # noqa: SLF001  # Babel carries these parts of the CLDR, and gives no other way to them
        for unit in UNITS:
            for width in ("", "-short", "-narrow"):
                field = data["date_fields"].get(unit + width, {})
                for phrase in field.get("past", {}).values():
                    _add(relative, phrase)
                for distance, phrase in field.get("relative", {}).items():
                    if distance < 0 or (unit, distance) == ("day", 0):
                        _add(relative, phrase)
            for width in ("narrow", "short"):
                for phrase in data["unit_patterns"].get(f"duration-{unit}", {}).get(width, {}).values():
                    tokens = _tokens(phrase)
                    if len(tokens) == 2 and tokens[0] == "0":
                        short.add(tokens[1])
        for kind, name in (("months", "M"), ("days", "W")):
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    for word in data[kind].get(context, {}).get(width, {}).values():
                        tokens = [token for token in _tokens(word) if token not in (".", "0")]
                        if len(tokens) == 1 and not _DIGIT.search(word):
                            classes.setdefault(tokens[0], name)
        for width in ("wide", "abbreviated"):
            for half, word in data["day_periods"].get("format", {}).get(width, {}).items():
                if half in ("am", "pm"):
                    tokens = _tokens(word)
                    if len(tokens) == 1 and tokens[0] != "0":
                        classes.setdefault(tokens[0], "A")
        for width in ("long", "medium", "full"):
            for pattern in (data["date_formats"].get(width), data["datetime_formats"].get(width)):
                for token in _tokens(_literal(getattr(pattern, "pattern", pattern))):
                    if token.isalpha():
                        classes.setdefault(token, "F")
    classes |= dict.fromkeys(("am", "pm"), "A") | dict.fromkeys(("utc", "gmt", "z"), "Z") | {"t": "T", "h": "h"}
    for word in ("jan feb mar apr may jun jul aug sep sept oct nov dec").split():
        classes[word] = "M"
    for phrase in ("just now", "moments ago", "a moment ago", "a while ago", "a few seconds ago", "last week", "last month", "last year"):
        _add(relative, phrase)
    return _Words(relative, frozenset(short), classes)


def _tokens(phrase: str) -> list[str]:
    """The tokens of a phrase of the CLDR, its number as ``0``."""
    return ["0" if token.isdecimal() else token for token in (m[0].casefold() for m in _TOKEN.finditer(phrase.replace("{0}", "0").replace("\u200e", "").replace("\u200f", "")))]


def _add(tree: dict[str, Any], phrase: str) -> None:
    for token in _tokens(phrase):
        tree = tree.setdefault(token, {})
    tree[""] = {}


def _literal(pattern: Any) -> str:
    """The words of a pattern for dates, without its letters that stand for parts."""
    text = str(pattern or "").replace("{0}", " ").replace("{1}", " ")
    quoted = " ".join(re.findall(r"'([^']+)'", text))
    rest = re.sub(r"[A-Za-z]+", " ", re.sub(r"'[^']*'", " ", text))
    return f"{quoted} {rest}"
