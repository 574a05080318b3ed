"""Divide similar lines into words, numbers and marks, and find those that belong to the page."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rostra.readers.copied.names import LETTER
from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

NEARLY_ALL = 0.9
MOST = 0.6
RARELY = 0.1
"""Shares of the lines with a word."""
UNITS = 3
"""The most different words after a number, since a language has so many forms of a noun: if there are more, they are names."""
DIFFERENT = 3
"""The fewest names beside a word of the page: a word that is always beside one name is part of that name."""

FIGURE = late(r"[+−-]?\d[\d.,]*")
_TOKEN = late(
    rf"{TIME}|(?<![^\s(\[])[+−-]\d(?:[\d.,]*\d)?(?![\w.,])|#(?=\d)|(?<=\w)['’]s(?!\w)|[^\W\d_]{{1,4}}\.(?=\d)|\d(?:[\d.,]*\d)?(?!\w)|(?:(?!['’]s(?!\w))[^\s\[\](){{}}<>»›:：,–—{TIME}])+|\S"
)


class WordToken(NamedTuple):
    """A word, number or mark of a line in lower case, and its occurrence in the line (0 for the first)."""

    text: str
    nth: int

    @property
    def is_word(self) -> bool:
        """Whether the token is a word, which may be part of a name."""
        return bool(LETTER.search(self.text)) and not FIGURE.fullmatch(self.text)


class WordingTokens(NamedTuple):
    """The words, numbers and marks of a line, in order."""

    tokens: list[WordToken]
    tight: frozenset[WordToken]
    """The tokens without a space before them."""


def line_tokens(text: str, *, backwards: bool = False) -> WordingTokens:
    """Return the words, numbers and marks of a line, their occurrences counted from its beginning or ``backwards`` from its end."""
    seen: Counter[str] = Counter()
    found, tight = [], []
    matches = list(_TOKEN.finditer(text))
    for n, match in sorted(enumerate(matches), key=lambda each: -each[0] if backwards else each[0]):
        word = match[0].casefold()
        token = WordToken(word, seen[word])
        seen[word] += 1
        if n and match.start() == matches[n - 1].end():
            tight.append(token)
        found.append(token)
    return WordingTokens(found[::-1] if backwards else found, frozenset(tight))


def constant_words(tokens: Sequence[list[WordToken]], least: float) -> dict[WordToken, int]:
    """Return the words and marks that belong to the page, with the number of lines that contain each."""
    held: Counter[WordToken] = Counter()
    for each in tokens:
        held.update(each)
    rests = [{token for token in each if token.is_word} for each in tokens]
    where: dict[WordToken, list[int]] = {}
    for n, rest in enumerate(rests):
        for token in rest:
            where.setdefault(token, []).append(n)
    shown: dict[WordToken, list[int]] = {}
    for n, each in enumerate(tokens):
        for token in filter(_is_picture, each):
            shown.setdefault(token, []).append(n)
    # A rare word that is always behind the same word is part of the name that this word begins.
    before: dict[WordToken, set[WordToken]] = {}
    for each in tokens:
        for first, token in pairwise(each):
            before.setdefault(token, set()).update({first} if first.is_word else {first, token})
    bare = sum(1 for rest in rests if not rest)
    units = _units(tokens)
    constant: dict[WordToken, int] = {}
    for token, count in sorted(held.items(), key=lambda each: (-each[1], each[0])):
        if (count < least and token not in units) or FIGURE.fullmatch(token.text):
            continue
        if _is_picture(token) and len({frozenset(rests[n]) for n in shown[token]}) < min(DIFFERENT, count):
            continue
        if token.is_word and count < NEARLY_ALL * len(tokens) and token not in units:
            left = [frozenset(rests[n] - {token}) for n in where[token]]
            # Some words of the lines must not belong to the page; otherwise a name that recurs would count as its words.
            if sum(1 for rest in left if not rest) > 0.02 * len(tokens) and bare < MOST * len(tokens):
                continue
            if bare < MOST * len(tokens) and len(set(left)) < min(DIFFERENT, count):
                continue
            if count < DIFFERENT and len(before.get(token, ())) == 1 and not before[token] & constant.keys():
                continue
        for n in where.get(token, ()):
            rests[n].discard(token)
        constant[token] = count
    return constant | _badges(tokens)


def _is_picture(token: WordToken) -> bool:
    """Whether a token is an emoji or another symbol, as names have: "☂ Rain"."""
    return not token.text.isascii() and unicodedata.category(token.text[0]) == "So"


def _units(tokens: Sequence[list[WordToken]]) -> set[WordToken]:
    """Return the words that are always after a number: "1 point", "3 replies"."""
    behind: dict[int, set[WordToken]] = {}
    others: set[WordToken] = set()
    for each in tokens:
        place = 0
        for before, token in pairwise((None, *each)):
            numbered = before is not None and bool(FIGURE.fullmatch(before.text))
            place += numbered
            if token and token.is_word and token.text != TIME:
                (behind.setdefault(place, set()) if numbered else others).add(token)
    few = (found - others for found in behind.values() if len(found) <= UNITS)
    return {token for found in few for token in found}


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


def ordered_words(tokens: Sequence[list[WordToken]], constant: dict[WordToken, int]) -> list[WordToken] | None:
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
