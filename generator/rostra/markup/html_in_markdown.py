"""HTML within Markdown, as GitHub reads it: tags that it shows are tags, comments are hidden, any other ``<`` is text.

What somebody typed stays text where it only looks like HTML: names and attributes that no page shows ("List<String>",
"a <b and c> d"), and a comment without an end, which would hide the rest of the post.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from rostra.markup.sanitise import TAGS
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SHOWN = TAGS | {"picture", "source"}
"""The names of elements that are shown, and of those around a picture."""
BARE = {"open", "reversed"}
"""The attributes without a value."""
_VALUE = r"""\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
TAG = late(rf"</?(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<given>(?:\s++[A-Za-z:_-]++(?:{_VALUE})?)*+)\s*+/?>|<")
COMMENT = late(r"<!--.*?-->", re.DOTALL)
VALUE = late(_VALUE)


def use_html(markdown: MarkdownIt) -> None:
    """Let a parser read HTML."""
    markdown.options["html"] = True
    for kind in ("html_inline", "html_block"):
        markdown.add_render_rule(kind, lambda _self, tokens, index, _options, _env: shown_html(tokens[index].content))


def shown_html(html: str) -> str:
    """Return HTML without comments, in which tags that no page shows are text."""
    # Below the last end of a comment each beginning of one would be searched for an end in vain.
    closed, end, rest = html.rpartition("-->")
    html = COMMENT.sub("", closed + end) + rest
    return TAG.sub(lambda found: found[0] if _is_shown(found) else escape(found[0]), html)


def _is_shown(found: re.Match[str]) -> bool:
    if not found["name"] or found["name"].lower() not in SHOWN:
        return False
    return all(each.endswith("=") or each.lower() in BARE for each in VALUE.sub("=", found["given"]).split())
