"""Every limit of markup at its boundary: one more, and the result differs."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from mwparserfromhell import parse

from rostra.markup import render
from rostra.markup.code import highlight
from rostra.markup.marked_notes import flatten
from rostra.markup.sanitise import writable
from rostra.markup.shallow import shallow
from rostra.markup.tables import Token, squared
from rostra.markup.unclosed import HELD, close_unclosed
from rostra.markup.weave import weave
from rostra.markup.wikitext import to_html
from rostra.model import Dialect

# The limits again as numbers, so that a test fails when one of them changes.
FEW, SHORT, PIECE, ENTITY, DEEPEST, INLINE, AGAIN = 200, 50_000, 10_000, 40, 100, 20, 2
AGAIN_IN_BLOCKS, LONGEST_NAME = 4, 300
WIDEST, SPREAD = 1000, 100
LONGEST_CODE, SHORTER_CODE, ALL_CODE, LONGEST_LINE, BLANK_LINES = 100_000, 4_000, 12_000, 400, 8
LONGEST_WORD, FURTHEST = 300, 10_000
MARKDOWN_DEEPEST, LONGEST_CALL, SPOILED = 16, 200, 2000
NESTED, LISTS = 30, 30
SIGNATURE, FOOT, FEWEST = 40, 12, 2

BOUNDARY = pytest.mark.parametrize("more", [0, 1], ids=["at", "past"])
MANY = "<br>" * FEW
"""Tags that have a body written again."""


def shown(text: str, dialect: Dialect) -> str:
    return weave(render(text, dialect))


def deepest(text: str, dialect: Dialect) -> int:
    return max(block.depth for block in render(text, dialect).blocks)


# HTML of many tags


@BOUNDARY
def test_a_body_of_few_tags_that_is_short_is_parsed_as_it_is(more: int) -> None:
    # Tags in capitals show that it is written again.
    assert ("<B>" in shallow("<B>" * (FEW + more))) == (not more)
    assert ("<B>" in shallow("<B>" + "x" * (SHORT - 3 + more))) == (not more)


@BOUNDARY
def test_text_in_a_row_is_parted(more: int) -> None:
    assert shallow(MANY + "<br>" + "x" * (PIECE + more)) == MANY + "<br>" + "x" * PIECE + "<!---->x" * more
    assert shallow(MANY + "<br>" + "x" * (2 * PIECE + more)).count("<!---->") == 1 + more


@pytest.mark.parametrize(("back", "is_whole"), [(1, True), (ENTITY, True), (ENTITY + 1, False)])
def test_a_reference_is_not_parted(back: int, is_whole: bool) -> None:
    before, after = "x" * (PIECE - back), "&" + "y" * (PIECE - 1)
    parted = f"{before}<!---->{after}" if is_whole else f"{before}{after[:back]}<!---->{after[back:]}"
    assert shallow(MANY + "<br>" + before + after) == MANY + "<br>" + parted


@BOUNDARY
def test_an_attribute_that_is_too_long_is_left_out(more: int) -> None:
    value = "x" * (PIECE - 2 + more)  # and its quotation marks
    assert ("title=" in shallow(f'{MANY}<p title="{value}">')) == (not more)


@BOUNDARY
def test_blocks_that_are_too_deep_only_separate(more: int) -> None:
    count = DEEPEST + more
    apart = "<div></div>" * more
    begin, end = "<blockquote>" * DEEPEST, "</blockquote>" * DEEPEST
    typed = "<blockquote>" * count + "x" + "</blockquote>" * count + "y" + MANY
    assert shallow(typed) == f"{begin}{apart}x{apart}{end}y{MANY}"


def test_items_and_paragraphs_have_their_place_however_deep() -> None:
    written = shallow("<ul>" * DEEPEST + "<li>a<p>b" + "<ul>" + MANY)
    assert written.startswith("<ul>" * DEEPEST + "<li>a<p>b</p><div></div><br>")


@BOUNDARY
def test_formatting_that_is_open_beyond_a_number_is_left_out(more: int) -> None:
    count = INLINE + more
    typed = "<i>" * count + "x" + "</i>" * count + "y" + MANY
    assert shallow(typed) == "<i>" * INLINE + "x" + "</i>" * INLINE + "y" + MANY


def test_formatting_that_was_left_out_ends_nothing_else() -> None:
    assert shallow("<i>" * (INLINE + 1) + "x</i>y" + MANY).startswith("<i>" * INLINE + "xy<br>")


@pytest.mark.parametrize(("title", "blocks", "rest"), [(68, 100, 0), (69, 167, 80)])
def test_formatting_is_opened_again_while_the_body_grows_no_further(title: int, blocks: int, rest: int) -> None:
    tag = f'<b title="{"y" * title}">'
    typed = tag + "<p>x</p>" * blocks
    assert AGAIN * len(typed) % len(tag) == rest  # nothing, or one more would be enough
    assert shallow(typed).count(tag) == 1 + AGAIN * len(typed) // len(tag) < blocks
    assert shallow(typed + "<p><i>z</i>").endswith("<p>x</p><p><i>z</i></p>")


@pytest.mark.parametrize(("title", "blocks", "rest"), [(68, 12, 0), (69, 83, 80)])
def test_tags_are_opened_again_in_blocks_while_the_body_grows_no_further(title: int, blocks: int, rest: int) -> None:
    tag = f'<b class="{"y" * title}">'
    typed = tag + "<p>x</p>" * blocks + "</b>"
    assert AGAIN_IN_BLOCKS * len(typed) % len(tag) == rest
    assert weave(flatten(typed)[0]).count(tag) == AGAIN_IN_BLOCKS * len(typed) // len(tag) < blocks


@BOUNDARY
def test_what_is_too_long_for_a_name_is_none(more: int) -> None:
    blocks = render(f'<blockquote data-author="{"x" * (LONGEST_NAME + more)}">y</blockquote>', "html").blocks
    assert (blocks[0].mark is None) is bool(more)


@pytest.mark.parametrize("reference", ["&#31;", "&#x1f;", "&#X1F;", "&#0;", "&#x0;", "&#0031", "&#x001f;"])
def test_references_to_what_xml_allows_nowhere_are_blanks(reference: str) -> None:
    assert writable(f"a{reference}-") == "a -"


@pytest.mark.parametrize("reference", ["&#32;", "&#x20;", "&#x27;", "&#x31;", "&#310;", "&#x1f600;"])
def test_other_references_stay(reference: str) -> None:
    assert writable(f"a{reference}b") == f"a{reference}b"


@pytest.mark.parametrize("dialect", ["discourse", "forum"])
def test_an_apostrophe_may_be_written_as_a_reference(dialect: Dialect) -> None:
    assert render('<aside class="quote">It&#x27;s &#39;so&#39;</aside>', dialect).text == "It's 'so'"


def test_references_to_white_space_are_white_space() -> None:
    assert writable("a&#9;b&#10;c&#xA;d&#13;e&#x9f;") == "a\tb\nc\nd\ne&#x9f;"


# Tables


def table(*rows: list[str]) -> list[Token]:
    """The tokens of a table, from the attributes of each cell of each row."""
    out: list[Token] = [("", "table", "", "")]
    for row in rows:
        out.append(("", "tr", "", ""))
        for cell in row:
            out += (("", "td", cell, ""), ("/", "td", "", ""))
        out.append(("/", "tr", "", ""))
    return [*out, ("/", "table", "", "")]


def cells(tokens: list[Token]) -> list[str]:
    return [attributes for slash, name, attributes, _ in tokens if name == "td" and not slash]


@BOUNDARY
def test_cells_span_nothing_where_a_table_has_far_more_places_than_cells(more: int) -> None:
    high = SPREAD + more
    spanned = [f' rowspan="{high}"'] * 2
    assert cells(squared(table(spanned, *[[]] * (high - 1)))) == (
        spanned if not more else ["", "", *[' colspan="2"'] * (high - 1)]
    )


@pytest.mark.parametrize(("lacking", "filled"), [(1, ""), (2, ' colspan="2"'), (WIDEST, f' colspan="{WIDEST}"'), (WIDEST + 1, f' colspan="{WIDEST}"')])  # fmt: skip
def test_a_row_is_filled_with_one_cell(lacking: int, filled: str) -> None:
    assert cells(squared(table([""] * (1 + lacking), [""])))[-1] == filled


@pytest.mark.parametrize(
    ("given", "stays"),
    [("colspan", 999), ("rowspan", 9999), ("start", 999_999_999)],
)
def test_numbers_of_html_have_so_many_digits(given: str, stays: int) -> None:
    name = "ol" if given == "start" else "td"
    lawful = import_module("rostra.markup.nesting").lawful
    for value, kept in ((stays, f' {given}="{stays}"'), (stays + 1, "")):
        around = [("", each, "", "") for each in (("table", "tr") if name == "td" else ())]
        found = list(lawful([*around, ("", name, f' {given}="{value}"', "")]))
        assert [token[2] for token in found if token[1] == name] == [kept]


# Code


LINE = "if x:\n"


@pytest.mark.parametrize(
    ("language", "longest", "before"),
    [
        ("python", LONGEST_CODE, 0),
        ("python", 600, LONGEST_CODE - 600),
        ("java", SHORTER_CODE, 0),
        ("java", 600, ALL_CODE - 600),
    ],
)
@BOUNDARY
def test_code_is_coloured_up_to_a_length(language: str, longest: int, before: int, more: int) -> None:
    text = (LINE * longest)[:longest] + "\n" * more
    runs = list(highlight(text, language, before))
    assert (len(runs) > 1) == (not more)
    assert "".join(piece for _, piece in runs) == text


def test_code_of_a_body_counts_together() -> None:
    block = f"```java\n{(LINE * SHORTER_CODE)[: SHORTER_CODE - 1]}\n```\n\n"
    coloured = re.findall(r"<pre[^>]*><code>(<span)?", shown(block * 4, "markdown"))
    assert coloured == ["<span"] * (ALL_CODE // SHORTER_CODE) + [""] * (4 - ALL_CODE // SHORTER_CODE)


@BOUNDARY
def test_code_with_a_line_too_long_or_too_many_empty_ones_is_plain(more: int) -> None:
    for text in ("if x:" + " " * (LONGEST_LINE - 5 + more), "if x:\n" + " \n" * (BLANK_LINES + more) + "a"):
        assert (len(list(highlight(text, "python"))) > 1) == (not more)


# Bare addresses


@BOUNDARY
def test_an_address_without_its_scheme_is_sought_in_words_up_to_a_length(more: int) -> None:
    word = "www.a.com/" + "y" * (LONGEST_WORD - 10 + more)
    assert ("<a href" in shown(f"b {word} c", "markdown")) == (not more)
    assert "<a href" in shown(f"b http://{word} c", "markdown")


@BOUNDARY
def test_an_address_whose_signs_are_no_emphasis_has_a_length(more: int) -> None:
    address = "://a.com/*b*/"
    body = f"(http{address}{'y' * (FURTHEST - len(address) + more)}"
    for rest in ("", " c"):
        assert ("<em>" in shown(body + rest, "markdown")) is bool(more)


# Markdown and what is made of it


@BOUNDARY
def test_quotations_and_lists_of_markdown_that_are_too_deep_are_text(more: int) -> None:
    body = render("> " * (MARKDOWN_DEEPEST + more) + "a", "markdown")
    assert (body.blocks[0].depth, body.text) == (MARKDOWN_DEEPEST, "> " * more + "a")
    count = MARKDOWN_DEEPEST // 2
    nested = "\n".join("  " * n + "- a" for n in range(count + more))
    assert shown(nested, "markdown").count("<ul>") == count
    assert render(nested, "markdown").text.endswith("a- a" if more else "\na")


@BOUNDARY
def test_a_footnote_s_label_has_a_length(more: int) -> None:
    label = "b" * (LONGEST_CALL - len("[^]") + more)
    body = render(f"a[^{label}] c\n\n[^{label}]: d", "markdown")
    assert body.text == (f"a[^{label}] c" if more else "a c")
    assert [note.text for note in body.notes] == ["d"]


@pytest.mark.parametrize(("length", "is_spoiler"), [(0, False), (1, True), (SPOILED, True), (SPOILED + 1, False)])  # fmt: skip
def test_a_spoiler_has_a_length(length: int, is_spoiler: bool) -> None:
    text = render(f"a >!{'b' * length}!< c", "reddit").text
    assert (">!" not in text) is is_spoiler


@BOUNDARY
def test_a_superscript_of_reddit_has_a_length(more: int) -> None:
    for typed in (f"a^({'b' * (200 + more)})", f"a^{'b' * 40}{'c' * more}"):
        assert ("<sup>" + "b" * 40 + "</sup>c" in shown(typed, "reddit")) is (bool(more) and "(" not in typed)
        assert ("<sup>" in shown(typed, "reddit")) is (not more or "(" not in typed)


@BOUNDARY
def test_folds_of_lemmy_that_are_too_deep_are_text(more: int) -> None:
    html = shown("::: spoiler a\n" * (20 + more) + "b", "lemmy")
    assert html.count("<details>") == 20
    assert html.count(":::") == more


@BOUNDARY
def test_small_signs_of_lemmy_have_a_length(more: int) -> None:
    for sign, tag in (("^", "<sup>"), ("~", "<sub>")):
        assert (tag in shown(f"a{sign}{'b' * (60 + more)}{sign}", "lemmy")) == (not more)


# Wikitext


@BOUNDARY
def test_what_is_nested_too_deep_in_wikitext_is_text(more: int) -> None:
    for begin, end, held in (("{{a|", "}}", HELD["{"] * 2), ("[[a|", "]]", HELD["["] * 2), ("<b>", "</b>", HELD["<"])):
        text = begin * (NESTED + more) + "x" + end * (NESTED + more)
        expected = begin * NESTED + (held + begin.lstrip("{[<")) * more + "x" + end * (NESTED + more)
        assert close_unclosed(text) == expected


@BOUNDARY
def test_lists_of_wikitext_that_are_too_deep_stand_in_the_last(more: int) -> None:
    html = shown(":" * (LISTS + more) + "a", "wikitext")
    assert html.count("<dl>") == LISTS
    assert render(":" * (LISTS + more) + "a", "wikitext").text == "a"


def test_the_parser_of_wikitext_makes_no_tags_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr("mwparserfromhell.parse", lambda text: (given.append(text), parse(text))[1])
    html = shown(":*a\n;b:c\n# d\n== e ==\n", "wikitext")
    assert [str(tag.tag) for tag in parse(given[0]).filter_tags()] == []
    assert [html.count(tag) for tag in ("<dd>", "<ul>", "<dt>", "<ol>")] == [2, 1, 2, 1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<pre>\n::a\n*b\n</pre>", "::a\n*b"),
        ("{|\n#a\n|}", "{|\n#a\n|}"),
        ("a<ref>b\n*c</ref>", "a"),
        ("\ue004\ue007a", "a"),
    ],
)
def test_marks_that_begin_no_item_stay_as_typed(body: str, expected: str) -> None:
    assert render(body, "wikitext").text.split() == expected.split()
    assert not re.search("[\ue000-\ue007]", to_html(body))


def test_attributes_of_wikitext_are_not_split_with_the_lines() -> None:
    html = to_html("{{quote|Come\nand see.|author=Ada\n*of the mill}}<ref name='a\n:b'>c</ref>")
    assert 'data-author="Ada of the mill"' in html
    assert html.count('data-note="a b"') == 2


# Text and mail


@pytest.mark.parametrize("dialect", ["text", "mail"])
@BOUNDARY
def test_quotations_are_counted_to_a_depth(dialect: Dialect, more: int) -> None:
    assert deepest("> " * (50 + more) + "a", dialect) == 50
    assert deepest("> " * 49 + "a", dialect) == 49


@pytest.mark.parametrize(("lines", "lists"), [(["- a"], 0), (["- a", "- b"], 1), (["• a"], 1), (["a", "- b"], 0), (["a", "- b", "- c"], 1)])  # fmt: skip
def test_two_items_are_a_list_and_a_bullet_alone(lines: list[str], lists: int) -> None:
    assert shown("\n".join(lines), "text").count("<ul>") == lists


@pytest.mark.parametrize("sign", ["-- ", "--"])
@BOUNDARY
def test_a_signature_has_so_many_lines(sign: str, more: int) -> None:
    said = [f"line {n}" for n in range(SIGNATURE - 1 + more)]
    for rest in ([], ["> quoted", "mine"]):
        body = render("\n".join(["a", sign, *said, *rest]), "mail")
        kinds = [block.kind for block in body.blocks]
        assert ("signature" in kinds) == (not more)
        if not more:
            last = body.blocks[-1]
            assert last.kind == "signature"
            assert body.text[last.start : last.end].split("\n") == said


@BOUNDARY
def test_a_list_s_footer_has_so_many_lines(more: int) -> None:
    lines = ["a", "_" * 20, *["b"] * (FOOT - 2 + more), "unsubscribe"]
    kinds = [block.kind for block in render("\n".join(lines), "mail").blocks]
    assert ("signature" in kinds) == (not more)


def test_a_rule_above_a_footer_has_a_width() -> None:
    for width, kinds in ((19, ["paragraph"]), (20, ["paragraph", "signature"])):
        body = render(f"a\n{'_' * width}\nunsubscribe", "mail")
        assert [block.kind for block in body.blocks] == kinds


@pytest.mark.parametrize(("sign", "count", "depth"), [(":", FEWEST - 1, 0), (":", FEWEST, 1), ("|", 1, 1)])
def test_another_sign_marks_what_is_quoted_where_some_lines_begin_with_it(sign: str, count: int, depth: int) -> None:
    assert deepest("Ada wrote:\n" + f"{sign} b\n" * count + "\nc", "mail") == depth


@pytest.mark.parametrize(("blank", "depth"), [(0, 1), (1, 1), (2, 0)])
def test_it_follows_the_line_that_says_who_wrote(blank: int, depth: int) -> None:
    assert deepest("Ada wrote:\n" + "\n" * blank + ": b\n: b\n\nc", "mail") == depth


@BOUNDARY
def test_a_line_that_says_who_wrote_has_a_length(more: int) -> None:
    line = "x" * (199 - len(" wrote:") + more) + " wrote:"
    kinds = [block.kind for block in render(f"{line}\n> b", "mail").blocks]
    assert ("attribution" in kinds) == (not more)


@pytest.mark.parametrize(("blank", "is_said"), [(0, True), (1, True), (4, True), (5, False)])
def test_what_it_introduces_stands_near(blank: int, is_said: bool) -> None:
    kinds = [block.kind for block in render("Ada wrote:\n" + "\n" * blank + "> b", "mail").blocks]
    assert ("attribution" in kinds) is is_said


@pytest.mark.parametrize(
    ("lines", "is_patch"),
    [
        (["+a", "b"], False),
        (["+a", "-b"], True),
        (["+a", "-b", "c"], True),
        (["+a", "-b", "c", "d"], False),
        (["+a", "-b", "+c", "d", "e"], True),
        (["    a"], False),
        (["    a", "    b"], True),
        (["    a", "b"], False),
    ],
)
def test_most_lines_of_a_patch_are_of_one(lines: list[str], is_patch: bool) -> None:
    kinds = [block.kind for block in render("\n".join(lines), "mail").blocks]
    assert kinds == ["code" if is_patch else "paragraph"]
