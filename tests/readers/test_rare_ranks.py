"""Test lines that few posts have between the name and the time, and words about changes behind a time."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.rare_ranks import with_ranks
from rostra.readers.copied.layout import PageLayout, TemplateLine, prepared, template
from rostra.readers.copied.times.edited import EDITED

PLAIN = "{author}\n{time}\n{body}"
NUMBERED = "{author}\n? Comment {number}\n{time}\n{body}"

Post = tuple[str, ...]
"""The lines of a post above its time."""


def named(posts: list[Post], layout: str = PLAIN) -> tuple[list[str | None], list[str]]:
    """Return the author of each post, and the lines that the layout has gained."""
    text = [line for n, post in enumerate(posts) for line in ("", *post, f"{n + 1} hours ago", f"So {n} it goes.")]
    lines = prepared(text)
    known = PageLayout(templates=(template(layout),))
    found = cut(lines, known)
    assert found is not None
    found = with_ranks(lines, found)
    own = known.templates[0].items
    return [each.held.get("author") for each in found.records], [
        str(item) for item in found.layout.templates[0].items if item not in own
    ]


OTHERS: list[Post] = [("Bede Miller",), ("Cy Noor",), ("Dee Ash",)]


@pytest.mark.parametrize(("many", "gained"), [(2, ["? reporter"]), (1, [])])
def test_a_rank_is_always_below_one_name(many: int, gained: list[str]) -> None:
    authors, lines = named([*OTHERS, *[("Ada Weir", "Reporter")] * many])
    assert lines == gained
    assert authors[3:] == (["Ada Weir"] * many if gained else [None])


@pytest.mark.parametrize(
    "posts",
    [
        [("Ada Weir", "Esk Moor"), ("Ada Weir", "Esk Moor"), ("Esk Moor",)],  # Esk also writes without her
        [("Ada Weir", "Esk Moor"), ("Ada Weir", "Esk Moor"), ("Ada Weir",)],  # she also writes without the line
        [("Ada Weir", "Esk Moor"), ("Flo Reed", "Esk Moor")],  # below two names
        [("Ada Weir", "", "Esk Moor"), ("Ada Weir", "", "Esk Moor")],  # with space between
        [("So it ended, as usual.", "Esk Moor"), ("So it ended, as usual.", "Esk Moor")],  # below a sentence
    ],
)
def test_a_name_below_another_is_no_rank(posts: list[Post]) -> None:
    authors, lines = named([*OTHERS, *posts])
    assert lines == []
    assert "Ada Weir" not in authors[3:5]


def numbered(first: Post, many: int, rest: int = 0) -> list[Post]:
    return [first, *(("Ada Weir", f"Comment {n}") for n in range(many)), *[("Bede Miller",)] * rest]


@pytest.mark.parametrize(("many", "rest", "author"), [(6, 4, "Ada Weir"), (5, 4, None)])
def test_the_first_post_may_have_another_word_where_most_have_a_number(
    many: int, rest: int, author: str | None
) -> None:
    authors, lines = named(numbered(("Ada Weir", "Description"), many, rest), NUMBERED)
    assert (authors[0], lines) == (author, ["? description"] if author else [])


@pytest.mark.parametrize("first", [("Esk Moor", "Description"), ("Ada Weir", "Comment 9"), ("Ada Weir", "It is so, and not."), ("Ada Weir",)])  # fmt: skip
def test_only_a_name_that_others_have_is_above_the_word(first: Post) -> None:
    assert named(numbered(first, 6), NUMBERED)[1] == []


@pytest.mark.parametrize("layout", [PLAIN, "{author}\n? Pinned\n{time}\n{body}", "{author}\n? {number}\n{time}\n{body}"])  # fmt: skip
def test_without_a_numbered_line_nothing_is_expected_there(layout: str) -> None:
    assert named([("Ada Weir", "Description"), *[("Ada Weir",)] * 3, *OTHERS], layout)[1] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Posted 4 March 2024", True), ("Posted 4 March 2024 (edited)", True), ("Posted 4 March 2024 · Edited", True), ("Posted 4 March 2024 [bearbeitet]", True),
        ("Posted 4 March 2024 (This post was last modified: 5 March 2024 by Ada.)", True), ("Posted 4 March 2024 (in the mill)", False),
        ("Posted 4 March 2024 credited", False), ("Posted 4 March 2024 edited by Ada", False), ("edited", False),
    ],
)  # fmt: skip
def test_a_line_with_a_time_may_end_in_a_word_about_a_change(line: str, found: bool) -> None:
    held = TemplateLine("Posted {time}").match(prepared([line])[0])
    assert held == ({"time": "4 March 2024"} if found else None)


def test_a_layout_that_names_the_change_keeps_it() -> None:
    held = TemplateLine("{time} (edited {edited})").match(prepared(["4 March 2024 (edited 5 March 2024)"])[0])
    assert held == {"time": "4 March 2024", "edited": "5 March 2024"}


@pytest.mark.parametrize("word", ["edited", "Bearbeitet", "modifié", "modifiée", "изменено", "изменён", "編集済み", "수정됨", "edytowano"])  # fmt: skip
def test_words_about_changes(word: str) -> None:
    assert EDITED.fullmatch(word)
