"""Footnotes that a program made: links there and back within a body, whatever the names of classes and ids are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup import render
from rostra.model import Body, Dialect
from support.body_promises import check

DISCOURSE = (
    '<p>The gate leaks<sup class="footnote-ref"><a href="#footnote-7-1" id="footnote-ref-7-1">[1]</a></sup>.</p>\n'
    '<hr class="footnotes-sep">\n<ol class="footnotes-list">\n<li id="footnote-7-1" class="footnote-item">\n'
    '<p>At least in <em>May</em>. <a href="#footnote-ref-7-1" class="footnote-backref">↩︎</a></p>\n</li>\n</ol>'
)
CONVERTED = (
    '<p>The gate<sup id="fnref:1"><a href="#fn:1" rel="footnote">1</a></sup>, and<sup id="fnref:2"><a href="#fn:2">2</a></sup>'
    ' again<sup id="fnref:1:1"><a href="#fn:1">1</a></sup>.</p><div class="footnotes"><hr><ol><li id="fn:1"><p>Of'
    '\N{NO-BREAK SPACE}May. <a href="#fnref:1" rev="footnote">↩</a> <a href="#fnref:1:1">↩<sup>2</sup></a></p></li>'
    '<li id="fn:2"><p>So. <a href="#fnref:2">↩</a></p></li></ol></div><p>Ada</p>'
)
TYPED = '<p>The weir <a href="#_ftn1" name="_ftnref1">[1]</a> leaks.</p><p><a href="#_ftnref1" name="_ftn1">[1]</a> Of May.</p>'


def notes(body: Body) -> list[tuple[str, str, str]]:
    check(body)
    return [(note.label, note.html, body.text[: note.marker or 0]) for note in body.notes]


@pytest.mark.parametrize("dialect", ["discourse", "html"])
@pytest.mark.parametrize(
    ("said", "found", "text"),
    [
        (DISCOURSE, [("1", "At least in <em>May</em>.", "The gate leaks")], "The gate leaks."),
        (CONVERTED, [("1", "Of\N{NO-BREAK SPACE}May.", "The gate"), ("2", "So.", "The gate, and")], "The gate, and again.\n\nAda"),
        (TYPED, [("1", "Of May.", "The weir")], "The weir leaks."),
    ],
)  # fmt: skip
def test_links_there_and_back_are_notes(
    dialect: Dialect, said: str, found: list[tuple[str, str, str]], text: str
) -> None:
    made = render(said, dialect)
    assert (notes(made), made.text) == (found, text)


@pytest.mark.parametrize(
    "said",
    [
        '<p>See <a href="#b">1</a>.</p><p id="b">Nothing leads back.</p>',
        '<p>See <a href="#b" id="a">here</a>.</p><p id="b">It is no label. <a href="#a">↩</a></p>',
        '<p id="a">See <a href="#a">1</a>.</p>',
        '<p>See <a href="#c" id="a">1</a>.</p><p id="b">That is not there. <a href="#a">↩</a></p>',
        '<p>See <a href="#c" id="a">1</a>, <a href="#d" id="b">2</a>.</p><div><a name="c" href="#a">1</a> One, <a name="d" href="#b">2</a> two.</div>',
        '<p>See <a href="https://mill.example/#b" id="a">1</a>.</p><p id="b">It is on another page. <a href="#a">↩</a></p>',
    ],
)
def test_other_links_are_none(said: str) -> None:
    made = render(said, "html")
    assert not made.notes
    assert "See " in made.text


@pytest.mark.parametrize("tail", ["and a tail", " <b>and</b> a tail"])
def test_text_behind_a_note_stays_once_where_it_is(tail: str) -> None:
    made = render(f'<p>So<a href="#b" id="a">1</a>.</p><p id="b">Then. <a href="#a">↩</a></p>{tail}<p>Ada</p>', "html")
    assert [note.text for note in made.notes] == ["Then."]
    assert made.text.split() == ["So.", "and", "a", "tail", "Ada"]


def test_a_list_with_something_else_stays() -> None:
    said = '<p>So <a href="#b" id="a">1</a></p><hr><ol><li id="b">Then. <a href="#a">↩</a></li><li>And now.</li></ol>'
    made = render(said, "html")
    assert [note.text for note in made.notes] == ["Then."]
    assert made.text.endswith("And now.")
    assert any(tag == "<hr>" for _, tag in made.tags)


PIECES = st.sampled_from(
    ['<a href="#a" id="b">1</a>', '<a href="#b" id="a">1</a>', "<p>", "</p>", "<li id=a>", "<li id=b>", "<ol>", "</ol>", "<sup id=c>", "</sup>",
     "words ", '<a href="#c">[2]</a>', '<a href="#a">↩</a>', "<hr>", '<div id="a">', "</div>", "<!-- x -->"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14), st.sampled_from(["discourse", "html"]))
def test_no_word_is_lost_or_doubled(pieces: list[str], dialect: Dialect) -> None:
    made = render("".join(pieces), dialect)
    check(made)
    said = " ".join((made.text, *(note.text for note in made.notes)))
    assert said.count("words") == "".join(pieces).count("words")


def test_the_time_grows_with_the_notes() -> None:
    """Many calls of one note, many links in one note, many notes in one list: each is looked at once."""
    many = 1000
    calls = "".join(f'<sup><a href="#n" id="c{n}">1</a></sup>' for n in range(many))
    back = "".join(f'<a href="#c{n}">↩</a>' for n in range(many))
    made = render(f'<p>x{calls}</p><ol><li id="n">Then. {back}</li></ol>', "html")
    assert [note.text for note in made.notes] == ["Then."]
    items = "".join(f'<li id="n{n}">Then. <a href="#c{n}">↩</a></li>' for n in range(many))
    calls = "".join(f'<sup><a href="#n{n}" id="c{n}">{n % 999}</a></sup>' for n in range(many))
    assert len(render(f"<p>x{calls}</p><ol>{items}</ol>", "html").notes) == many
