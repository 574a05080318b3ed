"""Short quotations in quotation marks, within the quoter's own sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rostra.model import Passage, Quote, Thread
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.match import spans
from rostra.quotations.notes import Typed
from rostra.quotations.weights import MEANING, bits
from rostra.quotations.zones import Zones
from rostra.system.lazy_regex import late

QUOTED = late(
    r"“([^“”\n]{3,400})”|«\s?([^«»\n]{3,400})\s?»|(?<!\w)\"([^\"\n]{3,400})\"(?!\w)|„([^„“”\n]{3,400})[“”]|‘([^‘’\n]{8,400})’(?!\w)"
)
OPENING = '“«"„‘'
"""The signs that begin a quotation."""
WORDS = 2
"""How many meaningful words an inline quotation needs; fewer are scare quotes."""
UP = 6
"""How many ancestors are searched: words in quotation marks were said nearby."""


def inline_quotes(
    thread: Thread,
    post: int,
    typed: Sequence[Typed],
    zones: Sequence[Zones],
    place: ThreadPositions,
    taken: Sequence[Quote],
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
