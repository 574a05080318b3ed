"""Stand-off markup: the text is what is read, the tags are safe, and weaving the two loses nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # it brings no types

from rostra.markup import render, weave
from rostra.markup.markdown import parser
from rostra.markup.weave import Decoration
from support.body_promises import Checker, check

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<p style="position:fixed">x</p>',
    '<iframe src="//evil.example"></iframe>',
    '<form action="/"><button>x</button></form>',
    '<base href="//evil.example">',
    '<meta http-equiv="refresh" content="0">',
    '<p id="p-1" class="own">x</p>',
    "[x](javascript:alert(1))",
    "[x](vbscript:alert(1))",
    "![x](http://evil.example/x.png)",
    '<blockquote data-author="&quot;><script>alert(1)</script>">x</blockquote>',
    '<aside data-note="&quot;><script>"><b>x</aside><a data-note="&quot;><script>"></a>',
    "</article></main></body><script>alert(1)</script>",
    "<![CDATA[<script>]]>",
    "<!--[if IE]><script>x</script><![endif]-->",
]
ADDRESSES = [
    "a.de",
    "www.",
    "localhost",
    "http:",
    "//",
    "ftp:",
    "mailto:",
    "@",
    ".com",
    ".рф",
    ".xn--p1ai",
    "1.2.3.4",
    " ",
    "Kſ",
    ".ſU",
    "a",
]


@pytest.mark.parametrize("dialect", ["text", "markdown", "html"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_a_stranger_wrote_comes_out_live(hostile: str, dialect: str) -> None:
    check(render(hostile, dialect))  # type: ignore[arg-type]
    check(render(f"before {hostile} after\n\n> {hostile}\n\n- {hostile}", dialect))  # type: ignore[arg-type]


@example("```")
@given(st.text(alphabet="ab <>/\"'=&;[]()*_`~#!-.1\n\t:|\u00a0\u2028é", max_size=80))
@settings(max_examples=400, deadline=None)
def test_any_body_in_any_dialect_is_well_formed_and_keeps_its_text(source: str) -> None:
    for dialect in ("text", "markdown", "html"):
        check(render(source, dialect))  # type: ignore[arg-type]


@given(
    st.text(alphabet="aeocmw.:/@-#?1 htpsf\n\u0440\u0444<>[]()", max_size=60)
    | st.lists(st.sampled_from(ADDRESSES), max_size=6).map("".join)
)
@settings(max_examples=400, deadline=None)
def test_every_bare_address_is_found_that_its_own_library_finds(source: str) -> None:
    closer = LinkifyIt()
    if parser().linkify.pretest(source):
        return
    assert not closer.match(source)
    assert not closer.test(source)


@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<blockquote>",
                              "</blockquote>", "<pre>", "</pre>", "<br>", "<td>", "<table>", "<a href='http://x'>", "</a>",
                              "word ", " two", "\n"]), max_size=25),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_runs_across_any_markup_are_woven_well_formed(pieces: list[str], spans: list[tuple[int, int]]) -> None:
    body = render("".join(pieces), "html")
    size = len(body.text)
    runs = [Decoration(min(a, b, size), min(max(a, b), size), n) for n, (a, b) in enumerate(spans)]
    points = {min(a, size): "<sup>*</sup>" for a, _ in spans}
    woven = weave(body, runs=runs, dress=lambda keys: ("<u>", "</u>"), points=points)
    checker = Checker()
    checker.feed(woven)
    assert checker.open == []
    assert checker.text.replace("*", "").split() == body.text.replace("*", "").split()


def test_dressed_stretches_cover_exactly_the_characters_asked_for() -> None:
    body = render("one <b>two <i>three</i></b> four", "html")
    woven = weave(
        body, runs=[Decoration(2, 9, 1), Decoration(5, 15, 2)], dress=lambda keys: (f"<u title='{keys}'>", "</u>")
    )
    covered = "".join(re.findall(r"<u[^>]*>(.*?)</u>", woven))
    assert unescape(covered) == body.text[2:15]


def test_code_in_a_known_language_is_highlighted_and_keeps_every_character() -> None:
    code = "def f(x):\n\treturn '<b>' + x  \n\n\nf(1)"
    body = render(f"```python\n{code}\n```", "markdown")
    assert body.text == code
    assert '<span class="k">def</span>' in weave(body)
    assert body.blocks[0].kind == "code"


def test_code_in_no_language_is_left_plain() -> None:
    assert "<span" not in weave(render("```nonsense-9\nif x\n```", "markdown"))
    assert "<span" not in weave(render("    if x", "markdown"))


def test_links_carry_rel_and_pictures_become_links() -> None:
    woven = weave(render("[a](https://a.example) ![b](https://b.example/b.png)", "markdown"))
    assert woven.count('rel="nofollow ugc noopener noreferrer"') == 2
    assert "<img" not in woven


def test_headings_of_a_body_stay_below_those_of_the_page() -> None:
    assert "<h4>" in weave(render("# Loud", "markdown"))


def test_a_markdown_footnote_leaves_the_body_and_knows_where_it_is_called() -> None:
    body = render("Water[^w] is wet.\n\n[^w]: H~2~O, *mostly*.", "markdown")
    assert body.text == "Water is wet."
    assert [(n.label, n.text, n.marker) for n in body.notes] == [("w", "H~2~O, mostly.", 5)]
    assert "<em>mostly</em>" in body.notes[0].html


def test_a_flattened_footnote_comes_back_only_when_its_number_agrees() -> None:
    body = render("Not the same[1] thing.\n\n1. yes. it means “alike ↩︎", "text")
    assert body.text == "Not the same thing."
    assert [(n.label, n.text, n.marker) for n in body.notes] == [("1", "yes. it means “alike", 12)]
    for no_note in (
        "Not the same[2] thing.\n\n1. yes ↩︎",
        "Not the same thing.\n\n1. yes ↩︎",
        "The same[1] thing.\n\n1. Ownership",
        "1. Ownership\n\nAs between you[1]",
    ):
        assert render(no_note, "text").notes == ()


def test_quotation_depth_is_counted_to_any_depth() -> None:
    body = render("> one\n>> two\n\nown", "text")
    assert [(body.text[b.start : b.end], b.depth) for b in body.blocks] == [("one", 1), ("two", 2), ("own", 0)]
    deep = render("<blockquote>" * 3000 + "x" + "</blockquote>" * 3000, "html")
    assert "x" in deep.text


def test_a_block_of_nothing_but_white_space_is_none() -> None:
    body = render("\u00a0", "html")
    check(body)
    assert body.blocks == ()


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ('<p>A <a title="t">word</a></p>', "<p>A <span>word</span></p>"),
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>\nb</li></ul>"),
        ("<ul><ul><li>a</li></ul></ul>", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("<li>a</li>", "<p>a</p>"),
        ("<dl><dd>a</dd><dt>b</dt></dl>", "<dl><dt></dt><dd>a</dd><dt>\nb</dt><dd></dd></dl>"),
        ("<details>a</details>", "<p>a</p>"),
        ("<details><summary><p>a</p></summary>b</details>", "<details><summary>a</summary>\n<p>b</p></details>"),
        ("<h2> </h2>", "<p></p>"),
        (
            '<table><tr><td colspan="0">a<td>b<tr><td>c</table>',
            '<table tabindex="0"><tbody><tr><td>a</td><td>\nb</td></tr><tr><td>\nc</td><td></td></tr></tbody></table>',
        ),
        (
            '<table><tr><td rowspan="9">a</table>',
            '<table tabindex="0"><tbody><tr><td>a</td></tr></tbody></table>',
        ),
        (
            '<aside data-note="1"><table><tr><td><aside>a</aside></td></tr><tr><td>b</td></tr></table></aside>',
            '<table tabindex="0"><tbody><tr><td>a</td></tr><tr><td>\nb</td></tr></tbody></table>',
        ),
        ('<p lang="en-UK" dir="up">a</p>', "<p>a</p>"),
        ("<p><time>noon</time> <bdo>a</bdo></p>", "<p><span>noon</span> <span>a</span></p>"),
        ('<p><time datetime="2024-03-01">1 March</time></p>', '<p><time datetime="2024-03-01">1 March</time></p>'),
    ],
)
def test_tags_stand_where_html_allows_them(typed: str, published: str) -> None:
    assert weave(render(typed, "html")).replace("\n\n", "\n") == published
