"""Feeds hold against RFC 4287 and 4685 and JSON Feed 1.1, say nothing that is not known, and their ids last."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from machines.conftest import ADDRESS, SITE, made
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.model.timestamps import utc_time
from rostra.render.pages.syndication import UNKNOWN, Feed, FeedEntry, atom, json_feed

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[A-Za-z0-9._~:/-]+")


def feeds(output: Path) -> list[Path]:
    return sorted(output.rglob("*.xml"))


def read(path: Path) -> feedparser.FeedParserDict:
    found = feedparser.parse(path.read_bytes())
    assert not found.bozo, (path, found.get("bozo_exception"))
    return found


def entries(path: Path) -> dict[str, feedparser.FeedParserDict]:
    return {entry.id.rpartition("/")[2]: entry for entry in read(path).entries}


@pytest.mark.parametrize("where", ["archive", "nowhere"])
def test_every_feed_is_atom(where: str, request: pytest.FixtureRequest) -> None:
    output = request.getfixturevalue(where)
    checked = 0
    for path in feeds(output):
        if "sitemap" in path.as_posix():
            continue
        SCHEMA.assertValid(etree.parse(path))
        found = read(path)
        assert found.version == "atom10"
        ids = [found.feed.id, *(entry.id for entry in found.entries)]
        assert len(ids) == len(set(ids))
        assert all(TAG.fullmatch(id) for id in ids)
        checked += 1
    assert checked >= 8


def test_every_kind_of_feed_is_there(archive: Path) -> None:
    paths = {path.relative_to(archive).as_posix() for path in feeds(archive)}
    assert {"feed.xml", "debates/gate/feed.xml", "debates/chain/feed.xml", "debates/withdrawn/feed.xml"} <= paths
    people = {read(archive / path).feed.title for path in paths if path.startswith("people/")}
    assert {"Ada", "bede", "Łukasz Żółw", "שרה"} <= people
    assert not people & {"unnamed", ""}


def test_the_schema_does_find_what_is_wrong(archive: Path) -> None:
    text = (archive / "feed.xml").read_text()
    for wrong in (
        re.sub("<updated>.*?</updated>", "", text),
        re.sub("<id>.*?</id>", "", text, count=1),
        re.sub("<updated>(.*?)T.*?</updated>", r"<updated>\1</updated>", text),
        text.replace("<author>", "<author><age>4</age>"),
    ):
        assert not SCHEMA.validate(etree.fromstring(wrong.encode()))


def test_an_answer_names_the_post_that_it_answers(archive: Path) -> None:
    tree = etree.parse(archive / "debates/gate/feed.xml")
    names = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}
    answers = {
        entry.findtext("a:id", namespaces=names): entry.find("thr:in-reply-to", names)
        for entry in tree.iterfind("a:entry", names)
    }
    begin = "tag:archive.example,2026:debates-kept:debates/gate/"
    assert answers[f"{begin}p-2"].attrib == {
        "ref": f"{begin}p-1",
        "href": f"{ADDRESS}debates/gate/#p-1",
        "type": "text/html",
    }
    assert answers[f"{begin}p-4"].get("ref") == f"{begin}p-3", "also where that was removed"
    totals = {
        entry.findtext("a:id", namespaces=names): entry.findtext("thr:total", namespaces=names)
        for entry in tree.iterfind("a:entry", names)
    }
    assert (totals[f"{begin}p-1"], totals[f"{begin}p-6"]) == ("2", "0")


def test_the_archive_says_how_long_its_debates_are_and_where_they_go_on(archive: Path) -> None:
    gate = entries(archive / "feed.xml")["gate"]
    replies = next(link for link in gate.links if link.rel == "replies")
    assert replies.href == f"{ADDRESS}debates/gate/feed.xml"
    assert replies["thr:count"] == "5"
    assert {tag.term for tag in gate.tags} == {"gates", "water & wheels"}


def test_times_are_those_that_are_known(archive: Path) -> None:
    gate = entries(archive / "debates/gate/feed.xml")
    assert (gate["p-1"].published, gate["p-1"].updated) == ("2024-03-04T09:00:00Z", "2024-03-04T09:00:00Z")
    assert (gate["p-2"].published, gate["p-2"].updated) == ("2024-03-04T10:30:00Z", "2024-03-05T08:00:00Z")
    untimed = read(archive / "debates/untimed/feed.xml").entries
    assert {(entry.get("published"), entry.updated) for entry in untimed} == {(None, "2023-05-06T00:00:00Z")}
    unknown = read(archive / "debates/unknown/feed.xml").entries
    assert {(entry.get("published"), entry.updated) for entry in unknown} == {(None, UNKNOWN)}


def test_a_feed_shows_the_latest_first_and_stays_small(archive: Path) -> None:
    chain = read(archive / "debates/chain/feed.xml").entries
    assert len(chain) == 50
    times = [entry.published for entry in chain]
    assert times == sorted(times, reverse=True)
    ids = [entry.id.rpartition("/")[2] for entry in read(archive / "feed.xml").entries]
    assert ids == ["gate", "untimed", "chain", "unknown"]


def test_unnamed_posts_are_nobodys(archive: Path) -> None:
    gate = entries(archive / "debates/gate/feed.xml")
    assert gate["p-4"].author == "unnamed"
    assert "href" not in gate["p-4"].author_detail
    assert gate["p-5"].author == "Łukasz Żółw"
    for path in (archive / "people").glob("*.xml"):
        assert all("p-4" not in entry.id for entry in read(path).entries if "gate" in entry.id)


def test_what_was_removed_has_no_entry(archive: Path) -> None:
    assert "p-3" not in entries(archive / "debates/gate/feed.xml")


def test_nothing_of_a_stranger_runs_and_nothing_breaks_the_document(archive: Path) -> None:
    text = (archive / "debates/gate/feed.xml").read_text()
    assert "\ufffe" not in text
    assert "\x07" not in text
    assert "\x0b" not in text
    # feedparser would sanitise; look at what is really there.
    contents = [element.text for element in etree.fromstring(text.encode()).iter("{*}content")]
    assert not any(re.search(r"<script|<iframe|\son\w+=", each) for each in contents)
    assert any("]]&gt;" in each for each in contents)


def test_links_are_absolute_where_the_archive_has_an_address(archive: Path) -> None:
    for path in feeds(archive):
        hrefs = re.findall(r'(?:href|src)="([^"]*)"', path.read_text())
        assert all(href.startswith(ADDRESS) for href in hrefs), path


def test_links_lead_to_what_is_there_where_it_has_none(nowhere: Path) -> None:
    for path in feeds(nowhere):
        for href in re.findall(r' href="([^"]*)"', path.read_text()):
            target, _, fragment = href.partition("#")
            found = (path.parent / target).resolve()
            if "/people/" in found.as_posix() and found.suffix == ".html":
                continue
            assert found.is_file(), (path, href)
            assert not fragment or f'id="{fragment}"' in found.read_text()


def test_a_debate_that_is_withdrawn_keeps_an_empty_feed_that_says_so(archive: Path) -> None:
    found = read(archive / "debates/withdrawn/feed.xml")
    assert found.entries == []
    assert found.feed.subtitle == "They were private."
    assert "Nobody, I should hope" not in (archive / "debates/withdrawn/feed.xml").read_text()


def test_json_feed_has_what_it_must_have(archive: Path) -> None:
    feed = json.loads((archive / "feed.json").read_text())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert feed["title"]
    assert feed["feed_url"] == f"{ADDRESS}feed.json"
    assert feed["home_page_url"] == ADDRESS
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 3
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item.get("content_text", item.get("content_html")), str)
        assert item["url"].startswith(ADDRESS)
        for key in ("date_published", "date_modified"):
            assert key not in item or datetime.fromisoformat(item[key]).tzinfo
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        assert all(author.keys() & {"name", "url", "avatar"} for author in item.get("authors", []))
    unknown = next(item for item in feed["items"] if item["id"].endswith("/unknown"))
    assert "date_modified" not in unknown, "JSON Feed does not ask for a time that nobody knows"


def test_ids_change_with_no_address_where_the_authority_is_set(tmp_path: Path) -> None:
    settings = SITE / "rostra.toml"
    ids = []
    for number, address in enumerate(["https://one.example/a", "https://two.example/"]):
        folder = tmp_path / str(number)
        (folder / "content").mkdir(parents=True)
        (folder / "content/gate.jsonl").write_bytes((SITE / "content/gate.jsonl").read_bytes())
        lines = [line for line in settings.read_text().splitlines() if not line.startswith("address")]
        (folder / "rostra.toml").write_text("\n".join([*lines, f'address = "{address}"', 'authority = "ada@mill.example,2020-02-03:gates"']))  # fmt: skip
        build(load_site(folder))
        ids.append([entry.id for entry in read(folder / "public/debates/gate/feed.xml").entries])
    assert ids[0] == ids[1]
    assert ids[0][0].startswith("tag:ada@mill.example,2020-02-03:gates:debates/gate/p-")


@pytest.mark.parametrize("wrong", ["example.org", "2026", "example.org,26", "example.org,2026:", "a b,2026"])
def test_an_authority_that_is_none_is_refused_at_its_line(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "rostra.toml").write_text(f'title = "x"\nauthority = "{wrong}"\n')
    with pytest.raises(UsageError) as raised:
        load_site(tmp_path)
    assert raised.value.line == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-03-01", "2024-03-01T00:00:00Z"),
        ("2024-03-01T10:00:00+02:00", "2024-03-01T08:00:00Z"),
        ("2024-03-01T10:00:00.123456Z", "2024-03-01T10:00:00Z"),
        ("2024-03-01T10:00:00", "2024-03-01T00:00:00Z"),
        ("last week", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_said_in_one_way_or_not_at_all(given: str | None, expected: str | None) -> None:
    assert utc_time(given) == expected


@given(st.text(), st.text(), st.text(), st.text(max_size=3))
def test_whatever_is_said_the_document_holds(title: str, author: str, html: str, language: str) -> None:
    entry = FeedEntry(id="tag:a.example,2026:x", title=title, href="x", updated=None, author=author or "a", language=language, html=html, summary=title)  # fmt: skip
    feed = Feed(id="tag:a.example,2026:f", title=title, subtitle=author, href="", itself="f", language=language, publisher="p", rights="", entries=(entry,))  # fmt: skip
    tree = etree.fromstring(atom(feed))
    SCHEMA.assertValid(tree)
    (content,) = tree.iter("{*}content")
    plain = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", html)
    assert (content.text or "").replace("\r", "\n") == plain.replace("\r\n", "\n").replace("\r", "\n")
    json.loads(json_feed(feed))


def test_the_same_archive_gives_the_same_feeds(archive: Path, tmp_path: Path) -> None:
    again = made(tmp_path / "again")
    for path in feeds(archive):
        assert path.read_bytes() == (again / path.relative_to(archive)).read_bytes()
