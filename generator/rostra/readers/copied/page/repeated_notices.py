"""Find notices that no layout lists by their repetition: "Ada joined the mill", below the text of many posts.

People also begin lines with names, and end posts with the same words.  A line is a notice only if the same wording is
below several posts, about several people who are not the authors of these posts, and nowhere within the text of a post.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.learning.line_keys import line_key, shown
from rostra.readers.copied.names import SENTENCE, WORDS, folded_name
from rostra.readers.copied.records import PostRecord

FEWEST = 3
"""The fewest posts of others with a notice below them: two may end with the same words by chance."""
PEOPLE = 2
"""The fewest people that it names: if only one person is named, people may have written it."""
LONGEST = 60
"""The most code points of a notice, without the name."""

Named = tuple[str, str]
"""The words after the name at the beginning of a line, and the name."""


def repeated_notices(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> tuple[str, ...]:
    """Return patterns of the notices in a text, in their order; ``records`` are its posts."""
    speakers = {folded_name(each.held["author"]) for each in records if "author" in each.held}
    if len(speakers) < PEOPLE:
        return ()
    numbers = [line.number for line in lines]
    below: dict[str, list[tuple[int, str]]] = {}
    within: set[str] = set()
    for n, record in enumerate(records):
        inside = lines[bisect_left(numbers, record.body[0]) : bisect_left(numbers, record.body[1])]
        found = [_named(line, speakers) for line in inside]
        words = next((at for at in range(len(found), 0, -1) if found[at - 1] is None), 0)
        if n + 1 < len(records):  # the lines below the last post belong to the page
            within.update(each[0] for each in found[:words] if each)
        for each in found[words:]:
            if each and each[1] != folded_name(record.held.get("author", "")):
                below.setdefault(each[0], []).append((n, each[1]))
    return tuple(
        f"{{author}} {shown(rest)}"
        for rest, places in below.items()
        if rest not in within and len({n for n, _ in places}) >= FEWEST and len({who for _, who in places}) >= PEOPLE
    )


def _named(line: DumpLine, speakers: set[str]) -> Named | None:
    """Return what a line says about an author; None if it is a sentence or names no author."""
    if len(line.masked) > LONGEST + max(map(len, speakers)):
        return None
    for name in _beginnings(line.masked):
        if folded_name(name) in speakers:
            rest = line.masked[len(name) :].strip()
            said = len(rest) <= LONGEST and any(map(str.isalpha, rest)) and not SENTENCE.search(rest.removesuffix("."))
            return (line_key(line._replace(masked=rest), None), folded_name(name)) if said else None
    return None


def _beginnings(text: str) -> Iterator[str]:
    """Yield the beginnings of a line that may be a name, the longest first."""
    words = text.split(" ", WORDS)
    for count in range(min(WORDS, len(words) - 1), 0, -1):
        yield " ".join(words[:count])
