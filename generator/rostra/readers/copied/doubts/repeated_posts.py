"""Find posts that a page quotes with their heads: the same author, time and words stand again within a later post.

Such a quotation looks like a post, and what the one who quotes wrote below it looks like its text.  Nobody is named there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.names import folded_name
from rostra.readers.copied.records import PostRecord, unnamed
from rostra.system.lazy_regex import late

SHORTEST = 20
"""The fewest code points of words that show a quotation: people say "I agree" twice in a minute."""
INTRODUCED = 1
"""The most lines of the post above, which introduces the quotation."""
MANY = 100
"""How many posts of one author and time are compared: nobody writes more in a minute."""
_CLOCK = late(r"\d[:.h]\d\d")
"""A time of day: a post "2 years ago" may be one of many by the same person, with the same words."""


def without_quoted_posts(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Iterator[PostRecord]:
    """Yield the records; unnamed where the record repeats an earlier post that is not directly above it."""
    numbers = [line.number for line in lines]
    seen: dict[tuple[str, str], deque[str]] = {}
    above = ""
    brief = False
    for record in records:
        first, last = (bisect_left(numbers, at) for at in record.body)
        who, when = folded_name(record.held.get("author", "")), record.held.get("time", "")
        words = record.lead or (lines[first].text if first < last else "")
        earlier = seen.setdefault((who, when), deque(maxlen=MANY))
        may_repeat = brief and who and who != above and _CLOCK.search(when)
        yield unnamed(record) if may_repeat and any(_same(words, each) for each in earlier) else record
        earlier.append(words)
        above, brief = who, last - first <= INTRODUCED


def _same(quoted: str, words: str) -> bool:
    """Whether words are quoted; a page may quote only their beginning."""
    begin = quoted.rstrip("….").rstrip()
    return len(begin) >= SHORTEST and words.startswith(begin)
