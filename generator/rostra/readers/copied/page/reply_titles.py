"""Find the title of a thread where pages write it above the posts: "The gate", "Re: The gate"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.learning.word_tokens import MOST
from rostra.readers.copied.names import length_in_words
from rostra.readers.mail.subjects import ANSWER_MARK
from rostra.system.lazy_regex import late

LONGEST = 300
"""The most code points of a line with a title."""
FEWEST = 3
"""The fewest words of a title that is known only because most posts have it: ranks and buttons have fewer."""
_MARKED = late(rf"(?:^|.*?[\s:]){ANSWER_MARK}\s*(?P<title>\S.*?)(?:\s+#\d+)?", re.IGNORECASE)
"""A title with the mark of a reply before it, and the number of the post behind it."""


def repeated_titles(lines: Iterable[str], posts: int) -> frozenset[str]:
    """Return the titles that a page repeats at its posts, folded: those of answers, and lines of most of the ``posts``."""
    said = [text for line in lines if (text := line.strip().casefold()) and len(text) <= LONGEST]
    counted = Counter(said)
    answered = {found["title"] for text in said if (found := _MARKED.fullmatch(text))}
    several = {text for text, count in counted.items() if count >= max(FEWEST, MOST * posts)}
    return frozenset(answered | {text for text in several if length_in_words(text) >= FEWEST})


def without_reply_marks(lines: Sequence[DumpLine]) -> Sequence[DumpLine]:
    """Return the lines; a title with such a mark at its beginning is worded as the title alone, if that is a line too."""
    alone = {line.masked.casefold() for line in lines}
    found = [_MARKED.fullmatch(line.masked) if len(line.masked) <= LONGEST else None for line in lines]
    return [
        line._replace(masked=line.masked[each.start("title") :])
        if each and not line.times and each["title"].casefold() in alone and _begins(each)
        else line
        for line, each in zip(lines, found, strict=True)
    ]


def _begins(found: re.Match[str]) -> bool:
    """Whether nothing but the mark of a reply is before the title."""
    return " " not in found.string[: found.start("title")].strip()
