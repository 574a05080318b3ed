"""Discord's Markdown: every line breaks, ``||spoilers||``, signs and times in ``<…>``."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from rostra.markup import markdown
from rostra.system.lazy_regex import late

CODE = late(r"((?<!`)`++[^`]++`++)")
FENCE = "```"
SPOILER = late(r"\|\|([^|\n]{1,2000})\|\|")
SIGN = late(r"<a?(:\w{1,40}:)\d+>")
TIME = late(r"<t:(-?\d{1,11})(?::[tTdDfFR])?>")
REST = ">>> "
LITERAL = late(r"((?:> )*[ \t]*)(?=>(?! |\Z)|(?:-+|=+|\*{3,}|_{3,})[ \t]*\Z)")
"""What begins a line in Discord like any other text: a sign without a space, a rule."""
PLACE = {"\ue010": '<span class="spoiler">', "\ue011": "</span>"}


def to_html(body: str) -> str:
    """Return HTML as described in ``markup``."""
    text = body.translate({ord(mark): None for mark in PLACE}).replace("\r\n", "\n")
    parts = CODE.split(text)
    for at in range(0, len(parts), 2):
        part = SPOILER.sub("\ue010\\1\ue011", parts[at])
        parts[at] = TIME.sub(_time, SIGN.sub(r"\1", part))
    html = markdown.to_html("\n".join(_broken("".join(parts).split("\n"))))
    for mark, tag in PLACE.items():
        html = html.replace(mark, tag)
    return html


def quoted_to_the_end(text: str) -> str:
    """Return a message in which each line after ``>>>`` is marked as quoted, so that other text may follow."""
    if REST not in text:
        return text
    out: list[str] = []
    code = rest = False
    for line in text.split("\n"):
        code ^= not rest and line.startswith(FENCE)
        begins = not code and not rest and line.startswith(REST)
        rest = rest or begins
        out.append(f"> {line.removeprefix(REST) if begins else line}" if rest else line)
    return "\n".join(out)


def _broken(lines: list[str]) -> list[str]:
    """Return the lines with a hard break at the end of each, except in code.

    A quotation ends with its line, unlike in Markdown, and what is no markup in Discord is escaped.
    """
    out: list[str] = []
    code = quoted = False
    for line in lines:
        edge = line.lstrip("> ").startswith(FENCE)
        if not code and (literal := LITERAL.match(line)):
            line = f"{literal[0]}\\{line[literal.end() :]}"
        before, quoted = quoted, line.lstrip(" ").startswith(">")
        if before and not quoted and not code:
            out.append("")
        code ^= edge
        out.append(line if code or edge or not line.strip() else f"{line.rstrip()}  ")
    return out


def _time(found: re.Match[str]) -> str:
    try:
        return datetime.fromtimestamp(int(found[1]), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return found[0]
