"""The limits of an alignment of words, each from both sides."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rostra.quotations.align import WordRun, subsequence, word_pairs
from rostra.quotations.tokens import Tokens
from support.aligned_words import chained, paired, words

FAR = " ".join(f"x{n}" for n in range(14))
RUN = [(n, n) for n in range(4)]


@pytest.mark.parametrize(
    ("second", "third", "rest"),
    [
        # The third begins later in one text: what is left of it follows.
        ((70, 50, 5), (90, 50, 20), [(70, 50, 5), (95, 55, 15)]),
        ((50, 150, 5), (50, 300, 20), [(50, 150, 5), (55, 305, 15)]),
        # It begins no later than what is left of the second, and is longer than the chain of the two before it.
        ((65, 45, 10), (70, 30, 60), None),
        ((30, 220, 25), (30, 240, 60), None),
    ],
)
def test_a_run_follows_only_if_it_begins_later_in_one_text(
    second: WordRun, third: WordRun, rest: list[WordRun] | None
) -> None:
    first = (0, 0, 50)
    assert chained(first, second, third) == ([first, *rest] if rest else [third])


@pytest.mark.parametrize(
    ("second", "left"),
    [
        ((75, 45, 20), (80, 50, 15)),
        ((76, 45, 20), None),
        ((45, 245, 20), (50, 250, 15)),
        ((45, 246, 20), None),
    ],
)
def test_gaps_are_measured_from_what_is_left_of_a_run(second: WordRun, left: WordRun | None) -> None:
    first = (0, 0, 50)
    assert chained(first, second) == ([first, left] if left else [first])


@pytest.mark.parametrize(("at", "marked"), [(49, False), (50, True), (51, False)])
def test_a_mark_counts_before_what_is_left_of_a_run(at: int, marked: bool) -> None:
    first = (0, 0, 50)
    assert chained(first, (45, 300, 20), gaps=(at,)) == ([first, (50, 305, 15)] if marked else [first])


def test_a_marked_gap_costs_nothing_and_one_of_the_source_two_words_at_most() -> None:
    # Of chains that are worth the same, the one that ends first is taken.
    assert chained((0, 100, 3), (3, 400, 3), (50, 0, 6), gaps=(3,)) == [(0, 100, 3), (3, 400, 3)]
    assert chained((0, 900, 6), (1, 100, 3), (4, 400, 3), gaps=(4,)) == [(0, 900, 6)]
    assert chained((0, 100, 3), (3, 203, 3), (50, 0, 4)) == [(0, 100, 3), (3, 203, 3)]
    assert chained((0, 900, 4), (1, 100, 3), (4, 203, 3)) == [(0, 900, 4)]


def test_a_run_before_that_pays_only_for_its_gap_is_left_out() -> None:
    assert chained((0, 0, 1), (6, 1, 3)) == [(6, 1, 3)]
    assert chained((0, 0, 1), (5, 1, 3)) == [(0, 0, 1), (5, 1, 3)]


def test_a_mark_with_no_words_beyond_it_changes_nothing() -> None:
    assert paired("/ a b", "a b", (0, 0, 2)) == [(0, 0), (1, 1)]
    assert paired("a b /", "a b", (0, 0, 2)) == [(0, 0), (1, 1)]
    assert paired("k / a b", "k a b", (1, 1, 2), low=1) == [(1, 1), (2, 2)]
    assert paired("a b / k", "a b k", (0, 0, 2), high=2) == [(0, 0), (1, 1)]


def test_words_far_away_are_searched_beyond_a_mark_only() -> None:
    before, after = f"k l m n {FAR} a b c d", f"a b c d {FAR} k l m n"
    here, there = [(n, n) for n in range(4)], [(n, n + 14) for n in range(4, 8)]
    assert paired("k l m n / a b c d", before, (4, 18, 4)) == here + there
    assert paired("k l m n a b c d", before, (4, 18, 4)) == there
    assert paired("a b c d / k l m n", after, (0, 0, 4)) == here + there
    assert paired("a b c d k l m n", after, (0, 0, 4)) == here
    # All words count, not the first alone.
    assert paired("a b c d / k l", f"a b c d k {FAR} k l", (0, 0, 4)) == [*RUN, (4, 19), (5, 20)]
    assert paired("a b c d / k l", f"a b c d {FAR} k", (0, 0, 4)) == RUN


def test_no_word_is_searched_beyond_the_reach_or_the_source() -> None:
    # Further on there are two of the words, too far to pay for the gap; within the reach there is one.
    found = [(2, 8), (4, 10), (5, 11), (6, 12)]
    assert paired("p q k l a b c", "k l x x x x x x k y a b c", (4, 10, 3), low=2) == found
    assert paired("a b c k l", "a b c y k x x x x x x k l", (0, 0, 3)) == [(0, 0), (1, 1), (2, 2), (3, 4)]
    # Before the first word of the source stands nothing, its last word least of all.
    assert paired("d a b", "a b d", (1, 0, 2)) == [(1, 0), (2, 1)]
    # Between two runs, only what stands between them.
    assert paired("a b k c d", "y k a b x c d", (0, 2, 2), (3, 5, 2)) == [(0, 2), (1, 3), (3, 5), (4, 6)]


@pytest.mark.parametrize(("at", "kept"), [(2, False), (3, False), (4, True), (5, True), (6, True), (7, False)])
def test_a_word_is_no_island_if_a_mark_stands_between_it_and_the_words_before(at: int, kept: bool) -> None:
    quote, source = words("a b c d x y e"), words(f"{FAR} a b c d {FAR} {FAR} e")
    marked = Tokens(quote.words, quote.starts, quote.ends, {at})
    found = word_pairs([(0, 14, 4), (6, 46, 1)], marked, 0, 7, source, None)
    assert found == [(n, n + 14) for n in range(4)] + [(6, 46)] * kept


ONE, TWO, THREE = [(0, 0)], [(0, 0)] * 2, [(0, 0)] * 3


@pytest.mark.parametrize(
    ("skipped", "kept"),
    [
        # A word pays for two that are skipped, and those of little worth are kept when later words pay for them.
        ([(2, 0)], 1),
        ([(1, 1)], 1),
        ([(0, 2)], 1),
        ([(3, 0)], 0),
        ([(2, 1)], 0),
        ([(0, 3)], 0),
        ([(3, 0), *ONE], 2),
        ([(4, 3), *ONE], 0),
        # Gaps are counted from the word before.
        (ONE * 6, 6),
        # One word pays for three more; two words pay for six more, and so do three.
        ([*ONE, (5, 0)], 2),
        ([*ONE, (6, 0)], 1),
        ([*TWO, (8, 0)], 3),
        ([*TWO, (9, 0)], 2),
        ([*THREE, (8, 0)], 4),
        ([*THREE, (9, 0)], 3),
        # Each is worth a little less than three that are skipped.
        ([(0, 2), *[(1, 2)] * 15], 16),
        ([(0, 2), *[(1, 2)] * 16], 16),
        # Words that just balance what is skipped do not pay for it.
        ([(25, 25), *ONE * 16], 0),
        ([(25, 25), *ONE * 17], 18),
        ([*THREE, (25, 25), *ONE * 14], 3),
        ([*THREE, (25, 25), *ONE * 15], 19),
    ],
)
@pytest.mark.parametrize("back", [False, True])
def test_words_beyond_an_end_pay_for_what_is_skipped(skipped: Sequence[tuple[int, int]], kept: int, back: bool) -> None:
    quote, source = list("abcd"), list("abcd")
    expected = list(RUN)
    for n, (own, left_out) in enumerate(skipped):
        quote += ["x"] * own + [f"w{n}"]
        source += ["y"] * left_out + [f"w{n}"]
        expected += [(len(quote) - 1, len(source) - 1)] * (n < kept)
    run = (0, 0, 4)
    if back:
        run = len(quote) - 4, len(source) - 4, 4
        expected = [(len(quote) - 1 - i, len(source) - 1 - j) for i, j in reversed(expected)]
        quote, source = quote[::-1], source[::-1]
    assert paired(" ".join(quote), " ".join(source), run) == expected


def test_of_many_words_beyond_an_end_those_next_to_it_are_searched() -> None:
    many = "x " * 60
    assert paired(f"a b c k {many}", "a b c k", (0, 0, 3)) == RUN
    assert paired(f"{many} k a b c", "k a b c", (61, 1, 3)) == [(n + 60, n) for n in range(4)]


def test_words_are_searched_in_the_middle_of_a_source() -> None:
    q = words(" ".join(map(str, range(200))))
    assert subsequence(q, 80, 140, q, 80, 200, None) == [(n, n) for n in range(80, 140)]
    assert subsequence(q, 80, 140, q, 79, 200, None) == []
    assert subsequence(q, 0, 9, q, 5, 4, None) == []
