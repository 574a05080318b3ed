"""Footnotes as what may be quoted: their words follow a post's own, and a quotation of them leads to where they are called."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.model import Body
from rostra.system.lazy_regex import late

APART = "\n\n"
LAST_WORD = late(r"\S+\s*\Z")
LOOK = 80
"""Code points before a call in which its word is looked for."""


def with_notes(body: Body) -> str:
    """The text of a body, and below it those of its notes."""
    return APART.join((body.text, *(note.text for note in body.notes))) if body.notes else body.text


def on_the_page(spans: Sequence[tuple[int, int]], body: Body) -> tuple[tuple[int, int], ...]:
    """Spans of the text with notes as spans of the body's own text.

    What is quoted of a note alone becomes the word that calls the note.
    """
    size = len(body.text)
    own = tuple((start, min(end, size)) for start, end in spans if start < size)
    if own or not body.notes:
        return own or tuple(spans)
    places: dict[tuple[int, int], None] = {}
    at = size
    for note in body.notes:
        at += len(APART)
        if any(start < at + len(note.text) and at < end for start, end in spans):
            places[_calling(body.text, note.marker or 0)] = None
        at += len(note.text)
    return tuple(sorted(places)) or ((0, size),)


def _calling(text: str, marker: int) -> tuple[int, int]:
    """The word before a call; the first one of the text, where none is."""
    before = text[max(0, marker - LOOK) : marker]
    if found := LAST_WORD.search(before):
        start = marker - len(found[0])
        return start, start + len(found[0].rstrip())
    words = text[marker:].split(None, 1)
    start = text.find(words[0], marker) if words else 0
    return (start, start + len(words[0])) if words else (0, len(text))
