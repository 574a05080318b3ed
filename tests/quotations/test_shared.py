"""The passages that several people quote, as they are shown."""

from __future__ import annotations

import pytest

from rostra.editorial.edition import edit
from rostra.model import Author, RawPost, RawThread, Source
from rostra.quotations.shared import shared_passages
from rostra.threads.assemble import assemble

FIRST = "the gate is opened at dawn by whoever carries the key"
THEN = "and nobody has ever asked why it does not open later"


def passages(*quoted: str, said: str = f"Mind that {FIRST} {THEN}.") -> list[tuple[str, int]]:
    """Return what is shown of the first post, where each of the others quotes some of it."""
    bodies = [said, *(f"> {each}\n\nIs that so?" for each in quoted)]
    posts = tuple(
        RawPost(key=str(n), parent="0" if n else None, author=Author(name=f"P{n}"), body=body)
        for n, body in enumerate(bodies)
    )
    edition = edit(assemble(RawThread(posts=posts), id="t", title="T", source=Source(path="", format="", sha256="")))
    return [(each.text, each.count) for each in shared_passages(edition)]


def test_of_passages_that_overlap_the_most_quoted_is_shown() -> None:
    assert passages(*[FIRST] * 3, *[f"carries the key {THEN}"] * 2) == [(FIRST, 3)]


@pytest.mark.parametrize(("words", "shown"), [(f"key {THEN}", 1), (THEN, 2)])
def test_passages_that_touch_are_both_shown(words: str, shown: int) -> None:
    assert len(passages(*[FIRST] * 3, *[words] * 2)) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Error in open(gate) : nobody has found the key of it", False),
        ("there is no gate Error: nobody has found the key of it", False),
        ("Warning messages: the gate was opened by whoever had a key", False),
        ("in the mill KeyError: the gate was opened by nobody at all", False),
        ("An error in the plan is what has opened the gate at dawn", True),
        ("a warning that nobody has read is none, says the miller", True),
        ("this is how the gate is opened by the miller:", False),
        ("this: the gate is opened by the miller", True),
        ("mill-134-84:wheel user$ *OPEN CMD gate WHEEL", False),
        ("OPEN [the] {gate} (HERE) *now* NOW", True),
    ],
)
def test_what_a_program_reports_or_words_announce_is_not_among_them(said: str, shown: bool) -> None:
    posts = passages(said, said, said=f"This is it.\n\n{said}")
    assert [text for text, _ in posts] == [said] * shown
