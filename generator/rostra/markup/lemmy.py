"""Lemmy's Markdown: ``::: spoiler``, ``^superscript^``, ``~subscript~``, ``!community@host``."""

from __future__ import annotations

import re
from html import escape

from rostra.markup import markdown
from rostra.system.lazy_regex import late

SPOILER = late(r"^:::+\s*spoiler\b[ \t]*(.*)$")
END = late(r"^:::+\s*$")
SUPER = late(r"(?<![\^\[])\^([^\s^]{1,60})\^")
SUB = late(r"(?<!~)~([^\s~]{1,60})~(?!~)")
COMMUNITY = late(r"(?<![\w/])!([a-z0-9_]{2,40})@([\w-]+(?:\.[\w-]+)+)")


def to_html(body: str) -> str:
    """Return HTML as described in ``markup``; a spoiler becomes ``<details>``."""
    out: list[str] = []
    gathered: list[str] = []
    open_folds = 0

    def flush() -> None:
        if gathered:
            out.append(_plain("\n".join(gathered)))
            gathered.clear()

    for line in body.replace("\r\n", "\n").split("\n"):
        if (spoiler := SPOILER.match(line)) and open_folds < 20:
            flush()
            out.append(f"<details><summary>{escape(spoiler[1].strip())}</summary>")
            open_folds += 1
        elif open_folds and END.match(line):
            flush()
            out.append("</details>")
            open_folds -= 1
        else:
            gathered.append(line)
    flush()
    return "".join(out) + "</details>" * open_folds


def _plain(text: str) -> str:
    html = markdown.to_html(COMMUNITY.sub(r"[!\1@\2](https://\2/c/\1)", text))
    if "^" not in html and "~" not in html:
        return html
    parts = re.split(r"(<pre>.*?</pre>|<code>.*?</code>|<[^>]*>)", html, flags=re.DOTALL)
    parts[::2] = [SUB.sub(r"<sub>\1</sub>", SUPER.sub(r"<sup>\1</sup>", part)) for part in parts[::2]]
    return "".join(parts)
