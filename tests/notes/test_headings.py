"""The heading above typed notes leaves the body with them, if nothing else is below it, and is lost nowhere."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.config.cards import card_beside
from rostra.config.site import load_site
from rostra.editorial.corrections import corrected
from rostra.editorial.edition import edit
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.inspection import inspections
from rostra.markup import render
from rostra.markup.marked_notes import flatten
from rostra.markup.note_cuts import NoteLines, heading_above
from rostra.markup.sanitise import clean
from rostra.markup.typed_notes import find_notes
from rostra.model import Block, Body, Dialect
from rostra.quotations.notes import with_notes
from rostra.readers import Dump
from rostra.render.thread_json import encode_document
from support.body_promises import check

SAID = "The weir [1] leaks, and so does the gate [2]."
TAKEN: list[tuple[Dialect, str, str]] = [
    ("mail", f"{SAID}\n\nReferences:\n[1] https://mill.example/\n[2] Since then.", "References:"),
    ("mail", f"{SAID}\n\nReferences:\n\n[1] https://mill.example/\n\n[2] Since then.\n-- \nAda Weir", "References:"),
    ("text", f"{SAID}\nNotes\n[1] https://mill.example/\n[2] Since then.", "Notes"),
    ("text", f"{SAID}\n\n=== Quellen ===\n[1] https://mill.example/\n[2] Seit dem Mai.", "=== Quellen ==="),
    ("markdown", f"{SAID}\n\n## Sources\n\n1. https://mill.example/\n2. Since then.", "Sources"),
    ("markdown", f"{SAID}\n\n**Links:**\n[1]: https://mill.example/\n[2]: Since then.", "Links:"),
    ("hackernews", f"{SAID}<p>Refs:<p>[1] https:&#x2F;&#x2F;mill.example&#x2F;<p>[2] Since then.", "Refs:"),
]
LEFT: list[tuple[Dialect, str, str]] = [
    ("mail", f"{SAID}\n\nReferences:\n[1] https://mill.example/\n[2] Since then.\n\nYours, Ada", "References:\n\nYours, Ada"),
    ("mail", "The weir [1] leaks.\n\nReferences:\n[1] Since then.\n[2] Nobody calls me.", "References:\n[2] Nobody calls me."),
    ("mail", "The weir leaks [1].\n\nI have references:\n[1] Since then.", "I have references:"),
    ("mail", "The weir* leaks.\n\nNotes*:\n* Since then.", "Notes:"),
    ("mail", "The weir leaks [1].\n\n> References:\n\n[1] Since then.", "References:"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "body", "heading"), TAKEN)
def test_a_heading_leaves_with_all_the_notes_below_it(dialect: Dialect, body: str, heading: str) -> None:
    made = render(body, dialect)
    assert [note.heading for note in made.notes] == [heading, None]
    assert heading not in made.text
    assert made.text.startswith("The weir leaks, and so does the gate.")
    check(made)


@pytest.mark.parametrize(("dialect", "body", "end"), LEFT)
def test_a_heading_with_anything_else_below_it_stays(dialect: Dialect, body: str, end: str) -> None:
    made = render(body, dialect)
    assert made.notes
    assert {note.heading for note in made.notes} == {None}
    assert made.text.endswith(end)
    check(made)


WRAPPED = """Nobody knows how long the weir of the mill has leaked [1], since nobody has been
there in the spring, and what the keeper says of the gate [2] is not what he wrote"""


@pytest.mark.parametrize(
    ("last", "heading", "flows"),
    [
        ("in the book of the mill, which is at the parish.", "References:", False),
        ("in the book of the mill, which is at the parish.", "Notes", False),
        ("in the book of the mill, which is at the parish.", "links", False),
        ("in the book of the mill, which stays at the parish until it is read to us", "Sources", False),
        ("in the book of the mill, which stays at the parish until it is read, or in", "notes", True),
    ],
)
@pytest.mark.parametrize("below", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "notes", ["[1] https://mill.example/\n[2] Since then.", "[1]: Since the flood.\n[2]: Since then."]
)
def test_a_heading_right_below_wrapped_words_is_not_wrapped_with_them(
    last: str, heading: str, flows: bool, below: str, notes: str
) -> None:
    made = render(f"{WRAPPED}\n{last}\n{heading}{below}{notes}", "mail")
    flows = flows and below == "\n\n"
    assert [note.heading for note in made.notes] == [None if flows else heading, None]
    assert made.text.endswith(f"{last} {heading}" if flows else last)


def test_a_word_that_only_looks_like_a_heading_is_wrapped() -> None:
    said = f"{WRAPPED}\nin the book of the mill, nor what the miller has put into his own\nnotes"
    assert "\n" not in render(said, "mail").text


PIECES = st.sampled_from(
    ["The weir [1] leaks.", "It [2] is old [1].", "References:", "Notes", "[1] Since then.", "[2] https://mill.example/x",
     "And so on.", "[3] Never.", "-- ", "* a point", "Sources*", "> References:", "Quellen:"]
)  # fmt: skip


@given(st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n"])), max_size=9), st.sampled_from(["text", "mail"]))
def test_no_letter_is_lost_doubled_or_moved_and_recognising_twice_changes_nothing(
    pieces: list[tuple[str, str]], dialect: Dialect
) -> None:
    said = "".join(piece + end for piece, end in pieces)
    made = render(said, dialect)
    plain, _ = flatten(clean(import_module(f"rostra.markup.{dialect}").to_html(said)))
    # The text as typed has every note, and its heading, where it was.
    typed = [each for each in with_notes(made).body.text if each.isalpha()]
    assert typed == [each for each in plain.text if each.isalpha()]
    assert sum(note.heading is not None for note in made.notes) <= 1
    check(made)
    assert find_notes(made).body == made


def block(text: str, words: str, kind: str = "paragraph", depth: int = 0) -> Block:
    start = text.index(words)
    return Block(start, start + len(words), kind, depth, None, 0, 0)  # type: ignore[arg-type]  # a kind


@pytest.mark.parametrize(
    ("kind", "depth", "found"),
    [("paragraph", 0, True), ("heading", 0, True), ("item", 0, True), ("cell", 0, False), ("code", 0, False), ("paragraph", 1, False)],
)  # fmt: skip
def test_where_a_heading_may_be(kind: str, depth: int, found: bool) -> None:
    text = "So [1].\n\nNotes:\n\n[1] Then."
    body = Body(
        text=text, blocks=(block(text, "So [1]."), block(text, "Notes:", kind, depth), block(text, "[1] Then."))
    )
    heading = heading_above(body, [NoteLines(2, 17, 26)])
    assert (heading is not None) is found
    assert heading_above(body, []) is None


def test_a_line_break_that_shows_as_a_space_begins_a_heading() -> None:
    text = "So [1]. Notes: [1] Then."
    body = Body(text=text, blocks=(block(text, text),))
    assert heading_above(body, [NoteLines(0, 15, 24)]) is None
    heading = heading_above(body, [NoteLines(0, 15, 24)], breaks=(7, 14))
    assert heading is not None
    assert (heading.lines, heading.note, heading.text) == (NoteLines(0, 8, 14), 0, "Notes:")


def test_pages_documents_and_feeds_have_the_heading_and_documents_are_read_back(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Weir"\nextras = true\naddress = "https://weir.example/"\n')
    body = f"{SAID}\n\nReferences:\n[1] https://mill.example/\n[2] Since then."
    facts = {"id": "1", "author": "Ada", "created": "2024-03-04T09:00:00Z", "body": body, "dialect": "mail"}
    (tmp_path / "content/weir.jsonl").write_text(json.dumps(facts) + "\n")
    assert build(load_site(tmp_path)).failures == ()
    folder = tmp_path / "public/debates/weir"
    assert '<b class="heading">References:</b> <span class="label">1</span>' in (folder / "index.html").read_text()
    assert "References:" in (folder / "feed.xml").read_text()
    (post,) = json.loads((folder / "thread.json").read_text())["posts"]
    assert [note.get("heading") for note in post["footnotes"]] == ["References:", None]
    (edition,) = inspections(folder / "thread.json")
    assert json.loads(encode_document(edition))["posts"][0]["footnotes"] == post["footnotes"]


def test_a_document_cannot_put_other_words_above_notes() -> None:
    made, _ = flatten('<p>So <a data-note="1"></a></p><aside data-note="1" data-heading="Buy this">x</aside>')
    assert [note.heading for note in made.notes] == [None]


def test_a_card_that_makes_the_notes_takes_the_heading_too(tmp_path: Path) -> None:
    body = "The weir leaks.\n\nNotes:\nSee the minutes.\nAnd the bills."
    (tmp_path / "weir.jsonl").write_text(json.dumps({"id": "1", "body": body, "dialect": "text"}) + "\n")
    (edition,) = inspections(tmp_path / "weir.jsonl")
    post = edition.posts[0].post.id
    made = (("1", "weir", "See the minutes."), ("2", "leaks", "And the bills."))
    card = "".join(
        f'[[correction]]\npost = "{post}"\nfootnote = "{n}"\nafter = "{after}"\nreads = "{words}"\n'
        for n, after, words in made
    )
    (tmp_path / "weir.toml").write_text(card)
    read = card_beside(tmp_path / "weir.jsonl")
    (thread,) = read_threads(Dump(tmp_path / "weir.jsonl"), read)
    body_made = edit(corrected(thread, read.correction)).posts[0].body
    assert [(note.label, note.heading) for note in body_made.notes] == [("1", None), ("2", "Notes:")]
    assert body_made.text == "The weir leaks."
