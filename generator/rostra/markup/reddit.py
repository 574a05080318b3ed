"""Reddit's Markdown: ``>text`` without a space, ``>!spoilers!<``, ``^superscripts``."""

from __future__ import annotations

import re
from html import unescape

from rostra.markup import markdown
from rostra.system.lazy_regex import late

SPOILED = 2000
"""How many code points a spoiler has."""
SUPER = late(r"\^(?:\(([^()\n]{1,200})\)|(\w{1,40}))")
COMMUNITY = late(r"(?<![\w/.])/?(r/[A-Za-z0-9_]{2,21})\b")
CODE = late(r"((?<!`)`++[^`]++`++|^(?: {4}|\t).*$)", re.MULTILINE)
PLACE = {"\ue010": '<span class="spoiler">', "\ue011": "</span>", "\ue012": "<sup>", "\ue013": "</sup>"}


def to_html(body: str) -> str:
    """Return HTML as described in ``markup``."""
    # Dumps contain entities for characters that people typed.
    text = unescape(body.translate({ord(mark): None for mark in PLACE}))
    parts = CODE.split(text) if "`" in text or "    " in text or "\t" in text else [text]
    for at in range(0, len(parts), 2):
        part = _spoilers(parts[at])
        part = SUPER.sub(lambda found: f"\ue012{found[1] or found[2]}\ue013", part)
        parts[at] = COMMUNITY.sub(r"[\1](https://www.reddit.com/\1)", part)
    html = markdown.to_html("".join(parts))
    for mark, tag in PLACE.items():
        html = html.replace(mark, tag)
    return html


def _spoilers(text: str) -> str:
    """Replace ``>!`` and ``!<`` by placeholders around text that is not too long for a spoiler."""
    out, at = list[str](), 0
    begins = text.find(">!")
    while begins >= 0:
        # At least one character must be between.
        ends = text.find("!<", begins + 3, begins + 2 + SPOILED + 2)
        if ends >= 0:
            out += (text[at:begins], "\ue010", text[begins + 2 : ends], "\ue011")
            at = ends + 2
        begins = text.find(">!", max(at, begins + 1))
    return "".join(out) + text[at:]
