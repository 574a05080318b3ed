"""Where a name begins at the end of somebody's words, by what other posts of the page say."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.learning.signatures import CERTAIN
from rostra.readers.copied.page import page_thread
from support.copied_threads import assembled, read, tree

SIGNED = "{body} {author} (talk) {time}"


def said(*posts: str) -> list[tuple[str | None, str]]:
    """The author and words of each post of a page, which are signed a minute apart."""
    text = "\n".join(f"{post} 10:{n:02}, 4 March 2021" for n, post in enumerate(posts)).split("\n")
    found = cut(prepared(text), PageLayout(templates=(template(SIGNED),), place="a wiki"))
    assert found is not None
    thread = page_thread.thread(text, found, ())
    return [(post.author.name if post.author else None, post.body) for post in thread.posts if post.kind == "post"]


SINGLE = [f"The wheel turned {n} times. {name} (talk)" for n, name in enumerate(("ada", "bede", "cy", "dee", "eve"))]


def test_a_name_begins_where_a_sentence_ends() -> None:
    assert said("Who owns the race? Ada Weir (talk)", "Nobody… Bede van Holt (talk)") == [
        ("Ada Weir", "Who owns the race?"),
        ("Bede van Holt", "Nobody…"),
    ]


def test_a_name_known_from_another_post_is_found_without_the_end_of_a_sentence() -> None:
    found = said("Who owns the race? Ada Weir (talk)", "Bede does Ada Weir (talk)")
    assert found[1] == ("Ada Weir", "Bede does")


def test_nobody_is_named_where_a_name_may_begin_at_several_words_and_no_word_is_lost() -> None:
    found = said("Who owns the race? Ada Weir (talk)", "Nobody does Cy Noor (talk)")
    assert found[1] == (None, "Nobody does Cy Noor")


def test_words_behind_a_sentence_that_do_not_begin_as_names_do_are_no_name() -> None:
    found = said("It squeaks. It's a bit better Cy (talk)", "Who owns the race? Ada Weir (talk)")
    assert found[0] == (None, "It squeaks. It's a bit better Cy")


@pytest.mark.parametrize(("count", "name"), [(CERTAIN, "cy_noor"), (CERTAIN - 1, None)])
def test_the_last_word_is_the_name_where_enough_names_are_one_word(count: int, name: str | None) -> None:
    assert said(*SINGLE[:count], "nobody does cy_noor (talk)")[-1][0] == name


@pytest.mark.parametrize(("others", "name"), [(1, "cy_noor"), (2, None)])
def test_nearly_all_names_must_be_one_word(others: int, name: str | None) -> None:
    singles = [f"It turns. miller{n} (talk)" for n in range(10 - others)]
    doubles = [f"It turns. Ada Weir{n} (talk)" for n in range(others)]
    assert said(*singles, *doubles, "nobody does cy_noor (talk)")[-1][0] == name


ALONE = ("Nobody moves a sluice at night\nCy Noor (talk)", "The wheel turns\nAda Weir (talk)")


@pytest.mark.parametrize(("others", "name"), [(1, "Ada Weir"), (2, None)])
def test_a_line_below_the_words_is_a_name_where_most_signatures_are_such(others: int, name: str | None) -> None:
    within = [f"It turns {n} times. Bede Holt (talk)" for n in range(others)]
    assert said(*within, *ALONE)[-1] == (name, "The wheel turns" if name else "The wheel turns\nAda Weir")


TILDES = """Tildes
~talk
"""
POST = """
[-]
{name}
March {day}, 2021{edited}
Link
The wheel turned {day} times.
{day} votes
"""


def test_posts_that_a_known_layout_misses_are_found_by_the_layout_that_the_text_teaches(tmp_path: Path) -> None:
    names = ("ada_weir", "bede", "cy", "dee", "eve", "fay", "gil", "hal")
    posts = [
        POST.format(name=name, day=n + 2, edited=f" (edited March {n + 3}, 2021)" if n % 4 == 1 else "")
        for n, name in enumerate(names)
    ]
    path = tmp_path / "dump.txt"
    path.write_text(TILDES + "".join(posts), encoding="utf-8")
    assert [line.split(" | ")[0] for line in tree(assembled(read(path))) if " post " in line] == [
        f"1 post {name}" for name in names
    ]


@pytest.mark.parametrize(("others", "named"), [(3, True), (4, False)])
def test_names_are_left_out_where_more_lines_end_in_a_time_than_begin_a_post(
    others: int, named: bool, tmp_path: Path
) -> None:
    heads = "".join(f"{name}, 2 March 2021\n    The wheel turns.\n\n" for name in ("Ada", "Bede", "Cy"))
    path = tmp_path / "dump.txt"
    path.write_text(heads + "".join(f"    It was moved and then moved again on 1{n} May 2020\n" for n in range(others)))
    found = read(path)
    assert [bool(post.author) for post in found.posts] == [named] * 3
    assert any(problem.code == "unsure-names" for problem in found.problems) is not named
