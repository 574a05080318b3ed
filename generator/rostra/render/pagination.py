"""How a long debate is split over pages: by a post's number in reading order, and by nothing else.

The first page is ``index.html`` and every post's lasting address is there; the others are ``2.html`` and on.
"""

from __future__ import annotations

ALL = 1 << 62
"""A size that no debate passes."""


def page_number(number: int, size: int) -> int:
    """The page, from 1, on which a post stands: ``number`` is its place in the debate, from 1."""
    return (number - 1) // size + 1


def page_name(page: int) -> str:
    """The page's file within the debate's folder."""
    return "index.html" if page == 1 else f"{page}.html"
