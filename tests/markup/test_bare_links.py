"""Bare addresses in Markdown: which are linked, where they end, and how they are shown."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from rostra.markup.bare_links import FURTHEST, Links, _linkify, use_bare_links
from rostra.markup.markdown import parser

LONG = "y" * 300
"""What makes a word longer than the library looks at."""


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ("a www.b.com c", 'a <a href="http://www.b.com">www.b.com</a> c'),
        (
            "www.b.com, http://c.com d",
            '<a href="http://www.b.com">www.b.com</a>, <a href="http://c.com">http://c.com</a> d',
        ),
        ("a@b.com", '<a href="mailto:a@b.com">a@b.com</a>'),
        ("mailto:a@b.com", '<a href="mailto:a@b.com">mailto:a@b.com</a>'),
        ("MAILTO:a@b.com x", '<a href="MAILTO:a@b.com">MAILTO:a@b.com</a> x'),
        ("http://b.com/*c*d", '<a href="http://b.com/*c*d">http://b.com/*c*d</a>'),
        ("*http://b.com/c*", '<em><a href="http://b.com/c">http://b.com/c</a></em>'),
        ("**www.b.com**", '<strong><a href="http://www.b.com">www.b.com</a></strong>'),
        ("[http://b.com](http://c.com)", '<a href="http://c.com">http://b.com</a>'),
        ("[a](http://c.com) http://d.com", '<a href="http://c.com">a</a> <a href="http://d.com">http://d.com</a>'),
        (
            "[a *www.b.com*](http://c.com) www.d.com",
            '<a href="http://c.com">a <em>www.b.com</em></a> <a href="http://www.d.com">www.d.com</a>',
        ),
        ("\\http://b.com", "\\http://b.com"),
        ("http\\://b.com", "http://b.com"),
        ("xhttp://b.com", "xhttp://b.com"),
        ("x:http://b.com", 'x:<a href="http://b.com">http://b.com</a>'),
        ("x.http://b.com", 'x.<a href="http://b.com">http://b.com</a>'),
        ("é http://b.com", 'é <a href="http://b.com">http://b.com</a>'),
        ("éhttp://b.com", 'é<a href="http://b.com">http://b.com</a>'),
        ("http://xn--bcher-kva.com", '<a href="http://xn--bcher-kva.com">http://bücher.com</a>'),
        ("www.xn--bcher-kva.com/%C3%BC", '<a href="http://www.xn--bcher-kva.com/%C3%BC">www.bücher.com/ü</a>'),
        ("http://b.com/%C3%BC", '<a href="http://b.com/%C3%BC">http://b.com/ü</a>'),
        ("ftp://b.com", '<a href="ftp://b.com">ftp://b.com</a>'),
        ("gopher://b.com", "gopher://b.com"),
        ("javascript://b.com", "javascript://b.com"),
        ("//b.com", '<a href="//b.com">//b.com</a>'),
        ("a//b.com", "a//b.com"),
        ("http://", "http://"),
        ("://b.com", "://b.com"),
        ("http://b", '<a href="http://b">http://b</a>'),
        ("b.com", '<a href="http://b.com">b.com</a>'),
        ("b.zip 1.5 e.g.", "b.zip 1.5 e.g."),
        ("http://b.com/(c)", '<a href="http://b.com/(c)">http://b.com/(c)</a>'),
        ("http://b.com).", '<a href="http://b.com">http://b.com</a>).'),
        ("<http://b.com>", '<a href="http://b.com">http://b.com</a>'),
        ("`http://b.com`", "<code>http://b.com</code>"),
        (
            "http://b.com\nwww.c.com",
            '<a href="http://b.com">http://b.com</a>\n<a href="http://www.c.com">www.c.com</a>',
        ),
        (f"http://b.com/{LONG}?", f'<a href="http://b.com/{LONG}">http://b.com/{LONG}</a>?'),
        (f"(http://b.com/{LONG}).", f'(<a href="http://b.com/{LONG}">http://b.com/{LONG}</a>).'),
        (f"a@b.com/{LONG}", f"a@b.com/{LONG}"),
        (
            f"http://a.com/{LONG}http://c.com",
            f'<a href="http://a.com/{LONG}http://c.com">http://a.com/{LONG}http://c.com</a>',
        ),
        (
            "www.a.com www.b.com www.c.com",
            '<a href="http://www.a.com">www.a.com</a> <a href="http://www.b.com">www.b.com</a> <a href="http://www.c.com">www.c.com</a>',
        ),
        (
            "www.a.com~~www.b.com~~",
            '<a href="http://www.a.com">www.a.com</a><s><a href="http://www.b.com">www.b.com</a></s>',
        ),
        ("http://b.com/&amp;c", '<a href="http://b.com/&amp;amp;c">http://b.com/&amp;amp;c</a>'),
        ("www.b.com/&c", '<a href="http://www.b.com/&amp;c">www.b.com/&amp;c</a>'),
        ("http://b.com/_c_d_", '<a href="http://b.com/_c_d_">http://b.com/_c_d_</a>'),
        ("![http://b.com](http://c.com)", '<img src="http://c.com" alt="http://b.com" />'),
        ("http://b.com**", '<a href="http://b.com">http://b.com</a>**'),
        ("http://b.com/**c**", '<a href="http://b.com/**c">http://b.com/**c</a>**'),
        ("http:// b.com", 'http:// <a href="http://b.com">b.com</a>'),
        ("a http://b.com/ü", 'a <a href="http://b.com/%C3%BC">http://b.com/ü</a>'),
        ("https://b.com:99999/x", "https://b.com:99999/x"),
        ("\\www.b.com", "\\www.b.com"),
        ("\\*www.b.com", "*www.b.com"),
        ("\\*www.b.com www.c.com", '*www.b.com <a href="http://www.c.com">www.c.com</a>'),
        ("a@xn--bcher-kva.com", '<a href="mailto:a@xn--bcher-kva.com">a@bücher.com</a>'),
        ("mailto:_a_@d.com", "mailto:<em>a</em>@d.com"),
        ("http[http://b.com](http://c.com)", 'http<a href="http://c.com">http://b.com</a>'),
        ("//xn--bcher-kva.com/%C3%BC", '<a href="//xn--bcher-kva.com/%C3%BC">//bücher.com/ü</a>'),
        ("\\* www.c.com", '* <a href="http://www.c.com">www.c.com</a>'),
    ],
)
def test_an_address_that_stands_alone_is_linked(typed: str, linked: str) -> None:
    assert parser().render(typed, {}) == f"<p>{linked}</p>\n"


def found(text: str) -> list[tuple[str, str, str]]:
    """Of each address in a text: the text itself, its scheme, and where it leads."""
    return [(text[each.index : each.last_index], each.schema, each.url) for each in Links().match(text) or ()]


def test_addresses_are_found_where_they_stand() -> None:
    assert Links().match("a.b c/d e: f") is None
    assert found("é www.b.com, (http://c.com) d@e.com") == [
        ("www.b.com", "", "http://www.b.com"),
        ("http://c.com", "http:", "http://c.com"),
        ("d@e.com", "mailto:", "mailto:d@e.com"),
    ]


def test_of_a_long_word_addresses_with_their_scheme_are_found() -> None:
    http, https = f"http://b.com/{LONG}", f"https://c.com/{LONG}"
    assert found(f"é ({http}). www.b.com/{LONG} <{https}>!") == [(http, "http:", http), (https, "https:", https)]


def test_a_parser_that_uses_it_finds_addresses_in_this_way_only() -> None:
    markdown = MarkdownIt("commonmark", {"linkify": True}).enable("linkify")
    use_bare_links(markdown)
    assert isinstance(markdown.linkify, Links)
    assert _linkify in markdown.core.ruler.getRules("")  # the library's own links the same, in other time
    assert "<a" not in markdown.render(f"www.b.com/{LONG}")
    assert "<em>" in markdown.render(f"(http://b.com/*c*/{'y' * FURTHEST}")
    assert "<a" in markdown.render("www.b.com")
    assert "<a" not in markdown.render("```\nwww.b.com\n```\n    b.com")
