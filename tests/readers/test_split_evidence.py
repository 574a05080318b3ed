"""Test what counts as evidence that times are in heads of posts, or in feet, where the two are nearly equal."""

from __future__ import annotations

import pytest

from rostra.readers.copied.layout import TemplateLine, prepared
from rostra.readers.copied.learning.splits import Circle, split

LAST = 3
PROSE = "The wheel was set too high last spring, and it squeaks."


def is_head(top: list[str], items: list[str], last: list[str], *, between: tuple[str, ...] = ()) -> bool:
    """Whether the time is in the head of the posts of a page with these lines of the page between their texts.

    ``top`` is above the first time, ``last`` below the last one, ``between`` are the other lines of the page at each time.
    """
    circle = Circle(tuple(map(TemplateLine, items)), next(n for n, item in enumerate(items) if "{time}" in item))
    page = [*top]
    for n in range(4):
        page += [
            items[circle.timed].replace("{time}", f"{n + 2} hours ago"),
            *([*between, f"so {n}"] if n < LAST else last),
        ]
    lines = prepared(page)
    made, _ = split(lines, [n for n, line in enumerate(lines) if line.times], circle)
    return made.has_timed_head


@pytest.mark.parametrize(
    ("button", "counted", "head"),
    [
        ("Send it", True, True),  # six for a head, six for a foot
        ("Send it", False, False),
        ("Share", True, False),  # a button speaks for a foot
    ],
)
def test_lines_that_lack_below_the_last_time_are_of_a_foot(button: str, counted: bool, head: bool) -> None:
    top = ["The gate", "so it goes", *["12 comments"] * counted]
    items = ["{time}", "Answer it", button]
    assert is_head(top, items, ["Answer it", "the last of all", "and more"], between=("Answer it", button)) is head


@pytest.mark.parametrize(("first", "certain"), [(PROSE, False), ("12 comments", True)])
def test_a_text_above_the_first_time_may_be_its_post_if_names_are_below_times(first: str, certain: bool) -> None:
    page = ["The gate", first, ""]
    for n in range(4):
        page += [f"{n + 2} hours ago", f"Ada {n}", f"The wheel turns, number {n}.", ""]
    lines = prepared(page)
    circle = Circle((TemplateLine("{time}"), TemplateLine("{author}")), 0)
    made, is_certain = split(lines, [n for n, line in enumerate(lines) if line.times], circle)
    assert made.has_timed_head
    assert is_certain is certain


@pytest.mark.parametrize(("below", "head"), [(3, False), (4, True)])
def test_a_text_near_the_first_time_is_that_of_the_first_post(below: int, head: bool) -> None:
    top = ["The gate", PROSE, *(f"item {'x' * n}" for n in range(below))]
    assert is_head(top, ["{time}", "Answer it"], ["Answer it", "the last of all"], between=("Answer it",)) is head


@pytest.mark.parametrize(("again", "head"), [("and more", True), ("and less", False)])
def test_a_line_above_the_first_time_that_is_again_below_the_last_is_the_page_s(again: str, head: bool) -> None:
    items = ["{time}", "Answer it", "Send it"]
    last = ["Answer it", "the last of all", again]
    assert is_head(["The gate", "so it goes", "and more"], items, last, between=("Answer it", "Send it")) is head


@pytest.mark.parametrize(("again", "head"), [(PROSE, True), ("and more", False)])
def test_a_text_that_is_again_below_the_last_time_is_not_that_of_the_first_post(again: str, head: bool) -> None:
    top = ["The gate", PROSE, *(f"item {'x' * n}" for n in range(3))]
    assert (
        is_head(top, ["{time}", "Answer it"], ["Answer it", "the last of all", again], between=("Answer it",)) is head
    )


@pytest.mark.parametrize(("button", "head"), [("Send it", True), ("Share", False)])
def test_lacking_lines_above_the_first_text_begin_the_next_head(button: str, head: bool) -> None:
    # A picture's letter and a colon speak for a head: ten for it, and ten or eleven against it.
    top = [button, "so it goes", "12 comments"]
    items = ["{letter}", "{author}", "At {time}:", "Answer it", button]
    between = ("Answer it", button)
    assert is_head(top, items, ["Answer it", "the last of all", "and more"], between=between) is head
