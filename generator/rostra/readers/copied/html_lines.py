"""Convert a page of HTML to lines, as a browser copies it, each indented by the depth of its element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
     "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)  # fmt: skip
UNSHOWN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "select",
        "datalist",
    }
)
APART = frozenset(
    {"p", "pre", "blockquote", "article", "section", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
"""Elements with space around them."""
DEEPEST = 400
"""The depth of nested elements above which lines are indented no further."""
_DATE = late(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def page_lines(root: HtmlElement) -> list[str]:
    """Return the lines of a page; an empty one where there is space between two blocks."""
    out: list[str] = []
    words: list[str] = []
    column = 0

    def end(depth: int, *, apart: bool = False) -> None:
        nonlocal column
        text = " ".join("".join(words).split())
        words.clear()
        if text:
            out.append(" " * min(column, DEEPEST) + text)
        if apart and out and out[-1]:
            out.append("")
        column = depth

    for kind, element, depth in _walk(root):
        tag = element.tag
        if kind == "text":
            words.append(element.text or "")
        elif kind == "tail":
            words.append(element.tail or "")
        elif tag == "br":
            end(depth)
        elif tag == "time" and kind == "open" and _DATE.match(element.get("datetime") or ""):
            words.append(element.get("datetime") or "")
        elif tag not in INLINE:
            end(depth if kind == "open" else depth - 1, apart=tag in APART)
    end(0)
    return out


def _walk(root: HtmlElement) -> Iterator[tuple[str, HtmlElement, int]]:
    """Yield the events of a page in document order: start and end of elements, and texts; depth counts block elements."""
    stack: list[tuple[str, HtmlElement, int]] = [("open", root, 0)]
    while stack:
        kind, element, depth = stack.pop()
        if kind != "open":
            yield kind, element, depth
            continue
        shown = isinstance(element.tag, str) and element.tag not in UNSHOWN
        if shown:
            yield "open", element, depth
            said = element.tag == "time" and bool(_DATE.match(element.get("datetime") or ""))
            stack.append(("close", element, depth))
            inner = depth + (element.tag not in INLINE)
            for child in reversed(() if said else element):
                stack.append(("tail", child, inner))
                stack.append(("open", child, inner))
            if not said:
                yield "text", element, depth
