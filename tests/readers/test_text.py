"""Text copied from a page: each case is a dump and the tree that can be told from it.

A case file holds the dump, a line ``=====``, and the tree: ``depth kind who | when | score | first words`` a post
(``-`` for what the dump does not say), then ``! code line`` a problem.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.errors import RostraError
from rostra.model import Author
from rostra.readers import Dump, choose
from support.copied_threads import assembled, read, tree

CASES = sorted(Path(__file__).parent.joinpath("text").glob("*.case"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_all_that_the_text_tells_is_told_and_nothing_else(case: Path, tmp_path: Path) -> None:
    dump, _, expected = case.read_text(encoding="utf-8").partition("\n=====\n")
    path = tmp_path / "dump.txt"
    path.write_text(dump + "\n", encoding="utf-8")
    assert choose(Dump(path)) is not None
    thread = assembled(read(path))
    assert tree(thread) == expected.strip("\n").split("\n")
    for post in thread.posts:
        if post.raw.line and post.raw.kind == "post":
            assert dump.split("\n")[post.raw.line - 1].strip()


def test_there_are_cases() -> None:
    assert len(CASES) >= 20


SHAPES = {
    "seed": lambda pad, name, n: f"{pad}• {name}\n{pad}  {n} years ago\n\n{pad}  Words of post {n}.\n",
    "times": lambda pad, name, n: f"{pad}{n} years ago\n{pad}Words of post {n}.\n",
    "reddit": lambda pad, name, n: (
        f"{pad}[–]{name} {n} points {n} years ago \n\n{pad}Words of post {n}.\n\n{pad}permalink embed save parent report reply\n"
    ),
    "dotted": lambda pad, name, n: f"{pad}{name} · {n} hours ago\n{pad}Words of post {n}.\n",
}


@st.composite
def depths(draw: st.DrawFn) -> list[int]:
    out = [0]
    for _ in range(draw(st.integers(1, 14))):
        out.append(draw(st.integers(0, out[-1] + 1)))
    return out


@given(depths(), st.sampled_from(sorted(SHAPES)), st.sampled_from(["  ", "    ", "\t", " " * 8]))
@settings(max_examples=150, deadline=None)
def test_a_tree_written_in_any_layout_comes_back(
    tmp_path_factory: pytest.TempPathFactory, tree: list[int], shape: str, step: str
) -> None:
    path = tmp_path_factory.mktemp("t") / "dump.txt"
    posts = [SHAPES[shape](step * (depth + 1), f"Person{n}", n + 2) for n, depth in enumerate(tree)]
    path.write_text("Shall we speak?\n\n" + "\n".join(posts))
    made = assembled(read(path))
    assert [post.depth - 1 for post in made.posts[1:]] == tree
    assert [post.raw.body for post in made.posts[1:]] == [f"Words of post {n + 2}." for n in range(len(tree))]
    if shape != "times":
        assert [post.raw.author and post.raw.author.name for post in made.posts[1:]] == [
            f"Person{n}" for n in range(len(tree))
        ]
    assert made.problems == ()


@given(st.text(alphabet="a1 •-\n\t[]()>·|:ago year2", max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_crashes_the_reader_and_no_word_is_lost(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("t") / "dump.txt"
    path.write_text(text)
    try:
        made = assembled(read(path))
    except RostraError:
        return
    kept = sum(post.raw.body.count("a") for post in made.posts) + sum(
        len(post.raw.created_text or "") for post in made.posts
    )
    assert kept or "a" not in text.replace("ago", "").replace("year", "") or made.posts


def test_a_chain_of_three_thousand_answers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "Q\n\n" + "".join(f"{' ' * (n + 2)}1 year ago\n\n{' ' * (n + 2)}Answer {n}.\n\n" for n in range(3000))
    )
    assert assembled(read(path)).posts[-1].depth == 3000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_text_says_how_it_is_encoded(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes("Zoë\n2 hours ago\nwords\n".encode(encoding))
    assert choose(Dump(path)).NAME == "text"
    (post,) = read(path).posts
    assert post.author == Author(name="Zoë")
