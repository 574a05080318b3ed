"""Typed footnotes: what is one, what stays as it was typed and why, and promises that hold for any body."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rostra.markup import note_forms, note_lines, note_links, refused_notes, render, typed_notes
from rostra.markup.marked_notes import flatten
from rostra.markup.note_forms import calls_in, labels_of
from rostra.markup.sanitise import clean
from rostra.markup.typed_notes import find_notes
from rostra.markup.weave import CALL
from rostra.model import Body
from support.body_promises import check

HERE = Path(__file__).parent


def cases(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))["case"]  # type: ignore[no-any-return]


def notes(body: Body) -> list[tuple[str, str]]:
    return [(note.label, note.text) for note in body.notes]


@pytest.mark.parametrize("case", cases("typed.toml"), ids=lambda case: case["about"])
def test_what_is_a_note(case: dict[str, Any]) -> None:
    body = render(case["body"].lstrip("\n"), case["dialect"])
    assert notes(body) == [(label, text) for label, text, _ in case["notes"]]
    for note, (_, _, before) in zip(body.notes, case["notes"], strict=True):
        assert body.text[: note.marker].endswith(before)
    if "text" in case:
        assert body.text == case["text"].lstrip("\n")
    check(body)


@pytest.mark.parametrize("case", cases("refused.toml"), ids=lambda case: case["about"])
def test_what_stays_as_it_was_typed(case: dict[str, Any]) -> None:
    body = render(case["body"], case["dialect"])
    assert notes(body) == []
    assert body == flatten(clean(dialect(case["dialect"])(case["body"])))[0]
    reasons = [each.reason for each in refused_notes(case["body"], case["dialect"])]
    for why in case.get("why", ()):
        assert any(why in reason for reason in reasons), reasons


def dialect(name: str) -> Any:
    from importlib import import_module

    return import_module(f"rostra.markup.{name}").to_html


PIECES = [
    "words ", "of it ", "The weir leaks", ".", ", ", " ", "\n", "\n\n", "\n\n", "[1]", " [1]", "[2]", "[1, 2]", "[1]-[3]", "[1] ", "[2] ", "[1]: ",
    "\n[1] It ", "\n\n[1] It ", "\n[2] They ", "\n\n[3] We ", "¹", "²", "¹ ", "*", "* ", "\n* They ", "†", "\n† We ", "(1)", " (1) ", "\n(1) I ", "1) ", "\n1) A ",
    "1. ", "\n\n1. All of it ", "\n2. None of it ", "↩", "^ ", "https://mill.example/x ", "\n[1] https://mill.example/y\n", "> ", "\n> [1] ", '"', "3.14", "x", "_", "`",
    "References:", "\n-- \n", "<sup>1</sup>", "<sup>", "</sup>", "<b>", "</b>", "<li>", "<ol>", "<p>", "<br>", "<blockquote>", "    ", "[^1]", "\n\n[^1]: note",
    "[Weir90]", " [Gate 1803; Weir90]", "\n[Weir90] Is", "\n\n[Gate 1803]: No", "[mill] ", "\n[mill] https://mill.example/z", "[sic]", "\n[sic] So",
]  # fmt: skip


def called(body: Body) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for at, tag in body.tags:
        if tag.startswith(CALL):
            out.setdefault(int(tag[len(CALL) : -1]), []).append(at)
    return out


def letters(*texts: str) -> list[str]:
    return sorted(each for text in texts for each in text if each.isalpha())


@example(["[1]: ", "\n-- \n", "References:", "\n[1] It "])
@example(["The weir leaks", "[1]", ".", "\n\n[1] It ", "is ", "\n[2] They "])
@example(["The weir leaks", "<b>", "[1]", "</b>", "\n\n[1] It ", "<b>", "is ", "\n[2] They ", "</b>"])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=1500)
def test_calls_and_notes_are_inverse_nothing_is_lost_and_twice_is_once(pieces: list[str]) -> None:
    for name in ("text", "mail", "markdown", "html"):
        flat, breaks = flatten(clean(dialect(name)("".join(pieces))))
        found = find_notes(flat, breaks)
        check(found.body)
        places = called(found.body)
        assert set(places) <= set(range(1, len(found.body.notes) + 1))
        for number, note in enumerate(found.body.notes, 1):
            assert note.marker == min(places.get(number, [None]), key=lambda at: at or 0)
            assert note.marker is not None or number <= len(flat.notes)
        made = range(len(flat.notes), len(found.body.notes))
        typed = [found.body.notes[n].label for n in made for _ in range(1 + len(places.get(n + 1, ())))]
        typed += [note.heading for note in found.body.notes if note.heading]
        assert letters(*typed, found.body.text, *(note.text for note in found.body.notes)) == letters(
            flat.text, *(note.text for note in flat.notes)
        )
        again = find_notes(found.body, found.breaks)
        assert (again.body, again.breaks) == (found.body, found.breaks)


def noted(body: str, dialect: str = "text") -> list[tuple[str, str]]:
    return notes(render(body, dialect))  # type: ignore[arg-type]  # names of dialects


def test_a_note_has_letters_enough() -> None:
    enough = "k" * note_forms.LETTERS
    assert noted(f"The weir [1].\n\n[1] {enough}") == [("1", enough)]
    assert noted(f"The weir [1].\n\n[1] {enough[1:]} 7") == []


def test_a_note_is_not_longer_than_a_post() -> None:
    text = "w" * note_forms.LONGEST
    assert noted(f"The weir [1].\n\n[1] {text}") == [("1", text)]
    assert noted(f"The weir [1].\n\n[1] {text}w") == []
    assert refused_notes(f"The weir [1].\n\n[1] {text}w", "text")[-1].reason == "it is too long for a note"


def test_a_unit_is_short() -> None:
    unit = "k" * note_forms.UNIT
    assert noted(f"It is 3 {unit}² wide.\n\n² The weir.") == []
    assert noted(f"It is 3 {unit}k² wide.\n\n² The weir.") == [("2", "The weir.")]
    assert noted(f"It is 3 {unit}¹ wide.\n\n¹ The weir.") == [("1", "The weir.")]


def test_a_range_is_not_wide() -> None:
    assert labels_of(f"[1]-[{note_forms.WIDEST}]") == tuple(map(str, range(1, note_forms.WIDEST + 1)))
    assert labels_of(f"[1]-[{note_forms.WIDEST + 1}]") == ()
    assert labels_of("[2]-[1]") == labels_of("[a-c]") == ()
    assert labels_of("[1, 3–5; 7]") == ("1", "3", "4", "5", "7")


@pytest.mark.parametrize(("size", "is_note"), [(note_lines.UNWRAPPED - 1, True), (note_lines.UNWRAPPED, False)])
def test_who_ended_a_short_line_meant_to(size: int, is_note: bool) -> None:
    line = "The weir [1] ".ljust(size, "w")
    assert bool(noted(f"{line}\n[1] Since the flood")) is is_note
    assert noted(f"{line}.\n[1] Since the flood") == noted(f"{line}:\n[1] Since the flood") != []
    assert noted(f"{line}\n[1] https://mill.example/x") != []


def test_of_a_list_half_is_called() -> None:
    size = typed_notes.LISTED + 1
    called = int(typed_notes.CALLED * size)
    lines = "".join(f"\n[{n}] Chronicle {n}." for n in range(1, size + 1))
    assert len(noted("The weir" + "".join(f" [{n}]" for n in range(1, called + 1)) + f".\n{lines}")) == called
    assert noted("The weir" + "".join(f" [{n}]" for n in range(1, called)) + f".\n{lines}") == []
    few = "".join(f"\n[{n}] Chronicle {n}." for n in range(1, typed_notes.LISTED))
    assert len(noted(f"The weir [1].\n{few}")) == 1
    assert noted(f"The weir [1].\n{few}\n[{typed_notes.LISTED}] Chronicle.") == []


def test_a_single_line_with_a_number_says_something() -> None:
    words = " ".join(["word"] * typed_notes.SAYS)
    assert noted(f"The same[1] thing.\n\n1. {words}") == [("1", words)]
    assert noted(f"The same[1] thing.\n\n1. {words[5:]}") == []
    assert noted("The same[1] thing.\n\n1. https://mill.example/x") == [("1", "https://mill.example/x")]


def test_a_body_is_gone_through_again_and_not_for_ever() -> None:
    body, breaks = flatten("<p>&gt; [1] [0]\n[1] https://mill.example/y\n0. None of it</p>")
    once = typed_notes._once(body, breaks, (), False)
    assert notes(once.body) == [("1", "https://mill.example/y")]
    assert notes(find_notes(body, breaks).body) == [("1", "https://mill.example/y"), ("0", "None of it")]
    assert typed_notes.ROUNDS > 1


def test_a_label_has_three_figures_at_most() -> None:
    assert noted("The weir [123].\n\n[123] Since the flood.") == [("123", "Since the flood.")]
    assert noted("The weir [1790].\n\n[1790] Since the flood.") == []


@pytest.mark.parametrize("form", ["(1)", "1)"])
def test_what_numbers_a_part_of_a_sentence_is_told_by_what_follows(form: str) -> None:
    other = form.replace("1", "2")
    lines = f"\n\n{form} The weir is old.\n{other} The gate is new."
    assert noted(f"The weir {form}, and the gate {other}.{lines}") != []
    assert noted(f"The weir {form} and then the gate {other} leak.{lines}") == []
    assert noted(f"The weir {form} leaks. The gate {other} too.{lines}") != []


def test_a_label_of_words_is_short() -> None:
    name = "W9".ljust(30, "x")
    assert noted(f"The weir [{name}].\n\n[{name}] The mill.") == [(name, "The mill.")]
    assert noted(f"The weir [{name}x].\n\n[{name}x] The mill.") == []
    assert noted("The weir [Mill 803].\n\n[Mill 803] The mill.") == []


def test_labels_have_no_brackets_and_plain_figures() -> None:
    body = render("One [12], two¹³, three [b].\n\n[12] The weir.\n\n¹³ The gate.\n\n[b] The mill.", "text")
    assert [note.label for note in body.notes] == ["12", "13", "b"]


def test_a_note_keeps_its_markup_and_the_body_keeps_its_own() -> None:
    body = render(
        "A *long* road [1] *of* it.\n\n*[1] See **the** [weir](https://mill.example/weir), `x[1]`* here.", "markdown"
    )
    (note,) = body.notes
    assert note.text == "See the weir, x[1] here."
    assert note.html.startswith('<em>See <strong>the</strong> <a href="https://mill.example/weir"')
    assert note.html.endswith("<code>x[1]</code></em> here.")
    assert body.text == "A long road of it."
    assert [tag for _, tag in body.tags] == ["<p>", "<em>", "</em>", "<call 1>", "<em>", "</em>", "</p>"]


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("text", "The weir [1].\n\n[1] See https://mill.example/weir, page 3."),
        ("mail", "The weir [1].\n\n[1] See <https://mill.example/weir>, page 3."),
        ("mail", "The weir [Weir90].\n\n-- \nAda\n[Weir90]: See https://mill.example/weir."),
        ("markdown", "The weir [1].\n\n[1]: https://mill.example/weir"),
        ("markdown", "The weir[^1].\n\n[^1]: See https://mill.example/weir."),
        ("reddit", "The weir^1.\n\n^1 See [the weir](https://mill.example/weir)."),
        ("hackernews", "The weir [1].<p>[1] https:&#x2F;&#x2F;mill.example&#x2F;weir"),
        ("html", "<p>The weir [1].</p><p>[1] <b>See</b> https://mill.example/weir</p>"),
        ("bbcode", "The weir [1].\n\n[1] [url=https://mill.example/weir]See[/url]"),
    ],
)
def test_a_link_in_a_note_is_a_link(dialect: str, body: str) -> None:
    (note,) = render(body, dialect).notes  # type: ignore[arg-type]  # names of dialects
    assert note.html.count('<a href="https://mill.example/weir" ') == note.html.count("</a>") == 1


def test_an_address_in_code_in_a_link_or_divided_stays_as_it_is() -> None:
    for inner, links in (
        ("<code>https://mill.example/weir</code> it", 0),
        ('<a href="https://mill.example/gate">of https://mill.example/weir</a>', 1),
        ("https://mill<b>.example/weir</b> it", 0),
        ("<b>https://mill.example/weir</b>, <i>https://mill.example/gate</i>", 2),
        ("ftp://mill.example/weir it", 0),
    ):
        (note,) = render(f"<p>The weir [1].</p><p>[1] See {inner}</p>", "html").notes
        assert note.html.count("<a href=") == links
    assert (
        note_links.with_links(Body(text="https://a.example/?x=1&y", tags=()))
        .tags[0][1]
        .startswith('<a href="https://a.example/?x=1&amp;y" rel=')
    )


def test_a_list_that_a_note_was_all_of_goes_with_it() -> None:
    body = render("<p>The weir [1].</p><ul><li>[1] Since the flood.</li></ul><ul><li>The gate.</li></ul>", "html")
    assert [tag for _, tag in body.tags] == ["<p>", "<call 1>", "</p>", "<ul>", "<li>", "</li>", "</ul>"]
    assert [(block.kind, body.text[block.start : block.end]) for block in body.blocks] == [
        ("paragraph", "The weir."),
        ("item", "The gate."),
    ]


@given(st.text(alphabet="[]()1234567890,;-– *†¹²x.\n", max_size=60))
def test_every_sign_stands_where_it_says(text: str) -> None:
    at = 0
    for call in calls_in(text):
        assert at <= call.start < call.end <= len(text)
        at = call.end
        for label in call.labels:
            assert 1 <= len(label) <= note_forms.LOOK


def reasons(body: str) -> Sequence[str]:
    return [each.reason for each in refused_notes(body, "text")]


def test_a_reason_is_told_for_what_looks_like_a_note_and_for_no_ordinary_list() -> None:
    assert reasons("Two things:\n\n1. The weir leaks.\n2. The gate leaks.\n\n* And so on.") == []
    assert reasons("See [1].") == ["no line defines it"]
    assert reasons("") == []
