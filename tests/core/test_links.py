"""Of what strangers wrote in any place, nothing is published that leads to what runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ada_url import URL
from lxml import etree
from lxml import html as lxml_html

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.system.web_address import SCHEMES, is_script
from support.link_payloads import LINKS, LIVE, write

PAGE = "https://archive.example/debates/x/index.html"


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
