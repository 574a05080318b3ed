"""Reddit's Markdown: ``>text`` without a space, ``>!spoilers!<``, ``^superscripts``."""

from __future__ import annotations

import re
from html import unescape

from rostra.late import late
from rostra.markup import markdown

SPOILER = late(r">!(.{1,2000}?)!<", re.DOTALL)
SUPER = late(r"\^(?:\(([^()\n]{1,200})\)|(\w{1,40}))")
COMMUNITY = late(r"(?<![\w/.])/?(r/[A-Za-z0-9_]{2,21})\b")
CODE = late(r"(`+.+?`+|^(?: {4}|\t).*$)", re.MULTILINE | re.DOTALL)
PLACE = {"\ue010": '<span class="spoiler">', "\ue011": "</span>", "\ue012": "<sup>", "\ue013": "</sup>"}


def to_html(body: str) -> str:
    """HTML as ``markup`` names it."""
    # The dumps carry entities where people typed characters.
    text = unescape(body.translate({ord(mark): None for mark in PLACE}))
    parts = CODE.split(text) if "`" in text or "    " in text or "\t" in text else [text]
    for at in range(0, len(parts), 2):
        part = SPOILER.sub("\ue010\\1\ue011", parts[at])
        part = SUPER.sub(lambda found: f"\ue012{found[1] or found[2]}\ue013", part)
        parts[at] = COMMUNITY.sub(r"[\1](https://www.reddit.com/\1)", part)
    html = markdown.to_html("".join(parts))
    for mark, tag in PLACE.items():
        html = html.replace(mark, tag)
    return html
