"""Align the words of a quotation with those of a source: seeds, a co-linear chain, and its gaps.

A *run* is a sequence of equal words, ``(i, j, n)``: n words from i in the quotation and from j in the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rostra.quotations.tokens import Tokens, likeness, near

GAP = 30
"""How many words of its own a quotation may have between two runs."""
SKIP = 200
"""How many words of the source a quotation may omit without a mark."""
LANES = 400
"""How many offsets between quotation and source are tried."""
RUNS = 160
"""How many runs of one pair are considered; a quotation that needs more is noise."""
NEAR = 8
ISLAND = 4
"""How many words, at most ``NEAR`` apart in the source, make a piece of a quotation with several pieces."""
FILL = 60
"""How many words on either side of a gap are searched for single words."""

WordRun = tuple[int, int, int]


def matching_runs(
    seeds: Sequence[tuple[int, int]], quote: Tokens, low: int, high: int, source: Tokens, allowed: Sequence[int] | None
) -> list[WordRun]:
    """Extend seeds to runs, without duplicates; return the longest ``RUNS`` of them, sorted by position."""
    q, s = quote.words, source.words
    grown: list[WordRun] = []
    covered: dict[int, int] = {}
    lanes = Counter(j - i for i, j in seeds)
    if len(lanes) > LANES:
        # Repeated words align with themselves everywhere; the fullest lanes are enough.
        kept = {lane for lane, _ in sorted(lanes.items(), key=lambda each: (-each[1], each[0]))[:LANES]}
        seeds = [(i, j) for i, j in seeds if j - i in kept]
    for i, j in sorted(seeds):
        diagonal = j - i
        if covered.get(diagonal, -1) >= i:
            continue
        a, b = i, i
        while (
            a > low
            and j - (i - a) > 0
            and q[a - 1] == s[a - 1 + diagonal]
            and (allowed is None or allowed[a - 1 + diagonal])
        ):
            a -= 1
        while (
            b < high
            and b + diagonal < len(s)
            and q[b] == s[b + diagonal]
            and (allowed is None or allowed[b + diagonal])
        ):
            b += 1
        covered[diagonal] = b
        if b > a:
            grown.append((a, a + diagonal, b - a))
    if len(grown) > RUNS:
        grown = sorted(grown, key=lambda run: (-run[2], run))[:RUNS]
    return sorted(grown)


def chain(found: Sequence[WordRun], quote: Tokens) -> list[WordRun]:
    """Return the best co-linear selection of runs; a run that overlaps the previous one is shortened."""
    best: list[tuple[float, int, WordRun]] = []
    for n, (i, j, length) in enumerate(found):
        top: tuple[float, int, WordRun] = (length, -1, (i, j, length))
        for m in range(n):
            score, _, (pi, pj, plen) = best[m]
            cut = max(0, pi + plen - i, pj + plen - j)
            if cut >= length or (i <= pi and j <= pj):
                continue
            gap_q, gap_s = i + cut - pi - plen, j + cut - pj - plen
            if gap_q > GAP:
                continue
            marked = any(at in quote.gaps for at in range(pi + plen, i + cut + 1))
            if gap_s > SKIP and not marked:
                continue
            cost = (0.0 if marked else min(2.0, gap_s * 0.05)) + gap_q * 0.2
            total = score + length - cut - cost
            if total > top[0]:
                top = (total, m, (i + cut, j + cut, length - cut))
        best.append(top)
    if not best:
        return []
    at = max(range(len(best)), key=lambda n: (best[n][0], -n))
    picked = []
    while at >= 0:
        _, at_before, run = best[at]
        picked.append(run)
        at = at_before
    return picked[::-1]


def word_pairs(
    picked: Sequence[WordRun], quote: Tokens, low: int, high: int, source: Tokens, allowed: Sequence[int] | None
) -> list[tuple[int, int]]:
    """Return every pair of words of the chain, with single matches in its gaps and beyond its ends."""
    if not picked:
        return []
    out: list[tuple[int, int]] = []
    i, j, _ = picked[0]
    if i > low and i in quote.gaps:
        out = _piece(quote, low, i, source, 0, j, allowed)
    out = out or _ends(quote, low, i, source, max(0, j - _reach(i - low)), j, allowed, back=True)
    for (i, j, n), after in pairwise([*picked, (-1, -1, 0)]):
        out += ((i + k, j + k) for k in range(n))
        if after[2]:
            out += subsequence(quote, i + n, after[0], source, j + n, after[1], allowed)
    i, j, n = picked[-1]
    i, j, most = i + n, j + n, len(source.words)
    tail = _piece(quote, i, high, source, j, most, allowed) if i < high and i in quote.gaps else []
    out += tail or _ends(quote, i, high, source, j, min(most, j + _reach(high - i)), allowed, back=False)
    return _without_islands(out, quote)


def _piece(
    quote: Tokens, low: int, high: int, source: Tokens, a: int, b: int, allowed: Sequence[int] | None
) -> list[tuple[int, int]]:
    """Match a few words beyond an elision mark if the source has them exactly and once; they are too few for a seed."""
    words = quote.words[low:high]
    size = len(words)
    at = [n for n in range(a, b - size + 1) if source.words[n] == words[0] and source.words[n : n + size] == words]
    if size < 2 or len(at) != 1 or (allowed is not None and not all(allowed[at[0] : at[0] + size])):
        return []
    return [(low + n, at[0] + n) for n in range(size)]


def _without_islands(found: list[tuple[int, int]], quote: Tokens) -> list[tuple[int, int]]:
    """Return the pairs without isolated words far from the rest: chance, not quotation."""
    groups: list[list[tuple[int, int]]] = []
    for i, j in found:
        last = groups[-1][-1] if groups else (i, j)
        if groups and (j - last[1] <= NEAR or any(at in quote.gaps for at in range(last[0] + 1, i + 1))):
            groups[-1].append((i, j))
        else:
            groups.append([(i, j)])
    if len(groups) < 2:
        return found
    return [pair for group in groups if len(group) >= ISLAND for pair in group]


def _reach(words: int) -> int:
    return min(FILL, words + words // 2 + 2) if words else 0


def _ends(
    quote: Tokens, low: int, high: int, source: Tokens, a: int, b: int, allowed: Sequence[int] | None, *, back: bool
) -> list[tuple[int, int]]:
    """Return words beyond an end of the chain, as far as they are dense enough to pay for their gaps."""
    if high <= low or b <= a:
        return []
    if back:
        low = max(low, high - FILL)
    else:
        high = min(high, low + FILL)
    found = subsequence(quote, low, high, source, a, b, allowed)
    kept: list[tuple[int, int]] = []
    edge_q, edge_s, credit, sure = (high, b, 0.0, 0) if back else (low - 1, a - 1, 0.0, 0)
    for i, j in reversed(found) if back else found:
        credit += 1.0 - 0.34 * (abs(i - edge_q) - 1) - 0.34 * (abs(j - edge_s) - 1)
        edge_q, edge_s = i, j
        kept.append((i, j))
        if credit > 0:
            credit, sure = min(credit, 2.0), len(kept)
    kept = kept[:sure]
    return kept[::-1] if back else kept


def subsequence(
    quote: Tokens, low: int, high: int, source: Tokens, a: int, b: int, allowed: Sequence[int] | None
) -> list[tuple[int, int]]:
    """Return a longest common subsequence of two short sequences; words that differ by one slip count as equal.

    Bits represent words of the source, the last one lowest.  A bit of ``gains[i]`` is set if one more word of the
    source makes the subsequence of it and ``q[i:]`` longer (after Hyyrö, "Bit-parallel LCS-length computation
    revisited", 2004).
    """
    n, m = high - low, b - a
    if n <= 0 or m <= 0 or n > FILL or m > FILL * 2:
        return []
    places: dict[str, int] = {}
    for j in range(a, b):
        if allowed is None or allowed[j]:
            word = source.words[j]
            places[word] = places.get(word, 0) | 1 << (b - 1 - j)
    alike: dict[str, list[str]] = {}
    for word in places:
        for sign in likeness(word):
            alike.setdefault(sign, []).append(word)
    q, all_bits = quote.words[low:high], (1 << m) - 1
    gains = [0] * (n + 1)
    for i in range(n - 1, -1, -1):
        near_by = {word for sign in likeness(q[i]) for word in alike.get(sign, ()) if near(q[i], word)}
        equal = places.get(q[i], 0)
        for word in near_by:
            equal |= places[word]
        lasting = all_bits & ~gains[i + 1]
        kept = lasting & equal
        gains[i] = all_bits & ~((lasting + kept) | (lasting - kept))
    out = []
    i, rest = 0, all_bits
    while i < n and gains[i] & rest:
        if (gains[i] & rest).bit_count() == (gains[i + 1] & rest).bit_count():
            i += 1
        elif not gains[i] & rest & ~(rest >> 1):
            rest >>= 1
        else:
            out.append((low + i, b - rest.bit_length()))
            i, rest = i + 1, rest >> 1
    return out
