"""Find times in copied text, in the languages of ``LANGUAGES``: which words of a line are a time, not what it means.

Words come from the CLDR (Unicode Technical Standard 35, part 4, "Dates"), which Babel contains: relative times
("3 hours ago"), names of months and weekdays, words between the parts of a date, and units so short that only their
position distinguishes them from other words ("3h").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from rostra.readers.copied.page_words import as_pages_write, words_for
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.copied.times.not_times import without_other_numbers
from rostra.readers.copied.times.time_phrases import TOKEN, past_phrases, phrase_tokens, short_units, span_phrases
from rostra.system.lazy_regex import late

LANGUAGES = (
    "en", "zh", "zh_Hant", "hi", "es", "fr", "ar", "bn", "pt", "ru", "ur", "id", "de", "ja", "mr", "te", "tr", "ta", "vi",
    "ko", "fa", "it", "th", "pl", "uk", "nl", "ro", "el", "cs", "hu", "sv", "da", "nb", "fi", "he", "sr", "bg", "sk", "hr", "ca",
)  # fmt: skip
"""The most common languages of pages with discussions."""
SHORT = frozenset(
    ["s", "sec", "secs", "m", "min", "mins", "h", "hr", "hrs", "d", "w", "wk", "wks", "mo", "mos", "y", "yr", "yrs"]
)
"""Units that English pages put after a number."""
EDGE = 120
"""How many code points at the beginning and at the end of a line are searched for times."""
PROSE = 60
"""In a line of this many code points, a time must have a digit."""

_DIGIT = late(r"\d")
_JOINED = late(r"([^\W\dA-Za-z_]+)MMM")


class _Words(NamedTuple):
    relative: dict[str, Any]
    """Tokens of whole phrases as nested dictionaries; the key ``""`` ends one."""
    spans: dict[str, Any]
    """Tokens of phrases for spans of time: "3 weeks" on a line of its own means "3 weeks ago"."""
    short: frozenset[str]
    """Units that follow a number directly."""
    classes: dict[str, str]
    """The classes of a token in a date: ``M`` month, ``W`` weekday, ``F`` a word between, ``A`` "am" or "pm", ``Z`` zone,
    ``B`` a word between a clock and the day after it."""


def times(line: str) -> list[tuple[int, int]]:
    """Return the times in a line as half-open ranges of code points, in order; of a long line, those near its ends."""
    if len(line) <= 2 * EDGE:
        return _times(line) if len(line) <= PROSE or _DIGIT.search(line) else []
    found = _times(line[:EDGE]) if _DIGIT.search(line, 0, EDGE) else []
    last = len(line) - EDGE
    if _DIGIT.search(line, last):
        found += [(last + start, last + end) for start, end in _times(line[last:])]
    return found


def classed(text: str) -> tuple[list[str], str]:
    """Return the tokens of a text in lower case, and the class of each, a character: ``N`` for a number, ``Y`` for a year."""
    tokens = [match[0].casefold() for match in TOKEN.finditer(text)]
    return tokens, "".join(_class(token, _words().classes) for token in tokens)


def _times(text: str) -> list[tuple[int, int]]:
    tokens = [(match[0].casefold(), match.start(), match.end()) for match in TOKEN.finditer(text)]
    words = _words()
    end = _relative(tokens, 0, words.spans) if tokens and tokens[0][0].isdecimal() else 0
    # Words behind it are the page's, "3 weeks edited", or those of a person.
    if end and (end == len(tokens) or EDITED.fullmatch(text[tokens[end][1] :])):
        return [(tokens[0][1], tokens[end - 1][2])]
    classes = without_other_numbers(tokens, "".join(_class(word, words.classes) for word, _, _ in tokens), text)
    dates = dict(_dates(tokens, classes)) if "N" in classes or "Y" in classes else {}
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        if at and tokens[at - 1][0] == "#" and tokens[at][0].isdecimal():
            at += 1  # the number of a post, before a name such as "May"
            continue
        day = dates.get(at, at)
        # "Jan 3 hours ago": Jan wrote.
        if any(_relative(tokens, n, words.relative) > day for n in range(at + 1, day)):
            day = at
        end = max(_relative(tokens, at, words.relative), day)
        end = max(end, _clock(classes, end)) if end > at else _short(tokens, at, words.short, text)
        if end > at:
            found.append((tokens[at][1], tokens[end - 1][2]))
        at = max(end, at + 1)
    return found


def _relative(tokens: list[tuple[str, int, int]], at: int, phrases: dict[str, Any]) -> int:
    """Return where a relative time that begins at a token ends; ``at`` if none begins there."""
    best, nodes = at, [phrases]
    for here in range(at, min(at + 10, len(tokens))):
        word = tokens[here][0]
        words = ("0",) if word.isdecimal() else (word, "0") if word in words_for("one") else (word,)
        # A word for the number one may also be a word of a phrase.
        # Pages write abbreviations with a full stop and without: "5 min. temu", "5 min temu".
        stopped = [node["."] for node in nodes if "." in node]
        kept = nodes if word == "." and here > at else []
        nodes = [node[each] for node in (*nodes, *stopped) for each in words if each in node] + kept
        if here == at and word in words_for("roughly"):
            nodes.append(phrases)
        if not nodes:
            break
        if any("" in node for node in nodes):
            best = here + 1
    return best


def _short(tokens: list[tuple[str, int, int]], at: int, units: frozenset[str], line: str) -> int:
    """Return where a short time such as "3h" that begins at a token ends; ``at`` if none begins there."""
    word, start, end = tokens[at]
    if not word.isdecimal() or len(word) > 3 or at + 1 == len(tokens):
        return at
    unit, begin, last = tokens[at + 1]
    free = last == len(line) or not (line[last].isalnum() or line[last] in "-_'’")
    apart = start == 0 or not (line[start - 1].isalnum() or line[start - 1] in "-_.")
    return at + 2 if unit in units and begin - end <= 1 and free and apart else at


_DATE = (
    r"(?:W[.,]*F?)?(?:"
    r"M\.?N(?:O)?(?:[,.]?F?Y|,?'N)?"  # March 4th, 2024
    r"|M\.?'N"  # Mar '24
    r"|M[.,]?F?Y"  # May 2023, maio de 2023
    r"|N/M/N"  # 04/Mar/24
    r"|N[FM]N(?:,?Y|(?=[Fx]N:N))"  # 4 tháng 3, 2024; 4 tháng 3 lúc 10:21
    r"|NO?[.]?[-/]?F?M\.?[,-]?/?(?:F\.?){0,2}(?:Y|'N)?F?"  # 4. März 2024, 4 de marzo de 2024
    r"|YF?[-/.]?M[-/.]?N(?:F)?"
    r"|Y[-/.]N[-/.]N"  # 2024-03-04
    r"|N[-/.]N[-/.](?:Y|N)"  # 04.03.2024
    r"|N\.N,Y(?=@?A?N:N)"  # 17.07, 2011 @ 13:04
    r"|N/N(?=,?A?N:N)"  # 3/4 2:02 PM
    r"|YFN[FW]N[FW]"  # 2024年3月4日; 월 also means Monday
    r"|NFNF"
    r")"
)
_CLOCK = r"(?:A?N[:.h]N(?:[:.]N(?:\.[DN])?)?A?|NA)(?:\(?Z(?:[+-]N(?::?N)?)?\)?|[+-](?:N:?N|Y)|F)?"
_WHEN = late(rf"{_DATE}(?:T{_CLOCK})?|{_CLOCK}[,·]?[FB]?{_DATE}(?:\(Z\))?|(?<![N:.])(?:A?N:N(?::N)?A?)(?![N:.])")
"""A day, a day with a clock before or after it, or a clock alone, as chats write it for today."""
_THEN = late(rf"(?:(?<=[-/.][NY])\.|[,|·@-]{{0,2}}|\([WF]\)|W)(?:[FGx]{{1,2}}[,.]?|,?)(?P<clock>{_CLOCK})")
"""A clock after a day, with the words that languages put between."""
_MARKERS = frozenset(["日", "일", "号", "г"])


def _clock(classes: str, end: int) -> int:
    """Return where the clock after a day ends; ``end`` if there is none."""
    found = _THEN.match(classes, end)
    # Only a few words such as "at", "um" and "a las" may be between; more belong to the post.
    return found.end() if found and found.start("clock") - end <= 3 else end


def _dates(tokens: list[tuple[str, int, int]], classes: str) -> Iterator[tuple[int, int]]:
    """Yield the dates, with a clock before them if there is one, as half-open ranges of tokens."""
    for match in _WHEN.finditer(classes):
        start, end = match.span()
        numbers = [int(word) for word, _, _ in tokens[start:end] if word.isdecimal()]
        # A clock behind it tells "24-3-4 10:21" from a version.
        behind = classes[end : end + 3] if classes[start:end] == "N-N-N" else ""
        if not _possible(numbers, classes[start:end] + behind) or not _is_clock(tokens[start:end], classes[start:end]):
            continue
        while end > start and classes[end - 1] in "F.,-/|·@" and tokens[end - 1][0] not in _MARKERS:
            end -= 1
        yield start, end


def _possible(numbers: list[int], classes: str) -> bool:
    """Whether numbers can be a date: three numbers of one or two digits, as in a version, must be day, month and year."""
    if re.search(r"[MY]|N:N", classes):
        return True
    return (
        len(numbers) >= 2
        and min(numbers[:2]) <= 12
        and max(numbers[:2]) <= 31
        and (len(numbers) < 3 or numbers[2] >= 10)
    )


def _is_clock(tokens: list[tuple[str, int, int]], classes: str) -> bool:
    """Whether tokens without a day are a clock or the place in a recording: two digits of minutes, "am" or "pm" only with hours."""
    if re.search(r"[MY]|N[-/.]N|F", classes):
        return True
    figures = [word for word, _, _ in tokens if word.isdecimal()]
    return len(figures[1]) == 2 and int(figures[1]) < 60 and ("A" not in classes or int(figures[0]) < 25)


def _class(word: str, classes: dict[str, str]) -> str:
    if word.isdecimal():
        return "Y" if len(word) == 4 else "N" if len(word) <= 2 else "D"
    return classes.get(word) or (
        word if len(word) == 1 and word in ".,-/:|·@+()'" else {"’": "'", "،": ","}.get(word, "x")
    )


@cache
def _words() -> _Words:
    """Return the words of all languages together: a page mixes its own language with its reader's."""
    from babel import Locale

    relative: dict[str, Any] = {}
    spans: dict[str, Any] = {}
    short = set(SHORT)
    classes = dict.fromkeys(("st", "nd", "rd", "th", "er", "º", "ª"), "O")
    for language in LANGUAGES:
        # Babel contains these parts of the CLDR without a public interface to them.
        data: Any = Locale.parse(language)._data  # noqa: SLF001
        _add(relative, as_pages_write(language, past_phrases(data)))
        _add(spans, span_phrases(data))
        short.update(short_units(data))
        for word, kind in _parts_of_dates(data):
            classes.setdefault(word, kind)
    classes |= (
        dict.fromkeys(("am", "pm"), "A") | dict.fromkeys(("utc", "gmt", "z"), "Z") | {"t": "T", "h": "h", "on": "B"}
    )
    classes |= dict.fromkeys(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"], "M"
    )
    _add(relative, (f"{{0}} {unit} ago" for unit in SHORT))
    return _Words(relative, spans, frozenset(short), classes)


