"""What the ends of a copied page show: where heads begin, which lines are links of the page, and what is quoted whole."""

from __future__ import annotations

import pytest

from rostra.readers.copied.doubts.repeated_posts import without_quoted_posts
from rostra.readers.copied.doubts.unsure_places import without_unsure_places
from rostra.readers.copied.layout import DumpLine, Template, TemplateLine, prepared
from rostra.readers.copied.learning.anchors import FEWEST
from rostra.readers.copied.learning.learn import _without_page
from rostra.readers.copied.learning.line_keys import OWN
from rostra.readers.copied.learning.profile_lines import signed_line
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.learning.wording import worded
from rostra.readers.copied.page import around
from rostra.readers.copied.reading import best_reading
from rostra.readers.copied.records import PostRecord
from rostra.readers.copied.times.time_spans import times

PEOPLE = ("Ada Weir", "Bede Ash", "Cy Weir", "Dora", "Hob Miller")
SAID = (
    "Oil it.",
    "Who has the key?",
    "The wheel was set too high last spring.",
    "Agreed",
    "Ask the miller, he kept the books.",
)


def foot_page(posts: int, below: tuple[str, ...], above: tuple[str, ...] = ("The gate", "Newest first")) -> str:
    """A page that writes the name above each text, and the time and the buttons below it."""
    own = [
        f"{PEOPLE[n % 5]}\n{SAID[n * 2 % 5]} Said {n}.\n{n + 1} mar 2024 9:{n + 10}\nOdpovedat\nSdilet"
        for n in range(posts)
    ]
    return "\n".join([*above, *own, *below])


@pytest.mark.parametrize("posts", [6, 20])
def test_a_name_that_is_not_below_the_last_time_is_above_the_text(posts: int) -> None:
    text = foot_page(posts, ("Napsat komentář…",))
    found = best_reading(prepared(text.split("\n")), text)
    assert found is not None
    assert not found.doubts
    assert [(each.held["author"], each.held["time"]) for each in found.cut.records] == [
        (PEOPLE[n % 5], f"{n + 1} mar 2024 9:{n + 10}") for n in range(posts)
    ]


@pytest.mark.parametrize("links", [0, 1, 2])
def test_times_without_numbers_above_all_others_are_links(links: int) -> None:
    lines = prepared([*["today", "yesterday"][:links], *(f"0{n}.03.2024 08:00" for n in range(1, 6))])
    assert _without_page(lines, list(range(len(lines)))) == list(range(links, len(lines)))


@pytest.mark.parametrize(("others", "left"), [(FEWEST - 1, 0), (FEWEST, 1)])
def test_one_line_at_an_end_with_words_that_no_other_has_is_the_page_s(others: int, left: int) -> None:
    own = [f"0{n}.03.2024 08:00" for n in range(1, others + 1)]
    lines = prepared(["Best of 09.03.2024 08:00", *own])
    assert _without_page(lines, list(range(len(lines)))) == list(range(left, len(lines)))
    lines = prepared([*own, "Best of 09.03.2024 08:00"])
    assert _without_page(lines, list(range(len(lines)))) == list(range(len(lines) - left))


def test_times_without_numbers_between_others_are_no_links() -> None:
    lines = prepared(["today", "03.03.2024 08:00", "yesterday", "04.03.2024 08:00", "05.03.2024 08:00"])
    assert _without_page(lines, list(range(5)))[0] == 0


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Ada Weir 31:20", ["31:20"]),
        ("ada_77 31:20", ["31:20"]),
        ("ada77 9:20", ["9:20"]),
        ("Ada Weir 1:31:20", ["1:31:20"]),
        ("Ada Weir 31:60", []),
        ("Ada Weir 25:20 pm", []),
        ("2024.03.03. 14:05", ["2024.03.03. 14:05"]),
        ("03.03.2024. 14:05", ["03.03.2024. 14:05"]),
        ("On 3 March. 14:05 is late", ["3 March"]),
    ],
)
def test_places_in_recordings_and_full_stops_within_times(line: str, found: list[str]) -> None:
    assert [line[start:end] for start, end in times(line)] == found


@pytest.mark.parametrize("end", ["What would you do?", "- signs: 900", "* signs: 900"])
def test_the_opening_keeps_its_brief_last_paragraph(end: str) -> None:
    lines = [
        "The gate",
        "We are thinking of closing the gate after dark, since the lamps are broken and dear.",
        "",
        end,
        "Me too",
        "",
    ]
    assert around.above(lines, whole=True).opening == (1, 4)


QUOTED = Template(items=(TemplateLine("{author}"), TemplateLine("{time}"), TemplateLine("{body}")))


