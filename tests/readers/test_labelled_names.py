"""Which of several lines with labels at a time is the author's name, as in a guestbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.text.headers import LABELLED_TIMES, headers
from support.copied_threads import read

WHO = ("Ada Weir", "Bede Ash", "Cy Thorn", "Ada Weir", "Dora Lind", "Bede Ash", "Emeka Obi", "Cy Thorn", "Dora Lind")
SHARED = {"Ada Weir": "Hull", "Bede Ash": "Oslo", "Cy Thorn": "Bern", "Dora Lind": "Hull", "Emeka Obi": "Oslo"}
OWN = {**SHARED, "Dora Lind": "Kiel", "Emeka Obi": "Ghent"}
SAID = ("It leaks again.", "Who has the key to the gate?", "I saw a heron there, with a fish.")


def authors(path: Path, post: str, places: dict[str, str] | None = None, posts: int = len(WHO)) -> set[str]:
    """Return whom the page names as authors of ``posts``."""
    path.write_text(
        "\n\n".join(
            post.format(who=who, place=(places or SHARED)[who], day=n + 1, said=SAID[n % len(SAID)])
            for n, who in enumerate(WHO[:posts])
        )
    )
    return {each.author.name for each in read(path).posts if each.author and each.author.name}


@pytest.mark.parametrize(
    "post",
    [
        "Name: {who}\nFrom: {place}\nDate: {day} May 2023\n{said}",
        "From: {place}\nName: {who}\nDate: {day} May 2023\n{said}",
        "From: {place}\nDate: {day} May 2023\nName: {who}\n{said}",
        "Date: {day} May 2023\nFrom: {place}\nName: {who}\n{said}",
        "Name: {who}\nDate: {day} May 2023\n{said}",
    ],
)
def test_a_person_has_one_place_which_others_share(tmp_path: Path, post: str) -> None:
    assert authors(tmp_path / "page.txt", post) == {*WHO}


def test_nobody_is_named_if_each_name_has_a_place_of_its_own(tmp_path: Path) -> None:
    assert not authors(tmp_path / "page.txt", "Name: {who}\nFrom: {place}\nDate: {day} May 2023\n{said}", OWN)


@pytest.mark.parametrize(("posts", "names"), [(LABELLED_TIMES - 1, {"Season"}), (LABELLED_TIMES, set())])
def test_a_word_before_all_times_is_their_label(tmp_path: Path, posts: int, names: set[str]) -> None:
    assert authors(tmp_path / "page.txt", "Season: {day} May 2023\n{said}", posts=posts) == names


def test_a_label_is_no_name_where_other_times_have_none() -> None:
    lines = [line for _ in range(LABELLED_TIMES) for line in ("Season: 4 March 2024", "It goes.", "")]
    assert {header.name for header in headers(["#1 | 3 March 2024", "It went.", "", *lines])} == {None}
