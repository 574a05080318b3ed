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

from msgspec.structs import replace

from rostra.readers.copied.known import common_notices
from rostra.readers.copied.layout import DumpLine, PageLayout, Template, TemplateLine
from rostra.readers.copied.learning.anchors import FEWEST, anchor_groups, label
from rostra.readers.copied.learning.beside_names import ANSWERING
from rostra.readers.copied.learning.candidates import Learned, with_names, with_post_times
from rostra.readers.copied.learning.first_heads import with_first_head
from rostra.readers.copied.learning.gaps import extend
from rostra.readers.copied.learning.inline_bodies import inline_body
from rostra.readers.copied.learning.line_keys import Gap, usual_lines, with_answered
from rostra.readers.copied.learning.openings import opening_head
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.learning.splits import Circle, split
from rostra.readers.copied.learning.word_tokens import NEARLY_ALL, RARELY, line_tokens
from rostra.readers.copied.learning.wording import Wording, worded
from rostra.readers.copied.names import folded_name, length_in_words
from rostra.readers.copied.page.notices import notices_of, without_notices
from rostra.readers.copied.page_words import any_of
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.dates import DAYS, separate, without_days
from rostra.system.lazy_regex import late

SAMPLE = 400
"""The most posts from which a layout is learned: more posts add nothing."""
COST = 1.5
"""How many lines an item of a layout must explain to be useful."""
EMPTY = 2.0
"""How many lines a post without text costs a layout."""
LOOSE = 0.2
"""The share of its value that an anchor loses for each part with any words: with two of them it matches any line with a time."""
SPOKEN = 8
"""The most words of the page behind a time."""
BRIEF = 2
"""The most words of the page behind a time that end in a full stop."""
LACKING = 2
"""How many words and marks of the other anchors a line of the page around the thread lacks at least."""

ABOVE = 2
"""The most lines of the page above the posts that are worded as anchors are."""

_OTHER_TIME = late(lambda: any_of("other_times"), re.IGNORECASE)
"""Words beside a time that is not the post's."""
_CHANGE = late(lambda: rf"^(?:{any_of('edited')}) by \{{author\}}", re.IGNORECASE)
"""The beginning of a line about the time of a change: in the history of an issue, each post is a change."""
_ENDED = late(r"(?<!\W\w)[.!?…。！？]['\"”»)]?$")
"""The end of a sentence; an initial, "Ada W.", is none."""
_FIGURES = late(r"\d+")
_VOTES = late(lambda: rf"{any_of('votes')}|arrow-up|▲|↑|👍", re.IGNORECASE)


def learned_layouts(lines: Sequence[DumpLine], notices: tuple[str, ...] | None = None) -> Iterator[Learned]:
    """Yield the layouts that a text may have; ``notices`` are patterns of lines that belong to no post, if not the common ones."""
    notices = common_notices() if notices is None else notices
    lines = without_notices(lines, notices_of(lines, PageLayout(templates=(), notices=notices)))
    posts = without_days(lines)
    ways: tuple[tuple[Sequence[DumpLine], tuple[str, ...]], ...] = ((lines, ()), (posts, DAYS))
    if posts is lines or separate(lines):
        ways = ways[posts is not lines :][:1]
    for shown, days in ways:
        found = (each for anchors in anchor_groups(shown) for each in _of_group(shown, anchors))
        for each in with_post_times(found):
            yield each._replace(layout=replace(each.layout, notices=notices, days=days))


def _of_group(lines: Sequence[DumpLine], group: list[int]) -> Iterator[Learned]:
    """Yield the layouts whose anchors are these lines, with names beside the times or in lines of their own."""
    group = _without_page(lines, group)
    sample = [lines[n] for n in group[:SAMPLE]]
    if inline := inline_body(sample):
        # Lines with a text may be longer than those by which they were found.
        every = [n for n in range(group[0], len(lines)) if lines[n].times and inline.item.match(lines[n]) is not None]
        yield from filter(None, [_learned(lines, every, Wording(inline.item, _authors(lines, every, inline.item)))])
        return
    wording = worded(sample)
    if wording is None and len(said := [n for n in group if not _speaks(lines[n])]) >= NEARLY_ALL * len(group):
        # A few sentences of posts with times in them hide what the other lines have in common.
        group, sample = said, [lines[n] for n in said[:SAMPLE]]
        wording = worded(sample)
    if wording and len(own := _with_accounts(lines, group, wording.item)) < len(group):
        group, sample = own, [lines[n] for n in own[:SAMPLE]]
        wording = worded(sample)
    wording = wording and wording._replace(item=_numbered(sample, wording.item))
    if wording and ANSWERING.search(wording.item.pattern.partition("{author}")[0]):
        # The name beside the time is that of the person who is answered.
        pattern = wording.item.pattern.replace("{author}", "{answers}")
        yield from filter(None, [_learned(lines, group, Wording(TemplateLine(pattern), [None] * len(sample)))])
        return
    found = _learned(lines, group, wording) if wording else None
    other = worded(sample, named=False) if wording is None or "author" in wording.item.slots else None
    if wording and other and all((name or "@").startswith("@") for name in wording.names):
        # Beside accounts, names may be in lines of their own.
        other = Wording(
            replace(wording.item, pattern=wording.item.pattern.replace("{author}", "{handle}")), other.names
        )
    yield from with_names(found, _learned(lines, group, other) if other else None)


