"""Whole paragraphs that recur word for word: the strongest evidence of a quotation, and the most common."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.quotations.decide import AGAIN_BITS, ENDING_BITS, WHOLE_BITS, ThreadPositions
from rostra.quotations.match import Match
from rostra.quotations.weights import bits
from rostra.quotations.zones import Segment, Zones

FEWEST = 4
"""The number of words below which a repeated paragraph says nothing."""
TITLE = 20
"""The number of words up to which an opening of one paragraph without a full sentence is a title: repeating it names the subject."""


class Paragraphs:
    """The paragraphs of posts in the order in which they were written, except whole quotations."""

    def __init__(self, zones: Sequence[Zones], place: ThreadPositions) -> None:
        self._zones = zones
        self._place = place
        self._places: dict[int, list[tuple[int, int]]] = {}
        """Keyed by a digest of the words, which saves half the memory."""

    def add(self, post: int) -> None:
        """Add a post with resolved quotations."""
        zone = self._zones[post]
        for segment in zone.segments:
            if any(zone.own[segment.low : segment.high]):
                words = zone.words.words[segment.low : segment.high]
                self._places.setdefault(hash(tuple(words)), []).append((post, segment.low))

    def find(self, post: int, segment: Segment) -> Match | None:
        """Return the same paragraph of the parent, else of the first ancestor, else of the first post that has it."""
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
        # Repeating oneself is a quotation only of an ancestor, at some length, and not at the end of
        # both posts: that is a signature.
        return self._place.is_ancestor(other, post) and weight >= AGAIN_BITS and not last

    def _distance(self, post: int, other: int) -> tuple[bool, bool]:
        return self._place.parent(post) != other, not self._place.is_ancestor(other, post)
