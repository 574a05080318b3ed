"""Short quotations in quotation marks, within the quoter's own sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from rostra.model import Passage, Quote, Thread
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.match import spans
from rostra.quotations.notes import Typed
from rostra.quotations.tokens import tokenise
from rostra.quotations.weights import MEANING, bits
from rostra.quotations.zones import Segment, Zones
from rostra.system.lazy_regex import late

QUOTED = late(
    r"“([^“”\n]{3,400})”|«\s?([^«»\n]{3,400})\s?»|(?<!\w)\"([^\"\n]{3,400})\"(?!\w)|„([^„“”\n]{3,400})[“”]|‘([^‘’\n]{8,400})’(?!\w)"
)
SENDER = late(r".? ?<[^<>\s]{1,80}(?:@| at )[^<>\s]{1,80}>")
"""What follows the name of a sender in quotation marks (RFC 5322, 3.4)."""
OPENING = '“«"„‘'
"""The signs that begin a quotation."""
WORDS = 2
"""How many meaningful words an inline quotation needs; fewer are scare quotes."""
FEW = 3
"""With this many words or fewer, a quotation in quotation marks needs a rare word, or the name of its author."""
SPREAD = 2
"""The most posts besides the quoter's that contain a rare word of a debate."""
UP = 6
"""How many ancestors are searched: words in quotation marks were said nearby."""


class WordSpread:
    """The number of posts of a debate with each word, counted on first use."""

    def __init__(self, zones: Sequence[Zones]) -> None:
        self._zones = zones

    @cached_property
    def _posts(self) -> Counter[str]:
        return Counter(word for zone in self._zones for word in set(zone.words.words))

    def has_rare(self, words: Sequence[str], post: int) -> bool:
        """Whether a word means something and is in few posts besides the one that is numbered ``post``."""
        here = self._zones[post].words.words
        return any(bits(word) >= MEANING and self._posts[word] - (word in here) <= SPREAD for word in words)


def _segment(zone: Zones, low: int) -> Segment | None:
    """Return the paragraph with the word ``low``."""
    return next((each for each in zone.segments if each.low <= low < each.high), None)


def _names(zone: Zones, low: int, author: str | None) -> bool:
    """Whether the paragraph with the word ``low`` has the name of an author."""
    name = tokenise(author).words if author else []
    segment = _segment(zone, low)
    said = zone.words.words[segment.low : segment.high] if segment else []
    return bool(name) and any(said[n : n + len(name)] == name for n in range(len(said)))


def inline_quotes(
    thread: Thread,
    post: int,
    typed: Sequence[Typed],
    zones: Sequence[Zones],
    place: ThreadPositions,
    taken: Sequence[Quote],
    spread: WordSpread,
) -> list[Quote]:
    """Return the passages in quotation marks that are exact words of an ancestor by another author."""
    text, words = typed[post].own, zones[post].words
    out: list[Quote] = []
    # Most posts have no such mark, which is found out quickly.
    for found in QUOTED.finditer(text) if any(map(text.__contains__, OPENING)) else ():
        group = next(n for n in range(1, 6) if found[n] is not None)
        start, end = found.span(group)
        if any(quote.start < end and start < quote.end and quote.source is not None for quote in taken):
            continue
        low, high = bisect_left(words.starts, start), bisect_left(words.starts, end)
        needle = words.words[low:high]
        if sum(bits(word) >= MEANING for word in needle) < WORDS or not zones[post].own[low]:
            continue
        if (nearest := _nearest(post, needle, zones, place)) is None:
            continue
        other, at = nearest
        # A string of a program, or the name of a sender, is in quotation marks by rule.
        if SENDER.match(text, end) or ((segment := _segment(zones[post], low)) and segment.code):
            continue
        if len(needle) <= FEW and not (spread.has_rare(needle, post) or _names(zones[post], low, place.author(other))):
            continue
        said = typed[other].body.text
        quoted = spans([(low + k, at + k) for k in range(len(needle))], words, text, zones[other].words, said)
        passage = Passage(
            thread=thread.id,
            post=thread.posts[other].id,
            spans=typed[other].passages(quoted),
            text=" … ".join(said[a:b] for a, b in quoted),
        )
        out.append(
            Quote(
                start=start,
                end=end,
                kind="inline",
                source=passage,
                score=1.0,
                tier=place.tier(post, other, None),
                reason=f"in quotation marks, {len(needle)} words, exact",
            )
        )
    return out


def _nearest(post: int, needle: list[str], zones: Sequence[Zones], place: ThreadPositions) -> tuple[int, int] | None:
    """Return the nearest ancestor by another author with the words, and their position."""
    other, size = place.parent(post), len(needle)
    for _ in range(UP):
        if other is None:
            return None
        source, own = zones[other].words.words, zones[other].own
        if not place.same_author(post, other):
            for at, word in enumerate(source):
                # Comparing one word first is faster.
                if word == needle[0] and source[at : at + size] == needle and all(own[at : at + size]):
                    return other, at
        other = place.parent(other)
    return None
