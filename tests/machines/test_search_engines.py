"""Linked data holds before a JSON-LD processor and has what search engines ask for; microformats are read as meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mf2py
import pytest
from lxml import html
from pyld import jsonld

from machines.conftest import ADDRESS
from rostra.render.pages.linked_data import COMMENTS, NESTED

SCHEMA = "https://schema.org/"


def loader(url: str, _options: object) -> dict[str, Any]:
    """The context of schema.org as far as Rostra's words need it: no test asks the network for anything."""
    assert url == "https://schema.org"
    dates = {
        name: {"@id": f"{SCHEMA}{name}", "@type": f"{SCHEMA}DateTime"} for name in ("datePublished", "dateModified")
    }
    places = {
        name: {"@id": f"{SCHEMA}{name}", "@type": "@id"} for name in ("url", "image", "isBasedOn", "interactionType")
    }
    context = {"@vocab": SCHEMA, **dates, **places}
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": context},
        "contentType": "application/ld+json",
    }


def data(archive: Path, debate: str) -> dict[str, Any]:
    page = html.fromstring((archive / f"debates/{debate}/index.html").read_bytes())
    (script,) = page.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def comments(item: dict[str, Any], level: int = 1) -> list[tuple[int, dict[str, Any]]]:
    return [(level, item), *(each for below in item.get("comment", []) for each in comments(below, level + 1))]


def test_a_processor_reads_the_debate(archive: Path) -> None:
    (root,) = jsonld.expand(data(archive, "gate"), {"documentLoader": loader, "base": f"{ADDRESS}debates/gate/"})
    assert root["@type"] == [f"{SCHEMA}DiscussionForumPosting"]
    assert root[f"{SCHEMA}headline"] == [{"@value": 'The upper gate & <its> "keeper"'}]
    assert root[f"{SCHEMA}url"] == [{"@id": f"{ADDRESS}debates/gate/#p-1"}]
    first = root[f"{SCHEMA}comment"][0]
    assert first["@type"] == [f"{SCHEMA}Comment"]
    assert first[f"{SCHEMA}datePublished"][0]["@value"] == "2024-03-04T10:30:00Z"
    triples = jsonld.to_rdf(data(archive, "gate"), {"documentLoader": loader, "format": "application/n-quads"})
    assert triples.count("<https://schema.org/Comment>") == 5


def test_it_has_what_google_requires_where_it_is_known(archive: Path) -> None:
    """Required are author, author.name, datePublished and a text; a comment's are author, datePublished, text."""
    root = data(archive, "gate")
    for _, item in comments(root):
        assert item["text"]
        assert item["url"].startswith(f"{ADDRESS}debates/gate/#p-")
        for date in ("datePublished", "dateModified"):
            assert date not in item or datetime.fromisoformat(item[date]).tzinfo
        author = item["author"]
        assert author["name"]
        assert author["name"] == "unnamed" or author["url"].startswith(f"{ADDRESS}people/")
    assert root["author"] == {"@type": "Person", "name": "ada", "url": f"{ADDRESS}people/ada.html"}
    assert root["datePublished"] == "2024-03-04T09:00:00Z"
    assert root["interactionStatistic"] == {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/LikeAction",
        "userInteractionCount": 7,
    }
    unnamed = next(item for _, item in comments(root) if item["url"].endswith("#p-4"))
    assert unnamed["author"] == {"@type": "Person", "name": "unnamed"}


def test_comments_stand_below_what_they_answer(archive: Path) -> None:
    root = data(archive, "gate")
    levels = {item["url"].rpartition("#")[2]: level for level, item in comments(root)}
    assert (levels["p-1"], levels["p-2"], levels["p-4"], levels["p-6"]) == (1, 2, 3, 3), "p-4 answers what was removed"
    below = next(item for item in root["comment"] if item["url"].endswith("#p-5"))
    assert [item["url"].rpartition("#")[2] for item in below["comment"]] == ["p-6"]


def test_a_long_chain_is_nested_so_far_and_named_so_far(archive: Path) -> None:
    root = data(archive, "chain")
    found = comments(root)
    assert max(level for level, _ in found) <= NESTED + 1
    assert len(found) == COMMENTS + 1
    assert root["commentCount"] == 2999
    assert len(json.dumps(root)) < 100_000


def test_nothing_closes_the_script(archive: Path) -> None:
    page = (archive / "debates/gate/index.html").read_text()
    script = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "<" not in script
    assert "alert(1)" in script


@pytest.fixture(scope="module")
def feed(archive: Path) -> dict[str, Any]:
    """The one feed of the gate's page, as mf2py reads it."""
    text = (archive / "debates/gate/index.html").read_text()
    found = mf2py.parse(doc=text, url=f"{ADDRESS}debates/gate/", html_parser="lxml")
    (one,) = [item for item in found["items"] if item["type"] == ["h-feed"]]
    return one


def entries(item: dict[str, Any]) -> list[dict[str, Any]]:
    below = [*item.get("children", []), *item["properties"].get("comment", [])]
    return [each for one in below if "h-entry" in one["type"] for each in (one, *entries(one))]


def test_microformats_name_each_post_with_its_author_and_its_time(feed: dict[str, Any]) -> None:
    assert feed["properties"]["name"] == ['The upper gate & <its> "keeper"']
    found = {each["properties"]["url"][0].rpartition("#")[2]: each["properties"] for each in entries(feed)}
    assert {"p-1", "p-2", "p-4", "p-5", "p-6"} <= found.keys()
    assert found["p-1"]["author"][0]["type"] == ["h-card"]
    assert found["p-1"]["author"][0]["properties"]["name"] == ["ada"]
    assert found["p-1"]["published"] == ["2024-03-04T09:00:00Z"]
    assert [datetime.fromisoformat(time) for time in found["p-2"]["published"]] == [
        datetime(2024, 3, 4, 10, 30, tzinfo=UTC)
    ]
    assert "with a" in found["p-2"]["content"][0]["value"]
    assert "author" not in found["p-4"]


def test_microformats_tell_what_each_post_answers(feed: dict[str, Any]) -> None:
    found = {each["properties"]["url"][0].rpartition("#")[2]: each["properties"] for each in entries(feed)}
    (answered,) = found["p-6"]["in-reply-to"]
    assert answered["type"] == ["h-cite"]
    assert answered["properties"]["url"] == [f"{ADDRESS}debates/gate/#p-5"]
    assert "in-reply-to" not in found["p-1"]
