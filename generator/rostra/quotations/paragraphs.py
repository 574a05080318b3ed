"""Whole paragraphs that stand again word for word: the surest sign of a quotation, and the commonest."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.quotations.decide import AGAIN_BITS, ENDING_BITS, WHOLE_BITS, ThreadPositions
from rostra.quotations.match import Match
from rostra.quotations.weights import bits
from rostra.quotations.zones import Segment, Zones

FEWEST = 4
"""Words of a paragraph below which its standing again says nothing."""
TITLE = 20
"""Words up to which an opening that is one paragraph, and no full sentence, is a title: who repeats it names the subject."""


class Paragraphs:
    """The paragraphs of posts in the order in which they were written, those left out that are wholly another's."""

    def __init__(self, zones: Sequence[Zones], place: ThreadPositions) -> None:
        self._zones = zones
        self._place = place
        self._places: dict[int, list[tuple[int, int]]] = {}
        """By a digest of their words, which would be as much again."""

    def add(self, post: int) -> None:
        """Add a post whose quotations are resolved."""
        zone = self._zones[post]
        for segment in zone.segments:
            if any(zone.own[segment.low : segment.high]):
                words = zone.words.words[segment.low : segment.high]
                self._places.setdefault(hash(tuple(words)), []).append((post, segment.low))

    def find(self, post: int, segment: Segment) -> Match | None:
        """The same paragraph of the parent, else of the first ancestor, else of the first post that has it."""
        if segment.high - segment.low < FEWEST:
            return None
        words = self._zones[post].words.words[segment.low : segment.high]
        if (places := self._places.get(hash(tuple(words)))) is None:
            return None
        weight = sum(map(bits, set(words)))
        if weight < WHOLE_BITS:
            return None
        found = [each for each in places if self._says(*each, words) and self._may(post, segment, each, weight)]
        if not found:
            return None
        other, at = min(found, key=lambda each: (*self._distance(post, each[0]), each))
        pairs = [(segment.low + n, at + n) for n in range(len(words))]
        return Match(other, segment.low, segment.high, 1.0, weight, pairs, True)

    def _says(self, other: int, at: int, words: list[str]) -> bool:
        return self._zones[other].words.words[at : at + len(words)] == words

    def _may(self, post: int, segment: Segment, found: tuple[int, int], weight: float) -> bool:
        other, at = found
        last = segment == self._zones[post].segments[-1] and at == self._zones[other].segments[-1].low
        if not self._place.same_author(post, other):
            return weight >= ENDING_BITS or not last
        # One's own words again are a quotation only up the thread, at some length, and not where
        # both posts end with them: what a person ends each post with is a signature.
        return self._place.is_ancestor(other, post) and weight >= AGAIN_BITS and not last

    def _distance(self, post: int, other: int) -> tuple[bool, bool]:
        return self._place.parent(post) != other, not self._place.is_ancestor(other, post)
