"""Cut a body into its author's own words and marked words of others."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from rostra.i18n.attribution import VERBS
from rostra.model import FORMAL, Block, Body, Mark
from rostra.quotations.tokens import Tokens
from rostra.system.lazy_regex import late

ATTRIBUTION = late(
    rf"^(?P<before>.{{0,120}}?)\b(?:{VERBS}|asked|replied|posted)\b.{{0,40}}[:：]\s*$", re.IGNORECASE | re.DOTALL
)
DATED = late(r"\W*(?:On|At|In|Le|Am|El|Il|Op|Den|Em|Dnia|W dniu|\d|>|From|Quoting)\b", re.IGNORECASE)
BOILERPLATE = 3
"""How many posts must end with a paragraph for it to be a signature rather than a quotation."""


class Segment(Struct, frozen=True):
    """A stretch that needs a source: words ``low`` to ``high``, ``text[start:end]``.

    ``marked``: the source's markup marks it as a quotation; ``mark`` is that markup, and ``author`` the
    name in an attribution line above it.
    """

    low: int
    high: int
    start: int
    end: int
    marked: bool
    mark: Mark | None = None
    author: str | None = None
    code: bool = False


class Zones(Struct):
    """A post's words, which of them are its author's own (1, else 0), and the possible quotations.

    Words are no longer the author's own once their source is found.
    """

    words: Tokens
    own: bytearray
    segments: list[Segment]


def zones(body: Body, words: Tokens, boilerplate: set[tuple[str, ...]], notes: Sequence[tuple[int, int]] = ()) -> Zones:
    """Cut a body, given the ``words`` of its text; the words of ``notes`` in it are its author's own."""
    own = bytearray(len(words.words))
    segments: list[Segment] = []
    group: list[Block] = []
    named: str | None = None

    def close() -> None:
        if group:
            low, high = _range(words, group[0].start, group[-1].end)
            if high > low:
                author = group[0].mark.author if group[0].mark and group[0].mark.author else named
                segments.append(Segment(low, high, group[0].start, group[-1].end, True, group[0].mark, author))
            group.clear()

    for block in body.blocks:
        if block.depth:
            if group and (group[-1].depth, group[-1].mark) != (block.depth, block.mark):
                close()
            # The footers of lists within a quotation are nobody's words.
            if block.kind != "furniture":
                group.append(block)
            continue
        close()
        low, high = _range(words, block.start, block.end)
        said = body.text[block.start : block.end]
        attribution = attribution_of(said, high - low) if block.kind in ("paragraph", "attribution") else None
        named = (attribution["before"] or None) if attribution else None
        if high == low:
            continue
        own[low:high] = b"\1" * (high - low)
        if block.kind in FORMAL or attribution:
            # Others may quote these lines too; the lines themselves quote nobody.
            continue
        if tuple(words.words[low:high]) in boilerplate:
            own[low:high] = bytes(high - low)
            continue
        segments.append(Segment(low, high, block.start, block.end, False, None, None, block.kind == "code"))
    close()
    for start, end in notes:  # quoting a note is quoting the post
        low, high = _range(words, start, end)
        own[low:high] = b"\1" * (high - low)
    return Zones(words, own, segments)


def attribution_of(said: str, words: int) -> re.Match[str] | None:
    """Whether a line only says who is quoted next: it is short, or begins as mail programs begin it."""
    if words > 30 or (words > 8 and not DATED.match(said)) or re.search(r"[!?]\s", said):
        return None
    return ATTRIBUTION.match(said)


def boilerplate(bodies: Sequence[Body], texts: Sequence[Tokens]) -> set[tuple[str, ...]]:
    """Return paragraphs that end many posts: unmarked signatures and list footers.  ``texts``: their words."""
    last: Counter[tuple[str, ...]] = Counter()
    for body, words in zip(bodies, texts, strict=True):
        if len(blocks := _paragraphs(body)) > 1:
            last[_said(words, blocks[-1])] += 1
    often = {key: count for key, count in last.items() if count >= BOILERPLATE and key}
    seen: Counter[tuple[str, ...]] = Counter()
    for body, words in zip(bodies, texts, strict=True) if often else ():
        seen.update(often.keys() & {_said(words, block) for block in _paragraphs(body)})
    return {key for key, count in often.items() if count >= 0.7 * seen[key]}


def _paragraphs(body: Body) -> list[Block]:
    return [
        block
        for block in body.blocks
        if not block.depth and block.kind == "paragraph" and block.end - block.start < 600
    ]


def _said(words: Tokens, block: Block) -> tuple[str, ...]:
    low, high = _range(words, block.start, block.end)
    return tuple(words.words[low:high])


def _range(words: Tokens, start: int, end: int) -> tuple[int, int]:
    return bisect_left(words.starts, start), bisect_left(words.starts, end)


SENTENCE = late(r"(?<![.!?:;…])(?:[.!?:;]|…(?!\s*[\])]))++[\"'”’»)\]]*+\s++|\n++")


def sentences(text: str, words: Tokens, segment: Segment) -> list[tuple[int, int]]:
    """Return the word ranges of the sentences of a stretch."""
    cuts = [segment.start + found.end() for found in SENTENCE.finditer(text[segment.start : segment.end])]
    edges = [
        segment.low,
        *(min(max(bisect_left(words.starts, cut), segment.low), segment.high) for cut in cuts),
        segment.high,
    ]
    return [(a, b) for a, b in itertools.pairwise(edges) if b > a]
