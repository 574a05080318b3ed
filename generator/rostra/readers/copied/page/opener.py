"""Find who opened a thread, in a line above the posts: "Issue created 9 months ago by Ada Weir", "Added by ada on 2024-03-04".

Such a line names somebody who also writes below.  Its time is not after that of the first post, as the times of changes
and of the last post are; or it begins as the heads of posts do ("posted by").  If several people are named so, nobody is
certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.names import WORDS, folded_name
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.copied.times.local_times import DayOrder, local_time
from rostra.readers.dumps.times import certain
from rostra.system.lazy_regex import late

LONGEST = 100
"""The most code points of such a line."""
_FIGURE = late(r"\d+")
_MARKS = ".,:;()[]"


class Opener(NamedTuple):
    """Who opened a thread, and when, as the page writes it, if it does."""

    name: str
    when: str | None


class FirstPost(NamedTuple):
    """The first post below the lines that may name the opener: its time, and the words with which the posts' heads begin."""

    when: str | None
    words: str


def opener(
    above: Iterable[DumpLine], names: Iterable[str | None], first: FirstPost, order: DayOrder | None
) -> Opener | None:
    """Return who opened a thread, from the lines ``above`` its posts; None if it is not certain.

    ``names`` are the authors of the posts.
    """
    people = {folded_name(name): name for name in names if name}
    found = [
        Opener(name, when)
        for line in above
        if len(line.masked) <= LONGEST and not EDITED.search(line.masked)
        for when in [line.times[0] if len(line.times) == 1 else None]
        if _begins(line, first.words) or (when and first.when and _is_not_later(when, first.when, order))
        for name in _named(line, people)
    ]
    return found[0] if len({each.name for each in found}) == 1 else None


def _begins(line: DumpLine, words: str) -> bool:
    return bool(words) and line.masked.casefold().startswith(words)


def _named(line: DumpLine, people: Mapping[str, str]) -> set[str]:
    """Return the people whom a line names besides words of the page."""
    words = [word.strip(_MARKS) for word in line.masked.replace(TIME, f" {TIME} ").split()]
    spans = [(at, at + count) for count in range(1, WORDS + 1) for at in range(len(words) - count + 1)]
    named = {(at, end): people[said] for at, end in spans if (said := folded_name(" ".join(words[at:end]))) in people}
    # Of "Ada Weir" and "Ada", the longer name is meant.
    return {
        name
        for (at, end), name in named.items()
        if not any(a <= at and end <= b and (a, b) != (at, end) for a, b in named)
        and any(map(str.isalpha, "".join((*words[:at], *words[end:]))))
    }


def _is_not_later(when: str, first: str, order: DayOrder | None) -> bool:
    """Whether a time certainly is no later than the time of the first post."""
    dates = [certain(text) or local_time(text, order) or local_time(f"{text} 00:00", order) for text in (when, first)]
    if dates[0] and dates[1]:
        return dates[0][:10] <= dates[1][:10]
    # "9 months ago" and "8 months ago" can be compared, other relative times cannot.
    ages = [list(map(int, _FIGURE.findall(text))) for text in (when, first)]
    forms = [_FIGURE.sub("0", text) for text in (when, first)]
    return not any(dates) and forms[0] == forms[1] and len(ages[0]) == 1 and ages[0] >= ages[1]
