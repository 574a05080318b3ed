"""Compare the number of pages that a source states ("Page 2 of 7") with the pages that were read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from rostra.model import Problem
from rostra.system.lazy_regex import late

ABSENT = "missing-page"
"""The code of problems about pages that are in no dump."""
NAMED = 20
"""How many absent pages get a problem each."""
MOST = 100_000
"""A higher number is no number of pages."""
LONGEST = 200
"""The most code points of a line that states the page."""
_PAGE = r"(?:page|seite|página|pagina|strona|sida|side|sivu|stránka|страница|pagină|oldal)"
_OF = r"(?:of|von|de|di|z|av|af|van|из|sur|din|/)"
STATED = late(rf"\b{_PAGE}:?\s+(\d{{1,6}})\s+{_OF}\s+(\d{{1,6}})\b", re.IGNORECASE)
LINE = late(
    rf"(?:[\d.,]+\s+\w+\s*[•·|,-]\s*)?[\[(]?{_PAGE}:?\s+\d{{1,6}}\s+{_OF}\s+\d{{1,6}}[\])]?"
    r"(?:[\s•·|\[\]<>«»‹›←→….,-]|\d+|first|last|next|prev(?:ious)?|jump to page)*",
    re.IGNORECASE,
)
"""A line that states the page, with the links to other pages next to it, and nothing else."""


class PageNumbers(Struct, frozen=True):
    """The numbers of the pages that were read, and the highest number that any of them states."""

    read: frozenset[int] = frozenset()
    last: int = 0

    def with_page(self, number: int, last: int) -> PageNumbers:
        """Return the numbers with those of another page; numbers that cannot be right change nothing."""
        if not 1 <= number <= last <= MOST:
            return self
        return PageNumbers(self.read | {number}, max(self.last, last))

    def and_those(self, other: PageNumbers) -> PageNumbers:
        """Return the numbers of both."""
        return PageNumbers(self.read | other.read, max(self.last, other.last))

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each absent page, with the same words in every dump of a debate."""
        absent = [number for number in range(1, self.last + 1) if number not in self.read]
        for number in absent[:NAMED]:
            yield _absent(f"page {number} of the source is not in the dump")
        if (rest := len(absent) - NAMED) > 0:
            yield _absent(f"{rest} more pages of the source are not in the dump")


def _absent(message: str) -> Problem:
    return Problem(code=ABSENT, message=message, hint="save that page too, if the posts on it are not elsewhere")


def stated_in(text: str) -> tuple[int, int] | None:
    """Return the number of the page and of the last page, if a text states both."""
    found = STATED.search(text)
    return (int(found[1]), int(found[2])) if found else None


def stated_in_lines(lines: Iterable[str]) -> PageNumbers:
    """Return the numbers that lines of a copied page state; a sentence with such words states nothing."""
    numbers = PageNumbers()
    for text in map(str.strip, lines):
        if len(text) <= LONGEST and LINE.fullmatch(text) and (found := stated_in(text)):
            numbers = numbers.with_page(*found)
    return numbers
