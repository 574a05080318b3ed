"""Where what is woven into a body stands: between which of its tags, and around which of its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rostra.markup.weave import Decoration, unwrapped, weave
from rostra.model import Block, Body


def body(text: str, *tags: tuple[int, str]) -> Body:
    return Body(text=text, tags=tags)


PLAIN = body("one two", (0, "<p>"), (4, "<b>"), (7, "</b>"), (7, "</p>"))


def dressed(keys: Mapping[int, int]) -> tuple[str, str]:
    """The runs of each kind, and how many, as a tag."""
    return f"<u {','.join(f'{key}x{many}' for key, many in sorted(keys.items()))}>", "</u>"


def woven(of: Body, *runs: tuple[int, int, int], **more: Any) -> str:
    return weave(of, runs=[Decoration(*each) for each in runs], dress=dressed, **more)


def test_a_body_alone_is_its_text_and_tags() -> None:
    assert weave(PLAIN) == "<p>one <b>two</b></p>"
    assert weave(body("")) == ""
    assert weave(body('a & b < c > "d"', (1, "<br>"))) == 'a<br> &amp; b &lt; c &gt; "d"'
    assert weave(body('"a" b', (3, "<br>"))) == '"a"<br> b'
    assert weave(body("ab", (1, "<i>"))) == "a<i>b"


def test_what_is_woven_in_leaves_the_rest_as_it_is() -> None:
    of = body('a & b <"c', (1, "<br>"))
    assert weave(of, points={9: "!"}) == 'a<br> &amp; b &lt;"c!'
    assert weave(of, before={0: "!"}) == 'a!<br> &amp; b &lt;"c'
    assert weave(of, after={0: "!"}) == 'a<br>! &amp; b &lt;"c'
    assert woven(of, (9, 9, 1)) == weave(of)
    # Without a way to dress them, runs change nothing.
    assert weave(of, runs=[Decoration(0, 9, 1)]) == weave(of)


@pytest.mark.parametrize(
    ("run", "html"),
    [
        ((0, 3), "<p><u 1x1>one</u> <b>two</b></p>"),
        ((1, 2), "<p>o<u 1x1>n</u>e <b>two</b></p>"),
        ((0, 4), "<p><u 1x1>one </u><b>two</b></p>"),
        ((4, 7), "<p>one <b><u 1x1>two</u></b></p>"),
        ((2, 5), "<p>on<u 1x1>e </u><b><u 1x1>t</u>wo</b></p>"),
        ((0, 7), "<p><u 1x1>one </u><b><u 1x1>two</u></b></p>"),
        ((3, 4), "<p>one <b>two</b></p>"),
        ((4, 4), "<p>one <b>two</b></p>"),
        ((5, 4), "<p>one <b>two</b></p>"),
    ],
)
def test_a_run_is_around_its_words_inside_of_each_tag(run: tuple[int, int], html: str) -> None:
    assert woven(PLAIN, (*run, 1)) == html


def test_runs_that_overlap_are_counted_by_their_key() -> None:
    assert woven(body("abcdef"), (0, 4, 1), (2, 6, 2)) == "<u 1x1>ab</u><u 1x1,2x1>cd</u><u 2x1>ef</u>"
    assert woven(body("abcdef"), (0, 4, 1), (2, 6, 1)) == "<u 1x1>ab</u><u 1x2>cd</u><u 1x1>ef</u>"
    assert woven(body("abcdef"), (0, 6, 1), (2, 4, 1)) == "<u 1x1>ab</u><u 1x2>cd</u><u 1x1>ef</u>"
    assert woven(body("abcd"), (0, 2, 1), (0, 2, 1)) == "<u 1x2>ab</u>cd"
    assert woven(body("abcd"), (0, 2, 1), (2, 4, 1)) == "<u 1x1>ab</u><u 1x1>cd</u>"
    assert woven(body("abcd"), (2, 4, 2), (0, 2, 1)) == "<u 1x1>ab</u><u 2x1>cd</u>"
    assert woven(body("a<b"), (0, 3, 0)) == "<u 0x1>a&lt;b</u>"


@pytest.mark.parametrize(
    ("offset", "html"),
    [
        (0, "<p>!one <b>two</b></p>"),
        (3, "<p>one! <b>two</b></p>"),
        # It is after the tag that begins there, and before the tag that ends there.
        (4, "<p>one <b>!two</b></p>"),
        (7, "<p>one <b>two!</b></p>"),
    ],
)
def test_a_point_is_inside_of_the_tags_around_its_offset(offset: int, html: str) -> None:
    assert weave(PLAIN, points={offset: "!"}) == html


def test_a_point_at_the_end_of_a_line_is_on_that_line() -> None:
    assert weave(body("a\nb", (1, "<br>")), points={1: "!"}) == "a!<br>\nb"
    assert weave(body("a\nb", (1, "<hr>")), points={1: "!"}) == "a<hr>!\nb"
    nested = body("a\nb\nc", (0, "<li>"), (1, "<ul>"), (1, "<li>"), (3, "</li>"), (3, "</ul>"), (4, "<p>"))
    assert weave(nested, points={1: "!"}) == "<li>a!<ul><li>\nb</li></ul>\n<p>c"
    assert weave(nested, points={4: "!"}) == "<li>a<ul><li>\nb</li></ul>\n<p>!c", "a point at the beginning of a block"


def test_a_point_ends_the_runs_before_it_and_begins_those_after_it() -> None:
    assert woven(body("abcd"), (0, 2, 1), (2, 4, 2), points={2: "!"}) == "<u 1x1>ab</u>!<u 2x1>cd</u>"
    assert woven(body("abcd"), (0, 4, 1), points={2: "!"}) == "<u 1x1>ab</u>!<u 1x1>cd</u>"


def test_points_are_after_the_link_that_they_are_in() -> None:
    link = body("one two three", (4, '<a href="#">'), (7, "</a>"))
    assert weave(link, points={3: "!"}) == 'one! <a href="#">two</a> three'
    assert weave(link, points={4: "!"}) == 'one <a href="#">two</a>! three'
    assert weave(link, points={5: "1", 6: "2", 7: "3", 8: "4"}) == 'one <a href="#">two</a>123 4three'
    open_link = body("one two", (4, '<a href="#">'))
    assert weave(open_link, points={5: "!", 6: "?"}) == 'one <a href="#">two!?'
    # What only begins like a link is none.
    assert weave(body("one", (0, "<abbr>"), (3, "</abbr>")), points={1: "!"}) == "<abbr>o!ne</abbr>"
    twice = body("ab", (0, '<a href="1">'), (1, "</a>"), (1, '<a href="2">'), (2, "</a>"))
    assert weave(twice, points={0: "!", 2: "?"}) == '<a href="1">a</a>!<a href="2">b</a>?'
    within = body("abc", (0, '<a href="1">'), (1, "<b>"), (2, "</b>"), (3, "</a>"))
    assert weave(within, points={0: "!"}) == '<a href="1">a<b>b</b>c</a>!'


def test_a_tag_has_something_before_or_after_it_by_its_index() -> None:
    assert weave(PLAIN, before={0: "(0", 2: "(2"}) == "(0<p>one <b>two(2</b></p>"
    assert weave(PLAIN, after={1: "1)", 3: "3)"}) == "<p>one <b>1)two</b></p>3)"
    assert weave(PLAIN, before={1: "("}, after={1: ")"}, points={4: "!"}) == "<p>one (<b>)!two</b></p>"
    link = body("ab", (0, '<a href="1">'), (1, "</a>"))
    assert weave(link, points={1: "!"}, after={1: "|"}) == '<a href="1">a</a>!|b'


@pytest.mark.parametrize("more", [{}, {"points": {0: "!"}}])
def test_the_call_of_a_note_is_what_its_number_is_called(more: Any) -> None:
    of = body("ab", (1, "<call 1>"), (2, "<call 12>"))
    begun = "!" if more else ""
    assert weave(of, call="({})".format, **more) == f"{begun}a(1)b(12)"
    assert weave(of, **more) == f"{begun}ab"


def test_only_a_single_paragraph_loses_its_tags() -> None:
    def made(*tags: tuple[int, str], blocks: tuple[tuple[int, int], ...] = ((0, 1),)) -> Body:
        held = tuple(Block(0, 2, "paragraph", 0, None, *each) for each in blocks)
        return Body(text="ab", tags=tags, blocks=held)

    assert unwrapped(made((0, "<p>"), (2, "</p>"))).tags == ()
    whole = made((0, "<p>"), (0, "<b>"), (2, "</b>"), (2, "</p>"), blocks=((0, 3),))
    assert unwrapped(whole).tags == ((0, "<b>"), (2, "</b>"))
    for other in (
        made((0, "<h4>"), (2, "</h4>")),
        made((0, "<p>"), (2, "</p>"), (2, "<hr>")),
        made((0, "<hr>"), (0, "<p>"), (2, "</p>"), blocks=((1, 2),)),
        made((0, "<p>"), (1, "</p>"), (1, "<p>"), (2, "</p>"), blocks=((0, 1), (2, 3))),
        made(blocks=()),
    ):
        assert unwrapped(other) == other
