"""Choose the layout by which a text is read, and leave its names out if they cannot be trusted.

The layout of the card is used if there is one; otherwise known layouts are tried, then layouts learned from the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.readers.copied.by_hand import layout_of
from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.doubtful_lines import SHOWN, may_begin
from rostra.readers.copied.doubts.extended_names import without_extended_names
from rostra.readers.copied.doubts.inner_feet import inner_feet, may_hold_another
from rostra.readers.copied.doubts.layout_doubts import BRIEF, layout_doubts, stray_times
from rostra.readers.copied.doubts.rare_ranks import with_ranks
from rostra.readers.copied.doubts.rated_names import without_ratings
from rostra.readers.copied.doubts.repeated_posts import without_quoted_posts
from rostra.readers.copied.doubts.unsure_places import without_unsure_places
from rostra.readers.copied.known import anywhere, common_notices, given_away
from rostra.readers.copied.layout import DumpLine, PageLayout
from rostra.readers.copied.learning.anchors import FEWEST
from rostra.readers.copied.learning.candidates import Learned
from rostra.readers.copied.learning.edges import with_edges, without_page_above
from rostra.readers.copied.learning.inline_names import begins_with_names, with_inline_names
from rostra.readers.copied.learning.learn import COST, EMPTY, LOOSE, learned_layouts
from rostra.readers.copied.names import folded_name
from rostra.readers.copied.page.changes import changes
from rostra.readers.copied.page.events import events
from rostra.readers.copied.page.repeated_notices import repeated_notices
from rostra.readers.copied.page.reply_titles import without_reply_marks
from rostra.readers.copied.records import CutText, PostRecord, unnamed
from rostra.readers.copied.times.dates import without_months
from rostra.readers.copied.times.edited_lines import as_unedited
from rostra.readers.dumps.dump import Dump

UNSURE = "it is not clear whether names are above posts or below them"
NAMED = 0.1
"""How many lines each different name costs a layout: names of people recur more than other lines do."""
CUT = 3
"""How many learned layouts, the best first, are tried on the text."""
_NOTICES = (repeated_notices, events, changes)
"""What finds lines of the page between posts."""


class LayoutReading(Struct, frozen=True, kw_only=True):
    """A text cut by a layout: ``value`` is the number of explained lines less the cost, ``doubts`` the reasons to name nobody."""

    cut: CutText
    value: float
    doubts: tuple[str, ...] = ()
    stray: tuple[int, ...] = ()
    """Lines within posts that consist of a time, as heads do."""
    feet: tuple[int, ...] = ()
    """Lines within posts that other posts have below their text."""


def best_reading(lines: Sequence[DumpLine], text: str, given: PageLayout | None = None) -> LayoutReading | None:
    """Return the best reading of a text; None if no layout finds posts in it."""
    lines = without_months(lines)
    if given is not None:
        by_hand = cut(lines, given)
        return LayoutReading(cut=by_hand, value=_value(by_hand)) if by_hand else None
    known = [known for each in given_away(text) if (known := _reading(lines, each)) is not None]
    sure = max((each for each in known if not each.doubts), key=lambda each: each.value, default=None)
    if sure and not _misses(sure.cut, lines):
        return sure
    own = [found for each in anywhere() if (found := _reading(lines, each)) and len(found.cut.records) >= FEWEST]
    own += (*_learned(lines), *known)
    best = _best(own)
    if best and best.doubts and best.cut.layout.is_known:
        # The page is of another site that has some of the same words.
        others = (each for each in own if not each.doubts and len(each.cut.records) >= len(best.cut.records))
        best = _best(others) or best
    if best and best.doubts and set(best.cut.layout.notices) - set(common_notices()):
        # Lines that the page writes between some posts disturb the recognition of lines that it writes with all.
        best = _best([best, *_learned(lines, best.cut.layout.notices)])
    return best


def _best(readings: Iterable[LayoutReading]) -> LayoutReading | None:
    return max(readings, key=lambda each: (each.value, not each.doubts), default=None)


def _learned(lines: Sequence[DumpLine], notices: tuple[str, ...] | None = None) -> Iterator[LayoutReading]:
    """Yield the readings by layouts learned from a text, the best first, up to one that leaves nothing open."""
    lines = as_unedited(without_reply_marks(lines))
    doubted: set[PageLayout] = set()
    different: dict[PageLayout, Learned] = {}
    for each in sorted(learned_layouts(lines, notices), key=lambda each: -each.score):
        different.setdefault(each.layout, each)
    for each in list(different.values())[:CUT]:
        if not each.is_certain:
            doubted.add(each.layout)
        if found := _reading(lines, each.layout):
            if each.layout in doubted and not begins_with_names(found.cut.layout):
                found = replace(found, doubts=(UNSURE, *found.doubts))
            yield found
            if _is_whole(found):
                return


def _is_whole(found: LayoutReading) -> bool:
    """Whether a reading leaves nothing open that another layout may explain: all posts are complete, and they have names."""
    cut = found.cut
    named = any(each.names_authors for each in cut.layout.templates)
    return named and not found.doubts and not cut.refused and all(record.complete for record in cut.records)


def _misses(found: CutText, lines: Sequence[DumpLine]) -> bool:
    """Whether a known layout may miss posts because the page changed: some text of posts contains lines with times."""
    numbers = [line.number for line in lines]
    bodies = [lines[_within(numbers, each.body)] for each in found.records]
    return bool(found.refused) or any(line.times and len(line.masked) <= BRIEF for body in bodies for line in body)


def _within(numbers: Sequence[int], body: tuple[int, int]) -> slice:
    """Return which of the sorted numbers of lines are in a body."""
    first, end = body
    return slice(bisect_left(numbers, first), bisect_left(numbers, end))


def of_dump(dump: Dump, lines: Sequence[DumpLine], text: str) -> LayoutReading | None:
    """Return the best reading of a dump's text, by the layout of its card if there is one; raise UnreadableDump."""
    if dump.layout is None:
        return best_reading(lines, text)
    found = best_reading(lines, text, layout_of(dump.layout, lines, dump.name))
    if found is None:
        message = "the card's layout finds no post in the dump"
        raise UnreadableDump(message, path=dump.name, hint="compare it with a post of the dump, line by line")
    return found


