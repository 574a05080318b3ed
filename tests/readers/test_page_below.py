"""Lines at the end of the last post that may belong to the page below it: they are kept, and told."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from rostra.readers.copied.page import page_below
from support.copied_threads import read

WHO = ("Ada", "Bede", "Cy", "Dora", "Esk", "Flo")


def told(last: str, others: int = 0, *, total: int = 10, end: str = "and oil it") -> int | None:
    """Return the line of the last text, counted in it, with which the page may begin; ``others`` end with ``end`` too."""
    texts = [f"It squeaks, {n} say.\n{end if n < others else 'So they oil it.'}" for n in range(total)]
    lines = "\n".join([*texts, last]).split("\n")
    begins = [0]
    for text in (*texts, last):
        begins.append(begins[-1] + text.count("\n") + 1)
    found = [each.line for each in page_below.page_below(lines, [range(a, b) for a, b in pairwise(begins)])]
    return found[0] - begins[-2] - 1 if found and found[0] else None


@pytest.mark.parametrize(
    "below",
    [
        "Reply all",
        "Top ↑",
        "Name:\nKommentar:",
        "Ada closed this as completed",
        "Kommentar: Danke, das freut uns sehr.",
    ],
)
def test_brief_lines_below_the_last_post_are_told(below: str) -> None:
    assert told(f"It squeaks.\n{below}") == 1
    assert told(f"It squeaks.\n\n{below}") == 2


@pytest.mark.parametrize(
    "last",
    ["Reply all", "It squeaks.", "It squeaks.\n> oil it", "It squeaks.\n\n- oil\n- grease", "the can\nin the loft"],
)
def test_what_somebody_may_have_written_is_not_told(last: str) -> None:
    assert told(last) is None


def test_a_last_post_of_brief_lines_alone_may_end_above_the_page_too() -> None:
    assert told("the can\n\nReply all") == 2
    assert told("The can\nReply all") == 1
    assert told("The can is empty.\nin the loft") == 1


@pytest.mark.parametrize(("length", "line"), [(page_below.LONGEST, 1), (page_below.LONGEST + 1, None)])
def test_such_a_line_is_no_longer_than_its_bound(length: int, line: int | None) -> None:
    assert told("It squeaks.\n" + "a" * length) == line


@pytest.mark.parametrize(("others", "line"), [(1, 1), (2, None)])
def test_an_end_that_several_posts_have_is_how_people_write(others: int, line: int | None) -> None:
    assert told("It squeaks.\nReply all", others) == line


def test_an_end_below_a_blank_line_is_compared_with_such_ends_alone() -> None:
    assert told("It squeaks.\n\nReply all", 10) == 2
    assert told("It squeaks.\n\nReply all", 10, end="\noil it") is None


def test_posts_of_one_line_say_nothing_about_ends() -> None:
    lines = ["It squeaks."] * 10 + ["It squeaks.", "oil it", "It squeaks.", "Reply all"]
    texts = [*(range(n, n + 1) for n in range(10)), range(10, 12), range(12, 14)]
    assert not list(page_below.page_below(lines, texts))


def copied(tmp_path: Path, foot: str, below: str) -> list[tuple[str, int | None]]:
    path = tmp_path / "dump.txt"
    posts = "".join(
        f"{who}\n{n + 2} days ago\nIt squeaks, says {who}.\n{who * 2} must oil it.\n{foot}\n"
        for n, who in enumerate(WHO)
    )
    path.write_text(f"{posts}{below}\n")
    thread = read(path)
    assert [post.author and post.author.name for post in thread.posts] == list(WHO)
    return [(each.code, each.line) for each in thread.problems if each.code in ("unexplained-lines", "page-around")]


def test_what_is_below_the_last_foot_is_left_out(tmp_path: Path) -> None:
    assert copied(tmp_path, "Answer", "Reply all") == [("page-around", 31)]


def test_what_is_below_the_last_post_without_a_foot_is_kept(tmp_path: Path) -> None:
    assert copied(tmp_path, "", "Reply all") == [("unexplained-lines", 31)]


def test_a_text_read_by_its_indentation_is_compared_without_its_buttons(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "Shall we stay?\n\n    Ada\n    1 year ago\n\n    We shall.\n\n        Bede\n        1 year ago\n\n        No.\n\n    Top ↑\n"
    )
    assert [(each.code, each.line) for each in read(path).problems] == [("unexplained-lines", 13)]
