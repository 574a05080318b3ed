"""Each threshold at its boundary, and each guard with and without what it guards: whether a source is accepted, and which."""

from __future__ import annotations

import pytest

from rostra.model import Author, Mark, RawPost, RawThread, Source
from rostra.quotations.decide import (
    AGAIN_BITS,
    ENDING_BITS,
    LONE,
    ThreadPositions,
    accept_marked,
    accept_unmarked,
    best,
    enough,
)
from rostra.quotations.match import Match
from rostra.quotations.zones import Segment
from rostra.threads.assemble import assemble

LESS = 0.001


def placed() -> ThreadPositions:
    """0 Ada; 1 Bede answers 0; 2 Cy answers 1; 3 Ada answers 2; 4 Dot answers 0; 5 nobody known answers 0; 6 likewise, without an id."""
    parents = [None, "0", "1", "2", "0", "0", "0"]
    names = ["Ada", "Bede", "Cy", "ADA", "Dot", None, None]
    posts = tuple(
        RawPost(
            key=str(n),
            native_id=str(n) if n != 6 else None,
            parent=parent,
            body=str(n),
            author=Author(name=name) if name else None,
        )
        for n, (parent, name) in enumerate(zip(parents, names, strict=True))
    )
    raw = RawThread(posts=posts, native_id="t")
    return ThreadPositions(assemble(raw, id="t", title="T", source=Source(path="", format="", sha256="")))


PLACE = placed()


def found(
    post: int, *, coverage: float = 1.0, weight: float = 100.0, pairs: int = 20, words: int = 20, exact: bool = False
) -> Match:
    return Match(post, 7, 7 + words, coverage, weight, [(n, n) for n in range(pairs)], exact)


def test_the_thresholds_that_others_ask_for() -> None:
    assert (AGAIN_BITS, ENDING_BITS, LONE) == (60.0, 80.0, 30)


def test_who_stands_where() -> None:
    assert [n for n in range(7) if PLACE.is_ancestor(n, 3)] == [0, 1, 2]
    assert [n for n in range(7) if PLACE.is_ancestor(0, n)] == [1, 2, 3, 4, 5, 6]
    assert [n for n in range(7) if PLACE.is_ancestor(1, n)] == [2, 3]
    assert [PLACE.parent(n) for n in range(7)] == [None, 0, 1, 2, 0, 0, 0]
    assert PLACE.same_author(3, 0)
    assert not PLACE.same_author(1, 0)
    assert not PLACE.same_author(6, 5)
    assert [PLACE.nearness(3, n) for n in (2, 1, 4)] == [4.0, 2.0, 0.0]
    assert PLACE.beyond_chance(3, {1: [(0, 0)], 4: [(0, 0)], 5: [(0, 0), (1, 1)]}) == {1: [(0, 0)], 5: [(0, 0), (1, 1)]}
    assert [PLACE.tier(3, n, 5) for n in (2, 1, 4, 5)] == ["parent", "ancestor", "thread", "named"]


@pytest.mark.parametrize(
    ("mark", "post"),
    [
        (None, None),
        (Mark(author="Ada"), None),
        (Mark(post="1"), 1),
        (Mark(post="1", thread="t"), 1),
        (Mark(post="1", thread="u"), None),
        (Mark(post="9"), None),
        # A post does not quote itself.
        (Mark(post="4"), None),
        (Mark(post="0"), 0),
    ],
)
def test_markup_names_a_post_of_its_own_thread(mark: Mark | None, post: int | None) -> None:
    assert PLACE.named(mark, 4) == post


def test_of_two_posts_the_first_is_the_ancestor() -> None:
    posts = (RawPost(key="0", body="0"), RawPost(key="1", parent="0", body="1"))
    two = ThreadPositions(
        assemble(RawThread(posts=posts), id="t", title="T", source=Source(path="", format="", sha256=""))
    )
    assert two.is_ancestor(0, 1)
    assert not two.is_ancestor(1, 0)
    assert not two.is_ancestor(0, 0)


def test_a_line_above_names_whose_words_follow() -> None:
    assert PLACE.attributed("On Monday, ada wrote", 0)
    assert not PLACE.attributed("On Monday, Bede wrote", 0)
    assert not PLACE.attributed(None, 0)
    assert not PLACE.attributed("On Monday, nobody wrote", 5)


@pytest.mark.parametrize(("source", "named"), [(1, None), (4, 4)])
def test_half_of_a_marked_quotation_is_enough_of_an_ancestor_or_of_whom_markup_names(
    source: int, named: int | None
) -> None:
    assert accept_marked(found(source, coverage=0.5, weight=0, pairs=3), 2, named, PLACE)
    assert not accept_marked(found(source, coverage=0.5 - LESS), 2, named, PLACE)
    assert not accept_marked(found(source, pairs=2), 2, named, PLACE)


def test_a_marked_quotation_of_a_post_elsewhere_needs_more_and_words_that_mean_something() -> None:
    enough_of_it = {"coverage": 0.6, "weight": 30.0}
    assert accept_marked(found(4, **enough_of_it), 2, None, PLACE)
    assert not accept_marked(found(4, **enough_of_it | {"coverage": 0.6 - LESS}), 2, None, PLACE)
    assert not accept_marked(found(4, **enough_of_it | {"weight": 30.0 - LESS}), 2, None, PLACE)


