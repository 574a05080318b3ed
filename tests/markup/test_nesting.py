"""What may be within what: each tag that the standard does not allow at its place is changed, and no text is lost."""

from __future__ import annotations

import re

import pytest

from rostra.markup import nesting
from rostra.markup.nesting import is_unsure
from rostra.markup.tables import Token

TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z-]+=\"[^\"]*\")*)>|([^<]+)")


def tokens(html: str) -> list[Token]:
    return TAG.findall(html)


def lawful(html: str) -> str:
    """The tokens as HTML, where the end of an inline element, by whatever name, ends the last one that is open."""
    out, inline = list[str](), list[str]()
    for slash, name, attributes, text in nesting.lawful(tokens(html)):
        if not text and name not in (*nesting.BLOCKS, *nesting.VOID):
            name = inline.pop() if slash and inline else name
            inline += [] if slash else [name]
        out.append(text or f"<{slash}{name}{attributes}>")
    return "".join(out)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "text",
        "<p>a<b>b</b></p>",
        "<ul><li>a</li><li><p>b</p></li></ul>",
        "<ol><li>a<ol><li>b</li></ol></li></ol>",
        "<ul> <li>a</li> </ul>",
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dt>d</dt><dd>e</dd><dd>f</dd></dl>",
        "<table><caption>a</caption><thead><tr><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>",
        "<table><thead><tr><th>b</th></tr></thead></table>",
        "<table><tr><td>a</td></tr></table>",
        "<details><summary>a</summary>b</details>",
        "<p>a</p><p>b</p><details><summary>c</summary>d</details>",
        "<details> <summary>a<b>b</b></summary><p>c</p></details>",
        '<a href="#">a</a><a href="#">b</a>',
        '<b><a href="#">a</a></b>',
        "<h4>a</h4><hr><p>b</p>",
        "<blockquote><ul><li><h1>a</h1></li></ul></blockquote>",
        "<p>a<br>b<hr></p>",
        "<blockquote><table><caption>a</caption></table></blockquote>",
        "<blockquote><dl><dt>a</dt><dd>b</dd></dl></blockquote>",
    ],
)
def test_what_is_allowed_stays(html: str) -> None:
    assert lawful(html) == html


