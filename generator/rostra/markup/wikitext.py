"""Wikitext of talk pages: emphasis, links, lists, notes, quotation templates.

An unknown template is shown as typed: its expansion is in the wiki, not in the dump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import takewhile
from urllib.parse import quote

import mwparserfromhell
from mwparserfromhell.nodes import (
    Comment,
    ExternalLink,
    Heading,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.wikicode import Wikicode

from rostra.markup.unclosed import as_typed, close_unclosed, restore_signs
from rostra.system.lazy_regex import late

QUOTED = {"tq", "tqi", "tqq", "xt", "green", "talkquote", "talk quote", "talk quote inline", "talkquote inline", "qt"}
SET_APART = {"quote", "blockquote", "bq", "tqb", "tq2", "talk quote block", "talkquote block", "quotation", "cquote", "quotebox", "zitat", "citation bloc", "cita", "цитата"}  # fmt: skip
ADDRESSED = {"ping", "re", "reply to", "replyto", "reply", "u", "user", "yo", "mention", "noping", "@"}
NOTHING = {"od", "outdent", "unindent", "undent", "-", "clear", "reflist", "reflist-talk", "reftalk", "sources-talk"}
VOTES = {
    "support", "strong support", "weak support", "oppose", "strong oppose", "weak oppose", "neutral", "abstain", "comment", "keep", "delete", "question",
    "pro", "kontra", "contra", "enthaltung", "pour", "contre", "a favor", "en contra", "за", "против",
}  # fmt: skip
"""Templates that show a word of a vote in bold, with a sign before it."""
INLINE = {"b", "i", "s", "u", "del", "ins", "sub", "sup", "small", "em", "strong", "code", "kbd", "samp", "var", "abbr", "cite", "q"}  # fmt: skip
VERBATIM = {"pre", "syntaxhighlight", "source"}
LISTS = {"*": ("ul", "li"), "#": ("ol", "li"), ":": ("dl", "dd"), ";": ("dl", "dt")}
DEEPEST = 30
"""How many levels of lists are nested; deeper items are in the last level."""
BREAK = "\ue000"
"""The placeholder for a line end in a code block while the text is split into lines."""
MARKS = late(rf"^[{''.join(LISTS)}]+", re.MULTILINE)
HELD_MARKS = {ord(mark): chr(0xE004 + n) for n, mark in enumerate(LISTS)}
"""Placeholders for the marks of items, while the parser reads: it would make a tag of each mark."""
MARKS_AGAIN = {ord(held): chr(mark) for mark, held in HELD_MARKS.items()}
UNTYPED = dict.fromkeys([ord(BREAK), *MARKS_AGAIN])
"""What removes the placeholders from a body."""
BLOCK = late(r"\s*</?(?:blockquote|pre|h[1-6]|hr|aside)\b")


def to_html(body: str) -> str:
    """Return HTML with quotations and notes as described in ``markup``."""
    notes: dict[str, str] = {}
    typed = close_unclosed(body.translate(UNTYPED))
    held = MARKS.sub(lambda found: found[0].translate(HELD_MARKS), typed)
    flat = _inline(mwparserfromhell.parse(held), notes).translate(MARKS_AGAIN)
    asides = (f'<aside data-note="{label}">{text.translate(MARKS_AGAIN)}</aside>' for label, text in notes.items())
    return restore_signs("".join((*_blocks(flat.split("\n")), *asides)).replace(BREAK, "\n"))


def _blocks(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    opened = ""

    def flush() -> Iterator[str]:
        if paragraph:
            yield f"<p>{' '.join(paragraph)}</p>"
            paragraph.clear()

    for line in lines:
        marks = "".join(takewhile(lambda char: char in LISTS, line))
        if marks != opened or marks:
            yield from flush()
            yield from _list(opened, marks[:DEEPEST])
            opened = marks[:DEEPEST]
        if marks:
            yield line[len(marks) :].strip()
        elif BLOCK.match(line):
            yield from flush()
            yield line
        elif line.strip() == "----":
            yield from flush()
            yield "<hr>"
        elif line.strip():
            paragraph.append(line.strip())
        else:
            yield from flush()
    yield from flush()
    yield from _list(opened, "")


def _list(before: str, after: str) -> Iterator[str]:
    """Yield the tags between an item marked ``before`` and one marked ``after``."""
    if not before and not after:
        return
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))))
    if after and same == len(after):
        same -= 1
    for mark in reversed(before[same:]):
        outer, inner = LISTS[mark]
        yield f"</{inner}></{outer}>"
    for mark in after[same:]:
        outer, inner = LISTS[mark]
        yield f"<{outer}><{inner}>"


def _inline(code: Wikicode | None, notes: dict[str, str]) -> str:
    return "".join(_node(node, notes) for node in code.nodes) if code is not None else ""


def _node(node: Node, notes: dict[str, str]) -> str:
    match node:
        case Text():
            return escape(str(node), quote=False)
        case HTMLEntity():
            return str(node)
        case Comment():
            return ""
        case Wikilink():
            return _link(node, notes)
        case ExternalLink():
            address = escape(str(node.url), quote=True)
            return f'<a href="{address}">{_inline(node.title, notes) or address}</a>'
        case Template():
            return _template(node, notes)
        case Heading():
            return f"\n<h{node.level}>{_inline(node.title, notes).strip()}</h{node.level}>\n"
        case Tag():
            return _tag(node, notes)
    return escape(str(node), quote=False)


def _link(node: Wikilink, notes: dict[str, str]) -> str:
    target = as_typed(str(node.title)).strip().lstrip(":")
    # A picture's last option is its caption, the others are about its layout.
    shown = _inline(node.text, notes).rpartition("|")[2] or escape(target, quote=False)
    page, sign, part = target.partition("#")
    address = (
        "/wiki/" + quote(page.strip().replace(" ", "_")) + sign + quote(part.replace(" ", "_")) if page else sign + part
    )
    return f'<a href="{escape(address, quote=True)}">{shown}</a>'


def _template(node: Template, notes: dict[str, str]) -> str:
    name = str(node.name).strip().lower().replace("_", " ")
    given = {str(each.name).strip().lower(): each.value for each in node.params}
    first = given.get("1", given.get("text", given.get("quote")))
    if name in NOTHING:
        return ""
    if name in QUOTED and first is not None:
        return f"“{_inline(first, notes).strip()}”"
    if name in SET_APART and first is not None:
        who = given.get("author", given.get("by", given.get("2")))
        author = f' data-author="{_attribute(who.strip_code())}"' if who is not None else ""
        return f"\n<blockquote{author}>\n{_inline(first, notes).strip()}\n</blockquote>\n"
    if name in ADDRESSED and first is not None:
        return ", ".join(f"@{_inline(value, notes).strip()}" for key, value in given.items() if key.isdigit())
    if name in VOTES:
        return f"<strong>{_inline(first, notes).strip() or escape(str(node.name).strip().capitalize(), quote=False)}</strong>"
    if name in ("tl", "tlx", "tlc") and first is not None:
        return "<code>{{" + "|".join(escape(str(v), quote=False) for k, v in given.items() if k.isdigit()) + "}}</code>"
    return escape(str(node), quote=False)


def _tag(node: Tag, notes: dict[str, str]) -> str:
    name = str(node.tag).strip().lower()
    if node.wiki_markup and name == "hr":
        return str(node.wiki_markup)
    if name in VERBATIM:
        language = _attribute(node.get("lang").value) if node.has("lang") else ""
        css = f' class="language-{language}"' if language else ""
        code = escape(str(node.contents).strip("\n"), quote=False).replace("\n", BREAK)
        return f"\n<pre><code{css}>{code}</code></pre>\n"
    if name in ("nowiki", "math"):
        text = escape(str(node.contents or ""), quote=False)
        return f"<code>{text}</code>" if name == "math" else text
    if name == "ref":
        return _note(node, notes)
    if name == "br":
        return "<br>"
    if name == "blockquote":
        return f"\n<blockquote>\n{_inline(node.contents, notes)}\n</blockquote>\n"
    if name == "table" and node.wiki_markup:
        return f"\n<pre><code>{escape(str(node), quote=False).replace(chr(10), BREAK)}</code></pre>\n"
    if name == "references":
        return ""
    inner = _inline(node.contents, notes) if node.contents is not None else ""
    if name in INLINE:
        return f"<{name}>{inner}</{name}>"
    if name in ("span", "div", "font", "big", "center", "p", "includeonly", "noinclude", "onlyinclude"):
        return inner if name not in ("div", "p", "center") else f"\n\n{inner}\n\n"
    return escape(str(node), quote=False)


def _note(node: Tag, notes: dict[str, str]) -> str:
    name = _attribute(node.get("name").value) if node.has("name") else ""
    label = name if name and not name.isdigit() else str(len(notes) + 1)
    text = _inline(node.contents, notes).strip() if node.contents is not None else ""
    if text:
        notes.setdefault(label, text)
    return f'<a data-note="{label}"></a>' if label in notes else ""


def _attribute(value: object) -> str:
    """Return a value in one line, for a tag that is not split with the lines."""
    return escape(" ".join(str(value).translate(UNTYPED).split()), quote=True)
