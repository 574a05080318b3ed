"""Replace ranges of a rendered body by other words: its text, tags, blocks and notes are adjusted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from rostra.markup.body_parts import moved_notes
from rostra.model import Body
from rostra.system.lazy_regex import late

NAME = late(r"<(\w+)")

Cut = tuple[int, int, str]
"""``text[start:end]`` and its replacement."""


def blackout(body: Body, cuts: Iterable[Cut], around: tuple[str, str] | None = None, *, unlink: bool = True) -> Body:
    """Return the body with each range replaced by its words; overlapping cuts use the words of the first.

    With ``unlink``, a link of which any words are replaced loses its address, which may say the same or who is meant.
    ``around`` are the tags before and after each replacement, of an element that may be wherever text is.
    """
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

    made = replace(
        body,
        text="".join((*out, body.text[at:])),
        tags=tuple((now(offset), tag) for offset, tag in (_unlinked(body.tags, cut) if unlink else body.tags)),
        blocks=tuple(replace(block, start=now(block.start), end=now(block.end)) for block in body.blocks),
        notes=moved_notes(body, now),
    )
    starts = (start + before for (start, *_), before in zip(cut, moved, strict=False))
    spans = [(start, start + len(words)) for start, (*_, words) in zip(starts, cut, strict=True)]
    return made if around is None else _enclosed(made, spans, around)


def _unlinked(tags: Iterable[tuple[int, str]], cuts: Sequence[Cut]) -> list[tuple[int, str]]:
    """Return the tags, with bare ones for links around cuts."""
    made, ends = list(tags), [end for _, end, _ in cuts]
    link = 0
    for n, (at, tag) in enumerate(made):
        if tag.startswith("<a "):
            link = n
        elif tag == "</a>":
            start, opening = made[link]
            first = bisect_right(ends, start)
            if first < len(cuts) and cuts[first][0] < at:
                made[link] = start, bare_tag(opening)
    return made


def _enclosed(body: Body, spans: Iterable[tuple[int, int]], around: tuple[str, str]) -> Body:
    """Return the body with tags around spans, which are within every element that begins or ends at their edges."""
    opening, closing = around
    edges = deque(edge for start, end in spans if start < end for edge in ((start, 1, opening), (end, 0, closing)))
    tags, places = list[tuple[int, str]](), list[int]()
    for at, tag in body.tags:
        # At an offset with tags, the end of a span precedes them, and the start of one follows them.
        while edges and edges[0][:2] < (at, 1):
            offset, _, edge = edges.popleft()
            tags.append((offset, edge))
        places.append(len(tags))
        tags.append((at, tag))
    tags += ((offset, edge) for offset, _, edge in edges)
    blocks = (replace(block, first=places[block.first], last=places[block.last]) for block in body.blocks)
    return replace(body, tags=tuple(tags), blocks=tuple(blocks))


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
