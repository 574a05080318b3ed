"""Hacker News's subset of HTML: unclosed paragraphs, and ``>`` before quoted text."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

QUOTED = late(r"^\s*+(?:<i>)?+\s*+&gt;++\s*+")


def to_html(body: str) -> str:
    """Return HTML with quoted paragraphs as quotations."""
    out = []
    for part in re.split(r"<p>", body.replace("</p>", "")):
        if not part.strip():
            continue
        marked = QUOTED.match(part)
        text = part[marked.end() :] if marked else part
        if marked and "<i>" in marked[0]:
            text = "<i>" + text
        out.append(f"<blockquote><p>{text}</p></blockquote>" if marked else f"<p>{text}</p>")
    return "".join(out)
