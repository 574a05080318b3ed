"""Split a long debate into pages by the numbers of its posts in reading order, and by nothing else.

The first page is ``index.html`` and has every post's permanent link; the others are ``2.html`` and so on.
"""

from __future__ import annotations

ALL = 1 << 62
"""A page size that no debate exceeds."""


def page_number(number: int, size: int) -> int:
    """Return the page of a post; ``number`` is its position in the debate.  Both count from 1."""
    return (number - 1) // size + 1


def page_name(page: int) -> str:
    """Return the page's file name within the debate's folder."""
    return "index.html" if page == 1 else f"{page}.html"
