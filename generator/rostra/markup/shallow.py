"""HTML of many tags, written again so that any parser takes linear time and memory for it.

The parser of the HTML Standard walks the stack of open elements for most tags and opens all unclosed formatting again
in each block: 40 KB of a stranger's tags become 28 MB, with a gigabyte of memory on the way.  So tags are told apart here
as the standard does it (13.2.5, tokenization) and written so that they nest properly, to a limit, and so that formatting
ends with its block and begins again in the next.  No text is left out; what is unsafe is the sanitiser's.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from rostra.system.lazy_regex import late

FEW = 200
SHORT = 50_000
"""Tags and code points that cost no parser much, whatever they are: a body of no more of them stays as it is."""
PIECE = 10_000
"""Code points of text in a row; a comment parts them, since nh3 writes "&" in time that grows with the square."""
ENTITY = 40
"""Code points of the longest character reference, and more."""
DEEPEST = 100
"""Blocks within each other; one that is deeper only separates what is in it."""
INLINE = 20
"""Formatting that is open at once; more of it is left out."""
AGAIN = 2
"""How many times the length of a body the formatting that is opened again may add to it."""

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
"""Elements whose content holds no tags, by how it ends."""
UNSEEN = {"script", "style", "iframe", "template", "noscript", "object"}
"""Elements that are left out with their content."""
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
"""Blocks that no body keeps: what is in them stands apart all the same."""
HELD = {
    "li": {"ul", "ol", "td", "th", "caption", "table", "blockquote", "details"},
    "dt": {"dl", "td", "th", "caption", "table", "blockquote", "details"},
    "td": {"tr", "table"},
    "tr": {"table"},
    "tbody": {"table"},
}
"""What an item, cell, row or group of rows begins in: from there on, the last of its kind ends."""
HELD |= {"dd": HELD["dt"], "th": HELD["td"]} | dict.fromkeys(("thead", "tfoot", "caption"), HELD["tbody"])
ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
GROUPS = {"caption", "thead", "tbody", "tfoot"}
ENDED = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"},
    "tr": {"tr", "td", "th", "caption"},
} | dict.fromkeys(GROUPS, TABLE - {"table"})  # fmt: skip
"""What ends where it begins, with all that is in that."""
CELLS = {"td", "th", "caption", "table"}
"""What no end tag of anything around them ends."""


def shallow(html: str) -> str:
    """The same HTML, its tags nested to a limit where there are many of them."""
    return _Writer(html).written() if len(html) > SHORT or html.count("<") > FEW else html


class _Writer:
    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.blocks: list[str] = []
        self.inline: list[tuple[str, str]] = []  # name and tag of open formatting, outermost first
        self.shown = 0  # how many of those stand in the current block
        self.left_out: Counter[str] = Counter()  # begun beyond a limit, and not ended
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
        """Write a tag; returns where the text goes on."""
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
        """What holds no tags, or is left out with its content."""
        if name in RAW:
            closed = RAW[name].search(self.html, at)
            end = closed.start() if closed else len(self.html)
            if name not in UNSEEN:
                self._text(escape(self.html[at:end], quote=False))
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
            end = at + PIECE
            # A reference stays whole.
            cut = text.rfind("&", end - ENTITY, end)
            self.out += (text[at : end if cut < 0 else cut], "<!---->")
            at = end if cut < 0 else cut
        self.out.append(text[at:])

    def _open_again(self) -> None:
        """Open the formatting that the last block closed, as long as that may add to the body."""
        for n in range(self.shown, len(self.inline)):
            self.again -= len(self.inline[n][1])
            if self.again < 0:
                del self.inline[n:]
                return
            self.out.append(self.inline[n][1])
            self.shown = n + 1

    def _hide(self, kept: int = 0) -> None:
        """Close the formatting of the current block but for the outermost ``kept``."""
        for name, _ in reversed(self.inline[kept : self.shown]):
            self.out.append(f"</{name}>")
        self.shown = min(self.shown, kept)

    def _close(self, kept: int) -> None:
        """Close blocks but for the outermost ``kept``."""
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
            self._end(name)  # links hold no links
        if len(self.inline) >= INLINE:
            self.left_out[name] += 1
            return
        self._into_cell()
        self._open_again()
        self.inline.append((name, f"<{name}{_attributes(given)}>"))
        self.out.append(self.inline[-1][1])
        self.shown = len(self.inline)

    def _begin(self, name: str, given: str) -> None:
        top = self.blocks[-1] if self.blocks else ""
        if top == "p" or (top in HEADINGS and name in HEADINGS):
            self._close(len(self.blocks) - 1)
        if name in HELD:
            holder = self._innermost(HELD[name])
            if holder is None and name in TABLE:
                self._separate()  # a part of no table
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
        """Begin a cell where a table holds something outside of one, which parsers move, in time that grows with its place."""
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
    """Attributes as every parser reads them alike; of two of one name, the first counts."""
    if not given:
        return ""
    values: dict[str, str] = {}
    for name, value in GIVEN.findall(given):
        if ORDINARY.fullmatch(name.lower()) and len(value) <= PIECE:
            values.setdefault(name.lower(), value[1:].removesuffix(value[0]) if value[:1] in ('"', "'") else value)
    return "".join(' {}="{}"'.format(name, value.replace('"', "&quot;")) for name, value in values.items())
