"""Names that only their place shows, where the lines beside that place are unusual."""

from __future__ import annotations

import pytest

from rostra.readers.copied.doubts.unsure_places import without_unsure_places
from rostra.readers.copied.layout import Template, TemplateLine, prepared
from rostra.readers.copied.records import PostRecord
from support.copied_threads import NAMES


def unnamed_of(items: str, records: list[list[str]]) -> list[int]:
    """The posts without a name, each given by its lines from the name on; a first line in brackets is above it."""
    made = Template(items=tuple(TemplateLine(line.removeprefix("? "), line[0] == "?") for line in items.split("\n")))
    lines = prepared([line.strip("[]") for each in records for line in each])
    found, at = [], 0
    for each in records:
        above = each[0][0] == "["
        held = {"author": each[above]}
        if "{answers}" in items and len(each) > 3:
            held["answers"] = each[above + 1]
        found.append(
            PostRecord(
                template=made,
                first=at + above,
                column=0,
                held=held,
                body=(at + len(each) - (len(each) > 2), at + len(each)),
            )
        )
        at += len(each)
    return [n for n, record in enumerate(without_unsure_places(lines, found)) if "author" not in record.held]


HEAD = "{author}\n? comment {number}\n•\n{time}\n{body}"


@pytest.mark.parametrize(("usual", "unnamed"), [(8, [8, 9]), (7, [])])
def test_a_line_of_most_heads_confirms_the_name(usual: int, unnamed: list[int]) -> None:
    records = [[name, *([f"Comment {n}"] if n < usual else []), "•", "1h", "Oil it."] for n, name in enumerate(NAMES)]
    assert unnamed_of(HEAD, records) == unnamed


def test_somebody_who_is_named_elsewhere_needs_no_such_line() -> None:
    records = [[name, f"Comment {n}", "•", "1h", "Oil it."] for n, name in enumerate(NAMES)]
    assert unnamed_of(HEAD, [*records, ["Ada Weir", "•", "1h", "Oil it."], ["Nobody", "•", "1h", "Oil it."]]) == [11]


@pytest.mark.parametrize(("topics", "unnamed"), [(3, [1, 2]), (4, [])])
def test_a_topic_is_above_few_posts(topics: int, unnamed: list[int]) -> None:
    records = [
        [*(["[general]"] if 0 < n < topics or n > 10 - topics + 9 else []), name, "Oil it.", "1h"]
        for n, name in enumerate(NAMES)
    ]
    records[0] = ["[general]" if topics > 3 else "[bridge]", *records[0]]
    assert unnamed_of("{author}\n{body}\n{time}\n? general", records) == unnamed


@pytest.mark.parametrize(
    ("above", "who", "beside", "unnamed"),
    [
        ("Ada Weir", "Miller", "1h", [10]),  # the rank of Ada Weir
        ("Gus", "Miller", "1h", []),  # nobody who writes
        ("ada weir (OP)", "Miller", "1h", []),
        ("Ada Weir", "Bede Ash", "1h", []),  # named elsewhere
        ("Gus", "The gate", "Ada Weir 1h", [10]),  # a title above a head with the name beside the time
        ("Gus", "The gate", "by Ada Weir, 1h", []),
        ("Gus", "Ada Weir", "Ada Weir 1h", []),
    ],
)
def test_a_name_is_unsure_if_that_of_somebody_else_is_beside_it(
    above: str, who: str, beside: str, unnamed: list[int]
) -> None:
    records = [[name, "1h", "Oil it."] for name in NAMES]
    assert unnamed_of("{author}\n{any} {time}\n{body}", [*records, [f"[{above}]", who, beside, "Oil it."]]) == unnamed


def test_a_rank_behind_a_name_is_not_part_of_it() -> None:
    records = [[f"{name} OP", "1h", "Oil it."] for name in NAMES]
    assert unnamed_of("{author}\n{time}\n{body}", [*records, ["[Ada Weir]", "Miller", "1h", "Oil it."]]) == [10]


@pytest.mark.parametrize(("who", "unnamed"), [("Miller", [10]), ("Ada Weir", [])])
def test_a_name_that_is_nowhere_else_needs_a_text(who: str, unnamed: list[int]) -> None:
    records = [[name, "1h", "Oil it."] for name in NAMES]
    assert unnamed_of("{author}\n{time}\n{body}", [*records, [who, "1h"]]) == unnamed


@pytest.mark.parametrize(("answering", "unnamed"), [(3, []), (2, [12])])
def test_a_line_above_a_name_is_a_person_if_several_people_answer(answering: int, unnamed: list[int]) -> None:
    records = [[name, "1h", "Oil it."] for name in NAMES]
    answers = [[NAMES[n], NAMES[n + 1], "1h", "Oil it."] for n in range(answering)]
    button = ["Hide them", "Ada Weir", "1h", "Oil it."]
    found = unnamed_of("{author}\n? {answers}\n{time}\n{body}", [*records, *answers, button])
    assert found == unnamed
