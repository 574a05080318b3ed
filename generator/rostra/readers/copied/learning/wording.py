"""Find the common wording of lines that differ only in a name: words that recur belong to the page, the rest to slots."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.word_tokens import (
    FIGURE,
    MOST,
    NEARLY_ALL,
    RARELY,
    WordingTokens,
    WordToken,
    constant_words,
    line_tokens,
    ordered_words,
)
from rostra.readers.copied.names import is_name
from rostra.readers.copied.page_words import any_of
from rostra.readers.copied.slots import NUMBER, TIME
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

OFTEN = 0.3
"""The share of the lines with a word above which it is hardly a name."""
NUMERIC = late(NUMBER)
_SCORE = late(lambda: rf"{any_of('votes')}|^(?:arrow-up|▲|↑|👍)", re.IGNORECASE)
_ADDRESS = late(r"\b(?:id|ip)\s*[:：]?\s*\{author\}")
"""A label of an address or of an identifier: the text after it is not a person's name."""
MOST_ABSENT = 8
"""The most parts that some lines lack in a wording: sentences share more by chance, and each may double the time to match."""
MOST_FREE = 2
"""The most places of a wording with any words: each multiplies the time to match by the length of a line."""


class Wording(NamedTuple):
    """The wording of lines, and the name in each; None for a line with another wording."""

    item: TemplateLine
    names: list[str | None]


class _Way(NamedTuple):
    """The rules that separate words of the page from other words."""

    least: float
    """The least share of the lines that contain a word of the page."""
    backwards: bool = False
    """Whether the occurrences of a word are counted from the end of a line."""
    named: bool = True
    """Whether the words that differ are a name."""


def worded(lines: Sequence[DumpLine], *, named: bool = True) -> Wording | None:
    """Return the wording of lines; None if too many of them have another.

    If they are not ``named``, the words that differ, such as a place, go to ``{any}`` and not to ``{author}``.
    """
    timed = bool(lines) and all(line.times for line in lines)
    # Beside a time a rare word may belong to the page; in a line of its own, it is part of a name unless no wording fits.
    # Names that are in two places of the lines hide their wording; few names are in so many lines as words of the page.
    ways = [RARELY, OFTEN, MOST] if timed else [MOST, RARELY]
    for way in (_Way(least, backwards, named) for least in ways for backwards in (False, True)):
        if found := _worded(lines, way):
            return _without_others(lines, found, way)
    return None


def _without_others(lines: Sequence[DumpLine], found: Wording, way: _Way) -> Wording | None:
    """Return the wording of the lines that match: a few others would make everything that these share seem optional."""
    good = [n for n, line in enumerate(lines) if found.item.match(line) is not None]
    if len(good) == len(lines) or len(good) < NEARLY_ALL * len(lines):
        return found
    again = _worded([lines[n] for n in good], way)
    if again is None:
        return None
    names: list[str | None] = [None] * len(lines)
    for n, name in zip(good, again.names, strict=True):
        names[n] = name
    return Wording(again.item, names)


def _worded(lines: Sequence[DumpLine], way: _Way) -> Wording | None:
    if not lines:
        return None
    tokens = [line_tokens(line.masked, backwards=way.backwards) for line in lines]
    constant = constant_words([each.tokens for each in tokens], max(2, way.least * len(lines)))
    if all(is_name(line.masked) for line in lines if "," in line.masked):
        # "Weir, Ada" is a name.
        constant = {token: count for token, count in constant.items() if token.text != ","}
    order = ordered_words([each.tokens for each in tokens], constant)
    if order is None:
        return None
    pattern, named = _pattern(tokens, order, constant)
    if pattern.count("{?") > MOST_ABSENT or pattern.count("{any}") > MOST_FREE:
        return None
    if not way.named or _ADDRESS.search(pattern):
        pattern, named = pattern.replace("{author}", "{any}"), False
    if pattern.count("{any}") > 1 and all(token.text == TIME for token in order):
        return None  # Any sentence with a time in it has this wording.
    item = TemplateLine(pattern)
    names: list[str | None] = [None] * len(lines)
    good = 0
    for n, line in enumerate(lines):
        held = item.match(line)
        if held is None:
            continue
        name = held.get("author", "")
        if not named:
            good += 1
        elif is_name(name) and not FURNITURE.match(name) and not EDITED.search(name):
            names[n] = name
            good += 1
    return Wording(item, names) if good >= NEARLY_ALL * len(lines) else None


