"""Whatever strangers write into an attribute stays in it: no later step may take its words for the markup around it."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup import render
from rostra.markup.weave import weave
from rostra.model import Dialect

PARTS = [" rel=", " class=", " href=", " title=", " src=", ' class="picture"', '"', "'", "<", ">", "<a ", "&quot;", "onclick=alert(1)", " onclick=", "x", " ", ".jpg", "/", "=", "\n"]  # fmt: skip
WORDS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
KNOWN = {"href", "title", "class", "rel", "id", "dir", "tabindex", "lang", "start", "value", "colspan", "rowspan", "hidden", "open"}  # fmt: skip


class Attributes(HTMLParser):
    """Collects the names of all elements and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.names = set[str](), set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)


def html(title: str, address: str, alt: str) -> str:
    at = f"https://x.example/{escape(address)}"
    return f'<a href="{at}.jpg" title="{escape(title)}"><img src="{at}.png" alt="{escape(alt)}" title="{escape(title)}"></a>'


def markdown(title: str, address: str, alt: str) -> str:
    said, at = title.replace('"', '\\"').replace("\n", " "), address.replace(" ", "%20").replace("\n", "")
    return f'[![{alt}](<https://x.example/{at}.png> "{said}")](<https://x.example/{at}.jpg> "{said}")'


def bbcode(title: str, address: str, alt: str) -> str:
    return f"[url=https://x.example/{address}.jpg][img title={title}]https://x.example/{alt}.png[/img][/url]"


@pytest.mark.parametrize("dialect", get_args(Dialect))
@given(title=WORDS, address=WORDS, alt=WORDS)
def test_no_attribute_is_added(dialect: Dialect, title: str, address: str, alt: str) -> None:
    for written in (html, markdown, bbcode):
        woven = weave(render(written(title, address, alt), dialect), call="({})".format)
        found = Attributes(woven)
        assert found.names <= KNOWN, woven
        assert not found.tags & {"img", "script"}, woven


def test_a_title_stays_whole_around_a_picture() -> None:
    title = "a rel=b onclick=alert(1) c"
    woven = weave(render(html(title, "x", "p"), "html"), call="({})".format)
    assert f'title="{title}" class="picture" rel=' in woven
