"""One pass over the tags of a page: its ids, its links, and whether it is well formed.

One regular expression splits a page into tags, as fast as lxml parses it (measured), and finds errors that a parser
would silently repair.  The rules are those of HTML (WHATWG), 13.1.2 and 13.2.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

REST = r"(?:[^>\"']*+(?:\"[^\"]*+\"|'[^']*+')?+)*+"
TAG = re.compile(
    rf"<(?:(?P<raw>script|style|title|textarea)\b(?P<own>{REST})>(?P<held>.*?)</(?P=raw)\s*+>"
    rf"|(?P<name>/?[a-z][^\s/>]*+)(?P<rest>{REST})>|!--.*?-->|![^>]*+>|\?[^>]*+>)",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"([^\s=/\"'>]++)(?:\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++)))?")
OF_INTEREST = re.compile(r"[iI][dD]\s*=|[sS][tT][yY][lL][eE]\s*=|[\s\"'][oO][nN][a-zA-Z]+\s*=")
"""Attributes of any element; the others belong to the elements below."""
LEADING = frozenset({
    "a", "area", "audio", "base", "button", "embed", "form", "html", "iframe", "image", "img", "input", "link",
    "meta", "object", "script", "source", "track", "use", "video",
})  # fmt: skip

PICTURED = frozenset({"og:image", "og:url", "twitter:image"})
"""Our own addresses in metadata for link previews."""

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
OPTIONAL = frozenset(["html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "caption", "rp", "rt"])  # fmt: skip
"""Elements whose end tags are optional."""
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "table",
        "ul",
    ]
)
CLOSED_BY = {
    "p": BLOCKS,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "thead", "tfoot"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "option": frozenset({"option", "optgroup"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "head": frozenset({"body"}),
}
"""Start tags that end an open element."""
DEEPEST = 512
"""The nesting depth above which browsers flatten elements."""


KNOWN = (
    VOID
    | OPTIONAL
    | BLOCKS
    | LEADING
    | {"span", "code", "em", "strong", "sup", "mark", "time", "summary", "svg", "math"}
)
BLOCKED = re.compile("style|on[a-z]{3,}")
"""Attributes that a content security policy without ``unsafe-inline`` blocks."""

OpenTag = tuple[str, int, str, str]
"""An open element: its name, token number, id and attributes as written."""


class PageAddress(NamedTuple):
    """An address in a page: ``attribute`` says what for.

    For links with a fragment, ``parent`` is the id of the element that contains the link, ``quoted_by`` whether that
    element contains the links to quotations, ``post`` the article around it, ``item`` the innermost list item or
    superscript.
    """

    address: str
    at: int
    element: str
    attribute: str
    role: str = ""
    parent: str = ""
    quoted_by: bool = False
    post: str = ""
    item: str = ""


class CheckedPage(NamedTuple):
    """The content of a page; ``wrong`` are codes with their offset and message."""

    ids: dict[str, int]
    links: list[PageAddress]
    wrong: list[tuple[str, int, str]]


def attributes(raw: str) -> dict[str, str]:
    """Return the attributes of a tag; of duplicates the first, as in browsers."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(raw):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def read_page(text: str) -> CheckedPage:
    """Read a page in one pass, at any depth."""
    told = _Told()
    links, wrong = told.links, told.wrong
    # Positions are token numbers, which cost nothing; offsets are computed only for findings.
    tokens = TAG.findall(text)
    marks = len(tokens)
    stack: list[OpenTag] = []
    foreign = anchors = titles = 0
    deep = False
    for at, (raw, own, held, name, rest) in enumerate(tokens):
        if not name:
            if raw:
                marks += 1 + held.count("<") + own.count("<")
                _raw(raw.lower(), own, at, links, wrong)
                titles += raw.lower() == "title" and not foreign
            continue
        if name[0] == "/":
            if stack and stack[-1][0] == name[1:]:
                stack.pop()
            else:
                wrong.extend(_close(stack, name[1:].lower(), at))
            if name == "/a":
                anchors -= 1
            elif foreign and name in ("/svg", "/math"):
                foreign -= 1
            continue
        if name not in KNOWN:
            name = name.lower()
        id = ""
        if rest:
            if "<" in rest:
                marks += rest.count("<")
            if name in LEADING or OF_INTEREST.search(rest):
                id = told.read_attributes(name, rest, at, stack)
        if name in VOID:
            continue
        if name == "a":
            if anchors > 0:
                wrong.append(("bad-nesting", at, "a link within a link"))
            anchors += 1
        elif name in ("svg", "math"):
            foreign += 1
        elif foreign and rest.endswith("/"):
            continue
        while stack and stack[-1][0] in CLOSED_BY and name in CLOSED_BY[stack[-1][0]]:
            stack.pop()
        if len(stack) >= DEEPEST and not deep:
            deep = True
            wrong.append(("too-deep", at, f"elements are nested more than {DEEPEST} deep"))
        stack.append((name, at, id, rest))
    wrong.extend(("not-closed", at, f"<{name}> is not closed") for name, at, _, _ in stack if name not in OPTIONAL)
    starts = [found.start() for found in TAG.finditer(text)] if wrong else []
    findings = [(code, starts[at], said) for code, at, said in wrong]
    if text.count("<") != marks:
        findings.extend(_stray(text))
    findings.extend(_beginning(text, titles, told))
    return CheckedPage(told.ids, links, findings)


