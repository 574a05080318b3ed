"""Footnotes that a dialect marks: their texts are removed from the HTML, and their calls get their numbers."""

from __future__ import annotations

from html import unescape

from msgspec.structs import replace

from rostra.markup.flatten import Flattener
from rostra.markup.note_forms import HEADING
from rostra.markup.weave import CALL, unwrapped, weave
from rostra.model import Body, Note
from rostra.system.lazy_regex import late

NOTE = late(
    r'(?s)<aside data-note="([^"]*)"(?: data-label="([^"]*)")?(?: data-heading="([^"]*)")?>((?:(?!</?aside).)*)</aside>'
)


def flatten(html: str) -> tuple[Body, tuple[int, ...]]:
    """Return the stand-off form of HTML that ``sanitise.clean`` returned, with its notes.

    Also return the offsets in its text of the spaces that were line breaks in the HTML.
    """
    definitions = NOTE.findall(html) if "<aside" in html else []
    numbers: dict[str, int] = {}
    for number, (key, *_) in enumerate(definitions, 1):
        numbers.setdefault(key, number)
    flat = Flattener(numbers)
    flat.feed(NOTE.sub("", html) if definitions else html)
    body = flat.body()
    if not definitions:
        return body, tuple(flat.breaks)
    markers: dict[str, int] = {}
    for at, tag in body.tags:
        if tag.startswith(CALL):
            markers.setdefault(tag[len(CALL) : -1], at)
    notes = []
    for number, (key, label, heading, inner) in enumerate(definitions, 1):
        inside = unwrapped(flatten(inner)[0])
        marker = markers.get(str(number))
        headed = unescape(heading) if HEADING.fullmatch(unescape(heading)) else None
        notes.append(
            Note(label=unescape(label or key), text=inside.text, html=weave(inside), marker=marker, heading=headed)
        )
    return replace(body, notes=tuple(notes)), tuple(flat.breaks)
