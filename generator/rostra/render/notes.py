"""Footnotes as HTML: their calls, their texts below the post, and the links back (DPUB-ARIA 1.1).

Ids are scoped by post: ``p-…-n1`` is a post's first note and ``p-…-c1`` its first call.  A note may be called
more than once; all calls lead to it, and it leads back to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rostra.markup.links import grounded
from rostra.model import Edited, Note


def note_anchor(post: str, number: int) -> str:
    """Return the id of a post's note; ``number`` counts its notes from 1."""
    return f"{post}-n{number}"


def call_anchor(post: str, number: int) -> str:
    """Return the id of the first call of that note."""
    return f"{post}-c{number}"


def note_html(each: Edited, number: int, base: str | None) -> str:
    """Return the text of a post's note as HTML; its links are relative to ``base``."""
    return grounded(each.body.notes[number - 1].html, base)


def bare_call(note: Note) -> str:
    """Return a call on a page that does not show the note: the label in brackets."""
    return f"<sup>[{escape(note.label, quote=False)}]</sup>"


def headed(note: Note) -> str:
    """Return the heading that was typed above a note, as HTML; empty if there was none."""
    return f'<b class="heading">{escape(note.heading, quote=False)}</b> ' if note.heading else ""


def note_list(each: Edited, base: str | None) -> str:
    """Return the notes of a post as a list with their labels, without links; empty if it has none."""
    notes = (
        f"<li>{headed(note)}[{escape(note.label, quote=False)}] {grounded(note.html, base)}</li>"
        for note in each.body.notes
    )
    return f"<ul>{''.join(notes)}</ul>" if each.body.notes else ""


class Calls:
    """Renders the calls of a post's notes, in the order of its text; only the first call of each note has an id.

    Labels are in brackets, so that copied or searched text has no digit joined to the end of a word.
    """

    def __init__(self, post: str, notes: Sequence[Note]) -> None:
        self.post = post
        self.notes = notes
        self.called: set[int] = set()

    def __call__(self, number: int) -> str:
        """Return the next call of a note."""
        id = "" if number in self.called else f' id="{call_anchor(self.post, number)}"'
        self.called.add(number)
        label = escape(self.notes[number - 1].label, quote=False)
        href = f"#{note_anchor(self.post, number)}"
        return f'<sup class="call"{id}><a href="{href}" role="doc-noteref">[{label}]</a></sup>'
