"""Which paragraphs of plain text are tables: they keep their lines and spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup.mail import to_html
from rostra.markup.plain_tables import ALIGNED, NARROW, ROWS, WIDE, is_table

FIGURED = ["      gate  weir", "  [1]   12    14", "  [2]    7     9"]
NAMED = ["mill     upper gate", "owner    Ada", "key      two of them"]
PROSE = ["The miller  opened the upper gate before the", "sun had risen, and  by noon the meadow stood", "under water.  Nobody asked him."]  # fmt: skip


@pytest.mark.parametrize("lines", [FIGURED, NAMED, ["1 2 3", "4 5 6"], ["gate    open", "  weir  shut"]])
def test_columns_that_spaces_align_are_a_table(lines: list[str]) -> None:
    assert is_table(lines)
    assert to_html("\n".join(lines)).startswith("<pre>")


@pytest.mark.parametrize(
    "lines", [PROSE, [], FIGURED[1:2], ["Ada Miller", "The Upper Mill"], ["He came.  She went.", "He said.  She left."]]
)
def test_prose_and_single_lines_are_no_table(lines: list[str]) -> None:
    assert not is_table(lines)


def test_justified_prose_in_any_alphabet_is_no_table() -> None:
    assert not is_table(["Вчера  мельник  открыл ворота и он", "сказал  нам, что луг не  затоплен,", "и никто не  спросил его  об  этом."])  # fmt: skip


@pytest.mark.parametrize("gap", [NARROW - 1, NARROW])
def test_columns_are_parted_by_spaces(gap: int) -> None:
    assert is_table([f"gate{' ' * gap}open", f"weir{' ' * gap}shut"]) is (gap == NARROW)


@pytest.mark.parametrize("gap", [WIDE - 1, WIDE])
def test_a_gap_in_a_sentence_is_wide(gap: int) -> None:
    said = "the miller opened the gate"
    assert is_table([f"{said}{' ' * gap}early", f"{said}{' ' * gap}late"]) is (gap == WIDE)


@pytest.mark.parametrize(("others", "table"), [(2, True), (3, False)])
def test_most_lines_of_a_table_are_aligned(others: int, table: bool) -> None:
    assert 3 / 6 < ALIGNED <= 3 / 5
    assert is_table([*["gate  open"] * 3, *["and nothing"] * others]) is table
    assert is_table([*["1 2 3"] * 3, *["and nothing"] * others]) is table


def test_a_table_has_two_rows_or_more() -> None:
    assert ROWS == 2
    assert not is_table(["gate  open"])
    assert not is_table(["1 2 3"])


@given(st.lists(st.text(max_size=60)))
def test_any_lines_are_examined(lines: list[str]) -> None:
    assert is_table(lines) in (True, False)


VERSE = ["1, 2, 3, 4, 5, once the miller dived,", "6, 7, 8, 9, 10, up he came again"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(VERSE, id="verse that counts"),
        pytest.param(["Tel: 01234 56 78 90", "Fax: 01234 56 78 91"], id="labels"),
        pytest.param(["ph (+99) 3 1234 5678", "fax (+99) 3 1234 5679"], id="codes of a country"),
        pytest.param(["(+99) 123 456 789", "(+99) 123 456 780 (fax)"], id="numbers alone"),
    ],
)
def test_verse_that_counts_and_telephone_numbers_are_no_tables(lines: list[str]) -> None:
    assert not is_table(lines)
    assert to_html("\n".join(lines)) == "<p>" + "<br>".join(lines) + "</p>"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["[0, 60) [60, 90) [90, 120)", "1 2 3"], id="intervals"),
        pytest.param(["+3 +4 +5.5", "+1 +2 +2.5"], id="signs"),
        pytest.param(["upper: 1 2 3 4", "1 2 3 4", "5 6 7 8"], id="one label"),
    ],
)
def test_figures_with_signs_brackets_and_one_label_are_rows(lines: list[str]) -> None:
    assert is_table(lines)
