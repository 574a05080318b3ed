"""GitHub's Markdown: as Markdown, and a number that names an issue leads to it."""

from __future__ import annotations

from rostra.late import late
from rostra.markup import markdown

ISSUE = late(r"(?<![\w&/#])#(\d{1,9})\b(?![^<]*</(?:a|code|pre)>)(?![^<>]*>)")


def to_html(body: str) -> str:
    """HTML with footnotes as ``markup`` names them; a relative link, since a post knows its own address."""
    html = markdown.to_html(body)
    return ISSUE.sub(r'<a href="../issues/\1">#\1</a>', html) if "#" in html else html
