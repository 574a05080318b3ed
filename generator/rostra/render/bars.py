"""Bars beside paragraphs of which most is quoted, or a quotation, in place of marks of their words."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.model import FORMAL, Block, Body
from rostra.render.spans import covered
from rostra.system.lazy_regex import late

MUCH, SHORTEST = 0.5, 80
"""The share of a block, and its least number of code points, that the ranges cover where a bar replaces the marks."""
NEARLY = 0.75
"""The share of a block of any length from which on a bar does."""
PLAIN = late(r'<(p|li|pre|td|dd|h[1-6])(?: class="([a-z -]+)")?( tabindex="0")?>(<code>)?')


def barred(
    body: Body, dressed: dict[int, str], blocks: Sequence[Block], ranges: Sequence[tuple[int, int]], css: str
) -> list[tuple[int, int]]:
    """Return which of these blocks the sorted ranges cover for the most part, and add their tags with the class to ``dressed``.

    What programs wrote has no bar.  ``dressed`` are the tags of the body that have changed, by their index.
    """
    found = []
    for block in blocks:
        size, quoted = block.end - block.start, covered(ranges, block.start, block.end)
        much = (quoted > MUCH * size and quoted >= SHORTEST) or quoted >= NEARLY * size > 0
        if not much or block.kind in FORMAL or block.first >= len(body.tags):
            continue
        if plain := PLAIN.fullmatch(dressed.get(block.first, body.tags[block.first][1])):
            classes = f"{plain[2]} {css}" if plain[2] else css
            dressed[block.first] = f'<{plain[1]} class="{classes}"{plain[3] or ""}>{plain[4] or ""}'
            found.append((block.start, block.end))
    return found
