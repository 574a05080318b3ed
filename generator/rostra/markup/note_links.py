"""Bare addresses in a footnote become links, whether or not the body's dialect links them: most notes are an address."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from html import escape

from msgspec.structs import replace

from rostra.markup.body_parts import excerpts, tag_name, tag_pairs
from rostra.markup.sanitise import clean
from rostra.markup.text import BARE, bare_address
from rostra.markup.weave import weave
from rostra.model import Body
from rostra.system.lazy_regex import late

ADDRESS = late(BARE)
APART = {"a", "code", "kbd", "samp"}
"""Tags in which no address becomes a link."""


def note_words(body: Body, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Yield the text and the HTML of notes whose words are at sorted ``spans`` of a body's text."""
    for part in excerpts(body, spans):
        yield part.text, weave(with_links(part))


def with_links(body: Body) -> Body:
    """Return the body with its bare addresses as links, except in links and code, and where a tag divides them."""
    if "://" not in body.text:
        return body
    shut = [
        (body.tags[opens][0], body.tags[closes][0])
        for opens, closes in tag_pairs(body.tags)
        if tag_name(body.tags[opens][1]) in APART
    ]
    offsets = [at for at, _ in body.tags]
    tags, at = list[tuple[int, str]](), 0
    for start, end, opening in _links(body.text):
        first = bisect_right(offsets, start)
        divided = first < len(offsets) and offsets[first] < end
        if divided or any(low <= start and end <= high for low, high in shut):
            continue
        tags += (*body.tags[at:first], (start, opening), (end, "</a>"))
        at = first
    return replace(body, tags=(*tags, *body.tags[at:]))


def _links(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the bare addresses in a text: start, end, and the opening tag of the link that the sanitiser allows."""
    for found in ADDRESS.finditer(text):
        address = bare_address(found[0])
        opening, closes, _ = clean(f'<a href="{escape(address)}">x</a>').partition(">")
        if opening.startswith("<a href="):
            yield found.start(), found.start() + len(address), opening + closes
