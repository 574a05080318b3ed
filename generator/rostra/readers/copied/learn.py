"""The layout of a copied page, learned from the text itself.

A page writes all posts in the same way: around every time the same kinds of lines come in the same order.  Lines with
times and the same wording are *anchors*; the lines between two of them are read from both ends, and lines that recur
belong to the page.  This is wrapper induction over one list of records (RoadRunner, Crescenzi et al. 2001; MDR, Liu et
al. 2003).  Of several layouts, the one that explains the most lines with the fewest of its own is chosen (minimum
description length).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.anchors import FEWEST, anchor_groups, label
from rostra.readers.copied.around import is_legal
from rostra.readers.copied.candidates import Learned, with_names, with_post_times
from rostra.readers.copied.dates import DAYS, without_days
from rostra.readers.copied.gaps import ANSWERING, Side
from rostra.readers.copied.known import common_notices
from rostra.readers.copied.layout import DumpLine, PageLayout, Template, TemplateLine
from rostra.readers.copied.line_keys import Gap, usual_lines
from rostra.readers.copied.names import SENTENCE, length_in_words
from rostra.readers.copied.notices import notices_of, without_notices
from rostra.readers.copied.openings import opening_head
from rostra.readers.copied.word_tokens import NEARLY_ALL, line_tokens
from rostra.readers.copied.wording import Wording, worded
from rostra.readers.text.furniture import COUNT, FURNITURE, SORTED
from rostra.system.lazy_regex import late

SAMPLE = 400
"""The most posts from which a layout is learned: more posts add nothing."""
COST = 1.5
"""How many lines an item of a layout must explain to be useful."""
EMPTY = 2.0
"""How many lines a post without text costs a layout."""
CERTAIN = 2
"""By how much the evidence for a head must exceed that for a foot, or the reverse."""
LACKING = 2
"""How many words and marks of the other anchors a line of the page around the thread lacks at least."""
APART = 0.8
"""The least share of the anchors with more space above than below (or the reverse) at which space separates posts."""

_OTHER_TIME = late(
    r"\b(?:joined|member since|registered|edited|last|updated|modified|since|until|dabei|registriert|seit|depuis|desde|inscrit)\b",
    re.IGNORECASE,
)
"""Words beside a time that is not the post's."""
_VOTES = late(r"upvote|arrow-up|points?\b|votes?\b|likes?\b|▲|↑|👍|score", re.IGNORECASE)


def learned_layouts(lines: Sequence[DumpLine], notices: tuple[str, ...] | None = None) -> Iterator[Learned]:
    """Yield the layouts that a text may have; ``notices`` are patterns of lines that belong to no post, if not the common ones."""
    notices = common_notices() if notices is None else notices
    lines = without_notices(lines, notices_of(lines, PageLayout(templates=(), notices=notices)))
    posts = without_days(lines)
    ways = ((lines, ()),) if posts is lines else ((lines, ()), (posts, DAYS))
    for shown, days in ways:
        found = (each for anchors in anchor_groups(shown) for each in _of_group(shown, anchors))
        for each in with_post_times(found):
            yield each._replace(layout=replace(each.layout, notices=notices, days=days))


def _of_group(lines: Sequence[DumpLine], group: list[int]) -> Iterator[Learned]:
    """Yield the layouts whose anchors are these lines, with names beside the times or in lines of their own."""
    group = _without_page(lines, group)
    sample = [lines[n] for n in group[:SAMPLE]]
    wording = worded(sample)
    if wording and ANSWERING.search(wording.item.pattern.partition("{author}")[0]):
        # The name beside the time is that of the person who is answered.
        pattern = wording.item.pattern.replace("{author}", "{answers}")
        yield from filter(None, [_learned(lines, group, Wording(TemplateLine(pattern), [None] * len(sample)))])
        return
    found = _learned(lines, group, wording) if wording else None
    other = worded(sample, named=False) if wording is None or "author" in wording.item.slots else None
    yield from with_names(found, _learned(lines, group, other) if other else None)


def _without_page(lines: Sequence[DumpLine], group: list[int]) -> list[int]:
    """Return the anchors without those at the ends that lack words of nearly all others: "Opened 3 years ago" is above a thread."""
    tokens = [frozenset(line_tokens(lines[n].masked).tokens) for n in group[:SAMPLE]]
    held = Counter(token for each in tokens for token in each)
    usual = frozenset(token for token, count in held.items() if count >= NEARLY_ALL * len(tokens))
    first = 0
    while first < len(tokens) and len(usual - tokens[first]) >= LACKING:
        first += 1
    last = len(group)
    while last > first and len(usual - tokens[last - 1] if last <= len(tokens) else ()) >= LACKING:
        last -= 1
    return group[first:last]


