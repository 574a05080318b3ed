"""Discord's Markdown, where it differs from Markdown: a quotation is a line, and ends with it."""

from __future__ import annotations

import pytest

from rostra.markup import render
from rostra.markup.discord import quoted_to_the_end


def quoted(body: str) -> tuple[str, list[str]]:
    made = render(body, "discord")
    return made.text, [made.text[each.start : each.end] for each in made.blocks if each.depth]


@pytest.mark.parametrize(
    ("body", "shown", "quotations"),
    [
        ("> Who opened it?\nI did.", "Who opened it?\n\nI did.", ["Who opened it?"]),
        ("> Who opened it?\n> And when?\nI did.", "Who opened it?\nAnd when?\n\nI did.", ["Who opened it?\nAnd when?"]),
        ("> Who?\n>\n> When?\nI did.", "Who?\n\nWhen?\n\nI did.", ["Who?", "When?"]),
        ("  > Who?\nI did.", "Who?\n\nI did.", ["Who?"]),
        ("> Who?\n\nI did.", "Who?\n\nI did.", ["Who?"]),
        (">.< I did.", ">.< I did.", []),
        (">I did.\nSo there.", ">I did.\nSo there.", []),
        ("words\n---\nmore", "words\n---\nmore", []),
        ("words\n===", "words\n===", []),
        ("***", "***", []),
        ("> words\n> ---\nmore", "words\n---\n\nmore", ["words\n---"]),
        ("- one\n- two", "one\n\ntwo", []),
        ("```\n>x\n> y\nz\n```", ">x\n> y\nz", []),
        (quoted_to_the_end("So:\n>>> Who?\n\nWhen?"), "So:\n\nWho?\n\nWhen?", ["Who?", "When?"]),
    ],
)
def test_a_quotation_ends_with_its_lines(body: str, shown: str, quotations: list[str]) -> None:
    assert quoted(body) == (shown, quotations)
