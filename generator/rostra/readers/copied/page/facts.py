"""Find tables of facts that a page has beside a thread, with each label and its value on two lines: "Status:", "Closed"."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.readers.copied.names import SENTENCE

FEWEST = 3
"""The fewest labels: a person may write one above a list or a quotation."""
LONGEST = 60
"""The most code points of a label or a value."""


def fact_table(lines: Sequence[str], start: int, stop: int) -> range:
    """Return the lines of the first table between ``start`` and ``stop``; an empty range if there is none."""
    shown = [n for n in range(start, stop) if lines[n].strip()]
    at = 0
    while at < len(shown):
        end = at
        while end + 1 < len(shown) and _is_fact(lines[shown[end]].strip(), lines[shown[end + 1]].strip()):
            end += 2
        if end - at >= 2 * FEWEST:
            return range(shown[at], shown[end - 1] + 1)
        at = max(end, at + 1)
    return range(0)


def _is_fact(label: str, value: str) -> bool:
    """Whether two lines are a label and its value."""
    brief = len(label) <= LONGEST >= len(value)
    return brief and label.endswith((":", "：")) and not any(map(SENTENCE.search, (label[:-1], value)))
