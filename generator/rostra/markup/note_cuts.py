"""Find the parts of a body to remove with its typed footnotes: the calls, the definitions, and the heading above these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rostra.markup.body_parts import BodyCut, lines_cut
from rostra.markup.note_forms import HEADING, RULE, Call
from rostra.model import FORMAL, Block, Body


class NoteLines(NamedTuple):
    """Lines ``text[start:end]`` of ``body.blocks[block]``."""

    block: int
    start: int
    end: int


class NoteHeading(NamedTuple):
    """The line above notes that says what they are; ``note`` is the index of the first one below it."""

    lines: NoteLines
    note: int
    text: str


def called(text: str, call: Call, numbers: list[int]) -> BodyCut:
    """Return the cut of a call; it includes the space before it, or at the start of a line the one after it."""
    start, end = call.start, call.end
    if start and text[start - 1] == " ":
        start -= 1
    elif (not start or text[start - 1] == "\n") and text[end : end + 1] == " ":
        end += 1
    return BodyCut(start, end, tuple(numbers))


def lines_out(body: Body, lines: Sequence[NoteLines]) -> list[BodyCut]:
    """Return the cuts of lines, which are in order; consecutive ones are joined."""
    stretches: list[NoteLines] = []
    for each in lines:
        if stretches and stretches[-1].block == each.block and each.start <= stretches[-1].end + 1:
            stretches[-1] = stretches[-1]._replace(end=each.end)
        else:
            stretches.append(each)
    return [lines_cut(body, *each) for each in stretches]


def heading_above(body: Body, notes: Sequence[NoteLines], breaks: Sequence[int] = ()) -> NoteHeading | None:
    """Return the line above notes that says what they are ("References:").

    A rule may underline it.  ``notes`` are in order; ``breaks`` are the spaces in the text that were line breaks.  None if anything else is below
    such a line, except what programs write.
    """
    first = len(notes)
    for n in range(len(body.blocks) - 1, -1, -1):
        block = body.blocks[n]
        at = block.end
        while first and notes[first - 1].block == n and notes[first - 1].end >= at - 1:
            first -= 1
            at = notes[first].start
        if at > block.start and not (block.kind in FORMAL and at == block.end):
            break
    else:
        return None
    if first == len(notes) or block.depth or block.kind in ("code", "attribution", "cell"):
        return None
    end = at - (at < block.end)
    high = end
    start = _line_start(body.text, block, high, breaks)
    if RULE.fullmatch(body.text, start, high) and start > block.start:
        high = start - 1
        start = _line_start(body.text, block, high, breaks)
    text = body.text[start:high]
    return NoteHeading(NoteLines(n, start, end), first, text.strip()) if HEADING.fullmatch(text) else None


def _line_start(text: str, block: Block, end: int, breaks: Sequence[int]) -> int:
    """Return where the line of a block begins that ends at an offset."""
    broken = (each + 1 for each in breaks if block.start <= each < end)
    return max(block.start, text.rfind("\n", block.start, end) + 1, *broken)
