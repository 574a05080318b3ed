"""Where every three words in a row stand among what people said themselves, earliest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rostra.quotations.tokens import Words

SEED = 3
MOST = 64
"""Places kept for one seed: what stands in more posts than that is nobody's passage."""


AGAIN = 4
"""Places of one seed kept for one post: who says it more often stammers, or means to be a burden."""


class Index:
    """Seeds of own words; posts are added in the order in which they were written."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, str], list[tuple[int, int]]] = {}

    def add(self, post: int, words: Words, own: Sequence[bool]) -> None:
        """Add a post's own words."""
        tokens = words.words
        for at in range(len(tokens) - SEED + 1):
            if own[at] and own[at + 1] and own[at + 2]:
                places = self._places.setdefault((tokens[at], tokens[at + 1], tokens[at + 2]), [])
                often = len(places) >= AGAIN and places[-AGAIN][0] == post
                if len(places) < MOST and not often:
                    places.append((post, at))

    def seeds(self, words: Words, stretch: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """For each post that shares a seed with these words, the pairs of places (here, there)."""
        found: dict[int, list[tuple[int, int]]] = {}
        tokens = words.words
        last = len(tokens) - SEED
        for at in stretch:
            if at > last:
                break
            for post, place in self._places.get((tokens[at], tokens[at + 1], tokens[at + 2]), ()):
                found.setdefault(post, []).append((at, place))
        return found


def local_seeds(quote: Words, low: int, high: int, source: Words) -> list[tuple[int, int]]:
    """Seeds between a stretch of one text and the whole of another."""
    places: dict[tuple[str, str, str], list[int]] = {}
    s, q = source.words, quote.words
    for at in range(len(s) - SEED + 1):
        places.setdefault((s[at], s[at + 1], s[at + 2]), []).append(at)
    return [
        (at, place)
        for at in range(low, high - SEED + 1)
        for place in places.get((q[at], q[at + 1], q[at + 2]), ())[:AGAIN]
    ]