def _parts_of_dates(data: Any) -> Iterator[tuple[str, str]]:
    """Yield the words of a language in dates, each with its class."""
    for kind, name in (("months", "M"), ("days", "W")):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for word in data[kind].get(context, {}).get(width, {}).values():
                    tokens = [token for token in phrase_tokens(word) if token not in (".", "0")]
                    if len(tokens) == 1:
                        yield tokens[0], "F" if _DIGIT.search(word) else name
    for width in ("wide", "abbreviated"):
        for half, word in data["day_periods"].get("format", {}).get(width, {}).items():
            tokens = phrase_tokens(word)
            if half in ("am", "pm") and len(tokens) == 1 and tokens[0] != "0":
                yield tokens[0], "A"
    for width in ("long", "medium", "full"):
        for pattern in (data["date_formats"].get(width), data["datetime_formats"].get(width)):
            text = str(getattr(pattern, "pattern", pattern))
            eras = data["eras"]["abbreviated"].values() if "G" in text else ()
            for token in phrase_tokens(" ".join((literal(text), *eras))):
                if token[0].isalpha():
                    yield token, "F"
            # A month may have a word attached to its beginning.
            if joined := _JOINED.search(text):
                months = (*data["months"]["format"]["wide"].values(), *data["months"]["format"]["abbreviated"].values())
                yield from ((joined[1] + month.casefold(), "M") for month in months)


def _add(tree: dict[str, Any], phrases: Iterable[str]) -> None:
    for phrase in phrases:
        node = tree
        for token in phrase_tokens(phrase):
            node = node.setdefault(token, {})
        node[""] = {}


def literal(pattern: Any) -> str:
    """Return the words of a date pattern, without the letters that represent parts of the date."""
    text = str(pattern or "").replace("{0}", " ").replace("{1}", " ")
    quoted = " ".join(re.findall(r"'([^']+)'", text))
    rest = re.sub(r"[A-Za-z]+", " ", re.sub(r"'[^']*'", " ", text))
    return f"{quoted} {rest}"
