"""Which words of a quotation are which of a source: each limit at its boundary, each cost where it tips the scales."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.quotations import align
from rostra.quotations.align import chain, matching_runs, subsequence, word_pairs
from rostra.quotations.tokens import Tokens
from support.aligned_words import chained, paired, words

NOTHING = 10**6


def grown(quote: str, source: str, *seeds: tuple[int, int], low: int = 0, high: int | None = None, allowed: str = ""):
    q = words(quote)
    may = [int(sign) for sign in allowed] if allowed else None
    return matching_runs(seeds, q, low, len(q.words) if high is None else high, words(source), may)


@pytest.mark.parametrize(
    ("quote", "source", "seed", "run"),
    [
        ("x a b c d y", "p a b c d q", (2, 2), (1, 1, 4)),
        ("a b c d", "x y a b c d z", (1, 3), (0, 2, 4)),
        ("x y a b c d z", "a b c d", (3, 1), (2, 0, 4)),
        ("a b c d", "a b c d", (3, 3), (0, 0, 4)),
        # What stands before the source's first word is not its last.
        ("d a b", "a b d", (1, 0), (1, 0, 2)),
        ("d a b", "a b d", (2, 1), (1, 0, 2)),
    ],
)
def test_a_seed_grows_to_all_equal_words_around_it(
    quote: str, source: str, seed: tuple[int, int], run: tuple[int, int, int]
) -> None:
    assert grown(quote, source, seed) == [run]


def test_a_run_ends_where_the_stretch_does_and_where_the_source_may_not_be_used() -> None:
    assert grown("a b c d e", "a b c d e", (2, 2), low=1, high=4) == [(1, 1, 3)]
    assert grown("a b c d e", "a b c d e", (2, 2), allowed="10111") == [(2, 2, 3)]
    assert grown("a b c d e", "a b c d e", (2, 2), allowed="11101") == [(0, 0, 3)]
    assert grown("x b", "y b", (1, 1), allowed="10") == []
    assert grown("x a b c", "a b c", (2, 1), allowed="011") == [(2, 1, 2)]
    assert grown("a b c", "x a b c", (1, 2), allowed="1110") == [(0, 1, 2)]


def test_seeds_of_one_run_make_it_once() -> None:
    assert grown("a b c d", "a b c d", (0, 0), (1, 1), (2, 2)) == [(0, 0, 4)]
    assert grown("a b c d", "a b c d", (0, 0), (3, 3), allowed="1110") == [(0, 0, 3)]
    assert grown("a b x c d", "a b y c d", (3, 3), (0, 0)) == [(0, 0, 2), (3, 3, 2)]
    assert grown("a b a b", "a b a b", (0, 0), (0, 2), (2, 0)) == [(0, 0, 4), (0, 2, 2), (2, 0, 2)]


def test_of_too_many_lanes_the_fullest_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = (0, 2), (2, 0), (3, 1), (0, 0), (1, 1)
    assert align.LANES == 400
    monkeypatch.setattr(align, "LANES", 3)
    assert grown("a b a b", "a b a b", *seeds) == [(0, 0, 4), (0, 2, 2), (2, 0, 2)]
    monkeypatch.setattr(align, "LANES", 2)
    # Of two that are as full, the first.
    assert grown("a b a b", "a b a b", *seeds) == [(0, 0, 4), (2, 0, 2)]
    monkeypatch.setattr(align, "LANES", 1)
    assert grown("a b a b", "a b a b", *seeds) == [(2, 0, 2)]
    seeds = (0, 2), (1, 3), (2, 0), (0, 0), (1, 1)
    assert grown("a b a b", "a b a b", *seeds) == [(0, 0, 4)]
    monkeypatch.setattr(align, "LANES", 2)
    assert grown("a b a b", "a b a b", *seeds) == [(0, 0, 4), (0, 2, 2)]


def test_of_too_many_runs_the_longest_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = (0, 0), (3, 3), (7, 7)
    quote, source = "a b x c d e y f g", "a b z c d e w f g"
    assert align.RUNS == 160
    monkeypatch.setattr(align, "RUNS", 3)
    assert grown(quote, source, *seeds) == [(0, 0, 2), (3, 3, 3), (7, 7, 2)]
    monkeypatch.setattr(align, "RUNS", 2)
    assert grown(quote, source, *seeds) == [(0, 0, 2), (3, 3, 3)]
    monkeypatch.setattr(align, "RUNS", 1)
    assert grown(quote, source, *seeds) == [(3, 3, 3)]


def test_a_chain_goes_on_in_both_texts() -> None:
    assert chained() == []
    assert chained((5, 5, 3)) == [(5, 5, 3)]
    assert chained((0, 0, 3), (3, 3, 3)) == [(0, 0, 3), (3, 3, 3)]
    # The best of several before it goes on, and of two that are as good the first.
    assert chained((0, 0, 3), (3, 3, 3), (6, 6, 3)) == [(0, 0, 3), (3, 3, 3), (6, 6, 3)]
    assert chained((0, 0, 3), (0, 90, 9), (9, 99, 3)) == [(0, 90, 9), (9, 99, 3)]
    assert chained((0, 90, 9), (0, 300, 3), (9, 99, 3)) == [(0, 90, 9), (9, 99, 3)]
    # One that begins no later in either text is no next one, nor hides it another before.
    assert chained((0, 0, 4), (0, 0, 6), (6, 6, 2)) == [(0, 0, 6), (6, 6, 2)]
    # One that stands earlier in the source is another quotation; the first of two that are as good is taken.
    assert chained((0, 9, 3), (4, 0, 3)) == [(0, 9, 3)]
    assert chained((0, 9, 3), (4, 0, 4)) == [(4, 0, 4)]
    assert chained((0, 0, 9), (0, 20, 3)) == [(0, 0, 9)]


@pytest.mark.parametrize("left", [0, 1])
def test_a_run_of_which_nothing_is_left_is_no_bridge(left: int) -> None:
    """The next run is too far in the source, but for what stands halfway."""
    quote = words(" ".join(f"w{n}" for n in range(40)))
    found = [(0, 0, 10), (8, 158, 2 + left), (10 + left, 310, 10)]
    picked = chain(found, quote)
    assert len(picked) == (3 if left else 1)
    assert all(length > 0 for _, _, length in picked)


def test_what_two_runs_share_is_cut_from_the_second() -> None:
    assert chained((0, 0, 5), (3, 9, 6)) == [(0, 0, 5), (5, 11, 4)]
    assert chained((0, 0, 5), (9, 3, 6)) == [(0, 0, 5), (11, 5, 4)]
    assert chained((0, 0, 9), (3, 20, 6)) == [(0, 0, 9)]
    assert chained((0, 0, 9), (3, 3, 6)) == [(0, 0, 9)]
    assert chained((0, 0, 9), (3, 20, 7)) == [(0, 0, 9), (9, 26, 1)]
    assert chained((0, 0, 9), (3, 3, 7)) == [(0, 0, 9), (9, 9, 1)]


@pytest.mark.parametrize(("gap", "both"), [(14, True), (15, False)])
def test_each_word_of_its_own_costs_a_fifth_of_a_word(gap: int, both: bool) -> None:
    first, second = (0, 0, 3), (3 + gap, 3, 3)
    assert chained(first, second) == ([first, second] if both else [first])


@pytest.mark.parametrize(("gap", "both"), [(30, True), (31, False)])
def test_a_quotation_holds_thirty_words_of_its_own_at_most(gap: int, both: bool) -> None:
    first, second = (0, 0, 50), (50 + gap, 50, 50)
    assert chained(first, second) == ([first, second] if both else [first])


@pytest.mark.parametrize(("gap", "both"), [(0, True), (19, True), (20, False), (40, False)])
def test_each_word_left_out_costs_a_twentieth_of_a_word(gap: int, both: bool) -> None:
    first, second = (0, 0, 3), (3, 3 + gap, 1)
    assert chained(first, second) == ([first, second] if both else [first])
    # Where a mark says that something was left out, nothing.
    assert chained(first, second, gaps=(3,)) == [first, second]


@pytest.mark.parametrize(("gap", "both"), [(200, True), (201, False)])
def test_two_hundred_words_may_be_left_out_without_a_mark_for_two_words(gap: int, both: bool) -> None:
    first, second = (0, 0, 3), (3, 3 + gap, 3)
    assert chained(first, second) == ([first, second] if both else [first])
    assert chained(first, (3, 3 + gap, 2)) == [first]
    assert chained(first, (3, 3 + gap, 1), gaps=(3,)) == [first, (3, 3 + gap, 1)]


@pytest.mark.parametrize(("at", "marked"), [(2, False), (3, True), (4, True), (5, True), (6, False)])
def test_a_mark_counts_between_two_runs(at: int, marked: bool) -> None:
    first, second = (0, 0, 3), (5, 300, 3)
    assert chained(first, second, gaps=(at,)) == ([first, second] if marked else [first])


def worth(runs: Sequence[tuple[int, int, int]], gaps: set[int]) -> float | None:
    """What runs in a row are worth that share no word; None where they are no chain."""
    total = float(sum(size for _, _, size in runs))
    for (pi, pj, size), (i, j, _) in pairwise(runs):
        own, left_out = i - pi - size, j - pj - size
        marked = not gaps.isdisjoint(range(pi + size, i + 1))
        if left_out < 0 or own > 30 or (left_out > 200 and not marked):
            return None
        total -= own * 0.2 + (0 if marked else min(2, left_out * 0.05))
    return total


@given(
    st.lists(st.tuples(st.integers(0, 32), st.sampled_from([0, 1, 5, 19, 20, 39, 40, 41, 200, 201]), st.integers(1, 7)), max_size=6),
    st.randoms(use_true_random=False), st.sets(st.integers(0, 60), max_size=2),
)  # fmt: skip
@settings(max_examples=400)
def test_no_other_chain_of_runs_that_share_no_word_is_worth_more(
    shape: list[tuple[int, int, int]], chance: random.Random, gaps: set[int]
) -> None:
    places, i, j = [], 0, 0
    for own, left_out, size in shape:
        i, j = i + own, j + left_out
        places.append((i, j, size))
        i, j = i + size, j + size
    if shape and chance.random() < 0.5:
        # Some stand elsewhere in the source.
        n = chance.randrange(len(places))
        places[n] = places[n][0], j + chance.randint(0, 50), places[n][2]
    every = [each for size in range(1, len(places) + 1) for each in combinations(places, size)]
    best = max((found for each in every if (found := worth(each, gaps)) is not None), default=0)
    assert worth(chained(*places, gaps=tuple(gaps)), gaps) == pytest.approx(best)


def test_words_of_runs_are_paired_and_those_between_and_beyond_them() -> None:
    assert paired("a b", "a b") == []
    assert paired("a b c", "a b c", (0, 0, 3)) == [(0, 0), (1, 1), (2, 2)]
    assert paired("a b x c d", "a b y x c d", (0, 0, 2), (3, 4, 2)) == [(0, 0), (1, 1), (2, 3), (3, 4), (4, 5)]
    assert paired("k x a b c", "k y a b c", (2, 2, 3)) == [(0, 0), (2, 2), (3, 3), (4, 4)]
    assert paired("a b c x k", "a b c y k", (0, 0, 3)) == [(0, 0), (1, 1), (2, 2), (4, 4)]
    assert paired("k x a b c x k", "k y a b c y k", (2, 2, 3), low=1, high=6) == [(2, 2), (3, 3), (4, 4)]
    assert paired("a b x c d", "a b x c d", (0, 0, 2), (3, 3, 2), allowed="11011") == [(0, 0), (1, 1), (3, 3), (4, 4)]


def test_words_beyond_an_end_are_kept_as_long_as_they_pay_for_their_gaps() -> None:
    run = (0, 0, 3)
    said = "a b c "
    sure = [(0, 0), (1, 1), (2, 2)]
    # A word that is alike costs a third for each that is skipped, on either side.
    assert paired(said + "x k", said + "y k", run) == [*sure, (4, 4)]
    assert paired(said + "x y k", said + "z k", run) == [*sure]
    assert paired(said + "x k", said + "k", run) == [*sure, (4, 3)]
    assert paired(said + "x y k", said + "k", run) == [*sure, (5, 3)]
    assert paired(said + "x y z k", said + "k", run) == sure
    # What was sure earns credit for what follows.
    assert paired(said + "k x y z l", said + "k l", run) == [*sure, (3, 3), (7, 4)]


def test_a_few_words_beyond_a_mark_are_found_where_the_source_has_them_once() -> None:
    far = "p q r s t u v w p1 q1 r1 s1 t1 u1 "
    run = [(n, n) for n in range(4)]
    assert paired("a b c d / k l", f"a b c d {far} k l", (0, 0, 4)) == [*run, (4, 18), (5, 19)]
    assert paired("a b c d k l", f"a b c d {far} k l", (0, 0, 4)) == run
    assert paired("a b c d / k l", f"a b c d {far} k l {far} k l", (0, 0, 4)) == run
    assert paired("a b c d / k", f"a b c d {far} k", (0, 0, 4)) == run
    assert paired("a b c d / k l", f"k l a b c d {far}", (0, 2, 4)) == [(n, n + 2) for n in range(4)]
    before = [(0, 0), (1, 1), *((n, n + 14) for n in range(2, 6))]
    assert paired("k l / a b c d", f"k l {far} a b c d", (2, 16, 4)) == before
    assert paired("k l / a b c d", f"{far} a b c d k l", (2, 14, 4)) == [(n, n + 12) for n in range(2, 6)]
    allowed = "1" * 18
    assert paired("a b c d / k l", f"a b c d {far} k l", (0, 0, 4), allowed=allowed + "11") == [*run, (4, 18), (5, 19)]
    for may in ("10", "01", "00"):
        assert paired("a b c d / k l", f"a b c d {far} k l", (0, 0, 4), allowed=allowed + may) == run


@pytest.mark.parametrize(("size", "apart", "kept"), [(4, 9, True), (3, 9, False), (3, 8, True), (1, 8, True)])
def test_words_far_from_the_rest_must_be_four_in_a_row(size: int, apart: int, kept: bool) -> None:
    first = (0, 0, 5)
    second = (5, 4 + apart, size)
    quote = words(" ".join(f"w{n}" for n in range(5 + size)))
    source = words(" ".join([*quote.words[:5], *(f"x{n}" for n in range(apart - 1)), *quote.words[5:]]))
    found = word_pairs([first, second], quote, 0, 5 + size, source, None)
    expected = [(n, n) for n in range(5)] + [(5 + n, 4 + apart + n) for n in range(size)] * kept
    assert found == expected
    # Behind a mark they are near.
    marked = Tokens(quote.words, quote.starts, quote.ends, {5})
    assert len(word_pairs([first, second], marked, 0, 5 + size, source, None)) == 5 + size


def test_one_group_of_few_words_is_kept() -> None:
    assert paired("a b c", "x a b c", (0, 1, 3)) == [(0, 1), (1, 2), (2, 3)]
    far = " ".join(f"x{n}" for n in range(20))
    assert paired("a b c d e f", f"a b c {far} d e f", (0, 0, 3), (3, 23, 3)) == []


def test_only_short_stretches_are_searched_word_by_word() -> None:
    many = " ".join(f"w{n}" for n in range(200))
    q = words(many)
    assert len(subsequence(q, 0, 60, q, 0, 120, None)) == 60
    assert subsequence(q, 0, 61, q, 0, 120, None) == []
    assert subsequence(q, 0, 60, q, 0, 121, None) == []
    assert subsequence(q, 5, 5, q, 0, 9, None) == []
    assert subsequence(q, 0, 9, q, 5, 5, None) == []
    assert subsequence(q, 0, 1, q, 0, 1, None) == [(0, 0)]


@pytest.mark.parametrize(("left", "reach"), [(1, 3), (2, 5), (3, 6), (4, 8), (40, 60), (200, 60)])
def test_how_far_beyond_an_end_is_looked(left: int, reach: int) -> None:
    assert align._reach(left) == reach
    assert align._reach(0) == 0
