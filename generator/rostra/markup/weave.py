"""Convert stand-off markup to HTML: the text, its tags, and runs across them, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Body

CALL = "<call "
"""How ``Body.tags`` represents the call of a footnote: ``<call N>``, the note's number in ``Body.notes``, from 1."""


class Decoration(Struct, frozen=True):
    """A range to decorate: ``text[start:end]``, which may cross tags or other runs; ``key`` identifies its kind."""

    start: int
    end: int
    key: int


Dress = Callable[[Mapping[int, int]], tuple[str, str]]
"""How many runs of each key cover a range → the tags around it."""


def weave(
    body: Body,
    *,
    runs: Sequence[Decoration] = (),
    dress: Dress = lambda keys: ("", ""),
    points: Mapping[int, str] | None = None,
    before: Mapping[int, str] | None = None,
    after: Mapping[int, str] | None = None,
    call: Callable[[int], str] = lambda number: "",
) -> str:
    """Return the HTML of ``body``.

    ``points`` are inserted at an offset of the text (after it, if the offset ends a tag's text;
    never inside a link); ``before`` and ``after`` at an index of ``body.tags``; ``call`` returns the
    marker of a footnote for its number in ``body.notes``, from 1.
    """
    if not runs and not points and not before and not after:
        return _plain(body, call)
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for run in runs:
        if run.start < run.end:
            starts.setdefault(run.start, []).append(run.key)
            ends.setdefault(run.end, []).append(run.key)
    waiting = dict(points or {})
    cuts = sorted({*starts, *ends, *waiting})
    before, after = before or {}, after or {}
    text, out = body.text, list[str]()
    active: dict[int, int] = {}
    held: list[str] = []
    at, cut, in_link = 0, 0, 0

    def stretch(upto: int) -> None:
        nonlocal at
        piece = text[at:upto]
        at = upto
        if not piece:
            return
        if active and piece.strip():
            opening, closing = dress(active)
            out.append(opening + escape(piece, quote=False) + closing)
        else:
            out.append(escape(piece, quote=False))

    def pass_cuts(upto: int, inclusive: bool) -> None:
        nonlocal cut
        while cut < len(cuts) and (cuts[cut] < upto or (inclusive and cuts[cut] == upto)):
            offset = cuts[cut]
            stretch(offset)
            for key in ends.get(offset, ()):
                active[key] -= 1
                if not active[key]:
                    del active[key]
            if offset in waiting:
                (held if in_link else out).append(waiting.pop(offset))
            for key in starts.get(offset, ()):
                active[key] = active.get(key, 0) + 1
            cut += 1

    for index, (offset, tag) in enumerate(body.tags):
        pass_cuts(offset, inclusive=tag.startswith("</") or tag == "<br>")
        stretch(offset)
        if index in before:
            out.append(before[index])
        if tag.startswith(CALL):
            out.append(call(int(tag[len(CALL) : -1])))
        else:
            out.append(tag)
        in_link += tag.startswith("<a ") - (tag == "</a>")
        if held and not in_link:
            out += held
            held.clear()
        if index in after:
            out.append(after[index])
    pass_cuts(len(text), inclusive=True)
    stretch(len(text))
    return "".join(out + held)


def _plain(body: Body, call: Callable[[int], str]) -> str:
    out, at = list[str](), 0
    for offset, tag in body.tags:
        if offset > at:
            out.append(escape(body.text[at:offset], quote=False))
            at = offset
        out.append(call(int(tag[len(CALL) : -1])) if tag.startswith(CALL) else tag)
    out.append(escape(body.text[at:], quote=False))
    return "".join(out)


def unwrapped(body: Body) -> Body:
    """Return the body without the tags of its paragraph, if it is a single paragraph."""
    if [(block.first, block.last) for block in body.blocks] == [(0, len(body.tags) - 1)] and body.tags[0][1] == "<p>":
        return replace(body, tags=body.tags[1:-1])
    return body
