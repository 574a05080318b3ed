"""Lines that a page writes beside the name of each author: a rank, a place, whether somebody is online, to whom it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rostra.readers.copied.candidates import REPEATED, determines
from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.line_keys import shown
from rostra.readers.copied.names import SENTENCE
from rostra.readers.copied.word_tokens import NEARLY_ALL
from rostra.readers.copied.wording import worded
from rostra.system.lazy_regex import late

FEW = 0.2
"""Different lines at one place beside a name, for each gap: there are no more of the page's."""
WORDINGS = 5
"""Wordings of such a line at most."""
LONGEST = 60
"""Code points of such a line at most."""
_WORD = late(r"[^\W\d_]+ ")
_ENDED = late(r"[.!?…。！？]$")


def status_line(keys: Mapping[int, str], authors: Sequence[str | None]) -> TemplateLine | None:
    """What a page says of each author, if lines with these keys say that: a few wordings, or each author has one.

    Both are by the number of the gap.
    """
    counts = Counter(keys.values())
    people = {name.casefold() for name in authors if name}
    if len(counts) < 2 or any(not _is_status(each) or each in people for each in counts):
        return None
    pairs = [(name, key) for n, key in keys.items() if (name := authors[n])]
    own = len(pairs) - len(people) >= REPEATED and determines(pairs)
    few = len(counts) <= min(WORDINGS, FEW * len(keys)) and min(counts.values()) > 1
    if few:
        return TemplateLine(f"{{={'|'.join(sorted(map(shown, counts)))}}}")
    return TemplateLine("{any}") if own else None


def worded_line(lines: Sequence[DumpLine], total: int) -> TemplateLine | None:
    """The wording of brief lines in nearly all of ``total`` gaps that begin with the same word of the page, such as "to debates"."""
    found = worded(lines, named=False)
    if found is None or not _WORD.match(found.item.pattern) or "{any}" not in found.item.pattern:
        return None
    brief = sum(len(line.masked) <= LONGEST and not _ENDED.search(line.masked) for line in lines)
    return found.item if brief >= NEARLY_ALL * total else None


def _is_status(each: str) -> bool:
    """Whether a key may be one of few wordings of a line of the page."""
    return len(each) <= LONGEST and not SENTENCE.search(each) and "{" not in shown(each)
