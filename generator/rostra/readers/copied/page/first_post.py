"""Read what a page writes at its first post alone: its title, and how many answers there are.

The title may be where the names of the others are, or the first line of the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.layout import DumpLine, prepared
from rostra.readers.copied.names import SENTENCE, folded_name, length_in_words
from rostra.readers.copied.page.page_below import page_begins
from rostra.readers.copied.page.titles import BRIEF, is_count
from rostra.readers.copied.records import PostRecord

FEWEST = 3
"""The fewest words of a title in the head or the text of the first post."""
BELOW = 4
"""The most lines of the page between the first post and the second: how many answers there are, and how they are sorted."""


class FirstRecord(NamedTuple):
    """The first post without lines of the page; its title, if it has one; the lines that are left out."""

    record: PostRecord
    title: str | None
    left: tuple[int, ...]


def first_record(
    text: Sequence[str], records: Sequence[PostRecord], repeated: Collection[str], *, known: bool = False
) -> FirstRecord:
    """Return the first of the records; ``repeated`` are titles that the page has at its posts, folded.

    A ``known`` layout has all lines of the page that may be below a post.
    """
    record = records[0]
    lines = prepared(list(text[: max(record.body[1], record.first + 1)]))
    start, end = (bisect_left(lines, at, key=lambda each: each.number) for at in record.body)
    title = _in_head(lines, record, repeated)
    at = next((n for n in range(max(start + 1, end - BELOW), end) if _counts(lines, range(n, end), len(records))), end)
    if at == end and not known:
        texts = [each.lines for each in (*records[1:], record)]
        begins = page_begins(text, texts)
        at = end if begins is None else bisect_left(lines, begins, key=lambda each: each.number)
    if at == end:
        return FirstRecord(record, title, ())
    left = tuple(lines[n].number for n in range(at, end))
    record = replace(record, body=(record.body[0], lines[at].number))
    return FirstRecord(record, title or _in_text(lines[start:at]), left)


def _in_head(lines: Sequence[DumpLine], record: PostRecord, repeated: Collection[str]) -> str | None:
    """Return the title in the first line of a head: other posts have it too, or it is where they have names and is none."""
    line = lines[bisect_left(lines, record.first, key=lambda each: each.number)]
    if line.times or not record.template.has_timed_head or record.body[0] <= line.number < record.body[1]:
        return None
    text = line.text
    if folded_name(record.held.get("author", "")) == folded_name(text) or length_in_words(text) < FEWEST:
        return None
    head = record.template.head[0]
    placed = head.is_open and head.slots == ("author",) and "author" not in record.held
    return text if placed or text.casefold() in repeated else None


def _counts(lines: Sequence[DumpLine], below: range, posts: int) -> bool:
    """Whether the lines ``below`` the text say how many posts there are, and are brief."""
    first = lines[below.start]
    return first.space > 0 and is_count(first.text, posts) and not any(_speaks(lines[n]) for n in below)


def _speaks(line: DumpLine) -> bool:
    return len(line.text) > BRIEF or SENTENCE.search(line.text) is not None


def _in_text(said: Sequence[DumpLine]) -> str | None:
    """Return the first line of a text if it may be a title above the rest: brief, no end of a sentence, no space below it."""
    if len(said) < 2 or said[1].space:
        return None
    text = said[0].text
    brief = length_in_words(text) >= FEWEST and len(text) <= BRIEF
    return text if brief and not SENTENCE.search(text.removesuffix("?")) else None
