"""What holds for every rendered body."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from rostra.markup import weave
from rostra.model import Body

ALLOWED = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "cite", "code", "dd", "del", "details", "dfn", "dl", "dt",
    "em", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var",
}  # fmt: skip
VOID = {"br", "hr"}


SCHEMES = "https?|mailto|gemini|gopher|ftp|news|nntp|matrix|xmpp|irc"


class Checker(HTMLParser):
    """Fails on a tag or attribute that no body may publish, or that does not nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for key, value in attrs:
            assert not key.startswith("on"), key
            assert key not in ("style", "id", "src", "srcdoc", "action"), key
            if key == "href":
                scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", value or "")
                assert not scheme or re.fullmatch(SCHEMES, scheme[1]), value
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def check(body: Body) -> None:
    checker = Checker()
    checker.feed(weave(body))
    checker.close()
    assert checker.open == []
    assert checker.text.split() == body.text.split()
    last = 0
    for offset, _ in body.tags:
        assert last <= offset <= len(body.text)
        last = offset
    end = 0
    for block in body.blocks:
        assert end <= block.start < block.end <= len(body.text)
        assert body.text[block.start : block.end].strip()
        end = block.end
    for note in body.notes:
        assert note.marker is None or 0 <= note.marker <= len(body.text)
