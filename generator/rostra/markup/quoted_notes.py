"""Calls of footnotes inside a quotation: they are the quoted author's, and lead to that author's notes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from rostra.markup.note_calls import signs_of
from rostra.markup.note_forms import Call
from rostra.markup.weave import CALL
from rostra.model import Body

BESIDE = 8
"""How many code points after a quotation a call may be and still belong to its last word."""


class QuotedCalls:
    """The calls in the quotations of a body, as text."""

    def __init__(self, body: Body) -> None:
        self.body = body

    @cached_property
    def signs(self) -> list[Call]:
        """Everything that looks like a call, in order."""
        return list(signs_of(self.body))

    def of(self, passage: tuple[int, int], numbers: Mapping[str, int]) -> Iterator[tuple[int, int, int]]:
        """Yield the calls in a passage of the notes with these labels and ``numbers``: start, end and the note's number.

        A call of several notes leads to the first.
        """
        if not numbers:
            return
        low, high = passage[0], min(len(self.body.text), passage[1] + BESIDE)
        ends = self.body.text.find("\n", passage[1], high)
        high = high if ends < 0 else ends
        for n in range(bisect_left(self.signs, low, key=lambda call: call.start), len(self.signs)):
            call = self.signs[n]
            if call.end > high:
                return
            if call.labels and call.labels[0] in numbers:
                yield call.start, call.end, numbers[call.labels[0]]


def called_notes(source: Body, spans: Sequence[tuple[int, int]]) -> dict[str, int]:
    """Return the labels of the notes that a body calls in ranges of its text, with their numbers."""
    offsets = [at for at, _ in source.tags]
    numbers: dict[str, int] = {}
    for start, end in spans:
        for n in range(bisect_left(offsets, start), len(offsets)):
            at, tag = source.tags[n]
            if at > end:
                break
            if tag.startswith(CALL):
                number = int(tag[len(CALL) : -1])
                numbers.setdefault(source.notes[number - 1].label, number)
    return numbers
