"""Texts of short words, and what of one is a quotation of the other."""

from __future__ import annotations

from rostra.quotations.align import WordRun, chain, word_pairs
from rostra.quotations.tokens import Tokens


def words(said: str) -> Tokens:
    """Words by spaces; a slash is where something was left out."""
    found, gaps = [], set()
    for word in said.split():
        if word == "/":
            gaps.add(len(found))
        else:
            found.append(word)
    return Tokens(found, list(range(len(found))), list(range(1, len(found) + 1)), gaps)


def chained(*found: WordRun, gaps: tuple[int, ...] = ()) -> list[WordRun]:
    """Return the best chain of some runs; ``gaps`` holds the index of every word after an elision mark."""
    return chain(found, Tokens([], [], [], set(gaps)))


def paired(
    quote: str, source: str, *picked: WordRun, low: int = 0, high: int | None = None, allowed: str = ""
) -> list[tuple[int, int]]:
    """Return the pairs of words of a chain; ``allowed`` has a sign for each word of the source, 1 or 0."""
    q = words(quote)
    may = [int(sign) for sign in allowed] if allowed else None
    return word_pairs(picked, q, low, len(q.words) if high is None else high, words(source), may)
