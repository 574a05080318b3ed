"""Find lines at the end of the last post that may belong to the page below it.

Nothing shows where the last post ends if the page writes no foot below its posts.  Its last lines are worth a look if
they are brief and no sentences, and few other posts end so: "Reply all", "Ada closed this", "Name:".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rostra.model import Problem
from rostra.readers.copied.learning.shared_edges import QUOTED
from rostra.readers.copied.names import LABELLED, SENTENCE

LONGEST = 60
"""The most code points of such a line."""
USUAL = 0.2
"""The share of the other posts with such an end at which it is how people of the thread write."""
ENOUGH = 4
"""The fewest other texts that show how people of the thread end."""
WRITTEN = 0.8
"""The least share of the other texts that end in a sentence or in a long line."""
RUN = 2
"""The fewest brief lines below the last text that certainly belong to the page."""


class _End(NamedTuple):
    """The last lines of a text: where they begin, and whether a blank line is above them."""

    first: int
    apart: bool


def page_below(lines: Sequence[str], texts: Sequence[range]) -> Iterator[Problem]:
    """Yield the problem of the line of the last text at which the page may begin; the ``texts`` are lines of the dump, 0-based."""
    *others, last = texts
    found = _end(lines, last)
    if found is None:
        return
    # A text of one line has no end of its own.
    several = [each for each in others if sum(1 for n in each if lines[n].strip()) > 1]
    alike = sum(1 for each in several if (end := _end(lines, each)) and end.apart >= found.apart)
    if alike and alike >= USUAL * len(several):
        return
    message = f"the page below the posts may begin with {lines[found.first].strip()[:60]!r}: it is kept as text of the last post"
    hint = "remove the lines of the page from the dump, or give the layout in the card"
    yield Problem(code="unexplained-lines", message=message, line=found.first + 1, hint=hint)


def page_begins(lines: Sequence[str], texts: Sequence[range]) -> int | None:
    """Return the line of the last text at which the page certainly begins: several brief lines, as no other text ends; None if there is none.

    A line in lower case or without letters and digits does not begin a page, nor does one below a colon.
    """
    *others, last = texts
    found = _end(lines, last)
    if found is None:
        return None
    begins = lines[found.first].strip()
    above = next(line for n in range(found.first - 1, -1, -1) if (line := lines[n].strip()))
    if begins[0].islower() or not any(map(str.isalnum, begins)) or above.endswith((":", "：")):
        return None
    lasts = [next((line for n in reversed(each) if (line := lines[n].strip())), "") for each in others]
    written = sum(bool(line) and not _is_brief(line) for line in lasts)
    if len(others) < ENOUGH or written < WRITTEN * len(others):
        return None
    brief = sum(1 for n in range(found.first, last.stop) if lines[n].strip())
    return found.first if brief >= RUN else None


def _end(lines: Sequence[str], text: range) -> _End | None:
    """Return the brief lines at the end of a text that are no sentences; the first line of a text is always its own."""
    shown = [n for n in text if lines[n].strip()]
    at = len(shown)
    while at > 1 and _is_brief(lines[shown[at - 1]].strip()):
        at -= 1
    apart = any(not lines[n - 1].strip() for n in shown[at:])
    # Where all lines are brief, a last one in lower case goes on with the one above: lines of a page begin with a capital.
    continued = at == 1 and not apart and _is_brief(lines[shown[0]].strip()) and lines[shown[-1]].strip()[0].islower()
    return None if at == len(shown) or continued else _End(shown[at], apart)


def _is_brief(text: str) -> bool:
    """Whether a line is short and no sentence; behind a label any words are."""
    if LABELLED.match(text) or text.endswith((":", "：")):
        return True
    return len(text) <= LONGEST and not SENTENCE.search(text) and not QUOTED.match(text)
