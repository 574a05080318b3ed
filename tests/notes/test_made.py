"""Footnotes on pages, in documents and feeds, across posts, and by a card."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.check import check
from rostra.cli.inspect import command
from rostra.config.cards import card_beside
from rostra.config.site import load_site
from rostra.crossrefs.incoming import Around
from rostra.editorial.corrections import corrected as corrected_thread
from rostra.editorial.edition import edit
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.inspection import inspections
from rostra.markup import render
from rostra.markup.quoted_notes import BESIDE, QuotedCalls, called_notes
from rostra.model import Body, Edition, Note, RawPost, RawThread, Source
from rostra.quotations.notes import with_notes
from rostra.readers import Dump
from rostra.render.thread_json import encode_document
from rostra.threads.assemble import assemble

ADA = "The toll was doubled [1] without a word to the village, and nobody asked the miller [1,2].\n\n[1] Council minutes, page 4.\n[2] Since the flood."
BEDE = f"{ADA.partition(chr(10))[0]}"


def edition(*bodies: str, dialect: str = "mail") -> Edition:
    posts = [
        RawPost(key=f"k{n}", native_id=str(n), parent=f"k{n - 1}" if n else None, body=body, dialect=dialect)  # type: ignore[arg-type]  # a dialect
        for n, body in enumerate(bodies)
    ]
    source = Source(path="gate.mbox", format="mail", sha256="")
    return edit(assemble(RawThread(posts=tuple(posts)), id="gate", title="The gate", source=source))


def document(made: Edition) -> list[dict[str, Any]]:
    return json.loads(encode_document(Around().complete(made)))["posts"]  # type: ignore[no-any-return]


def post(body: str, dialect: str) -> str:
    facts = {"id": "1", "parent": None, "author": "Ada", "created": "2024-03-04T09:00:00Z"}
    return json.dumps(facts | {"body": body, "dialect": dialect})


def with_card(dump: Path, card: str) -> Edition:
    (dump.parent / "gate.toml").write_text(card)
    read = card_beside(dump)
    (thread,) = read_threads(Dump(dump), read)
    return edit(corrected_thread(thread, read.correction))


def test_a_call_in_a_quotation_leads_to_the_note_of_who_is_quoted() -> None:
    first, second = document(
        edition(ADA, f"> {BEDE}\n\nIt was tripled, and I have the bills [1].\n\n[1] Bills of 1803.")
    )
    assert [note["text"] for note in second["footnotes"]] == ["Bills of 1803."]
    (quote,) = second["quotes"]
    assert quote["source"]["post"] == first["id"]
    ((start, end),) = quote["source"]["spans"]
    assert first["text"][start:end].rstrip(".") == first["text"].rstrip(".")
    assert quote["score"] == 1
    led = re.findall(r'<a class="quoted-call" href="#([^"]+)" role="doc-noteref">(\[[^<]+\])</a>', second["html"])
    assert led == [(f"{first['id']}-n1", "[1]"), (f"{first['id']}-n1", "[1,2]")]
    assert second["html"].count(f'href="#{second["id"]}-n1"') == 1


def test_a_call_in_a_quotation_of_another_debate_leads_to_the_note_there(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Gate"\n')
    said = "> The toll was doubled [1] without a word to the village, and nobody asked the miller [1,2].\n\nNor me [3]."
    for name, author, day, body in (("gate", "Ada", 4, ADA), ("weir", "Bede", 5, said)):
        facts = {"id": "1", "author": author, "created": f"2024-03-0{day}T09:00:00Z", "body": body, "dialect": "mail"}
        (tmp_path / f"content/{name}.jsonl").write_text(json.dumps(facts) + "\n")
    assert build(load_site(tmp_path)).failures == ()
    debates = tmp_path / "public/debates"
    (quoted,) = json.loads((debates / "gate/thread.json").read_text())["posts"]
    page = (debates / "weir/index.html").read_text()
    led = re.findall(r'<a class="quoted-call" href="([^"]+)" role="doc-noteref">(\[[^<]+\])</a>', page)
    address = f"../gate/index.html#{quoted['id']}-n1"
    assert led == [(address, "[1]"), (address, "[1,2]")]
    assert f'id="{quoted["id"]}-n1"' in (debates / "gate/index.html").read_text()


def test_the_first_page_of_a_debate_keeps_the_addresses_of_notes_that_others_call(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Gate"\nposts_a_page = 10\n')
    said = f"> {BEDE}\n\nNor me."
    for name, bodies in (("gate", [*(f"So it began, {n}." for n in range(10)), ADA]), ("weir", [said])):
        lines = (
            {
                "id": str(n),
                "author": f"{name} {n}",
                "created": f"2024-03-{n + 20 * (name == 'weir'):02}T09:00:00Z",
                "body": body,
            }
            | ({"parent": "1"} if n > 1 else {})
            | {"dialect": "mail"}
            for n, body in enumerate(bodies, 1)
        )
        (tmp_path / f"content/{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    site = load_site(tmp_path)
    assert build(site).failures == ()
    debates = tmp_path / "public/debates"
    quoted = json.loads((debates / "gate/thread.json").read_text())["posts"][-1]["id"]
    assert f'href="../gate/index.html#{quoted}-n1"' in (debates / "weir/index.html").read_text()
    first = (debates / "gate/index.html").read_text()
    assert all(f'id="{quoted}-n{n}"' in first for n in (1, 2))
    assert f'id="{quoted}-n2"' in (debates / "gate/2.html").read_text()
    assert check(site).findings == ()


def test_whoever_quotes_a_note_quotes_the_post_at_the_word_that_calls_it() -> None:
    first, second, third = document(
        edition(
            ADA,
            "> [1] Council minutes, page 4.\n> [2] Since the flood.\n\nNot so.",
            "> [2] Since the flood.\n\nWhich one was it?",
        )
    )
    ((quote,), (other,)) = second["quotes"], third["quotes"]
    assert {quote["source"]["post"], other["source"]["post"]} == {first["id"]}
    words = ["".join(first["text"][a:b] for a, b in each["source"]["spans"]) for each in (quote, other)]
    assert words == ["doubledmiller", "miller"]
    assert other["source"]["text"] == "Since the flood."
    backs = [[back["start"], back["end"]] for back in first["quoted_by"] if back["post"] == third["id"]]
    assert backs == other["source"]["spans"]


@pytest.mark.parametrize(
    ("text", "marker", "spans", "places"),
    [
        ("The weir leaks", 8, [(16, 20)], ((4, 8),)),
        ("The weir leaks", 9, [(17, 20)], ((4, 8),)),
        ("The weir leaks", 0, [(16, 20)], ((0, 3),)),
        ("The weir leaks", None, [(16, 20)], ((0, 3),)),
        ("The weir leaks", 8, [(4, 20)], ((4, 14),)),
        ("The weir leaks", 8, [(4, 8), (16, 20)], ((4, 8),)),
        ("", 0, [(0, 4)], ((0, 0),)),
    ],
)
def test_what_is_quoted_of_a_note_is_a_place_in_the_text(
    text: str, marker: int | None, spans: list[tuple[int, int]], places: tuple[tuple[int, int], ...]
) -> None:
    body = Body(text=text, notes=(Note(label="1", text="Note", html="Note", marker=marker),))
    typed = with_notes(body)
    assert typed.body.text == f"{text}\n\nNote".lstrip()
    assert typed.passages(spans) == places


def test_a_quotation_that_runs_across_a_note_is_of_the_words_around_it() -> None:
    said = "The toll was doubled [1] in the spring.\n\n-- \nAda Weir of the mill\n[1] https://mill.example/minutes\nKeeper of the upper gate since the flood"
    quoted = "\n".join(f"> {line}" for line in said.split("\n")[3:])
    first, second = document(edition(said, f"{quoted}\n\nWho is she?"))
    (quote,) = second["quotes"]
    ((start, end),) = quote["source"]["spans"]
    assert first["text"][start:end] == "Ada Weir of the mill\nKeeper of the upper gate since the flood"
    assert "https://mill.example/minutes" in quote["source"]["text"]
    assert quote["score"] == 1


def test_a_quotation_that_leaves_a_note_out_is_of_one_part() -> None:
    said = "The toll was doubled [1] in the spring of 1803, and then:\n[1] https://mill.example/minutes/of/the/council\n\nNobody asked the miller, who left."
    first, second = document(
        edition(
            said,
            "> The toll was doubled in the spring of 1803, and then:\n>\n> Nobody asked the miller, who left.\n\nWhy?",
        )
    )
    (quote,) = second["quotes"]
    ((start, end),) = quote["source"]["spans"]
    assert first["text"][start:end] == first["text"]


def test_a_post_quotes_beside_its_own_note_where_its_page_says() -> None:
    first, second = document(
        edition(
            ADA,
            "See [1].\n\n[1] He said “without a word to the village”, and “nobody asked the miller” too.\n\nBut “without a word to the village” is wrong.",
        )
    )
    assert first["quotes"] == []
    (quote,) = second["quotes"]
    assert second["text"][quote["start"] : quote["end"]] == "without a word to the village"


@given(
    st.lists(
        st.sampled_from(
            [
                "The weir [1]",
                " leaks [2].",
                "\n\n",
                "\n",
                "[1] Since the flood.",
                "[2] https://mill.example/x",
                "And so on.",
                "-- \n",
            ]
        ),
        max_size=14,
    )
)
@settings(max_examples=300)
def test_the_text_as_typed_is_the_page_with_its_notes(pieces: list[str]) -> None:
    page = render("".join(pieces), "mail")
    typed = with_notes(page)
    text, size = typed.body.text, len(page.text)
    kept = [n for n in range(len(text)) if not any(low <= n < high for low, high in typed.inserted)]
    assert "".join(text[n] for n in kept) == page.text
    assert [typed.page_offset(n) for n in kept] == list(range(size))
    assert [text[low:high] for low, high in typed.ranges] == [note.text for note in typed.notes]
    assert sorted(note.text for note in typed.notes) == sorted(note.text for note in page.notes)
    assert [text[b.start : b.end].split()[0] for b in typed.body.blocks] == [
        page.text[b.start : b.end].split()[0] for b in page.blocks
    ]
    assert [(typed.page_offset(b.start), typed.page_offset(b.end)) for b in typed.body.blocks] == [
        (b.start, b.end) for b in page.blocks
    ]
    assert len(typed.own) == len(text)
    assert typed.own.split() == page.text.split()
    assert typed.passages([(0, len(text))]) == (((0, size),) if size else ((0, 0),))


def test_a_call_in_a_quotation_whose_author_has_no_such_note_is_text() -> None:
    _, second = document(
        edition(
            "The toll was doubled [1] without a word to the village.",
            "> The toll was doubled [1] without a word to the village.",
        )
    )
    assert "quoted-call" not in second["html"]
    assert "[1]" in second["html"]


def test_a_call_in_a_link_or_in_code_of_a_quotation_stays() -> None:
    source = render("The weir [1] leaks.\n\n[1] Since the flood.", "text")
    for quoted in ("> The weir [[1]](https://mill.example/) leaks.", "> The weir `[1]` leaks."):
        body = render(quoted, "markdown")
        assert list(QuotedCalls(body).of((0, len(body.text)), called_notes(source, [(0, len(source.text))]))) == []


def test_a_call_right_behind_a_quotation_is_of_its_last_word() -> None:
    source = render("The weir [1].\n\n[1] Since the flood.", "text")
    for gap, found in ((BESIDE - 3, 1), (BESIDE - 2, 0)):
        body = render(f"> The weir{' ' * 0}{'.' * gap}[1] and so on", "markdown")
        assert len(list(QuotedCalls(body).of((0, 8), called_notes(source, [(0, 8)])))) == found
    body = render("> The weir  \n> [1] and so on", "markdown")
    assert list(QuotedCalls(body).of((0, 8), called_notes(source, [(0, 8)]))) == []
    assert list(QuotedCalls(body).of((0, len(body.text)), called_notes(source, [(0, 7)]))) == []


def test_calls_and_notes_lead_to_each_other_and_ids_are_of_their_post(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\nextras = true\nlanguage = "en"\n')
    (tmp_path / "content/gate.jsonl").write_text(
        "".join(
            json.dumps(
                {
                    "id": str(n),
                    "parent": str(n - 1) if n else None,
                    "author": "Ada",
                    "created": f"2024-03-04T09:0{n}:00Z",
                    "body": body,
                    "dialect": "markdown",
                }
            )
            + "\n"
            for n, body in enumerate(
                (ADA, "The gate[^1] and the weir[1] leak.\n\n[^1]: The upper one.\n\n[1] The lower one.")
            )
        )
    )
    build(load_site(tmp_path))
    page = (tmp_path / "public/debates/gate/index.html").read_text()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    calls = re.findall(
        r'<sup class="call"(?: id="([^"]+)")?><a href="#([^"]+)" role="doc-noteref">\[(\w+)\]</a></sup>', page
    )
    backs = dict(re.findall(r'<li id="([^"]+)".*?<a href="#([^"]+)" role="doc-backlink"', page))
    assert {note: call for call, note, _ in calls if call} == backs
    assert [label for _, _, label in calls] == ["1", "1", "2", "1", "1"]
    assert len(backs) == 4
    assert 'role="doc-endnotes"' in page
    feed = (tmp_path / "public/debates/gate/feed.xml").read_text()
    assert "[1] Council minutes, page 4." in feed
    read = next(iter(inspections(tmp_path / "public/debates/gate/thread.json")))
    assert [[(n.label, n.text, n.marker) for n in each.body.notes] for each in read.posts] == [
        [(n["label"], n["text"], n["marker"]) for n in post["footnotes"]]
        for post in json.loads((tmp_path / "public/debates/gate/thread.json").read_text())["posts"]
    ]


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("markdown", "The toll [1] was doubled.\n\n[1] Council minutes, page 4."),
        ("markdown", "The toll¹ was doubled.\n\n¹ Council minutes, page 4."),
        ("markdown", "The toll[1] was doubled.\n\n1. Council minutes, page 4. ↩︎"),
        ("mail", "The toll* was doubled.\n\n* Council minutes, page 4."),
    ],
)
def test_a_card_unmakes_every_typed_note_alike(tmp_path: Path, dialect: str, body: str) -> None:
    dump = tmp_path / "gate.jsonl"
    dump.write_text(post(body, dialect))
    (each,) = next(iter(inspections(dump))).posts
    label = each.body.notes[0].label
    card = f'[[correction]]\npost = "{each.post.id}"\nfootnote = "{label}"\n'
    corrected = with_card(dump, card)
    assert corrected.problems == ()
    assert corrected.posts[0].body == render(body, dialect, {label})  # type: ignore[arg-type]  # names of dialects
    assert corrected.posts[0].body.notes == ()
    assert corrected.posts[0].post.corrections.made[0].what == "no-note"


@pytest.mark.parametrize(
    ("body", "after", "reads", "text"),
    [
        ("The toll [1] was doubled.\n\n[1] 4.\n[2] 5.", "The toll", "4.", "The toll was doubled.\n\n[2] 5."),
        ("The toll (2) was doubled.\n\n(2) Minutes.", "The toll", "Minutes.", "The toll was doubled."),
        ("The toll¹ was doubled.\n\nThat is so.\nSee the minutes.", "The toll", "See the minutes.", "The toll was doubled.\n\nThat is so."),
        ("Minutes of 1803.\n\nThe toll was doubled.", "The toll", "Minutes of 1803.", "The toll was doubled."),
    ],
)  # fmt: skip
def test_a_card_makes_a_note_of_lines_that_are_none(
    tmp_path: Path, body: str, after: str, reads: str, text: str
) -> None:
    dump = tmp_path / "gate.jsonl"
    dump.write_text(post(body, "text"))
    (each,) = next(iter(inspections(dump))).posts
    assert each.body.notes == ()
    label = "2" if "(2)" in body else "1"
    card = f'[[correction]]\npost = "{each.post.id}"\nfootnote = "{label}"\nafter = "{after}"\nreads = "{reads}"\n'
    corrected = with_card(dump, card)
    assert corrected.problems == ()
    made = corrected.posts[0].body
    assert made.text == text
    (note,) = made.notes
    assert (note.label, note.text, made.text[: note.marker]) == (label, reads, after)


def test_what_is_no_note_says_why(tmp_path: Path) -> None:
    dump = tmp_path / "gate.jsonl"
    dump.write_text(post("See [2] here.[1]\n\n[1] The weir.", "text"))
    said = CliRunner().invoke(command, [str(dump), "--notes"]).output
    assert "note [1] “The weir.”: reference at 13" in said
    assert "“[2]” not a note: no line defines it" in said
    assert "no note" not in CliRunner().invoke(command, [str(dump)]).output
