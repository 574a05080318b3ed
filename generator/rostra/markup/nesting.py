"""Enforce the content models of HTML: change tags that a parser accepts and the standard does not allow.

A parser corrects wrong nesting, but does not check that an item is in a list and a term before its
description.  No text is lost; a tag that is not allowed at its place is removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from rostra.i18n.language_tags import language_of
from rostra.markup.tables import Token
from rostra.system.lazy_regex import late

UNSURE = late(
    r"<(?:(?:ul|ol|li|dl|dt|dd|table|caption|details|summary|bdo|dfn|time|h[1-6])\b"
    r"|a(?! href=)|(?!img)[a-z]+ (?!href|rel|class|data-)[a-z]+=)"
)
BLOCKS = {
    "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol",
    "p", "pre", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
ITEMS = {"ul": "li", "ol": "li", "dl": "dd"}
"""The item that must contain all content of a list."""
PARENTS = {
    "li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "summary": ("details",), "caption": ("table",), "thead": ("table",),
    "tbody": ("table",), "tfoot": ("table",), "tr": ("thead", "tbody", "table"), "td": ("tr",), "th": ("tr",),
}  # fmt: skip
MUST_END = {("dl", "dt"): "dd", ("tr", ""): "td"}
"""The element that is still required after another in a parent, or in an empty parent."""
WORDS_ONLY = {"summary", "caption"}
"""Elements that contain no paragraph, list or table."""
LONE = {"a", "dfn"}
"""Elements that do not contain their own kind."""
NEEDED = {"a": ("href", "data-note"), "bdo": ("dir",), "time": ("datetime",)}
"""Elements that have no meaning without one of these attributes."""
VOID = {"br", "hr", "img"}
ATTRIBUTE = late(r' ([a-z-]+)="([^"]*)"')
LAWFUL = {
    "dir": late("ltr|rtl|auto"),
    "start": late(r"-?\d{1,9}"),
    "colspan": late(r"[1-9]\d{0,2}"),
    "rowspan": late(r"[1-9]\d{0,3}"),
    "scope": late("row|col|rowgroup|colgroup"),
}
FLAGS = {"open", "reversed"}
TIME = late(r"\d{4}-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?")


def is_unsure(html: str) -> bool:
    """Whether a body may have something at a wrong place; if not, it needs no change."""
    return UNSURE.search(html) is not None or "lang=" in html or "dir=" in html


class _OpenElement:
    """An open tag: its original name, the name that replaces it, and whether it was implied."""

    __slots__ = ("implied", "last", "name", "typed")

    def __init__(self, typed: str, name: str, *, implied: bool = False) -> None:
        self.typed, self.name, self.implied = typed, name, implied
        self.last = ""  # the last child element


class _Stack(list[_OpenElement]):
    """The open tags, and how many there are of each name."""

    def __init__(self) -> None:
        super().__init__([_OpenElement("", "")])
        self.names: Counter[str] = Counter()

    def push(self, typed: str, name: str, *, implied: bool = False) -> None:
        self.append(_OpenElement(typed, name, implied=implied))
        self.names[name] += 1

    def ended(self) -> Token:
        name = self.pop().name
        self.names[name] -= 1
        return "/", name, "", ""

    def holds(self, names: set[str]) -> bool:
        """Whether one of these is open."""
        return any(self.names[name] for name in names)


def lawful(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of well-formed HTML, changed to comply."""
    opened = _Stack()
    inline: list[str] = []
    for n, (slash, name, attributes, text) in enumerate(tokens):
        if text:
            if not text.isspace():
                yield from _implied(opened)
                opened[-1].last = "text"
            yield slash, name, attributes, text
        elif name not in BLOCKS and slash:
            if name not in VOID and inline:
                inline.pop()
            yield slash, name, attributes, text
        elif name not in BLOCKS:
            if name == "hr" and opened.holds(WORDS_ONLY):
                continue
            yield from _implied(opened)
            kept = _kept(attributes)
            if name not in VOID:
                fits = _fits(name, kept) and not (name in LONE and name in inline)
                name, kept = (name, kept) if fits else ("span", _kept(attributes, ("lang", "dir")))
                inline.append(name)
            opened[-1].last = name
            yield slash, name, kept, text
        elif slash:
            yield from _closed(opened, name)
        else:
            if opened[-1].implied and opened[-2].name in PARENTS.get(name, ()):
                yield opened.ended()
            elif opened[-1].name not in PARENTS.get(name, ()):
                yield from _implied(opened)
            if name == "caption" and opened[-1].name == "table" and opened[-1].last:
                # Only the first element of a table can be its caption.
                opened[-1].last = "tr"
                opened.push(name, "tr")
                opened[-1].last = "td"
                opened.push("td", "td", implied=True)
                yield from (("", "tr", "", ""), ("", "td", "", ""))
                continue
            place = _place(name, opened, tokens, n)
            if place == "dd" and opened[-1].last not in ("dt", "dd"):
                yield from (("", "dt", "", ""), ("/", "dt", "", ""))
            opened[-1].last = place
            opened.push(name, place)
            yield "", place, _kept(attributes), ""


