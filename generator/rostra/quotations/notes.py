"""Search quotations also in footnotes: in the text as typed, with the results converted to offsets on the page.

People quote a post as it was typed, with a note between its lines.  On the page the note is elsewhere; a quotation of
the note alone leads to the word that calls it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Body, Note, Quote
from rostra.system.lazy_regex import late

APART = "\n\n"
LAST_WORD = late(r"\S+\s*\Z")
LOOK = 80
"""How many code points before a call are searched for its word."""


class Typed(Struct, frozen=True):
    """A body as it was typed: ``body.text`` is the text of ``page`` with the words of its ``notes``, in this order.

    The text of a note is at the offset where its definition was, else below the text; it is at ``ranges`` of
    ``body.text``, and what was inserted with it is at ``inserted``, at ``places`` of the page's text.
    """

    page: Body
    body: Body
    notes: tuple[Note, ...] = ()
    places: tuple[int, ...] = ()
    inserted: tuple[tuple[int, int], ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def own(self) -> str:
        """The text with line breaks instead of the words of notes; offsets are the same."""
        parts = list[str]()
        at = 0
        for start, end in self.inserted:
            parts += (self.body.text[at:start], "\n" * (end - start))
            at = end
        return "".join((*parts, self.body.text[at:]))

    def page_offset(self, at: int) -> int:
        """Return the offset in the page's text of an offset in the text as typed."""
        n = bisect_right(self.inserted, at, key=lambda span: span[0])
        if not n:
            return at
        end = self.inserted[n - 1][1]
        return self.places[n - 1] + max(0, at - end)

    def on_page(self, quote: Quote) -> Quote:
        """Return a quotation in this post with offsets in the page's text."""
        if not self.notes:
            return quote
        return replace(quote, start=self.page_offset(quote.start), end=self.page_offset(quote.end))

    def passages(self, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Return spans of the text as typed as spans of the page's text.

        A quotation of notes alone becomes the words that call them.
        """
        if not self.notes:
            return tuple(spans)
        text, own = self.page.text, list[tuple[int, int]]()
        for low, high in spans:
            start, end = self.page_offset(low), self.page_offset(high)
            if own and own[-1][1] <= start and self._is_note_between(own[-1][1], start):
                own[-1] = (own[-1][0], max(end, own[-1][1]))
            elif start < end:
                own.append((start, end))
        if own:
            return tuple(own)
        places = {
            _calling(text, note.marker or 0)
            for note, (low, high) in zip(self.notes, self.ranges, strict=True)
            if any(start < high and low < end for start, end in spans)
        }
        return tuple(sorted(places)) or ((0, len(text)),)

    def _is_note_between(self, start: int, end: int) -> bool:
        """Whether only a note was between two parts of the page's text."""
        n = bisect_left(self.places, start)
        return n < len(self.places) and self.places[n] <= end and not self.page.text[start:end].strip()


def with_notes(page: Body) -> Typed:
    """Return a body with its notes where they were typed."""
    if not page.notes:
        return Typed(page, page)
    size = len(page.text)
    placed = sorted(
        ((size if note.place is None else note.place, note) for note in page.notes), key=lambda each: each[0]
    )
    parts, inserted, ranges = list[str](), list[tuple[int, int]](), list[tuple[int, int]]()
    at = length = 0
    for place, note in placed:
        opens = (APART if place or ranges else "") + (f"{note.heading}\n" if note.heading else "")
        closes = "" if page.text[place : place + 1] in ("", "\n") else "\n"
        parts += (page.text[at:place], opens, note.text, closes)
        start = length + place - at
        low = start + len(opens)
        at, length = place, low + len(note.text) + len(closes)
        inserted.append((start, length))
        ranges.append((low, low + len(note.text)))
    places = tuple(place for place, _ in placed)
    grown = [0, *accumulate(end - start for start, end in inserted)]
    blocks = tuple(
        replace(
            block,
            start=block.start + grown[bisect_right(places, block.start)],
            end=block.end + grown[bisect_left(places, block.end)],
        )
        for block in page.blocks
    )
    body = replace(page, text="".join((*parts, page.text[at:])), blocks=blocks, notes=())
    return Typed(page, body, tuple(note for _, note in placed), places, tuple(inserted), tuple(ranges))


def _calling(text: str, marker: int) -> tuple[int, int]:
    """Return the span of the word before a call, or of the first word of the text if there is none."""
    before = text[max(0, marker - LOOK) : marker]
    if found := LAST_WORD.search(before):
        start = marker - len(found[0])
        return start, start + len(found[0].rstrip())
    words = text[marker:].split(None, 1)
    start = text.find(words[0], marker) if words else 0
    return (start, start + len(words[0])) if words else (0, len(text))
