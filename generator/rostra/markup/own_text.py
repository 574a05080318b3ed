"""The words of a post's author: without quotations, code, and what mail programs write around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rostra.model import FORMAL, Body


def own_text(body: Body, quoted: Iterable[tuple[int, int]] = ()) -> str:
    """Return the text of a body outside its code, its quotations, marked or ``quoted``, and formal lines, in order.

    Of a body without any, that is its code; if it has none, what it quotes; if it quotes nothing, all of it.
    """
    formal = [(block.start, block.end) for block in body.blocks if block.kind in FORMAL]
    code = [(block.start, block.end) for block in body.blocks if block.kind == "code"]
    others = [*formal, *quoted, *((block.start, block.end) for block in body.blocks if block.depth)]
    return (
        (code and _without(body.text, [*others, *code]))
        or _without(body.text, others)
        or _without(body.text, formal)
        or body.text
    )


def _without(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    out, at = list[str](), 0
    for start, end in sorted(ranges):
        if start > at:
            out.append(text[at:start])
        at = max(at, end)
    return " ".join((*out, text[at:])).strip()
