"""Rewrite HTML with many tags so that any parser takes linear time and memory for it.

The parser of the HTML Standard walks the stack of open elements for most tags and reopens all unclosed formatting
in each block: 40 KB of hostile tags become 28 MB, with a gigabyte of memory on the way.  So tags are tokenised here
as in the standard (13.2.5, tokenization) and rewritten so that they nest properly, to a limit, and so that formatting
ends with its block and begins again in the next.  No text is lost; the sanitiser removes what is unsafe.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from rostra.system.lazy_regex import late

FEW = 200
SHORT = 50_000
"""How many tags and code points are cheap for any parser: a smaller body stays as it is."""
PIECE = 10_000
"""How many code points of text may follow each other; a comment separates them, since nh3 writes "&" in quadratic time."""
ENTITY = 40
"""More code points than the longest character reference has."""
DEEPEST = 100
"""How many levels blocks are nested; a deeper one only separates its content."""
INLINE = 20
"""How many formatting elements are open at once; further ones are dropped."""
AGAIN = 2
"""How many times its length a body may grow by reopened formatting."""

SPACE = r"\t\n\f\r "
NAME = rf"=?[^{SPACE}/>=]++|="
VALUE = rf"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{SPACE}>\"'][^{SPACE}>]*+"
GIVEN = late(rf"({NAME})(?:[{SPACE}]*+=[{SPACE}]*+({VALUE})?+)?+")
TOKEN = late(
    r"(?P<text>[^<]++)"
    rf"|<(?P<slash>/?)(?P<name>[a-zA-Z][^{SPACE}/>]*+)"
    rf"(?P<given>(?:[{SPACE}/]*+(?:{NAME})(?:[{SPACE}]*+=[{SPACE}]*+(?:{VALUE})?+)?+)*+)[{SPACE}/]*+(?P<end>>?)"
    r"|<!--(?:-?>|.*?(?:--!?>|(?P<cut>\Z)))"
    r"|<[!?/](?:[^>]*+)(?:>|(?P<torn>\Z))"
    r"|(?P<sign><)",
    re.DOTALL,
)
ORDINARY = late(r"[a-z][a-z0-9-]*")
RAW = {
    name: late(rf"</{name}(?=[{SPACE}/>])", re.IGNORECASE)
    for name in ("script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title")
}
"""Elements whose content has no tags, by what ends it."""
REFERRING = {"textarea", "title"}
"""Those of them whose content has character references."""
UNSEEN = {"script", "style", "iframe", "template", "noscript", "object"}
"""Elements that are removed with their content."""
VOID = {"br", "hr", "img", "wbr"}
TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = TABLE | HEADINGS | {
    "aside", "blockquote", "dd", "details", "div", "dl", "dt", "li", "ol", "p", "pre", "summary", "ul",
}  # fmt: skip
FORMATTING = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "q", "s", "samp", "small",
    "span", "strong", "sub", "sup", "time", "u", "var",
}  # fmt: skip
SEPARATING = {
    "address", "article", "center", "dir", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup",
    "legend", "listing", "main", "menu", "nav", "option", "search", "section", "select",
}  # fmt: skip
"""Blocks that no body keeps: their content is still separated."""
HELD = {
    "li": {"ul", "ol", "td", "th", "caption", "table", "blockquote", "details"},
    "dt": {"dl", "td", "th", "caption", "table", "blockquote", "details"},
    "td": {"tr", "table"},
    "tr": {"table"},
    "tbody": {"table"},
}
"""Elements that bound an item, cell, row or group of rows: within them, its start ends the last one of its kind."""
HELD |= {"dd": HELD["dt"], "th": HELD["td"]} | dict.fromkeys(("thead", "tfoot", "caption"), HELD["tbody"])
ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
GROUPS = {"caption", "thead", "tbody", "tfoot"}
ENDED = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"},
    "tr": {"tr", "td", "th", "caption"},
} | dict.fromkeys(GROUPS, TABLE - {"table"})  # fmt: skip
"""Elements that end the open one of their kind, with all its content."""
CELLS = {"td", "th", "caption", "table"}
"""Elements that no end tag of an enclosing element ends."""


def shallow(html: str) -> str:
    """Return the same HTML, with its tags nested to a limit if there are many of them."""
    return _HtmlWriter(html).written() if len(html) > SHORT or html.count("<") > FEW else html


class _HtmlWriter:
    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.blocks: list[str] = []
        self.inline: list[tuple[str, str]] = []  # name and tag of open formatting, outermost first
        self.shown = 0  # how many of them are open in the current block
        self.left_out: Counter[str] = Counter()  # started beyond a limit, and not ended
        self.again = AGAIN * len(html)

    def written(self) -> str:
        at, end = 0, len(self.html)
        while at < end:
            found = TOKEN.match(self.html, at)
            assert found
            at = found.end()
            if text := found["text"]:
                self._text(text)
            elif found["name"]:
                if not found["end"]:
                    self._text(escape(found[0], quote=False))  # cut within a tag
                else:
                    at = self._tag(found["name"].lower(), found["given"], at, ends=bool(found["slash"]))
            elif found["sign"] or found["cut"] is not None or found["torn"] is not None:
                self._text(escape(found[0], quote=False))
        self._close(0)
        return "".join(self.out)

    def _tag(self, name: str, given: str, at: int, *, ends: bool) -> int:
        """Write a tag; return the offset at which the text continues."""
        if ends:
            self._end(name)
        elif name in UNSEEN or name in RAW:
            return self._raw(name, at)
        elif name in VOID:
            self._void(name, given)
        elif name in FORMATTING:
            self._format(name, given)
        elif name in BLOCKS:
            self._begin(name, given)
        elif name in SEPARATING:
            self._separate()
        return at

    def _raw(self, name: str, at: int) -> int:
        """Handle content without tags, or drop an element with its content."""
        if name in RAW:
            closed = RAW[name].search(self.html, at)
            end = closed.start() if closed else len(self.html)
            if name not in UNSEEN:
                text = self.html[at:end]
                self._text(text.replace("<", "&lt;") if name in REFERRING else escape(text, quote=False))
            return end
        depth = 1
        while depth and at < len(self.html):
            found = TOKEN.match(self.html, at)
            assert found
            at = found.end()
            inner = (found["name"] or "").lower()
            if inner == name:
                depth += -1 if found["slash"] else 1
            elif inner in RAW and not found["slash"]:
                closed = RAW[inner].search(self.html, at)
                at = closed.start() if closed else len(self.html)
        return at

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._into_cell()
            self._open_again()
        at = 0
        while len(text) - at > PIECE:
            cut = at + PIECE
            # A character reference is not split.
            sign = text.rfind("&", cut - ENTITY, cut)
            if sign != -1:
                cut = sign
            self.out += (text[at:cut], "<!---->")
            at = cut
        self.out.append(text[at:])

    def _open_again(self) -> None:
        """Reopen the formatting that the last block closed, as long as the body may grow."""
        for n in range(self.shown, len(self.inline)):
            self.again -= len(self.inline[n][1])
            if self.again < 0:
                del self.inline[n:]
                return
            self.out.append(self.inline[n][1])
            self.shown = n + 1

    def _hide(self, kept: int = 0) -> None:
        """Close the formatting of the current block except the outermost ``kept``."""
        for name, _ in reversed(self.inline[kept : self.shown]):
            self.out.append(f"</{name}>")
        self.shown = min(self.shown, kept)

    def _close(self, kept: int) -> None:
        """Close blocks except the outermost ``kept``."""
        self._hide()
        for name in reversed(self.blocks[kept:]):
            self.out.append(f"</{name}>")
        del self.blocks[kept:]

    def _separate(self) -> None:
        self._close(len(self.blocks) - (self.blocks[-1:] == ["p"]))
        self._into_cell()
        self.out.append("<div></div>")

    def _void(self, name: str, given: str) -> None:
        if name == "hr":
            self._close(len(self.blocks) - (self.blocks[-1:] == ["p"]))
        self._into_cell()
        if name != "hr":
            self._open_again()
        self.out.append(f"<{name}{_attributes(given)}>")

    def _format(self, name: str, given: str) -> None:
        if name == "a":
            self._end(name)  # links are not nested
        if len(self.inline) >= INLINE:
            self.left_out[name] += 1
            return
        self._into_cell()
        self._open_again()
        self.inline.append((name, f"<{name}{_attributes(given)}>"))
        self.out.append(self.inline[-1][1])
        self.shown = len(self.inline)

    def _begin(self, name: str, given: str) -> None:
        if self.blocks[-1:] == ["p"]:
            self._close(len(self.blocks) - 1)
        if name in HEADINGS and self.blocks and self.blocks[-1] in HEADINGS:
            self._close(len(self.blocks) - 1)
        if name in HELD:
            holder = self._innermost(HELD[name])
            if holder is None and name in TABLE:
                self._separate()  # outside of a table
                return
            first = 0 if holder is None else holder + 1
            self._close(
                next((n for n in range(first, len(self.blocks)) if self.blocks[n] in ENDED[name]), len(self.blocks))
            )
        if name not in TABLE or name == "table":
            self._into_cell()
        if len(self.blocks) >= DEEPEST and name not in HELD and name != "p":
            self.left_out[name] += 1
            self._separate()
            return
        self._hide()
        self.blocks.append(name)
        self.out.append(f"<{name}{_attributes(given)}>")

    def _into_cell(self) -> None:
        """Begin a cell for content of a table outside of cells; parsers move such content, in time that grows with its position."""
        if self.blocks and self.blocks[-1] in ROWS:
            for name in ("tr", "td")[self.blocks[-1] == "tr" :]:
                self.blocks.append(name)
                self.out.append(f"<{name}>")

    def _innermost(self, names: set[str]) -> int | None:
        return next((n for n in range(len(self.blocks) - 1, -1, -1) if self.blocks[n] in names), None)

    def _end(self, name: str) -> None:
        if self.left_out[name]:
            self.left_out[name] -= 1
            if name in BLOCKS:
                self._separate()
        elif name in FORMATTING:
            at = next((n for n in range(len(self.inline) - 1, -1, -1) if self.inline[n][0] == name), None)
            if at is not None:
                self._hide(at)
                del self.inline[at]
        elif name in BLOCKS:
            barrier = {name} | (set() if name in TABLE else CELLS)
            at = self._innermost(barrier)
            if at is not None and self.blocks[at] == name:
                self._close(at)
            elif name == "p":
                self._separate()
        elif name in SEPARATING:
            self._separate()
        elif name == "br":
            self._void(name, "")


def _attributes(given: str) -> str:
    """Return attributes that all parsers read alike; of two with the same name, the first counts."""
    if not given:
        return ""
    values: dict[str, str] = {}
    for name, value in GIVEN.findall(given):
        if ORDINARY.fullmatch(name.lower()) and len(value) <= PIECE:
            values.setdefault(name.lower(), value[1:-1] if value[:1] in ('"', "'") else value)
    return "".join(' {}="{}"'.format(name, value.replace('"', "&quot;")) for name, value in values.items())
