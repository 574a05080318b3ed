"""Sanitised HTML to stand-off markup: the text that is read, and the tags beside it.

One pass over a flat run of tokens, no recursion: depth belongs to strangers.
Headings of a body begin at h4 and skip no rank, whatever was typed, so that a page keeps one outline.
Pictures become links: no request leaves the reader's browser for another host.
"""

from __future__ import annotations

import re
from html import escape, unescape
from sys import intern

from rostra.late import late
from rostra.markup.code import highlight
from rostra.markup.nesting import is_unsure, lawful
from rostra.markup.tables import squared
from rostra.model import Block, Body, Mark, Note

TOKEN = late(r'<(/?)([a-z][a-z0-9]*)((?:\s[a-z-]+="[^"]*")*)\s*/?>|([^<]+)|<')
ATTRIBUTE = late(r'([a-z-]+)="([^"]*)"')
NOTE = late(r'<aside data-note="([^"]*)">((?:(?!</?aside).)*)</aside>', re.DOTALL)
SPACE = late(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
"""White space that is not already one blank."""

LEAVES = {"p": "paragraph", "pre": "code"} | {f"h{n}": "heading" for n in range(1, 7)}
HOLDERS = {
    "li": "item",
    "td": "cell",
    "th": "cell",
    "dt": "item",
    "dd": "item",
    "summary": "paragraph",
    "caption": "cell",
}
CONTAINERS = {"blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "details"}
VOID = {"br", "hr", "img"}
TYPED, TYPED_CLASS = late(r'data-kind="[^"]*"'), 'class="typed"'
"""A list whose numbers stand in the text as they were typed; the style sheet adds none."""
TRANSPARENT = {"div", "aside"}
"""Tags that end a paragraph and leave no tag of their own."""


def flatten(html: str) -> Body:
    """The stand-off form of HTML that ``sanitise.clean`` returned."""
    definitions = NOTE.findall(html) if "<aside" in html else None
    flat = _Flattener()
    flat.feed(NOTE.sub("", html) if definitions else html)
    body = flat.body()
    if not definitions:
        return body
    markers = {tag[len(CALL) : -1]: at for at, tag in body.tags if tag.startswith(CALL)}
    notes = []
    for label, inner in definitions:
        inside = flatten(inner)
        tags = inside.tags
        lone = len(inside.blocks) == 1 and tags and tags[0][1] == "<p>"
        note_html = _join(inside.text, tags[1:-1] if lone else tags)
        notes.append(Note(label=unescape(label), text=inside.text, html=note_html, marker=markers.get(label)))
    return Body(text=body.text, tags=body.tags, blocks=body.blocks, notes=tuple(notes))


CALL = "<call "
"""How ``Body.tags`` holds the place of a footnote's marker: ``<call LABEL>``."""


def _join(text: str, tags: tuple[tuple[int, str], ...]) -> str:
    out = list[str]()
    at = 0
    for offset, tag in tags:
        out += (escape(text[at:offset], quote=False), "" if tag.startswith(CALL) else tag)
        at = offset
    return "".join(out) + escape(text[at:], quote=False)


class _Flattener:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.tags: list[tuple[int, str]] = []
        self.blocks: list[Block] = []
        self.open: list[str] = []  # list items, cells and containers
        self.inline: list[tuple[str, str]] = []  # name and tag of what runs across text, outermost first
        self.shown = 0  # how many of those are opened in this block; the rest wait for text
        self.marks: list[Mark | None] = []
        self.block: tuple[str, int, int] | None = None  # kind, start, index of the first tag
        self.closing: str | None = None  # the tag that ends an implied paragraph
        self.space = False
        self.separated = True
        self.said = False  # whether the open block holds more than white space
        self.pre: list[str] | None = None
        self.ranks: list[int] = []  # the headings that the next one stands under, as typed
        self.nested = 0  # code blocks within a code block
        self.language: str | None = None

    def feed(self, html: str) -> None:
        tokens = TOKEN.findall(html)
        if is_unsure(html):
            tokens = squared(lawful(tokens)) if "<table" in html else list(lawful(tokens))
        for slash, name, attributes, text in tokens:
            if self.pre is not None:
                self._in_pre(bool(slash), name, attributes, text)
            elif text:
                self._text(unescape(text) if "&" in text else text)
            elif slash:
                self._end(name)
            elif name:
                self._start(name, attributes)

    def body(self) -> Body:
        self._close_block()
        text = "".join(self.parts)
        kept = text.rstrip("\n")
        size = len(kept)
        if size != len(text):
            self.tags = [(min(at, size), tag) for at, tag in self.tags]
        return Body(text=kept, tags=tuple(self.tags), blocks=tuple(self.blocks))

    def _emit(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        self.said = self.said or bool(text.strip())
        self.separated = False

    def _tag(self, tag: str) -> None:
        # The same few are in every body.
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
        self.space = False

    def _close_block(self) -> None:
        if self.block is None:
            return
        kind, start, first = self.block
        self._hide(0)
        if kind == "heading" and not self.said:
            self.tags[first], self.closing = (start, "<p>"), "</p>"  # a heading says something
        if self.closing:
            self._tag(self.closing)
        self.block, self.closing, self.space = None, None, False
        if self.said:
            depth = len(self.marks)
            mark = self.marks[-1] if self.marks else None
            self.blocks.append(Block(start, self.length, kind, depth, mark, first, len(self.tags) - 1))  # type: ignore[arg-type]  # kinds come from the tables above

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
            text = SPACE.sub(" ", text)
        if self.block is None:
            if text == " ":
                return
            self._need_block()
        if text.startswith(" "):
            self.space = True
            text = text[1:]
        if not text:
            return
        assert self.block is not None
        if self.space and self.length > self.block[1] and not self.parts[-1].endswith("\n"):
            self._emit(" ")
        for _, tag in self.inline[self.shown :]:
            if tag:
                self._tag(tag)
        self.shown = len(self.inline)
        self.space = text.endswith(" ")
        self._emit(text[:-1] if self.space else text)

    def _hide(self, kept: int) -> None:
        """Close what runs across text but the outermost ``kept``; the next text opens it again."""
        while self.shown > kept:
            self.shown -= 1
            if self.inline[self.shown][1]:
                self._tag(f"</{self.inline[self.shown][0]}>")

    def _start(self, name: str, attributes: str) -> None:
        if name in TRANSPARENT:
            self._close_block()
        elif name in LEAVES:
            values = dict(ATTRIBUTE.findall(attributes)) if attributes else {}
            self._open_block(values.get("data-kind", LEAVES[name]) if name == "p" else LEAVES[name], None)
            if name == "pre":
                self.pre, self.language = [], None
                return
            shown = self._rank(int(name[1])) if name != "p" else name
            kind = f' class="{values["data-kind"]}"' if values.get("data-kind") in ("attribution", "signature") else ""
            self._tag(f"<{shown}{kind}{_direction(values)}>")
            self.closing = f"</{shown}>"
        elif name in HOLDERS or name in CONTAINERS:
            self._close_block()
            self.open.append(name)
            if name == "blockquote":
                values = {key: unescape(value) for key, value in ATTRIBUTE.findall(attributes)}
                known = {key: values.get(f"data-{key}") for key in ("author", "post", "thread", "url")}
                self.marks.append(Mark(**known) if any(known.values()) else None)
                self._tag(f"<blockquote{_direction(values)}>")
            else:
                scrolled = ' tabindex="0"' if name == "table" else ""
                self._tag(f"<{name}{scrolled}{TYPED.sub(TYPED_CLASS, attributes)}>")
        elif name == "br":
            if self.block is not None and self.length > self.block[1]:
                self._tag("<br>")
                self._emit("\n")
                self.space = False
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
        if name == "a" and 'data-note="' in attributes:
            label = dict(ATTRIBUTE.findall(attributes))["data-note"]
            self._tag(f"{CALL}{label}>")
            self.inline.append(("call", ""))
            return
        self.inline.append((name, f"<{name}{attributes if name != 'code' else ''}>"))

    def _end(self, name: str) -> None:
        if name in VOID:
            return
        if name in TRANSPARENT or name in LEAVES:
            self._close_block()
        elif name in HOLDERS or name in CONTAINERS:
            self._close_block()
            if self.open and self.open[-1] == name:
                self.open.pop()
            if name == "blockquote" and self.marks:
                self.marks.pop()
            self._tag(f"</{name}>")
        elif self.inline:
            self._hide(len(self.inline) - 1)
            self.inline.pop()

    def _picture(self, values: dict[str, str]) -> None:
        label = unescape(values.get("alt") or values.get("title") or "") or "picture"
        address = values.get("src")
        self._need_block()
        if address and all(name != "a" for name, _ in self.inline) and not address.startswith("data:"):
            self._inline("a", f' href="{address}" class="picture" rel="nofollow ugc noopener noreferrer"')
            self._text(label)
            self._end("a")
        else:
            self._text(label)

    def _in_pre(self, slash: bool, name: str, attributes: str, text: str) -> None:
        assert self.pre is not None
        if text:
            self.pre.append(unescape(text))
        elif name == "br":
            self.pre.append("\n")
        elif name == "pre" and not slash:
            self.nested += 1
        elif name == "pre" and self.nested:
            self.nested -= 1
        elif name == "code" and not slash:
            found = re.search(r"lang(?:uage)?-([\w+#.-]+)", attributes)
            self.language = found[1] if found else None
        elif name == "pre" and slash:
            code, self.pre = "".join(self.pre).strip("\n"), None
            self._tag('<pre tabindex="0"><code>')  # whoever has no mouse scrolls it with keys
            for css, piece in highlight(code, self.language):
                if css:
                    self._tag(f'<span class="{css}">')
                self._emit(piece)
                if css:
                    self._tag("</span>")
            self.closing = "</code></pre>"
            self._close_block()


def _direction(values: dict[str, str]) -> str:
    return "".join(f' {key}="{values[key]}"' for key in ("lang", "dir") if values.get(key)) if values else ""
