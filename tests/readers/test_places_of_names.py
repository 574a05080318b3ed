"""Evidence that tells names from places, ranks, initials and lines of the page: what recurs, what decides what, and space."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.unsure_places import NEAR, without_unsure_places
from rostra.readers.copied.layout import PageLayout, TemplateLine, prepared, template
from rostra.readers.copied.learning.candidates import are_shared
from rostra.readers.copied.learning.profile_lines import RANKS, first_lines, have_ranks
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.matching import matched
from rostra.readers.copied.page import page_below
from rostra.readers.copied.times.time_spans import times
from support.copied_threads import NAMES, read

SAID = (
    "The wheel was set too high last spring, and everybody saw it.", "Who paid for the new gate? Nobody has seen a bill.",
    "The village paid, in two parts.", "It is not in the minutes.", "See the second page, the last line.",
    "Then the council must have known.", "I asked the miller and he laughed.", "Read it again before you shout.",
    "Nobody has shouted so far, I think.",
)  # fmt: skip
WRITING = (0, 1, 2, 0, 3, 1, 2, 4)
"""The people who write the posts, by their place in ``NAMES``."""


def authors(path: Path, text: str) -> list[str | None]:
    path.write_text(text, encoding="utf-8")
    return [post.author and post.author.name for post in read(path).posts if post.body.strip() in SAID]


WRITERS = [NAMES[n] for n in WRITING]


@pytest.mark.parametrize(
    ("values", "names", "shared"),
    [("aabbaabb", "pqrstppp", True), ("abcabcab", "pqrstppp", True), ("abcdabcd", "pqrstppp", False), ("abcaabcd", "pqrstuvw", False), ("aabbaabb", "pqrpqrpp", False)],
)  # fmt: skip
def test_far_fewer_values_than_names_are_places(values: str, names: str, shared: bool) -> None:
    assert are_shared(values, names) is shared


@pytest.mark.parametrize(
    ("names", "ranks", "found"),
    [("aabbcd", "xxyyxx", True), ("aabcde", "xxyxxx", False), ("aabbcd", "xyyyxx", False), ("aabbcd", "wwxxyz", False)],
)
def test_people_share_ranks_and_have_one(names: str, ranks: str, found: bool) -> None:
    assert have_ranks(list(zip(names, ranks, strict=True))) is found


def tops(blocks: list[str]) -> list[int] | None:
    """Return how many lines are between the names and the times of blocks with a blank line above each."""
    lines = prepared("\n\n".join(f"{block}\n3 days ago\n{SAID[0]}" for block in ["Zoe Zed", *blocks]).split("\n"))
    anchors = [n for n, line in enumerate(lines) if line.times]
    pairs = list(pairwise(anchors))
    return first_lines(Side(lines, [b - 1 for _, b in pairs], [a for a, _ in pairs], -1, frozenset()))


def test_names_are_below_blank_lines_with_ranks_that_some_have() -> None:
    blocks = ["Ada Weir", "Bede Ash\nMiller", "Ada Weir", "Bede Ash", "Cy Noor"]
    assert tops(blocks) == [0, 1, 0, 0, 0]
    assert tops([*blocks[:3], "Esk Ford", "Cy Noor"]) is None  # one name recurs
    assert tops(["Ada Weir", "Bede Ash", "Ada Weir", "Bede Ash"]) is None  # no line is between
    assert tops(["Ada Weir\nMiller", "Bede Ash\nMiller", "Ada Weir\nMiller", "Bede Ash\nMiller"]) is None
    assert tops([*blocks, "Miller"]) is None  # what is between is no name
    assert tops([*blocks, "Dora Lock" + "\nof the mill" * RANKS]) == [0, 1, 0, 0, 0, RANKS]
    assert tops([*blocks, "Dora Lock" + "\nof the mill" * (RANKS + 1)]) is None


def test_a_rank_above_some_times_is_no_name(tmp_path: Path) -> None:
    ranks = {1: "Senior miller\n", 4: "Miller\nof the brook\n"}
    text = "\n\n".join(f"{NAMES[who]}\n{ranks.get(n, '')}{n + 2} days ago\n{SAID[n]}" for n, who in enumerate(WRITING))
    assert authors(tmp_path / "dump.txt", f"Comments\n\n{text}\n") == WRITERS


def test_space_decides_between_lines_that_match() -> None:
    lines = prepared(["Answer", "", "Ada Weir", "Miller"])
    items = (TemplateLine("{any}", optional=True, many=True, spaced=False), TemplateLine("{author}", spaced=True))
    found = matched(lines, range(2, -1, -1), items, 2, None)
    assert found is not None
    assert [(item.pattern, n) for item, n in found.pairs] == [("{any}", 2), ("{author}", 1)]
    apart = prepared(["Ada Weir", "", "Miller"])
    alone = matched(apart, range(1, -1, -1), items, 2, None)
    assert alone is not None
    assert [n for _, n in alone.pairs] == [1]


@pytest.mark.parametrize(("joined", "unnamed"), [(1, 1), (2, 0)])
def test_a_name_without_space_above_it_is_unsure_if_nearly_all_others_have_some(joined: int, unnamed: int) -> None:
    people = [f"{chr(65 + n)}sk Ford" for n in range(13)]
    text = "\n".join(f"{'' if n in range(3, 3 + joined) else chr(10)}{who}\n{n + 2} days ago\nIt squeaks." for n, who in enumerate(people))  # fmt: skip
    found = cut(lines := prepared(text.split("\n")), PageLayout(templates=(template("{author}\n{time}\n{body}"),)))
    assert found is not None
    named = ["author" in each.held for each in without_unsure_places(lines, found.records)]
    assert Counter(named)[False] == unnamed


@pytest.mark.parametrize(("above", "unnamed"), [(NEAR - 1, 1), (NEAR, 0)])
def test_space_above_a_name_counts_if_the_name_is_near_the_first_line_of_its_head(above: int, unnamed: int) -> None:
    marks = ["Up", "Down", "Off", "On"][:above]
    people = [f"{chr(65 + n)}sk Ford" for n in range(13)]
    posts = (
        [*marks, *([""] if n != 3 else []), who, f"{n + 2} days ago", "It squeaks."] for n, who in enumerate(people)
    )
    lines = prepared([line for post in posts for line in post])
    page = "\n".join([*marks, "{author}", "{time}", "{body}"])
    found = cut(lines, PageLayout(templates=(template(page),)))
    assert found is not None
    assert sum("author" not in each.held for each in without_unsure_places(lines, found.records)) == unnamed


def test_a_line_of_the_page_in_the_place_of_a_name_is_none() -> None:
    who = [*WRITERS[:3], "Mill Mark", *WRITERS[4:]]
    lines = prepared([line for n, name in enumerate(who) for line in ("Mill mark", name, f"{n + 2} days ago", SAID[n])])
    found = cut(lines, PageLayout(templates=(template("Mill mark\n{author}\n{time}\n{body}"),)))
    assert found is not None
    named = [each.held.get("author") for each in without_unsure_places(lines, found.records)]
    assert named == [*WRITERS[:3], None, *WRITERS[4:]]


def test_places_beside_times_are_no_names(tmp_path: Path) -> None:
    places = ("Hull", "Kent", "Hull", "Kent", "Hull", "Kent", "Kent", "Hull", "Hull")
    text = "\n\n".join(f"{NAMES[who]}\n2024-03-0{n + 1} 10:10 {places[n]}\n{SAID[n]}\nReply" for n, who in enumerate((*WRITING, 2)))  # fmt: skip
    assert authors(tmp_path / "dump.txt", f"Comments\n\n{text}\n") == [*WRITERS, NAMES[2]]


def test_initials_in_place_of_a_picture_are_no_names(tmp_path: Path) -> None:
    text = "\n\n".join(
        f"{''.join(word[0] for word in NAMES[who].split())}\n{NAMES[who]} · {n + 2} days ago\n{SAID[n]}\nReact\nReply"
        for n, who in enumerate(WRITING)
    )
    assert authors(tmp_path / "dump.txt", f"Activity\n\n{text}\n") == WRITERS


def test_the_name_above_the_first_text_recurs_and_the_line_below_the_last_does_not(tmp_path: Path) -> None:
    text = "\n".join(
        f"{NAMES[who]}\n{SAID[n]}\n2024-03-0{n + 1} 10:10\n{n + 3}\nReply" for n, who in enumerate(WRITING)
    )
    assert authors(tmp_path / "dump.txt", f"Best\nNewest\n\n{text}\nNo more\n") == WRITERS


def test_a_rank_that_three_people_have_is_told_and_everybody_is_named(tmp_path: Path) -> None:
    text = "\n\n".join(
        f"{NAMES[who]}\n{'Maker' + chr(10) if n in (1, 2, 3) else ''}{SAID[n]}\nUpvote ({n + 3})\nShare\n{n + 2}d ago"
        for n, who in enumerate(WRITING)
    )
    assert authors(tmp_path / "dump.txt", f"Discussion\n\n{text}\n") == WRITERS


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("26 มิ.ย. 2567 11:57", "26 มิ.ย. 2567 11:57"), ("4 mars 2024 kl. 14:22", "4 mars 2024 kl. 14:22"),
        ("4 Mart 2024 Pazartesi 10:12", "4 Mart 2024 Pazartesi 10:12"), ("4 tháng 3 lúc 10:12", "4 tháng 3 lúc 10:12"),
        ("3 ώρες πριν", "3 ώρες πριν"), ("2 ชั่วโมงที่แล้ว", "2 ชั่วโมงที่แล้ว"),
    ],
)  # fmt: skip
def test_pages_write_times_otherwise_than_the_cldr(line: str, time: str) -> None:
    assert [line[a:b] for a, b in times(line)] == [time]


@pytest.mark.parametrize(
    ("others", "brief", "run", "begins"),
    [(4, 0, 2, True), (3, 0, 2, False), (4, 0, 1, False), (10, 2, 2, True), (10, 3, 2, False)],
)
def test_the_page_begins_at_brief_lines_as_no_other_text_ends(others: int, brief: int, run: int, begins: bool) -> None:
    lines = [*(f"Oil it {n}" if n < brief else f"So they oil it, {n} say." for n in range(others)), "It squeaks."]
    last = range(len(lines) - 1, len(lines) + run)
    lines += ["Reply all", "Forward"][:run]
    assert page_below.page_begins(lines, [*(range(n, n + 1) for n in range(others)), last]) == (
        others + 1 if begins else None
    )


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (["It squeaks.", "Reply all", "Forward"], True), (["It squeaks.", "reply all", "Forward"], False),
        (["It squeaks:", "Reply all", "Forward"], False), (["It squeaks:", "", "Reply all", "Forward"], False),
        (["It squeaks.", "☂ ☂", "☂"], False), (["It squeaks.", "2", "3"], True),
    ],
)  # fmt: skip
def test_people_end_with_lines_in_lower_case_and_below_colons(said: list[str], begins: bool) -> None:
    lines = [*(f"So they oil it, {n} say." for n in range(4)), *said]
    found = page_below.page_begins(lines, [*(range(n, n + 1) for n in range(4)), range(4, len(lines))])
    assert (found is not None) is begins
