"""One end of the gaps between anchors, from which lines of the page are taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.word_tokens import MOST


class Side:
    """The lines of the page at one end of all gaps, found from the anchor inwards."""

    def __init__(
        self, lines: Sequence[DumpLine], at: list[int], ends: list[int], step: int, usual: frozenset[str]
    ) -> None:
        self.lines = lines
        self.at = at
        """In each gap, the next line."""
        self.anchors = [each - step for each in at]
        self.ends = ends
        self.step = step
        self.usual = usual
        """Lines that are in most gaps: these are no names, however short."""
        self.items: list[TemplateLine] = []
        """In order from the anchor inwards."""
        self.taken = 0
        self.latest: frozenset[int] = frozenset()
        """The gaps that have the line of the last item."""
        self.spoken = False
        """Whether the posts have text on the lines of the anchors."""
        self.titled = False
        """Whether the titles of posts are among them."""
        self.authors: list[str | None] | None = None
        """The author of each anchor's post, if known."""

    def here(self, ahead: int = 0) -> list[DumpLine | None]:
        """Return the next line of each gap, or the one ``ahead`` further inwards; None where the gap has no more."""
        found: list[DumpLine | None] = []
        for at, end in zip(self.at, self.ends, strict=True):
            there = at + ahead * self.step
            found.append(self.lines[there] if (there < end if self.step > 0 else there > end) else None)
        return found

    def completes_last(self, which: Iterable[int]) -> bool:
        """Whether these gaps are nearly all that lack the line of the last item: the page has one of two lines there."""
        lacking = len(self.at) - len(self.latest)
        own = frozenset(which)
        return not own & self.latest and len(own) >= MOST * lacking

    def take(self, which: Iterable[int], item: TemplateLine) -> None:
        """Assign the next line of these gaps to the item."""
        self.latest = frozenset(which)
        for n in self.latest:
            self.at[n] += self.step
            self.taken += 1
        self.items.append(item)
