"""Fold the parts of a post that repeat or that programs added: signatures, footers, PGP, the whole quotation below an answer."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rostra.i18n.catalogue import Catalogue
from rostra.markup.weave import CALL
from rostra.model import FORMAL, Block, Body

LINES = 2
"""The largest number of lines of a signature without an address that is not folded."""
WORDS = 60
"""The least number of words of a quotation below an answer that is folded."""
LEFT = 250
"""The same for one without a line that says who wrote it: an author may end with a passage, but not with a whole post."""
EMPTY = ("<br>", "<hr>")


def folds(body: Body, words: Catalogue) -> Iterator[tuple[int, int, str]]:
    """Yield the first and last tag of each folded part of a post, and the label of the fold."""
    below = _quotation_below(body)
    if below is not None:
        first, last, count = below
        yield first, last, words.count("Quotation, %(num)s word", "Quotation, %(num)s words", count)
    for run in _runs(body):
        inside = below is not None and below[0] <= run[0].first <= below[1]
        if not inside and run[0].kind == "furniture":
            yield run[0].first, run[-1].last, words.say("Added by programs")
        elif not inside and _is_much(body, run):
            yield run[0].first, run[-1].last, words.say("Signature")


def _runs(body: Body) -> Iterator[list[Block]]:
    """Yield the paragraphs of a signature, or of what programs added: those of one kind that follow one another are together."""
    begun: list[Block] = []
    for block in (*body.blocks, None):
        if begun and (block is None or block.kind != begun[0].kind or block.first != begun[-1].last + 1):
            yield begun
            begun = []
        if block is not None and block.kind in ("signature", "furniture"):
            begun.append(block)


def spoiler_labels(body: Body, words: Catalogue) -> dict[int, str]:
    """Return what follows the tags of summaries without words, which hide what their author gave no label."""
    pairs = zip(body.tags, body.tags[1:], strict=False)
    empty = (n for n, (tag, after) in enumerate(pairs) if tag[1] == "<summary>" and after == (tag[0], "</summary>"))
    return dict.fromkeys(empty, escape(words.say("Spoiler")))


def _is_much(body: Body, run: list[Block]) -> bool:
    """Whether a signature has several lines, or an address as the footers of lists have."""
    lines = len(run) + sum(tag == "<br>" for _, tag in body.tags[run[0].first : run[-1].last])
    return lines > LINES or "://" in body.text[run[0].start : run[-1].end]


def _quotation_below(body: Body) -> tuple[int, int, int] | None:
    """Return the tags around the quotation that ends a post below its own words, and the number of its words.

    It begins with the line that says who wrote it, or, if it is very long, without one.
    What follows it is quoted, or a signature.
    """
    own = [n for n, block in enumerate(body.blocks) if block.depth == 0 and block.kind not in FORMAL]
    rest = body.blocks[own[-1] + 1 :] if own else ()
    said = next((block for block in rest if block.kind == "attribution" and block.depth == 0), None)
    quoted = [block for block in rest if block.depth and (said is None or block.first > said.first)]
    if not quoted:
        return None
    first = (said or quoted[0]).first
    while said is None and first and body.tags[first - 1][1].startswith("<blockquote"):
        first -= 1
    count = sum(len(body.text[block.start : block.end].split()) for block in quoted)
    last = _balanced(body, first)
    return (first, last, count) if count >= (WORDS if said else LEFT) and last is not None else None


def _balanced(body: Body, first: int) -> int | None:
    """Return the last tag of a post if all tags from ``first`` on are closed within them."""
    level = 0
    for _, tag in body.tags[first:]:
        if tag.startswith(CALL) or tag in EMPTY:
            continue
        level += -1 if tag.startswith("</") else 1
        if level < 0:
            return None
    return len(body.tags) - 1 if level == 0 else None
