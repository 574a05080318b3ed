"""Test what tells the lines of the page above the posts, and quotations in them, from the heads of posts."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.learning import edges, learn
from rostra.readers.copied.learning.anchors import anchor_groups
from rostra.readers.copied.page import heading_lines
from rostra.readers.copied.page.around import HEADED, HELP, above
from rostra.readers.copied.page.titles import BRIEF, opening_title
from rostra.readers.copied.times.dates import MONTHS, without_months
from support.copied_threads import read

PEOPLE = ("Ada Weir", "Bede Miller", "Cy Noor", "Dee Ash")
FOOTED = PageLayout(templates=(template("{author}\n{time}\n{body}\nAnswer it"),))


def posts(many: int, *foot: str) -> list[str]:
    return [line for n in range(many) for line in (PEOPLE[n % 4], f"{n + 2} hours ago", f"So {n} it goes, as it does.", *foot, "")]  # fmt: skip


@pytest.mark.parametrize(("quoted", "heads"), [(3, 4), (4, 8)])
def test_lines_that_end_in_a_colon_are_no_heads_if_most_do_not(quoted: int, heads: int) -> None:
    lines = [*posts(4), *(f"On {n + 1} March 2024 Ada said:" for n in range(quoted))]
    assert max(map(len, anchor_groups(prepared(lines)))) == heads


@pytest.mark.parametrize(
    ("lacking", "many", "first"),
    [(learn.ABOVE, 10, 2), (learn.ABOVE, 9, 0), (learn.ABOVE + 1, 11, 0), (0, 11, 0)],
)
def test_lines_with_times_above_the_posts_lack_what_nearly_all_others_have(lacking: int, many: int, first: int) -> None:
    lines = prepared([*posts(lacking), *posts(many, "Answer it"), *posts(11 - many), *posts(1)])
    anchors = [n for n, line in enumerate(lines) if line.times]
    layout = template("{author}\n{time}\n{body}\n? Answer it")
    assert learn._above_posts(lines, anchors, layout) == first


def test_lines_with_times_above_the_posts_teach_nothing() -> None:
    top = [line for n in range(learn.ABOVE) for line in (f"Link {n}", f"{n + 1} hours ago", f"Read {n * 'x'} on", "")]
    found = max(learn.learned_layouts(prepared([*top, *posts(8, "Answer it")])), key=lambda each: each.score)
    assert len(found.times) == 8
    assert str(found.layout.templates[-1]) == "{author}\n{time}\n{body}\nanswer it"


@pytest.mark.parametrize(
    ("top", "first"),
    [
        (["Ada Weir", "1 hour ago", "Read on", ""], 1),
        (["Ada Weir", "1 hour ago", "Read on", "", "Cy Noor", "2 hours ago", "Read on", ""], 2),
        (["Ada Weir", "1 hour ago", "This is the text of the opening, and it has no button.", ""], 0),
        (["Cy Noor", "1 hour ago", "Read on", "", "Ada Weir", "2 hours ago", "This is the opening, you see.", ""], 1),
        (["Law of mills", "Esk Moor", "1 hour ago", "It begins, and nobody is named.", ""], 1),
        (["Ada Weir", "1 hour ago", "Read on", "Answer it", ""], 0),
    ],
)
def test_first_records_without_the_foot_belong_to_the_page_unless_they_say_something(
    top: list[str], first: int
) -> None:
    lines = prepared([*top, *posts(6, "Answer it")])
    found = cut(lines, FOOTED)
    assert found is not None
    left = edges.without_page_above(lines, found)
    assert (left.records, left.above) == (found.records[first:], found.records[first].first)


@pytest.mark.parametrize(
    ("top", "author"), [("Recommended answers", "Ada Weir"), ("Recommended answers, by age.", "Ada Weir")]
)
def test_the_line_above_the_first_post_is_the_page_s_if_its_author_writes_again(top: str, author: str) -> None:
    found = cut(prepared([top, *posts(6, "Answer it")]), FOOTED)
    assert found is not None
    assert found.records[0].held.get("author") == author


def test_a_name_is_unsure_if_nothing_else_names_its_bearer() -> None:
    first = ["Recommended answers", "Esk Moor", "1 hour ago", "It goes.", "Answer it", ""]
    found = cut(prepared([*first, *posts(6, "Answer it")]), FOOTED)
    assert found is not None
    assert "author" not in found.records[0].held
    # Below another post it may be the name of somebody who is answered.
    later = ["Esk Moor", "Ada Weir", "1 hour ago", "It goes.", "Answer it"]
    found = cut(prepared([*posts(6, "Answer it"), *later]), FOOTED)
    assert found is not None
    assert "author" not in found.records[-1].held


CRUMBS = "Home › Mill › The race"
LONG = "The deed names the wheel and not the water, and so it is hard to say whose it is."


@pytest.mark.parametrize(("length", "title"), [(HELP - 1, "The gate"), (HELP, "The town of the mill")])
def test_breadcrumbs_end_the_navigation_of_a_site(length: int, title: str) -> None:
    said = f"{'It goes on and on ' * 20}"[: length - 1].replace("  ", " ") + "."
    assert len(said) == length
    found = above(["The town of the mill", "Law", said, CRUMBS, "The gate"], whole=False)
    assert found.title == title


def test_breadcrumbs_at_the_end_have_nothing_below_them() -> None:
    assert above(["The town of the mill", "The gate of it all", LONG, CRUMBS], whole=False).opening[1] == 3


@pytest.mark.parametrize(("lines", "title"), [(["The gate", "The town of the old mill", "The gate", LONG], "The gate"), (["The gate", "The town of the old mill", LONG], "The town of the old mill"), (["Law", "The town of the old mill", "Law", LONG], "The town of the old mill")])  # fmt: skip
def test_a_line_that_the_page_repeats_is_its_title(lines: list[str], title: str) -> None:
    assert above(lines, whole=True).title == title


@pytest.mark.parametrize(
    ("words", "title"),
    [("The gate", "The gate"), ("x" * BRIEF, "x" * BRIEF), ("x" * (BRIEF + 1), None), ("The gate\nis shut", None), (" \n", None)],
)  # fmt: skip
def test_a_brief_opening_is_the_title_too(words: str, title: str | None) -> None:
    assert opening_title(words) == title


@pytest.mark.parametrize(("date", "opening"), [("March 12, 2019", (1, 4)), ("and so on", (0, 4))])
def test_a_sentence_above_what_the_page_says_of_the_thread_is_its_title(date: str, opening: tuple[int, int]) -> None:
    lines = [
        "Who looked at the gate since the flood?",
        date,
        "",
        "Nobody has looked at it, and it squeaks every night.",
    ]
    found = above(lines, whole=True)
    assert (found.title is not None) is (opening[0] > 0)
    assert found.opening == opening


NAVIGATION = ["The mill", "News", "Places", "Law of mills", "Weirs of the north", "Sheep", "Law of mills", "Keys", ""]


@pytest.mark.parametrize("beside", range(HEADED + 1))
def test_the_title_is_what_is_above_the_date_of_the_article(beside: int) -> None:
    told = ["4 March 2024", *["By Ada Weir", "Views", "Mills"][: beside - 1]] if beside else []
    article = "The gate of the upper mill was opened at night, and the water ran out before the morning came."
    found = above([*NAVIGATION, "Who opened the gate?", *told, article], whole=True, posts=9)
    headed = 0 < beside < HEADED
    assert found.title == ("Who opened the gate?" if headed else "Law of mills")
    if headed:
        assert min(found.left) == 0
        assert found.opening == (len(NAVIGATION) + 1, len(NAVIGATION) + len(told) + 2)


@pytest.mark.parametrize(("written", "kept"), [(2, True), (1, False)])
def test_brief_lines_below_the_date_are_the_opening_if_most_end_as_a_text_does(written: int, kept: bool) -> None:
    said = [*["* the weir", "Any others?"][:written], "the mill"]
    found = above(
        [*NAVIGATION, "Where do you look for gates?", "17 points by ada 11 days ago | comments", *said], whole=True
    )
    assert found.title == "Where do you look for gates?"
    assert (found.opening != (0, 0)) is kept
    # A single line, and lines without a date above them, are of the page.
    assert above([*NAVIGATION, "Where do you look?", "17 points by ada 11 days ago", "Any others?"], whole=True).opening == (0, 0)  # fmt: skip
    assert above([*NAVIGATION, "Where do you look?", *said], whole=True).opening == (0, 0)


@pytest.mark.parametrize("own", ["6 March 2024 at 10:21", "May 2019"])
def test_the_months_of_an_archive_begin_no_posts(own: str, tmp_path: Path) -> None:
    """Though posts may have a month for their time."""
    archive = [f"{month} {year}" for year in (2018, 2017) for month in ("March", "April", "June", "July", "August")]
    said = [line for n in range(8) for line in (PEOPLE[n % 4], own.replace("6", f"{n + 1}"), f"So {n} it goes, as it does.", "Answer it", "")]  # fmt: skip
    (tmp_path / "page.txt").write_text("\n".join([*said, "Archive", *archive, "Keys"]), encoding="utf-8")
    assert [post.author and post.author.name for post in read(tmp_path / "page.txt").posts if post.kind == "post"] == [*PEOPLE, *PEOPLE]  # fmt: skip


@pytest.mark.parametrize(
    ("months", "listed"),
    [
        (["May 2019", "April 2019 (12)", "March 2019"], True),
        (["May 2019", "April 2019"], False),
        (["May 2019", "April 2019", "3 March 2019"], False),
        (["May 2019", "April 2019", "In March 2019"], False),
    ],
)
def test_a_list_of_months_has_no_times(months: list[str], listed: bool) -> None:
    assert len(months) in (MONTHS, MONTHS - 1)
    lines = prepared(["It goes.", *months, "It does."])
    assert all(not line.times for line in without_months(lines)) is listed
    assert [line.text for line in without_months(lines)] == [line.text for line in lines]


def test_times_below_the_posts_do_not_make_names_unsure(tmp_path: Path) -> None:
    said = [line for n in range(8) for line in (PEOPLE[n % 4], f"{n + 1} March 2024 at 10:21", f"So {n} it goes, as it does.", "")]  # fmt: skip
    below = ["The best keys (March 2024)", "The best weirs (March 2024)", "All gates (18 March 2024)"]
    (tmp_path / "page.txt").write_text("\n".join([*said, *below]), encoding="utf-8")
    assert [post.author and post.author.name for post in read(tmp_path / "page.txt").posts if post.kind == "post"] == [*PEOPLE, *PEOPLE]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("by @Ada Weir", True), ("Ada Weirson", False), ("Ada", False), ("", False),
        ("started here in March by Bede", True), ("it was started here in March by Bede", False),
    ],
)  # fmt: skip
def test_a_line_of_few_words_with_an_author_says_who_wrote(line: str, found: bool) -> None:
    assert heading_lines.has_byline(line, {"ada weir", "bede"}) is found


def test_lines_near_the_top_are_again_elsewhere() -> None:
    lines = [f"Gate {n} of the mill" for n in range(heading_lines.NAMED + 1)]
    again = heading_lines.lines_again(lines, range(len(lines)), ["Mill: gate  0 OF the mill", *lines[-2:]])
    assert again == {0, len(lines) - 2}
    assert heading_lines.lines_again(["Gate", "Log in"], [0, 1], ["Gate"]) == frozenset()
