"""Zulip's Markdown: quotations and spoilers as fences, mentions, emoji, links to channels and topics."""

from __future__ import annotations

import re
from html import escape

from rostra.i18n.emoji import with_emoji
from rostra.markup import markdown
from rostra.markup.around_code import around_code
from rostra.markup.mathematics import ZULIP, with_math
from rostra.system.lazy_regex import late

FENCE = late(r" {0,3}(`{3,}+|~{3,}+)([^`\n]*+)$")
SAID = late(r"\s*+@_?\*\*([^*|\n]++)(?:\|\d++)?\*\*\s*+\[[^\]\n]*+\]\(([^)\n]*+)\):?\s*+$")
POST = late(r".*/(?:near|with)/(\d+)")
TICKS = late(r"`++|\n")
MENTION = late(r"@_?\*\*([^*|\n]++)(?:\|\d++)?\*\*|#\*\*([^*>\n]++)(?:>([^*\n]*+))?\*\*")


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``; fences nest, using a stack."""
    out: list[str] = []
    plain: list[str] = []
    open_fences: list[tuple[str, str]] = []
    code: str | None = None

    def flush() -> None:
        if any(line.strip() for line in plain):
            out.append(with_math("\n".join(plain), ZULIP, lambda text: markdown.to_html(_mentions(text))))
        plain.clear()

    for line in body.replace("\r\n", "\n").split("\n"):
        fence, about = found.groups() if (found := FENCE.match(line)) else ("", "")
        about = about.strip(" \t")
        if code is not None:
            plain.append(line)
            code = None if fence.startswith(code) and not about else code
        elif open_fences and not about and fence == open_fences[-1][0]:
            flush()
            out.append(open_fences.pop()[1])
        elif about.startswith("quote"):
            if opening := _quote(plain[-1]) if plain else None:
                plain.pop()
            flush()
            out.append(opening or "<blockquote>")
            open_fences.append((fence, "</blockquote>"))
        elif about.startswith("spoiler"):
            flush()
            label = about.removeprefix("spoiler").strip(" \t")
            out.append(f"<details><summary>{escape(label)}</summary>")
            open_fences.append((fence, "</details>"))
        else:
            code = fence or None
            plain.append(line)
    flush()
    html = "".join([*out, *(end for _, end in reversed(open_fences))])
    return around_code(html, with_emoji) if ":" in html else html


def _quote(line: str) -> str | None:
    """Return the tag of a quotation that this line introduces, or None."""
    said = SAID.match(line)
    post = POST.match(said[2]) if said else None
    if said is None or post is None:
        return None
    author, address = (escape(part, quote=True) for part in said.groups())
    return f'<blockquote data-author="{author}" data-post="{post[1]}" data-url="{address}">'


def _mentions(text: str) -> str:
    """Replace names as they are displayed, except in code: between equal runs of backticks in a line."""
    ticks = list(TICKS.finditer(text))
    ends: list[int | None] = [None] * len(ticks)
    following: dict[str, int] = {}
    for n in range(len(ticks) - 1, -1, -1):
        run = ticks[n][0]
        if run == "\n":
            following.clear()
        else:
            ends[n] = following.get(run)
            following[run] = n
    out, at, n = list[str](), 0, 0
    while n < len(ticks):
        if (end := ends[n]) is not None:
            out += (MENTION.sub(_mentioned, text[at : ticks[n].start()]), text[ticks[n].start() : ticks[end].end()])
            at, n = ticks[end].end(), end
        n += 1
    return "".join(out) + MENTION.sub(_mentioned, text[at:])


def _mentioned(found: re.Match[str]) -> str:
    person, channel, topic = found.groups()
    return f"@{person}" if person else f"#{channel}" + (f" > {topic}" if topic else "")
