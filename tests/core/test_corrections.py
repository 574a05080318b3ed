"""What a card corrects is seen as such on the page, the dump untouched; what no longer applies is a problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.errors import UsageError

DUMP = """# The upper gate

## [1] ada, 2024-03-04 09:00 UTC

Who opened the upper gate?

## [2], 2024-03-04 10:30 UTC, answers 1

First, the gate was shut.

Then it was not.

Somebody has a key, the miller says.[^1]

[^1]: He told me so.

## [3], 2024-03-04 11:30 UTC, answers 2

I have a key.

## [4] bede, 2024-03-04 12:30 UTC, answers 1

We shall see.
"""


def corrected(folder: Path, card: str, dump: str = DUMP) -> tuple[dict[str, Any], str, BuildReport]:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    (folder / "content/gate.txt").write_text(dump)
    (folder / "content/gate.toml").write_text(card)
    report = build(load_site(folder))
    page = folder / "public/debates/gate"
    return json.loads((page / "thread.json").read_bytes()), (page / "index.html").read_text(), report


def posts(thread: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {post["id"]: post for post in thread["posts"]}


def test_facts_of_a_post_are_corrected_and_the_page_says_what_they_were(tmp_path: Path) -> None:
    card = """[[correction]]
post = "p-2"
author = "Cy"
created = "2024-03-04T10:45:00Z"
note = "Signed on paper."

