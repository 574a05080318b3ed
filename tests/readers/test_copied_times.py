"""A date with a time of day is read as a local time if every word of it is certain, and otherwise shown as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.times.local_times import day_order, local_time
from rostra.readers.copied.times.time_spans import times
from support.copied_threads import assembled, read

AT = "2024-03-04T08:05:00"
CERTAIN = {
    "Mar 4, 2024 8:05 AM": AT,
    "Mar. 4th, 2024 @ 8:05 am": AT,
    "Monday, 4 March 2024 at 08:05": AT,
    "8:05 AM on March 4, 2024": AT,
    "2024-03-04T08:05": AT,
    "2024/03/04 08:05:09": "2024-03-04T08:05:09",
    "04.03.2024, 8.05 Uhr": AT,
    "4. März 2024 um 8:05 Uhr": AT,
    "4 mars 2024 à 8h05": AT,
    "4 de marzo de 2024, 8:05": AT,
    "4 марта 2024 г. в 8:05": AT,
    "2024年3月4日 8:05": AT,
    "2024년 3월 4일 오후 8:05": "2024-03-04T20:05:00",
    "March 4, 2024, 12:00 AM": "2024-03-04T00:00:00",
    "March 4, 2024, 12:00 PM": "2024-03-04T12:00:00",
    "4 March 1970 8:05": "1970-03-04T08:05:00",
}
UNCERTAIN = [
    "March 4, 2024",
    "8:05",
    "March 4, 8:05",
    "yesterday, 8:05",
    "2024-03-04 8:05 CET",
    "2024年3月4日 晚上 8:05",
    "4 listopada 2024 08:05",  # November in Polish, October in Croatian
    "4 Mar 24 8:05",
    "Feb 30, 2024 8:05",
    "March 4, 2024 13:05 PM",
    "March 4, 2024 24:05",
    "March 4, 2024 8:5",
    "4 March 1969 8:05",
    "1403/01/05 08:05",
    "03/04/2024 8:05",
]


@pytest.mark.parametrize("written", CERTAIN)
def test_a_certain_time_is_read(written: str) -> None:
    assert local_time(written, None) == CERTAIN[written]


@pytest.mark.parametrize("written", UNCERTAIN)
def test_an_uncertain_time_is_not_read(written: str) -> None:
    assert local_time(written, None) is None


@pytest.mark.parametrize(
    ("dates", "read_as"),
    [
        (["13/04/2024 8:05", "03/04/2024 8:05"], "2024-04-03T08:05:00"),
        (["04/13/2024 8:05", "03/04/2024 8:05"], "2024-03-04T08:05:00"),
        (["12/04/2024 8:05", "03/04/2024 8:05"], None),
        (["13/04/2024 8:05", "04/13/2024 8:05", "03/04/2024 8:05"], None),
    ],
)
def test_other_times_of_the_page_show_which_number_is_the_day(dates: list[str], read_as: str | None) -> None:
    assert local_time(dates[-1], day_order(dates)) == read_as


def test_posts_are_in_the_order_of_their_times_and_one_problem_says_that_there_is_no_zone(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    said = [("Ada", 6, "The gate leaks."), ("Bede", 5, "Who oils it?"), ("Cy", 4, "The wheel squeaks.")]
    path.write_text("\n".join(f"{who}\nMarch {day}, 2024 8:05 AM\n{words}\nReply\n" for who, day, words in said))
    thread = assembled(read(path))
    found = [post.raw for post in thread.posts if post.raw.kind == "post"]
    assert [(each.author and each.author.name, each.created_local) for each in found] == [
        (who, f"2024-03-0{day}T08:05:00") for who, day, _ in reversed(said)
    ]
    assert [each.code for each in thread.problems].count("no-zone") == 1


@pytest.mark.parametrize(
    "said",
    ["منذ 3 أيام", "منذ يومين", "قبل ساعة", "قبل ساعة واحدة", "منذ ساعة", "منذ 10 دقائق", "לפני שעה", "לפני יומיים"],
)
def test_pages_word_times_otherwise_than_the_cldr(said: str) -> None:
    assert [said[start:end] for start, end in times(said)] == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Comment by Ada — 17.07, 2011 @ 13:04", "17.07, 2011 @ 13:04"),
        ("Comment by Ada — 17.07, 2011 13:04", "17.07, 2011 13:04"),
        ("It is at 1.07, 2011 was better", None),
    ],
)
def test_a_day_and_a_month_may_be_parted_from_the_year_by_a_comma(text: str, said: str | None) -> None:
    found = [text[start:end] for start, end in times(text)]
    assert found == ([said] if said else [])
    if said:
        assert str(local_time(said, None)) == "2011-07-17T13:04:00"
