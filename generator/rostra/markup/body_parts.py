"""Extract parts of a rendered body with their markup, or remove them and put the call of a note there.

All offsets are code points of ``Body.text``.  Markup stays well-formed: a tag that crosses the edge of a part is
closed and reopened there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from rostra.markup.elements import HOLDING
from rostra.markup.weave import CALL
from rostra.model import Block, Body, Note
from rostra.system.lazy_regex import late

NAME = late(r"<(?:/code></)?/?([a-z][a-z0-9]*)")
"""The name in a tag; a block of code ends with two tags."""
BREAKS = ("<br>", "<hr>")
Pair = tuple[int, int]
"""The indexes in ``Body.tags`` of an opening tag and its closing tag."""


class BodyCut(Struct, frozen=True):
    """``text[start:end]``, to be removed; ``calls`` are the numbers of the notes called there, counted from 1."""

    start: int
    end: int
    calls: tuple[int, ...] = ()


def tag_name(tag: str) -> str:
    """Return the name of a tag; empty for a note's call."""
    found = None if tag.startswith(CALL) else NAME.match(tag)
    return found[1] if found else ""


def tag_pairs(tags: Sequence[tuple[int, str]]) -> Iterator[Pair]:
    """Yield the pairs of opening and closing tags, in the order of the closing tags."""
    opened: list[int] = []
    for n, (_, tag) in enumerate(tags):
        if tag in BREAKS or tag.startswith(CALL):
            continue
        if not tag.startswith("</"):
            opened.append(n)
        elif opened:
            yield opened.pop(), n


def excerpts(body: Body, spans: Iterable[tuple[int, int]]) -> Iterator[Body]:
    """Yield each part ``text[start:end]`` with its tags; spans are sorted, and a line break within one becomes a space."""
    opened: list[str] = []
    at = 0

    def passed(upto: int) -> Iterator[tuple[int, str]]:
        nonlocal at
        while at < len(body.tags) and body.tags[at][0] < upto:
            offset, tag = body.tags[at]
            if tag not in BREAKS and tag_name(tag) not in {*HOLDING, ""}:
                if tag.startswith("</"):
                    opened.pop()
                else:
                    opened.append(tag)
                yield offset, tag
            at += 1

    for start, end in spans:
        deque(passed(start + 1), maxlen=0)
        tags = [(0, tag) for tag in opened]
        tags += ((offset - start, tag) for offset, tag in passed(end))
        tags += ((end - start, f"</{tag_name(tag)}>") for tag in reversed(opened))
        text = body.text[start:end].replace("\n", " ")
        yield Body(text=text, tags=tuple(tags))


def lines_cut(body: Body, block: int, start: int, end: int) -> BodyCut:
    """Return the cut of whole lines of a block: with an adjacent line break, or, if it is all lines, with a blank line."""
    text, of = body.text, body.blocks[block]
    if (start, end) != (of.start, of.end):
        return BodyCut(start - 1, end) if start > of.start else BodyCut(start, end + 1)
    if text.startswith("\n\n", max(0, start - 2)) and start >= len("\n\n"):
        return BodyCut(start - 2, end)
    return BodyCut(start, end + 2 * text.startswith("\n\n", end))


def uncalled(body: Body, number: int, words: str) -> Body:
    """Return the body with the calls of a note replaced by words; the note then has no calls."""
    call = f"{CALL}{number}>"
    places = [at for at, tag in body.tags if tag == call]
    tags: list[tuple[int, str]] = []
    gone = list[int]()
    for n, (at, tag) in enumerate(body.tags):
        if tag == call:
            gone.append(n)
        else:
            tags.append((at + len(gone) * len(words), tag))

    def now(at: int, inclusive: bool = False) -> int:
        return at + (bisect_right if inclusive else bisect_left)(places, at) * len(words)

    def block(each: Block) -> Block:
        first, last = each.first - bisect_left(gone, each.first), each.last - bisect_right(gone, each.last)
        return replace(each, start=now(each.start), end=now(each.end, inclusive=True), first=first, last=last)

    parts = zip([0, *places], [*places, len(body.text)], strict=True)
    notes = tuple(
        replace(note, marker=None) if n == number else note for n, note in enumerate(moved_notes(body, now), 1)
    )
    text = words.join(body.text[low:high] for low, high in parts)
    return replace(body, text=text, tags=tuple(tags), blocks=tuple(map(block, body.blocks)), notes=notes)


