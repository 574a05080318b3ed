"""Slack's mrkdwn in exports: ``&``, ``<`` and ``>`` are escaped, ``<…>`` is a link or a name, ``:tada:`` is an emoji."""

from __future__ import annotations

import re
from html import escape

from rostra.i18n.emoji import with_emoji
from rostra.system.lazy_regex import late

TOKEN = late(r"<([^<>\n|]+)(?:\|([^<>\n]*))?>")
CODE = late(r"```(.*?)```|`([^`\n]+)`", re.DOTALL)
QUOTED = late(r"^(?:&gt;|>) ?", re.MULTILINE)
SHARED = late(r"<!quote\^([^<>^|\n]*)\^([^<>^|\n]*)\^([^<>^|\n]*)>")
"""The mark of Slack's reader for the source of the quotation below: author, time of the message, address."""
EMPHASIS = [
    (late(rf"(?<![\w{mark}]){mark}(?=\S)([^\n{mark}]*[^\s{mark}]){mark}(?![\w{mark}])"), rf"<{tag}>\1</{tag}>")
    for mark, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
]
HELD = "\ue000"


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``; code is not converted."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        code = found[1] if found[1] is not None else found[2]
        shown = escape(code.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), quote=False)
        kept.append(f"<pre><code>{shown}</code></pre>" if found[1] is not None else f"<code>{shown}</code>")
        return HELD + str(len(kept) - 1) + HELD

    text = CODE.sub(keep, body.replace(HELD, ""))
    out: list[str] = []
    lines: list[str] = []
    quoting = rest = False
    source = ""

    def flush() -> None:
        nonlocal source
        if any(line.strip() for line in lines):
            said = "".join(f"<p>{_inline(part)}</p>" for part in re.split(r"\n\s*\n", "\n".join(lines)) if part.strip())
            out.append(f"<blockquote{source}>{said}</blockquote>" if quoting else said)
            source = ""
        lines.clear()

    for line in text.split("\n"):
        if not rest and line.startswith(("&gt;&gt;&gt;", ">>>")):
            flush()
            quoting = rest = True
            lines.append(re.sub(r"^(?:&gt;|>){3} ?", "", line))
            continue
        if shared := SHARED.fullmatch(line):
            flush()
            source = _source(shared)
            quoting = True
            continue
        marked = bool(QUOTED.match(line))
        if not rest and marked != quoting:
            flush()
            quoting = marked
        lines.append(QUOTED.sub("", line) if marked and not rest else line)
    flush()
    return re.sub(f"{HELD}(\\d+){HELD}", lambda found: kept[int(found[1])], "".join(out))


def _source(shared: re.Match[str]) -> str:
    """Return the attributes of a quotation whose source is written above it."""
    values = zip(("author", "post", "url"), shared.groups(), strict=True)
    return "".join(
        f' data-{name}="{escape(value.replace("&amp;", "&"), quote=True)}"' for name, value in values if value
    )


def _inline(text: str) -> str:
    links: list[str] = []

    def link(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith(("@", "#", "!")):
            shown = escape((label or target.lstrip("@#!").partition("^")[0]).lstrip("@"), quote=False)
            sign = "" if target.startswith("!date^") else "#" if target.startswith("#") else "@"
            links.append(f"{sign}{shown}")
        else:
            shown = escape((label or target).replace("&amp;", "&"), quote=False)
            links.append(f'<a href="{escape(target.replace("&amp;", "&"), quote=True)}">{shown}</a>')
        return f"\ue001{len(links) - 1}\ue001"

    text = with_emoji(TOKEN.sub(link, text.replace("\ue001", "")))
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    for pattern, html in EMPHASIS:
        text = pattern.sub(html, text)
    return re.sub("\ue001(\\d+)\ue001", lambda found: links[int(found[1])], text).replace("\n", "<br>")
