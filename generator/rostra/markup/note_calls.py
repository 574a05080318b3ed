"""Calls of footnotes in a body: in the author's own text, outside code, links and possible definitions.

Many programs render an indented list as a block of code: there a call counts if it ends a line, after a space.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from rostra.markup import note_forms as forms
from rostra.markup.body_parts import tag_name, tag_pairs
from rostra.markup.note_forms import Call
from rostra.markup.note_lines import SURE, Definition, raised_labels
from rostra.model import Block, Body
from rostra.system.lazy_regex import late

CLOSED = {"a", "code", "kbd", "samp"}
"""Tags in which nothing calls a note."""
COUNTING = {"paren", "half"}
"""Forms that number the parts of a sentence more often than they call notes."""

SENTENCE = late(r"[.!?][\"”’»)]?\s")


def calls_of(body: Body, definitions: Sequence[Definition]) -> list[Call]:
    """Return everything that looks like a call, in order; ``doubt`` says why it is not one.

    Words in brackets call only a note that is defined.
    """
    # A line that begins with words in brackets, and is not a note, is a sentence.
    definitions = [each for each in definitions if each.reason is None or not forms.is_word(each.label)]
    defined = {each.label for each in definitions}
    own = [(each.start, each.end if each.form in SURE else each.low) for each in definitions]
    lines = [(each.start, each.end) for each in definitions]
    out: list[Call] = []
    starts = [block.start for block in body.blocks]
    here: list[Call] = []
    last = -1
    for call in signs_of(body):
        n = bisect_right(starts, call.start) - 1
        block = body.blocks[n] if n >= 0 else None
        if block is None or call.start >= block.end or block.depth or block.kind == "attribution":
            continue
        if block.kind == "code" and not forms.is_set_in_code(body.text, call):
            continue
        if _within(call.start, own) or any(forms.is_word(label) and label not in defined for label in call.labels):
            continue
        if n != last and last >= 0:
            out += _doubted(body.text, body.blocks[last], lines, here)
            here = []
        last = n
        here.append(call)
    if last >= 0:
        out += _doubted(body.text, body.blocks[last], lines, here)
    return out


def signs_of(body: Body) -> Iterator[Call]:
    """Yield everything that looks like a call anywhere in a body except in links and code, in order."""
    text = body.text
    raised = [
        Call(start, end, "figure", forms.labels_of(label), True, forms.doubt(text, start, end, "figure"))
        for start, (end, label) in raised_labels(body)
    ]
    spans = sorted((call.start, call.end) for call in raised)
    typed = (call for call in forms.calls_in(text) if not _within(call.start, spans))
    shut = _closed(body)
    calls = sorted([*typed, *raised], key=lambda call: call.start)
    return (call for call in calls if not _within(call.start, shut))


def _closed(body: Body) -> list[tuple[int, int]]:
    """Return the ranges in which nothing calls a note, in order."""
    if not any(tag_name(tag) in CLOSED for _, tag in body.tags):
        return []
    found = sorted(
        (body.tags[opens][0], body.tags[closes][0])
        for opens, closes in tag_pairs(body.tags)
        if tag_name(body.tags[opens][1]) in CLOSED
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    n = bisect_right(spans, at, key=lambda span: span[0])
    return n > 0 and at < spans[n - 1][1]


def _doubted(text: str, block: Block, lines: Sequence[tuple[int, int]], calls: list[Call]) -> Iterable[Call]:
    """Yield the calls of a block; those that only number the following text, or are alone, get a doubt."""
    alone, at = True, block.start
    # The only line of a block is text, whatever it begins with.
    others = [span for span in _between(lines, block) if span != (block.start, block.end)]
    for start, end in sorted([*others, *((call.start, call.end) for call in calls)]):
        alone = alone and not text[at:start].strip()
        at = max(at, end)
    alone = alone and not text[at : block.end].strip()
    numbering = set() if alone else _numbering(text, [call for call in calls if call.form in COUNTING])
    for call in calls:
        doubt = call.doubt
        if alone:
            doubt = "nothing else is there"
        elif not call.labels:
            doubt = "it is not a range"
        elif call.start in numbering:
            doubt = "it numbers a part of the sentence"
        yield replace(call, doubt=doubt) if doubt != call.doubt else call


def _between(spans: Sequence[tuple[int, int]], block: Block) -> Sequence[tuple[int, int]]:
    """Return the spans within a block."""
    return spans[bisect_left(spans, (block.start,)) : bisect_left(spans, (block.end,))]


def _numbering(text: str, calls: list[Call]) -> set[int]:
    """Return the starts of calls that precede words, with others in the same sentence.

    Numbers of the parts of a sentence precede each part, so there are none if the last one ends the sentence.
    """
    found: set[int] = set()
    together: list[Call] = []
    for call in calls:
        if together and SENTENCE.search(text, together[-1].end, call.start):
            found |= _numbers(together)
            together = []
        together.append(call)
    return found | _numbers(together)


def _numbers(calls: list[Call]) -> set[int]:
    if len({call.labels for call in calls}) < 2 or calls[-1].closes:
        return set()
    return {call.start for call in calls if not call.closes}