def quoted_of(posts: list[tuple[str, str, list[str]]]) -> list[int]:
    """The posts that nobody is named for, each given by author, time and text."""
    lines: list[DumpLine] = prepared([each for who, when, said in posts for each in (who, when, *said)])
    found, at = [], 0
    for who, when, said in posts:
        held = {"author": who, "time": when}
        found.append(PostRecord(template=QUOTED, first=at, column=0, held=held, body=(at + 2, at + 2 + len(said))))
        at += 2 + len(said)
    return [n for n, record in enumerate(without_quoted_posts(lines, found)) if "author" not in record.held]


WORDS = "Who has the big key?"


@pytest.mark.parametrize(
    ("words", "when", "introduced", "unnamed"),
    [
        (WORDS, "3/4 9:12", ["In reply:"], [2]),
        (WORDS[:-1] + "…", "3/4 9:12", ["In reply:"], []),
        (WORDS, "3/4 9:12", [], [2]),
        (WORDS, "3/4 9:12", ["In reply", "to this"], []),
        (WORDS, "3 years ago", ["In reply:"], []),
    ],
)
def test_nobody_is_named_for_a_post_that_is_quoted_whole(
    words: str, when: str, introduced: list[str], unnamed: list[int]
) -> None:
    posts = [
        ("Ada", when, [WORDS, "I have lost mine."]),
        ("Bede", "3/4 9:15", introduced),
        ("Ada", when, [words, "I have it."]),
    ]
    assert quoted_of(posts) == unnamed


def test_a_post_sent_twice_in_a_row_is_no_quotation() -> None:
    assert quoted_of([("Ada", "3/4 9:12", [WORDS]), ("Ada", "3/4 9:12", [WORDS])]) == []


@pytest.mark.parametrize(("between", "unnamed"), [(1, [3]), (2, [])])
def test_as_many_posts_of_one_author_and_time_are_compared_as_anybody_writes(
    monkeypatch: pytest.MonkeyPatch, between: int, unnamed: list[int]
) -> None:
    monkeypatch.setattr("rostra.readers.copied.doubts.repeated_posts.MANY", 2)
    others = [("Ada", "3/4 9:12", [f"The {n} keys are all in the big drawer."]) for n in range(between)]
    posts = [
        ("Ada", "3/4 9:12", [WORDS]),
        *others,
        ("Bede", "3/4 9:15", ["In reply:"]),
        ("Ada", "3/4 9:12", [WORDS, "So."]),
    ]
    assert quoted_of(posts) == unnamed


@pytest.mark.parametrize(("signed", "found"), [(9, True), (8, False)])
def test_nearly_all_lines_end_in_the_author_s_name(signed: int, found: bool) -> None:
    keys = {n: f"text {'abcdefghij'[n]} by {OWN}" if n < signed else "text" for n in range(10)}
    assert (signed_line(keys) is not None) is found


@pytest.mark.parametrize(("which", "completes"), [(range(4, 7), False), (range(4, 8), True), (range(3, 9), False)])
def test_one_of_two_lines_is_where_the_other_is_absent(which: range, completes: bool) -> None:
    side = Side(prepared(["x"] * 12), list(range(10)), [12] * 10, 1, frozenset())
    side.take(range(4), TemplateLine("{number}", optional=True))
    assert side.completes_last(which) is completes


def test_a_button_with_a_number_or_without_is_no_topic() -> None:
    made = Template(
        items=tuple(
            TemplateLine(p.removeprefix("? "), p[0] == "?")
            for p in ("{author}", "{body}", "{time}", "? helpful", "? helpful ({number})")
        )
    )
    lines = prepared(["Ada", "Oil it.", "1h", "helpful", "Bede", "Yes.", "1h", "Cy", "No.", "1h", "Dora", "So.", "1h"])
    records = [
        PostRecord(template=made, first=at, column=0, held={"author": who}, body=(at + 1, at + 2))
        for at, who in ((0, "Ada"), (4, "Bede"), (7, "Cy"), (10, "Dora"))
    ]
    assert all("author" in each.held for each in without_unsure_places(lines, records))


def test_names_in_two_places_do_not_hide_the_words_of_the_page() -> None:
    pairs = [
        ("tom", "ann"),
        ("ann", "bede"),
        ("bede", "tom"),
        ("cy", ""),
        ("ann", "cy"),
        ("tom", ""),
        ("dora", "tom"),
        ("bede", "ann"),
    ]
    found = worded(
        prepared(
            [f"{who} - 3.3.2024 9:{n + 10}{f' (na: {other})' if other else ''}" for n, (who, other) in enumerate(pairs)]
        )
    )
    assert found is not None
    assert found.names == [who for who, _ in pairs]


def test_free_words_around_a_time_are_no_wording() -> None:
    said = ["we met {} at the mill", "closed {} for good", "until {} nobody came", "sold {} to Cy"]
    found = worded(prepared([each.format(f"0{n + 1}.03.2024 08:00") for n, each in enumerate(said)]), named=False)
    assert found is None
