"""Names that only their place above a time tells from text: when they are certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.layout import prepared
from rostra.readers.text.headers import headers
from rostra.readers.text.placed_names import place_doubt
from support.copied_threads import NAMES, read

SAID = "The wheel was set too high last spring, and it squeaks."


def doubt(page: list[str]) -> str | None:
    return place_doubt(prepared(page), headers(page))


def page(names: list[str | None], *, told: int = 10) -> list[str]:
    """Return the lines of a page with these names above times; as many posts as ``told`` have text."""
    lines = []
    for n, name in enumerate(names):
        lines += [*([name] if name else []), f"{n + 2} hours ago", *([SAID] if n < told else ["Reply"]), ""]
    return lines


def test_a_name_above_each_time_is_certain() -> None:
    assert doubt(page(list(NAMES))) is None


@pytest.mark.parametrize(("again", "certain"), [(5, True), (4, False)])
def test_one_time_may_lack_a_name_if_half_of_the_names_recur(again: int, certain: bool) -> None:
    # Nine names and a time without one.
    names = [*["Ada Weir"] * again, *NAMES[1 : 10 - again]]
    assert len(names) == 9
    assert (doubt(page([*names, None])) is None) is certain


@pytest.mark.parametrize(("many", "certain"), [(9, True), (8, False)])
def test_nearly_all_times_have_a_name(many: int, certain: bool) -> None:
    said = doubt(page([*["Ada Weir", "Bede Ash"] * 4, "Ada Weir"][:many] + [None] * (10 - many)))
    assert said == (None if certain else "only 8 of 10 times have a line above them that may be a name")


def test_a_time_below_a_text_is_one_without_a_name() -> None:
    lines = [*page(list(NAMES))[:-1], "and so on", "30 hours ago", "and so on"]
    assert len(headers(lines)) == 10
    assert doubt(lines) == "only 10 of 11 times have a line above them that may be a name"
    # A date is no time of a post where these are relative.
    assert doubt([*page(list(NAMES))[:-1], "and so on", "4 March 2024", "and so on"]) is None


@pytest.mark.parametrize(("told", "certain"), [(8, True), (7, False)])
def test_most_posts_have_text_besides_a_name(told: int, certain: bool) -> None:
    assert doubt(page(list(NAMES), told=told)) == (None if certain else "many posts would be empty")


def test_a_bullet_marks_a_name() -> None:
    lines = page(["• Ada Weir", "• Bede Ash", None, None])
    assert all(not each.is_placed for each in headers(lines) if each.name)
    assert doubt(lines) is None


def test_short_last_lines_of_texts_are_not_people(tmp_path: Path) -> None:
    lines = []
    for n in range(10):
        end = [("Agreed", "Good luck", "Not again", "Poor sheep", "Fair enough")[n // 2]] if n % 2 else []
        lines += [SAID, "", *end, f"{12 - n} hours ago", *(["Reply"] if n % 3 else []), ""]
    (tmp_path / "dump.txt").write_text("\n".join(lines), encoding="utf-8")
    thread = read(tmp_path / "dump.txt")
    assert not any(post.author for post in thread.posts)
    assert "unsure-names" in {each.code for each in thread.problems}


@pytest.mark.parametrize(
    "words",
    ["#1", "#2-1", "1.", "Montag", "Mittwoch,", "mon.", "Datum", "Veröffentlicht am", "Post date"],
)
def test_numbers_of_posts_weekdays_and_labels_name_nobody(words: str) -> None:
    (head,) = headers([f"{words} | 31. July 2019", SAID])
    assert (head.name, head.when) == (None, "31. July 2019")
    named = f"{words.strip('.,')} Ash"
    (head,) = headers([f"{named} | 31. July 2019", SAID])
    assert head.name == named


def test_slashes_between_parts_of_a_line_are_no_part_of_a_name() -> None:
    (head,) = headers(["/ Ada Weir / 10:08 am Fri Jul 19, 2013", SAID])
    assert head.name == "Ada Weir"
    (head,) = headers(["ada/weir | 31 July 2019", SAID])
    assert head.name == "ada/weir"


@pytest.mark.parametrize(("many", "certain"), [(2, True), (3, False)])
def test_one_line_above_all_times_is_nobody(many: int, certain: bool) -> None:
    assert (doubt(page(["polski"] * many)) is None) is certain


def test_one_person_may_be_named_among_others_who_are_not() -> None:
    lines = [f"• Ada Weir - {n} hours ago\n{SAID}\n" if n % 2 else f"{n} hours ago\n{SAID}\n" for n in range(1, 8)]
    assert doubt("\n".join(lines).split("\n")) is None


@pytest.mark.parametrize("says", ["Sagt", "says", "a écrit", "dice"])
def test_what_everybody_does_is_no_part_of_a_name(says: str) -> None:
    lines = [line for name in NAMES[:3] for line in (f"{name} {says} | 4 March 2024", SAID, "")]
    assert [head.name for head in headers(lines)] == list(NAMES[:3])
    # It may be somebody's name.
    assert [head.name for head in headers(lines[:2])] == [f"{NAMES[0]} {says}"]
    others = [line for name in NAMES[3:6] for line in (f"{name} | 4 March 2024", SAID, "")]
    assert headers([*lines, *others])[0].name == f"{NAMES[0]} {says}"
    assert headers([*lines, *others[:6]])[0].name == NAMES[0]


@pytest.mark.parametrize("words", ["Registriert", "updated on", "Joined", "about", "deleted at"])
def test_another_time_begins_no_post(words: str) -> None:
    assert headers([f"{words} 31 July 2019", SAID]) == []
    (head,) = headers([f"{words} Ash | 31 July 2019", SAID])
    assert head.name == f"{words} Ash"
