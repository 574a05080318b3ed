"""Footnotes of a page that was copied as a whole: their texts are at its end, below the last post, whichever post calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rostra.markup.body_parts import without_cuts
from rostra.markup.note_calls import calls_of
from rostra.markup.note_cuts import NoteLines, called, heading_above, lines_out
from rostra.markup.note_forms import Call
from rostra.markup.note_lines import SURE, Definition, definitions_of
from rostra.markup.note_links import note_words
from rostra.markup.typed_notes import SAYS
from rostra.model import Body, Note

PlacedCalls = list[tuple[int, Call]]
"""Calls, each with the number of its post, counted from 0."""


class _NotesAtEnd(NamedTuple):
    """The notes at the end of the body ``last``, with their calls; ``reason`` says why they are not moved to these."""

    last: int
    definitions: Sequence[Definition]
    calls: dict[str, PlacedCalls]
    reason: str | None = None


def why_not_gathered(bodies: Sequence[Body]) -> str | None:
    """Return why what looks like the notes of other posts at the end of a thread is not; None if nothing does, or they are."""
    return _plan(bodies).reason


def _plan(bodies: Sequence[Body]) -> _NotesAtEnd:
    last = max((n for n, body in enumerate(bodies) if body.text), default=0)
    definitions = [each for each in definitions_of(bodies[last], ()) if _may_be_one(each)] if last else []
    calls = _calling({each.label for each in definitions}, bodies[:last]) if definitions else {}
    if not calls:
        return _NotesAtEnd(last, (), {})
    places = [(n, call.start) for each in definitions for n, call in calls.get(each.label, ())[:1]]
    reason = None
    if definitions[0].start == 0:
        reason = "the last post has no text above them"
    elif len(set(places)) < len(definitions):
        reason = "not each of them has a call of its own above"
    elif any(len({n for n, _ in called}) > 1 for called in calls.values()):
        reason = "several posts call one of them"
    elif places != sorted(places):
        reason = "they are not in the order of their calls"
    return _NotesAtEnd(last, definitions, calls, reason)


def gathered(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Return the bodies of a thread in reading order, with the notes at its end moved to the posts that call them.

    Either all of those lines are notes or none: each must be called by one post only, they must be in the order of their
    calls, and the last post must have text above them.
    """
    bodies = tuple(bodies)
    last, definitions, calls, reason = _plan(bodies)
    if reason or not definitions:
        return bodies
    places = [calls[each.label][0][0] for each in definitions]
    out = list(bodies)
    texts = note_words(bodies[last], [(each.low, each.high) for each in definitions])
    lines = [NoteLines(each.block, each.start, each.end) for each in definitions]
    heading = heading_above(bodies[last], lines)
    # A post keeps some text.
    heading = heading if heading and heading.lines.start > 0 else None
    said = heading.text if heading else None
    notes = [
        Note(label=each.label, text=text, html=html, marker=None, heading=said if each is definitions[0] else None)
        for each, (text, html) in zip(definitions, texts, strict=True)
    ]
    out[last] = without_cuts(bodies[last], lines_out(bodies[last], [heading.lines, *lines] if heading else lines))[0]
    for n in set(places):
        own = [note for note, owner in zip(notes, places, strict=True) if owner == n]
        out[n] = _given(bodies[n], own, [call for note in own for _, call in calls[note.label]])
    return tuple(out)


def _may_be_one(each: Definition) -> bool:
    """Whether a line is at the end of the thread and may be a note of another post."""
    return each.ends and each.reason is None and (each.is_sure or (each.form == "dot" and each.words >= SAYS))


def _calling(labels: set[str], bodies: Sequence[Body]) -> dict[str, PlacedCalls]:
    """Return the calls with these labels that lead to no note of their own post."""
    found: dict[str, PlacedCalls] = {}
    for n, body in enumerate(bodies):
        for call in calls_of(body, definitions_of(body, ())):
            if call.doubt is None and call.form in SURE and len(call.labels) == 1 and call.labels[0] in labels:
                found.setdefault(call.labels[0], []).append((n, call))
    return found


def _given(body: Body, notes: Sequence[Note], calls: Sequence[Call]) -> Body:
    numbers = {note.label: number for number, note in enumerate(notes, len(body.notes) + 1)}
    cuts = [called(body.text, call, [numbers[call.labels[0]]]) for call in calls]
    made, now = without_cuts(body, cuts)
    first = {label: min(cut.start for cut in cuts if cut.calls == (number,)) for label, number in numbers.items()}
    return replace(made, notes=(*made.notes, *(replace(note, marker=now(first[note.label])) for note in notes)))
