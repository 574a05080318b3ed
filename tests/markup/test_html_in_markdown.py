"""HTML within GitHub's Markdown: what the source shows is shown, what only looks like HTML stays text."""

from __future__ import annotations

import pytest

from rostra.markup import render
from rostra.markup.html_in_markdown import shown_html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('<p align="center">a</p>', '<p align="center">a</p>'),
        ("a <!-- b --> c", "a  c"),
        ("<!-- a\n<b> -->c<!-- d -->", "c"),
        ("<!-- a --><!-- b", "&lt;!-- b"),
        ("List<String> and <T>", "List&lt;String&gt; and &lt;T&gt;"),
        ("a <b and c> d", "a &lt;b and c&gt; d"),
        ("<details open>", "<details open>"),
        ("<DETAILS OPEN/>", "<DETAILS OPEN/>"),
        ("</details >", "</details >"),
        ("<ol reversed start=3 type='a'>", "<ol reversed start=3 type='a'>"),
        ("<script>a</script>", "&lt;script&gt;a&lt;/script&gt;"),
        ("1 < 2", "1 &lt; 2"),
        ('<b title="a', '&lt;b title="a'),
    ],
)
def test_tags_that_no_page_shows_are_text(typed: str, shown: str) -> None:
    assert shown_html(typed) == shown


def test_github_shows_html_within_markdown() -> None:
    typed = "<!-- Describe the leak. -->\nThe weir *leaks*.<br>Twice.\n\n<details><summary>Log</summary>\n\n**Shut** <it>.\n\n</details>"
    body = render(typed, "github")
    assert body.text.split() == ["The", "weir", "leaks.", "Twice.", "Log", "Shut", "<it>."]
    assert [tag for _, tag in body.tags if tag.startswith(("<em", "<strong", "<details", "<summary"))] == [
        "<em>", "<details>", "<summary>", "<strong>",
    ]  # fmt: skip


def test_other_markdown_shows_html_as_it_is_typed() -> None:
    assert render("The weir <b>leaks</b>. <!-- x -->", "markdown").text == "The weir <b>leaks</b>. <!-- x -->"


@pytest.mark.parametrize("typed", ["<!-- ", "<!--a-->", "<b ", "<b a ", '<b a="', "-->", "<details>"])
def test_time_is_linear_in_the_text(typed: str) -> None:
    # A quadratic search would take minutes.
    render(typed * 20_000, "github")
    shown_html(typed * 100_000)
