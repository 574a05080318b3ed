"""Consoles in replies: a prompt is no quotation, and a quotation is no prompt."""

from __future__ import annotations

import re

import pytest

from rostra.markup.mail import to_html
from rostra.markup.mail_consoles import unprompted

SAID = "On Monday Ada wrote:\n> The gate does not open.\n\n"


def test_a_console_in_a_reply_is_code() -> None:
    html = to_html(
        f"{SAID}It does here:\n\n> gate(1)\n[1] TRUE\n> shut(gate)\nError in shut(gate) : no such key for the gate\n"
    )
    assert html.endswith(
        "<pre><code>&gt; gate(1)\n[1] TRUE\n&gt; shut(gate)\nError in shut(gate) : no such key for the gate</code></pre>"
    )
    assert html.count("<blockquote>") == 1


def test_a_console_in_a_quotation_is_code_in_it() -> None:
    html = to_html("On Monday Ada wrote:\n> I see this:\n> > gate(1)\n> [1] TRUE\n> \n> Why?\n")
    assert html.count("<blockquote>") == 1
    assert "<p>I see this:</p><pre><code>&gt; gate(1)\n[1] TRUE</code></pre><p>Why?</p>" in html


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("> gate(1)\nThis does not open it.", id="an answer below a quotation"),
        pytest.param("> gate(1)\n\n[1] TRUE", id="a blank line between"),
        pytest.param("> The gate does not open at night.\n[1] TRUE", id="a sentence"),
        pytest.param("> gate(1)\n>> shut(1)\n[1] TRUE", id="two signs"),
        pytest.param("> gate(1)\n[1] TRUE\n> Why is that?", id="a sentence as deep below"),
        pytest.param("> Why is that?\n> gate(1)\n[1] TRUE", id="a sentence as deep above"),
        pytest.param("[1] TRUE\n> gate(1)", id="nothing below"),
        pytest.param("> gate(1)\nBede wrote:", id="an attribution"),
        pytest.param("> gate(1)\nsome words", id="no output"),
    ],
)
def test_what_is_not_surely_a_console_is_a_quotation(lines: str) -> None:
    assert to_html(f"{SAID}Well.\n\n{lines}").count("<blockquote>") > 1


@pytest.mark.parametrize(
    "printed",
    [
        "[1] 2",
        "[1,] 2",
        "  [,1] [,2]",
        "Error: no",
        "Error in f(x) : no",
        "Warning message",
        "NULL",
        "<environment>",
        "+ x",
        "1.5 2.5 3.5",
    ],
)
def test_what_consoles_print(printed: str) -> None:
    lines, found = unprompted([(1, "gate(1)"), (0, printed)])
    assert lines == [(0, "> gate(1)"), (0, printed)]
    assert found == {0, 1}


def test_prose_around_a_console_is_prose() -> None:
    html = to_html(f"{SAID}Here I get:\n> gate(1)\n[1] TRUE\nand that is what I meant by it.\n")
    assert html.endswith("<p>Here I get:</p><pre><code>&gt; gate(1)\n[1] TRUE</code></pre><p>and that is what I meant by it.</p>")  # fmt: skip


def test_a_console_ends_with_its_quotation() -> None:
    lines = [(2, "gate(1)"), (1, "[1] TRUE"), (0, "Yes."), (2, "gate(2)"), (1, "[1] FALSE")]
    assert unprompted(lines) == ([(1, "> gate(1)"), (1, "[1] TRUE"), (0, "Yes."), (1, "> gate(2)"), (1, "[1] FALSE")], {0, 1, 3, 4})  # fmt: skip


def test_no_word_is_lost() -> None:
    body = f"{SAID}Look at\n> gate(1)\n[1] TRUE\nlevels\n\n> Why?\nSo.\n"
    shown = re.sub("<[^>]*>", " ", to_html(body)).split()
    assert sorted(word for word in shown if word != "&gt;") == sorted(word for word in body.split() if word != ">")


@pytest.mark.parametrize(
    "console",
    [
        "> gate\n[1] TRUE",
        "> gate[2, 3]\n  upper lower\n1     2     3",
        "> gate$keys[1][2] # the old one\nNULL",
        ">  gate\nfunction (key, open = TRUE)\nNULL",
        "> version\n         _   \nplatform none",
        "> gate[0]\nnumeric(0)",
    ],
)
def test_a_name_at_a_prompt_is_no_quotation_if_something_is_printed_below_it(console: str) -> None:
    html = to_html(f"{SAID}It is there:\n\n{console}\n")
    assert html.count("<blockquote>") == 1
    assert html.count("<pre>") == 1
    assert f"&gt;{console[1:8]}" in html


@pytest.mark.parametrize(
    "lines",
    [
        "> gate\nThat is the word.",
        "> Agreed.\n[1] https://mill.example/",
        "> gate\n\n[1] TRUE",
        "> gate one\n[1] TRUE",
        "> gate[1][2][3][4]\n[1] TRUE",
        "> gate\nupper lower\n1 2 of them",
        "> gate\nupper lower\n\n1 2",
    ],
)
def test_other_words_below_a_sign_are_a_quotation(lines: str) -> None:
    assert to_html(f"{SAID}Well.\n\n{lines}\n").count("<blockquote>") == 2


@pytest.mark.parametrize("shown", ["[1] TRUE", "numeric(0)\nof the mill", "NULL"])
def test_a_console_that_is_announced_has_output(shown: str) -> None:
    assert "<blockquote>" not in to_html(f"Ada Weir:\n> dput(gate(1))\n{shown}\n")


def test_a_console_may_be_announced_directly_above_it() -> None:
    html = to_html('When I try this:\n> dput(gate("1"))\nexpression(1)\n')
    assert html == "<p>When I try this:</p><pre><code>&gt; dput(gate(&quot;1&quot;))\nexpression(1)</code></pre>"
    for said in (
        "When I try this\n> dput(gate(1))\nexpression(1)\n",
        "When I try:\n> The gate is shut.\nNo.\n",
        "Ada wrote:\n> dput(gate(1))\nNo.\n",
        # An attribution in another form.
        "Ada Weir:\n> dput(gate(1))\nNo.\n",
        "Ada Weir:\n> dput(gate(1))\n> key(2)\n\nNo.\n",
        "Ada kirjutas:\n> dput(gate(1))\nexpression(1)\nYes, that is what you need.\n",
    ):
        assert "<blockquote>" in to_html(said)
