"""Convert sanitised HTML to stand-off markup: the visible text, and the tags beside it.

One pass over a flat sequence of tokens, without recursion: a dump may nest to any depth.
Headings of a body start at h4 and skip no level, whatever was typed, so that a page has one outline.
Images become links: the reader's browser sends no request to another host.  A link that only shows an image is the
image's own link: it leads to the image at full size, or to what its author wanted to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from sys import intern

from msgspec.structs import replace

from rostra.markup.code import CodeBlock, highlight
from rostra.markup.elements import CONTAINERS, HOLDERS, LEAVES, MATHS, NO_LABEL, TRANSPARENT, VOID
from rostra.markup.nesting import is_unsure, lawful
from rostra.markup.tables import squared
from rostra.markup.weave import CALL
from rostra.model import Block, Body, Mark
from rostra.system.lazy_regex import late

TOKEN = late(r'<(/?)([a-z][a-z0-9]*)((?:\s[a-z-]+="[^"]*")*)\s*/?>|([^<]+)|<')
ATTRIBUTE = late(r'([a-z-]+)="([^"]*)"')
SPACE = late(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
"""White space other than a single space."""
BLANKS = (" ", "\n")
LINE = late(r"\n")

TYPED, TYPED_CLASS = late(r'data-kind="[^"]*"'), 'class="typed"'
"""A list whose numbers are in the text as typed; the style sheet adds none."""
LARGER = late(r'^(<a href="[^"]*\.(?:jpe?g|png|gif|webp|avif)"(?: title="[^"]*")?)( rel=)', re.IGNORECASE)
"""A link to an image; around an image, it is the same one in full size."""
SAID = {"attribution", "signature", "furniture"}
"""The kinds that a paragraph's ``data-kind`` can set."""
AGAIN = 4
"""How many times its own length a body may grow by tags that are opened again in each block."""
LONGEST = 300
"""How many code points a name or a post's id may have: each block of a quotation stores it, and a longer one is ignored."""


