"""HTML as trees of elements, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = "Excessive depth"
"""What libxml2 says where it gives up: at 2,048 elements within each other."""


def page_of(html: str) -> tuple[HtmlElement | None, bool]:
    """The root of a page, None where there is nothing on it, and whether all of it was read."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        # Bytes, since a declaration of another encoding in the page would no longer be true.
        root = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        return None, True
    return root, not any(DEEPEST in entry.message for entry in parser.error_log)
