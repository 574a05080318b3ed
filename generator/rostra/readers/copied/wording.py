"""Find the common wording of lines that differ only in a name: words that recur belong to the page, the rest to slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.names import LETTER, is_name
from rostra.readers.copied.slots import NUMBER, TIME
from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

NEARLY_ALL = 0.9
MOST = 0.6
RARELY = 0.1
"""Shares of the lines with a word."""
UNITS = 6
"""The most different words after numbers: if there are more, they are names."""
DIFFERENT = 3
"""The fewest names beside a word of the page: a word that is always beside one name is part of that name."""

NUMERIC = late(NUMBER)
EDITED = late(r"\b(?:edited|updated|modified|bearbeitet|geändert|modifié|editado|modificato|изменено|redigerad)\b", 2)
_TOKEN = late(rf"{TIME}|#(?=\d)|[^\W\d_]{{1,4}}\.(?=\d)|\d(?:[\d.,]*\d)?(?!\w)|[^\s\[\](){{}}<>»›:,–—{TIME}]+|\S")
_FIGURE = late(r"\d[\d.,]*")
_SCORE = late(
    r"(?:points?|votes?|upvotes?|likes?|score|karma|reactions?|punkte?|puntos|pontos|баллов)\b|^(?:upvote|arrow-up|▲|↑|👍)",
    2,
)


class WordToken(NamedTuple):
    """A word, number or mark of a line in lower case, and its occurrence in the line (0 for the first)."""

    text: str
    nth: int

    @property
    def is_word(self) -> bool:
        """Whether the token is a word, which may be part of a name."""
        return bool(LETTER.search(self.text)) and not _FIGURE.fullmatch(self.text)


class _WordingTokens(NamedTuple):
    tokens: list[WordToken]
    tight: frozenset[WordToken]
    """The tokens without a space before them."""


class Wording(NamedTuple):
    """The wording of lines, and the name in each; None for a line with another wording."""

    item: TemplateLine
    names: list[str | None]


def worded(lines: Sequence[DumpLine]) -> Wording | None:
    """Return the wording of lines; None if too many of them have another."""
    found = _worded(lines)
    good = [n for n, line in enumerate(lines) if found is not None and found.item.match(line) is not None]
    if found is None or len(good) == len(lines) or len(good) < NEARLY_ALL * len(lines):
        return found
    # A few lines with another wording would make everything that the others share seem optional.
    again = _worded([lines[n] for n in good])
    if again is None:
        return None
    names: list[str | None] = [None] * len(lines)
    for n, name in zip(good, again.names, strict=True):
        names[n] = name
    return Wording(again.item, names)


def _worded(lines: Sequence[DumpLine]) -> Wording | None:
    if not lines:
        return None
    tokens = [_tokens(line.masked) for line in lines]
    # Beside a time a rare word may belong to the page; in a line of its own, it is part of a name.
    least = RARELY if all(line.times for line in lines) else MOST
    constant = _constant([each.tokens for each in tokens], max(2, least * len(lines)))
    order = _ordered([each.tokens for each in tokens], constant)
    if order is None:
        return None
    pattern, named = _pattern(tokens, order, constant)
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


def _tokens(text: str) -> _WordingTokens:
    seen: Counter[str] = Counter()
    found, tight, end = [], [], 0
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        token = WordToken(word, seen[word])
        seen[word] += 1
        if match.start() == end and end > 0:
            tight.append(token)
        found.append(token)
        end = match.end()
    return _WordingTokens(found, frozenset(tight))


def _constant(tokens: Sequence[list[WordToken]], least: float) -> dict[WordToken, int]:
    """Return the words and marks that belong to the page, with the number of lines that contain each."""
    held: Counter[WordToken] = Counter()
    for each in tokens:
        held.update(each)
    rests = [{token for token in each if token.is_word} for each in tokens]
    where: dict[WordToken, list[int]] = {}
    for n, rest in enumerate(rests):
        for token in rest:
            where.setdefault(token, []).append(n)
    bare = sum(1 for rest in rests if not rest)
    units = _units(tokens)
    constant: dict[WordToken, int] = {}
    for token, count in sorted(held.items(), key=lambda each: (-each[1], each[0])):
        if (count < least and token not in units) or _FIGURE.fullmatch(token.text):
            continue
        if token.is_word and count < NEARLY_ALL * len(tokens) and token not in units:
            left = [frozenset(rests[n] - {token}) for n in where[token]]
            # Some words of the lines must not belong to the page; otherwise a name that recurs would count as its words.
            if sum(1 for rest in left if not rest) > 0.02 * len(tokens) and bare < MOST * len(tokens):
                continue
            if bare < MOST * len(tokens) and len(set(left)) < min(DIFFERENT, count):
                continue
        for n in where.get(token, ()):
            rests[n].discard(token)
        constant[token] = count
    return constant | _badges(tokens)


def _units(tokens: Sequence[list[WordToken]]) -> set[WordToken]:
    """Return the words that are always after a number: "1 point", "3 replies"."""
    behind: set[WordToken] = set()
    others: set[WordToken] = set()
    for each in tokens:
        for n, token in enumerate(each):
            if token.is_word and token.text != TIME:
                (behind if n and _FIGURE.fullmatch(each[n - 1].text) else others).add(token)
    found = behind - others
    return found if len(found) <= UNITS else set()


def _badges(tokens: Sequence[list[WordToken]]) -> dict[WordToken, int]:
    """Return the words after names of one word: there are few of them, each beside several names."""
    beside: dict[WordToken, set[WordToken]] = {}
    count: Counter[WordToken] = Counter()
    for each in tokens:
        if len(each) == 2 and all(token.is_word for token in each):
            beside.setdefault(each[1], set()).add(each[0])
            count[each[1]] += 1
    alone = sum(len(each) == 1 for each in tokens)
    if alone < MOST * len(tokens):
        return {}
    return {token: count[token] for token, names in beside.items() if len(names) >= DIFFERENT}


def _ordered(tokens: Sequence[list[WordToken]], constant: dict[WordToken, int]) -> list[WordToken] | None:
    """Return the words of the page in the order in which lines have them; None if there is no such order."""
    places: dict[WordToken, list[int]] = {}
    behind: dict[WordToken, set[WordToken]] = {token: set() for token in constant}
    for each in tokens:
        own = [token for token in each if token in constant]
        for n, token in enumerate(own):
            places.setdefault(token, []).append(n)
            behind[token].update(own[n + 1 :])
    order: list[WordToken] = []
    left = sorted(places, key=lambda token: (sum(places[token]) / len(places[token]), token))
    while left:
        # Next is a word that no other precedes; if the order varies, the word that fewest others precede.
        following = min(left, key=lambda token: sum(token in behind[other] for other in left if other != token))
        order.append(following)
        left.remove(following)
    position = {token: n for n, token in enumerate(order)}
    wrong = 0
    for each in tokens:
        own_places = [position[token] for token in each if token in position]
        wrong += any(a >= b for a, b in pairwise(own_places))
    return order if wrong <= RARELY * len(tokens) else None


class _Free(NamedTuple):
    """What lines have between words of the page, by the index of the word before it; -1 means before the first."""

    words: Counter[int]
    """Lines with words there."""
    numbers: Counter[int]
    """Lines with a number there, separate or at the end of words."""
    leading: Counter[int]
    """Lines with a number there that is followed by words."""
    tight: Counter[WordToken]


def _free(tokens: Sequence[_WordingTokens], order: Sequence[WordToken]) -> _Free:
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
            leading[at] += named and bool(_FIGURE.fullmatch(run[0].text))
            if run and _FIGURE.fullmatch(run[-1].text) and (not named or token is not None):
                # A number belongs to the word after it.
                numbers[at if token is None else position[token] - 1] += 1
            run = []
            if token is not None:
                at = position[token]
                tight[token] += token in each.tight
    return _Free(words, numbers, leading, tight)


def _pattern(
    tokens: Sequence[_WordingTokens], order: Sequence[WordToken], constant: dict[WordToken, int]
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
