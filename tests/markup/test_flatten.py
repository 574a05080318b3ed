"""What of sanitised HTML is text, which tags are beside it, and where its blocks begin and end."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest

from rostra.markup import render
from rostra.markup.elements import TRANSPARENT
from rostra.markup.flatten import Flattener
from rostra.markup.weave import weave
from rostra.model import Body, Mark

# The package has a function of this name.
flatten = import_module("rostra.markup.flatten")


def flat(html: str, **numbers: int) -> tuple[Body, list[int]]:
    it = Flattener(numbers)
    it.feed(html)
    return it.body(), it.breaks


def body(html: str, **numbers: int) -> Body:
    return flat(html, **numbers)[0]


def woven(html: str, **numbers: int) -> str:
    return weave(body(html, **numbers), call="({})".format)


def blocks(html: str) -> list[tuple[str, str, int]]:
    """Each block: its kind, its text and how deep it is in quotations."""
    it = body(html)
    return [(block.kind, it.text[block.start : block.end], block.depth) for block in it.blocks]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""), ("a", "a"), ("<p>a</p>", "a"), ("<p>a</p><p>b</p>", "a\n\nb"), ("a<p>b</p>c", "a\n\nb\n\nc"),
        ("<p>a  b</p>", "a b"), ("<p>a\tb</p>", "a b"), ("<p>a\n \nb</p>", "a b"), ("<p>a\r\fb</p>", "a b"),
        ("<p>a\rb</p>", "a b"), ("<p>a\fb</p>", "a b"), ("<p>abc <b>d</b></p>", "abc d"),
        ("<ul><li><blockquote>a<b> b</b></blockquote></li></ul>", "a b"),
        ("<ul><li><blockquote>a<br>b</blockquote></li></ul>", "a\nb"), ("<p>a\n</p><p> b<b> c</b></p>", "a\n\nb c"),
        ("<p> a </p>", "a"), ("<p>\na\n</p>", "a"), ("<p>a <b> b</b></p>", "a b"), ("<p>a<b> b</b></p>", "a b"),
        ("<p>a<b>b</b></p>", "ab"), ("<p>a<b> </b>b</p>", "a b"), ("<p>a<b></b>b</p>", "ab"),
        ("<p>a<br>b</p>", "a\nb"), ("<p>a<br> b</p>", "a\nb"), ("<p>a <br>b</p>", "a\nb"), ("<p><br>a</p>", "a"),
        ("<p>a<br><br>b</p>", "a\n\nb"), ("<p>a<br></p>", "a"), ("<br>a", "a"), ("<p>a&amp;b &lt;</p>", "a&b <"),
        ("<p>a\u00a0\u00a0b</p>", "a\u00a0\u00a0b"), ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<pre>\na\n b\n</pre>", "a\n b"), ("<p>a</p><pre>b</pre><p>c</p>", "a\n\nb\n\nc"), ("<p></p><p>a</p>", "a"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"), ("a<hr>b", "a\n\nb"), ("<p>a</p> <p>b</p>", "a\n\nb"),
        ("<p>a</p>\n<p>b</p>\n", "a\n\nb"), ("<pre>a<br>b</pre>", "a\nb"), ("<p>a<b>b </b> c</p>", "ab c"),
        ("<p>a </p>b", "a\n\nb"), ("<p>a</p> b", "a\n\nb"), ("<blockquote>a</blockquote>b", "a\n\nb"),
        ("<pre>a<pre>b</pre>c</pre>d", "abc\n\nd"), ("<pre>a", "a"), ("<pre><b>a</b> &amp;</pre>", "a &"),
        ("a < b", "a b"),
    ],
)  # fmt: skip
def test_white_space_is_one_space_and_between_blocks_is_an_empty_line(html: str, text: str) -> None:
    assert body(html).text == text


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p>", "<p>a<b>b</b>c</p>", "<ul><li>a</li></ul>", "<p>a<br>\nb</p>", "<p>a</p>\n\n<p>b</p>", "<hr>",
        '<p><a href="1" rel="x">a</a></p>', "<blockquote><p>a</p></blockquote>", "<p>a<b>b<i>c</i></b></p>",
        '<p class="signature">a</p>',
    ],
)  # fmt: skip
def test_what_is_flat_is_woven_again(html: str) -> None:
    assert woven(html.replace('class="sig', 'data-kind="sig')) == html


@pytest.mark.parametrize(
    ("html", "again"),
    [
        ("a<b>b</b>", "<p>a<b>b</b></p>"),
        ("a < b", "<p>a b</p>"),
        ('<p lang="de"></p>', '<p lang="de"></p>'),
        ("<p>a<b> </b>b</p>", "<p>a b</p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li><li>\n\nb</li></ul>"),
        ("<blockquote>a</ul>b</blockquote>", "<blockquote><p>a</p>\n\n<p>b</p></blockquote>"),
        ("<b>a", "<p><b>a</b></p>"),
        ("<b></b>", "<p></p>"),
        ("<p>a<i></i></p>", "<p>a</p>"),
        ("<p>a<b>b<p>c</p></b></p>", "<p>a<b>b</b></p>\n\n<p><b>c</b></p>"),
        ("<b><i>a<p>b</p></i>c</b>", "<p><b><i>a</i></b></p>\n\n<p><b><i>b</i></b></p>\n\n<p><b>c</b></p>"),
        ("<p>a</b>b</p>", "<p>ab</p>"),
        ("<ul><li>a<p>b</p></li></ul>", "<ul><li>a\n\n<p>b</p></li></ul>"),
        ("<ul><li>a</ul>", "<ul><li>a</li></ul>"),
        ("<ul><li>a", "<ul><li>a</li></ul>"),
        ("<p>a</ul>b", "<p>a</p>\n\n<p>b</p>"),
        ("<blockquote>a", "<blockquote><p>a</p></blockquote>"),
        ('<p lang="de" dir="rtl" title="t">a</p>', '<p lang="de" dir="rtl">a</p>'),
        ('<blockquote lang="de">a</blockquote>', '<blockquote lang="de"><p>a</p></blockquote>'),
        ("<table><tr><td>a</td></tr></table>", '<table tabindex="0"><tr><td>a</td></tr></table>'),
        ("<p><code>a</code></p>", "<p><code>a</code></p>"),
        ('<p><code class="x">a</code></p>', "<p><code>a</code></p>"),
        ('<p><code class="math">a</code></p>', '<p><code class="math">a</code></p>'),
        ('<ol data-kind="typed"><li>a</li></ol>', '<ol class="typed"><li>a</li></ol>'),
        ("<pre>a</pre>", '<pre tabindex="0"><code>a</code></pre>'),
        ("a<div>b</div>", "<p>a</p>\n\n<p>b</p>"),
        ("<aside>a</aside>b", "<p>a</p>\n\n<p>b</p>"),
        ("<p>a <b>b</b> <i>c</i></p>", "<p>a <b>b</b> <i>c</i></p>"),
        ("<p>a<b> b</b></p>", "<p>a <b>b</b></p>"),
        ("<p>a<br><b>b</b></p>", "<p>a<br>\n<b>b</b></p>"),
        ("<p>a<br></p>", "<p>a<br></p>"),
        ("<p>a<br><br></p><ul></ul>", "<p>a<br><br></p><ul></ul>"),
        ("</br>a</hr>b</img>", "<p>ab</p>"),
        ("<b>a</br>b</b>", "<p><b>ab</b></p>"),
    ],
)
def test_tags_are_closed_in_their_block_and_opened_again_in_the_next(html: str, again: str) -> None:
    assert woven(html) == again


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>a</p>", [("paragraph", "a", 0)]),
        ("a<p>b</p>", [("paragraph", "a", 0), ("paragraph", "b", 0)]),
        ("<h1>a</h1>", [("heading", "a", 0)]),
        ("<h1></h1><p>b</p>", [("paragraph", "b", 0)]),
        ("<h1> </h1>", []),
        ("<h6>a</h6>", [("heading", "a", 0)]),
        ("<pre>a</pre>", [("code", "a", 0)]),
        ("<pre> </pre>", []),
        ("<ul><li>a</li><li></li></ul>", [("item", "a", 0)]),
        ("<ul><li><p>a</p>b</li></ul>", [("paragraph", "a", 0), ("item", "b", 0)]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", [("item", "a", 0), ("item", "b", 0)]),
        ("<table><tr><th>a</th><td>b</td></tr></table>", [("cell", "a", 0), ("cell", "b", 0)]),
        ('<p data-kind="signature">a</p>', [("signature", "a", 0)]),
        ('<p data-kind="other">a</p>', [("paragraph", "a", 0)]),
        ('<h4 data-kind="signature">a</h4>', [("heading", "a", 0)]),
        (
            "a<blockquote>b<blockquote>c</blockquote>d</blockquote>e",
            [("paragraph", each, depth) for each, depth in zip("abcde", (0, 1, 2, 1, 0), strict=True)],
        ),
        ("<p>a<br></p><p>b</p>", [("paragraph", "a\n", 0), ("paragraph", "b", 0)]),
        ("<p>a</p><p>b<br><br></p>", [("paragraph", "a", 0), ("paragraph", "b", 0)]),
        ("<p>\u00a0</p>", []),
    ],
)
def test_a_block_is_what_holds_words(html: str, found: list[tuple[str, str, int]]) -> None:
    assert blocks(html) == found


def test_a_block_knows_its_first_and_its_last_tag() -> None:
    it = body("<p>a</p><ul><li>b<b>c</b></li></ul><p></p><blockquote>d</blockquote>")
    held = [[tag for _, tag in it.tags[block.first : block.last + 1]] for block in it.blocks]
    assert held == [["<p>", "</p>"], ["<b>", "</b>"], ["<p>", "</p>"]]


def test_a_heading_without_words_is_a_paragraph_and_keeps_its_place() -> None:
    assert woven("<p>a</p><h1><b></b></h1><p>b</p>") == "<p>a</p>\n\n<p></p><p>b</p>"
    assert woven("<h1></h1>") == "<p></p>"
    assert [at for at, _ in body("<p>a</p><h1> </h1>").tags] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("1", "4"), ("6", "4"), ("12", "45"), ("14", "45"), ("123456", "456666"), ("21", "44"), ("122", "455"), ("1322", "4555"), ("3123", "4456")],
)  # fmt: skip
def test_headings_begin_at_the_fourth_level_and_skip_none(typed: str, shown: str) -> None:
    html = "".join(f"<h{level}>a</h{level}>" for level in typed)
    assert "".join(re.findall(r"<h(\d)>", woven(html))) == shown
    assert "".join(re.findall(r"</h(\d)>", woven(html))) == shown


def test_a_quotation_says_whose_it_is() -> None:
    def mark(attributes: str) -> Mark | None:
        (block,) = body(f"<blockquote{attributes}>a</blockquote>").blocks
        return block.mark

    assert mark("") is None
    assert mark(' data-author="Ada"') == Mark(author="Ada")
    given = ' data-author="A &amp; B" data-post="7" data-thread="8" data-url="u"'
    assert mark(given) == Mark(author="A & B", post="7", thread="8", url="u")
    assert mark(' data-author=""') is None
    assert mark(' data-author="" data-post="7"') == Mark(post="7")
    assert flatten.LONGEST == 300
    assert mark(f' data-author="{"x" * 300}"') == Mark(author="x" * 300)
    assert mark(f' data-author="{"x" * 301}"') is None
    (inner, outer) = body('<blockquote data-post="1"><blockquote data-post="2">a</blockquote>b</blockquote>').blocks
    assert (inner.mark, outer.mark) == (Mark(post="2"), Mark(post="1"))
    assert woven('<blockquote data-post="1">a</blockquote>') == "<blockquote><p>a</p></blockquote>"


@pytest.mark.parametrize(
    ("html", "breaks"),
    [
        ("<p>a\nb</p>", [1]), ("<p>a b</p>", []), ("<p>a\nb\nc</p>", [1, 3]), ("<p>a\n<b>b</b></p>", [1]),
        ("<p>a<b>\nb</b></p>", [1]), ("<p>a \n b</p>", [1]), ("<p>a  b</p>", []), ("<p>\na</p>", []), ("<p>a\n</p>", []),
        ("<p>a\n</p><p>b c</p>", []), ("<p>a</p><p>b\nc</p>", [4]), ("<p>a\n<br>b c</p>", []), ("<p>a<br>\nb</p>", []),
        ("<p>a <b>\nb</b></p>", [1]), ("<p>a\n<b> b</b></p>", [1]), ("<p>a\n<b>b</b> c</p>", [1]),
        ("<p>ab<b>cd\nef</b></p>", [4]), ("<p>a\n</p>b <b>c</b>", []),
    ],
)  # fmt: skip
def test_where_a_line_ended_is_known(html: str, breaks: list[int]) -> None:
    assert flat(html)[1] == breaks


def test_the_call_of_a_note_has_its_number_and_another_is_raised() -> None:
    assert woven('<p>a<a data-note="x">1</a>b</p>', x=3) == "<p>a(3)1b</p>"
    assert woven('<p>a<a data-note="x"></a>b</p>', x=3) == "<p>a(3)b</p>"
    assert all(tag for _, tag in body('<p>a<a data-note="x">1</a>b</p>', x=3).tags)
    assert woven('<b>a<a data-note="x"></a>b</b>', x=3) == "<p><b>a(3)b</b></p>"
    assert woven('<p>a<a data-note="x&amp;"></a>b</p>', y=1) == "<p>a<sup>[x&amp;]</sup>b</p>"
    assert woven('<p>a<b data-note="x">b</b></p>', x=3) == '<p>a<b data-note="x">b</b></p>'
    assert woven('<p><a data-note="x"></a>a</p><p>b</p>', x=1) == "<p>(1)a</p>\n\n<p>b</p>"
    assert woven('<a data-note="x">a<p>b</p></a>', x=1) == "<p>(1)a</p>\n\n<p>b</p>"


LINK = 'rel="nofollow ugc noopener noreferrer"'
NO_LABEL = '<span class="unlabelled">picture</span>'
PICTURE = f'<a href="x" class="picture" {LINK}>{NO_LABEL}</a>'


@pytest.mark.parametrize(
    ("html", "again"),
    [
        ('<img src="1.png" alt="a">', f'<p><a href="1.png" class="picture" {LINK}>a</a></p>'),
        ('<img src="1.png" alt="" title="t">', f'<p><a href="1.png" class="picture" {LINK}>t</a></p>'),
        ('<img src="picture/1.png">', f'<p><a href="picture/1.png" class="picture" {LINK}>{NO_LABEL}</a></p>'),
        ('<img src="1.png" alt="a &amp; b">', f'<p><a href="1.png" class="picture" {LINK}>a &amp; b</a></p>'),
        # Its tag is longer than a short body may grow by tags that are opened again.
        ('<img src="x">', f'<p><a href="x" class="picture" {LINK}>{NO_LABEL}</a></p>'),
        ('<b><img src="x"><img src="x"><img src="x"></b>', f"<p><b>{PICTURE}{PICTURE}{PICTURE}</b></p>"),
        ('<b><img src="x">a<p>b</p></b>', f'<p><b><a href="x" class="picture" {LINK}>{NO_LABEL}</a>a</b></p>\n\n<p><b>b</b></p>'),
        ('<img alt="a">', "<p>a</p>"),
        ('<img alt=" ">', "<p></p>"),
        ('<b><a href="x.jpg" rel="r"><img alt="a"></a></b>', '<p><b><a href="x.jpg" class="picture" rel="r">a</a></b></p>'),
        (
            '<a href="x.jpg" rel="r">b<img alt="a"><p>c</p></a>',
            '<p><a href="x.jpg" rel="r">ba</a></p>\n\n<p><a href="x.jpg" rel="r">c</a></p>',
        ),
        ('<img src="" alt="a">', "<p>a</p>"),
        ('<p>a<img src="1.png" alt="b">c</p>', f'<p>a<a href="1.png" class="picture" {LINK}>b</a>c</p>'),
        ('<a href="x" rel="r"><img src="1.png" alt="a"></a>', '<p><a href="x" rel="r">a</a></p>'),
        ('<a href="x.jpg" rel="r"><img src="1.png" alt="a"></a>', '<p><a href="x.jpg" class="picture" rel="r">a</a></p>'),
        ('<a href="x.JPEG" title="rel=" rel="r"><img alt="a"></a>', '<p><a href="x.JPEG" title="rel=" class="picture" rel="r">a</a></p>'),
        ('<a href="x.jpg" title="a rel=b onclick=c" rel="r"><img alt="a"></a>', '<p><a href="x.jpg" title="a rel=b onclick=c" class="picture" rel="r">a</a></p>'),
        ('<a href="x.jpg" rel="r">b<img alt="a"></a>', '<p><a href="x.jpg" rel="r">ba</a></p>'),
        ('<a href="x.jpg" rel="r"><b><img alt="a"></b></a>', '<p><a href="x.jpg" rel="r"><b>a</b></a></p>'),
        ('<b><img src="1.png" alt="a"></b>', f'<p><b><a href="1.png" class="picture" {LINK}>a</a></b></p>'),
        ('<a href="x" rel="r"><b><img src="1.png" alt="a"></b></a>', '<p><a href="x" rel="r"><b>a</b></a></p>'),
    ],
)  # fmt: skip
def test_a_picture_is_a_link_to_it_unless_it_is_in_another(html: str, again: str) -> None:
    assert woven(html) == again


def test_code_is_coloured_by_its_language() -> None:
    html = '<pre><code class="language-python">if x:</code></pre>'
    found = woven(html)
    assert found.startswith('<pre tabindex="0"><code><span class="k">if</span> ')
    assert found.endswith("</code></pre>")
    assert blocks(html) == [("code", "if x:", 0)]


def test_what_code_was_coloured_before_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    def plain(code: str, language: str | None, before: int) -> Any:
        asked.append(before)
        yield "", code

    monkeypatch.setattr(flatten, "highlight", plain)
    body("<pre>abc</pre>d<pre>e</pre><pre>f</pre>")
    assert asked == [0, 3, 4]


@pytest.mark.parametrize("less", [0, 1])
def test_tags_are_opened_again_until_they_are_too_many(monkeypatch: pytest.MonkeyPatch, less: int) -> None:
    html = "<b>a<p>b</p>c</b>"
    # Each of three blocks has one tag of three signs; the limit is a share of the length.
    monkeypatch.setattr(flatten, "AGAIN", (9 - less) / len(html))
    assert all(tag for _, tag in body(html).tags)
    assert (woven(html).count("<b>"), woven(html).count("</b>")) == (3 - less, 3 - less)
    monkeypatch.undo()
    assert flatten.AGAIN == 4


def test_the_end_of_a_text_has_no_empty_lines_nor_a_tag_beyond_it() -> None:
    it = body("<p>a<br><br></p><ul><li></li></ul>")
    assert it.text == "a"
    assert max(at for at, _ in it.tags) == 1
    assert [(block.start, block.end) for block in it.blocks] == [(0, 1)]
    it = body("<p>a</p>")
    assert (it.text, it.tags) == ("a", ((0, "<p>"), (1, "</p>")))


def test_only_what_may_be_wrong_is_changed_and_rows_are_filled_up() -> None:
    assert woven("<li>a</li>") == "<p>a</p>"
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert woven(table).count("<td>") == 4
    assert woven('<p title="t">a</p>') == "<p>a</p>"


@pytest.mark.parametrize("tag", sorted(TRANSPARENT))
def test_blocks_that_are_not_emitted_part_what_is_around_them(tag: str) -> None:
    assert render(f"one<{tag}>two</{tag}>three", "html").text == "one\n\ntwo\n\nthree"
    assert woven(f"<{tag}>a</{tag}>") == "<p>a</p>"
