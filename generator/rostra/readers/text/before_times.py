"""Decide whether the words before a time in its line name somebody."""

from __future__ import annotations

from rostra.readers.copied.page_words import words_for
from rostra.readers.copied.time_spans import classed
from rostra.system.lazy_regex import late

_SLASH = late(r"^/\s+|\s+/$")
_LETTER = late(r"[^\W\d_]")


def without_slashes(words: str) -> str:
    """Return words without slashes that part them from the rest of the line: "/ Ada Weir /"."""
    return _SLASH.sub("", words)


def names_somebody(words: str) -> bool:
    """Whether words may name somebody: the number of a post, the weekday and the label of the time do not."""
    label = words_for("dated") | words_for("other_times")
    return _LETTER.search(words) is not None and classed(words)[1].strip(".,") != "W" and words.casefold() not in label
