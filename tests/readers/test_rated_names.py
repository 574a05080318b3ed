"""What pages write beside a name in the same line: ratings, and parts between marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.doubts.extended_names import without_extended_names
from rostra.readers.copied.doubts.rated_names import without_ratings
from rostra.readers.copied.layout import Template, prepared
from rostra.readers.copied.records import PostRecord
from support.copied_threads import read

WHO = ("Ada Weir", "Bede Ash", "Cy Thorn", "Ada Weir", "Dora Lind", "Bede Ash")
SAID = ("It leaks again.", "Who has the key to the gate?", "I saw a heron there, with a fish.")


def record(name: str) -> PostRecord:
    return PostRecord(template=Template(items=()), first=0, column=0, held={"author": name}, body=(1, 2))


def written(path: Path, post: str) -> Path:
    """Write a page on which every third person has the same number of stars, or the same place."""
    stars, places = ("★★★", "★", "★★★★★"), ("Mill Lane", "Ferry Road")
    path.write_text(
        "\n\n".join(
            post.format(who=who, stars=stars[n % 3], place=places[n % 2], said=SAID[n % 3], day=n + 1)
            for n, who in enumerate(WHO)
        )
    )
    return path


def test_stars_behind_names_are_ratings(tmp_path: Path) -> None:
    path = written(tmp_path / "page.txt", "{who} {stars} {day} May 2023\n{said}\n3 likes")
    assert [each.author and each.author.name for each in read(path).posts] == [*WHO]


@pytest.mark.parametrize(
    ("names", "bare"),
    [
        (("Ada ★", "Bede ★★"), ("Ada", "Bede")),
        (("Ada ★★½", "Bede ★★", "Cy"), ("Ada", "Bede", "Cy")),
        (("Ada ★", "Bede ★"), ("Ada ★", "Bede ★")),
        (("Ada ★", "Bede ♥♥"), ("Ada ★", "Bede ♥♥")),
        (("Ada★", "Bede★★"), ("Ada★", "Bede★★")),
    ],
)
def test_rows_of_one_sign_with_several_lengths_are_ratings(names: tuple[str, ...], bare: tuple[str, ...]) -> None:
    assert tuple(each.held["author"] for each in without_ratings([record(name) for name in names])) == bare


@pytest.mark.parametrize(("line", "named"), [("Ada • Mill Lane", False), ("• Ada Mill Lane •", True)])
def test_a_name_in_a_line_that_marks_divide_is_unsure(line: str, named: bool) -> None:
    (found,) = without_extended_names(prepared([line]), [record("Ada Mill Lane")])
    assert ("author" in found.held) == named


def test_a_page_whose_names_are_all_unsure_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "page.txt", "{who} • {place}\n{said}\n{day}d\nLike\nReply")
    thread = read(path)
    assert all(each.author is None for each in thread.posts)
    assert "unsure-names" in {each.code for each in thread.problems}