def _learned(lines: Sequence[DumpLine], group: list[int], wording: Wording) -> Learned | None:
    if _OTHER_TIME.search(re.sub(r"\{\?[^}]*\}+", "", wording.item.pattern)):
        return None
    # A line of a post's text that contains a time is no anchor.
    good = [n for n, at in enumerate(group) if wording.item.match(lines[at]) is not None]
    anchors, names = [group[n] for n in good], [wording.names[n] for n in good if n < SAMPLE]
    if len(anchors) < FEWEST:
        return None
    # A line that has a time itself is no label of the time below it.
    labels = {"" if lines[n - 1].times else label(lines[n - 1]) for n in anchors[1:]}
    if len(labels) == 1 and _OTHER_TIME.search(labels.pop()):
        return None
    named = "author" in wording.item.slots
    above, below = _sides(lines, anchors[:SAMPLE], names[:SAMPLE], named=named)
    opening = opening_head(lines, anchors[0], {name for name in names if name}) if named else None
    empty = sum(1 for a, b in zip(above.at, below.at, strict=True) if a < b)
    circle = _Circle(tuple(_scored([*reversed(above.items), wording.item, *below.items])), len(above.items))
    template, is_certain = _split(lines, [opening.at, *anchors] if opening else anchors, circle)
    share = len(anchors) / min(len(anchors), SAMPLE)
    score = share * (min(len(anchors), SAMPLE) + above.taken + below.taken - EMPTY * empty) - COST * len(circle.items)
    # If each post has two times, the one with more different values is the post's.
    different = len({lines[n].times for n in anchors}) / len(anchors)
    own = _own_names(template, anchors, above, below)
    times = {n: lines[n].times for n in anchors[:SAMPLE]}
    templates = (*([_opening(template, opening.item)] if opening else []), template)
    return Learned(PageLayout(templates=templates), score + different, is_certain, own, times)


def _opening(template: Template, anchor: TemplateLine) -> Template:
    """Return the template of the opening post, whose anchor is worded differently."""
    items = list(template.items)
    items[template.anchor] = anchor
    return replace(template, items=tuple(items), role="opening")


def _own_names(template: Template, anchors: Sequence[int], above: Side, below: Side) -> dict[int, str]:
    """Return the author of each anchor; a name between two anchors may belong to either."""
    named = next((n for n, item in enumerate(template.items) if "author" in item.slots), template.body)
    timed = template.anchor
    # The text of the post may be between its time and the name that is found from there.
    next_below, next_above = named < template.body < timed, not timed < template.body < named
    found = {anchors[n + next_above]: name for n, name in enumerate(above.authors or ()) if name}
    return found | {anchors[n + next_below]: name for n, name in enumerate(below.authors or ()) if name}


def _sides(lines: Sequence[DumpLine], anchors: list[int], names: list[str | None], *, named: bool) -> tuple[Side, Side]:
    """Return the lines of the page above all anchors but the first, and below all but the last."""
    gaps = [Gap(a + 1, b) for a, b in pairwise(anchors)]
    common = usual_lines(lines, gaps)
    below = Side(lines, [gap.first for gap in gaps], [gap.last for gap in gaps], 1, common)
    above = Side(lines, [gap.last - 1 for gap in gaps], [gap.first - 1 for gap in gaps], -1, common)
    if named:
        above.authors, below.authors = names[1:], names[:-1]
    above.extend(named=named)
    below.ends = [at + 1 for at in above.at]
    if above.authors and not named:
        below.authors = [None, *above.authors[:-1]]
    below.extend(named=named or above.authors is not None)
    above.ends = [at - 1 for at in below.at]
    if not named:
        if below.authors and not above.authors:
            above.authors = [*below.authors[1:], None]
        above.extend(named=above.authors is not None or below.authors is not None)
    return above, below


class _Circle(NamedTuple):
    """The lines of the page from the text of one post to that of the next; the time is in item ``timed``."""

    items: tuple[TemplateLine, ...]
    timed: int

    @property
    def author(self) -> int:
        """The index of the item with the author; the number of items if there is none."""
        return next((n for n, item in enumerate(self.items) if "author" in item.slots), len(self.items))


def _split(lines: Sequence[DumpLine], anchors: list[int], circle: _Circle) -> tuple[Template, bool]:
    """Split the lines between two posts into the foot of one and the head of the next; return also whether that is certain."""
    items, timed = circle.items, circle.timed
    ends = _TextEnds.of(lines, anchors, circle)
    for_head, for_foot = _evidence(lines, anchors, circle, ends)
    begins = timed < circle.author < len(items) and _begins(lines, anchors, circle)
    for_foot += 2 * begins
    is_certain = abs(for_foot - for_head) >= CERTAIN
    if for_foot <= for_head:
        at = _foot(ends, lines[anchors[0] - ends.above.lines : anchors[0]], circle)
        is_certain &= at <= circle.author
    elif timed < circle.author < len(items):
        # The name below the time belongs to the same post, or begins the next one.
        at_end, at_top = ends.is_named(circle), _is_headed(ends.before, items[circle.author :])
        at_end &= not (at_top and begins)
        at = timed + 1 + len(ends.below.taken) if at_end and not at_top else circle.author
        is_certain &= at_end != at_top
    else:
        at = timed + 1 + len(ends.below.taken)
    return Template(items=(*items[at:], BODY, *items[:at])), is_certain


