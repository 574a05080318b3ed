"""The passages that several people quote, as they are shown."""

from __future__ import annotations

import pytest

from rostra.editorial.edition import edit
from rostra.model import Author, RawPost, RawThread, Source
from rostra.quotations.shared import shared_passages
from rostra.threads.assemble import assemble

FIRST = "the gate is opened at dawn by whoever carries the key"
THEN = "and nobody has ever asked why it does not open later"


def passages(*quoted: str) -> list[tuple[str, int]]:
    """Return what is shown of the first post, where each of the others quotes some of it."""
    said = [f"Mind that {FIRST} {THEN}.", *(f"> {each}\n\nIs that so?" for each in quoted)]
    posts = tuple(
        RawPost(key=str(n), parent="0" if n else None, author=Author(name=f"P{n}"), body=body)
        for n, body in enumerate(said)
    )
    edition = edit(assemble(RawThread(posts=posts), id="t", title="T", source=Source(path="", format="", sha256="")))
    return [(each.text, each.count) for each in shared_passages(edition)]


def test_of_passages_that_overlap_the_most_quoted_is_shown() -> None:
    assert passages(*[FIRST] * 3, *[f"carries the key {THEN}"] * 2) == [(FIRST, 3)]


@pytest.mark.parametrize(("words", "shown"), [(f"key {THEN}", 1), (THEN, 2)])
def test_passages_that_touch_are_both_shown(words: str, shown: int) -> None:
    assert len(passages(*[FIRST] * 3, *[words] * 2)) == shown
