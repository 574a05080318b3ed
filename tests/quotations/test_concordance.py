"""Across debates: who quotes another debate is tied to it, links lead to what is here, and a card has the last word."""

from __future__ import annotations

import json
import random
from pathlib import Path

import msgspec
import pytest
from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.identity.source_urls import url_key
from rostra.ingest.inspection import inspections, tree
from rostra.model import Problem

SAID = "The upper gate must stay shut from dusk until the miller has rung his bell, whatever the weir keeper says."
POST = {"author": "ada", "created": "2024-03-04T09:00:00Z", "body": SAID, "url": "https://mill.example/t/7/1"}


def archive(folder: Path, **debates: list[dict[str, object]]) -> Path:
    site = folder / "site"
    (site / "content").mkdir(parents=True)
    (site / "rostra.toml").write_text('title = "Mill"\nextras = true\n')
    for name, posts in debates.items():
        lines = [{"id": n, "parent": 1 if n > 1 else None} | post for n, post in enumerate(posts, 1)]
        (site / f"content/{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return site


def built(site: Path) -> dict[str, dict[str, object]]:
    report = build(load_site(site))
    assert report.failures == ()
    return {path.parent.name: json.loads(path.read_text()) for path in sorted((site / "public").rglob("thread.json"))}


def quoting(body: str = "", created: str = "2024-05-01T09:00:00Z") -> dict[str, object]:
    return {"author": "bede", "created": created, "body": f"> {body or SAID}\n\nSo it was said in another place."}


OPENING: dict[str, object] = {"author": "cy", "created": "2024-04-30T09:00:00Z", "body": "What about the gate?"}


def test_a_quotation_of_another_debate_is_tied_both_ways(tmp_path: Path) -> None:
    site = archive(tmp_path, gate=[POST], later=[OPENING, quoting()])
    threads = built(site)
    (quote,) = threads["later"]["posts"][1]["quotes"]  # type: ignore[index]
    assert (quote["source"]["thread"], quote["source"]["post"], quote["source"]["text"]) == ("gate", "p-1", SAID)
    assert threads["gate"]["posts"][0]["quoted_by"] == [  # type: ignore[index]
        {"thread": "later", "post": "p-2", "quote": 1, "start": 0, "end": len(SAID)}
    ]
    page = (site / "public/debates/later/index.html").read_text()
    assert '<a href="../gate/index.html#p-1-s0"' in page
    assert "ada, in “" in page
    source = (site / "public/debates/gate/index.html").read_text()
    assert 'href="../later/index.html#p-2-q1"' in source
    assert 'id="p-1-s0"' in source


@pytest.mark.parametrize(
    ("about", "gate", "later"),
    [
        ("said later", POST | {"created": "2025-01-01T00:00:00Z"}, quoting()),
        ("nobody knows when", {**POST, "created": None}, quoting()),
        ("too few words", POST | {"body": "It was so."}, quoting("It was so.")),
        ("too little of it", POST, quoting("The upper gate must stay shut, they say, but every child in this village knows where the second key hangs and when.")),
        ("unmarked", POST, OPENING | {"body": SAID, "created": "2024-05-01T09:00:00Z"}),
        ("only passed on", POST | {"body": f"> {SAID}\n\nSays who?"}, quoting()),
    ],
)  # fmt: skip
def test_in_doubt_there_is_no_link(
    tmp_path: Path, about: str, gate: dict[str, object], later: dict[str, object]
) -> None:
    threads = built(archive(tmp_path, gate=[gate], later=[OPENING, later]))
    assert [quote for post in threads["later"]["posts"] for quote in post["quotes"] if quote["source"]] == [], about  # type: ignore[attr-defined]
    assert [way for post in threads["gate"]["posts"] for way in post["quoted_by"]] == []  # type: ignore[attr-defined]


def test_the_first_who_said_it_is_quoted_whatever_the_order_of_the_dumps(tmp_path: Path) -> None:
    again = POST | {"author": "dee", "created": "2024-03-05T09:00:00Z"}
    chance = random.Random(3)
    for attempt in range(3):
        names = ["a", "b", "c"]
        chance.shuffle(names)
        first, second, third = names
        debates = {first: [POST], second: [again], third: [OPENING, quoting()]}
        threads = built(archive(tmp_path / str(attempt), **debates))
        ((quote, source),) = [
            (quote, quote["source"]) for post in threads[third]["posts"] for quote in post["quotes"]  # type: ignore[attr-defined]
        ]  # fmt: skip
        assert quote["score"] == 1
        assert source["thread"] == first


def test_a_quotation_that_has_a_source_in_its_own_debate_keeps_it(tmp_path: Path) -> None:
    own = OPENING | {"body": SAID}
    threads = built(archive(tmp_path, gate=[POST], later=[own, quoting()]))
    (quote,) = threads["later"]["posts"][1]["quotes"]  # type: ignore[index]
    assert quote["source"]["thread"] == "later"


def test_a_link_to_what_the_archive_holds_leads_to_it_here_and_keeps_its_address(tmp_path: Path) -> None:
    body = (
        "See [what she said](http://www.mill.example/t/upper-gate/7/1?utm=x) and [nothing](https://mill.example/t/9)."
    )
    site = archive(tmp_path, gate=[POST], later=[OPENING | {"body": body}])
    threads = built(site)
    (reference,) = threads["later"]["posts"][0]["references"]  # type: ignore[index]
    assert (reference["thread"], reference["post"]) == ("gate", "p-1")
    page = (site / "public/debates/later/index.html").read_text()
    assert 'href="../gate/index.html#p-1" data-original="http://www.mill.example/t/upper-gate/7/1?utm=x"' in page
    assert 'href="https://mill.example/t/9"' in page


@pytest.mark.parametrize(
    "same",
    [
        [
            "https://www.reddit.com/r/a/comments/abc/some_title/def/",
            "http://old.reddit.com/comments/abc/_/def?context=3",
        ],
        ["https://redd.it/abc", "https://reddit.com/r/a/comments/ABC/title"],
        ["https://d.example/t/a-title/12/3?u=me", "http://d.example/t/12/3"],
        ["https://github.com/a/b/pull/5#issuecomment-7", "https://github.com/a/b/issues/5#issuecomment-7"],
        ["https://f.example/viewtopic.php?p=12&sid=9#p12", "http://www.f.example/viewtopic.php?sid=1&p=12#p12"],
        ["mid:a1@mill.example", "news:a1@mill.example", "https://lists.example/weir/a1%40mill.example/"],
        ["https://l.example/comment/5", "http://l.example/comment/5/"],
    ],
)
def test_one_post_has_one_key_however_it_was_linked(same: list[str]) -> None:
    assert len({url_key(address) for address in same}) == 1
    assert None not in {url_key(address) for address in same}


@pytest.mark.parametrize("address", ["", "mailto:a@b.example", "javascript:alert(1)", "http://[", "/t/1", "https://"])
def test_what_is_no_address_of_the_web_has_none(address: str) -> None:
    assert url_key(address) is None


def test_annotations_say_where_each_quotation_and_its_source_stand(tmp_path: Path) -> None:
    site = archive(tmp_path, gate=[POST, quoting()])
    threads = built(site)
    found = json.loads((site / "public/debates/gate/annotations.jsonld").read_text())
    assert (found["@context"], found["type"], found["total"]) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationCollection",
        1,
    )
    (item,) = found["first"]["items"]
    texts = {post["id"]: post["text"] for post in threads["gate"]["posts"]}  # type: ignore[attr-defined]
    for side in ("target", "body"):
        selector = item[side]["selector"]
        position, words = selector["refinedBy"]
        text = texts[selector["value"]]
        assert text[position["start"] : position["end"]] == words["exact"] == SAID
        assert text.startswith(words["prefix"] + words["exact"] + words["suffix"])


