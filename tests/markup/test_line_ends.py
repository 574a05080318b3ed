"""Which line ends of a mail a program made: those go, so that prose flows; those of its author stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup.code_lines import ABOVE, LINES, SEVERAL, is_code
from rostra.markup.line_ends import (
    ALIKE,
    FEW,
    LONG,
    NARROWEST,
    RUNNING,
    SEEN,
    STRAY,
    SURE,
    WIDEST,
    Wrapping,
    _is_kept,
    _logged,
)
from rostra.markup.mail import to_html
from rostra.markup.plain_tables import FIGURES

WIDE = "The end of the story is a long one, since nobody who knew the miller has ever told a shorter: so."
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
    ("length", "following", "flows"),
    [
        pytest.param(RUNNING, "be shut on Sundays.", True, id="shortest line"),
        pytest.param(RUNNING - 1, "be shut on Sundays.", False, id="shorter"),
        pytest.param(RUNNING, "Sundays are for the reeve.", False, id="another sentence"),
        pytest.param(RUNNING, "shut: on Sundays", False, id="another definition"),
        pytest.param(RUNNING, "shut(gate, on = sundays)", False, id="code"),
    ],
)
def test_the_lines_below_a_definition_are_indented(length: int, following: str, flows: bool) -> None:
    line = "shut: whether the upper gate of the old mill ".ljust(length - 3, "x") + " is"
    assert len(line) == length
    assert (joined(line, f"        {following}") == [f"{line}         {following}"]) is flows


@pytest.mark.parametrize(
    ("first", "second", "flows"),
    [
        pytest.param("He said that", "the gate of the mill was open.", True, id="rest of a line"),
        pytest.param("He said that it", "the gate of the mill was open.", False, id="longer"),
        pytest.param("He said so.", "the gate of the mill was open.", False, id="sentence"),
        pytest.param("He said that", "The gate of the mill was open.", False, id="another sentence"),
        pytest.param("He said that", "gate(mill, was = open, at = dusk)", False, id="code"),
    ],
)
def test_a_quotation_may_begin_within_a_sentence(first: str, second: str, flows: bool) -> None:
    assert (len(first) <= STRAY * len(second)) is (len(first) <= 12)
    assert [" ".join(group) for group in Wrapping([[first, second]], is_excerpt=True).joined([first, second])] == (
        [f"{first} {second}"] if flows else [first, second]
    )
    assert joined(first, second) == [first, second]
    assert ("<br>" not in to_html(f"> {first}\n> {second}\n\nSo?\n")) is flows


def test_a_quotation_that_begins_within_a_sentence_flows_to_its_end() -> None:
    lines = ["so that", *PROSE]
    assert [" ".join(group) for group in Wrapping([lines], is_excerpt=True).joined(lines)][-1].endswith(PROSE[-1])
    assert (
        len(
            Wrapping([["so that", *(line.lower() for line in PROSE)]], is_excerpt=True).joined(
                ["so that", *(line.lower() for line in PROSE)]
            )
        )
        == 1
    )


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


LABELLED = [
    "The miller who opened the upper gate at night was the same",
    "Lower Mill user: nobody else had the key, and nobody came",
    "by the weir before the sun had risen.",
]


@pytest.mark.parametrize(
    "first", [LABELLED[0], "The miller who opened the gate at night was also the".ljust(RUNNING, "e")]
)
def test_a_label_within_a_sentence_is_no_field(first: str) -> None:
    assert joined(first, *LABELLED[1:]) == [" ".join([first, *LABELLED[1:]])]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([LABELLED[0] + ".", *LABELLED[1:]], id="after a sentence"),
        pytest.param([LABELLED[0], LABELLED[1], "Upper Mill user: the reeve and his daughter, and nobody"], id="one of several"),
        pytest.param([LABELLED[0], "Subject: nobody else had the key, and nobody ever came", LABELLED[2]], id="one word"),
        pytest.param(["The miller who opened the gate at night was also the".ljust(RUNNING - 1, "e"), *LABELLED[1:]], id="short line"),
        pytest.param(["The 11 17 23 19 22 14 33 17 23 19 22 14 33 17 23 19 22 14 33", *LABELLED[1:]], id="no prose"),
    ],
)  # fmt: skip
def test_a_field_keeps_its_line(lines: list[str]) -> None:
    assert joined(*lines)[1].startswith(lines[1].split()[0])


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
    two = ["The miller opened the upper gate before the sun had risen over,", "Northbrook, and by noon the meadow stood under water up to it."]  # fmt: skip
    short = [two, ["Yes."], ["No."]]
    assert len(long) / (len(long) + 4) <= LONG or more
    assert (len(Wrapping([*short, *long]).joined(two)) == 1) == flows


def test_a_paragraph_of_such_a_text_was_wrapped_if_all_its_line_ends_say_so() -> None:
    long = [["word " * 40]] * 3
    assert len(Wrapping([PROSE, *long]).joined(PROSE)) == 1, f"{SURE} line ends"
    stopped = [*PROSE, "So it is, and so it was in the years before the mill was built at all."]
    broken = [
        f"{PROSE[0]}:",
        "Hill, and all of it was by",
        "Noon under water up to the fence, of which nobody had told him and nobody",
    ]
    assert len(Wrapping([stopped, *long]).joined(stopped)) == 2, "a sentence may begin on a line of its own"
    assert len(Wrapping([broken, *long]).joined(broken)) == 3


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["The miller says to open the upper gate before the sun has risen:", "gate <- open(upper, before = sunrise)", "weir <- shut(weir, after = noon)"], id="code"),
        pytest.param(["Has anybody looked for another place to live, far from here?", "https://mill.example/places  ", "Nobody has."], id="address with spaces"),
        pytest.param(["gate.c:31: warning: assignment from incompatible pointer type", "gate.c: In function `open': the type is not the one that", "make[4]: *** [gate.lo] Error 1"], id="compiler"),
    ],
)  # fmt: skip
def test_lines_of_programs_and_addresses_stay(lines: list[str]) -> None:
    assert joined(*lines) == lines


def test_sentences_that_begin_on_a_line_of_their_own_keep_it_and_the_rest_flows() -> None:
    lines = [
        "At the moment the miller would rather open the gate and let the",
        "water run (as in many other mills).",
        "Alternatively, more care would only allow it before sunrise, and",
        "nobody would be told of it at all.",
    ]
    assert joined(*lines) == [" ".join(lines[:2]), " ".join(lines[2:])]
    shouted = [line.replace("mills).", "mills,") for line in lines]
    assert joined(*shouted) != shouted, "two of three line ends are soft"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["        Since nobody has told the miller of it, the gate has been", "open from the morning on, and so it stays."], id="first line set in"),
        pytest.param([" The miller has asked the reeve of the village and also", "the smith, who is called Bede."], id="one space"),
        pytest.param(["He has put the key into the box below the stairs; it is there;", "e.g. on the days when the reeve calls, and", "the box is shut."], id="semicolon"),
        pytest.param(["The miller opened the upper gate before the sun had", "... but nobody saw him, and so the meadow stood under", "water."], id="ellipsis"),
        pytest.param(["The value of names(gate)<- is not what the reeve would have", "written there, and he says so."], id="arrow in a sentence"),
        pytest.param(["- If the gate is open in the morning, then the water has", "  to be let off by hand, and nobody does it."], id="item"),
        pytest.param(["The miller says that he would open the upper gate if ", " the reeve asked him to do so in good time. "], id="flowed"),
    ],
)  # fmt: skip
def test_a_sentence_that_runs_on_is_one_line(lines: list[str]) -> None:
    assert joined(*lines) == [" ".join(lines)]


def test_a_sentence_that_runs_on_among_other_lines_is_one_line() -> None:
    lines = [
        "I have three questions:",
        "What does the reeve do with the other key when he is away to see",
        "his mother?",
        "Who else has one?",
    ]
    assert joined(*lines) == [lines[0], " ".join(lines[1:3]), lines[3]]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["The miller opened the upper gate before the sun had risen over", "the hill and the reeve saw him", "and said nothing of it."], id="short line below"),
        pytest.param(["Both of them have keys,", "and the miller has carried one of them in his pocket since the", "day on which the gate was made."], id="short line above"),
        pytest.param(["Nobody has ever told the miller to open or to shut the upper", "gate (and he would not have listened to anybody who had asked", "him to."], id="bracket"),
        pytest.param(["The reeve asks the miller for the key of the upper gate", "and/or for that of the lower one."], id="slash"),
        pytest.param([" - the upper gate is opened in the morning by whoever has a", "key of it in his pocket."], id="first line of an item set in"),
        pytest.param(["Nobody has ever told the miller to open    the upper gate of", "the mill before the sun had risen."], id="one gap in a sentence"),
    ],
)  # fmt: skip
def test_a_sentence_goes_on_beside_a_line_of_wrapped_prose(lines: list[str]) -> None:
    assert [" ".join(each.split()) for each in joined(*lines)] == [" ".join(" ".join(lines).split())]


def test_a_sentence_does_not_go_on_where_no_line_beside_it_was_wrapped() -> None:
    steps = [
        "open the gate any way you like",
        "wait until the water runs",
        "nobody may stand below the weir while it",
        "runs",
        WIDE,
    ]
    assert joined(*steps) == steps


@pytest.mark.parametrize("words", [FEW - 1, FEW])
def test_what_a_colon_shows_keeps_its_line_unless_it_is_a_sentence(words: int) -> None:
    lines = ["The miller has written on the door of the mill (nobody reads it):", "Gate " * words + "a1/b2/c3/d4/e5/f6"]
    assert (joined(*lines) == lines) is (words < FEW)


def test_a_list_says_nothing_of_whether_its_lines_were_wrapped() -> None:
    lines = ["1) Should it be opened?", "2) Should it be shut at all?", "3) Should the miller wait for the reeve until", "   Bede has come?"]  # fmt: skip
    assert joined(*lines)[-1] == "3) Should the miller wait for the reeve until    Bede has come?"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["The Mill Company of the Upper Valley      tel: 12 34 56", "at the upper gate of the village          fax: 12 34 57"], id="two columns"),
        pytest.param(["The gate was read from the following files on the disk, as told", "(/usr/share/mill/gates/upper.cls", "(/usr/share/mill/gates/lower.cls))"], id="files in brackets"),
        pytest.param(['stop("gate-open", "weir-shut", "race-dry", "gate-old", "weir-old",', 'call = "the gate")'], id="call"),
    ],
)  # fmt: skip
def test_columns_files_and_calls_keep_their_lines(lines: list[str]) -> None:
    assert joined(*lines) == lines


def test_a_name_may_begin_a_line_of_wrapped_prose() -> None:
    lines = [
        "The reeve of the village has asked the miller and his brother and",
        "the smith of the upper village, who is called",
        "Bede, and so have others whom nobody names, since they were all of",
        "them away.",
    ]
    assert joined(*lines) == [" ".join(lines)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["and the wheel that turned when we were young, and", "the water that it turned in, and", "the dark,", "went on"], id="verse of lower case"),
        pytest.param(["checking whether the gate can be opened by hand, and", "configure: creating the weir and the race below it"], id="log"),
        pytest.param(["segments explored in the search of the upper weir 4", "updates skipped on the way to the mill and back 0"], id="figures"),
        pytest.param(["    [1,] -0.990000000 679.4799 679.4799 9.094947e-13 0.000000000 12", "    [2,] -0.980050251 678.6556 678.6556 0.000000e+00 0.000000000 12", "   [10,] -0.970100503 677.9723 677.9723 -3.41060e-1 0.000000000 12"], id="rows of figures"),
        pytest.param(["Arguments in the documentation of the gate and its weir:", " formula of the gate", "Arguments that are not in it:"], id="set in by a space"),
        pytest.param(["dnl Select the gate that the miller opens in the morning", "dnl or the weir below it"], id="comments"),
        pytest.param(["for each in upper middle and lower gate of the mill; do \\", "open $each"], id="shell"),
        pytest.param(["gate     open     the water stands at two feet, and", "weir     shut     and nobody has looked there"], id="table"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_sentence_that_runs_on_keeps_its_lines(lines: list[str]) -> None:
    assert joined(*lines, WIDE) == [*lines, WIDE]


@pytest.mark.parametrize(("width", "flows"), [(RUNNING, True), (RUNNING - 1, False)])
def test_a_line_that_runs_on_is_longer_than_verse(width: int, flows: bool) -> None:
    line = "the miller and the reeve and the smith of the upper village"[:width].replace(" ", "e", width - 54)
    assert len(line) == width
    assert (len(joined(line, "and so on.", WIDE)) == 2) == flows


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
    assert _logged(["turning", *["checking"] * alike, "turning", "checking"]) == log


def test_a_log_within_wrapped_lines_keeps_its_lines_and_they_are_joined() -> None:
    assert joined(*PROSE, *LOG, *PROSE) == [" ".join(PROSE), *LOG, " ".join(PROSE)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["gcc -g -O2 -c gate.c -o gate.o weir.o", "race.o -L/usr/local/lib -lm"], id="command"),
        pytest.param(["class Gate", "{", "public:", "Gate();"], id="class"),
        pytest.param(["function (gate, weir = 2, ...)", "{", "<environment: namespace:mill>"], id="function"),
        pytest.param(['gates <- c("upper", "lower",', '"middle", "old",', "'new')"], id="strings"),
        pytest.param(["plot(gates) +", "width +", "height +", "depth"], id="sum"),
        pytest.param(["[bede at mill]$ make gate", "the gate is made", "the weir is not"], id="shell session"),
        pytest.param(
            ["/* of the mill */", "#define GATE 1", "-#ifndef WEIR", "-#define WEIR 2", "+#endif"], id="patch"
        ),
    ],
)
def test_what_programs_read_and_print_is_code(lines: list[str]) -> None:
    assert is_code(lines)
    assert "<pre>" in to_html("\n".join(lines))


@pytest.mark.parametrize(("others", "code"), [(3, True), (4, False)])
def test_code_is_a_paragraph_of_which_seven_tenths_are_statements_wherever_they_are(others: int, code: bool) -> None:
    lines = ["the mill is turned by water"] * others + ["gate <- open(upper)"] * (10 - others)
    assert is_code(lines) is code
    assert is_code(lines[::-1]) is code


def test_options_and_paths_are_a_command_if_they_are_several_and_half_of_it() -> None:
    plain = [f"word{n}" for n in range(SEVERAL)]
    options = [f"-o{n}" for n in range(SEVERAL)]
    assert is_code([" ".join(options), " ".join(plain)])
    assert not is_code([" ".join(options), " ".join([*plain, "word"])])
    assert not is_code([" ".join(options[1:]), " ".join(plain[1:])])
    assert not is_code(
        ["https://mill.example/a https://mill.example/b", "https://mill.example/c https://mill.example/d"]
    )


@pytest.mark.parametrize(("code", "flows"), [(3, True), (4, False)])
def test_prose_above_code_flows_if_enough_of_the_line_ends_tell(code: int, flows: bool) -> None:
    prose = ["The miller opened the upper gate before the sun had risen over;", "Hill and meadow stood under water up to the fence by noon. Also,", "Saying that nobody asked him, it was done by"]  # fmt: skip
    lines = [f"gate{n} <- open(the_upper_one, before = sunrise)" for n in range(code)]
    assert 2 / 6 < SEEN <= 2 / 5
    assert (joined(*prose, *lines)[0] == " ".join(prose)) == flows


PATCH = """--- a/gate.txt
+++ b/gate.txt
@@ -1,3 +1,3 @@
 The gate is opened in the morning before the sun has risen, and
