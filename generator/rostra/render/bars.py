"""Bars beside paragraphs of which most is quoted, or a quotation, in place of marks of their words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.model import FORMAL, Block, Body
from rostra.render.spans import covered
from rostra.system.lazy_regex import late

MUCH, SHORTEST = 0.5, 80
"""The share of a block, and its least number of code points, that the ranges cover where a bar replaces the marks."""
NEARLY = 0.75
"""The share of a block of any length from which on a bar does."""
PLAIN = late(r'<(p|li|pre|td|dd|h[1-6])(?: class="([a-z -]+)")?( tabindex="0")?>(<code>)?')


def barred(
    body: Body, blocks: Sequence[Block], ranges: Sequence[tuple[int, int]], css: str
) -> tuple[Body, list[tuple[int, int]]]:
    """Return a body whose blocks have the class if the sorted ranges cover most of them, and where these blocks are.

    Only these ``blocks`` are examined, and none that programs wrote.
    """
    found, tags = [], list(body.tags)
    for block in blocks:
        size, quoted = block.end - block.start, covered(ranges, block.start, block.end)
        at, tag = tags[block.first] if block.first < len(tags) else (0, "")
        much = (quoted > MUCH * size and quoted >= SHORTEST) or quoted >= NEARLY * size > 0
        if much and block.kind not in FORMAL and (plain := PLAIN.fullmatch(tag)):
            classes = f"{plain[2]} {css}" if plain[2] else css
            tags[block.first] = (at, f'<{plain[1]} class="{classes}"{plain[3] or ""}>{plain[4] or ""}')
            found.append((block.start, block.end))
    return (replace(body, tags=tuple(tags)) if found else body), found
