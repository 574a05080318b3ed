"""Where the archive takes over a forum's domain, the forum's own addresses lead to its debates and posts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site


def site(folder: Path, urls: list[str | None], settings: str = "", card: str = "") -> Path:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text(f'title = "Mill"\ntakes_over = ["https://forum.example"]\n{settings}')
    lines = [
        {
            "id": n,
            "parent": 1 if n > 1 else None,
            "author": "ada",
            "thread": "42",
            "title": "The gate" if n == 1 else None,
            "body": f"Words of post {n}.",
            "url": url,
        }
        for n, url in enumerate(urls, 1)
    ]
    (folder / "content/forum.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "content/forum.toml").write_text(card)
    report = build(load_site(folder))
    assert not report.failures
    return folder / "public"


def test_a_path_leads_to_the_debate_and_a_post_s_own_to_the_post(tmp_path: Path) -> None:
    public = site(tmp_path, ["https://forum.example/t/gate/42", "https://www.forum.example/t/gate/42/2"])
    assert 'url=../../../debates/42/index.html"' in (public / "t/gate/42/index.html").read_text()
    assert 'url=../../../../debates/42/index.html#p-2"' in (public / "t/gate/42/2/index.html").read_text()
    assert (public / "_redirects").read_text().splitlines() == [
        "/t/gate/42 /debates/42/ 301",
        "/t/gate/42/2 /debates/42/#p-2 301",
    ]


def test_queries_and_fragments_are_told_apart_on_one_page(tmp_path: Path) -> None:
    public = site(
        tmp_path,
        [
            "https://forum.example/viewtopic.php?t=42",
            "https://forum.example/viewtopic.php?p=7#p7",
            "https://forum.example/viewtopic.php#p ö",
        ],
    )
    page = (public / "viewtopic.php/index.html").read_text()
    assert 'data-query="t=42"' in page
    assert 'data-fragment="p7" data-query="p=7"' in page
    assert 'data-fragment="p ö"' in page  # as the page's script reads the fragment: decoded
    assert "refresh" not in page


def test_a_pattern_of_the_card_stands_for_addresses_that_the_dump_lacks(tmp_path: Path) -> None:
    card = 'old_addresses = ["https://forum.example/t/{slug}/{thread}", "https://forum.example/t/{slug}/{thread}/{post}"]\n'
    public = site(tmp_path, [None, None], card=card)
    assert (public / "t/the-gate/42/index.html").is_file()
    assert "#p-2" in (public / "t/the-gate/42/2/index.html").read_text()


def test_below_a_path_the_lines_lead_below_it(tmp_path: Path) -> None:
    public = site(tmp_path, ["https://forum.example/t/42"], settings='address = "https://forum.example/archive/"\n')
    assert (public / "_redirects").read_text() == "/t/42 /archive/debates/42/ 301\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/t/42",
        "https://forum.example/",
        "https://forum.example/index.html",
        "https://forum.example/debates/42",
        "https://forum.example/search/42",
        "https://forum.example/Feed.xml",
        "https://forum.example/robots.txt/x",
        "https://forum.example/a%5Cb",
        "https://forum.example/%2Fetc/%2e%2e%2fx",
        "https://forum.example/.git/config",
        "https://forum.example/_headers",
        "https://forum.example/" + "x" * 300,
        "https://forum.example/a.html/b",
        "javascript:alert(1)",
        "https://[forum.example/t",
    ],
)
def test_what_strangers_wrote_makes_no_file_that_it_should_not(tmp_path: Path, url: str) -> None:
    plain = site(tmp_path / "plain", [None])
    odd = site(tmp_path / "odd", [url])
    assert {p.relative_to(odd).as_posix() for p in odd.rglob("*")} == {
        p.relative_to(plain).as_posix() for p in plain.rglob("*")
    }


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://forum.example/../../etc/passwd", "etc/passwd"),
        ("https://forum.example/%2e%2e/%2e%2e/x", "x"),
        ("https://forum.example/a\\b", "a/b"),
        ("HTTPS://FORUM.example:443/ö", "ö"),
        (" https://forum.\texample/c ", "c"),
    ],
)
def test_an_old_address_is_the_one_that_a_browser_asks_for(tmp_path: Path, url: str, asked: str) -> None:
    public = site(tmp_path, [url])
    assert (public / asked / "index.html").is_file()
    assert not [path for path in tmp_path.rglob("passwd*") if not path.is_relative_to(public)]


def test_two_addresses_that_differ_by_case_only_make_one_page(tmp_path: Path) -> None:
    public = site(tmp_path, ["https://forum.example/T/42", "https://forum.example/t/42"])
    assert (public / "T/42/index.html").is_file()
    assert len((public / "_redirects").read_text().splitlines()) == 1
