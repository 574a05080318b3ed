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
NIGHT = "The water rose by night: nobody had seen it rise but the cat."


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
        (NIGHT, "> night:\n> nobody had seen it rise\n> but the cat.", ["night:", "nobody had seen it rise but the cat."]),
        (NIGHT, "> by night:\n> nobody had seen it rise\n> but the cat.", ["by night: nobody had seen it rise but the cat."]),
    ],
)  # fmt: skip
def test_lines_end_where_those_of_the_source_do(tmp_path: Path, said: str, answer: str, lines: list[str]) -> None:
    assert quoted(tmp_path, said, answer) == lines


@pytest.mark.parametrize(("more", "joined"), [(0, True), (1, False)])
@pytest.mark.parametrize("is_before", [True, False])
def test_words_are_searched_so_far_from_the_end_of_a_line(
    tmp_path: Path, is_before: bool, more: int, joined: bool
) -> None:
    # Two words and the space between them; behind the end of a line its own character counts as well.
    two = f"{'g' * 40} {'w' * (100 - 41 - (not is_before) + more)}"
    long = " ".join(reversed(two.split())) if is_before else two
    lines = (
        [f"the miller saw {long}", "and then he closed"]
        if is_before
        else ["the miller saw it and", f"{long} he closed"]
    )
    assert quoted(tmp_path, f"{' '.join(lines)} the gate at six.", "".join(f"> {line}\n" for line in lines)) == (
        [" ".join(lines)] if joined else lines
    )
