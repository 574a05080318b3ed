"""A debate copied from a known site names it wherever the archive says where debates took place."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.readers import format_title
from rostra.readers.copied.known import known_layouts
from rostra.render.pages.rows import subject_address
from rostra.search.documents import decode_documents, searched
from rostra.store.archive import summarise
from rostra.system.web_address import host

READERS = Path(__file__).parent.parent / "readers"
HACKER_NEWS = (READERS / "copied/hacker-news.case").read_text().partition("\n=====")[0]
HOST = "news.ycombinator.com"
KNOWN = """\
Hacker News new | past | comments | ask | show | jobs | submit
\tThe ferry has a new bell (ferry.example)
7 points by opener 9 hours ago | hide | past | favorite | 3 comments

flo 3 hours ago | next [–]

It wakes the whole harbour at six.
reply

gus 2 hours ago | next [–]

A quieter one was offered and refused.
reply

hal 1 hour ago | prev [–]

Ring it twice for fog, once for tea.
reply
"""
CHAT = "".join(
    f"[10:0{n}] <{who}> The mill is quiet today, number {n}.\n" for n, who in enumerate(("ada", "bede", "cy", "dee"))
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("places")
    (root / "content").mkdir()
    (root / "rostra.toml").write_text('title = "Places"\n')
    (root / "content/mill.txt").write_text(HACKER_NEWS)
    (root / "content/known.txt").write_text(KNOWN)
    (root / "content/known.toml").write_text('url = "https://news.example/item?id=1"\n')
    (root / "content/api.json").write_bytes((READERS / "hackernews/nested.json").read_bytes())
    (root / "content/chat.txt").write_text(CHAT)
    assert build(load_site(root)).failures == ()
    return root / "public"


def test_the_page_and_its_document_name_the_site(site: Path) -> None:
    assert f"copied from {HOST}" in (site / "debates/mill/index.html").read_text()
    assert json.loads((site / "debates/mill/thread.json").read_text())["source"]["place"] == HOST


def test_a_layout_of_many_sites_names_none(site: Path) -> None:
    assert "copied from" not in (site / "debates/chat/index.html").read_text()
    assert json.loads((site / "debates/chat/thread.json").read_text())["source"]["place"] is None


def test_the_list_of_places_has_the_site_unless_the_address_is_known(site: Path) -> None:
    listed = (site / f"places/{subject_address(HOST)}.html").read_text()
    assert "debates/mill/" in listed
    assert "debates/known/" not in listed
    assert "debates/1/" in listed, "the same site, by the addresses in the dump"
    assert "debates/known/" in (site / f"places/{subject_address('news.example')}.html").read_text()


@pytest.mark.parametrize(
    ("dump", "layout"), [("reddit/answer.json", "old-reddit"), ("hackernews/search.json", "hacker-news")]
)
def test_copied_text_and_json_of_one_site_have_one_place(dump: str, layout: str) -> None:
    (known,) = (each.layout for each in known_layouts() if each.layout.name == layout)
    assert {summarise(edition).place for edition in inspections(READERS / dump)} == {known.place}


def test_a_layout_with_a_host_names_it_as_addresses_do() -> None:
    hosts = {each.layout.place for each in known_layouts() if each.layout.place and "." in each.layout.place}
    assert {"reddit.com", "lobste.rs", HOST} <= hosts
    assert {host(f"https://www.{each}/") for each in hosts} == hosts


def test_lists_and_search_name_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "mill.txt").write_text(HACKER_NEWS)
    (edition,) = inspections(tmp_path / "mill.txt")
    assert decode_documents(searched(edition)).place == summarise(edition).place == HOST


def test_a_published_document_is_read_back_with_its_place(site: Path) -> None:
    (edition,) = inspections(site / "debates/mill/thread.json")
    assert edition.thread.source.place == HOST
    changed = msgspec.json.decode((site / "debates/mill/thread.json").read_bytes())
    del changed["source"]
    (site.parent / "bare.json").write_bytes(msgspec.json.encode(changed))
    (edition,) = inspections(site.parent / "bare.json")
    assert edition.thread.source.place is None


@pytest.mark.parametrize(
    ("format", "title"),
    [("hackernews", "Hacker News"), ("discourse", "Discourse"), ("mail", "mail"), ("forum", "forum"), ("rostra", "rostra"), ("unheard-of", "unheard-of")],
)  # fmt: skip
def test_a_format_is_named_as_people_write_it(format: str, title: str) -> None:
    assert format_title(format) == title