def test_who_quotes_whom_counts_only_who_is_named(tmp_path: Path) -> None:
    nameless = {**quoting(), "author": None}
    site = archive(tmp_path, gate=[POST, quoting(), quoting(), nameless])
    built(site)
    page = html.fromstring((site / "public/quotations.html").read_bytes())
    rows = [[cell.text_content().strip() for cell in row.iter("td")][:3] for row in page.iter("tr")]
    assert rows == [[], ["bede", "ada", "2"]]


def decided(
    tmp_path: Path, decision: dict[str, str], body: str = SAID
) -> tuple[list[dict[str, object]], list[Problem]]:
    site = archive(tmp_path, gate=[POST, quoting(body)])
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in decision.items())
    (site / "content/gate.toml").write_text(f"[[quotation]]\n{lines}")
    report = build(load_site(site))
    thread = msgspec.json.decode((site / "public/debates/gate/thread.json").read_bytes())
    return thread["posts"][1]["quotes"], [problem for _, problem in report.problems]


def test_a_card_forbids_a_quotation(tmp_path: Path) -> None:
    ((quote,), problems) = decided(tmp_path, {"post": "p-2", "text": "The upper gate"})
    assert (quote["source"], problems) == (None, [])


def test_a_card_confirms_a_quotation(tmp_path: Path) -> None:
    ((quote,), problems) = decided(tmp_path, {"post": "p-2", "text": "The upper gate", "source": "p-1"})
    assert quote["source"]["post"] == "p-1"  # type: ignore[index]
    assert problems == []


