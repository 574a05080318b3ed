"""The words of a post that lists, maps and titles show."""

from __future__ import annotations

import pytest

from rostra.markup import render
from rostra.markup.own_text import own_text


@pytest.mark.parametrize(
    ("body", "own"),
    [
        pytest.param("> It is open.\n\nThe log says:\n\n    02:13 level 62\n    02:14 level 61\n\nWho was it?", "The log says: Who was it?", id="words"),
        pytest.param("> It is open.\n\n    02:13 level 62\n    02:14 level 61", "02:13 level 62\n02:14 level 61", id="code"),
        pytest.param("On Monday Ada wrote:\n> It is open.", "It is open.", id="quotation"),
        pytest.param("On Monday Ada wrote:\n> It is open.\n\n    02:13 level 62\n    02:14 level 61", "02:13 level 62\n02:14 level 61", id="code below a quotation"),
    ],
)  # fmt: skip
def test_a_post_is_known_by_its_words_or_else_its_code_or_what_it_quotes(body: str, own: str) -> None:
    assert " ".join(own_text(render(body, "mail")).split()) == " ".join(own.split())


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("![](1.png)\n![](2.png)\n\n![](3.png)", ""),
        ("> It is open.\n\n![](1.png)", ""),
        ("![](1.png)\n![picture](2.png)", "picture"),
        ("![gate](1.png) ![gate](2.png) ![key](3.png) ![gate](4.png)", "gate key gate"),
        ("![](1.png) It is shut. ![](2.png)", "It is shut."),
    ],
)
def test_pictures_are_named_where_no_words_are_and_those_of_one_name_in_a_row_once(body: str, own: str) -> None:
    assert " ".join(own_text(render(body, "markdown")).split()) == own