class _Told:
    """The state of reading a page's tags; offsets are numbers of tokens."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.links: list[PageAddress] = []
        self.wrong: list[tuple[str, int, str]] = []
        self.language = self.policy = False

    def read_attributes(self, name: str, raw: str, at: int, stack: list[OpenTag]) -> str:
        """Read the attributes of a start tag; return the element's id, empty if it has none."""
        said = attributes(raw)
        id = said.get("id", "")
        if id:
            if id in self.ids:
                self.wrong.append(("double-id", at, f"the id {id!r} stands twice"))
            self.ids.setdefault(id, at)
        if name in LEADING:
            self.links.extend(_links(name, said, at, stack))
            self.policy |= name == "meta" and said.get("http-equiv", "").lower() == "content-security-policy"
            self.language |= name == "html" and bool(said.get("lang"))
        self.wrong.extend(("blocked", at, f"the attribute {key!r}") for key in said if BLOCKED.fullmatch(key))
        return id


def _raw(name: str, own: str, at: int, links: list[PageAddress], wrong: list[tuple[str, int, str]]) -> None:
    """Read an element that contains text only."""
    said = attributes(own)
    if name == "script" and "src" in said:
        links.append(PageAddress(said["src"], at, "script", "src"))
    elif name == "style" or (name == "script" and "json" not in said.get("type", "")):
        wrong.append(("blocked", at, f"a <{name}> element within the page"))


def _close(stack: list[OpenTag], name: str, at: int) -> Iterator[tuple[str, int, str]]:
    """Handle an end tag that does not match the last open element."""
    if name in VOID or not any(open[0] == name for open in stack):
        yield "not-opened", at, f"</{name}> closes nothing"
        return
    while (open := stack.pop())[0] != name:
        if open[0] not in OPTIONAL:
            yield "not-closed", open[1], f"<{open[0]}> is not closed before </{name}>"


def _links(name: str, said: dict[str, str], at: int, stack: list[OpenTag]) -> Iterator[PageAddress]:
    for attribute in ("href", "src", "poster", "data", "action", "formaction", "xlink:href"):
        if attribute in said and (attribute != "data" or name == "object"):
            address = said[attribute]
            if name != "a" or "#" not in address or not stack:
                yield PageAddress(address, at, f"link {said.get('rel', '')}" if name == "link" else name, attribute)
                continue
            parent = stack[-1]
            post = next((open[2] for open in reversed(stack) if open[0] == "article"), "")
            item = next((open[2] for open in reversed(stack) if open[2] and open[0] in ("li", "sup")), "")
            # Several links back are a list within the sign.
            back = any("quoted-by" in open[3] for open in stack[-2:])
            yield PageAddress(address, at, name, attribute, said.get("role", ""), parent[2], back, post, item)
    if "srcset" in said:
        for candidate in said["srcset"].split(","):
            if candidate.strip():
                yield PageAddress(candidate.split()[0], at, name, "srcset")
    if name == "meta" and said.get("http-equiv", "").lower() == "refresh":
        _, _, address = said.get("content", "").partition("url=")
        if address:
            yield PageAddress(address.strip("'\""), at, "a", "content")
    if name == "meta" and said.get("property", said.get("name", "")) in PICTURED and said.get("content"):
        yield PageAddress(said["content"], at, "meta", "content")


def _stray(text: str) -> Iterator[tuple[str, int, str]]:
    end = 0
    for found in TAG.finditer(text):
        at = text.find("<", end, found.start())
        if at >= 0:
            yield "stray-mark", at, f"“{text[at : at + 20]}” does not begin a tag"
        end = found.end()
    if (at := text.find("<", end)) >= 0:
        yield "stray-mark", at, f"“{text[at : at + 20]}” does not begin a tag"


def _beginning(text: str, titles: int, told: _Told) -> Iterator[tuple[str, int, str]]:
    if not text[:200].lstrip().lower().startswith("<!doctype html>"):
        yield "bad-page", 0, "the page does not begin with <!doctype html>"
    if not told.language:
        yield "bad-page", 0, "the page says no language"
    if not titles:
        yield "bad-page", 0, "the page has no title"
    if not re.search(r"<meta\s+charset=[\"']?utf-8", text[:1024], re.IGNORECASE):
        yield "bad-page", 0, "the page does not say in its first 1,024 characters that it is UTF-8"
    if not told.policy:
        yield "no-policy", 0, "the page has no content security policy"