def is_sure(reading: LayoutReading | None) -> bool:
    """Whether a reading has posts with names, found by words of the page."""
    return reading is not None and (
        bool(reading.cut.layout.name) or any(each.is_page for each in reading.cut.layout.templates)
    )


def _reading(lines: Sequence[DumpLine], layout: PageLayout) -> LayoutReading | None:
    found = cut(lines, layout)
    if found is None:
        return None
    if notices := tuple(each for find in _NOTICES for each in find(lines, found.records)):
        found = cut(lines, replace(layout, notices=(*layout.notices, *notices))) or found
    if not layout.is_known and not layout.name:
        found = with_ranks(lines, found)
        found = with_edges(lines, with_inline_names(lines, found, doubted=any(layout_doubts(found, lines))))
        found = without_page_above(lines, found)
    doubts, stray = tuple(layout_doubts(found, lines)), stray_times(lines, found.records)
    feet = tuple(inner_feet(lines, found.records))
    records = tuple(without_ratings(tuple(_without_others(lines, found.records, stray, feet))))
    records = tuple(without_extended_names(lines, records))
    if not layout.is_known and not layout.name:
        records = tuple(without_quoted_posts(lines, tuple(without_unsure_places(lines, records))))
    return LayoutReading(
        cut=replace(found, records=records), value=_value(found), doubts=doubts, stray=tuple(stray), feet=feet
    )


def _without_others(
    lines: Sequence[DumpLine], records: Sequence[PostRecord], stray: Sequence[int], feet: Sequence[int]
) -> Iterator[PostRecord]:
    """Yield the records; unnamed if a foot, or somebody's name above a time, shows within the text that another post follows."""
    numbers = [line.number for line in lines]
    people = {folded_name(record.held["author"]) for record in records if "author" in record.held}
    for record in records:
        inside = stray[_within(stray, record.body)]
        above = [lines[bisect_left(numbers, n) - 1] for n in inside if n > record.body[0]]
        foot = [item for item in record.template.foot if not item.is_open]
        other = bool(feet[_within(feet, record.body)])
        other |= any(item.match(line) is not None for line in above for item in foot)
        other |= any(folded_name(line.text) in people for line in above)
        yield unnamed(record) if other else record


def _value(found: CutText) -> float:
    """Return how many lines a layout explains, less what its items cost, and less names, loose anchors, and posts that are empty or incomplete."""
    items = 0 if found.layout.is_known else sum(len(each.items) for each in found.layout.templates)
    empty = sum(1 for record in found.records if not record.speaks)
    lacking = sum(not record.complete for record in found.records)
    people = {record.held["author"] for record in found.records if "author" in record.held}
    anchors = () if found.layout.is_known else (each.template.items[each.template.anchor] for each in found.records)
    loose = sum(anchor.pattern.count("{any}") for anchor in anchors)
    cost = COST * items + NAMED * len(people) + LOOSE * loose
    return found.explained - cost - EMPTY * (empty + lacking) - len(found.refused)


def believed(reading: LayoutReading, repaired: tuple[Problem, ...]) -> tuple[CutText, tuple[Problem, ...]]:
    """Return what is certain in a reading, and the problems: if there is a doubt, nobody is named and one problem says why."""
    found = reading.cut
    refused = set(found.refused)
    stray = [line for line in reading.stray if line not in refused][:SHOWN]
    repaired = (*repaired, *(may_begin(line, found.below) for line in stray))
    # A line with a time in the same text is told already.
    timed = sorted({*reading.stray, *refused})
    untold = [each.body for each in found.records if not timed[_within(timed, each.body)]]
    feet = [line for body in untold for line in reading.feet[_within(reading.feet, body)]]
    repaired = (*repaired, *map(may_hold_another, feet[:SHOWN]))
    if not reading.doubts:
        return found, repaired
    records = tuple(map(unnamed, found.records))
    return replace(found, records=records), (*repaired, names_left_out(reading.doubts[0], found.above))


def names_left_out(doubt: str, line: int) -> Problem:
    """Return the problem that nobody is named; ``line`` is 0-based."""
    hint = "see `rostra inspect --layout`, and give the layout in the card"
    return Problem(code="unsure-names", message=f"nobody is named, since {doubt}", line=line + 1, hint=hint)
