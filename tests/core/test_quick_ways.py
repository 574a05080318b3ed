"""What is asked for again and again has a quick way, and gives what the plain way gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from rostra.layouts import written
from rostra.words import shortened

SPACED = st.lists(st.sampled_from(["a", "bc", "é", " ", "\n", "\u2003", " " * 40]), max_size=60).map("".join)


@given(st.text() | st.text("&<>\"'a") | st.text().map(Markup) | st.integers() | st.booleans() | st.none() | st.floats())
def test_a_value_is_written_as_it_is_escaped(value: object) -> None:
    assert str(written(value)) == str(escape(value))


@given(SPACED, st.integers(1, 20))
def test_the_beginning_of_a_text_is_that_of_all_of_it(text: str, most: int) -> None:
    line = " ".join(text.split())
    assert shortened(text, most) == (line if len(line) <= most else line[: most - 1] + "…")
