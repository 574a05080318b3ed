"""The positions of every three consecutive words among own words, earliest first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from rostra.quotations.tokens import Tokens

SEED = 3
MOST = 64
"""How many positions of a seed are kept: words in more posts than that identify no passage."""
COMMON = 8
"""The most positions of a seed that is evidence of an unmarked quotation: names and phrases have more."""

AT_ONCE = 1_500_000
"""How many seeds are distinguished at once: each takes sixty bytes, and a large thread has millions."""
AGAIN = 4
"""How many positions of a seed in one post are kept: more repetition is noise or abuse."""


class SeedIndex:
    """Seeds of own words; posts are added in the order in which they were written.

    Most seeds occur once in a thread and link nothing: positions are kept of the others only.
    """

    def __init__(self, texts: Sequence[Tokens]) -> None:
        self._texts = texts
        self._places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        parts = 1 + sum(len(text.words) for text in texts) // AT_ONCE
        more = set[int]()
        for part in range(parts):
            once = set[int]()
            for text in texts:
                seeds = map(hash, _seeds(text))
                for seed in seeds if parts == 1 else [seed for seed in seeds if seed % parts == part]:
                    (more if seed in once else once).add(seed)
        # Two seeds with one hash are both kept, and distinguished by their words.
        self._at = [[at for at, seed in enumerate(map(hash, _seeds(text))) if seed in more] for text in texts]

    def add(self, post: int, own: Sequence[int]) -> None:
        """Add a post's own words."""
        tokens = self._texts[post].words
        for at in self._at[post]:
            if own[at] and own[at + 1] and own[at + 2]:
                places = self._places.setdefault((tokens[at], tokens[at + 1], tokens[at + 2]), [])
                often = len(places) >= AGAIN and places[-AGAIN][0] == post
                if len(places) < MOST and not often:
                    places.append((post, at))

    def seeds(self, post: int, low: int, high: int, most: int) -> dict[int, list[tuple[int, int]]]:
        """Return, for each other post that shares a seed with words ``low`` to ``high``, the pairs of positions (here, there).

        Seeds at more than ``most`` positions are left out.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        tokens, places = self._texts[post].words, self._at[post]
        for at in places[bisect_left(places, low) : bisect_left(places, high - SEED + 1)]:
            known = self._places.get((tokens[at], tokens[at + 1], tokens[at + 2]), ())
            for other, place in known if len(known) <= most else ():
                found.setdefault(other, []).append((at, place))
        return found


def _seeds(text: Tokens) -> Iterator[tuple[str, ...]]:
    return zip(text.words, text.words[1:], text.words[2:])  # noqa: B905  # the last two words do not begin a seed


def local_seeds(quote: Tokens, low: int, high: int, source: Tokens) -> list[tuple[int, int]]:
    """Return the seeds between a stretch of one text and the whole of another."""
    places: dict[tuple[str, str, str], list[int]] = {}
    s, q = source.words, quote.words
    for at in range(len(s) - SEED + 1):
        places.setdefault((s[at], s[at + 1], s[at + 2]), []).append(at)
    return [
        (at, place)
        for at in range(low, high - SEED + 1)
        for place in places.get((q[at], q[at + 1], q[at + 2]), ())[:AGAIN]
    ]
