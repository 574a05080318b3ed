"""Find the weekday that some pages write in brackets behind a time: "9:21 UTC (Tue)"."""

from __future__ import annotations

from rostra.readers.copied.times.time_spans import classed
from rostra.system.lazy_regex import late

_BRACKETED = late(r"\s?\(([^\W\d_]+)\.?\)")


def with_weekday(line: str, end: int) -> int:
    """Return where a time that ends at ``end`` ends, with the weekday behind it."""
    found = _BRACKETED.match(line, end)
    return found.end() if found and classed(found[1])[1] == "W" else end
