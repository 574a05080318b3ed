"""Decide how a text is read: by the layout of a page, or by heads of posts, which indentation and times show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied import reading
from rostra.readers.copied.doubts.name_doubts import doubts_of
from rostra.readers.copied.layout import DumpLine, prepared
from rostra.readers.copied.learning.anchors import FEWEST
from rostra.readers.dumps.dump import Dump
from rostra.readers.text.headers import Header, headers
from rostra.readers.text.placed_names import place_doubt

MISSED = 0.75
"""If lines with times show less than this share of the posts that a layout finds without a doubt, they miss posts."""


class ReadingWay(NamedTuple):
    """How a text is read: by the layout of a page, or by heads of posts, which indentation and times show."""

    page: reading.LayoutReading | None
    heads: list[Header]

    @classmethod
    def of(cls, dump: Dump, lines: list[str], shown: Sequence[DumpLine], text: str) -> ReadingWay:
        """Return the way that finds more posts, and names more certainly."""
        page = reading.of_dump(dump, shown, text)
        if page is None:
            return cls(None, headers(lines))
        found = [] if reading.is_sure(page) and not page.doubts else headers(lines)
        certain_posts = _names_posts(page) and (not page.doubts or _times_apart(page))
        misses = len(found) <= MISSED * len(page.cut.records)
        # A layout without a doubt decides where the heads have one.
        doubtful = not page.doubts and (
            place_doubt(shown, found) is not None
            or all(each.name is None or _is_of_page(page, each.name) for each in found)
        )
        return cls(page, [] if certain_posts and (misses or doubtful) else found)

    @property
    def is_page(self) -> bool:
        """Whether the layout is used."""
        if self.page is None:
            return False
        sure = reading.is_sure(self.page) and len(self.heads) <= len(self.page.cut.records)
        return sure or (not self.heads and _names_posts(self.page))

    def doubt(self, lines: Sequence[DumpLine]) -> str | None:
        """Return why the names of the heads may be wrong, if there is a reason."""
        page, names = self.page, [header.name for header in self.heads if header.name]
        if page and page.doubts and reading.is_sure(page):
            return page.doubts[0]
        if found := _doubt(lines, self.heads):
            return found
        if page and _names_posts(page) and not names:
            return "nothing that the page writes in every post tells names from people's words"
        if page and _names_posts(page) and 2 * sum(_is_of_page(page, name) for name in names) > len(names):
            return "what is above most times is a line of the page"
        return place_doubt(lines, self.heads)


def _is_of_page(page: reading.LayoutReading, name: str) -> bool:
    """Whether what is taken for a name is a line of the layout that names nobody, such as a button."""
    items = (item for each in page.cut.layout.templates for item in each.items)
    own = [item for item in items if not item.is_open and "author" not in item.slots]
    return any(item.match(line) is not None for line in prepared([name]) for item in own)


def _names_posts(page: reading.LayoutReading) -> bool:
    """Whether a layout names authors of enough posts, though nothing else that the page writes shows where posts begin."""
    return page.cut.layout.templates[0].names_authors and len(page.cut.records) >= FEWEST


def _times_apart(page: reading.LayoutReading) -> bool:
    """Whether times are on lines of their own, so that the posts are certain although the names are not."""
    own = page.cut.layout.templates[-1]
    return own.items[own.anchor].is_open and "author" not in own.items[own.anchor].slots


def _doubt(lines: Sequence[DumpLine], found: Sequence[Header]) -> str | None:
    """Return why the recognised names may be wrong, if there is a reason."""
    heads = {n for header in found for n in range(header.first, header.last + 1)}
    if sum(_ends_in_time(line) for line in lines if line.number not in heads) > len(found):
        return "more lines end in a time than begin a post"
    return next(doubts_of([header.name for header in found if header.name]), None)


def _ends_in_time(line: DumpLine) -> bool:
    return bool(line.times) and line.text.endswith(line.times[-1])
