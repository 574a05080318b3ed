"""Match a stretch with one post: which share of the stretch the post covers, and where."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from rostra.quotations.align import chain, matching_runs, word_pairs
from rostra.quotations.tokens import Tokens
from rostra.quotations.weights import bits

SLIP = 0.7
"""The share of its bits that a word with one slip counts."""
HOLE = 2
"""How many omitted words of the source split a span; a single omitted word is a slip."""
CLOSERS = ".,!?…;:)]\"'”’»"


class Match(Struct, frozen=True):
    """``post`` covers ``coverage`` (0 to 1, by bits) of words ``low`` to ``high``: ``found`` pairs of words.

    ``weight`` is the sum of the bits of the distinct matched words; ``exact``: every word matches, in one run.
    """

    post: int
    low: int
    high: int
    coverage: float
    weight: float
    found: list[tuple[int, int]]
    exact: bool


def match(
    post: int,
    seeds: Sequence[tuple[int, int]],
    quote: Tokens,
    low: int,
    high: int,
    source: Tokens,
    allowed: Sequence[int] | None,
) -> Match | None:
    """Return the best alignment of words ``low`` to ``high`` with a source, None if there is none."""
    grown = matching_runs(seeds, quote, low, high, source, allowed)
    found = word_pairs(chain(grown, quote), quote, low, high, source, allowed)
    if not found:
        return None
    return _measured(post, low, high, found, quote, source)


def within(whole: Match, low: int, high: int, quote: Tokens, source: Tokens) -> Match | None:
    """Return the part of a match within words ``low`` to ``high``."""
    found = [(i, j) for i, j in whole.found if low <= i < high]
    return _measured(whole.post, low, high, found, quote, source) if found else None


def _measured(post: int, low: int, high: int, found: list[tuple[int, int]], quote: Tokens, source: Tokens) -> Match:
    total = sum(bits(word) for word in quote.words[low:high])
    matched = 0.0
    distinct: dict[str, float] = {}
    for i, j in found:
        word = quote.words[i]
        said = bits(word) * (1.0 if word == source.words[j] else SLIP)
        matched += said
        distinct[word] = said
    run = len(found) == high - low and found[-1][1] - found[0][1] == high - low - 1
    exact = run and all(quote.words[i] == source.words[j] for i, j in found)
    return Match(post, low, high, matched / total if total else 0.0, sum(distinct.values()), found, exact)


def spans(
    found: Sequence[tuple[int, int]], quote: Tokens, quote_text: str, source: Tokens, source_text: str
) -> tuple[tuple[int, int], ...]:
    """Return the spans of the source's characters; omitted words of the source end a span."""
    groups: list[list[tuple[int, int]]] = [[found[0]]]
    for i, j in found[1:]:
        pi, pj = groups[-1][-1]
        left_out = (j - pj) - (i - pi)
        marked = j - pj > 1 and any(at in quote.gaps for at in range(pi + 1, i + 1))
        if left_out >= HOLE or marked:
            groups.append([])
        groups[-1].append((i, j))
    out: list[tuple[int, int]] = []
    for group in groups:
        start, end = source.starts[group[0][1]], source.ends[group[-1][1]]
        here = quote.ends[group[-1][0]]
        while (
            end < len(source_text)
            and here < len(quote_text)
            and source_text[end] in CLOSERS
            and quote_text[here] in CLOSERS
        ):
            end, here = end + 1, here + 1
        out.append((start, end))
    return tuple(out)
