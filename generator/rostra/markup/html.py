"""Bodies that are HTML already; the sanitiser and the flattener convert them, except for footnotes that are links."""

from __future__ import annotations

from lxml import html as lxml_html
from lxml.etree import ParserError

from rostra.markup.linked_notes import has_links, mark_notes
from rostra.markup.sanitise import writable


def to_html(body: str) -> str:
    """Return the body with footnotes as described in ``markup``, otherwise unchanged."""
    if not has_links(body):
        return body
    try:
        root = lxml_html.fragment_fromstring(writable(body), create_parent="div")
    except (ParserError, ValueError):
        return body
    mark_notes(root)
    return str(lxml_html.tostring(root, encoding="unicode"))
