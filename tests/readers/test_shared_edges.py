"""Lines that several posts share at the edges of their text, and that no line of the layout explains, are a problem."""

from __future__ import annotations

import pytest

from rostra.model import Problem
from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.learning.shared_edges import LONGEST, PEOPLE, SHARE
from rostra.readers.copied.page import page_thread

LAYOUT = PageLayout(templates=(template("{author}\n{time}\n{body}\nReply"),))
TEXTS = ("The wheel turns.", "It squeaks at night.", "Oil it then.", "Who has oil?", "The race is dry.")
PEOPLE_HERE = ("Ada Weir", "Bede Ash", "Cy Noor", "Dee Moss", "Hob Miller")


def suspected(*posts: str, who: tuple[str, ...] = PEOPLE_HERE, times: int = 1) -> list[Problem]:
    """Return the problems about such lines of a page with these texts, followed by posts that end in their own words."""
    plain = [f"{words}\nNumber {'i' * n} of mine." for n, words in enumerate(TEXTS * times, 1)]
    texts = [*posts, *plain[: max(0, 5 * times - len(posts))]]
    lines = "\n".join(f"{who[n % 5]}\n{n % 9 + 1}h\n{words}\nReply" for n, words in enumerate(texts)).split("\n")
    found = cut(prepared(lines), LAYOUT)
    assert found is not None
    assert len(found.records) == len(texts)
    problems = page_thread.thread(lines, found, ()).problems
    return [each for each in problems if "may belong to the page" in each.message]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("See more", "See more"),
        ("Showing 1-14 of 14", "Showing 1-8 of 8"),
        ("Dee Moss and Cy Noor like this", "Hob Miller, Dee Moss and Ada Weir like this"),
        ("Dee Moss and Cy Noor like this.", "Ada Weir and Cy Noor like this."),
        ("2 people found this helpful.", "14 people found this helpful."),
        ("Comment: Thank you for coming.", "Comment: We oil it every spring, and the race is dredged."),
    ],
)
def test_lines_of_one_shape_below_two_texts_are_one_problem(one: str, other: str) -> None:
    (problem,) = suspected(f"The wheel turns.\n{one}", f"It squeaks.\n{other}")
    assert (problem.code, problem.line) == ("unexplained-lines", 4)
    assert problem.message.startswith("2 lines that may belong to the page are shown as text")
    assert problem.message.endswith("lines 4, 9")
    assert "rostra inspect --layout" in (problem.hint or "")


def test_a_line_above_two_texts_is_one_too() -> None:
    assert [each.line for each in suspected("Times Pick\nThe wheel turns.", "Times Pick\nIt squeaks.")] == [3]


def test_a_line_above_one_text_and_below_another_is_none() -> None:
    assert suspected("See more\nThe wheel turns.", "It squeaks.\nSee more") == []


@pytest.mark.parametrize(
    "line",
    [
        "I agree.",
        "Thanks, all",
        "Bede Ash wrote:",
        "> See more",
        "- Ada",
        "PS: the dam",
        "Edit: it squeaks again.",
        "Cy Noor: it squeaks.",
        "Quoting Cy: it squeaks.",
        "Cy Noor",
        "@Cy Noor",
        "+1",
        "https://mill.example/",
    ],
)
def test_what_people_write_is_none(line: str) -> None:
    assert suspected(f"The wheel turns.\n{line}", f"It squeaks.\n{line}") == []


def test_a_text_of_one_line_has_no_edge() -> None:
    assert suspected("See more", "See more") == []


def test_one_person_may_end_with_the_same_words() -> None:
    assert PEOPLE == 2
    assert suspected("The wheel turns.\nSee more", "It squeaks.\nSee more", who=("Ada Weir",) * 5) == []


def test_a_longer_line_is_none() -> None:
    for size, found in ((LONGEST, 1), (LONGEST + 1, 0)):
        line = "See more of the mill".ljust(size, "x")
        assert len(suspected(f"The wheel turns.\n{line}", f"It squeaks.\n{line}")) == found


def test_in_a_long_thread_two_posts_are_too_few() -> None:
    posts = ("The wheel turns.\nSee more", "It squeaks.\nSee more")
    assert SHARE == 0.01
    assert len(suspected(*posts, times=40)) == 1
    assert suspected(*posts, times=41) == []


def test_the_first_lines_are_named_and_the_rest_counted() -> None:
    (problem,) = suspected(*(f"{words}\nSee more" for words in TEXTS), "The dam holds.\nSee more")
    assert problem.message.startswith("6 lines ")
    assert problem.message.endswith("lines 4, 9, 14, 19, 24…")
