"""GitHub's Markdown: as Markdown, and a number that names an issue leads to it."""

from __future__ import annotations

from rostra.markup import markdown
from rostra.system.lazy_regex import late

TAG = late(r"(<[^>]*>)")
ISSUE = late(r"(?<![\w&/#])#(\d{1,9})\b")
WHOLE = {"</a>", "</code>", "</pre>"}
"""What ends text in which a number names no issue."""


def to_html(body: str) -> str:
    """HTML with footnotes as ``markup`` names them; a relative link, since a post knows its own address."""
    html = markdown.to_html(body)
    if "#" not in html:
        return html
    # Text and tags by turns.
    parts = TAG.split(html)
    for n in range(0, len(parts), 2):
        if "#" in parts[n] and (n + 1 == len(parts) or parts[n + 1] not in WHOLE):
            parts[n] = ISSUE.sub(r'<a href="../issues/\1">#\1</a>', parts[n])
    return "".join(parts)
