"""Find lines of the page at the edges of bodies, which a learned layout lacks: too few posts have them for `gaps`.

Once a text is cut, the first lines of all bodies can be compared, and the last lines.  Such a line belongs to the page
if the bodies of many people begin or end with it, if blank lines separate it from the body as they separate lines of
the page from other bodies, or if it consists of words of the page and the name of an author ("Reply to Ada").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import DumpLine, PageLayout, Template, TemplateLine
from rostra.readers.copied.learning.beside_names import ANSWERING
from rostra.readers.copied.learning.line_keys import NUMBER_KEY, OWN, line_key, shown, with_answered
from rostra.readers.copied.learning.shared_edges import QUOTED
from rostra.readers.copied.learning.word_tokens import DIFFERENT, NEARLY_ALL
from rostra.readers.copied.names import BADGE, LETTER, OWNED, SENTENCE, WORDS, folded_name, is_name
from rostra.readers.copied.page_words import any_of
from rostra.readers.copied.records import CutText, PostRecord
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.edited import EDITED
from rostra.system.lazy_regex import late

ROUNDS = 4
"""The most lines of the page at one edge."""
SEVERAL = 4
"""The fewest posts that end with such a line."""
RANKED = 2
"""The fewest posts of one author with the same line above them, if the page shows ranks elsewhere."""
FEWEST = 5
"""The fewest other posts that show what the first one lacks."""
ALIKE = 0.15
"""The least share of the posts whose bodies begin or end with the same line at which it belongs to the page."""
WORDED = 2
"""The fewest words beside the author's own name and a time of a line of the page: a signature has fewer."""
BLOCK = 4
"""The most lines of the page at an edge that a blank line separates from the body."""
LONGEST = 60
"""The most code points of such a line."""
_BRACKETED = late(r"[(\[（【][^()\[\]（）【】]+[)\]）】]")
_DOING = late(lambda: rf"(?:{any_of('doing')})\s*@?$", re.IGNORECASE)
"""The end of words before the name of somebody who did something, such as "Liked by": nobody is answered."""
_WORD = late(r"[^\W\d_]+")
_FIGURES = late(r"\d+")
_SLOT = late(r"\{\w+\}")
_GUESS = late(r"^[>＞]|:$|：$")
"""The beginning of a quotation, or the end of the line above one: these lines do not belong to the page."""


class _Edge(NamedTuple):
    """The first or the last line of a body."""

    line: DumpLine
    author: str
    apart: bool
    """Whether a blank line near it separates it from the body, and none separates it from lines of the page."""
    open: bool
    """Whether a blank line separates it from lines of the page."""
    inner: DumpLine | None
    """The line beside it, towards the middle of the body, if that is not the only other line."""


