"""Zulip's Markdown: quotations and spoilers as fences, mentions, links to channels and topics."""

from __future__ import annotations

import re
from html import escape

from rostra.late import late
from rostra.markup import markdown

FENCE = late(r"^ {0,3}(`{3,}|~{3,})[ \t]*(quote|spoiler)?[ \t]*([^`]*?)[ \t]*$")
SAID = late(r"^\s*@_?\*\*([^*|\n]+)(?:\|\d+)?\*\*\s*\[[^\]\n]*\]\(([^)\n]*/(?:near|with)/(\d+)[^)\n]*)\):?\s*$")
MENTION = late(r"(`+)(?:(?!\1).)*\1|@_?\*\*([^*|\n]+)(?:\|\d+)?\*\*|#\*\*([^*>\n]+)(?:>([^*\n]*))?\*\*")


def to_html(body: str) -> str:
    """HTML with quotations as ``markup`` names them; fences nest, by a stack."""
    out: list[str] = []
    plain: list[str] = []
    open_fences: list[tuple[str, str]] = []
    code: str | None = None

    def flush() -> None:
        if any(line.strip() for line in plain):
            out.append(markdown.to_html(MENTION.sub(_mentioned, "\n".join(plain))))
        plain.clear()

    for line in body.replace("\r\n", "\n").split("\n"):
        fence = FENCE.match(line)
        if code is not None:
            plain.append(line)
            code = None if fence and fence[1].startswith(code) and not fence[2] and not fence[3] else code
        elif fence and open_fences and not fence[2] and not fence[3] and fence[1] == open_fences[-1][0]:
            flush()
            out.append(open_fences.pop()[1])
        elif fence and fence[2] == "quote":
            said = SAID.match(plain[-1]) if plain else None
            if said:
                plain.pop()
            flush()
            out.append(_quote(said))
            open_fences.append((fence[1], "</blockquote>"))
        elif fence and fence[2] == "spoiler":
            flush()
            out.append(f"<details><summary>{escape(fence[3]) or 'Spoiler'}</summary>")
            open_fences.append((fence[1], "</details>"))
        else:
            code = fence[1] if fence else None
            plain.append(line)
    flush()
    return "".join([*out, *(end for _, end in reversed(open_fences))])


def _quote(said: re.Match[str] | None) -> str:
    if not said:
        return "<blockquote>"
    author, address, post = (escape(part, quote=True) for part in said.groups())
    return f'<blockquote data-author="{author}" data-post="{post}" data-url="{address}">'


def _mentioned(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    if found[2]:
        return f"@{found[2]}"
    return f"#{found[3]}" + (f" > {found[4]}" if found[4] else "")