def test_a_marked_quotation_of_three_words_is_taken_where_all_of_them_are_there() -> None:
    assert accept_marked(found(4, words=3, exact=True, coverage=0, weight=0), 2, None, PLACE)
    assert not accept_marked(found(4, words=4, exact=True, coverage=0, weight=0), 2, None, PLACE)
    assert not accept_marked(found(4, words=3, coverage=0, weight=0), 2, None, PLACE)


def test_sentences_within_a_paragraph_must_be_nearly_word_for_word() -> None:
    for source in (1, 4):
        enough_of_it = {"coverage": 0.8, "weight": 45.0, "pairs": 6}
        assert accept_unmarked(found(source, **enough_of_it), 2, PLACE, whole=False)
        for less in ({"coverage": 0.8 - LESS}, {"weight": 45.0 - LESS}, {"pairs": 5}):
            assert not accept_unmarked(found(source, **enough_of_it | less), 2, PLACE, whole=False)


def test_a_paragraph_of_an_ancestor_word_for_word_needs_four_words_that_mean_something() -> None:
    enough_of_it = {"coverage": 0.0, "weight": 24.0, "pairs": 4, "exact": True}
    assert accept_unmarked(found(1, **enough_of_it), 2, PLACE, whole=True)
    assert not accept_unmarked(found(4, **enough_of_it), 2, PLACE, whole=True)
    for less in ({"weight": 24.0 - LESS}, {"pairs": 3}, {"exact": False}):
        assert not accept_unmarked(found(1, **enough_of_it | less), 2, PLACE, whole=True)


@pytest.mark.parametrize(("source", "floor"), [(1, 0.6), (4, 0.72)])
def test_a_paragraph_repeats_another_by_its_length_and_by_where_that_stands(source: int, floor: float) -> None:
    for words in (12, 26, 40):
        enough_of_it = {"coverage": enough(words, floor), "weight": 40.0, "words": words}
        assert accept_unmarked(found(source, **enough_of_it), 2, PLACE, whole=True)
        less = enough_of_it | {"coverage": enough(words, floor) - LESS}
        assert not accept_unmarked(found(source, **less), 2, PLACE, whole=True)
        assert not accept_unmarked(found(source, **enough_of_it | {"weight": 40.0 - LESS}), 2, PLACE, whole=True)


@pytest.mark.parametrize("floor", [0.6, 0.72])
def test_what_a_paragraph_must_share_falls_with_its_length(floor: float) -> None:
    assert enough(0, floor) == enough(12, floor) == 0.93
    assert 0.93 > enough(13, floor) > enough(39, floor) > floor
    assert enough(40, floor) == pytest.approx(floor)
    assert enough(400, floor) == floor
    assert enough(26, floor) == pytest.approx((0.93 + floor) / 2)


def chosen(
    *options: Match, post: int = 3, named: int | None = None, author: str | None = None, words: int = 20
) -> int | None:
    segment = Segment(7, 7 + words, 0, 100, True, author=author)
    one = best(options, post, segment, named, PLACE)
    assert one == best(options[::-1], post, segment, named, PLACE)
    return one.post if one else None


def test_the_surest_source_is_chosen() -> None:
    assert chosen() is None
    assert chosen(found(4, coverage=0.6), found(5, coverage=0.7)) == 5
    # A tie goes to the earliest, and what is nearly one is one.
    assert chosen(found(4), found(5)) == 4
    assert chosen(found(4, coverage=0.9), found(5, coverage=0.904)) == 4
    assert chosen(found(4, coverage=0.9), found(5, coverage=0.91)) == 5
    # More than all is all.
    assert chosen(found(4), found(5, coverage=1.2)) == 4


def test_a_place_speaks_for_a_source_and_a_name_more() -> None:
    assert chosen(found(1), found(2)) == 2
    assert chosen(found(1, coverage=0.93), found(2, coverage=0.9)) == 1
    assert chosen(found(1, coverage=0.9), found(4, coverage=0.99)) == 1
    assert chosen(found(1, coverage=0.9), found(4, coverage=1.0)) == 1
    assert chosen(found(1, coverage=0.89), found(4, coverage=1.0)) == 4
    assert chosen(found(2, coverage=0.88), found(4, coverage=1.0)) == 2
    assert chosen(found(2, coverage=0.87), found(4, coverage=1.0)) == 4
    assert chosen(found(4, coverage=0.75), found(5), author="dot wrote:") == 4
    assert chosen(found(4, coverage=0.74), found(5), author="dot wrote:") == 5
    assert chosen(found(5, coverage=0.4), found(6), named=5) == 5
    assert chosen(found(6, coverage=0.4), found(5), named=6) == 5
    assert chosen(found(6, coverage=0.41), found(5), named=6) == 6
    # Whom markup names is not also counted as attributed.
    assert chosen(found(4, coverage=0.4), found(2), named=4, author="dot") == 2


def test_a_source_of_more_words_is_the_surer_one() -> None:
    assert chosen(found(4, words=20), found(5, words=10)) == 4
    assert chosen(found(4, words=10), found(5, words=20)) == 5
    assert chosen(found(4, words=10, coverage=1.0), found(5, words=20, coverage=0.75)) == 5
    assert chosen(found(4, words=10, coverage=1.0), found(5, words=20, coverage=0.74)) == 4
    # Length counts for a half.
    assert chosen(found(4, coverage=0.594), found(5, words=4)) == 5
    assert chosen(found(4, words=8), found(5, coverage=0.7)) == 5
    # Of two that are as sure, the longer; in hundredths.
    assert chosen(found(4, words=501), found(5, words=504), words=1000) == 4
    assert chosen(found(4, words=520), found(5, words=540, coverage=0.987), words=1000) == 5
