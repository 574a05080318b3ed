"""Whatever becomes a link leads where a browser would go, by one parser, and to nothing that runs."""

from __future__ import annotations

import re

import pytest
from ada_url import URL
from hypothesis import given
from hypothesis import strategies as st

from rostra.system.web_address import SCHEMES, host, is_script, page_address, site_address, web_address

PAGE = "https://archive.example/debates/x/index.html"


@pytest.mark.parametrize(
    ("typed", "base", "linked"),
    [
        ("HTTP://Mill.Example:80/a/../b?x=|#y z", None, "http://mill.example/b?x=%7C#y%20z"),
        (" https://mill.\texample/\n", None, "https://mill.example/"),
        ("http://bücher.example/ü", None, "http://xn--bcher-kva.example/%C3%BC"),
        ("http://[::1]/[a]", None, "http://[::1]/%5Ba%5D"),
        ("https://a.example\\@b.example/", None, "https://a.example/@b.example/"),
        ("https://a.example/%zz#a#b", None, "https://a.example/%25zz#a%23b"),
        ("https://a.example/\ud800", None, "https://a.example/%EF%BF%BD"),
        ("mailto:ada lovelace", None, "mailto:ada%20lovelace"),
        ("../x", "https://a.example/t/7", "https://a.example/x"),
        ("\u00a0javascript:x", "https://a.example/t/7", "https://a.example/t/%C2%A0javascript:x"),
        ("https:javascript:x", "https://a.example/t/7", "https://a.example/t/javascript:x"),
        ("https://a.example/", "https://[", "https://a.example/"),
        ("x", "https://[", None),
        ("x", "javascript:y", None),
        ("x", "ftp://a.example/", None),
        ("https://a.example/", "", "https://a.example/"),
        ("x", None, None),
        ("", "https://a.example/", None),
        (None, None, None),
        ("http://a b/", None, None),
        ("http://a:65536/", None, None),
        ("http://a:65535/", None, "http://a:65535/"),
        ("java\tscript:x", None, None),
        ("file:///etc/passwd", None, None),
    ],
)
def test_an_address_is_what_a_browser_opens(typed: str | None, base: str | None, linked: str | None) -> None:
    assert web_address(typed, base) == linked


@given(st.text(alphabet="htpsjavcrimlofe:/\\?#@.%[]|^` \t\n\x00\u00a0\u2003ü1&<>\"'", max_size=30), st.booleans())
def test_an_address_is_parsed_to_itself_and_has_an_allowed_scheme(typed: str, based: bool) -> None:
    found = web_address(typed, "https://a.example/t/" if based else None)
    if found is not None:
        assert found.isascii()
        assert not re.search(r'[\s"<>\\^`{|}]', found)
        assert URL(found).protocol[:-1] in SCHEMES
        assert web_address(found) == found


@given(st.text(alphabet="htpsjavcrimlofe:/\\?#@.%[]|^` \t\n\x00\u00a0\u2003ü1", max_size=30))
def test_a_link_of_the_publisher_stays_in_the_site_or_is_an_address(typed: str) -> None:
    if (found := site_address(typed)) is not None:
        there = URL(found, base=PAGE)
        assert there.protocol[:-1] in SCHEMES
        assert (
            there.host == "archive.example" or web_address(typed) or typed.lstrip("\x00\t\n ").startswith(("/", "\\"))
        )


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ("  /x ", "/x"),
        ("../a\tb.html?c=|#d e#f", "../ab.html?c=%7C#d%20e%23f"),
        ("a\\b", None),  # browsers take it for a slash, programs for a sign
        ("\\\\a.example/x", "https://a.example/x"),
        ("//a.example/|", "https://a.example/%7C"),
        ("https://a.example/", "https://a.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("a%zz?%", "a%25zz?%25"),
        ("a\ud800", None),
        ("javascript:x", None),
        ("http://a b/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_of_the_publisher_stays_relative(typed: str | None, linked: str | None) -> None:
    assert site_address(typed) == linked


def test_a_host_is_shown_as_people_read_it() -> None:
    assert host("https://www.xn--bcher-kva.example:8080/www.") == "bücher.example"
    assert host("mailto:a@b.example") == host("a.example") == host(None) == ""


def test_only_pages_of_the_web_are_pages_and_what_runs_is_known() -> None:
    assert page_address("mailto:a@b.example") is None
    assert page_address(None) is None
    assert page_address("/x", "https://a.example/y") == "https://a.example/x"
    assert page_address("https://a.example") == "https://a.example/"
    assert is_script(" java\nscript:x")
    assert is_script("javascript :x")
    assert is_script("data:,x")
    assert not is_script(None)
    assert not is_script("acct:a@b.example")
    assert not is_script("t2_abc")