class Flattener:
    """Converts sanitised HTML to its stand-off form; ``numbers`` are the numbers of its notes, by their calls.

    After that, ``breaks`` are the offsets of spaces in its text that were line breaks in the HTML.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        self.breaks: list[int] = []
        self.broken = False  # whether the pending space was a line break
        self.parts: list[str] = []
        self.length = 0
        self.tags: list[tuple[int, str]] = []
        self.blocks: list[Block] = []
        self.open: list[str] = []  # list items, cells and containers
        self.inline: list[tuple[str, str]] = []  # name and tag of inline elements, outermost first
        self.shown = 0  # how many of them are open in this block; the rest are opened before text
        self.marks: list[Mark | None] = []
        self.block: tuple[str, int, int] | None = None  # kind, start, index of the first tag
        self.closing: str | None = None  # the tag that ends an implied paragraph
        self.space = False
        self.separated = True
        self.said = False  # whether the open block holds more than white space
        self.pre: CodeBlock | None = None
        self.ranks: list[int] = []  # the levels of the headings above, as typed
        self.again = 0  # how many code points of tags may still be added by opening again
        self.highlighted = 0  # how many code points of code there are so far

    def feed(self, html: str) -> None:
        """Convert HTML that ``sanitise.clean`` returned."""
        self.again = AGAIN * len(html)
        tokens = TOKEN.findall(html)
        if is_unsure(html):
            tokens = squared(lawful(tokens)) if "<table" in html else list(lawful(tokens))
        for slash, name, attributes, text in tokens:
            if self.pre is not None:
                if self.pre.take(slash, name, attributes, text):
                    self._code(self.pre)
                    self.pre = None
            elif text:
                self._text(unescape(text) if "&" in text else text)
            elif slash:
                self._end(name)
            elif name:
                self._start(name, attributes)

    def body(self) -> Body:
        """Return the stand-off form of the converted HTML, without notes."""
        if self.pre is not None:
            self._code(self.pre)
        self._close_block()
        self._close_down_to("")
        text = "".join(self.parts)
        kept = text.rstrip("\n")
        size = len(kept)
        if size != len(text):
            self.tags = [(min(at, size), tag) for at, tag in self.tags]
            self.blocks = [replace(each, end=min(each.end, size)) for each in self.blocks]
        return Body(text=kept, tags=tuple(self.tags), blocks=tuple(self.blocks))

    def _emit(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        self.said = self.said or bool(text.strip())
        self.separated = False

    def _tag(self, tag: str) -> None:
        # The same few tags are in every body.
        self.tags.append((self.length, intern(tag)))

    def _open_block(self, kind: str, tag: str | None) -> None:
        self._close_block()
        if not self.separated:
            self._emit("\n\n")
            self.separated = True
        first = len(self.tags)
        if tag:
            self._tag(tag)
        self.block, self.said = (kind, self.length, first), False

    def _close_block(self) -> None:
        if self.block is None:
            return
        kind, start, first = self.block
        self._hide(0)
        if kind == "heading" and not self.said:
            self.tags[first], self.closing = (start, "<p>"), "</p>"  # a heading must have text
        if self.closing:
            self._tag(self.closing)
        self.block, self.closing = None, None
        if self.said:
            mark = self.marks[-1] if self.marks else None
            self.blocks.append(Block(start, self.length, kind, len(self.marks), mark, first, len(self.tags) - 1))  # type: ignore[arg-type]  # kinds come from the tables above

    def _need_block(self) -> None:
        if self.block is None:
            holder = self.open[-1] if self.open else ""
            if holder in HOLDERS:
                self._open_block(HOLDERS[holder], None)
            else:
                self._open_block("paragraph", "<p>")
                self.closing = "</p>"

    def _text(self, text: str) -> None:
        if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
            text = SPACE.sub(lambda found: "\n" if "\n" in found[0] else " ", text)
        if self.block is None:
            if text in BLANKS:
                return
            self._need_block()
        if text.startswith(BLANKS):
            self.space = True
            self.broken |= text[0] == "\n"
            text = text[1:]
        if not text:
            return
        assert self.block is not None
        if self.space and self.length > self.block[1] and not self.parts[-1].endswith("\n"):
            self.breaks += [self.length] * self.broken
            self._emit(" ")
        self._show()
        self.space = text.endswith(BLANKS)
        self.broken = text.endswith("\n")
        text = text[:-1] if self.space else text
        self.breaks += (self.length + found.start() for found in LINE.finditer(text)) if "\n" in text else ()
        self._emit(text.replace("\n", " "))

    def _show(self) -> None:
        """Open the pending inline elements, as long as the limit for opening again allows."""
        for n in range(self.shown, len(self.inline)):
            name, tag = self.inline[n]
            self.again -= len(tag)
            if tag and self.again < 0:
                self.inline[n] = (name, "")
            elif tag:
                self._tag(tag)
        self.shown = len(self.inline)

    def _hide(self, kept: int) -> None:
        """Close inline elements except the outermost ``kept``; the next text opens them again."""
        while self.shown > kept:
            self.shown -= 1
            if self.inline[self.shown][1]:
                self._tag(f"</{self.inline[self.shown][0]}>")

    def _start(self, name: str, attributes: str) -> None:
        if name in TRANSPARENT:
            self._close_block()
        elif name in LEAVES:
            values = dict(ATTRIBUTE.findall(attributes)) if attributes else {}
            said = values.get("data-kind") if name == "p" and values.get("data-kind") in SAID else None
            self._open_block(said or LEAVES[name], None)
            if name == "pre":
                self.pre = CodeBlock()
                return
            shown = self._rank(int(name[1])) if name != "p" else name
            kind = f' class="{said}"' if said else ""
            self._tag(f"<{shown}{kind}{_direction(values)}>")
            self.closing = f"</{shown}>"
        elif name in HOLDERS or name in CONTAINERS:
            self._close_block()
            self.open.append(name)
            if name == "blockquote":
                values = {key: unescape(value) for key, value in ATTRIBUTE.findall(attributes)}
                given = ((key, values.get(f"data-{key}", "")) for key in ("author", "post", "thread", "url"))
                known = {key: value for key, value in given if 0 < len(value) <= LONGEST}
                self.marks.append(Mark(**known) if known else None)
                self._tag(f"<blockquote{_direction(values)}>")
            else:
                scrolled = ' tabindex="0"' if name == "table" else ""
                self._tag(f"<{name}{scrolled}{TYPED.sub(TYPED_CLASS, attributes)}>")
        elif name == "br":
            if self.block is not None and self.length > self.block[1]:
                self._tag("<br>")
                self._emit("\n")
        elif name == "hr":
            self._close_block()
            self._tag("<hr>")
        elif name == "img":
            self._picture(dict(ATTRIBUTE.findall(attributes)))
        else:
            self._need_block()
            self._inline(name, attributes)

    def _rank(self, typed: int) -> str:
        while self.ranks and self.ranks[-1] >= typed:
            self.ranks.pop()
        self.ranks.append(typed)
        return f"h{min(3 + len(self.ranks), 6)}"

    def _inline(self, name: str, attributes: str) -> None:
        label = dict(ATTRIBUTE.findall(attributes)).get("data-note") if name == "a" else None
        if label is not None and label in self.numbers:
            self._tag(f"{CALL}{self.numbers[label]}>")
            self.inline.append(("call", ""))
            return
        if label is not None:
            self.inline.append(("sup", "<sup>"))
            self._text(f"[{unescape(label)}]")
            return
        self.inline.append((name, f"<{name}{attributes if name != 'code' or attributes in MATHS else ''}>"))

    def _end(self, name: str) -> None:
        if name in VOID:
            return
        if name in TRANSPARENT or name in LEAVES:
            self._close_block()
        elif name in HOLDERS or name in CONTAINERS:
            self._close_block()
            if name in self.open:
                self._close_down_to(name)
        elif self.inline:
            self._hide(len(self.inline) - 1)
            self.inline.pop()

    def _close_down_to(self, name: str) -> None:
        """Close open elements from the innermost on, ending with ``name``; all if it is empty."""
        closed = None
        while self.open and closed != name:
            closed = self.open.pop()
            if closed == "blockquote":
                self.marks.pop()
            self._tag(f"</{closed}>")

    def _picture(self, values: dict[str, str]) -> None:
        label = unescape(values.get("alt") or values.get("title") or "")
        address = values.get("src")
        self._need_block()
        if self.shown < len(self.inline) and LARGER.search(self.inline[-1][1]):
            self.inline[-1] = ("a", LARGER.sub(r'\1 class="picture"\2', self.inline[-1][1]))
        link = f'<a href="{address}" class="picture" rel="nofollow ugc noopener noreferrer">'
        links = bool(address) and all(name != "a" for name, _ in self.inline)
        around = [("a", link)] * links + [("span", NO_LABEL[0])] * (not label)
        self.inline += around
        # They are opened once, and may be longer than a short body may grow.
        self.again += sum(len(tag) for _, tag in around)
        self._text(label or NO_LABEL[1])
        for name, _ in reversed(around):
            self._end(name)

    def _code(self, block: CodeBlock) -> None:
        code = block.code()
        self._tag('<pre tabindex="0"><code>')  # without a mouse, readers scroll it with keys
        for css, piece in highlight(code, block.language, self.highlighted):
            if css:
                self._tag(f'<span class="{css}">')
            self._emit(piece)
            if css:
                self._tag("</span>")
        self.highlighted += len(code)
        self.closing = "</code></pre>"
        self._close_block()


def _direction(values: dict[str, str]) -> str:
    return "".join(f' {key}="{values[key]}"' for key in ("lang", "dir") if values.get(key)) if values else ""
