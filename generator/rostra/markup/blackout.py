"""Stretches of a rendered body put in other words: its text, tags, blocks and notes move along."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from html import escape, unescape
from urllib.parse import unquote

from msgspec.structs import replace

from rostra.late import late
from rostra.model import Body

NAME = late(r"<(\w+)")


def blackout(body: Body, spans: Iterable[tuple[int, int, str]]) -> Body:
    """The body with each ``text[start:end]`` replaced by the words given; of spans that overlap, all as the first says."""
    cut = _within_blocks(body, _apart(sorted(spans)))
    if not cut:
        return body
    out: list[str] = []
    starts, moved = [0], [0]
    at = grown = 0
    for start, end, words in cut:
        out += (body.text[at:start], words)
        at = end
        grown += len(words) - (end - start)
        starts.append(end)
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
        notes=tuple(replace(note, marker=now(note.marker) if note.marker is not None else None) for note in body.notes),
    )


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for start, end, words in spans:
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]), out[-1][2])
        elif start < end:
            out.append((start, end, words))
    return out


def _within_blocks(body: Body, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans cut where blocks end, so that each block keeps a text of its own."""
    starts, ends = [block.start for block in body.blocks], [block.end for block in body.blocks]
    return [
        (max(start, block.start), min(end, block.end), words)
        for start, end, words in spans
        for block in body.blocks[bisect_right(ends, start) : bisect_left(starts, end)]
    ]


def without(body: Body, found: Callable[[str], bool], words: str) -> Body:
    """The body without tags' attributes and notes in which something is found."""
    return replace(
        body,
        tags=tuple((at, _bare(tag) if found(unquote(unescape(tag))) else tag) for at, tag in body.tags),
        notes=tuple(
            replace(note, text=words, html=escape(words)) if found(note.text) or found(unescape(note.html)) else note
            for note in body.notes
        ),
        blocks=tuple(
            replace(block, mark=None) if block.mark and found(f"{block.mark.author} {block.mark.url}") else block
            for block in body.blocks
        ),
    )


def _bare(tag: str) -> str:
    name = NAME.match(tag)
    return f"<{name[1]}>" if name else tag
