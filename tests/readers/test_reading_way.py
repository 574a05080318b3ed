"""Test when the lines above times are names, and when they are lines that the page writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied import reading
from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.text.headers import Header
from rostra.readers.text.reading_way import ReadingWay
from support.copied_threads import read

PEOPLE = ("Ada Weir", "Dee Ash", "Cy Noor", "Bede Miller")
SAID = (
    "The wheel was set too high last spring, and everybody saw it.", "Who paid for the new gate? Nobody has seen a bill.",
    "The village paid, in two parts.", "It is not in the minutes. I have just read them again.", "See the second page, the last line.",
    "I was there on Sunday, and the bank has sunk.", "By how much?", "About a hand, beside the alders.",
    "Then the sluice has to wait again.", "It has waited for nine years.",
)  # fmt: skip


def authors(path: Path, feet: list[list[str]]) -> list[str | None]:
    """Return the authors of a page with a name above each text, and these lines between the text and the time."""
    lines = ["The gate sticks in spring", "", "10 comments", ""]
    for n, (said, foot) in enumerate(zip(SAID, feet, strict=True)):
        lines += [PEOPLE[n % 4], "", said, "", *foot, f"Mar {n + 5:02}, 2023", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return [post.author and post.author.name for post in read(path).posts]


@pytest.mark.parametrize("many", [3, 9])
def test_a_layout_that_names_all_decides_where_times_lack_names(many: int, tmp_path: Path) -> None:
    feet = [["Reply", f"{chr(65 + n)}sk kept it"] if n < many else ["Reply"] for n in range(10)]
    assert authors(tmp_path / "dump.txt", feet) == [PEOPLE[n % 4] for n in range(10)]


def test_lines_of_the_page_above_times_are_no_names(tmp_path: Path) -> None:
    feet = [["Answer it", *(["Pinned it"] if n < 2 else [])] for n in range(10)]
    assert authors(tmp_path / "dump.txt", feet) == [PEOPLE[n % 4] for n in range(10)]


@pytest.mark.parametrize(("many", "doubted"), [(2, False), (3, True)])
def test_nobody_is_named_if_most_names_are_lines_of_the_page(many: int, doubted: bool) -> None:
    lines = prepared([line for n in range(4) for line in (PEOPLE[n], SAID[n], "Answer it", f"{n + 2} hours ago")])
    found = cut(lines, PageLayout(templates=(template("{author}\n{body}\n? Answer it\n{time}"),)))
    assert found is not None
    heads = [Header(first=0, last=0, column=0, name="Answer it" if n < many else f"Esk {n}") for n in range(4)]
    way = ReadingWay(reading.LayoutReading(cut=found, value=0, doubts=("it is not clear",)), heads)
    assert (way.doubt(lines) == "what is above most times is a line of the page") is doubted
