"""Read lines that also say when a post was changed as the lines of posts that were not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.edited import EDITED
from rostra.system.lazy_regex import late

_BRACKETED = late(rf"\s?\([^(){TIME}]*{TIME}[^(){TIME}]*\)")


def as_unedited(lines: Sequence[DumpLine]) -> list[DumpLine]:
    """Return the lines; "Ada (last edited 5 March)" is worded as "Ada" if the time of the post is in the line beside it."""
    return list(_as_unedited(lines))


def _as_unedited(lines: Sequence[DumpLine]) -> Iterator[DumpLine]:
    for n, line in enumerate(lines):
        found = _BRACKETED.search(line.masked) if len(line.times) == 1 else None
        found = found if found and EDITED.search(found[0]) else None
        beside = any(each.times for each in (*lines[max(0, n - 1) : n], *lines[n + 1 : n + 2]))
        words = line.masked[: found.start()] + line.masked[found.end() :] if found else ""
        yield line._replace(masked=words, times=()) if found and beside and words.strip() else line
