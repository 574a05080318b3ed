"""What a page writes again and again between posts is nobody's words, though no layout lists it."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.page.repeated_notices import LONGEST, repeated_notices
from rostra.readers.copied.reading import best_reading

PEOPLE = ("ada", "Bede of Hill", "cy", "dee", "eve")
LAYOUT = PageLayout(templates=(template("{author} wrote {time}\n{body}"),))


def page(*ends: str) -> str:
    return "\n".join(
        f"{who} wrote {n}h\nThe wheel turns, number {n}.\n{end}"
        for n, (who, end) in enumerate(zip(PEOPLE, ends, strict=False), 1)
    )


def found(text: str) -> tuple[str, ...]:
    lines = prepared(text.split("\n"))
    made = cut(lines, LAYOUT)
    assert made is not None
    return repeated_notices(lines, made.records)


JOINED = ("Bede of Hill joined the mill", "cy joined the mill.", "dee joined the mill", "eve joined the mill", "So.")


def test_a_line_below_posts_of_others_that_is_worded_alike_is_a_notice() -> None:
    assert found(page("cy joined the mill", "ada joined the mill", "ada joined the mill", "Well.")) == (
        "{author} joined the mill",
    )
    assert found(page("cy lit 2 lamps", "ada lit 3 lamps", "ada lit 12 lamps")) == ("{author} lit {number} lamps",)


@pytest.mark.parametrize(
    "ends",
    [
        ("cy joined the mill", "ada joined the mill", "Well.", "So."),
        ("cy joined the mill", "cy joined the mill", "eve is away", "cy joined the mill"),
        ("ada joined the mill", "Bede of Hill joined the mill", "cy joined the mill", "dee joined the mill"),
        ("cy joined the mill", "ada joined the mill", "ada joined the mill\nand so did I.", "eve joined the mill"),
        ("cy, are you there?", "ada, are you there?", "ada, are you there?"),
        ("cy 12", "ada 13", "ada 14"),
        ("gus joined the mill", "hal joined the mill", "ida joined the mill"),
    ],
    ids=["two posts", "one person", "the authors themselves", "within words", "a question", "no words", "people who do not write"],
)  # fmt: skip
def test_what_people_may_have_said_is_no_notice(ends: tuple[str, ...]) -> None:
    assert found(page(*ends)) == ()


@pytest.mark.parametrize(("length", "notices"), [(LONGEST, 1), (LONGEST + 1, 0)])
def test_a_notice_is_no_longer_than_its_bound(length: int, notices: int) -> None:
    rest = "x" * length
    assert len(found(page(f"cy {rest}", f"ada {rest}", f"ada {rest}"))) == notices


def test_a_text_of_one_person_has_none() -> None:
    text = "\n".join(f"ada wrote {n}h\nThe wheel turns.\ncy joined the mill" for n in range(1, 5))
    assert found(text) == ()


def test_a_learned_layout_leaves_such_lines_out_and_says_so() -> None:
    said = [
        "I went down to the mill today",
        "Nobody was there when I came",
        "It is closed on Mondays anyway",
        "Since when is that the case",
        "Since the flood of the spring",
        "That was years ago by now",
    ]
    ends = ["Bede Hill lit the lamp", "Ada Weir lit the lamp", "", "Dee Ford lit the lamp", "Cy Marsh lit the lamp", ""]
    people = ["Ada Weir", "Bede Hill", "Cy Marsh", "Dee Ford", "Eve Brook", "Flo Dale"]
    text = "\n\n".join(
        f"{who}\n{n} hours ago\n{words}, and {n + 2} of us saw it.\nReply\n{end}".rstrip()
        for n, (who, words, end) in enumerate(zip(people, said, ends, strict=True), 2)
    )
    reading = best_reading(prepared(text.split("\n")), text)
    assert reading is not None
    assert reading.doubts == ()
    lines = text.split("\n")
    bodies = ["\n".join(lines[slice(*record.body)]) for record in reading.cut.records]
    assert [record.held["author"] for record in reading.cut.records] == people
    assert not any("lamp" in body for body in bodies)