def _place(name: str, opened: _Stack, tokens: Sequence[Token], at: int) -> str:
    """Return the tag that replaces a block, ``div`` if none is allowed: it ends a paragraph and is not emitted."""
    around = opened[-1]
    if opened.holds(WORDS_ONLY) or around.name not in PARENTS.get(name, (around.name,)):
        return "div"
    if name == "tfoot" or (name == "thead" and around.last not in ("", "caption")):
        return "tbody"  # a foot need not be last, nor a head first
    if name in HEADINGS and opened.holds({"dt", "th"}):
        return "p"
    if (name in WORDS_ONLY and around.last) or (name == "details" and not _summed(tokens, at)):
        return "div"
    return name


def _summed(tokens: Sequence[Token], at: int) -> bool:
    """Whether ``details`` begins with its summary."""
    first = (slash + name for slash, name, _, text in tokens[at + 1 : at + 3] if not text.isspace())
    return next(first, "") == "summary"


def _implied(opened: _Stack) -> Iterator[Token]:
    """Yield the item that must contain all content of a list."""
    item = ITEMS.get(opened[-1].name)
    if item:
        if item == "dd" and opened[-1].last not in ("dt", "dd"):
            yield from (("", "dt", "", ""), ("/", "dt", "", ""))
        opened[-1].last = item
        opened.push(item, item, implied=True)
        yield "", item, "", ""


def _closed(opened: _Stack, typed: str) -> Iterator[Token]:
    while opened[-1].implied:
        yield opened.ended()
    if opened[-1].typed == typed:
        empty = MUST_END.get((opened[-1].name, opened[-1].last))
        if empty:
            yield from (("", empty, "", ""), ("/", empty, "", ""))
        yield opened.ended()


def _fits(name: str, attributes: str) -> bool:
    needed = NEEDED.get(name)
    return needed is None or any(given in needed for given, _ in ATTRIBUTE.findall(attributes))


def _kept(attributes: str, only: tuple[str, ...] = ()) -> str:
    """Return the attributes whose values the standard allows."""
    if not attributes:
        return attributes
    return "".join(
        f' {name}="{value if name not in FLAGS else ""}"'
        for name, value in ATTRIBUTE.findall(attributes)
        if (not only or name in only) and _allowed(name, value)
    )


def _allowed(name: str, value: str) -> bool:
    if name == "lang":
        return language_of(value) == value
    if name == "datetime":
        return bool(TIME.fullmatch(value)) and _real(value)
    return name not in LAWFUL or LAWFUL[name].fullmatch(value) is not None


def _real(time: str) -> bool:
    try:
        datetime.fromisoformat(time if len(time) > 7 else f"{time}-01")  # a month
    except ValueError:
        return False
    return True
