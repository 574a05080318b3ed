"""A quotation's lines end where those of the quoted passage do, wherever a mail program wrapped them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site

MAIL = "From {who}@mill.example Mon Mar {n:2} 09:00:00 2024\nFrom: {who} <{who}@mill.example>\nDate: {n} Mar 2024 09:00:00 +0000\nMessage-ID: <{n}@mill.example>\n{more}Subject: The gate\n\n{body}\n\n"
SAID = """Before anybody writes a word in the minutes the board would like to know
who opened the upper gate, by whose leave, and what it cost the parish to
mend the fence of the lower meadow."""
VERSE = "The water rose by night\nand nobody had seen it rise\nbut the miller's cat"


def quoted(folder: Path, said: str, answer: str) -> list[str]:
    """The lines of the quotations of an answer, as they are shown."""
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text('title = "T"\n')
    letters = [(1, "ada", "", said), (2, "bede", "In-Reply-To: <1@mill.example>\n", f"{answer}\n\nI do not know.")]
    text = "".join(MAIL.format(n=n, who=who, more=more, body=body) for n, who, more, body in letters)
    (folder / "content/gate.mbox").write_text(text)
    assert build(load_site(folder)).failures == ()
    (page,) = (folder / "public/debates").glob("*/index.html")
    document = html.fromstring(page.read_bytes())
    (frame,) = document.xpath("//blockquote")
    assert frame.xpath("header[@class='source']/a"), "it is linked"
    for each in frame.xpath(".//br"):
        each.tail = f" / {(each.tail or '').strip()}"
    return [part.strip() for part in " ".join(" ".join(p.text_content().split()) for p in frame.xpath("p")).split("/")]


@pytest.mark.parametrize(
    ("said", "answer", "lines"),
    [
        (SAID, "> the board would like to know\n> who opened the upper gate, by whose leave, and what it cost the parish to\n> mend the fence", ["the board would like to know who opened the upper gate, by whose leave, and what it cost the parish to mend the fence"]),
        (VERSE, "> The water rose by night\n> and nobody had seen it rise\n> but the miller's cat", VERSE.split("\n")),
        (SAID, "> the board would like to know\n> who", ["the board would like to know", "who"]),
        (SAID, "> the board would like to know\n> who opened", ["the board would like to know who opened"]),
    ],
)  # fmt: skip
def test_lines_end_where_those_of_the_source_do(tmp_path: Path, said: str, answer: str, lines: list[str]) -> None:
    assert quoted(tmp_path, said, answer) == lines
