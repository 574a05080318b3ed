"""Tables of facts and navigation around a thread are the page's, and nobody's text."""

from __future__ import annotations

import pytest

from rostra.readers.copied.page.around import above, end, repeated_end
from rostra.readers.copied.page.facts import fact_table

FACTS = ["Status:", "Closed", "Priority:", "High", "Type:", "Fault"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["It broke.", "", *FACTS], range(2, 8)),
        (["It broke.", "", *FACTS[:4]], range(0)),  # two labels
        (["Bring:", "Oil", "Find out:", "When did it break?", *FACTS[:4]], range(0)),  # a sentence among them
        (["It broke.", *FACTS, "So mend it."], range(1, 7)),
        ([*FACTS[:5], "x" * 61], range(0)),
    ],
)
def test_three_labels_with_values_are_a_table(lines: list[str], found: range) -> None:
    assert fact_table(lines, 0, len(lines)) == found


def test_a_table_is_left_out_above_the_opening_post_and_below_the_last_one() -> None:
    opening = "The gate of the upper lock has been broken since March, and nobody mends it. Who has to?"
    top = above(["The gate is broken", "Export", *FACTS, "Hello,", opening], whole=True)
    assert (top.title, top.opening) == ("The gate is broken", (8, 10))
    below = ["So mend it.", "", "People", *FACTS]
    assert end(below, 0, len(below)) == 2
    assert end(["So mend it.", *FACTS], 0, 7) == 1
    assert end(below[:-2], 0, len(below) - 2) == len(below) - 2


@pytest.mark.parametrize(("again", "at"), [(["Home", "Boats", "Log in"], 6), (["Home", "Boats"], 9), (["Home"] * 3, 9)])
def test_three_lines_of_the_navigation_end_the_last_post(again: list[str], at: int) -> None:
    lines = ["Home", "Boats", "Log in", "Ada, 3 hours ago", "Home is where the oil is.", "", *again, "x", "y"][:9]
    lines += [""] * (9 - len(lines))
    assert repeated_end(lines, 3, 4, 9) == at


def test_the_link_to_the_content_is_no_title() -> None:
    labels = ["Boats", "Locks", "Log in", "10 posts"]
    assert above(["Ir al contenido principal", *labels], whole=True, posts=10).title is None