def _is_headed(before: Sequence[DumpLine], head: Sequence[TemplateLine]) -> bool:
    """Whether a head is above the text of the first post."""
    runs = (_matching(before, n, 1, head) for n in range(len(before)))
    return any(run.complete and run.end < len(before) for run in runs)


def _begins(lines: Sequence[DumpLine], anchors: list[int], circle: _Circle) -> bool:
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


class _TextEnds(NamedTuple):
    """The two ends of the text: the items that match above the first anchor and below the last, and the lines beyond."""

    above: _MatchedItems
    before: Sequence[DumpLine]
    below: _MatchedItems
    after: Sequence[DumpLine]

    @classmethod
    def of(cls, lines: Sequence[DumpLine], anchors: list[int], circle: _Circle) -> _TextEnds:
        above = _matching(lines, anchors[0] - 1, -1, circle.items[: circle.timed][::-1])
        below = _matching(lines, anchors[-1] + 1, 1, circle.items[circle.timed + 1 :])
        return cls(above, lines[: above.end + 1], below, lines[below.end :])

    def is_named(self, circle: _Circle) -> bool:
        """Whether the name is also below the last time."""
        return circle.author - circle.timed - 1 in self.below.taken


def _evidence(lines: Sequence[DumpLine], anchors: list[int], circle: _Circle, ends: _TextEnds) -> tuple[int, int]:
    """Return the evidence that times are in heads of posts, and the evidence that they are in feet.

    Above the first post of a page there is only a head, below the last one only a foot.  A page separates a head from
    the post above it, and puts buttons below a post.  Heads are far commoner.
    """
    own = [item for item in circle.items[: circle.timed] if not item.is_open]
    words = [
        line
        for line in ends.after[:1]
        if not (FURNITURE.match(line.masked) or is_legal(line.text) or any(i.match(line) for i in own))
    ]
    beside = ends.before[-1:]
    spoken = any(_is_prose(line) for line in beside)
    counted = any(COUNT.match(line.text) or SORTED.match(line.text) or FURNITURE.match(line.text) for line in beside)
    # The first line of the page below a post is below the last post too.
    ended = bool(own) and any(own[0].match(line) is not None for line in ends.after)
    begun = bool(own) and not ended and ends.above.complete
    buttons = any(FURNITURE.match(item.pattern) or "buttons" in item.slots for item in circle.items[circle.timed + 1 :])
    spaced = _spaced(lines, anchors, circle)
    called = any(item.pattern.endswith(":") for item in circle.items if {"author", "time"} & set(item.slots))
    cut_short = circle.timed < circle.author < len(circle.items) and not ends.is_named(circle)
    # A sentence on one side alone is the text of the first post or of the last one.
    said_below, said_above = (any(SENTENCE.search(line.text) for line in each) for each in (words, beside))
    for_head = (
        2 * (said_below > said_above)
        + 1
        + 2 * (not spoken)
        + 2 * counted
        + 3 * ended
        + 2 * max(0, -spaced)
        + 2 * called
        + bool(words)
    )
    for_foot = (
        2 * (said_above > said_below)
        + 3 * (not words)
        + spoken
        + begun
        + (buttons and not ended)
        + 2 * max(0, spaced)
        + 3 * cut_short
    )
    return for_head, for_foot


BODY = TemplateLine("{body}")


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


def _spaced(lines: Sequence[DumpLine], anchors: list[int], circle: _Circle) -> int:
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
            signs.append(1 if up.end + 2 + inside.index(most) > n else -1)
        else:
            signs.append(0)
    return next((sign for sign in (2, 1, -1, -2) if signs and signs.count(sign) >= APART * len(signs)), 0)


def _is_prose(line: DumpLine) -> bool:
    return length_in_words(line.text) > 5 and bool(SENTENCE.search(line.text))


def _foot(ends: _TextEnds, first: Sequence[DumpLine], circle: _Circle) -> int:
    """Return how many items of the circle belong to the foot if the time is in the head."""
    foot = 0
    last = min(circle.author, circle.timed)
    for n, item in enumerate(circle.items[:last]):
        if item.is_open and item.slots != ("number",):
            break
        if any(item.match(line) is not None for line in ends.after):
            foot = n + 1
    # A line that is not above the first post is not part of the head.
    top = [*ends.before[-len(circle.items) :], *first]
    while foot < last and not any(circle.items[foot].match(line) is not None for line in top):
        foot += 1
    return foot


def _scored(items: Sequence[TemplateLine]) -> Iterator[TemplateLine]:
    """Yield the items; the number beside a word for votes becomes the score."""
    for n, item in enumerate(items):
        beside = (*items[max(0, n - 1) : n], *items[n + 1 : n + 2])
        voted = any(_VOTES.search(each.pattern) for each in beside)
        if item.pattern == "{number}" and voted and not any("{score}" in each.pattern for each in items):
            item = replace(item, pattern="{score}")
        yield item
