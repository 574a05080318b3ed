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
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.render.pages import thread
from rostra.render.pages.linked_data import COMMENTS, NESTED, LinkedData

ROOT = Path(__file__).parent.parent.parent
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


def data(archive: Path, debate: str, page: str = "index.html") -> dict[str, Any]:
    document = html.fromstring((archive / f"debates/{debate}/{page}").read_bytes())
    (script,) = document.xpath("//script[@type='application/ld+json']")
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


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debates of several families of formats, and one whose posts say nothing in words."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text(f'title = "Mill"\naddress = "{ADDRESS}"\n')
    for seed in ("kialo/gate.txt", "discourse/7.json", "text/rutkowski-ai-art.txt", "text/heron.txt"):
        (folder / "content" / seed.replace("/", "-")).write_bytes((ROOT / "seeds" / seed).read_bytes())
    said: list[dict[str, Any]] = [
        {"id": 1, "body": "", "title": "The gate"},
        {"id": 2, "parent": 1, "body": "", "attachments": [{"name": "gate.pdf", "url": "https://mill.example/gate.pdf"}]},
        {"id": 3, "parent": 1, "body": ""},
        {"id": 4, "parent": 1, "body": "", "title": "Re: The gate"},
        {"id": 5, "parent": 1, "body": "> Who has the key?"},
        {"id": 6, "parent": 1, "body": "    open = 1"},
    ]  # fmt: skip
    lines = ({"author": "ada", "created": f"2024-03-0{each['id']}T09:00:00Z"} | each for each in said)
    (folder / "content/silent.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert build(load_site(folder)).failures == ()
    return folder / "public"


def lacking(item: dict[str, Any], *, known: dict[str, set[str]]) -> list[str]:
    """What Google requires of a posting or comment, and recommends where the page knows it, that the item lacks.

    https://developers.google.com/search/docs/appearance/structured-data/discussion-forum
    """
    where = item["url"].rpartition("#")[2]
    shown = [item[name] for name in ("text", "image", "video") if name in item]
    wanted = {
        "author": item.get("author", {}).get("@type") in ("Person", "Organization"),
        "author.name": bool(item.get("author", {}).get("name", "").strip()),
        "datePublished": "datePublished" in item or where not in known["dated"],
        "text, image or video": bool(shown) and all(shown),
        "url": item["url"].startswith(ADDRESS),
        "author.url": "url" in item["author"] or where not in known["named"],
        "dateModified": "dateModified" in item or where not in known["edited"],
        "interactionStatistic": "interactionStatistic" in item or where not in known["scored"],
    }
    return [name for name, is_there in wanted.items() if not is_there]


def test_every_kind_of_debate_has_what_google_requires_and_recommends(kinds: Path) -> None:
    pages = sorted(kinds.glob("debates/*/index.html"))
    assert len(pages) == 5
    seen = dict.fromkeys(("dated", "named", "edited", "scored"), 0)
    for path in pages:
        root = data(kinds, path.parent.name)
        page = html.fromstring(path.read_bytes())
        parts = {"dated": "time", "named": "a[contains(@class, 'who')]", "edited": "span[@class='edited']", "scored": "span[@class='score']"}  # fmt: skip
        known = {kind: set(page.xpath(f"//article[header//{part}]/@id")) for kind, part in parts.items()}
        for kind, posts in known.items():
            seen[kind] += len(posts)
        for _, item in comments(root):
            assert lacking(item, known=known) == [], (path.parent.name, item)
        assert root["@type"] == "DiscussionForumPosting"
        assert root["headline"].strip()
        assert root["isPartOf"]["url"] == ADDRESS
        assert root["commentCount"] == len(comments(root)) - 1
        assert all(item["@type"] == "Comment" for level, item in comments(root) if level > 1)
    assert all(seen.values())


def test_a_post_without_words_is_told_by_its_title_or_files(kinds: Path) -> None:
    texts = {item["url"].rpartition("-")[2]: item["text"] for _, item in comments(data(kinds, "silent"))}
    assert texts == {"1": "The gate", "2": "gate.pdf", "3": "Post without text", "4": "Re: The gate", "5": "Who has the key?", "6": "open = 1"}  # fmt: skip


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


def test_each_page_tells_of_the_opening_and_of_its_own_posts(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(f'title = "T"\naddress = "{ADDRESS}"\nposts_a_page = 10\n')
    parents = {n: n - 1 for n in range(2, 22)} | {16: 3}
    posts = [{"id": n, "parent_id": parents.get(n), "author": "ada", "body": f"Word {n}."} for n in range(1, 22)]
    (tmp_path / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    assert build(load_site(tmp_path)).failures == ()
    public, at = tmp_path / "public", f"{ADDRESS}debates/gate/"
    for page in ("index.html", "2.html", "3.html"):
        root = data(public, "gate", page)
        document = html.fromstring((public / f"debates/gate/{page}").read_bytes())
        shown = [id for id in document.xpath("//article/@id") if id != "p-1"]
        assert (root["@type"], root["url"], root["commentCount"]) == ("DiscussionForumPosting", f"{at}#p-1", 20)
        told = [item["url"] for _, item in comments(root)[1:]]
        assert sorted(told) == sorted(f"{at}{page.removesuffix('index.html')}#{id}" for id in shown)
    assert len(shown) == 1
    assert [len(data(public, "gate", f"{page}.html")["comment"]) for page in ("index", "2")] == [1, 2]


def test_a_page_walks_its_own_posts_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(f'title = "T"\naddress = "{ADDRESS}"\nposts_a_page = 10\n')
    posts = [{"id": n, "parent_id": 1 if n > 1 else None, "author": "ada", "body": f"Word {n}."} for n in range(1, 22)]
    (tmp_path / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    made: list[list[int]] = []

    class Watched(LinkedData):
        def __init__(self, *about: Any) -> None:
            super().__init__(*about)
            made.append([])

        def on(self, name: str, posts: Any) -> str:
            made[-1].append(len(posts))
            return super().on(name, posts)

    monkeypatch.setattr(thread, "LinkedData", Watched)
    assert build(load_site(tmp_path)).failures == ()
    assert made == [[10, 10, 1]]


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
