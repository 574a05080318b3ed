"""Lines of quotations that end only where a mail program wrapped them: the quoted post shows the same words as one line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from rostra.model import FORMAL, LinkedPost

AROUND = 2
"""How many words on each side of the end of a line must follow each other in a line of the quoted passage."""
FAR = 100
"""How many code points on each side of the end of a line are searched for these words."""


def joined_breaks(each: LinkedPost) -> Iterator[int]:
    """Yield the indexes of the ``<br>`` in a post's quotations at which the passages that are quoted have no new line."""
    text, blocks = each.body.text, each.body.blocks
    breaks = [(at, n) for n, (at, tag) in enumerate(each.body.tags) if tag == "<br>"]
    starts = [block.start for block in blocks]
    for quote in each.quotes if breaks and blocks else ():
        inside = breaks[bisect_right(breaks, (quote.start, len(each.body.tags))) : bisect_left(breaks, (quote.end, 0))]
        if quote.source is None or not inside:
            continue
        lines = [line.split() for line in quote.source.text.split("\n")]
        runs = {tuple(line[n : n + 2 * AROUND]) for line in lines for n in range(len(line) - 2 * AROUND + 1)}
        for at, n in inside:
            before = text[max(quote.start, at - FAR) : at].split()[-AROUND:]
            after = text[at : min(quote.end, at + FAR)].split()[:AROUND]
            kind = blocks[max(0, bisect_right(starts, at) - 1)].kind
            if kind not in FORMAL and (*before, *after) in runs:
                yield n
