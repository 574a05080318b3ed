"""Whatever becomes a link leads where a browser would go, by one parser, and to nothing that runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ada_url import URL
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from payloads import LINKS, LIVE, write
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.system.web_address import SCHEMES, is_script, page_address, site_address, web_address

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


def test_only_pages_of_the_web_are_pages_and_what_runs_is_known() -> None:
    assert page_address("mailto:a@b.example") is None
    assert page_address("https://a.example") == "https://a.example/"
    assert is_script(" java\nscript:x")
    assert is_script("javascript :x")
    assert is_script("data:,x")
    assert not is_script("acct:a@b.example")
    assert not is_script("t2_abc")


def led(path: Path) -> list[str]:
    """Every address that a file holds as one."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        found = [
            str(value)
            for value in lxml_html.document_fromstring(text.encode()).xpath(
                "//@*[name()='href' or name()='src' or name()='action' or name()='srcset' or name()='data' or name()='ping' or name()='formaction']"
            )
        ]
        return (
            found
            + re.findall(r'content="0; url=([^"]*)"', text)
            + re.findall(r'property="og:(?:url|image)" content="(\w+:[^" ]*)"', text)
        )
    if path.suffix == ".xml":
        root = etree.fromstring(text.encode())
        found = [str(value) for value in root.xpath("//@href | //*[local-name()='uri' or local-name()='loc']/text()")]
        inner = " ".join(str(value) for value in root.xpath("//*[local-name()='content']/text()"))
        return found + re.findall(r'(?:href|src)="([^"]*)"', inner)
    if path.suffix in (".json", ".jsonld") and "assets" not in path.parts:
        return keyed(json.loads(text))
    return re.findall(r"^\s+url = \{(.*)\}", text, re.MULTILINE) if path.suffix == ".bib" else []


def keyed(value: object) -> list[str]:
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            # An id is no link, but some programs open it as one.
            assert not any(is_script(str(each.get(key))) for key in ("id", "@id"))
            found += [
                said for key, said in each.items() if isinstance(said, str) and re.fullmatch(r"(?:.*_)?url|URL", key)
            ]
            found += [
                link
                for key, said in each.items()
                if key in ("html", "content_html") and isinstance(said, str)
                for link in re.findall(r'(?:href|src)="([^"]*)"', said)
            ]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def test_of_every_payload_in_every_place_nothing_is_published_that_runs(tmp_path: Path) -> None:
    count = write(tmp_path, LINKS[::4], LIVE[::3])
    report = build(load_site(tmp_path))
    assert not report.failures
    assert count > 90
    seen = 0
    for path in sorted((tmp_path / "public").rglob("*")):
        if not path.is_file() or "dumps" in path.parts or path.suffix == ".jsonl":
            continue
        for link in led(path):
            seen += 1
            try:
                scheme = URL(link, base=PAGE).protocol[:-1]
            except ValueError:
                continue
            assert scheme in SCHEMES | {"tag"} or link.startswith("data:image/svg"), (path, link)
            bare = re.sub(r"[\s\x00-\x20\u0085\u200b\ufeff]+", "", link).lower()
            assert not bare.startswith(("javascript:", "vbscript:", "data:text")), (path, link)
    assert seen > 2000


def test_templates_of_a_site_s_own_see_only_sound_addresses(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "layouts").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    (tmp_path / "content/a.jsonl").write_text(
        json.dumps({"id": 1, "parent": None, "body": "x", "author": "a", "url": "\u00a0javascript:x"}) + "\n"
    )
    (tmp_path / "layouts/provenance.html").write_text(
        "<p>whole: {{ thread.url }}, of post: {{ thread.posts[0].raw.url }}</p>"
    )
    report = build(load_site(tmp_path))
    assert not report.failures
    page = next((tmp_path / "public/debates").glob("*/index.html")).read_text()
    assert "whole: None, of post: None" in page
    document = json.loads(next((tmp_path / "public/debates").rglob("thread.json")).read_text())
    assert [problem["code"] for problem in document["problems"]] == ["no-link"]


@pytest.mark.parametrize(
    "body",
    [
        "see https://x.example/?data-note= there",
        "<https://x.example/?a=data-note=>",
        '<a href="https://x.example/" title="data-note=">x</a>',
        '<a title="href=">x</a>',
        '<p data-kind="odd">x</p>',
    ],
)
@pytest.mark.parametrize("dialect", ["text", "markdown", "html", "discourse"])
def test_an_attribute_is_told_from_the_value_of_another(body: str, dialect: str, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    (tmp_path / "content/a.jsonl").write_text(
        json.dumps({"id": 1, "parent": None, "author": "a", "body": body, "dialect": dialect}) + "\n"
    )
    assert not build(load_site(tmp_path)).failures
