"""Short quotations in quotation marks, inside a sentence of the quoter's own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rostra.model import Body, Passage, Quote, Thread
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.match import spans
from rostra.quotations.weights import MEANING, bits
from rostra.quotations.zones import Zones
from rostra.system.lazy_regex import late

QUOTED = late(
    r"“([^“”\n]{3,400})”|«\s?([^«»\n]{3,400})\s?»|(?<!\w)\"([^\"\n]{3,400})\"(?!\w)|„([^„“”\n]{3,400})[“”]|‘([^‘’\n]{8,400})’(?!\w)"
)
OPENING = '“«"„‘'
"""What each of these begins with."""
WORDS = 2
"""Words with a meaning of their own that an inline quotation must have; fewer are scare quotes."""
UP = 6
"""Ancestors that are searched: what stands in quotation marks was said nearby."""


def inline_quotes(
    thread: Thread,
    post: int,
    bodies: Sequence[Body],
    zones: Sequence[Zones],
    place: ThreadPositions,
    taken: Sequence[Quote],
) -> list[Quote]:
    """The passages in quotation marks that are exact words of an ancestor, said by another."""
    body, words = bodies[post], zones[post].words
    out: list[Quote] = []
    # Most posts hold no such mark, and it is quickly seen that they do not.
    for found in QUOTED.finditer(body.text) if any(map(body.text.__contains__, OPENING)) else ():
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
        source_text = bodies[other].text
        pairs = [(low + k, at + k) for k in range(len(needle))]
        places = spans(pairs, words, body.text, zones[other].words, source_text)
        passage = Passage(
            thread=thread.id,
            post=thread.posts[other].id,
            spans=places,
            text=" … ".join(source_text[a:b] for a, b in places),
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
    """The nearest ancestor by another who says the words, and at which of its words."""
    other, size = place.parent(post), len(needle)
    for _ in range(UP):
        if other is None:
            return None
        source, own = zones[other].words.words, zones[other].own
        if not place.same_author(post, other):
            for at, word in enumerate(source):
                # Comparing a word first is quicker.
                if word == needle[0] and source[at : at + size] == needle and all(own[at : at + size]):
                    return other, at
        other = place.parent(other)
    return None
