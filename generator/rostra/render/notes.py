"""Footnotes as HTML: where one is called, its text below the post, and the way back (DPUB-ARIA 1.1).

Ids are scoped by post: ``p-…-n1`` is a post's first note and ``p-…-c1`` where that is called first.  A note may be called
more than once; all calls lead to it, and it leads back to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rostra.markup.links import grounded
from rostra.model import Edited, Note


def note_anchor(post: str, number: int) -> str:
    """The id of a post's note; ``number`` counts its notes from 1."""
    return f"{post}-n{number}"


def call_anchor(post: str, number: int) -> str:
    """The id of the place where that note is called first."""
    return f"{post}-c{number}"


def note_html(each: Edited, number: int, base: str | None) -> str:
    """The text of a post's note; ``base`` is the address that its links are relative to."""
    return grounded(each.body.notes[number - 1].html, base)


def marked(note: Note) -> str:
    """A call of a note where no page shows the note: the label as it is usually typed."""
    return f"<sup>[{escape(note.label, quote=False)}]</sup>"


def listed(each: Edited, base: str | None) -> str:
    """The notes of a post where nothing links to them, with their labels; nothing where it has none."""
    notes = (f"<li>[{escape(note.label, quote=False)}] {grounded(note.html, base)}</li>" for note in each.body.notes)
    return f"<ul>{''.join(notes)}</ul>" if each.body.notes else ""


class Calls:
    """Makes the calls of a post's notes, in the order of its text; only the first of each note has an id.

    Labels stand in brackets, so that whoever copies or searches the page has no figure at the end of a word.
    """

    def __init__(self, post: str, notes: Sequence[Note]) -> None:
        self.post = post
        self.notes = notes
        self.called: set[int] = set()

    def __call__(self, number: int) -> str:
        """The call of a note, as it stands next in the text."""
        id = "" if number in self.called else f' id="{call_anchor(self.post, number)}"'
        self.called.add(number)
        label = escape(self.notes[number - 1].label, quote=False)
        href = f"#{note_anchor(self.post, number)}"
        return f'<sup class="call"{id}><a href="{href}" role="doc-noteref">[{label}]</a></sup>'