def with_edges(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """Return the text cut by its layout and the lines of the page at the edges of bodies."""
    found = _with_answered(lines, found)
    for _ in range(ROUNDS):
        # A line that the layout has already is not added again.
        own = {item for each in found.layout.templates for item in each.items}
        items = {
            top: [
                item
                for item in _items(_edges(lines, found.records, top=top), found.records, top=top)
                if item not in own
            ]
            for top in (True, False)
        }
        layout = _with(found.layout, items[True], items[False])
        again = cut(lines, layout) if items[True] or items[False] else None
        if again is None or len(again.records) < len(found.records):
            return found
        found = again
    return found


def _with_answered(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """Return the text; if many posts answer one person, the name in "In reply to Ada" seems to be a word of the page."""
    people = {folded_name(record.held["author"]) for record in found.records if "author" in record.held}

    def answering(item: TemplateLine) -> TemplateLine:
        said = ANSWERING.search(item.pattern) if not item.slots else None
        if said is None or folded_name(item.pattern[said.end() :].strip()) not in people:
            return item
        return replace(item, pattern=f"{item.pattern[: said.end()]} {{answers}}")

    templates = tuple(replace(each, items=tuple(map(answering, each.items))) for each in found.layout.templates)
    if templates == found.layout.templates:
        return found
    again = cut(lines, replace(found.layout, templates=templates))
    return again if again is not None and len(again.records) >= len(found.records) else found


def without_page_above(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """Return the text without first records that belong to the page: they lack lines that others have, and have no sentence."""
    first = next((n for n, each in enumerate(found.records) if each.complete), 0)
    others = found.records[first:]
    if len(others) < FEWEST or not first or sum(each.complete for each in others) < NEARLY_ALL * len(others):
        return found
    while first and _says_something(lines, found.records[first - 1]):
        first -= 1
    return replace(found, records=found.records[first:], above=found.records[first].first)


def _says_something(lines: Sequence[DumpLine], record: PostRecord) -> bool:
    """Whether a record has a sentence, and a foot below it, or a name if there is a place for one."""
    within = [line.text for line in lines if record.body[0] <= line.number < record.body[1]]
    spoken = any(
        len(text) > LONGEST or SENTENCE.search(text) for text in (*within, record.lead or "", record.tail or "")
    )
    own = record.template
    return spoken and ("author" in record.held or not own.names_authors or not own.has_timed_head)


def _with(layout: PageLayout, top: Sequence[TemplateLine], bottom: Sequence[TemplateLine]) -> PageLayout:
    """Return the layout with more lines directly above and below the body, and those about changes below the time."""
    changes = [item for item in top if EDITED.search(item.pattern)]
    top = [item for item in top if item not in changes]
    templates = []
    for own in layout.templates:
        at, timed = own.body, own.anchor + 1 if own.has_timed_head else own.body
        head = (*own.items[:timed], *changes, *own.items[timed:at], *top)
        items = (*head, own.items[at], *bottom, *own.items[at + 1 :])
        templates.append(replace(own, items=tuple(with_answered(items))))
    return replace(layout, templates=tuple(templates))


def _edges(lines: Sequence[DumpLine], records: Sequence[PostRecord], *, top: bool) -> list[_Edge]:
    """Return the first or the last line of each body; a body of one line has none."""
    numbers = [line.number for line in lines]
    edges = []
    for record in records:
        first, last = (bisect_left(numbers, at) for at in record.body)
        if last - first < 2 or record.lead or record.tail:
            continue
        at = first if top else last - 1
        # The line of the page beside the edge is above it at the top, and below it at the bottom.
        outer = lines[at].space if top else lines[last].space if last < len(lines) else 1
        within = lines[first + 1 : min(last, first + 1 + BLOCK)] if top else lines[max(first + 1, last - BLOCK) : last]
        author = folded_name(record.held.get("author", ""))
        apart = not outer and any(line.space for line in within)
        inner = lines[at + 1 if top else at - 1] if last - first > 2 else None
        edges.append(_Edge(lines[at], author, apart=apart, open=bool(outer), inner=inner))
    return edges


def _items(edges: Sequence[_Edge], records: Sequence[PostRecord], *, top: bool) -> Iterator[TemplateLine]:
    """Yield the lines of the page among the edges, as patterns."""
    groups: dict[str, list[_Edge]] = {}
    for edge in edges:
        if len(edge.line.masked) <= LONGEST:
            groups.setdefault(line_key(edge.line, edge.author), []).append(edge)
    people = {folded_name(record.held["author"]) for record in records if "author" in record.held}
    yield from _answering(edges, people, top=top)
    if not top:
        yield from _counted(edges, people)
    ranked = top and any(map(_has_ranks, {record.template for record in records}))
    rows = {_words(item.pattern) for each in records[:1] for item in each.template.foot if not top}
    for key, group in groups.items():
        # A row of buttons, some with numbers: "Agree 2 Disagree" where other posts have "Agree Disagree".
        if len(words := _words(key)) > 1 and words in rows and not SENTENCE.search(key):
            yield TemplateLine(shown(key), optional=True)
            continue
        # A line with the name of an author may quote or answer that person.
        named = len(group) > 1 and any(name in key for name in people)
        if not named and (
            _is_page(key, group, edges, len(records), top=top)
            or (top and _is_personal(key, group, edges, RANKED if ranked else DIFFERENT))
        ):
            yield TemplateLine(shown(key), optional=True)


def _has_ranks(template: Template) -> bool:
    """Whether words of the page that only some posts have are between the name and the body."""
    below = template.head[template.anchor + 1 :]
    return any(item.optional and not item.slots and LETTER.search(item.pattern) for item in below)


def _counted(edges: Sequence[_Edge], people: set[str]) -> Iterator[TemplateLine]:
    """Yield two lines below texts of different people, of which one or both have a number: "👍" and below it "2".

    Two people may end with the same line, but hardly with the same two.
    """
    groups: dict[tuple[str, str], set[str]] = {}
    for edge in edges:
        pair = tuple(line_key(line, edge.author) for line in (edge.inner, edge.line) if line and _is_brief(line))
        numbers = [key == NUMBER_KEY or "0" in key for key in pair]
        counted = len(pair) == 2 and any(numbers) and set(pair) != {NUMBER_KEY}
        if counted and not any(name in key for name in people for key in pair):
            groups.setdefault((pair[0], pair[1]), set()).add(edge.author)
    # A word that somebody writes without a number below it is a person's.
    alone = {line_key(edge.line, edge.author) for edge in edges}
    for keys, authors in groups.items():
        if len(authors) > 1 and not (LETTER.search(keys[0]) and keys[0] in alone):
            yield from (TemplateLine(shown(key), optional=True) for key in keys)


def _is_brief(line: DumpLine) -> bool:
    text = line.masked
    return len(text) <= LONGEST and not SENTENCE.search(text) and not _GUESS.search(text) and not QUOTED.match(text)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a line, without its numbers."""
    return tuple(_WORD.findall(_SLOT.sub(" ", text).casefold()))


def _is_page(key: str, group: Sequence[_Edge], edges: Sequence[_Edge], total: int, *, top: bool) -> bool:
    """Whether a line that recurs belongs to the page."""
    if EDITED.search(key) and (_BRACKETED.fullmatch(key) or (top and EDITED.fullmatch(key))):
        return True
    if (
        len({edge.author for edge in group}) > 1
        and OWN in key
        and TIME in key
        and len(_WORD.findall(key)) >= WORDED
        and not SENTENCE.search(key)
    ):
        return True
    if len(group) < 2 or _GUESS.search(key):
        return False
    people = {edge.author for edge in group}
    if ((_BRACKETED.fullmatch(key) or EDITED.search(key)) and len(people) > 1) or BADGE.fullmatch(key):
        return True
    others = [edge for edge in edges if not any(edge is each for each in group)]
    if all(edge.apart for edge in group) and sum(e.open or e.apart for e in others) >= NEARLY_ALL * len(others):
        return not any(SENTENCE.search(edge.line.masked) for edge in group)
    # A count may end in a full stop: "1 Like reaction."
    end = "." if key.startswith("0 ") else ""
    spoken = any(SENTENCE.search(edge.line.masked.removesuffix(end)) for edge in group)
    # Three people may end with the same words, but hardly begin with the same line, or write the same beside a number.
    least = DIFFERENT if top or "0" in key else SEVERAL
    return len(people) >= DIFFERENT and len(group) >= max(least, ALIKE * total) and not spoken


def _is_personal(key: str, group: Sequence[_Edge], edges: Sequence[_Edge], least: int) -> bool:
    """Whether a line, such as a rank, is above all bodies of one author, ``least`` or more."""
    (author, *others) = {edge.author for edge in group}
    always = len(group) == sum(edge.author == author for edge in edges)
    return bool(author) and not others and always and len(group) >= least and is_name(key)


def _answering(edges: Sequence[_Edge], people: set[str], *, top: bool) -> Iterator[TemplateLine]:
    """Yield the lines with the name of an author and words of the page, or at the ``top`` of a body the name alone."""
    worded: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        before, name, behind = _around_name(edge.line.masked, people)
        words = f"{before}{behind}"
        said = LETTER.search(before) or (not words and top)
        # "Replying to Ada:" introduces no quotation.
        guess = _GUESS.search(before.strip()) or (_GUESS.search(behind) and not (top and ANSWERING.search(before)))
        if name and said and len(words) <= LONGEST and not guess:
            key = (before.casefold(), _FIGURES.sub("0", behind.casefold()))
            worded.setdefault(key, []).append(folded_name(name))
    for (before, behind), names in worded.items():
        if (
            len(set(names)) > 1
            and len(names) >= DIFFERENT
            and not SENTENCE.search(f"{before}{behind}".removesuffix(":"))
        ):
            who = "any" if EDITED.search(before) or _DOING.search(before) else "answers"
            # The number of the answered post may be behind the name.
            behind = shown(behind).replace("#{number}", "#{answered}", 1)
            yield TemplateLine(f"{shown(before)}{{{who}}}{behind}", optional=True)


def _around_name(text: str, people: set[str]) -> tuple[str, str, str]:
    """Return a line's words before the name of an author, the name, and the words behind it; all empty if it has no name.

    Of several names the longest at the last place counts, without "@" before it and "'s" or a colon behind it.
    """
    words = text.split(" ")
    for end in range(len(words), 0, -1):
        for begin in range(max(0, end - WORDS), end):
            name = OWNED.sub("", " ".join(words[begin:end]).removesuffix(":")).lstrip("@")
            if name.casefold() in people:
                before = " ".join([*words[:begin], ""]) + "@" * words[begin].startswith("@")
                return before, name, text[len(before) + len(name) :]
    return "", "", ""
