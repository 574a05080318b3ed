"""Split the lines that a page writes between two texts into the foot of one post and the head of the next.

The same lines in the same order may be a foot and a head in several ways.  What is above the first post and below the
last one decides, and the blank lines between the lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, Template, TemplateLine
from rostra.readers.copied.names import SENTENCE, length_in_words
from rostra.readers.copied.page.around import is_legal
from rostra.readers.copied.page.titles import is_count
from rostra.readers.text.furniture import COUNT, FURNITURE, SORTED

BODY = TemplateLine("{body}")
CERTAIN = 2
"""By how much the evidence for a head must exceed that for a foot, or the reverse."""
LACKED = 6
"""What it counts for a foot that the lines between the last time and the text of a post are not all there."""
BESIDE = 4
"""How many lines above the first time are searched for the text of a post."""
APART = 0.8
"""The least share of the anchors with more space above than below (or the reverse) at which space separates posts."""

_SPACED = {-2: -6, -1: -2, 0: 0, 1: 2, 2: 6}
"""What blank lines count as evidence: if they are on one side of all times alone, no other evidence is stronger."""


class Circle(NamedTuple):
    """The lines of the page from the text of one post to that of the next; the time is in item ``timed``."""

    items: tuple[TemplateLine, ...]
    timed: int

    @property
    def author(self) -> int:
        """The index of the item with the author; the number of items if there is none."""
        return next((n for n, item in enumerate(self.items) if "author" in item.slots), len(self.items))

    @property
    def spoken(self) -> bool:
        """Whether the text of a post is on the line of its time."""
        return "body" in self.items[self.timed].slots


def split(lines: Sequence[DumpLine], anchors: list[int], circle: Circle) -> tuple[Template, bool]:
    """Split the lines between two posts into the foot of one and the head of the next; return also whether that is certain."""
    items, timed = circle.items, circle.timed
    ends = _TextEnds.of(lines, anchors, circle)
    if circle.spoken:
        at = _foot(ends, lines[anchors[0] - ends.above.lines : anchors[0]], circle)
        return Template(items=(*items[at:], *items[:at])), True
    for_head, for_foot = _evidence(lines, anchors, circle, ends)
    begins = timed < circle.author < len(items) and _begins(lines, anchors, circle)
    # Nothing begins there if the words of the page behind the name are below the last time, too.
    for_foot += 2 * (begins and not (ends.below.complete and any(map(_is_worded, items[circle.author + 1 :]))))
    is_certain = abs(for_foot - for_head) >= CERTAIN
    if for_foot > for_head and not ends.after and lines:
        # A copy that begins within a text and ends within a head looks like texts with feet, if space does not show these.
        spaced = _spaced(lines, anchors, circle)
        is_certain &= spaced > 0 or (spaced == 0 and not _is_prose(lines[0]))
    if for_foot <= for_head:
        at = _foot(ends, lines[anchors[0] - ends.above.lines : anchors[0]], circle)
        # Text directly above the first time is its post if times and names are below texts.
        is_certain &= at <= circle.author and not (timed < circle.author < len(items) and _is_told(ends.before))
    elif timed < circle.author < len(items):
        # The name below the time belongs to the same post, or begins the next one.
        at_end, at_top = ends.is_named(lines, anchors, circle), _is_headed(ends.before, items[circle.author :])
        if at_end and at_top and ends.recurs_above(lines, circle):
            at_end = ends.is_named(lines, anchors, circle, elsewhere=True)
        # Any line may look like a name; the words of the page beside it are above the first text alone.
        at_end &= not (begins or (at_top and ends.lacks_words(circle)))
        ended = not begins and _ends(lines, anchors, circle)
        at = ends.foot(circle) if ended or (at_end and not at_top) else min(circle.author, ends.foot(circle))
        is_certain &= ended or at_end != at_top
    else:
        at = ends.foot(circle)
    return Template(items=(*items[at:], BODY, *items[:at])), is_certain


def _is_told(before: Sequence[DumpLine]) -> bool:
    """Whether the line above a time may be the text of a post."""
    return bool(before) and _is_prose(before[-1])


def _is_headed(before: Sequence[DumpLine], head: Sequence[TemplateLine]) -> bool:
    """Whether a head is above the text of the first post."""
    runs = (_matching(before, n, 1, head) for n in range(len(before)))
    return any(run.complete and run.end < len(before) for run in runs)


def _begins(lines: Sequence[DumpLine], anchors: list[int], circle: Circle) -> bool:
    """Whether the name below the time has more space above it than below it, or the time has space below it alone."""
    runs = [_matching(lines, n + 1, 1, circle.items[circle.timed + 1 : circle.author + 1]) for n in anchors[:-1]]
    whole = [run.end for run in runs if run.complete and run.end < len(lines)]
    joined = sum(lines[n].space == 0 < lines[n + 1].space for n in anchors[:-1])
    if circle.timed and joined >= APART * len(runs):
        return True
    apart = sum(lines[at - 1].space > lines[at].space for at in whole)
    # A picture without a name may leave a blank line, too.
    even = sum(lines[at - 1].space == lines[at].space > 0 for at in whole)
    return apart >= APART * (len(runs) - even) and 2 * apart >= len(runs)


def _ends(lines: Sequence[DumpLine], anchors: list[int], circle: Circle) -> bool:
    """Whether the name below the time has space below it alone, so that a text begins there."""
    runs = [_matching(lines, n + 1, 1, circle.items[circle.timed + 1 : circle.author + 1]) for n in anchors[:-1]]
    whole = [(n, run.end) for n, run in zip(anchors[:-1], runs, strict=True) if run.complete and run.end < len(lines)]
    joined = sum(not any(line.space for line in lines[n + 1 : end]) and lines[end].space > 0 for n, end in whole)
    return joined >= APART * len(runs)


class _TextEnds(NamedTuple):
    """The two ends of the text: the items that match above the first anchor and below the last, and the lines beyond."""

    above: _MatchedItems
    before: Sequence[DumpLine]
    below: _MatchedItems
    after: Sequence[DumpLine]

    @classmethod
    def of(cls, lines: Sequence[DumpLine], anchors: list[int], circle: Circle) -> _TextEnds:
        above = _matching(lines, anchors[0] - 1, -1, circle.items[: circle.timed][::-1])
        below = _matching(lines, anchors[-1] + 1, 1, circle.items[circle.timed + 1 :])
        return cls(above, lines[: above.end + 1], below, lines[below.end :])

    def is_named(
        self, lines: Sequence[DumpLine], anchors: Sequence[int], circle: Circle, *, elsewhere: bool = False
    ) -> bool:
        """Whether the name is also below the last time, and ``elsewhere`` if other lines are below; a line of the page is none."""
        run = _matching(lines, anchors[-1] + 1, 1, circle.items[circle.timed + 1 : circle.author + 1])
        if circle.author - circle.timed - 1 not in run.taken:
            return False
        return not (self.after or elsewhere) or sum(line.text == lines[run.end - 1].text for line in lines) > 1

    def recurs_above(self, lines: Sequence[DumpLine], circle: Circle) -> bool:
        """Whether a line that may be the name above the first text is again elsewhere."""
        counts = Counter(line.text for line in lines)
        head = circle.items[circle.author :]
        runs = (_matching(self.before, n, 1, head) for n, line in enumerate(self.before) if counts[line.text] > 1)
        return any(run.complete and run.end < len(self.before) for run in runs)

    def lacks_words(self, circle: Circle) -> bool:
        """Whether words of the page that all posts have behind the name are not below the last time."""
        behind = range(circle.author - circle.timed, len(circle.items) - circle.timed - 1)
        needed = (n for n in behind if _is_worded(circle.items[circle.timed + 1 + n]))
        return any(n not in self.below.taken for n in needed)

    def foot(self, circle: Circle) -> int:
        """Return where the foot of a post ends if its time is there: before the first line that is not below the last time."""
        below = circle.items[circle.timed + 1 :]
        lacked = (n for n, item in enumerate(below) if not item.optional and n not in self.below.taken)
        # An optional line is more often a button of the foot than the beginning of a head.
        return circle.timed + 1 + next(lacked, len(below))


def _evidence(lines: Sequence[DumpLine], anchors: list[int], circle: Circle, ends: _TextEnds) -> tuple[int, int]:
    """Return the evidence that times are in heads of posts, and the evidence that they are in feet.

    Above the first post of a page there is only a head, below the last one only a foot.  A page separates a head from
    the post above it, and puts buttons below a post.  Heads are far commoner.
    """
    # Long: each sign of one side or the other is a line.
    own = [item for item in circle.items[: circle.timed] if not item.is_open]
    words = [
        line
        for line in ends.after[:1]
        if not (FURNITURE.match(line.masked) or is_legal(line.text) or any(i.match(line) for i in own))
    ]
    # What is above the thread and again below it belongs to the page.
    again = {line.text for line in ends.after}
    beside = ends.before[-1:]
    near = [line for line in ends.before[-BESIDE:] if line.text not in again]
    spoken = any(_is_prose(line) for line in near)
    many = len(anchors)
    counted = any(
        COUNT.match(line.text)
        or is_count(line.text, many)
        or SORTED.match(line.text)
        or FURNITURE.match(line.text)
        or line.text in again
        for line in beside
    )
    # The first line of the page below a post is below the last post too.
    ended = bool(own) and any(own[0].match(line) is not None for line in ends.after)
    begun = bool(own) and not ended and ends.above.complete
    buttons = any(FURNITURE.match(item.pattern) or "buttons" in item.slots for item in circle.items[circle.timed + 1 :])
    spaced = _SPACED[_spaced(lines, anchors, circle)]
    called = any(item.pattern.endswith(":") for item in circle.items if {"author", "time"} & set(item.slots))
    # A page shows people's pictures where their posts begin.
    pictured = any("letter" in item.slots for item in circle.items[: circle.author]) and circle.author <= circle.timed
    # A head has all its lines below the last time too, unless whoever copied the page ended there.
    lacked = circle.items[ends.foot(circle) :]
    cut_short = 0 if ends.below.complete else LACKED if ends.after else 3
    # Words of the page in the lines that a head would lack are above the first text: the next head begins with them.
    shown_above = cut_short and any(not item.is_open for item in lacked) and _is_headed(ends.before, lacked)
    # A sentence on one side alone is the text of the first post or of the last one.
    said_below, said_above = (any(SENTENCE.search(line.text) for line in each) for each in (words, near))
    for_head = (
        2 * (said_below > said_above)
        + 1
        + 2 * (not spoken)
        + 2 * counted
        + 3 * ended
        + max(0, -spaced)
        + 2 * called
        + 2 * pictured
        + bool(words)
    )
    for_foot = (
        2 * (said_above > said_below)
        + 3 * (not words)
        + spoken
        + begun
        + (buttons and not ended)
        + max(0, spaced)
        + cut_short
        + 4 * bool(shown_above)
    )
    return for_head, for_foot


class _MatchedItems(NamedTuple):
    """Items that match lines in their order: their indices, the line after them, and whether all required ones are present."""

    taken: tuple[int, ...]
    end: int
    lines: int
    complete: bool


def _matching(lines: Sequence[DumpLine], at: int, step: int, items: Sequence[TemplateLine]) -> _MatchedItems:
    taken: list[int] = []
    complete = True
    start = at
    for n, item in enumerate(items):
        if 0 <= at < len(lines) and item.match(lines[at]) is not None:
            taken.append(n)
            at += step
        elif not item.optional:
            complete = False
            break
    return _MatchedItems(tuple(taken), at, abs(at - start), complete)


def _spaced(lines: Sequence[DumpLine], anchors: list[int], circle: Circle) -> int:
    """Return what blank lines show: negative that times are in heads, positive that they are in feet, 0 nothing.

    Most space is between two posts; if lines of the page have no space between them, space separates posts.
    """
    signs: list[int] = []
    for n in anchors[1:-1]:
        up = _matching(lines, n - 1, -1, circle.items[: circle.timed][::-1])
        down = _matching(lines, n + 1, 1, circle.items[circle.timed + 1 :])
        inside = [lines[at].space for at in range(up.end + 2, min(down.end, len(lines)))]
        most = max(inside, default=0)
        above = lines[up.end + 1].space
        under = lines[down.end].space if down.end < len(lines) else 0
        if most == 0:
            # If only one side has space, the text on the other side certainly belongs to the time.
            sign = (under > above) - (under < above)
            signs.append(sign if above and under else 2 * sign)
        elif inside.count(most) == 1:
            sign = 1 if up.end + 2 + inside.index(most) > n else -1
            # If there is no other space, posts certainly are divided there.
            signs.append(2 * sign if sum(inside) == most and not above | under else sign)
        else:
            signs.append(0)
    return next((sign for sign in (2, 1, -1, -2) if signs and signs.count(sign) >= APART * len(signs)), 0)


def _is_worded(item: TemplateLine) -> bool:
    return not (item.optional or item.is_open)


def _is_prose(line: DumpLine) -> bool:
    return length_in_words(line.text) > 5 and bool(SENTENCE.search(line.text))


def _foot(ends: _TextEnds, first: Sequence[DumpLine], circle: Circle) -> int:
    """Return how many items of the circle belong to the foot if the time is in the head."""
    foot = 0
    last = min(circle.author, circle.timed)
    # Whom a post answers is above its text.
    last = next((n for n, item in enumerate(circle.items[:last]) if "answers" in item.slots), last)
    for n, item in enumerate(circle.items[:last]):
        if item.is_open and item.slots != ("number",):
            break
        if any(item.match(line) is not None for line in ends.after):
            foot = n + 1
    # Another line that is not above the first post is not part of the head.
    top = [*ends.before[-len(circle.items) :], *first]
    while foot < last and not any(circle.items[foot].match(line) is not None for line in top):
        foot += 1
    return foot
