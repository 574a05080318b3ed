"""Marks between the parts of a page's line, and those that people write."""

from __future__ import annotations

import pytest

from rostra.readers.copied.separators import as_written, plain


@pytest.mark.parametrize(
    ("slot", "text", "value", "expected"),
    [
        ("body", "ada: ls | grep weir", "ls grep weir", "ls | grep weir"),
        ("body", "ada: a | b |", "a b", "a | b |"),
        ("body", "a | b · 3 h", "a b", "a | b"),
        ("body", "ada · fine", "fine", "fine"),
        ("body", "[09:00] ada: x | 09:07", "x 09:07", "x | 09:07"),
        ("author", "<ada|away> fine", "ada away", "ada|away"),
        ("author", "Ada | Keeper", "Ada Keeper", "Ada Keeper"),
        ("author", "Ada·Keeper", "Ada Keeper", "Ada Keeper"),
        ("place", "Hull|Sligo", "Hull Sligo", "Hull Sligo"),
        ("body", "ls 10:00 ls |", "ls", "ls |"),
        ("body", "a|b 10:00 a b", "a b", "a b"),
        ("author", "ada|away 10:00 ada away", "ada away", "ada|away"),
        ("author", "ada|away now · 3 h", "ada away now", "ada|away now"),
        ("author", "ada|away · now", "ada away now", "ada away now"),
        ("author", "ada·away", "ada away", "ada away"),
        ("body", "ada · |", "|", "|"),
        ("body", "ada wrote", "no such words", "no such words"),
        ("body", "ada | wrote", "no such words", "no such words"),
    ],
)
def test_marks_of_people_stay_in_their_words(slot: str, text: str, value: str, expected: str) -> None:
    assert as_written(slot, value, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("ada · 3 h | Reply", "ada 3 h Reply"), ("| ada |", "ada"), (" | ", "|"), ("ada", "ada")]
)
def test_marks_between_parts_are_left_out(text: str, expected: str) -> None:
    assert plain(text) == expected