[[correction]]
post = "p-4"
parent = "p-3"
"""
    thread, page, report = corrected(tmp_path, card)
    found = posts(thread)
    assert found["p-2"]["author"]["name"] == "Cy"
    assert found["p-2"]["created"] == "2024-03-04T10:45:00Z"
    assert found["p-2"]["note"] == "Signed on paper."
    assert found["p-4"]["parent"] == "p-3"
    assert found["p-4"]["depth"] == 3
    assert [post["id"] for post in thread["posts"]] == ["p-1", "p-2", "p-3", "p-4"]
    assert found["p-2"]["corrected"][0] == "author, was unnamed"
    assert "Corrected by the publisher: parent, was p-1." in page
    assert not report.problems
    assert (tmp_path / "public/debates/gate/gate.txt").read_text() == DUMP


def test_unnamed_posts_that_are_one_person_s_are_told_from_the_others(tmp_path: Path) -> None:
    thread, _, report = corrected(tmp_path, '[[correction]]\nposts = ["p-2", "p-3"]\nperson = "A"\n')
    assert [post["author"]["name"] for post in thread["posts"]] == ["ada", "Unnamed A", "Unnamed A", "bede"]
    assert not report.problems


def test_the_language_of_a_post_is_corrected(tmp_path: Path) -> None:
    thread, page, _ = corrected(tmp_path, '[[correction]]\npost = "p-3"\nlanguage = "de"\n')
    assert [post["language"] for post in thread["posts"]] == [None, None, "de", None]
    assert "Corrected by the publisher: language, was unknown." in page


@pytest.mark.parametrize(
    ("kind", "words", "tag"),
    [
        ("quotation", "First, the gate was shut.", "<blockquote>"),
        ("spoiler", "Then it was not.", "<details><summary>Spoiler</summary>"),
        ("list", "First, the gate was shut. Then it was not.", "<ul><li>"),
    ],
)
def test_markup_that_a_dump_lost_is_restored_and_the_text_stays(
    tmp_path: Path, kind: str, words: str, tag: str
) -> None:
    plain, _, _ = corrected(tmp_path / "plain", "")
    thread, page, report = corrected(tmp_path / "card", f'[[correction]]\npost = "p-2"\n{kind} = "{words}"\n')
    assert tag in posts(thread)["p-2"]["html"]
    assert posts(thread)["p-2"]["text"] == posts(plain)["p-2"]["text"]
    assert f"a {kind} restored" in page
    assert not report.problems


def test_a_footnote_is_unlinked_and_linked_elsewhere(tmp_path: Path) -> None:
    thread, _, _ = corrected(tmp_path, '[[correction]]\npost = "p-2"\nfootnote = "1"\n')
    assert posts(thread)["p-2"]["footnotes"][0]["marker"] is None
    assert "[1]" in posts(thread)["p-2"]["html"]
    loose = DUMP.replace("says.[^1]", "says.")
    card = '[[correction]]\npost = "p-2"\nfootnote = "1"\nafter = "the gate was shut"\n'
    thread, page, report = corrected(tmp_path, card, loose)
    notes = posts(thread)["p-2"]["footnotes"]
    if notes:  # where the dialect keeps a note that nothing calls
        assert posts(thread)["p-2"]["text"][: notes[0]["marker"]].endswith("shut")
        assert 'role="doc-noteref"' in page
        assert not report.problems


@pytest.mark.parametrize(
    "card",
    [
        'post = "p-9"\nauthor = "Cy"',
        'post = "p-1"\nauthor = "ada"',
        'post = "p-2"\nparent = "p-9"',
        'post = "p-2"\nparent = "p-3"',
        'post = "p-1"\nparent = "p-3"',
        'post = "p-1"\nperson = "A"',
        'post = "p-2"\nquotation = "words that nobody wrote"',
        'post = "p-2"\nlist = "the gate was"\nfootnote = "7"',
        'post = "p-2"\nfootnote = "1"\nafter = "words that nobody wrote"',
    ],
)
def test_a_correction_that_does_not_apply_is_a_problem_and_changes_nothing(tmp_path: Path, card: str) -> None:
    plain, _, _ = corrected(tmp_path / "plain", "")
    thread, _, report = corrected(tmp_path / "card", f"[[correction]]\n{card}\n")
    assert [problem.code for _, problem in report.problems][:1] == ["unused-correction"]
    if "list" not in card:
        assert [post["html"] for post in thread["posts"]] == [post["html"] for post in plain["posts"]]
    assert [post["parent"] for post in thread["posts"]] == [post["parent"] for post in plain["posts"]]


@pytest.mark.parametrize("card", ['author = "Cy"', 'post = "p-1"\ncreated = "yesterday"', 'post = "p-1"\nautor = "x"', 'post = "p-1"\nkind = "lost"'])  # fmt: skip
def test_a_correction_that_means_nothing_is_refused_by_name(tmp_path: Path, card: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (tmp_path / "content/gate.txt").write_text(DUMP)
    (tmp_path / "content/gate.toml").write_text(f"[[correction]]\n{card}\n")
    (failure,) = build(load_site(tmp_path)).failures
    assert isinstance(failure, UsageError)
    assert failure.path == "content/gate.toml"


def test_a_post_that_is_withdrawn_keeps_its_place_and_nothing_else(tmp_path: Path) -> None:
    card = '[[correction]]\npost = "p-2"\nwithdrawn = "at its author\'s request"\n'
    thread, page, _ = corrected(tmp_path, card)
    post = posts(thread)["p-2"]
    assert (post["kind"], post["text"], post["author"]) == ("redacted", "", None)
    assert posts(thread)["p-3"]["parent"] == "p-2"
    assert "Redacted by the publisher" in page
    assert "at its author" in page
    assert not any(
        b"the miller says" in path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("again", [False, True])
def test_a_debate_that_is_withdrawn_leaves_a_page_that_says_so_at_each_address(tmp_path: Path, again: bool) -> None:
    corrected(tmp_path, "")
    if again:
        (tmp_path / "rostra.ledger").unlink()
    thread, page, report = corrected(tmp_path, 'withdrawn = "It was private."\n')
    assert report.threads == 0
    assert thread["posts"] == []
    assert "withdrawn it: It was private." in page
    assert all(f'id="p-{n}"' in page for n in (1, 2, 3, 4))
    assert not any(b"upper gate" in path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file())


def test_a_footnote_that_the_dump_holds_as_an_ordinary_paragraph_is_linked(tmp_path: Path) -> None:
    loose = DUMP.replace("says.[^1]", "says.").replace(
        "[^1]: He told me so.", "1. He told me so <once>.\n\nThat is all."
    )
    card = '[[correction]]\npost = "p-2"\nfootnote = "1"\nafter = "has a key"\nreads = "He told me so <once>."\n'
    plain, _, _ = corrected(tmp_path / "plain", "", loose.replace("1. He told", "He told"))
    thread, page, report = corrected(tmp_path / "card", card, loose.replace("1. He told", "He told"))
    post, before = posts(thread)["p-2"], posts(plain)["p-2"]
    assert [(note["label"], note["text"]) for note in post["footnotes"]] == [("1", "He told me so <once>.")]
    assert post["text"][: post["footnotes"][0]["marker"]].endswith("has a key")
    assert post["text"] == before["text"].replace("He told me so <once>.\n\n", "")
    assert post["html"].count("<p>") == before["html"].count("<p>") - 1
    assert 'role="doc-noteref"' in page
    assert "footnote 1 linked" in page
    assert "That is all." in page
    assert not report.problems


def test_a_decision_on_a_quotation_and_a_note_are_seen_as_the_publisher_s(tmp_path: Path) -> None:
    dump = DUMP.replace("I have a key.", "> Somebody has a key, the miller says.\n\nI have a key.")
    place = 'text = "Somebody has a key"\n'
    for card, told in (
        (f'[[quotation]]\npost = "p-3"\n{place}', "a quotation forbidden"),
        (f'[[quotation]]\npost = "p-3"\n{place}source = "p-2"\n', "a quotation confirmed"),
        (f'[[quotation]]\npost = "p-3"\n{place}source = "p-1"\nwords = "opened the upper gate"\n', "a quotation set"),
        ('[[correction]]\npost = "p-3"\nnote = "Signed."\n', "a note added"),
    ):
        thread, page, report = corrected(tmp_path, card, dump)
        assert f"Corrected by the publisher: {told}." in page
        assert posts(thread)["p-3"]["corrected"] == [told]
        assert not report.problems


def test_the_title_of_a_debate_is_corrected_and_the_page_says_what_it_was(tmp_path: Path) -> None:
    thread, page, _ = corrected(tmp_path, 'title = "The lower gate"\n')
    assert thread["title"] == "The lower gate"
    assert thread["corrected"] == ["title, was The upper gate"]
    assert "title, was The upper gate" in page


MANY = "".join(
    json.dumps({"id": id, "thread": thread, "parent": None, "title": f"Debate {thread}", "author": "ada", "body": f"Words of {id}."}) + "\n"
    for id, thread in (("1", "gate"), ("2", "weir"))
)  # fmt: skip


def many(folder: Path, card: str) -> BuildReport:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    (folder / "content/all.jsonl").write_text(MANY)
    (folder / "content/all.toml").write_text(card)
    return build(load_site(folder))


def test_of_a_dump_of_several_debates_each_is_corrected_by_its_id(tmp_path: Path) -> None:
    card = '[[correction]]\nthread = "weir"\ntitle = "The weir"\n[[correction]]\nthread = "gate"\npost = "p-1"\nauthor = "Bede"\n'
    report = many(tmp_path, card)
    assert not report.failures
    assert not report.problems
    gate, weir = (json.loads((tmp_path / f"public/debates/{id}/thread.json").read_bytes()) for id in ("gate", "weir"))
    assert (gate["title"], gate["posts"][0]["author"]["name"]) == ("Debate gate", "Bede")
    assert (weir["title"], weir["corrected"]) == ("The weir", ["title, was Debate weir"])


def test_a_correction_of_a_debate_that_is_not_there_is_a_problem_in_every_build(tmp_path: Path) -> None:
    for _ in range(2):
        report = many(tmp_path, '[[correction]]\nthread = "mill"\npost = "p-1"\nauthor = "Bede"\n')
        assert [(name, problem.line, problem.code) for name, problem in report.problems] == [
            ("content/all.toml", 2, "unused-correction")
        ]
    for _ in range(2):
        report = many(tmp_path, '[[correction]]\npost = "p-1"\nauthor = "Bede"\n')
        assert not report.failures
        assert [(name, problem.line, problem.code) for name, problem in report.problems] == [
            ("content/all.toml", 1, "unused-correction")
        ]
        assert b"Bede" not in (tmp_path / "public/debates/gate/thread.json").read_bytes()