def moved_notes(body: Body, now: Callable[[int], int]) -> tuple[Note, ...]:
    """Return the notes of a body with new offsets in its text."""
    return tuple(
        replace(
            note,
            marker=None if note.marker is None else now(note.marker),
            place=None if note.place is None else now(note.place),
        )
        for note in body.notes
    )


def without_cuts(body: Body, cuts: Sequence[BodyCut]) -> tuple[Body, Callable[[int], int]]:
    """Return the body without the cuts, which do not overlap, and a function that maps old offsets to new ones.

    Tags and blocks that contain nothing else are removed with a cut, and so are line breaks within it.
    """
    cuts = _joined(sorted(cuts, key=lambda cut: (cut.start, cut.end)))
    starts = [cut.start for cut in cuts]
    before = [0, *accumulate(cut.end - cut.start for cut in cuts)]

    def now(at: int) -> int:
        n = bisect_right(starts, at)
        return at - before[n] + (max(0, cuts[n - 1].end - at) if n else 0)

    kept = _kept(body, cuts)
    offsets = [at for at, _ in body.tags]
    tags: list[tuple[int, str]] = []
    moved = list[int]()  # for each old index of a tag, and for the end: how many tags now precede it
    called = list[int]()  # the old indexes before which a call is inserted
    rest = iter(
        [(bisect_right(offsets, cut.start), cut) for cut in cuts if cut.calls] + [(len(offsets) + 1, BodyCut(0, 0))]
    )
    place, cut = next(rest)
    for n in range(len(offsets) + 1):
        while place == n:
            tags += ((now(cut.start), f"{CALL}{number}>") for number in cut.calls)
            called += [n] * len(cut.calls)
            place, cut = next(rest)
        moved.append(len(tags))
        if n < len(offsets) and kept[n]:
            tags.append((now(offsets[n]), body.tags[n][1]))

    def block(each: Block) -> Block:
        # A call at the start of a block belongs to the block.
        first = moved[each.first] - (bisect_right(called, each.first) - bisect_left(called, each.first))
        return replace(each, start=now(each.start), end=now(each.end), first=first, last=moved[each.last + 1] - 1)

    def gone(each: Block) -> bool:
        cut = _around(each.start, each.end, cuts, starts)
        return cut is not None and not cut.calls

    parts = zip([0, *(cut.end for cut in cuts)], [*starts, len(body.text)], strict=True)
    return replace(
        body,
        text="".join(body.text[low:high] for low, high in parts),
        tags=tuple(tags),
        blocks=tuple(block(each) for each in body.blocks if not gone(each)),
        notes=moved_notes(body, now),
    ), now


def _joined(cuts: list[BodyCut]) -> list[BodyCut]:
    """Join adjacent cuts, except one with calls and one without."""
    out: list[BodyCut] = []
    for cut in cuts:
        if out and cut.start <= out[-1].end and bool(cut.calls) == bool(out[-1].calls):
            out[-1] = BodyCut(out[-1].start, max(cut.end, out[-1].end), (*out[-1].calls, *cut.calls))
        else:
            # The space beside a call may be the line break of a line that is removed too.
            out.append(BodyCut(max(cut.start, out[-1].end if out else 0), cut.end, cut.calls))
    return out


def _kept(body: Body, cuts: Sequence[BodyCut]) -> list[bool]:
    """Return for each tag whether it stays: not if it contains nothing outside a cut, nor if it is a line break in one.

    A container of blocks stays if a note is called in it.
    """
    starts = [cut.start for cut in cuts]
    kept = [True] * len(body.tags)
    for opens, closes in tag_pairs(body.tags):
        start, end = body.tags[opens][0], body.tags[closes][0]
        cut = _around(start, end, cuts, starts)
        if cut and start < end and not (cut.calls and tag_name(body.tags[opens][1]) in HOLDING):
            kept[opens] = kept[closes] = False
    for n, (at, tag) in enumerate(body.tags):
        if tag == "<br>" and _around(at, at + 1, cuts, starts):
            kept[n] = False
    return kept


def _around(start: int, end: int, cuts: Sequence[BodyCut], starts: Sequence[int]) -> BodyCut | None:
    """Return the cut that contains all of a range."""
    n = bisect_right(starts, start)
    return cuts[n - 1] if n and end <= cuts[n - 1].end else None
