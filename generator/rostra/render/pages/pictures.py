"""The shape of a debate as inline SVG in its page: styled by the page's own classes, with the same data as text.

Widths are percentages, so that names stay as large as text on any screen; heights are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from markupsafe import Markup
from msgspec import Struct

from rostra.model import Edition
from rostra.people.badges import Siglum, siglum
from rostra.render.pages.frame import trusted_html
from rostra.render.pages.shape import STEPS, Lane, ThreadShape, shape
from rostra.render.templates import Layouts

FEWEST, NAMED = 20, 5
"""The least number of posts, and of people with a name, of a debate whose shape says something."""
ROW = 20
INDENT = 28
"""The width of a siglum before its name, in pixels."""
NAME = 18
"""How many code points of a name a picture shows; the table has the whole name."""
WIDEST = 7
"""The width in pixels of the line between the people who quote each other most."""


class PictureRow(Struct, frozen=True, kw_only=True):
    """The text of a lane."""

    who: str
    siglum: Siglum | None
    posts: int
    first: str
    last: str
    quotes: str
    quoted: str


class Pictures(Struct, frozen=True, kw_only=True):
    """The pictures of a debate's shape; ``quoting`` is empty if nobody quotes anybody; ``dated`` if a post has a time."""

    timeline: Markup
    quoting: Markup
    rows: tuple[PictureRow, ...]
    timed: bool
    dated: bool
    quotes: bool
    more: int


def pictures(edition: Edition, layouts: Layouts) -> Pictures | None:
    """Return the pictures of a debate's page; None if it has too few posts or named people."""
    found = shape(edition)
    if found.posts < FEWEST or sum(lane.others or 1 for lane in found.lanes if lane.name or lane.others) < NAMED:
        return None
    rows = tuple(_row(lane, layouts) for lane in found.lanes)
    return Pictures(
        timeline=trusted_html("".join(_timeline(found, rows, layouts))),  # every name in it is escaped
        quoting=trusted_html("".join(_quoting(found, layouts))),  # every name in it is escaped
        rows=rows,
        timed=found.begin is not None,
        dated=any(row.first for row in rows),
        quotes=bool(found.pairs),
        more=found.more,
    )


def _row(lane: Lane, layouts: Layouts) -> PictureRow:
    words = layouts.words
    if lane.name:
        who = lane.name
    elif lane.others:
        who = words.count("%(num)s other", "%(num)s others", lane.others)
    else:
        who = words.say("unnamed")
    return PictureRow(
        who=who,
        siglum=siglum(lane.name) if lane.name else None,
        posts=lane.posts,
        first=words.day(lane.first) if lane.first else "",
        last=words.day(lane.last) if lane.last else "",
        quotes=_listed(lane.quotes),
        quoted=_listed(lane.quoted),
    )


def _listed(people: tuple[tuple[str, int], ...], most: int = 5) -> str:
    parts = [f"{name} ({count})" if count > 1 else name for name, count in people[:most]]
    return ", ".join(parts) + (" …" if len(people) > most else "")


def _timeline(found: ThreadShape, rows: tuple[PictureRow, ...], layouts: Layouts) -> Iterator[str]:
    """Yield a lane for each person, a mark for each post: the marks of a lane are one text, each character with its own x."""
    words = layouts.words
    say = words.count("%(num)s post", "%(num)s posts", found.posts)
    bottom = len(rows) * ROW + 4
    yield from _head("timeline", words.say("Who posted when"), f"{say}: {_told(rows, layouts)}", bottom + ROW)
    names = "".join(_name(row, _middle(n) + 4) for n, row in enumerate(rows))
    yield f'<svg width="28%" height="{bottom}">{names}</svg>'
    for n, (lane, row) in enumerate(zip(found.lanes, rows, strict=True)):
        middle = _middle(n)
        places = " ".join(f"{30 + place * 69 / STEPS:.4g}%" for place in lane.places)
        yield f'<line x1="29%" x2="100%" y1="{middle}" y2="{middle}"/>'
        sign, css = ("●", f"c{row.siglum.colour}") if row.siglum else ("•" if lane.others else "○", "")
        yield f'<text class="marks {css}" y="{middle + 4}" x="{places}">{sign * len(lane.places)}</text>'
    begin, end = _ends(found, layouts)
    yield f'<text class="ends" x="29%" y="{bottom + 12}">{escape(begin)}</text>'
    yield f'<text class="ends last" x="100%" y="{bottom + 12}">{escape(end)}</text></svg>'


def _name(row: PictureRow, y: int) -> str:
    if not row.siglum:
        return f'<text y="{y}">{escape(row.who)}</text>'
    letters = f'<text class="siglum c{row.siglum.colour}" y="{y}">{escape(row.siglum.letters)}</text>'
    return f'{letters}<text x="{INDENT}" y="{y}">{escape(_short(row.who))}</text>'


def _told(rows: tuple[PictureRow, ...], layouts: Layouts) -> str:
    return ", ".join(f"{row.who} {layouts.words.number(row.posts)}" for row in rows)


def _ends(found: ThreadShape, layouts: Layouts) -> tuple[str, str]:
    words = layouts.words
    if found.begin and found.end:
        first, last = words.day(found.begin), words.day(found.end)
        return (first, last) if first != last else (words.readable(found.begin), words.readable(found.end))
    return words.say("first post"), words.say("last post")


def _quoting(found: ThreadShape, layouts: Layouts) -> Iterator[str]:
    """Yield those who quote on the left, those whom they quote on the right, and a line for each pair."""
    if not found.pairs:
        return
    left = {name: n for n, name in enumerate(dict.fromkeys(pair.who for pair in found.pairs))}
    right = {name: n for n, name in enumerate(dict.fromkeys(pair.whom for pair in found.pairs))}
    said = ", ".join(
        layouts.words.count(
            "%(who)s quotes %(whom)s once",
            "%(who)s quotes %(whom)s %(num)s times",
            pair.count,
            who=pair.who,
            whom=pair.whom,
        )
        for pair in found.pairs
    )
    height = max(len(left), len(right)) * ROW + 4
    yield from _head("ties", layouts.words.say("Who quotes whom"), said, height)
    most = max(pair.count for pair in found.pairs)
    for pair in found.pairs:
        wide = 1 + (WIDEST - 1) * pair.count / most
        yield (
            f'<line class="c{siglum(pair.who).colour}" x1="36%" y1="{_middle(left[pair.who])}" x2="64%" '
            f'y2="{_middle(right[pair.whom])}" stroke-width="{wide:.2g}"/>'
        )
    for side, at, people in (("0", "100%", left), ("65%", "0", right)):
        names = "".join(
            f'<text x="{at}" y="{_middle(n) + 4}">{escape(_short(name))}</text>' for name, n in people.items()
        )
        yield f'<svg class="{"last" if at == "100%" else ""}" x="{side}" width="35%" height="{height}">{names}</svg>'
    yield "</svg>"


def _middle(n: int) -> int:
    return n * ROW + ROW // 2 + 2


def _head(name: str, title: str, told: str, height: int) -> Iterator[str]:
    yield (
        f'<svg class="{name}" role="img" aria-labelledby="{name}-title {name}-told" width="100%" height="{height}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(told)}</desc>'
    )


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1] + "…"
