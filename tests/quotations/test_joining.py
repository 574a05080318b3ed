"""Which quotations in a row are one, and which marks belong to a passage."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from rostra.markup import render
from rostra.model import Body, Passage, Quote, RawPost, RawThread, Source
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.join_paragraphs import join_paragraphs, passage_end
from rostra.quotations.tokens import tokenise
from rostra.quotations.zones import Segment, Zones
from rostra.threads.assemble import assemble

SAID = "The gate is shut.\n\nThe weir is dry.\n\nThe bell is cracked."
FIRST, SECOND, THIRD = (0, 17), (19, 35), (37, 57)


def place(*bodies: str) -> tuple[ThreadPositions, list[Body]]:
    raw = tuple(
        RawPost(key=str(n), native_id=str(n), body=said, parent="0" if n else None) for n, said in enumerate(bodies)
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    return ThreadPositions(thread), [render(said, "text") for said in bodies]


def quote(at: tuple[int, int], stands: tuple[int, int] | None = None, **changed: Any) -> Quote:
    """A quotation of its own offsets in the source, or of others."""
    there = stands or at
    passage = Passage(thread="t", post="p-0", spans=(there,), text=SAID[there[0] : there[1]])
    made = Quote(start=at[0], end=at[1], kind="block", source=passage, score=1.0, tier="parent", reason="")
    return replace(made, **changed)


def join(*quotes: Quote, text: str = SAID, marked: tuple[tuple[int, int], ...] = (), source: str = SAID) -> list[Quote]:
    where, bodies = place(source, text, "Another.")
    words = tokenise(text)
    segments = [Segment(0, 1, start, end, (start, end) in marked) for start, end in (FIRST, SECOND, THIRD)]
    return join_paragraphs(list(quotes), Zones(words, bytearray(len(words.words)), segments), text, bodies, where)


def test_paragraphs_in_a_row_are_one_quotation() -> None:
    (one,) = join(quote(FIRST), quote(SECOND, score=0.98))
    assert (one.start, one.end, one.score) == (0, 35, 0.98)
    assert one.source is not None
    assert (one.source.spans, one.source.text) == (((0, 35),), SAID[:35])
    (all_of_it,) = join(quote(THIRD), quote(FIRST), quote(SECOND))
    assert (all_of_it.start, all_of_it.end) == (0, 57)
    first, *rest = join(quote((0, 3), kind="inline"), quote((4, 17)), quote(SECOND))
    assert (first.kind, [(each.start, each.end) for each in rest]) == ("inline", [(4, 35)])
    assert join() == []
    assert join(quote(FIRST)) == [quote(FIRST)]


@pytest.mark.parametrize("score", [0.97, 1.0])
def test_whole_paragraphs_are_joined_and_none_that_are_less(score: float) -> None:
    assert len(join(quote(FIRST, score=score), quote(SECOND))) == 1
    assert len(join(quote(FIRST), quote(SECOND, score=score))) == 1
    assert len(join(quote(FIRST, score=0.969), quote(SECOND))) == 2
    assert len(join(quote(FIRST), quote(SECOND, score=0.969))) == 2
    assert len(join(quote(FIRST, score=None), quote(SECOND))) == 2
    assert len(join(quote(FIRST), quote(SECOND, score=None))) == 2


def passage(at: tuple[int, int], **changed: Any) -> Passage:
    source = quote(at).source
    assert source is not None
    return replace(source, **changed)


@pytest.mark.parametrize(
    "quotes",
    [
        (quote(FIRST, source=None), quote(SECOND)),
        (quote(FIRST), quote(SECOND, source=None)),
        (quote(FIRST), quote(SECOND, source=passage(SECOND, post="p-2"))),
        (quote(FIRST, kind="inline"), quote(SECOND)),
        (quote(FIRST), quote(SECOND, kind="inline")),
        (quote(FIRST, source=passage(FIRST, spans=(FIRST, FIRST))), quote(SECOND)),
        (quote(FIRST), quote(SECOND, source=passage(SECOND, spans=(SECOND, THIRD)))),
        # One of the source's paragraphs, or of the quoter's own, stands between; or they stand the other way round.
        (quote(FIRST), quote(SECOND, THIRD)),
        (quote(FIRST), quote(THIRD, SECOND)),
        (quote(FIRST, SECOND), quote(SECOND, FIRST)),
    ],
)
def test_quotations_that_are_not_in_a_row_of_one_source_are_two(quotes: tuple[Quote, Quote]) -> None:
    assert len(join(*quotes)) == 2


def test_what_is_set_apart_as_a_quotation_is_one_by_itself() -> None:
    assert len(join(quote(FIRST), quote(SECOND), marked=(FIRST,))) == 2
    assert len(join(quote(FIRST), quote(SECOND), marked=(SECOND,))) == 2
    assert len(join(quote(FIRST), quote(SECOND), marked=(THIRD,))) == 1


def test_marks_between_two_paragraphs_of_the_source_are_none_of_its_words() -> None:
    source = "The gate is shut).\n\n* (The weir is dry.\n\nThe bell is cracked."
    at = source.index("The weir")
    assert len(join(quote(FIRST, (0, 16)), quote(SECOND, (at, at + 16)), source=source)) == 1
    source = "The gate is shut so\n\nThe weir is dry."
    at = source.index("The weir")
    assert len(join(quote(FIRST, (0, 16)), quote(SECOND, (at, at + 16)), source=source)) == 2


def test_a_passage_may_begin_where_the_one_before_it_ends() -> None:
    assert len(join(quote((0, 8)), quote((8, 17)))) == 1
    assert len(join(quote((0, 9), (0, 9)), quote((9, 17), (8, 17)))) == 2


@pytest.mark.parametrize(
    ("text", "limit", "end"),
    [("shut.) So", 9, 6), ("shut", 4, 4), ("shut.)", 5, 5), ("shut so", 7, 4), ("shut”?", 6, 6)],
)
def test_marks_that_close_a_passage_belong_to_it(text: str, limit: int, end: int) -> None:
    assert passage_end(text, 4, limit) == end
