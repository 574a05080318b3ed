"""One stretch against one post: how much of it that post accounts for, and where."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from rostra.quotations.align import chain, pairs, runs
from rostra.quotations.tokens import Words
from rostra.quotations.weights import bits

HOLE = 2
"""Words that a source may have beyond the quotation's own before a span ends and another begins."""
CLOSERS = ".,!?…;:)]\"'”’»"


class Match(Struct, frozen=True):
    """``post`` accounts for ``coverage`` (0 to 1, by bits) of words ``low`` to ``high``: ``found`` pairs of words.

    ``weight`` is the sum of the bits that are matched; ``exact`` whether every word is, in one run.
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
    quote: Words,
    low: int,
    high: int,
    source: Words,
    allowed: Sequence[bool] | None,
) -> Match | None:
    """The best alignment of words ``low`` to ``high`` with a source, None where there is none."""
    grown = runs(seeds, quote, low, high, source, allowed)
    found = pairs(chain(grown, quote), quote, low, high, source, allowed)
    if not found:
        return None
    total = sum(bits(word) for word in quote.words[low:high])
    weight = 0.0
    for i, j in found:
        share = 1.0 if quote.words[i] == source.words[j] else 0.7
        weight += share * bits(quote.words[i])
    exact = (
        len(found) == high - low
        and found[-1][1] - found[0][1] == high - low - 1
        and all(quote.words[i] == source.words[j] for i, j in found)
    )
    return Match(post, low, high, weight / total if total else 0.0, weight, found, exact)


def within(whole: Match, low: int, high: int, quote: Words, source: Words) -> Match | None:
    """The part of a match that lies in words ``low`` to ``high``."""
    found = [(i, j) for i, j in whole.found if low <= i < high]
    if not found:
        return None
    total = sum(bits(word) for word in quote.words[low:high])
    weight = sum(bits(quote.words[i]) * (1.0 if quote.words[i] == source.words[j] else 0.7) for i, j in found)
    exact = (
        len(found) == high - low
        and found[-1][1] - found[0][1] == high - low - 1
        and all(quote.words[i] == source.words[j] for i, j in found)
    )
    return Match(whole.post, low, high, weight / total if total else 0.0, weight, found, exact)


def spans(
    found: Sequence[tuple[int, int]], quote: Words, quote_text: str, source: Words, source_text: str
) -> tuple[tuple[int, int], ...]:
    """The source's characters, a span a run: a hole in the source that the quotation lacks ends one."""
    groups: list[list[tuple[int, int]]] = [[found[0]]]
    for i, j in found[1:]:
        pi, pj = groups[-1][-1]
        left_out = (j - pj) - (i - pi)
        marked = any(at in quote.gaps for at in range(pi + 1, i + 1)) and j - pj > 1
        if left_out > HOLE or marked or (left_out > 0 and i - pi == 1):
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
