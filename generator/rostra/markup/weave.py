"""Convert stand-off markup to HTML: the text, its tags, and runs across them, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Body

CALL = "<call "
"""How ``Body.tags`` represents the call of a footnote: ``<call N>``, the note's number in ``Body.notes``, from 1."""
BELOW = ("<ul", "<ol", "<blockquote", "<p")
"""The beginnings of tags that begin blocks: what is at an offset that ends words directly before one belongs to the words."""


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

    ``points`` are inserted at an offset of the text (after it, if the offset ends a tag's text or a line;
    never inside a link); ``before`` and ``after`` at an index of ``body.tags``; ``call`` returns the
    marker of a footnote for its number in ``body.notes``, from 1.
    """
    if not runs and not points and not before and not after:
        return _plain(body, call)
    woven = _WovenBody(body.text, runs, points or {}, dress)
    before, after = before or {}, after or {}
    for index, (offset, tag) in enumerate(body.tags):
        ends_line = tag == "<br>" or (tag.startswith(BELOW) and offset > 0 and not body.text[offset - 1].isspace())
        woven.advance(offset, inclusive=tag.startswith("</") or ends_line)
        if index in before:
            woven.out.append(before[index])
        woven.out.append(call(int(tag[len(CALL) : -1])) if tag.startswith(CALL) else tag)
        woven.pass_link(tag)
        if index in after:
            woven.out.append(after[index])
    woven.advance(len(body.text), inclusive=True)
    return "".join(woven.out + woven.held)


class _WovenBody:
    """A body that is HTML up to an offset of its text: ``out``, and points ``held`` back until a link ends."""

    def __init__(self, text: str, runs: Sequence[Decoration], points: Mapping[int, str], dress: Dress) -> None:
        self.out: list[str] = []
        self.held: list[str] = []
        self._text, self._dress = text, dress
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        for run in runs:
            if run.start < run.end:
                self._starts.setdefault(run.start, []).append(run.key)
                self._ends.setdefault(run.end, []).append(run.key)
        self._points = dict(points)
        self._cuts = sorted({*self._starts, *self._ends, *self._points})
        self._active: dict[int, int] = {}
        """How many runs of each key cover the text here."""
        self._at = self._cut = self._links = 0

    def advance(self, upto: int, *, inclusive: bool) -> None:
        """Write the text up to an offset, with the runs and points before it; ``inclusive`` of those at it."""
        while self._cut < len(self._cuts) and (
            self._cuts[self._cut] < upto or (inclusive and self._cuts[self._cut] == upto)
        ):
            offset = self._cuts[self._cut]
            self._stretch(offset)
            for key in self._ends.get(offset, ()):
                self._active[key] -= 1
                if not self._active[key]:
                    del self._active[key]
            if offset in self._points:
                (self.held if self._links else self.out).append(self._points.pop(offset))
            for key in self._starts.get(offset, ()):
                self._active[key] = self._active.get(key, 0) + 1
            self._cut += 1
        self._stretch(upto)

    def _stretch(self, upto: int) -> None:
        """Write text that the same runs cover."""
        piece = escape(self._text[self._at : upto], quote=False)
        self._at = upto
        if self._active and piece.strip():
            opening, closing = self._dress(self._active)
            piece = opening + piece + closing
        if piece:
            self.out.append(piece)

    def pass_link(self, tag: str) -> None:
        """Count the links that are open after a tag; write the held points where none is."""
        self._links += tag.startswith("<a ") - (tag == "</a>")
        if self.held and not self._links:
            self.out += self.held
            self.held.clear()


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
