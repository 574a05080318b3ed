"""Parse any HTML to a tree of elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = "Excessive depth"
"""The error of libxml2 at 2,048 nested elements, where it stops."""


def page_of(html: str) -> tuple[HtmlElement | None, bool]:
    """Return the root of a page, or None if the page is empty, and whether all of it was read."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        # Bytes, so that a declaration of another encoding in the page is ignored.
        root = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        return None, True
    return root, not any(DEEPEST in entry.message for entry in parser.error_log)
