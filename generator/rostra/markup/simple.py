"""Convert Markdown that needs no parser: most of what people type.

Paragraphs, quotations of one level and fenced code, separated by a blank line; within a line emphasis, code
and simple links.  The parser (``markdown.py``) handles any other body.
"""

from __future__ import annotations

import re
from html import escape

from rostra.system.lazy_regex import late

LETTER = r"[^\W\d_]"
# Characters beyond Latin-1 are alternatives of their own: a set with them and others takes a quarter of a millisecond to compile.
WORDS = r"[^\W_]++(?:[ '-][^\W_]++|’[^\W_]++)*+"
LINK = r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:/[A-Za-z0-9~-]+)*/?"
# A line excludes the characters of Markdown's syntax, and those of every bare address (``markdown.ADDRESS``).
LINE = rf"""
    (?={LETTER}|["'(*`\[]|[“‘])
    (?: [^\s\x00_*`\[\]<>&\\@~^|./!]++ | [ ](?=[^\s]) | \.(?!{LETTER}) | /(?!/) | !(?!\[)
      | (?<![\w*])(?:\*{WORDS}\*|\*\*{WORDS}\*\*)(?![\w*])
      | (?<!`)`(?![ `])[^`\n\r\x00]++(?<![ ])`(?!`)
      | \[{WORDS}\]\({LINK}\)
    )++
"""
BLOCK = late(
    rf"""(?: (?P<said>(?:{LINE}(?:\n(?=\S)|(?=\n|\Z)))++)
           | (?P<quoted>(?:>[ ]{LINE}(?:\n(?=>)|(?=\n|\Z)))++)
           | ```(?P<language>[a-z0-9+-]*)\n(?P<code>(?:(?![ ]*```)[^\n\r\t\x00]*\n)*+)```
         )(?:\n\n(?=\S)|\n*\Z)""",
    re.VERBOSE,
)
INLINE = late(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)")


def to_html(body: str) -> str | None:
    """Return the parser's HTML for a body, except for how characters are escaped; None if it needs the parser."""
    out: list[str] = []
    at = 0
    while at < len(body):
        if (block := BLOCK.match(body, at)) is None:
            return None
        at = block.end()
        if (said := block["said"]) is not None:
            out.append(f"<p>{_inline(said)}</p>\n")
        elif (quoted := block["quoted"]) is not None:
            out.append(f"<blockquote>\n<p>{_inline(quoted[2:].replace(chr(10) + '> ', chr(10)))}</p>\n</blockquote>\n")
        else:
            language = f' class="language-{block["language"]}"' if block["language"] else ""
            out.append(f"<pre><code{language}>{escape(block['code'])}</code></pre>\n")
    return "".join(out)


def _inline(text: str) -> str:
    return INLINE.sub(_marked, escape(text, quote=False))


def _marked(found: re.Match[str]) -> str:
    code, strong, stressed, label, address = found.groups()
    if code:
        return f"<code>{code}</code>"
    if label:
        return f'<a href="{address}">{label}</a>'
    return f"<strong>{strong}</strong>" if strong else f"<em>{stressed}</em>"
