"""Whom a post answers, by what the page or the post says: names of several words, numbers behind a name or below the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.page.replies import ADDRESSED, _addressed
from support.copied_threads import NAMES, read

WRITING = (0, 1, 2, 3, 4, 5, 6, 7)
SAID = (
    "The wheel was set too high last spring.", "Who paid for the new gate?", "The village paid, in two parts.",
    "It is not in the minutes.", "See the second page, the last line.", "Then the council must have known.",
    "I asked the miller and he laughed.", "Read it again before you shout.",
)  # fmt: skip
ANSWERED = {1: 0, 2: 1, 5: 4, 7: 2}


def parents(path: Path, text: str) -> dict[int, int]:
    """Return the post that each post answers, as the page says; posts are known by their words."""
    path.write_text(text, encoding="utf-8")
    posts = read(path).posts
    place = {post.key: n for post in posts for n, said in enumerate(SAID) if said in post.body}
    said = [post for post in posts if post.parent_by == "page"]
    return {place[post.key]: place[post.parent] for post in said if post.key in place and post.parent in place}


def page(line: str, *, number: bool = False) -> str:
    """Return a page; ``line`` is above or before the words of posts that answer, with the ``{name}`` and the ``{id}`` answered."""
    said = [line.format(name=NAMES[ANSWERED[n]], id=ANSWERED[n] + 1) if n in ANSWERED else "" for n in range(8)]
    own = [f"#{n + 1}\n" if number else "" for n in range(8)]
    return "Comments\n\n" + "\n\n".join(
        f"{own[n]}{NAMES[n]}\n{9 - n} days ago\n{said[n]}{SAID[n]}\nReply" for n in range(8)
    )


def test_a_name_of_two_words_behind_an_at_is_the_person_who_is_answered(tmp_path: Path) -> None:
    assert parents(tmp_path / "dump.txt", page("@{name} ")) == ANSWERED
    assert parents(tmp_path / "dump.txt", page("@{name}, ")) == ANSWERED


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("@Ada" + "Weir".rjust(ADDRESSED - 4), "Ada Weir"), ("@Ada" + "Weir".rjust(ADDRESSED - 3), "Ada"),
        ("@Ada Weir Elm", "Ada Weir Elm"), ("@Ada Weir is it", "Ada Weir"), ("@Ada Weirson", "Ada"), ("@Ada\nWeir", "Ada"),
        ("@Cy. Yes.", "Cy"), ("Ada Weir", None), ("#4 Ada", None),
    ],
)  # fmt: skip
def test_the_longest_name_of_an_author_behind_an_at_is_meant(words: str, name: str | None) -> None:
    assert _addressed(words, {"ada", "ada weir", "ada weir elm"}) == name


def test_the_number_behind_the_name_is_that_of_the_answered_post(tmp_path: Path) -> None:
    assert parents(tmp_path / "dump.txt", page("answering {name} in #{id} here\n", number=True)) == ANSWERED


def test_a_number_below_the_time_is_that_of_the_answered_post(tmp_path: Path) -> None:
    assert parents(tmp_path / "dump.txt", page("#{id}\n", number=True)) == ANSWERED


def test_whom_a_post_answers_is_above_its_title(tmp_path: Path) -> None:
    text = "".join(
        f"{f'Odpowiedź na {NAMES[max(n - 1, 0)]}{chr(10)}{chr(10)}Re: ' if n else ''}Termin\n\n"
        f"autor: {NAMES[n]} - 4 marca 2024, 09:1{n}\n{SAID[n]}\nOdnośnik Odpowiedz\n\n"
        for n in range(8)
    )
    assert parents(tmp_path / "dump.txt", f"Kurs\nForum\nTermin\n{text}") == {n: n - 1 for n in range(1, 8)}
