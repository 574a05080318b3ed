"""Lines to records, by a layout: what is a post's, what is the page's, and what neither explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from rostra.late import late
from rostra.readers.copied.layout import Item, Layout, Line
from rostra.readers.text_furniture import MORE

_COUNT = late(r"(?:view |show |hide )?(?:all )?\d[\d,.]* (?:replies|reply|comments?|answers?)")
"""How many answers there are: what stands beside a button that shows or hides them."""


class Record(Struct, frozen=True, kw_only=True):
    """A post as the layout finds it: ``first`` is the line (0-based, of the dump) on which its head begins.

    ``body`` are the lines of the dump, from the first to before the second, that hold its words; ``held`` what the
    slots hold; ``column`` where its head begins; ``hidden`` the lines that say that more answers were not loaded.
    """

    first: int
    column: int
    held: dict[str, str]
    body: tuple[int, int]
    hidden: tuple[int, ...] = ()


class Cut(Struct, frozen=True, kw_only=True):
    """A text cut into records: what stands above them, below them, and how many lines say when but begin no post."""

    records: tuple[Record, ...]
    above: int
    """The line of the dump before which all stands above the first record."""
    below: int
    """The line of the dump from which on all stands below the last."""
    refused: int


class _Match(NamedTuple):
    """Items that match lines from one on: the furthest line that was taken, and what slots hold; ``lacks`` required ones."""

    end: int
    held: dict[str, str]
    taken: dict[int, int]
    lacks: int
    hidden: tuple[int, ...]


def cut(lines: Sequence[Line], layout: Layout) -> Cut | None:
    """The records of a text; None where the layout finds fewer than two."""
    head, foot = layout.head, layout.foot
    timed = next((n for n, item in enumerate((*foot, *head)) if "time" in item.slots), None)
    if timed is None:
        return None
    items = (*foot, *head)
    anchor = items[timed]
    found: list[tuple[int, _Match, _Match, dict[str, str]]] = []
    candidates = refused = floor = 0
    for n, line in enumerate(lines):
        if not line.times or n < floor or (held := anchor.match(line)) is None:
            continue
        candidates += 1
        up = _matched(lines, n - 1, -1, list(reversed(list(enumerate(items[:timed])))), held, boundary=len(foot))
        down = _matched(lines, n + 1, 1, list(enumerate(items[timed + 1 :], timed + 1)), {**held, **up.held}, boundary=len(foot))
        own_up, own_down = _own(items, len(foot), timed, up, down)
        if own_up or own_down:
            refused += 1
            continue
        found.append((n, up, down, held))
        floor = down.end + 1
    if len(found) < 2:
        return None
    return _records(lines, layout, timed, found, refused)


def _own(items: tuple[Item, ...], boundary: int, timed: int, up: _Match, down: _Match) -> tuple[int, int]:
    """How many required lines of the anchor's own part are lacking above and below it."""
    own = range(boundary, len(items)) if timed >= boundary else range(boundary)
    lacking = [n for n in own if not items[n].optional and n != timed and n not in up.taken and n not in down.taken]
    return sum(1 for n in lacking if n < timed), sum(1 for n in lacking if n > timed)


def _matched(
    lines: Sequence[Line], at: int, step: int, items: Sequence[tuple[int, Item]], known: dict[str, str], boundary: int
) -> _Match:
    """The lines from one on that items match in their order."""
    held, taken, hidden = dict[str, str](), dict[int, int](), list[int]()
    end, lacks = at - step, 0
    for place, (number, item) in enumerate(items):
        while number < boundary and step < 0 and 0 <= at < len(lines) and _counts(lines[at]):
            hidden.append(lines[at].number)
            end, at = at, at + step
        said = item.match(lines[at], known.get("author") or held.get("author")) if 0 <= at < len(lines) else None
        if said is not None and item.optional and "answers" in item.slots:
            # A name may be the author's: it is the answered one's only where the rest fits better without it.
            rest, here = items[place + 1 :], {**known, **held}
            without, with_it = (_matched(lines, each, step, rest, here, boundary) for each in (at, at + step))
            if (with_it.lacks, -len(with_it.taken)) >= (without.lacks, -len(without.taken)):
                said = None
        if said is not None:
            for slot, value in said.items():
                held.setdefault(slot, value)
            taken[number] = at
            end, at = at, at + step
        elif not item.optional:
            lacks = sum(1 for _, each in items[place:] if not each.optional)
            break
    return _Match(end, held, taken, lacks, tuple(hidden))