@pytest.mark.parametrize(
    ("html", "changed"),
    [
        # All that a list has is in items.
        ("<ul>a</ul>", "<ul><li>a</li></ul>"),
        ("<ol><b>a</b></ol>", "<ol><li><b>a</b></li></ol>"),
        ("<ul><p>a</p><p>b</p></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ul>a<li>b</li>c</ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
        ("<ul> <p>a</p></ul>", "<ul> <li><p>a</p></li></ul>"),
        ("<ul><ul><li>a</li></ul></ul>", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("<ul><hr></ul>", "<ul><li><hr></li></ul>"),
        ("<dl>a</dl>", "<dl><dt></dt><dd>a</dd></dl>"),
        ("<dl><b>a</b></dl>", "<dl><dt></dt><dd><b>a</b></dd></dl>"),
        ("<dl><dt>a</dt>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><dt>a</dt><dd>b</dd>c</dl>", "<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>"),
        ("<blockquote><dl><dt>a</dt>b</dl></blockquote>", "<blockquote><dl><dt>a</dt><dd>b</dd></dl></blockquote>"),
        # A term and its description need each other.
        ("<dl><dd>a</dd></dl>", "<dl><dt></dt><dd>a</dd></dl>"),
        ("<dl><dt>a</dt></dl>", "<dl><dt>a</dt><dd></dd></dl>"),
        ("<dl></dl>", "<dl></dl>"),
        ("<table><tr></tr></table>", "<table><tr><td></td></tr></table>"),
        # An item is in its list only.
        ("<li>a</li>", "<div>a</div>"),
        ("<dl><li>a</li></dl>", "<dl><dt></dt><dd><div>a</div></dd></dl>"),
        ("<ul><dt>a</dt></ul>", "<ul><li><div>a</div></li></ul>"),
        ("<ol><li><li>a</li></li></ol>", "<ol><li><div>a</div></li></ol>"),
        ("<p><td>a</td></p>", "<p><div>a</div></p>"),
        ("<tr><td>a</td></tr>", "<div><div>a</div></div>"),
        ("<summary>a</summary>", "<div>a</div>"),
        # A head is first, and so is a caption.
        (
            "<table><tbody><tr><td>a</td></tr></tbody><thead><tr><td>b</td></tr></thead></table>",
            "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>",
        ),
        (
            "<table><tfoot><tr><td>a</td></tr></tfoot></table>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<caption>a</caption>", "<div>a</div>"),
        ("<p>a</p><caption>b</caption>", "<p>a</p><div>b</div>"),
        (
            "<blockquote><p>a</p><caption>b</caption></blockquote>",
            "<blockquote><p>a</p><div>b</div></blockquote>",
        ),
        # What is of words only has no other blocks.
        (
            "<details><summary><p>a</p><ul><li>b</li></ul></summary>c</details>",
            "<details><summary><div>a</div><div><div>b</div></div></summary>c</details>",
        ),
        ("<details><summary>a<hr>b</summary></details>", "<details><summary>ab</summary></details>"),
        ("<details><summary>a<br>b</summary></details>", "<details><summary>a<br>b</summary></details>"),
        ("<table><caption><p>a</p></caption></table>", "<table><caption><div>a</div></caption></table>"),
        # Details begin with their one summary.
        ("<details>a<summary>b</summary></details>", "<div>a<div>b</div></div>"),
        ("<details></details>", "<div></div>"),
        ("<details>", "<div>"),
        ("<details> ", "<div> "),
        ("<p></p><details>", "<p></p><div>"),
        ("<details> <b></b><summary>a</summary></details>", "<div> <b></b><div>a</div></div>"),
        ("<details> </details>", "<div> </div>"),
        ("<details> a</details>", "<div> a</div>"),
        ("<details></summary></details>", "<div></div>"),
        ("<details><p>a</p><summary>b</summary></details>", "<div><p>a</p><div>b</div></div>"),
        (
            "<details><summary>a</summary><summary>b</summary></details>",
            "<details><summary>a</summary><div>b</div></details>",
        ),
        # In a term or a head, a heading is a paragraph.
        ("<dl><dt><h4>a</h4></dt><dd>b</dd></dl>", "<dl><dt><p>a</p></dt><dd>b</dd></dl>"),
        ("<dl><dt>a</dt><dd><h4>b</h4></dd></dl>", "<dl><dt>a</dt><dd><h4>b</h4></dd></dl>"),
        (
            "<table><tr><th><blockquote><h1>a</h1></blockquote></th></tr></table>",
            "<table><tr><th><blockquote><p>a</p></blockquote></th></tr></table>",
        ),
        # A link is in no link, and has an address.
        ('<a href="1">a<a href="2">b</a>c</a>', '<a href="1">a<span>b</span>c</a>'),
        ('<a href="1"><b><a href="2">b</a></b></a>', '<a href="1"><b><span>b</span></b></a>'),
        ('<a href="1">a<br></a><a href="2">b</a>', '<a href="1">a<br></a><a href="2">b</a>'),
        ("<dfn>a<dfn>b</dfn></dfn>", "<dfn>a<span>b</span></dfn>"),
        ("<b>a<b>b</b></b>", "<b>a<b>b</b></b>"),
        ("<a>a</a>", "<span>a</span>"),
        ('<a title="t" lang="de" dir="ltr">a</a>', '<span lang="de" dir="ltr">a</span>'),
        ('<a data-note="1">a</a>', '<a data-note="1">a</a>'),
        ('<a title="t"><a href="1">b</a></a>', '<span><a href="1">b</a></span>'),
        ("<bdo>a</bdo>", "<span>a</span>"),
        ('<bdo dir="rtl">a</bdo>', '<bdo dir="rtl">a</bdo>'),
        ('<bdo dir="up">a</bdo>', "<span>a</span>"),
        ("<time>a</time>", "<span>a</span>"),
        # End tags of what is not open end nothing.
        ("</b>a</p>", "</b>a"),
        ("<p>a</ul>b</p>", "<p>ab</p>"),
        ("<ul>a</p></ul>", "<ul><li>a</li></ul>"),
        ("<br></br>a", "<br></br>a"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_changed(html: str, changed: str) -> None:
    assert lawful(html) == changed


def test_a_caption_that_is_not_first_is_a_row() -> None:
    """Its text is in a cell of it, and what follows is not within."""
    head = "<thead><tr><td>c</td></tr></thead>"
    found = lawful(f"<table><tr><td>a</td></tr><caption><p>b</p></caption>{head}</table>")
    assert found == "<table><tr><td>a</td></tr><tr><td><p>b</p></td></tr><tbody><tr><td>c</td></tr></tbody></table>"
    assert lawful("<table><caption>a</caption><caption>b</caption></table>") == (
        "<table><caption>a</caption><tr><td>b</td></tr></table>"
    )
    # So is the head that follows two of them a head no more.
    two = "<table><caption>a</caption><caption>b</caption><thead><tr><td>c</td></tr></thead></table>"
    for html in (two, f"<blockquote>{two}</blockquote>"):
        assert "<tbody><tr><td>c</td></tr></tbody>" in lawful(html)
    for first in ("a", "<b></b>"):
        assert lawful(f"<table>{first}<caption>b</caption></table>").startswith(f"<table>{first}<tr><td>b</td>")


def test_no_more_than_one_white_space_is_passed_over() -> None:
    """A parser makes one text of texts in a row."""
    around = [("", "details", "", ""), ("", "", "", " "), ("", "", "", " "), ("", "summary", "", "")]
    assert next(nesting.lawful(around)) == ("", "div", "", "")


@pytest.mark.parametrize("void", ["br", "hr", "img"])
def test_what_has_no_end_is_around_nothing(void: str) -> None:
    """The end of another is its own."""
    html = f'<a href="1"><{void}></a><a href="2">b</a>'
    assert lawful(html) == html
    html = f'<a href="1"></{void}><a href="2">b</a></a>'
    assert lawful(html) == f'<a href="1"></{void}><span>b</span></a>'


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("dir", "ltr", True), ("dir", "auto", True), ("dir", "up", False), ("dir", "ltr ", False),
        ("lang", "de", True), ("lang", "german", False), ("lang", " de", False),
        ("start", "-3", True), ("start", "123456789", True), ("start", "1234567890", False), ("start", "", False),
        ("colspan", "1", True), ("colspan", "999", True), ("colspan", "0", False), ("colspan", "1000", False),
        ("rowspan", "9999", True), ("rowspan", "10000", False), ("rowspan", "0", False),
        ("scope", "colgroup", True), ("scope", "cell", False),
        ("title", "anything", True), ("datetime", "2024-02-29", True), ("datetime", "2023-02-29", False),
        ("datetime", "2024-02", True), ("datetime", "2024-13", False), ("datetime", "2024", False),
        ("datetime", "2024-02-29T09:00", True), ("datetime", "2024-02-29 09:00:59.123Z", True),
        ("datetime", "2024-02-29T09:00+01:00", True), ("datetime", "2024-02-29T25:00", False),
        ("datetime", "2024-02-29T09:00:59.1234", False), ("datetime", "on Monday", False),
    ],
)  # fmt: skip
def test_an_attribute_stays_with_a_value_that_is_allowed(name: str, value: str, kept: bool) -> None:
    given = f' {name}="{value}"'
    assert lawful(f"<p{given}>a</p>") == f"<p{given if kept else ''}>a</p>"
    assert lawful(f'<b class="x"{given}>a</b>') == f'<b class="x"{given if kept else ""}>a</b>'


def test_an_attribute_that_is_there_or_not_has_no_value() -> None:
    assert lawful('<details open="open"><summary>a</summary></details>') == (
        '<details open=""><summary>a</summary></details>'
    )
    assert lawful('<ol reversed="yes" start="2"><li>a</li></ol>') == '<ol reversed="" start="2"><li>a</li></ol>'


@pytest.mark.parametrize(
    ("html", "unsure"),
    [
        ("<p>a</p>", False), ('<a href="1" title="t">a</a>', False), ('<img src="1">', False), ("<b>a</b>", False),
        ('<p class="x">a</p>', False), ('<p data-kind="x">a</p>', False), ("<pre>a</pre>", False), ("lists", False),
        ("<ul>", True), ("<ol start", True), ("<li>", True), ("<dl>", True), ("<dt>", True), ("<dd>", True),
        ("<table>", True), ("<caption>", True), ("<details>", True), ("<summary>", True), ("<bdo>", True),
        ("<dfn>", True), ("<time>", True), ("<h1>", True), ("<h6>", True), ("<a>", True), ('<a title="t">', True),
        ('<p title="t">', True), ('<p class="x" lang="de">', True), ('<p class="x" dir="ltr">', True),
    ],
)  # fmt: skip
def test_what_cannot_be_wrong_is_known_at_once(html: str, unsure: bool) -> None:
    assert is_unsure(html) is unsure