def _with_accounts(lines: Sequence[DumpLine], group: list[int], item: TemplateLine) -> list[int]:
    """Return the anchors; if nearly all have an account, "@ada", only those: the others tell what somebody did."""
    marked = [n for n in group if ((item.match(lines[n]) or {}).get("author") or "").startswith("@")]
    return marked if len(marked) >= NEARLY_ALL * len(group) else group


def _authors(lines: Sequence[DumpLine], anchors: Sequence[int], item: TemplateLine) -> list[str | None]:
    """Return the name in each of the first anchors."""
    return [(item.match(lines[n]) or {}).get("author") for n in anchors[:SAMPLE]]


def _numbered(lines: Sequence[DumpLine], item: TemplateLine) -> TemplateLine:
    """Return the item; a number that counts the posts becomes the number of the post."""
    if "{number}" not in item.pattern or "{id}" in item.pattern:
        return item
    other = replace(item, pattern=item.pattern.replace("{number}", "{id}", 1))
    held = [found for line in lines if item.match(line) is not None for found in [other.match(line)]]
    ids = [int(found["id"]) for found in held if found and "id" in found]
    steps = [b - a for a, b in pairwise(ids)]
    counted = len(steps) >= FEWEST and min(steps) > 0 and steps.count(1) >= NEARLY_ALL * len(steps)
    return other if counted and None not in held else item


def _without_page(lines: Sequence[DumpLine], group: list[int]) -> list[int]:
    """Return the anchors without those at the ends that differ: "Opened 3 years ago" is above a thread.

    They lack words of nearly all others, or a number in the time, as the links "today" and "this week" of a page do.
    """
    figures = [any(map(str.isdecimal, "".join(lines[n].times))) for n in group[:SAMPLE]]
    links = figures.index(True) if True in figures else 0
    group = group[links:] if sum(figures) >= NEARLY_ALL * (len(figures) - links) else group[:]
    tokens = [frozenset(line_tokens(lines[n].masked).tokens) for n in group[:SAMPLE]]
    for at in (0, -1):
        # One line at an end has other words than all others: "Best of today".
        others = {*tokens[1:]} if at == 0 else {*tokens[:-1]}
        if FEWEST < len(group) <= SAMPLE and len(others) == 1 and tokens[at] not in others:
            del group[at], tokens[at]
    # In a short thread, a few lines at the ends hide what the others have in common.
    middle = tokens[ABOVE:-ABOVE] if len(tokens) >= FEWEST + 2 * ABOVE else tokens
    held = Counter(token for each in middle for token in each)
    usual = frozenset(token for token, count in held.items() if count >= NEARLY_ALL * len(middle))
    first = 0
    while first < len(tokens) and len(usual - tokens[first]) >= LACKING:
        first += 1
    last = len(group)
    while last > first and len(usual - tokens[last - 1] if last <= len(tokens) else ()) >= LACKING:
        last -= 1
    return group[first:last]


