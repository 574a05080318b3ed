"""BBCode as forums store it: phpBB, SMF, vBulletin and their kin; what is not known is shown as it was typed."""

from __future__ import annotations

import re
from html import escape

from rostra.late import late

TAG = late(r"\[(/?)(\*|[a-zA-Z]+)((?:=|\s)[^\[\]\n]*)?\]")
CODE = late(r"\[(code|php|html|icode|noparse|plain)(?:=([\w+#-]*))?\](.*?)\[/\1\]", re.DOTALL | re.IGNORECASE)
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
BLOCKS = {"quote", "list", "ol", "ul", "spoiler", "table", "tr", "td", "th", "hide", "spoil"}
AUTHOR = late(r"(?:author|name|user)=(\"[^\"]*\"|'[^']*'|.+?)(?=\s+\w+=|$)")
BARE = late(r"=\s*(?:\"([^\"]*)\"|'([^']*)'|&quot;(.*?)&quot;|(.+?)(?=\s*(?:;|,\s*(?:post|member):|\s\w+=|$)))")
POST = late(r"post_?id=\"?(\d+)|post[=:]\s*\"?(\d+)|\.msg(\d+)|;n?(\d+)\s*$")
HELD = "\ue000"


def to_html(body: str) -> str:
    """HTML with quotations as ``markup`` names them; unclosed tags end where what holds them ends."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        name, language, code = found[1].lower(), found[2] or "", found[3]
        if name in ("noparse", "plain"):
            kept.append(escape(code, quote=False).replace("\n", "<br>"))
        elif name == "icode":
            kept.append(f"<code>{escape(code, quote=False)}</code>")
        else:
            language = "php" if name == "php" else "html" if name == "html" else language.lower()
            css = f' class="language-{escape(language, quote=True)}"' if language else ""
            shown = escape(code.strip("\n"), quote=False)
            kept.append(f"</p><pre><code{css}>{shown}</code></pre><p>")
        return f"{HELD}{len(kept) - 1}{HELD}"

    text = CODE.sub(keep, body.replace("\r\n", "\n").replace(HELD, ""))
    html = f"<p>{_Tags(text).html()}</p>"
    return re.sub(f"{HELD}(\\d+){HELD}", lambda found: kept[int(found[1])], html)


class _Tags:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.swallow: str | None = None

    def html(self) -> str:
        at = 0
        for found in TAG.finditer(self.text):
            if found.start() < at:
                continue
            before = self.text[at : found.start()]
            self.out.append(_words(before))
            at = found.end()
            name, rest = found[2].lower(), found[3] or ""
            if found[1]:
                self._close(name, found[0])
            elif name in ("url", "img", "email"):
                at = self._address(name, rest, at, found[0])
            else:
                self._begin(name, rest, found[0])
        self.out.append(_words(self.text[at:]))
        self.out += [end for _, end in reversed(self.open)]
        return "".join(self.out)

    def _begin(self, name: str, rest: str, typed: str) -> None:
        if name == "quote":
            self._push(name, f"</p><blockquote{_marks(rest)}><p>", "</p></blockquote><p>")
        elif name in INLINE:
            self._push(name, f"<{INLINE[name]}>", f"</{INLINE[name]}>")
        elif name in ("spoiler", "spoil", "hide"):
            label = escape(rest.strip("= \"'"), quote=False) or "Spoiler"
            self._push(name, f"</p><details><summary>{label}</summary><p>", "</p></details><p>")
        elif name in ("list", "ul", "ol"):
            tag = "ol" if name == "ol" or rest.strip("= ") in ("1", "a", "A", "i", "I") else "ul"
            self._push(name, f"</p><{tag}>", f"</{tag}><p>")
        elif name in ("*", "li") and any(each in ("list", "ul", "ol") for each, _ in self.open):
            while self.open and self.open[-1][0] not in ("list", "ul", "ol"):
                self.out.append(self.open.pop()[1])
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

    def _push(self, name: str, begin: str, end: str) -> None:
        self.out.append(begin)
        self.open.append((name, end))

    def _close(self, name: str, typed: str) -> None:
        name = "*" if name == "li" else name
        if not any(each == name for each, _ in self.open):
            self.out.append("" if name in ("hr", "*") else escape(typed, quote=False))
            return
        while True:
            opened, end = self.open.pop()
            self.out.append(end)
            if opened == name:
                return

    def _address(self, name: str, rest: str, at: int, typed: str) -> int:
        """A link or picture; returns where the text goes on."""
        given = rest.lstrip("=").strip().strip("\"'")
        end = re.compile(rf"\[/{name}\]", re.IGNORECASE).search(self.text, at)
        inner = self.text[at : end.start()] if end else ""
        if end is None or "\n\n" in inner:
            self.out.append(escape(typed, quote=False))
            return at
        if name == "url" and given and WEB.match(given):
            self._push("url", f'<a href="{escape(given, quote=True)}">', "</a>")
            return at
        address = f"mailto:{inner.strip()}" if name == "email" else inner.strip()
        if not WEB.match(address):
            self.out.append(_words(inner))
        elif name == "img":
            self.out.append(f'<img src="{escape(address, quote=True)}" alt="">')
        else:
            self.out.append(f'<a href="{escape(address, quote=True)}">{escape(inner.strip(), quote=False)}</a>')
        return end.end()


def _marks(rest: str) -> str:
    named = AUTHOR.search(rest)
    bare = BARE.match(rest.strip()) if rest.strip().startswith("=") else None
    author = named[1].strip("\"' ") if named else next((part for part in bare.groups() if part), "") if bare else ""
    post = POST.search(rest)
    number = next((part for part in post.groups() if part), "") if post else ""
    return (f' data-author="{escape(author.strip(), quote=True)}"' if author.strip() else "") + (
        f' data-post="{number}"' if number else ""
    )


def _words(text: str) -> str:
    out, at = [], 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?)'")
        out.append(escape(text[at : found.start()], quote=False))
        out.append(f'<a href="{escape(address, quote=True)}">{escape(address, quote=False)}</a>')
        at = found.start() + len(address)
    out.append(escape(text[at:], quote=False))
    paragraphs = re.split(r"\n[ \t]*\n\s*", "".join(out))
    return "</p><p>".join(part.replace("\n", "<br>") for part in paragraphs)
