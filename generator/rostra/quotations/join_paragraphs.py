"""Join consecutive quotations of consecutive paragraphs of one source."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.model import Body, Quote
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.zones import Zones


def join_paragraphs(
    quotes: list[Quote], zone: Zones, text: str, bodies: Sequence[Body], place: ThreadPositions
) -> list[Quote]:
    """Join unmarked quotations that are whole consecutive paragraphs of one source into one."""
    marked = {(segment.start, segment.end) for segment in zone.segments if segment.marked}
    out: list[Quote] = []
    for quote in sorted(quotes, key=lambda quote: quote.start):
        last = out[-1] if out else None
        if (
            last is not None
            and last.source is not None
            and quote.source is not None
            and last.source.post == quote.source.post
            and (last.start, last.end) not in marked
            and (quote.start, quote.end) not in marked
            and last.kind == quote.kind == "block"
            and len(last.source.spans) == len(quote.source.spans) == 1
            and (score := min(last.score or 0, quote.score or 0)) >= 0.97
            and not text[last.end : quote.start].strip()
            and not bodies[place.number(quote.source.post)]
            .text[last.source.spans[0][1] : quote.source.spans[0][0]]
            .strip(" \n\t.,!?…;:)]\"'”’»“‘(*_-•")
            and last.source.spans[0][1] <= quote.source.spans[0][0]
        ):
            start, end = last.source.spans[0][0], quote.source.spans[0][1]
            body = bodies[place.number(quote.source.post)].text
            passage = replace(quote.source, spans=((start, end),), text=body[start:end])
            out[-1] = replace(last, end=quote.end, source=passage, score=score)
        else:
            out.append(quote)
    return out


def passage_end(text: str, end: int, limit: int) -> int:
    """Return the end of a passage that ends with these words, including closing punctuation."""
    while end < limit and text[end] in ".,!?…;:)]\"'”’»":
        end += 1
    return end
