"""The words of a post's author: without quotations, code, and what mail programs write around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rostra.markup.elements import NO_LABEL
from rostra.model import FORMAL, Body


def own_text(body: Body, quoted: Iterable[tuple[int, int]] = ()) -> str:
    """Return the text of a body outside its code, its pictures, its quotations, marked or ``quoted``, and formal lines, in order.

    Of a body without any, that is its code and the texts of its pictures; if it has none, what it quotes; if it quotes
    nothing, all of it.  Of pictures in a row whose texts are the same, only the first has it.  The word that stands for
    a picture without a text is nobody's: a body with no other words of its author has none.
    """
    formal = [(block.start, block.end) for block in body.blocks if block.kind in FORMAL]
    unlabelled = [*_between(body, NO_LABEL[0], NO_LABEL[2])]
    shown = [(block.start, block.end) for block in body.blocks if block.kind == "code"]
    pictures = [*_between(body, ' class="picture"', "</a>")]
    shown += pictures
    labelled = [each for each in pictures if each not in unlabelled]
    again = unlabelled + [after for before, after in pairwise(labelled) if _is_same(body.text, before, after)]
    others = [*formal, *quoted, *((block.start, block.end) for block in body.blocks if block.depth)]
    return (
        (shown and _without(body.text, [*others, *shown]))
        or _without(body.text, [*others, *again])
        or ("" if unlabelled else _without(body.text, [*formal, *again]) or body.text)
    )


def _between(body: Body, first: str, last: str) -> Iterator[tuple[int, int]]:
    """Yield where the texts are between a tag that contains ``first`` and the tag ``last``."""
    start = -1
    for at, tag in body.tags:
        if first in tag:
            start = at
        elif tag == last and start >= 0:
            yield start, at
            start = -1


def _is_same(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    return text[slice(*before)] == text[slice(*after)] and not text[before[1] : after[0]].strip()


def _without(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    out, at = list[str](), 0
    for start, end in sorted(ranges):
        if start > at:
            out.append(text[at:start])
        at = max(at, end)
    return " ".join((*out, text[at:])).strip()
