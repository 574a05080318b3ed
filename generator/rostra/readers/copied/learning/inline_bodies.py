"""Find heads with the text of the post behind them, on the same line: "ada 3 days ago Nice work"."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.word_tokens import MOST, NEARLY_ALL
from rostra.readers.copied.learning.wording import Wording, worded
from rostra.readers.copied.names import SENTENCE, WORDS, length_in_words
from rostra.readers.copied.slots import TIME

SPOKEN = 0.5
"""The least share of the lines with a sentence behind the time."""
_MARKS = frozenset(":：-–—)")
"""Marks between a head and the text behind it."""


def inline_body(lines: Sequence[DumpLine]) -> Wording | None:
    """Return the wording of lines with the text of a post behind their time; None if they have no such text.

    Most texts begin with a capital letter, or are in a script without: a sentence that says when something was, "I saw
    it 3 days ago and left", goes on with a small one.
    """
    rests = [line.masked.partition(TIME)[2] for line in lines]
    marks = _shared_beginning(rests)
    said = [text for rest in rests if (text := rest.removeprefix(marks).strip())]
    if (
        len(said) < NEARLY_ALL * len(lines)
        or sum(map(_is_said, said)) < SPOKEN * len(lines)
        or sum(not text[0].islower() for text in said) < MOST * len(lines)
    ):
        return None
    heads = [
        line._replace(masked=f"{line.masked.partition(TIME)[0]}{TIME}{marks}", times=line.times[:1]) for line in lines
    ]
    found = worded(heads)
    if found is None or not {"author", "time"} <= set(found.item.slots) or "{any}" in found.item.pattern:
        return None
    return found._replace(item=TemplateLine(f"{found.item.pattern} {{body}}"))


def _shared_beginning(texts: Sequence[str]) -> str:
    """Return what all texts begin with, up to a mark such as a colon: words alone may be those of the posts."""
    # Between the first and the last in order are all others.
    first, last = min(texts), max(texts)
    many = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: max((n + 1 for n in range(many) if first[n] in _MARKS), default=0)]


def _is_said(text: str) -> bool:
    """Whether a text is a sentence or has more words than a name."""
    return bool(SENTENCE.search(text)) or length_in_words(text) > WORDS
