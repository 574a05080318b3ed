"""Which line ends of a mail a program made: those go, so that prose flows; those of its author stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup.line_ends import ALIKE, LONG, NARROWEST, WIDEST, Wrapping, _logged
from rostra.markup.mail import to_html

PROSE = [
    "The miller opened the upper gate before the sun had risen over the",
    "hill, and by noon the meadow stood under water up to the fence. He",
    "says that nobody asked him.",
]


def joined(*lines: str) -> list[str]:
    return [" ".join(group) for group in Wrapping([lines]).joined(lines)]


def test_prose_that_a_program_wrapped_is_one_line() -> None:
    assert joined(*PROSE) == [" ".join(PROSE)]


def test_prose_that_was_wrapped_by_hand_is_one_line() -> None:
    lines = ["The gate has a lock, as everybody in the village knows well,", "and that lock has two keys; the miller carries", "one of them, and the reeve has the other at his house."]  # fmt: skip
    assert joined(*lines) == [" ".join(lines)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["Ada Miller", "The Upper Mill", "Northbrook"], id="address"),
        pytest.param(["The water runs, the wheel goes round,", "And nobody has heard the sound", "Of millers counting grain."], id="verse"),
        pytest.param(["From: Ada Miller <ada@mill.example> by way of the list", "Sent: Monday, 4 March 2024, in the early morning hours", "Subject: the upper gate and who has opened it this time"], id="fields"),
        pytest.param(["gate     open     the water stands at two feet and rising", "weir     shut     the water stands at one foot and falling", "race     open     nobody has looked since the first of May"], id="table"),
        pytest.param(["- the gate, which was opened before the sun had risen at all", "- the weir, which nobody has touched since the dry summer and", "- the race, of which nothing is known to anybody in the mill"], id="items"),
        pytest.param(["https://mill.example/about/the/upper/gate/and/its/two/keys", "https://mill.example/about/the/weir/and/the/dry/summer/of/1911"], id="addresses"),
        pytest.param(["He says that nobody asked him.", "She says so too."], id="short"),
    ],
)  # fmt: skip
def test_line_ends_of_the_author_stay(lines: list[str]) -> None:
    assert joined(*lines) == lines


def test_an_item_and_the_lines_set_in_below_it_are_one_line() -> None:
    lines = [
        "1. The miller opened the upper gate before the sun had risen over",
        "   the hill, and the meadow stood under water.",
        "2. Nobody asked him, since nobody knew that the gate had been",
        "   opened at all.",
    ]
    assert [each.split(".")[0] for each in joined(*lines)] == ["1", "2"]


def test_words_that_quoting_pushed_over_the_edge_flow_back() -> None:
    lines = [
        "The miller opened the upper gate before the sun had risen over the hill",
        "and",
        "by noon the meadow stood under water, up to the fence and beyond it, so",
        "that",
        "nobody could cross it.",
    ]
    assert joined(*lines) == [" ".join(lines)]


@pytest.mark.parametrize(("width", "flows"), [(NARROWEST, True), (NARROWEST - 1, False)])
def test_lines_shorter_than_a_program_wraps_at_stay(width: int, flows: bool) -> None:
    lines = ["a" * (width - 4) + " bcd", "efgh ijkl" ]  # fmt: skip
    assert (len(joined(*lines)) == 1) == flows


@pytest.mark.parametrize(("length", "flows"), [(WIDEST, True), (WIDEST + 1, False)])
def test_a_line_longer_than_a_program_wraps_at_was_not_wrapped(length: int, flows: bool) -> None:
    lines = ["a" * (length - 4) + " bcd", "efgh ijkl"]
    assert (len(joined(*lines)) == 1) == flows


@pytest.mark.parametrize(("more", "flows"), [(0, True), (1, False)])
def test_a_text_with_many_long_lines_was_not_wrapped(more: int, flows: bool) -> None:
    long = [["word " * 40]] * (1 + more)
    short = [PROSE, ["Yes."]]
    assert len(long) / (len(long) + 4) <= LONG or more
    assert (len(Wrapping([*short, *long]).joined(PROSE)) == 1) == flows


@given(
    st.lists(
        st.text(min_size=1, max_size=90).filter(lambda line: line.strip() and "\n" not in line), min_size=1, max_size=8
    )
)
def test_no_line_is_lost_and_none_moves(lines: list[str]) -> None:
    assert [line for group in Wrapping([lines]).joined(lines) for line in group] == lines


def test_quotations_flow_as_well_and_words_pushed_out_of_one_return_to_it() -> None:
    mail = (
        "On Monday Ada wrote:\n"
        "> The miller opened the upper gate before the sun had risen over the hill\n"
        "and\n"
        "> by noon the meadow stood under water, up to the fence and beyond it.\n\n"
        "Nobody asked him.\n"
    )
    assert to_html(mail) == (
        '<p data-kind="attribution">On Monday Ada wrote:</p><blockquote><p>The miller opened the upper gate before the sun'
        " had risen over the hill and by noon the meadow stood under water, up to the fence and beyond it.</p></blockquote>"
        "<p>Nobody asked him.</p>"
    )


@pytest.mark.parametrize("answer", ["Yes", "No.", "and he has the key of it in his pocket"])
def test_an_answer_between_quoted_lines_is_no_part_of_them(answer: str) -> None:
    mail = f"Ada wrote:\n> The miller opened the upper gate before the sun had risen over\n{answer}\n> By noon it stood open.\n"
    assert f"<p>{answer}</p>" in to_html(mail)


@pytest.mark.parametrize(
    "console",
    [
        '> gates <- read.csv("gates.csv")\n> nrow(gates)\n[1] 12',
        ">>> gates = load('gates.csv')\n>>> len(gates)\n12",
        "$ make gates\n$ cd water; ls\ngates.csv",
    ],
)
def test_a_console_is_code_and_quotes_nobody(console: str) -> None:
    html = to_html(f"This fails:\n\n{console}\n\nWhat do I do?\n")
    assert "<blockquote>" not in html
    assert html.count("<pre>") == 1
    assert html.startswith("<p>This fails:</p><pre>")


def test_code_that_somebody_quotes_is_quoted() -> None:
    html = to_html("On Monday Ada wrote:\n> gates <- read.csv(f)\n> nrow(gates)\n\nUse dim(gates).\n")
    assert html.count("<blockquote>") == 1


def test_a_sentence_that_is_quoted_is_no_console() -> None:
    html = to_html("> Does read.csv(f) give you all of the gates there are?\n\nIt does.\n")
    assert html.startswith("<blockquote><p>Does")


LOG = [
    "checking for the miller's gcc, which may be in any folder of path yes",
    "checking whether the wheel turns at night, and with which water it no",
    "checking for the width of the race below the mill at the old gate ten",
]


def test_the_lines_of_a_log_are_not_joined() -> None:
    assert joined(*LOG) == LOG


@pytest.mark.parametrize(("alike", "log"), [(ALIKE - 1, set()), (ALIKE, {1, 2, 3})])
def test_a_log_has_three_lines_one_below_the_other_that_begin_alike(alike: int, log: set[int]) -> None:
    assert _logged(["turning it", *["checking it"] * alike, "turning it", "checking it"]) == log


def test_a_log_within_wrapped_lines_keeps_its_lines_and_they_are_joined() -> None:
    assert joined(*PROSE, *LOG, *PROSE) == [" ".join(PROSE), *LOG, " ".join(PROSE)]
