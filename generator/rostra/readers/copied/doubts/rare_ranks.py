"""Find lines between the name and the time of a few posts, which a learned layout takes for the name.

One person may have a rank that nobody else has ("Reporter"), and the first post another word where all others have a
number ("Description" for "Comment 1").  Such a line is directly below a name wherever it occurs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import DumpLine, Template, TemplateLine
from rostra.readers.copied.learning.line_keys import line_key, may_name, shown
from rostra.readers.copied.learning.word_tokens import MOST
from rostra.readers.copied.names import LETTER, folded_name
from rostra.readers.copied.page.notices import WORDED
from rostra.readers.copied.records import CutText, PostRecord

SEVERAL = 3
"""The most ranks of a person, one below the other."""
FEWEST = 2
"""The fewest posts with a rank: one name below another may be that of the answered person."""


def with_ranks(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """Return the text cut by its layout and such lines."""
    numbers = [line.number for line in lines]
    for _ in range(SEVERAL):
        begins = [bisect_left(numbers, each.first) for each in found.records if _is_placed(each.template)]
        ranks = sorted(set(_ranks(lines, begins)))
        again = _cut(lines, found, ranks, 1) if ranks else None
        if again is None:
            break
        found = again
    return _with_first_word(lines, found)


def _with_first_word(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """Return the text; a line of the first post may be where most others have a line with a number."""
    first, *others = found.records
    head = first.template.head if _is_placed(first.template) else ()
    at = next((n for n, item in enumerate(head[: first.template.anchor]) if _is_counted(item)), 0)
    inside = [_within(lines, each) for each in found.records]
    has = [any(head[at].match(line) is not None for line in each) for each in inside] if at else [True]
    word = inside[0][0]
    key = line_key(word, None)
    if has[0] or sum(has) < MOST * len(others) or not may_name(key):
        return found
    again = _cut(lines, found, [key], at)
    writing = {folded_name(each.held["author"]) for each in others if "author" in each.held}
    name = folded_name(again.records[0].held.get("author", "")) if again else ""
    return again if again and name in writing - {folded_name(word.text)} else found


def _is_counted(item: TemplateLine) -> bool:
    """Whether a line has words of the page and a number."""
    return (
        not item.is_open
        and bool({"number", "id"} & set(item.slots))
        and bool(LETTER.search(WORDED.sub("", item.pattern)))
    )


def _within(lines: Sequence[DumpLine], record: PostRecord) -> Sequence[DumpLine]:
    """Return the lines of a record from its beginning to its time."""
    start = bisect_left(lines, record.first, key=lambda each: each.number)
    stop = next((n for n in range(start, len(lines)) if lines[n].times), start)
    return lines[start : stop + 1]


def _is_placed(template: Template) -> bool:
    """Whether a head begins with a name that is identified by its place alone."""
    return template.has_timed_head and template.head[0].is_open and template.head[0].slots == ("author",)


def _ranks(lines: Sequence[DumpLine], begins: Sequence[int]) -> Iterator[str]:
    """Yield the keys of lines that are where names are, always below the same name, which is nowhere else."""
    places: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        places.setdefault(line.text, []).append(n)
    for text in {lines[n].text: n for n in begins}:
        beside = [n for n in places[text] if n and lines[n - 1].number + 1 == lines[n].number]
        names = {lines[n - 1].text for n in beside}
        if len(names) != 1 or len(beside) < FEWEST:
            continue
        (name,) = names
        if len(places[text]) == len(places[name]) == len(beside) and may_name(line_key(lines[beside[0] - 1], None)):
            yield line_key(lines[beside[0]], None)


def _cut(lines: Sequence[DumpLine], found: CutText, keys: Sequence[str], at: int) -> CutText | None:
    """Return the text cut with optional lines before item ``at`` of the heads that begin with a name; None if posts are lost."""
    items = tuple(TemplateLine(shown(key), optional=True) for key in keys)
    templates = (
        replace(each, items=(*each.items[:at], *items, *each.items[at:])) if _is_placed(each) else each
        for each in found.layout.templates
    )
    again = cut(lines, replace(found.layout, templates=tuple(templates)))
    return again if again is not None and len(again.records) >= len(found.records) else None
