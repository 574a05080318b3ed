"""Notes at the end of a page that was copied whole go to the posts that call them, or stay where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup import render
from rostra.markup.gathered_notes import gathered
from rostra.markup.typed_notes import SAYS
from rostra.model import Body
from support.body_promises import check


def made(*posts: str) -> tuple[Body, ...]:
    return gathered([render(post, "text") for post in posts])


def notes(bodies: tuple[Body, ...]) -> list[list[tuple[str, str, int | None]]]:
    return [[(note.label, note.text, note.marker) for note in body.notes] for body in bodies]


def test_each_note_goes_to_the_post_that_calls_it() -> None:
    bodies = made(
        "The weir[1] is old. So is[2] the gate, and the weir[1].",
        "Not the same[3] thing.",
        "Yes.\n\n1. Since the flood. ↩︎\n2. Since the frost. ↩︎\n3. It is of anoth",
    )
    assert notes(bodies) == [
        [("1", "Since the flood.", 8), ("2", "Since the frost.", 22)],
        [("3", "It is of anoth", 12)],
        [],
    ]
    assert [body.text for body in bodies] == [
        "The weir is old. So is the gate, and the weir.",
        "Not the same thing.",
        "Yes.",
    ]
    for body in bodies:
        check(body)
    assert gathered(bodies) == bodies


def test_one_that_has_no_arrow_says_something() -> None:
    words = " ".join(["word"] * SAYS)
    assert notes(made("The weir[1] is old.", f"Yes.\n\n1. {words}")) == [[("1", words, 8)], []]
    assert notes(made("The weir[1] is old.", f"Yes.\n\n1. {words[5:]}")) == [[], []]


@pytest.mark.parametrize(
    "posts",
    [
        ("The weir[1].", "The gate[1].", "Yes.\n\n1. Since the flood. ↩︎"),  # of whom?
        ("The weir[1].", "Yes.\n\n1. Since the flood. ↩︎\n2. Since the frost. ↩︎"),  # not all is called
        ("The gate[2], the weir[1].", "Yes.\n\n1. Since the flood. ↩︎\n2. Since the frost. ↩︎"),  # in another order
        ("The weir[1].", "Yes.\n\n1. Since the flood.\n\nSo there."),
        ("The weir[1].", "Yes.\n\n1. Ownership"),
        ("The weir.", "Yes.\n\n1. Since the flood. ↩︎"),
        ("x[1] = 2", "Yes.\n\n1. Since the flood. ↩︎"),
        ("Yes.\n\n1. Since the flood. ↩︎", "The weir[1]."),
        ("Yes.\n\n1. Since the flood. ↩︎",),
        ("The weir[1].", "1. Since the flood. ↩︎"),
        (),
    ],
)
def test_what_is_in_doubt_stays_in_its_post(posts: tuple[str, ...]) -> None:
    assert made(*posts) == tuple(render(post, "text") for post in posts)


@given(
    st.lists(
        st.sampled_from(
            [
                "The weir[1].",
                "Yes.",
                "The gate[2] and[3] so on.",
                "1. Since the flood. ↩︎",
                "\n\n[2] It is so.\n\n[3] It is not.",
            ]
        )
    )
)
def test_nothing_is_lost(posts: list[str]) -> None:
    before = [render(post, "text") for post in posts]
    bodies = gathered(before)
    letters = [
        sorted(filter(str.isalpha, "".join(b.text + "".join(n.text for n in b.notes) for b in of)))
        for of in (before, bodies)
    ]
    assert letters[0] == letters[1]
    assert gathered(bodies) == bodies
