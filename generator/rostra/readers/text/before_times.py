"""Decide what the words before a time on its line are: a name, a label of the time, or words that tell of another time."""

from __future__ import annotations

import re

from rostra.readers.copied.page_words import any_of, words_for
from rostra.readers.copied.times.time_spans import classed
from rostra.system.lazy_regex import late

_SLASH = late(r"^/\s+|\s+/$")
_LETTER = late(r"[^\W\d_]")
_OTHER = late(
    lambda: rf"(?:last\s+)?(?:{any_of('other_times')}|edit|on|about|almost|deleted)(?:\s+(?:at|on))?", re.IGNORECASE
)


def without_slashes(words: str) -> str:
    """Return words without slashes that part them from the rest of the line: "/ Ada Weir /"."""
    return _SLASH.sub("", words)


def names_somebody(words: str) -> bool:
    """Whether words may name somebody: the number of a post, the weekday and the label of the time do not."""
    is_label = words.casefold() in words_for("dated")
    return _LETTER.search(words) is not None and classed(words)[1].strip(".,") != "W" and not is_label


def tells_other_time(words: str) -> bool:
    """Whether words tell of a time that is not the post's: "edited", "joined on"."""
    return _OTHER.fullmatch(words) is not None