-it is shut at night.
+it is shut at noon.
 Nobody asks."""


def test_a_patch_of_prose_is_code() -> None:
    assert to_html(f"See:\n\n{PATCH}\n").count("<pre>") == 1
    assert "<pre>" not in to_html("See:\n\n@@ the gate @@\nNobody has opened it, and nobody will.\n")


@pytest.mark.parametrize(("figures", "kept"), [(FIGURES, True), (FIGURES - 1, False)])
def test_a_row_of_a_table_has_several_figures_and_half_as_many_words(figures: int, kept: bool) -> None:
    assert _is_kept("gate " * figures + "12 " * figures) is kept
    assert not _is_kept("gate " * (figures + 1) + "12 " * figures)


@pytest.mark.parametrize(("above", "code"), [(ABOVE, True), (ABOVE + 1, False)])
def test_a_session_begins_at_most_one_line_below_the_beginning_of_its_paragraph(above: int, code: bool) -> None:
    lines = [*["Ada was told so:"] * above, "$ make gate", "12 of them", "and nothing more", "Ada was told so"]
    assert is_code(lines) is code


@pytest.mark.parametrize(("typed", "code"), [(1, True), (0, False)])
def test_every_second_prompt_of_a_session_is_before_a_statement(typed: int, code: bool) -> None:
    lines = [*[" > nrow(gates)"] * typed, " > gates", "12 of them", "and nothing more", "Ada was told so"]
    assert is_code(lines) is code


@pytest.mark.parametrize(("lines", "code"), [(LINES, True), (LINES - 1, False)])
def test_a_log_has_several_lines_with_a_place_or_a_result(lines: int, code: bool) -> None:
    log = ["gate.c:12: the gate is open", "looking for the weir... found", "make: Nothing to do."]
    assert is_code(log[:lines]) is code


@pytest.mark.parametrize(
    "line", ["Well... maybe", "He waited for her ... why?", "Then nothing...", "Nobody asked... no."]
)
def test_what_somebody_leaves_open_is_no_log(line: str) -> None:
    assert not is_code([line] * LINES)


@pytest.mark.parametrize(("others", "code"), [(LINES, True), (LINES + 1, False)])
def test_half_of_the_lines_of_a_log_may_be_broken_off_others(others: int, code: bool) -> None:
    lines = [f"looking for gate {n}... found" for n in range(LINES)]
    assert is_code([*lines, *["and it was open"] * others]) is code
