"""Which lines of plain text programs print, and which are prose above them."""

from __future__ import annotations

import pytest

from rostra.markup.code_lines import LINES, is_code, prose_above
from rostra.markup.mail import SHOWN, to_html

CODE = ["gate <- open(upper)", "weir <- shut(lower)", "race <- dry(old)"]
LOG = [f"looking for gate {n}... found" for n in range(LINES)]


@pytest.mark.parametrize(("sentences", "code"), [(LINES, True), (LINES + 1, False)])
def test_at_most_half_of_the_lines_of_a_log_are_sentences(sentences: int, code: bool) -> None:
    assert is_code([*LOG, *["Nobody has opened it at all"] * sentences]) is code


def test_commands_and_what_they_print_are_of_the_log_around_them() -> None:
    assert is_code([*LOG, "gcc -c gate.c", "from gate.h:3,", "weir.o", "Error 1", "[...]"])


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(["This opens the gate of the mill:"], id="a line"),
        pytest.param(["The gate is opened in the morning by whoever has a key,", "and this is how the miller does it:"], id="two lines"),
        pytest.param(["Nobody has told us how open() finds it, but (see", "gate_lower()) it does. For example:"], id="the last is no sentence"),
        pytest.param(["This opens the gate of the mill"], id="no sign"),
    ],
)  # fmt: skip
def test_prose_above_code_is_no_part_of_it(said: list[str]) -> None:
    html = to_html("\n".join([*said, *CODE]))
    assert html.startswith(f"<p>{said[0][:20]}")
    assert "<pre><code>gate &lt;- open" in html
    assert html.count("<pre>") == 1


@pytest.mark.parametrize("said", ["This opens the gate of the mill:", "This opens the gate of the mill."])
def test_two_lines_of_code_are_announced_by_a_sentence_that_ends(said: str) -> None:
    assert "<pre>" in to_html("\n".join([said, *CODE[:2]]))


@pytest.mark.parametrize("lines", [SHOWN, SHOWN - 1])
def test_a_sentence_that_does_not_end_is_above_several_lines_of_code(lines: int) -> None:
    said = "Nobody knows what the functions of the mill"
    assert ("<pre>" in to_html("\n".join([said, *CODE[:lines]]))) is (lines == SHOWN)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("# this opens the gate of the mill", id="comment"),
        pytest.param("gate is opened by the miller", id="small letter"),
        pytest.param("Gate <- function(upper, lower, middle, old)", id="assignment"),
        pytest.param("In file included from gate.c:12:", id="log"),
        pytest.param("> Is the gate of the mill open", id="session"),
        pytest.param("Gate", id="no sentence"),
    ],
)
def test_a_line_of_code_is_no_prose_above_it(line: str) -> None:
    assert prose_above([line, *CODE]) == 0


def test_a_table_and_lines_set_in_are_code_below_a_colon_only() -> None:
    table = ["gate  open", "weir  shut"]
    assert to_html("\n".join(["These are the gates of the mill:", *table])).count("<pre>") == 1
    assert "<pre>" not in to_html("These are the gates of the mill.\n    Nobody has opened them.\n    Nobody will.")


def test_no_line_is_lost_between_prose_and_code() -> None:
    assert to_html("\n".join(["This opens the gate of the mill:", *LOG, "", "Nobody asks."])) == (
        "<p>This opens the gate of the mill:</p><pre><code>" + "\n".join(LOG) + "</code></pre><p>Nobody asks.</p>"
    )


@pytest.mark.parametrize("string", ['"the gate of the mill"', "'the gate of the mill'", "# the gate of the mill"])
def test_words_that_no_program_reads_are_no_sentence(string: str) -> None:
    assert is_code([f"open(upper) {string}"] * 2)
    assert not is_code([f"open(upper) {string.strip(string[0])} is"] * 2)
    assert not prose_above([f"Gate {string}"])
    assert prose_above([f"Gate {string.strip(string[0])} is"])


@pytest.mark.parametrize(
    "branch", ["if (gate == 1)", "else if (gate == 1)", "} else if (gate) {", "while (open)", "else", "else {"]
)
def test_branches_and_loops_are_statements(branch: str) -> None:
    assert is_code([branch, "y <- x[i]"])
    assert not is_code([branch.replace("(", "").replace("{", "is so"), "and y is x"])


def test_a_sentence_in_parentheses_is_no_branch() -> None:
    assert not is_code(["if (as I believe) the gate was left open", "for (the most part) nobody had a key"])


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        pytest.param(["/* this opens the gate of the mill */", "static void opened(double *gate, int upper, int lower,", "\tdouble *weir, int race, double *key)", "{", 'char *side = "left";', "int i, j, k;", "}"], True, id="C"),
        pytest.param(["# this opens the gate of the mill", 'if test "${GATE}" = upper; then', "weir=low", "fi", "for gate in upper lower; do", "open", "done"], True, id="shell"),
        pytest.param(["We shut the void gate of the mill, and then", "the double weir, and what we do", "is done by hand in the morning"], False, id="types that are words"),
        pytest.param(["If we open the gate; then", "the weir is dry when all is", "said and done"], False, id="words of the shell"),
    ],
)  # fmt: skip
def test_declarations_and_the_words_of_the_shell_are_code(lines: list[str], code: bool) -> None:
    assert is_code(lines) is code


def test_a_quoted_comment_of_c_is_a_quotation() -> None:
    """Its mark is no prompt: the words of the comment are a sentence."""
    said = to_html("> /* Nobody opens the gate of the mill, generally\n>    by hand.  */\n> #define GATE ((WEIR)>=8)\n")
    assert said.startswith("<blockquote>")
