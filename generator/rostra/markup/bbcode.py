"""BBCode as phpBB, SMF, vBulletin and similar programs store it; unknown tags are shown as typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from html import escape
from typing import NamedTuple

from rostra.system.lazy_regex import late

TAG = late(r"\[(/?)(\*|[a-zA-Z]+)((?:=|\s)[^\[\]\n]*)?\]")
CODE = late(r"\[(code|php|html|icode|noparse|nobbc|plain)(?:=([\w+#-]*+))?\]", re.IGNORECASE)
ENDS = late(r"\[/(code|php|html|icode|noparse|nobbc|plain|url|img|email)\]", re.IGNORECASE)
"""The end tags of code, addresses and pictures: they are searched once, not for each start tag."""
GAP = late(r"\n\n")
ADDRESS = late(r"https?://[^\s<>\"\[\]]+")
WEB = late(r"(?:https?|ftp)://\S+$|mailto:\S+$")
INLINE = {
    "b": "strong",
    "i": "em",
    "u": "u",
    "s": "s",
    "strike": "s",
    "sub": "sub",
    "sup": "sup",
    "tt": "code",
    "h": "strong",
}
PLAIN = {"size", "color", "colour", "font", "center", "left", "right", "justify", "align", "indent", "highlight", "background", "glow", "shadow", "attachment", "attach"}  # fmt: skip
VALUED = {"user", "member", "post", "thread", "video", "heading"}
"""Tags only with a value: without one, people type them as words."""
BLOCKS = {"quote", "list", "ol", "ul", "spoiler", "table", "tr", "td", "th", "hide", "spoil"}
AUTHOR = late(r"(?:author|name|user)=(?=.)")
QUOTED = late(r"\"([^\"]*+)\"|'([^']*+)'|&quot;((?:(?!&quot;).)*+)&quot;")
"""A value in quotation marks."""
NEXT = late(r"(?<!\s)\s++\w++=")
"""The start of the next named value after a value."""
LAST = late(r"(?<!\s)(?:\s*+(?:;|,\s*+(?:post|member):)|\s++\w++=)")
"""The text that may follow a name without quotation marks."""
POST = late(r"post_?id=\"?(\d+)|post[=:]\s*\"?(\d+)|\.msg(\d+)|;n?(\d+)\s*$")
HELD = "\ue000"


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``; an unclosed tag ends with the element that contains it."""
    kept: list[str] = []
    body = body.replace("\r\n", "\n").replace(HELD, "")
    ends = _EndTags(body)
    parts, at = list[str](), 0
    for found in CODE.finditer(body):
        if found.start() < at or (end := ends.after(found[1].lower(), found.end())) is None:
            continue
        kept.append(_code(found[1].lower(), found[2] or "", body[found.end() : end[0]]))
        parts += (body[at : found.start()], f"{HELD}{len(kept) - 1}{HELD}")
        at = end[1]
    html = f"<p>{_Tags(''.join((*parts, body[at:]))).html()}</p>"
    return re.sub(f"{HELD}(\\d+){HELD}", lambda found: kept[int(found[1])], html)


def _code(name: str, language: str, code: str) -> str:
    if name in ("noparse", "nobbc", "plain"):
        return escape(code, quote=False).replace("\n", "<br>")
    if name == "icode":
        return f"<code>{escape(code, quote=False)}</code>"
    language = name if name in ("php", "html") else language.lower()
    css = f' class="language-{escape(language, quote=True)}"' if language else ""
    shown = escape(code.strip("\n"), quote=False)
    return f"</p><pre><code{css}>{shown}</code></pre><p>"


class _EndTags:
    """The positions of the end tags in a text, by name."""

    def __init__(self, text: str) -> None:
        self.of: dict[str, list[tuple[int, int]]] = {}
        for found in ENDS.finditer(text):
            self.of.setdefault(found[1].lower(), []).append(found.span())
        self.gaps = [found.start() for found in GAP.finditer(text)]

    def after(self, name: str, at: int) -> tuple[int, int] | None:
        """Return the span of the first end tag of this name from ``at`` on."""
        spans = self.of.get(name, [])
        n = bisect_left(spans, (at, at))
        return spans[n] if n < len(spans) else None

    def parted(self, start: int, end: int) -> bool:
        """Whether there is a blank line between two offsets."""
        n = bisect_left(self.gaps, start)
        return n < len(self.gaps) and self.gaps[n] + 2 <= end


class _OpenBBCode(NamedTuple):
    """An open element: its start is ``out[at]``; ``typed`` is shown there instead if no end tag follows."""

    name: str
    end: str
    at: int
    typed: str | None


