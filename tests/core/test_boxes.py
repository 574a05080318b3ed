"""A post stays in its box: whatever one says, no other post, author or heading stands inside it, as a browser parses it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.link_payloads import LIVE

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
POSTS = 6
SHARED = [
    "<table>", "<tr><td>", "</table>", "<pre>", "</pre>", "<p>", "</p>", "</article>", "<article>", "</div></div>", "<ul><li>", "</li>", "<blockquote>", "</blockquote>",
    "<details><summary>", "</details>", "<h2>", "<code>", "<a href='https://x.example/'>", "</a>", "<select>", "<textarea>", "<template>", "<!--", "-->", "<svg><desc>", "<math><mtext>",
    "<aside data-note='1'>", "<a data-note='1'></a>", "&lt;", "words ", "\n\n", "\n> ", "\n* ", "`", "```\n", "[^1]", "\n\n[^1]: a note <table><pre>", *LIVE,
]  # fmt: skip
OWN = {
    "bbcode": ["[quote]", "[/quote]", "[code]", "[list][*]", "[table][tr][td]", "[spoiler]"],
    "wikitext": ["{|\n", "|-\n|", "|}\n", "<nowiki>", "<ref>", "</ref>", "''", "[[", "]]", ":::", "<pre>"],
    "zulip": ["```quote\n", "```spoiler x\n", "@**a**", "#**b>c**"],
    "slack": ["```", "&gt;", "<https://x.example/|", ">", "*a* _b_"],
    "mail": ["\n> > ", "\nOn Monday Ada wrote:\n", "\n-- \n"],
    "discourse": ['<aside class="quote"><blockquote>', '<div class="poll">', "<section class='footnotes'><ol><li id='f1'>"],
    "forum": ["<blockquote><cite>a</cite>", '<div class="quoteheader">'],
    "markdown": [], "html": [], "reddit": [">!", "!<"], "lemmy": ["::: spoiler a\n", "\n:::"], "hackernews": ["<i>", "<p>&gt; "], "github": ["- [ ] "], "text": [],
}  # fmt: skip


@pytest.mark.parametrize("dialect", sorted(OWN))
@settings(max_examples=3, phases=[Phase.generate])
@given(data=st.data())
def test_whatever_a_post_says_the_others_stand_where_they_belong(dialect: str, data: st.DataObject) -> None:
    fragments = st.lists(st.sampled_from(SHARED + 3 * OWN[dialect]), max_size=12).map("".join)
    lines = [
        {"id": n, "parent": 1 if n > 1 else None, "author": f"Author{n}x", "dialect": dialect, "thread": "box"}
        | {"body": f"lead{n}x {data.draw(fragments)}"}
        for n in range(1, POSTS + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "content").mkdir()
        (root / "rostra.toml").write_text('title = "Boxes"\n')
        (root / "content/box.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert build(load_site(root)).failures == ()
        page = html5lib.parse((root / "public/debates/box/index.html").read_bytes())
    main = page.find(f".//{NAMESPACE}main")
    assert main is not None
    found = [(own(article), depth) for article, depth in articles(main)]
    assert len(found) == POSTS
    # Answers stand as deep as one another, whatever stands before them.
    assert len({depth for _, depth in found[1:]}) == 1
    for n, (said, _) in enumerate(found, 1):
        assert f"Author{n}x" in said
        assert f"lead{n}x" in said
        # The post that is answered may be named, and its first words shown where it is named.
        assert {other for other in range(1, POSTS + 1) if f"lead{other}x" in said} <= {1, n}
    # What ends the page is not inside a post.
    assert page.find(f"{NAMESPACE}body/{NAMESPACE}footer") is not None


def articles(within: Element, depth: int = 0) -> Iterator[tuple[Element, int]]:
    """The articles below an element in their order, each with how many elements it stands in."""
    for each in within:
        if each.tag == f"{NAMESPACE}article":
            yield each, depth
        yield from articles(each, depth + 1)


def own(article: Element) -> str:
    """The text of an article without that of articles within it."""
    inner = "".join(
        own(each) + (each.tail or "") if each.tag != f"{NAMESPACE}article" else (each.tail or "") for each in article
    )
    return (article.text or "") + inner
