"""Who opened a thread, in the words of the page above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.layout import prepared, template
from rostra.readers.copied.learning.openings import anchor_words
from rostra.readers.copied.page.opener import LONGEST, FirstPost, Opener, opener
from support.copied_threads import read

NAMES = ("Ada", "Ada Weir", "Bede")


def opened(*lines: str, first: str | None = "8 months ago", words: str = "") -> Opener | None:
    return opener(prepared(list(lines)), NAMES, FirstPost(first, words), None)


@pytest.mark.parametrize(
    ("when", "first", "found"),
    [
        ("9 months ago", "8 months ago", True),
        ("8 months ago", "8 months ago", True),
        ("7 months ago", "8 months ago", False),  # of a change
        ("2 days ago", "8 months ago", False),
        ("Mar 4, 2024", "Mar 4, 2024", True),
        ("Mar 4, 2024", "Mar 5, 2024", True),
        ("Mar 5, 2024", "Mar 4, 2024", False),
        ("2024-03-04", "5 Mar 2024 10:21", True),
        ("Mar 4, 2024", "8 months ago", False),
        ("9 months ago", None, False),
    ],
)
def test_the_opener_wrote_before_all_others(when: str, first: str | None, found: bool) -> None:
    assert opened(f"Issue created {when} by Ada Weir", first=first) == (Opener("Ada Weir", when) if found else None)


@pytest.mark.parametrize(
    "lines",
    [
        ("Ada Weir 9 months ago",),  # no word of the page
        ("Issue created 9 months ago by Gus",),
        ("Edited 9 months ago by Bede",),
        ("Created 9 months ago by Ada, moved to the mill 8 months ago",),
        ("Created 9 months ago by Ada, for Bede",),
        ("Created 9 months ago by Ada", "Assigned 9 months ago to Bede"),
        ("Created by Ada",),
    ],
)
def test_in_doubt_nobody_opened_it(lines: tuple[str, ...]) -> None:
    assert opened(*lines) is None


@pytest.mark.parametrize(("length", "found"), [(LONGEST, True), (LONGEST + 1, False)])
def test_such_a_line_is_brief(length: int, found: bool) -> None:
    # A time is one character where lines are compared.
    words = "by Ada, about "
    assert (opened(f"{words}{'x' * (length - len(words) - 2)} 9 months ago") is not None) is found


def test_the_words_of_other_heads_name_the_opener_too() -> None:
    assert opened("posted by Ada Weir (11 comments)", words="posted by ") == Opener("Ada Weir", None)
    assert opened("posted to the mill by Ada Weir (11 comments)", words="posted by ") is None


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("posted by {author} at {time}", "posted by "),
        ("#{id} by {author} {time}", ""),
        ("- {author} {time}", ""),
        ("by then {time}", ""),
    ],
)
def test_the_first_words_of_a_head_are_those_before_the_author(anchor: str, words: str) -> None:
    assert anchor_words(template(f"{{body}}\n{anchor}")) == words


def test_the_text_above_the_opener_is_no_other_post(tmp_path: Path) -> None:
    page = ["The gate sticks in spring", "Nobody has looked at it since the flood, and it squeaks.", "posted by Ada Weir (4 comments)", ""]  # fmt: skip
    for n, name in enumerate(("Bede Ash", "Cy Noor", "Ada Weir", "Bede Ash")):
        page += [f"The wheel turns, and it squeaks, number {n}.", f"posted by {name} at {n + 1}:21 PM on March 4", ""]
    (tmp_path / "dump.txt").write_text("\n".join(page), encoding="utf-8")
    posts = read(tmp_path / "dump.txt").posts
    assert [post.author and post.author.name for post in posts] == ["Ada Weir", "Bede Ash", "Cy Noor", "Ada Weir", "Bede Ash"]  # fmt: skip
    assert posts[0].body == page[1]
