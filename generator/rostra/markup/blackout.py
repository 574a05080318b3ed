"""Replace ranges of a rendered body by other words: its text, tags, blocks and notes are adjusted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from rostra.markup.body_parts import moved_notes
from rostra.model import Body
from rostra.system.lazy_regex import late

NAME = late(r"<(\w+)")

Cut = tuple[int, int, str]
"""``text[start:end]`` and its replacement."""


def blackout(body: Body, cuts: Iterable[Cut]) -> Body:
    """Return the body with each range replaced by its words; overlapping cuts use the words of the first."""
    cut = list(_within_blocks(body, _apart(sorted(cuts))))
    if not cut:
        return body
    out: list[str] = []
    moved = [0]
    at = grown = 0
    for start, end, words in cut:
        out += (body.text[at:start], words)
        at = end
        grown += len(words) - (end - start)
        moved.append(grown)
    ends = [0, *(end for _, end, _ in cut)]

    def now(offset: int) -> int:
        n = bisect_right(ends, offset) - 1
        if n < len(cut) and cut[n][0] < offset:
            return cut[n][0] + moved[n]
        return offset + moved[n]

    return replace(
        body,
        text="".join((*out, body.text[at:])),
        tags=tuple((now(offset), tag) for offset, tag in body.tags),
        blocks=tuple(replace(block, start=now(block.start), end=now(block.end)) for block in body.blocks),
        notes=moved_notes(body, now),
    )


def _apart(cuts: list[Cut]) -> list[Cut]:
    out: list[Cut] = []
    for start, end, words in cuts:
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]), out[-1][2])
        elif start < end:
            out.append((start, end, words))
    return out


def _within_blocks(body: Body, cuts: list[Cut]) -> Iterator[Cut]:
    """Split cuts at the starts and ends of blocks, so that each block keeps its own text."""
    edges = sorted({edge for block in body.blocks for edge in (block.start, block.end)}) if cuts else []
    for start, end, words in cuts:
        inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        for low, high in zip((start, *inside), (*inside, end), strict=True):
            if body.text[low:high].strip():
                yield low, high, words


def bare_tag(tag: str) -> str:
    """Return a tag without its attributes."""
    name = NAME.match(tag)
    return f"<{name[1]}>" if name else tag
