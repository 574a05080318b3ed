"""GitHub's Markdown: Markdown in which an issue's number is a link to it."""

from __future__ import annotations

from rostra.markup import markdown
from rostra.markup.mathematics import DOLLARS, with_math
from rostra.system.lazy_regex import late

TAG = late(r"(<[^>]*>)")
ISSUE = late(r"(?<![\w&/#])#(\d{1,9})\b")
WHOLE = {"</a>", "</code>", "</pre>"}
"""End tags of elements in which a number does not refer to an issue."""


def to_html(body: str) -> str:
    """Return HTML with footnotes as described in ``markup``; issue links are relative, to be resolved with the post's address."""
    html = with_math(body, DOLLARS, markdown.to_html)
    if "#" not in html:
        return html
    # Text and tags alternate.
    parts = TAG.split(html)
    for n in range(0, len(parts), 2):
        if "#" in parts[n] and (n + 1 == len(parts) or parts[n + 1] not in WHOLE):
            parts[n] = ISSUE.sub(r'<a href="../issues/\1">#\1</a>', parts[n])
    return "".join(parts)