class _Tags:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.open: list[_OpenBBCode] = []
        self.ends = _EndTags(text)
        self.names: Counter[str] = Counter()

    def html(self) -> str:
        at = 0
        for found in TAG.finditer(self.text):
            if found.start() < at:
                continue
            before = self.text[at : found.start()]
            self.out.append(self._shown(before))
            at = found.end()
            name, rest = found[2].lower(), found[3] or ""
            if found[1]:
                self._close(name, found[0])
            elif name in ("url", "img", "email"):
                at = self._address(name, rest, at, found[0])
            else:
                self._begin(name, rest, found[0])
        self.out.append(self._shown(self.text[at:]))
        while self.open:
            self._pop()
        return "".join(self.out)

    def _shown(self, text: str) -> str:
        """Return text as HTML in which addresses are links, unless it is within a link."""
        return _words(text, links=not self.names["url"])

    def _begin(self, name: str, rest: str, typed: str) -> None:
        if name == "quote":
            self._push(name, f"</p><blockquote{_marks(rest)}><p>", "</p></blockquote><p>")
        elif name in INLINE:
            self._push(name, f"<{INLINE[name]}>", f"</{INLINE[name]}>")
        elif name in VALUED and rest.startswith("="):
            begin, end = ("<strong>", "</strong>") if name == "heading" else ("", "")
            self._push(name, begin, end, escape(typed, quote=False))
        elif name == "ispoiler":
            self._push(name, '<span class="spoiler">', "</span>")
        elif name in ("spoiler", "spoil", "hide"):
            label = escape(rest.strip("= \"'"), quote=False)
            self._push(name, f"</p><details><summary>{label}</summary><p>", "</p></details><p>")
        elif name in ("list", "ul", "ol"):
            tag = "ol" if name == "ol" or rest.strip("= ") in ("1", "a", "A", "i", "I") else "ul"
            self._push(name, f"</p><{tag}>", f"</{tag}><p>")
        elif name in ("*", "li") and (self.names["list"] or self.names["ul"] or self.names["ol"]):
            while self.open[-1].name not in ("list", "ul", "ol"):
                self._pop()
            self._push("*", "<li>", "</li>")
        elif name in ("table", "tr", "td", "th"):
            self._push(
                name,
                f"</p><{name}>" if name == "table" else f"<{name}>",
                f"</{name}>" + ("<p>" if name == "table" else ""),
            )
        elif name == "hr":
            self.out.append("</p><hr><p>")
        elif name in PLAIN:
            self._push(name, "", "")
        else:
            self.out.append(escape(typed, quote=False))

    def _push(self, name: str, begin: str, end: str, typed: str | None = None) -> None:
        self.open.append(_OpenBBCode(name, end, len(self.out), typed))
        self.out.append(begin)
        self.names[name] += 1

    def _pop(self, *, closed: bool = False) -> None:
        """End the innermost open element; ``closed`` tells whether its own end tag does."""
        last = self.open.pop()
        self.names[last.name] -= 1
        if closed or last.typed is None:
            self.out.append(last.end)
        else:
            self.out[last.at] = last.typed

    def _close(self, name: str, typed: str) -> None:
        name = "*" if name == "li" else name
        if not self.names[name]:
            self.out.append("" if name in ("hr", "*") else escape(typed, quote=False))
            return
        while self.open[-1].name != name:
            self._pop()
        self._pop(closed=True)

    def _address(self, name: str, rest: str, at: int, typed: str) -> int:
        """Write a link or picture; return the offset at which the text continues."""
        given = rest.lstrip("=").strip().strip("\"'")
        end = self.ends.after(name, at)
        if end is None or self.ends.parted(at, end[0]):
            self.out.append(escape(typed, quote=False))
            return at
        if name == "url" and given and WEB.match(given):
            self._push("url", f'<a href="{escape(given, quote=True)}">', "</a>")
            return at
        inner = self.text[at : end[0]]
        address = f"mailto:{inner.strip()}" if name == "email" else inner.strip()
        if not WEB.match(address):
            self.out.append(_words(inner))
        elif name == "img":
            self.out.append(f'<img src="{escape(address, quote=True)}" alt="">')
        else:
            self.out.append(f'<a href="{escape(address, quote=True)}">{escape(inner.strip(), quote=False)}</a>')
        return end[1]


def _marks(rest: str) -> str:
    author = _author(rest)
    post = POST.search(rest)
    number = next((part for part in post.groups() if part), "") if post else ""
    return (f' data-author="{escape(author, quote=True)}"' if author else "") + (
        f' data-post="{number}"' if number else ""
    )


def _author(rest: str) -> str:
    if named := AUTHOR.search(rest):
        value = rest[named.end() :]
        if value.startswith((" ", "\t")) and NEXT.match(f"_{value}", 1):
            return ""
        quoted = QUOTED.match(value)
        after = value[quoted.end() :] if quoted else ""
        if quoted and not quoted[0].startswith("&") and (not after or NEXT.match(f"_{after}", 1)):
            return (quoted[1] or quoted[2] or "").strip("\"' ").strip()
        end = NEXT.search(value, 1)
        return (value[: end.start()] if end else value).strip("\"' ").strip()
    rest = rest.strip()
    if not rest.startswith("="):
        return ""
    value = rest[1:].lstrip()
    if quoted := QUOTED.match(value):
        return next((part for part in quoted.groups() if part), "").strip()
    end = LAST.search(value, 1)
    return (value[: end.start()] if end else value).strip()


def _words(text: str, *, links: bool = True) -> str:
    out, at = [], 0
    for found in ADDRESS.finditer(text) if links else ():
        address = found[0].rstrip(".,;:!?)'")
        out.append(escape(text[at : found.start()], quote=False))
        out.append(f'<a href="{escape(address, quote=True)}">{escape(address, quote=False)}</a>')
        at = found.start() + len(address)
    out.append(escape(text[at:], quote=False))
    paragraphs = re.split(r"\n[ \t]*\n\s*", "".join(out))
    return "</p><p>".join(part.replace("\n", "<br>") for part in paragraphs)