def test_a_card_sets_a_quotation_that_nothing_would_find(tmp_path: Path) -> None:
    words = {"words": "until the miller has rung his bell"}
    ((quote,), problems) = decided(
        tmp_path, {"post": "p-2", "text": "Not before the tolling", "source": "p-1"} | words, "Not before the tolling."
    )
    assert quote["source"]["text"] == words["words"]  # type: ignore[index]
    assert problems == []


@pytest.mark.parametrize(
    "decision",
    [
        {"post": "p-9", "text": "The upper gate"},
        {"post": "p-2", "text": "Words that it does not hold"},
        {"post": "p-2", "text": "So it was said"},
        {"post": "p-2", "text": "The upper gate", "source": "p-9"},
        {"post": "p-2", "text": "So it was said", "source": "p-1"},
    ],
)
def test_a_decision_that_no_longer_applies_is_a_problem_and_changes_nothing(
    tmp_path: Path, decision: dict[str, str]
) -> None:
    ((quote,), problems) = decided(tmp_path, decision)
    assert quote["source"]["post"] == "p-1"  # type: ignore[index]
    assert [problem.code for problem in problems] == ["unused-decision"]


def test_the_number_of_a_post_leads_to_it(tmp_path: Path) -> None:
    answer = {
        "author": "bede",
        "created": "2024-03-05T09:00:00Z",
        "body": ">>1\nNo. And >>77 neither.",
        "dialect": "text",
    }
    site = archive(tmp_path, gate=[POST, answer])
    threads = built(site)
    post = threads["gate"]["posts"][1]  # type: ignore[index]
    assert [(each["thread"], each["post"]) for each in post["references"]] == [("gate", "p-1")]
    assert [quote for quote in post["quotes"] if quote["source"]] == []
    assert '<a class="here" href="#p-1"' in (site / "public/debates/gate/index.html").read_text()


def test_the_number_of_an_issue_leads_to_it_but_not_in_code(tmp_path: Path) -> None:
    site = archive(tmp_path)
    issues = [
        {"number": n, "title": f"Gate {n}", "url": f"https://github.com/mill/weir/issues/{n}", "author": "ada", "body": body, "comments": []}
        for n, body in ((1, "It is shut."), (2, "As #1 says, `not #1`, nor #9."))
    ]  # fmt: skip
    (site / "content/issues.json").write_text(json.dumps({"repo": "mill/weir", "issues": issues}))
    page = built(site)["mill-weir-2"]
    assert [each["thread"] for each in page["posts"][0]["references"]] == ["mill-weir-1"]  # type: ignore[index]


def test_the_ids_of_two_sources_are_kept_apart_by_a_prefix_of_choice_too(tmp_path: Path) -> None:
    site = archive(tmp_path, gate=[POST], weir=[POST])
    for name in ("gate", "weir"):
        path = site / f"content/{name}.jsonl"
        path.write_text(json.dumps({"id": 1, "thread": "7", "parent": None, "body": name}) + "\n")
    assert sorted(built(site)) == ["7", "7-2"]
    # What was published stays where it is; a prefix is for what was not.
    (site / "rostra.ledger").unlink()
    (site / "content/weir.toml").write_text('prefix = "weir"\n')
    assert sorted(built(site)) == ["7", "weir-7"]


def test_refusals_are_explained_marked_or_not(tmp_path: Path) -> None:
    near = (
        "The upper gate, I say, is no gate at all from dusk until the miller has rung his bell, and none of us cares."
    )
    dump = tmp_path / "gate.jsonl"
    posts = [
        POST,
        OPENING | {"body": near},
        quoting("Words of nobody here at all"),
    ]
    lines = [{"id": n, "parent": 1 if n > 1 else None} | post for n, post in enumerate(posts, 1)]
    dump.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (edition,) = inspections(dump)
    shown = "\n".join(tree(edition, quotes=True))
    assert "not a quotation: too little: p-1 (parent) has 0." in shown
    assert "← no source: no words in common" in shown
