"""The words of a post's author: without quotations, code, and what mail programs write around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rostra.model import FORMAL, Body


def own_text(body: Body, quoted: Iterable[tuple[int, int]] = ()) -> str:
    """Return the text of a body outside its code, its pictures, its quotations, marked or ``quoted``, and formal lines, in order.

    Of a body without any, that is its code and the texts of its pictures; if it has none, what it quotes; if it quotes
    nothing, all of it.  Of pictures in a row whose texts are the same, only the first has it.
    """
    formal = [(block.start, block.end) for block in body.blocks if block.kind in FORMAL]
    shown = [(block.start, block.end) for block in body.blocks if block.kind == "code"]
    pictures = [*_pictures(body)]
    shown += pictures
    again = [after for before, after in pairwise(pictures) if _is_same(body.text, before, after)]
    others = [*formal, *quoted, *((block.start, block.end) for block in body.blocks if block.depth)]
    return (
        (shown and _without(body.text, [*others, *shown]))
        or _without(body.text, [*others, *again])
        or _without(body.text, [*formal, *again])
        or body.text
    )


def _pictures(body: Body) -> Iterator[tuple[int, int]]:
    """Yield where the texts of links to pictures are."""
    start = -1
    for at, tag in body.tags:
        if ' class="picture"' in tag:
            start = at
        elif tag == "</a>" and start >= 0:
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
