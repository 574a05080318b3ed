"""The title of a copied page: what a line states, else the line that is most like one, and never breadcrumbs."""

from __future__ import annotations

import pytest

from rostra.readers.copied.page.around import NAVIGATION, above
from rostra.readers.copied.page.titles import CRUMB, HEADING, is_breadcrumbs, stated_title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("5 thoughts on “The gate”", "The gate"), ("One thought on “The gate”", "The gate"), ('1,204 responses to "The gate"', "The gate"),
        ("3 Gedanken zu „Das Tor“", "Das Tor"), ("2 réponses à « La porte »", "La porte"), ("Ein Gedanke zu „Das Tor“", "Das Tor"),
        ("5 thoughts on the gate", None), ("Five of us read “The gate”", None), ("5 thoughts on “The gate” and the brook", None),
        ("Thread: The gate", "The gate"), ("Topic: Re: the gate", "Re: the gate"), ("Thema: Das Tor", "Das Tor"), ("Threads: 12", None),
        ("Author Topic: The gate  (Read 123 times)", "The gate"), ("Autor\tThema: Das Tor  (Gelesen 1.204 mal)", "Das Tor"),
        ("The gate (Read 123 times)", "The gate"), ("The gate (Read it twice)", None), ("Topic: The gate (part 2)", "The gate (part 2)"),
    ],
)  # fmt: skip
def test_a_line_may_state_the_title_in_words_of_the_page(line: str, title: str | None) -> None:
    assert stated_title(line) == title


@pytest.mark.parametrize(
    ("line", "crumbs"),
    [
        ("Board index ‹ Mill ‹ Race", True), ("Home » Mill » The gate", True), ("Forum > The gate", True), ("Home › Law", True),
        ("Tabs > spaces", False), ("Mill > The gate", False), ("The gate", False), (f"{'mill ' * CRUMB}> a > b", True), (f"{'mill ' * (CRUMB + 1)}> a > b", False),
    ],
)  # fmt: skip
def test_breadcrumbs_have_two_separators_or_the_site_s_home(line: str, crumbs: bool) -> None:
    assert is_breadcrumbs(line) is crumbs


PROSE = "The deed names the wheel and not the water, so who owns it?"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Home » Mill » The long gate", "The gate"], "The gate"), (["mill / race", "The gate"], "The gate"), (["The gate", "Mill > Race of the brook"], "The gate"),
        (["Tabs > spaces", "12 comments"], "Tabs > spaces"), (["Home » Mill » Gate"], None), (["The mill of the town", "Thread: The gate", "Law"], "The gate"),
        (["The mill of the town", "The gate", PROSE, "3 thoughts on “The gate”"], "The gate"), (["The mill of the town", PROSE, "3 thoughts on “The gate”"], "The gate"),
        (["mill / race of the brook", "The gate", PROSE], "The gate"),
        (["Floods of May 2023", "12 comments"], "Floods of May 2023"), (["Posted on May 4, 2023", "The gate"], "The gate"), (["Posted 2 days ago", "The gate"], "The gate"),
    ],
)  # fmt: skip
def test_the_title_is_what_the_page_states_and_no_breadcrumbs(lines: list[str], title: str | None) -> None:
    assert above(lines, whole=True).title == title


def test_what_states_the_title_is_not_said_by_the_opening() -> None:
    found = above(["The mill", "The gate", PROSE, "3 thoughts on “The gate”", ""], whole=True)
    assert (found.opening, found.left) == ((2, 3), (0, 3))
    assert above([PROSE, "3 thoughts on “The gate”"], whole=True).opening == (0, 1)


@pytest.mark.parametrize(("length", "kept"), [(300, True), (301, False)])
def test_a_title_has_at_most_three_hundred_characters(length: int, kept: bool) -> None:
    assert (above(["12 comments", "a" * length], whole=True).title is not None) is kept


@pytest.mark.parametrize(("many", "opens"), [(NAVIGATION - 1, True), (NAVIGATION, False)])
def test_a_sentence_among_lines_of_navigation_opens_no_thread(many: int, opens: bool) -> None:
    lines = ["The gate", PROSE, *(f"Link {chr(97 + n)}" for n in range(many - 2))]
    assert (above(lines, whole=True).opening != (0, 0)) is opens


@pytest.mark.parametrize(("words", "first"), [(HEADING - 1, False), (HEADING, True)])
def test_more_words_than_a_heading_has_make_no_line_more_like_a_title(words: int, first: bool) -> None:
    labels = [f"Link {chr(97 + n)}" for n in range(NAVIGATION)]
    lines = [" ".join(["mill"] * words), " ".join(["gate"] * (HEADING + 1)), *labels]
    assert (above(lines, whole=True).title == lines[0]) is first
