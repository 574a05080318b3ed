"""What is made of Markdown without its parser is what the parser makes of it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rostra.markup import simple
from rostra.markup.markdown import parser
from rostra.markup.sanitise import clean

TYPED = st.sampled_from(
    [
        "word", "e.g", "end.", "why?", "no!", "a/b", "x:", "1999", "it’s", "“so”", "(in)", "—", "漢字", "😀", "İ", "'q'", '"q"', ",", "-",
        "+", "#tag", "=", "$5", "{a}", "*em*", "*two words*", "**strong**", "`code`", '`a<b&"c`', "[link](https://a.example/b/c)",
        "[l](http://x-y.example/)", "!*em*", "*em*.", "**b**—", "n't", " ", " ", " ", " ", " ", " ", "\n", "\n", "\n\n", "\n\n> ", "\n> ",
        "\n\n```py\nx = 1 < 2\n```\n\n", "\n\n```\n\n<b>\n```\n\n",
    ]
)  # fmt: skip
"""What simple bodies are made of."""
SIGNS = st.sampled_from(
    [
        "a", "B", "é", "1", "*", "**", "`", "``", "```", "\n", "\n\n", " ", "  ", ">", "> ", "-", "- ", "1. ", ".", "/", "//", "!", "[", "]",
        "(", ")", "](", "https://a.example/x", "www.", "a.b", "’", "'", '"', "“", "&", "&amp;", "<", "_", "\\", ":", "|", "~~", "#", "=",
        "---", "^", "[^1]", "[a]: /u", "]:", "```c\n", "\u2028", "\x0c", "\xa0", "\x00", "\t", "\r", "@", "mailto:a",
    ]
)  # fmt: skip
"""What may turn them into something else."""


@given(st.lists(TYPED, max_size=16).map("".join) | st.lists(TYPED | SIGNS, max_size=16).map("".join))
@example("*a* **b**")
@example("a  \nb")
@example("> a\nb")
@example("a\n> b")
@example("```\na\n ```\n")
@example("a\n\n\n\n    b")
@example("[a](https://a.example)b")
def test_what_is_made_without_the_parser_is_what_it_makes(body: str) -> None:
    if (html := simple.to_html(body)) is not None:
        assert clean(html) == clean(parser().render(body, {}))


@pytest.mark.parametrize(
    "body",
    [
        "One line.",
        "Lines,\nand “a *word*” of `code()`.\n\nAnother [link](https://a.example/b).",
        "> What was said\n> before.\n\nI doubt **it**!",
        "So:\n\n```c\nint a;\n\nint b;\n```\n\nAnd on.",
    ],
)
def test_most_of_what_people_type_needs_no_parser(body: str) -> None:
    assert simple.to_html(body) is not None
