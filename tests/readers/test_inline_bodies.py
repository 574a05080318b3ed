"""Heads with the text of the post behind them, on one line: no word of the text is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.layout import prepared
from rostra.readers.copied.learning.inline_bodies import SPOKEN, inline_body
from support.copied_threads import read

WHO = ("ada", "Bede Ash", "cy7", "dee", "ada", "Esk Ford", "dee", "hob", "ada", "Bede Ash")
WORDS = ("weir", "race", "dam", "gate", "wheel", "ford", "lock", "mill", "bank", "well")


def worded(texts: list[str], head: str = "{who} {n} days ago") -> str | None:
    """Return the pattern of lines with these texts behind their heads."""
    lines = [f"{head.format(who=WHO[n % 10], n=n + 2)}{text}" for n, text in enumerate(texts)]
    found = inline_body(prepared(lines))
    return found and found.item.pattern


@pytest.mark.parametrize(("mark", "pattern"), [(" ", "{author} {time} {body}"), (": ", "{author} {time}: {body}"),
                                               (" Uhr: ", "{author} {time} uhr: {body}")])  # fmt: skip
def test_texts_behind_the_heads_are_the_posts(mark: str, pattern: str) -> None:
    assert worded([f"{mark}The {word} leaks." for word in WORDS]) == pattern


@pytest.mark.parametrize(("silent", "found"), [(1, True), (2, False)])
def test_nearly_all_lines_have_a_text(silent: int, found: bool) -> None:
    assert bool(worded(["" if n < silent else f" The {word} leaks." for n, word in enumerate(WORDS)])) is found


@pytest.mark.parametrize(("said", "found"), [(5, True), (4, False)])
def test_a_share_of_the_texts_are_sentences(said: int, found: bool) -> None:
    assert said >= SPOKEN * 10 or not found
    assert bool(worded([f" The {word} leaks{'.' * (n < said)}" for n, word in enumerate(WORDS)])) is found


@pytest.mark.parametrize(("more", "found"), [("", False), (" now", True)])
def test_a_text_without_a_full_stop_has_more_words_than_a_name(more: str, found: bool) -> None:
    assert bool(worded([f" The {word} leaks at night{more}" for word in WORDS])) is found


@pytest.mark.parametrize(("small", "found"), [(4, True), (5, False)])
def test_most_texts_begin_no_half_sentence(small: int, found: bool) -> None:
    texts = [f" {'the' if n < small else 'The'} {word} leaks." for n, word in enumerate(WORDS)]
    assert bool(worded(texts)) is found


def test_lines_that_name_nobody_are_no_such_heads() -> None:
    assert worded([f" The {word} leaks." for word in WORDS], head="{n} days ago") is None


@pytest.mark.parametrize(("foot", "between"), [("", ""), ("Answer\n", ""), ("Like · Answer\n", "\n")])
def test_a_page_of_such_lines_loses_no_word(tmp_path: Path, foot: str, between: str) -> None:
    path = tmp_path / "dump.txt"
    texts = [f"The {word} leaks, and nobody{' who cares' * (n * 3)} mends it" for n, word in enumerate(WORDS)]
    path.write_text(
        "The mill\n\n"
        + "".join(
            f"{who} {n + 2} days ago {text}\n{foot}{between}"
            for n, (who, text) in enumerate(zip(WHO, texts, strict=True))
        )
    )
    found = [post for post in read(path).posts if post.created_text]
    assert [(post.author and post.author.name, post.body) for post in found] == list(zip(WHO, texts, strict=True))


def test_a_text_of_several_lines_goes_on_below_its_head(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "".join(
            f"{who} {n + 2} days ago The {WORDS[n]} leaks.\nSo it {WORDS[n]}s.\nAnswer\n" for n, who in enumerate(WHO)
        )
    )
    found = [post for post in read(path).posts if post.created_text]
    assert [post.body for post in found] == [f"The {word} leaks.\nSo it {word}s." for word in WORDS]


def test_sentences_that_say_when_something_was_are_no_heads(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "".join(f"I saw the {word} {n + 2} days ago and the {word} leaked.\n" for n, word in enumerate(WORDS))
    )
    assert not any(post.author for post in read(path).posts)
