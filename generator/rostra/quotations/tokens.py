"""Words for matching, each with its span in the text.

Case, quotes, apostrophes, dashes, punctuation and line breaks are folded; footnote markers and ``[sic]``
are blanked in place; an elision mark is not a word but is recorded between the words that it separates.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, compress
from unicodedata import normalize

from msgspec import Struct

from rostra.system.lazy_regex import late

APOSTROPHE = "'’ʼ‘`´′"
ELISION = r"[\[(<]\s*(?i:…|\.{2,}|snip[^\])>]{0,20}|cut|elided)\s*[\])>]|…|\.{3,}"
WORD = late(rf"([^\W_]++(?:(?:[{APOSTROPHE}]|\ue000++)[^\W_]++)*+|{ELISION})")
"""A word, or an elision mark."""
PLAIN = late(rf"([^\W_]++(?:[{APOSTROPHE}][^\W_]++)*+)")
ASCII = late(r"([0-9A-Za-z]++(?:['`][0-9A-Za-z]++)*+)")
"""A word of a text without elision marks, and of an ASCII text: they take half the time, and a third."""
CUT = late(r"[\[(<]\s*(?:snip|cut|elided)", re.IGNORECASE)
BLANKED = late(r"\[(?:\d{1,3}(?: ?[,;–-] ?\d{1,3})*+|[a-wyz](?!\][^\W\d_])|sic|note \d+)\]", re.IGNORECASE)
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
FIGURES = late(rf"(?<=[^\W\d_])[{RAISED}]+")
"""Raised figures that call a note, or a power: quotations often omit them."""
# UTF-8 punctuation that was once read as Windows-1252; a private-use mark keeps every offset.
MOJIBAKE = late("â€(?:[™˜œ\u009d¦“”\u0093\u0094]|\u0099|\u009c)|Â(?=[\\s\u00a0«»°])")
SHORT = 0xFFFF
"""The number of code points up to which offsets fit into two bytes."""
FOLD = str.maketrans("", "", APOSTROPHE + "\ue000\u00ad\u200b")


class Tokens(Struct, frozen=True):
    """The words of a text in order; ``starts`` and ``ends`` are offsets in the text.

    ``gaps`` holds the index of every word after an elision mark.
    """

    words: list[str]
    starts: Sequence[int]
    ends: Sequence[int]
    gaps: set[int]


def tokenise(text: str) -> Tokens:
    """Return the words of a text."""
    if "[" in text:
        text = BLANKED.sub(lambda found: " " * len(found[0]), text)
    if not text.isascii() and any(map(text.__contains__, RAISED)):
        text = FIGURES.sub(lambda found: " " * len(found[0]), text)
    if "â€" in text or "Â" in text:
        text = MOJIBAKE.sub(
            lambda found: "\ue000" * len(found[0]) if found[0] in ("â€™", "â€˜") else " " * len(found[0]), text
        )
    # One call returns separators and words alternately, which is fast: it runs on every word of an archive.
    found = pattern(text)
    pieces = found.split(text)
    kind = "I" if len(text) > SHORT else "H"
    offsets = array(kind, accumulate(map(len, pieces)))
    words, starts, ends = pieces[1::2], offsets[0:-1:2], offsets[1::2]
    gaps: set[int] = set()
    if found is WORD:
        is_word = [piece[0].isalnum() for piece in words]
        if not all(is_word):
            marks = (n for n, said in enumerate(is_word) if not said)
            gaps = {n - before for before, n in enumerate(marks)}
            words = list(compress(words, is_word))
            starts, ends = array(kind, compress(starts, is_word)), array(kind, compress(ends, is_word))
    return Tokens(list(map(fold_word, words)), starts, ends, gaps)


def pattern(text: str) -> re.Pattern[str]:
    """Return the fastest pattern that finds the words of a text and all its elision marks."""
    if ".." in text or "…" in text or "\ue000" in text:
        return WORD
    if ("[" in text or "(" in text or "<" in text) and CUT.search(text):
        return WORD
    return ASCII if text.isascii() else PLAIN


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Fold a word for matching: compatibility forms, case and apostrophes (Unicode NFKC, case folding)."""
    if word.isascii():
        return word.lower().translate(FOLD) if "'" in word or "`" in word else word.lower()
    return normalize("NFKC", word).casefold().translate(FOLD)


def near(one: str, other: str) -> bool:
    """Whether two words of at least four letters differ by one slip: a letter added, removed, replaced or swapped."""
    if one == other:
        return True
    a, b = (one, other) if len(one) <= len(other) else (other, one)
    if len(a) < 4 or len(b) - len(a) > 1:
        return False
    head = 0
    while head < len(a) and a[head] == b[head]:
        head += 1
    if len(a) < len(b):
        return a[head:] == b[head + 1 :]
    return a[head + 1 :] == b[head + 1 :] or (
        a[head + 2 :] == b[head + 2 :] and a[head : head + 2] == b[head : head + 2][::-1]
    )


@lru_cache(maxsize=65_536)
def likeness(word: str) -> tuple[str, ...]:
    """Return keys of which two different words that are ``near`` share one: their beginnings, their ends, or both."""
    if len(word) < 4:
        return ()
    begins, ends = f"{word[:2]}-", f"-{word[-2:]}"
    # If the middle two of four letters are swapped, neither half is unchanged.
    return (begins, ends, f"{word[0]}-{word[3]}") if len(word) == 4 else (begins, ends)
