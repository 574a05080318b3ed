"""Typed footnotes: what is one, what stays as it was typed and why, and promises that hold for any body."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bodies import check
from rostra.markup import refused_notes, render
from rostra.markup.marked_notes import flatten
from rostra.markup.sanitise import clean
from rostra.markup.typed_notes import recognise
from rostra.markup.weave import CALL
from rostra.model import Body

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
]  # fmt: skip


def called(body: Body) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for at, tag in body.tags:
        if tag.startswith(CALL):
            out.setdefault(int(tag[len(CALL) : -1]), []).append(at)
    return out


def letters(*texts: str) -> list[str]:
    return sorted(each for text in texts for each in text if each.isalpha())


@example(["The weir leaks", "[1]", ".", "\n\n[1] It ", "is ", "\n[2] They "])
@example(["The weir leaks", "<b>", "[1]", "</b>", "\n\n[1] It ", "<b>", "is ", "\n[2] They ", "</b>"])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=1500)
def test_calls_and_notes_are_inverse_nothing_is_lost_and_twice_is_once(pieces: list[str]) -> None:
    for name in ("text", "mail", "markdown", "html"):
        flat, breaks = flatten(clean(dialect(name)("".join(pieces))))
        found = recognise(flat, breaks)
        check(found.body)
        places = called(found.body)
        assert set(places) <= set(range(1, len(found.body.notes) + 1))
        for number, note in enumerate(found.body.notes, 1):
            assert note.marker == min(places.get(number, [None]), key=lambda at: at or 0)
            assert note.marker is not None or number <= len(flat.notes)
        assert letters(found.body.text, *(note.text for note in found.body.notes)) == letters(
            flat.text, *(note.text for note in flat.notes)
        )
        again = recognise(found.body, found.breaks)
        assert (again.body, again.breaks) == (found.body, found.breaks)