class _Free(NamedTuple):
    """What lines have between words of the page, by the index of the word before it; -1 means before the first."""

    words: Counter[int]
    """Lines with words there."""
    numbers: Counter[int]
    """Lines with a number there, separate or at the end of words."""
    leading: Counter[int]
    """Lines with a number there that is followed by words."""
    tight: Counter[WordToken]


def _free(tokens: Sequence[WordingTokens], order: Sequence[WordToken]) -> _Free:
    position = {token: n for n, token in enumerate(order)}
    words, numbers, leading = Counter[int](), Counter[int](), Counter[int]()
    tight = Counter[WordToken]()
    for each in tokens:
        at = -1
        run: list[WordToken] = []
        for token in (*each.tokens, None):
            if token is not None and token not in position:
                run.append(token)
                continue
            named = any(other.is_word for other in run)
            words[at] += named
            leading[at] += named and bool(FIGURE.fullmatch(run[0].text))
            if run and FIGURE.fullmatch(run[-1].text) and (not named or token is not None):
                # A number belongs to the word after it.
                numbers[at if token is None else position[token] - 1] += 1
            run = []
            if token is not None:
                at = position[token]
                tight[token] += token in each.tight
    return _Free(words, numbers, leading, tight)


def _pattern(
    tokens: Sequence[WordingTokens], order: Sequence[WordToken], constant: dict[WordToken, int]
) -> tuple[str, bool]:
    """Return the pattern of lines whose constant words are known, and whether it contains a name."""
    total = len(tokens)
    free = _free(tokens, order)
    most = max(free.words, key=lambda place: (free.words[place], -place), default=-1)
    named = most if free.words[most] >= NEARLY_ALL * total else None
    pattern = ""
    place = -1
    while place < len(order):
        last = place
        if place >= 0:
            last = _together(order, place, constant, free)
            shown = "".join(
                _shown(token, free.tight[token] * 2 > constant[token], pattern) for token in order[place : last + 1]
            )
            pattern += shown if constant[order[place]] == total else f" {{?{shown.strip()}}}"
        pattern += _between(last, named, order, free, total, pattern)
        place = last + 1
    return pattern.strip(), named is not None


def _together(order: Sequence[WordToken], place: int, constant: dict[WordToken, int], free: _Free) -> int:
    """Return the last of the words from ``place`` that are in the same number of lines, with nothing between them."""
    while (
        place + 1 < len(order)
        and constant[order[place + 1]] == constant[order[place]]
        and not free.words[place]
        and not free.numbers[place]
    ):
        place += 1
    return place


def _shown(token: WordToken, tight: bool, before: str) -> str:
    """Return a word of the page as the pattern has it."""
    text = "{any}" if token.text in "{}" else token.text
    if text == TIME:
        text = "{any}" if "{time}" in before else "{time}"
    return text if tight else f" {text}"


def _between(place: int, named: int | None, order: Sequence[WordToken], free: _Free, total: int, before: str) -> str:
    """Return what the pattern has after a word of the page: a name, a number, other words."""
    words, numbers = free.words[place], free.numbers[place]
    numbered = before.endswith(("#", " no.", "№")) and "{id}" not in before
    first = (" {id}" if numbered else " {number}") if free.leading[place] == total else ""
    out = f"{first} {{author}}" if place == named else " {?{any}}" if words >= RARELY * total else ""
    # A number at the end of a name belongs to the name, unless nearly all names have one.
    if numbers and (words < RARELY * total or numbers >= MOST * total):
        beside = order[place + 1].text if place + 1 < len(order) else ""
        slot = "{score}" if _SCORE.search(beside) and "{score}" not in before else "{number}"
        if numbered:
            slot = "{id}"
        out += f" {slot}" if numbers == total else f" {{?{slot}}}"
    return out


def names_only(item: TemplateLine) -> bool:
    """Whether a line consists of a name and words of the page only."""
    return "author" in item.slots and "any" not in item.slots
