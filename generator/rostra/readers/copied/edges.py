"""Lines of the page at the edges of posts' words, which a learned layout lacks: too few posts have them for `gaps`.

Once a text is cut, the first and the last line of all posts' words can be compared.  Such a line is the page's where
many people's words begin or end with it, where empty lines set it apart from the words as they set apart the page's
lines of the other posts, or where it consists of words of the page and the name of somebody who writes ("Reply to Ada").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import DumpLine, PageLayout, TemplateLine
from rostra.readers.copied.line_keys import line_key, shown
from rostra.readers.copied.names import BADGE, LETTER, SENTENCE, folded_name, is_name
from rostra.readers.copied.records import CutText, PostRecord
from rostra.readers.copied.word_tokens import DIFFERENT, NEARLY_ALL
from rostra.readers.copied.wording import EDITED
from rostra.system.lazy_regex import late

ROUNDS = 4
"""Lines that one edge may have, at most."""
SEVERAL = 4
"""Posts with such a line, at least: three people may say the same."""
FEWEST = 5
"""Other posts that show what the first lacks, at least."""
ALIKE = 0.15
"""Share of the posts whose words begin or end with the same line, for it to be the page's wherever it is."""
BLOCK = 4
"""Lines of the page at an edge that an empty line sets apart from the words, at most."""
LONGEST = 60
"""Code points of such a line at most."""
_BRACKETED = late(r"[(\[（【][^()\[\]（）【】]+[)\]）】]")
_GUESS = late(r"^[>＞]|:$|：$")
"""How a quotation begins, and how the line above it ends: no line of the page."""


class _Edge(NamedTuple):
    """A line at an edge of a post's words."""

    line: DumpLine
    author: str
    apart: bool
    """Whether an empty line is between it and the words, near it, and none between it and the page's lines."""
    open: bool
    """Whether an empty line is between it and the page's lines."""


def with_edges(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """The text cut by its layout and the lines of the page at the edges of posts' words."""
    for _ in range(ROUNDS):
        items = {
            top: list(_items(_edges(lines, found.records, top=top), found.records, top=top)) for top in (True, False)
        }
        layout = _with(found.layout, items[True], items[False])
        again = cut(lines, layout) if items[True] or items[False] else None
        if again is None or len(again.records) < len(found.records):
            return found
        found = again
    return found


def without_page_above(lines: Sequence[DumpLine], found: CutText) -> CutText:
    """The text without a first record that is the page's: it lacks lines that the others have, and says nothing."""
    first, *others = found.records
    if len(others) < FEWEST or first.complete or sum(each.complete for each in others) < NEARLY_ALL * len(others):
        return found
    within = [line.text for line in lines if first.body[0] <= line.number < first.body[1]]
    if any(len(text) > LONGEST or SENTENCE.search(text) for text in (*within, first.lead or "", first.tail or "")):
        return found
    return replace(found, records=tuple(others), above=others[0].first)


def _with(layout: PageLayout, top: Sequence[TemplateLine], bottom: Sequence[TemplateLine]) -> PageLayout:
    """The layout with more lines above and below the words."""
    (own,) = layout.templates
    at = own.body
    items = (*own.items[:at], *top, own.items[at], *bottom, *own.items[at + 1 :])
    return replace(layout, templates=(replace(own, items=items),))


def _edges(lines: Sequence[DumpLine], records: Sequence[PostRecord], *, top: bool) -> list[_Edge]:
    """The first or the last line of each post's words; a post of one line has none."""
    numbers = [line.number for line in lines]
    edges = []
    for record in records:
        first, last = (bisect_left(numbers, at) for at in record.body)
        if last - first < 2 or record.lead or record.tail:
            continue
        at = first if top else last - 1
        # The line of the page beside it is above the top, and below the bottom.
        outer = lines[at].space if top else lines[last].space if last < len(lines) else 1
        within = lines[first + 1 : min(last, first + 1 + BLOCK)] if top else lines[max(first + 1, last - BLOCK) : last]
        author = folded_name(record.held.get("author", ""))
        edges.append(_Edge(lines[at], author, apart=not outer and any(line.space for line in within), open=bool(outer)))
    return edges


def _items(edges: Sequence[_Edge], records: Sequence[PostRecord], *, top: bool) -> Iterator[TemplateLine]:
    """The lines of the page among the edges, as patterns."""
    groups: dict[str, list[_Edge]] = {}
    for edge in edges:
        if len(edge.line.masked) <= LONGEST:
            groups.setdefault(line_key(edge.line, edge.author), []).append(edge)
    people = {folded_name(record.held["author"]) for record in records if "author" in record.held}
    yield from _answering(edges, people, top=top)
    for key, group in groups.items():
        # Who is named is quoted or answered.
        named = len(group) > 1 and any(name in key for name in people)
        if not named and (_is_page(key, group, edges, len(records)) or (top and _is_personal(key, group, edges))):
            yield TemplateLine(shown(key), optional=True)


def _is_page(key: str, group: Sequence[_Edge], edges: Sequence[_Edge], total: int) -> bool:
    """Whether a line that recurs is nobody's words."""
    if len(group) < 2 or _GUESS.search(key):
        return False
    people = {edge.author for edge in group}
    if ((_BRACKETED.fullmatch(key) or EDITED.search(key)) and len(people) > 1) or BADGE.fullmatch(key):
        return True
    others = [edge for edge in edges if not any(edge is each for each in group)]
    if all(edge.apart for edge in group) and sum(e.open or e.apart for e in others) >= NEARLY_ALL * len(others):
        return not any(SENTENCE.search(edge.line.masked) for edge in group)
    # A count may end in a point: "1 Like reaction."
    end = "." if key.startswith("0 ") else ""
    spoken = any(SENTENCE.search(edge.line.masked.removesuffix(end)) for edge in group)
    return len(people) >= DIFFERENT and len(group) >= max(SEVERAL, ALIKE * total) and not spoken


def _is_personal(key: str, group: Sequence[_Edge], edges: Sequence[_Edge]) -> bool:
    """Whether a line is above all words of one author, such as a rank."""
    (author, *others) = {edge.author for edge in group}
    always = len(group) == sum(edge.author == author for edge in edges)
    return bool(author) and not others and always and len(group) >= DIFFERENT and is_name(key)


def _answering(edges: Sequence[_Edge], people: set[str], *, top: bool) -> Iterator[TemplateLine]:
    """Yield the lines that name somebody who writes, beside words of the page or, above a post's words, alone."""
    worded: dict[str, set[str]] = {}
    posts: dict[str, int] = {}
    for edge in edges:
        name = next((name for name in _endings(edge.line.masked) if name.casefold() in people), None)
        before = edge.line.masked[: -len(name)] if name else ""
        if (
            (LETTER.search(before) or (name == edge.line.masked and top))
            and not _GUESS.search(before.strip())
            and len(before) <= LONGEST
        ):
            worded.setdefault(before.casefold(), set()).add(folded_name(name or ""))
            posts[before.casefold()] = posts.get(before.casefold(), 0) + 1
    for before, names in worded.items():
        if len(names) > 1 and posts[before] >= DIFFERENT and not SENTENCE.search(before):
            who = "any" if EDITED.search(before) else "answers"
            yield TemplateLine(f"{shown(before)}{{{who}}}", optional=True)


def _endings(text: str) -> Iterator[str]:
    """The ends of a line that may be a name, the longest first; a sign such as "@" is no part of it."""
    words = text.split(" ")
    return chain.from_iterable((" ".join(words[at:]), " ".join(words[at:]).lstrip("@")) for at in range(len(words)))