def _counts(line: Line) -> bool:
    return bool(MORE.match(line.text) or _COUNT.fullmatch(line.text.lower()))


def _records(
    lines: Sequence[Line], layout: Layout, timed: int, found: list[tuple[int, _Match, _Match, dict[str, str]]], refused: int
) -> Cut:
    foot = layout.foot
    at_foot = timed < len(foot)
    last_line = lines[-1].number + 1
    starts = [up.end for _, up, _, _ in found]
    ends = [down.end for _, _, down, _ in found]
    records: list[Record] = []
    if not at_foot:
        for n, (at, up, down, held) in enumerate(found):
            head = [taken for number, taken in up.taken.items() if number >= len(foot)]
            first = min([at, *head])
            values = {**{slot: value for slot, value in up.held.items()}, **down.held, **held}
            stop = starts[n + 1] if n + 1 < len(found) else _end(lines, ends[n] + 1, foot)
            body = (ends[n] + 1, stop)
            hidden = found[n + 1][1].hidden if n + 1 < len(found) else ()
            records.append(_record(lines, first, values, body, hidden))
        rest = _end(lines, ends[-1] + 1, foot)
        below = _behind(lines, rest, foot)
        return Cut(records=tuple(records), above=records[0].first, below=below, refused=refused)
    opening = _first(lines, starts[0], layout, {down.held.get("author", "") for _, _, down, _ in found})
    for n, (_, up, _, held) in enumerate(found):
        begin, values = (opening if n == 0 else (min([ends[n - 1], *found[n - 1][2].taken.values()]), found[n - 1][2].held))
        below_head = (begin + (1 if values else 0)) if n == 0 else ends[n - 1] + 1
        first = begin if n == 0 else min(found[n - 1][2].taken.values(), default=ends[n - 1] + 1)
        own = {**{slot: value for slot, value in values.items() if slot in ("author", "answers")}, **{s: v for s, v in up.held.items() if s != "author"}, **held}
        records.append(_record(lines, first, own, (below_head, starts[n]), ()))
    below = lines[ends[-1]].number + 1 if not found[-1][2].taken else lines[min(found[-1][2].taken.values())].number
    return Cut(records=tuple(records), above=records[0].first, below=min(below, last_line), refused=refused)


def _record(lines: Sequence[Line], first: int, held: dict[str, str], body: tuple[int, int], hidden: tuple[int, ...]) -> Record:
    start = lines[body[0]].number if body[0] < len(lines) and body[0] < body[1] else 0
    stop = lines[body[1] - 1].number + 1 if body[0] < body[1] else 0
    return Record(first=lines[first].number, column=lines[first].column, held=held, body=(start, stop), hidden=hidden)


def _first(lines: Sequence[Line], stop: int, layout: Layout, authors: set[str]) -> tuple[int, dict[str, str]]:
    """Where the first record begins whose head is not told by a time: at a known name, or at the only line that may be one."""
    names = [n for n in range(stop) if any(item.match(lines[n]) is not None for item in layout.head if "author" in item.slots)]
    known = [n for n in names if lines[n].text in authors]
    leading = [n for n in names if n == 0]
    at = known[0] if known else leading[0] if leading and stop > 1 and 1 not in names else None
    if at is None:
        return 0, {}
    held = next(said for item in layout.head if "author" in item.slots and (said := item.match(lines[at])) is not None)
    return at, held


def _end(lines: Sequence[Line], start: int, foot: tuple[Item, ...]) -> int:
    """Where the words of the last record end: at its foot, or with the text."""
    needed = [item for item in foot if not item.optional]
    if needed:
        for at in range(start, len(lines)):
            if _walk(lines, at, foot) is not None:
                return at
    return len(lines)


def _behind(lines: Sequence[Line], at: int, foot: tuple[Item, ...]) -> int:
    """The line of the dump behind the last record's foot."""
    end = _walk(lines, at, foot)
    at = at if end is None else end
    return lines[at].number if at < len(lines) else lines[-1].number + 1


def _walk(lines: Sequence[Line], at: int, foot: tuple[Item, ...]) -> int | None:
    for item in foot:
        if at < len(lines) and item.match(lines[at]) is not None:
            at += 1
        elif not item.optional:
            return None
    return at
