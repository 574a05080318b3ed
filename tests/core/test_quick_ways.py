"""What is asked for again and again has a quick way, and gives what the plain way gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from rostra.i18n.catalogue import shortened
from rostra.quotations.tokens import WORD, pattern
from rostra.render.templates import FORBIDDEN, allowed, encode_page, escape_text

SPACED = st.lists(st.sampled_from(["a", "bc", "é", " ", "\n", "\u2003", " " * 40]), max_size=60).map("".join)

MARKS = ["[snip]", "(CUT", "< elided >", "[sic]", "[3]", "[..]", "(snip the rest)"]
SAID = st.lists(st.sampled_from([*"aZ9é_ \n'’`-.…[]()<>\ue000", *MARKS]), max_size=14).map("".join)
UNSEEN = st.sampled_from(
    "a\n\t\x00\x08\x0b\x0c\x0e\x1f\x7f\x80\x9f\xa0·…\ud800\udfff\ufdcf\ufdd0\ufdef\ufdf0\ufffd\ufffe\uffff\U0001f600"
)


@given(st.text() | st.text("&<>\"'a") | st.text().map(Markup) | st.integers() | st.booleans() | st.none() | st.floats())
def test_a_value_is_written_as_it_is_escaped(value: object) -> None:
    assert str(escape_text(value)) == str(escape(value))


@given(SPACED, st.integers(1, 20))
def test_the_beginning_of_a_text_is_that_of_all_of_it(text: str, most: int) -> None:
    line = " ".join(text.split())
    short = shortened(text, most)
    if len(line) <= most:
        assert short == line
        return
    begun = short.removesuffix("…")
    assert short == begun.rstrip() + "…"
    assert line.startswith(begun)
    if begun != line[: most - 1].rstrip():
        # It is cut between words where two thirds of it remain.
        assert line[len(begun)] == " "
        assert " " not in line[len(begun) + 1 : most]
        assert 3 * len(begun) >= 2 * most


@given(SAID | st.text())
def test_words_are_cut_as_where_elision_marks_are_looked_for(text: str) -> None:
    assert pattern(text).split(text) == WORD.split(text)


@given(st.text(UNSEEN) | st.text())
def test_a_page_holds_what_html_lets_stand(text: str) -> None:
    assert encode_page(text) == FORBIDDEN.sub(allowed, text).encode()