def _learned(lines: Sequence[DumpLine], group: list[int], wording: Wording) -> Learned | None:
    said = re.sub(r"\{\?[^}]*\}+", "", wording.item.pattern)
    sample = [lines[n] for n in group[:SAMPLE]]
    if "{any}" in wording.item.pattern and _own_words(sample) >= RARELY * len(sample):
        return None
    is_change = _CHANGE.search(said) is not None
    if _OTHER_TIME.search(said) and not is_change:
        return None
    # A line of a post's text that contains a time is no anchor.
    good = [n for n, at in enumerate(group) if wording.item.match(lines[at]) is not None]
    anchors, names = [group[n] for n in good], [wording.names[n] for n in good if n < SAMPLE]
    shown = anchors[: len(names)]
    if len(shown) < FEWEST:
        return None
    # A line that has a time itself is no label of the time below it.
    labels = {"" if lines[n - 1].times else label(lines[n - 1]) for n in anchors[1:]}
    if len(labels) == 1 and _OTHER_TIME.search(labels.pop()):
        return None
    named = "author" in wording.item.slots
    spoken = "body" in wording.item.slots
    above, below = _sides(lines, shown, names, named=named, spoken=spoken)
    opening = opening_head(lines, anchors[0], wording.item, set(filter(None, names))) if named else None
    empty = 0 if spoken else sum(1 for a, b in zip(above.at, below.at, strict=True) if a < b)
    items = with_answered([*reversed(above.items), wording.item, *below.items])
    circle = Circle(tuple(_scored(items)), len(above.items))
    template, is_certain = split(lines, [opening.at, *anchors] if opening else anchors, circle)
    if above_posts := _above_posts(lines, shown, template):
        first = good[above_posts]
        further = _authors(lines, group[SAMPLE : SAMPLE + first], wording.item)
        return _learned(lines, group[first:], Wording(wording.item, [*wording.names[first:], *further]))
    own = _own_names(template, anchors, above, below)
    people = Counter(folded_name(name) for n, name in own.items() if n != anchors[0])
    template = with_first_head(lines, anchors[0], template, people)
    share = len(anchors) / len(shown)
    told = len(shown) * (1 - LOOSE * wording.item.pattern.count("{any}")) + above.taken + below.taken - EMPTY * empty
    score = share * told - COST * len(circle.items)
    # If each post has two times, the one with more different values is the post's.
    different = len({lines[n].times for n in anchors}) / len(anchors)
    times = {n: lines[n].times for n in shown}
    templates = (*([_opening(template, opening.item)] if opening else []), template)
    return Learned(PageLayout(templates=templates), score + different, is_certain, own, times, is_change)


def _above_posts(lines: Sequence[DumpLine], anchors: Sequence[int], template: Template) -> int:
    """Return how many of the first anchors belong to the page above the posts: they alone lack a line with words of the page."""
    gaps = [lines[a + 1 : b] for a, b in pairwise(anchors)]
    page = [item for item in template.items if not item.is_open and not item.slots]
    held = [[any(item.match(line) is not None for line in gap) for gap in gaps] for item in page]
    most = 0
    for item, has in zip(page, held, strict=True):
        first = has.index(True) if item.optional and True in has else 0
        if first <= ABOVE and _is_usual(has[first:]):
            # What has the other lines of the page that nearly all posts have is a post with a rank of its own.
            others = [each[:first] for each in held if each is not has and _is_usual(each[first:])]
            most = max(most, 0 if others and all(map(all, others)) else first)
    return most


def _is_usual(has: Sequence[bool]) -> bool:
    """Whether enough posts are known, and nearly all of them have a line."""
    return len(has) >= FEWEST and sum(has) >= NEARLY_ALL * len(has)


def _speaks(line: DumpLine) -> bool:
    """Whether a line has a sentence or so many words behind its time that they are a person's."""
    behind = line.masked.rpartition(TIME)[2]
    return length_in_words(behind) > (BRIEF if _ENDED.search(behind) else SPOKEN)


def _own_words(lines: Sequence[DumpLine]) -> int:
    """Return how many lines have people's words behind their times; what several lines have there is the page's, as a title."""
    said = Counter(_FIGURES.sub("0", line.masked.rpartition(TIME)[2]) for line in lines if _speaks(line))
    return sum(count == 1 for count in said.values())


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


def _sides(
    lines: Sequence[DumpLine], anchors: list[int], names: list[str | None], *, named: bool, spoken: bool
) -> tuple[Side, Side]:
    """Return the lines of the page above all anchors but the first, and below all but the last."""
    gaps = [Gap(a + 1, b) for a, b in pairwise(anchors)]
    common = usual_lines(lines, gaps)
    below = Side(lines, [gap.first for gap in gaps], [gap.last for gap in gaps], 1, common)
    above = Side(lines, [gap.last - 1 for gap in gaps], [gap.first - 1 for gap in gaps], -1, common)
    above.spoken = below.spoken = spoken
    if named:
        above.authors, below.authors = names[1:], names[:-1]
    extend(above, named=named)
    below.ends = [at + 1 for at in above.at]
    if above.authors and not named:
        below.authors = [None, *above.authors[:-1]]
    extend(below, named=named or above.authors is not None)
    above.ends = [at - 1 for at in below.at]
    if not named:
        if below.authors and not above.authors:
            above.authors = [*below.authors[1:], None]
        extend(above, named=above.authors is not None or below.authors is not None)
    return above, below


def _scored(items: Sequence[TemplateLine]) -> Iterator[TemplateLine]:
    """Yield the items; the number beside a word for votes becomes the score."""
    for n, item in enumerate(items):
        beside = (*items[max(0, n - 1) : n], *items[n + 1 : n + 2])
        voted = any(_VOTES.search(each.pattern) for each in beside)
        if item.pattern == "{number}" and voted and not any("{score}" in each.pattern for each in items):
            item = replace(item, pattern="{score}")
        yield item
