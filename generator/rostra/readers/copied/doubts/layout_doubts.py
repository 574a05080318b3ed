"""Decide whether the names that a layout finds can be trusted.

A wrong author is worse than none, so each doubt has its threshold below, and a layout with a doubt names nobody.  The
doubts are not one measure: of pages cut at random places, most wrong readings fit all posts, and many right ones miss some.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rostra.readers.copied.doubts.name_doubts import EXCHANGEABLE, are_exchangeable, doubts_of
from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.learning.beside_names import ANSWERING
from rostra.readers.copied.learning.profile_lines import have_ranks
from rostra.readers.copied.learning.word_tokens import NEARLY_ALL
from rostra.readers.copied.names import SENTENCE, is_name, length_in_words
from rostra.readers.copied.records import CutText, PostRecord
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.edited import EDITED

LACKING = 0.1
"""The share of the records, plus one record, that may lack required lines: the person who copied may have cut one off."""
REFUSED = 0.1
"""The most lines per post with times as in anchors that begin no post: with more, posts are missed.

Such a line above the first post is the page's."""
SPOKEN = 0.8
"""The least share of the posts that have text: a layout that is off by one line leaves many posts empty."""
UNKNOWN = 0.5
"""The share of the posts without a name above which a known layout is that of another page."""
STRAY = 0.15
"""The most lines per post within bodies that consist of a time: with more, they are posts of another kind."""
WORDS = 0.5
"""The share of the different titles with one word from which they may be names."""
BRIEF = 60
"""The most code points of such a line."""


def layout_doubts(found: CutText, lines: Sequence[DumpLine]) -> Iterator[str]:
    """Yield the reasons why the names that a layout finds may be wrong."""
    records = found.records
    total = len(records)
    posts = [record for record in records if record.template.role != "opening"]
    if sum(not record.complete for record in records) > 1 + LACKING * total:
        yield "many posts lack lines that the others have"
    if sum(line > records[0].first for line in found.refused) > REFUSED * total:
        yield "many lines have a time, as posts do, but begin none"
    if sum(record.speaks for record in posts) < SPOKEN * len(posts):
        yield "many posts would be empty"
    if omits_unmarked(found, lines):
        yield "a short last line of a post looks like the name above the next one"
    unknown = sum(record.template.names_authors and "author" not in record.held for record in records)
    if found.layout.is_known and unknown > UNKNOWN * total:
        yield "the known layout finds no names in most posts"
    worded = found.layout.is_known and not any(
        each.is_open for one in found.layout.templates for each in one.items if "author" in each.slots
    )
    if not worded:
        yield from doubts_of([record.held["author"] for record in records if "author" in record.held])
    if _titles_recur(records):
        yield "what may be the titles of posts recurs more than the names do, as names would"
    if not found.layout.name and _titles_are_words(records):
        yield "what may be the titles of posts are mostly single words, as names are"
    if not found.layout.name and are_exchangeable(*_names_and_texts(records, lines)):
        yield EXCHANGEABLE
    stray = stray_times(lines, records)
    # The last post may contain the page below the posts.
    if sum(n < records[-1].first for n in stray) > STRAY * total:
        yield "lines within posts consist of a time, as if posts of another kind began there"


def _titles_recur(records: Sequence[PostRecord]) -> bool:
    """Whether what is taken for titles may be names, and recurs more than the names: each review has a title of its own."""
    titled = [each.held for each in records if {"author", "title"} <= each.held.keys()]
    if have_ranks([(held["title"], held["author"]) for held in titled]):
        return True
    titles, names = {held["title"] for held in titled}, {held["author"] for held in titled}
    return 1 < len(titles) < len(names) and sum(map(is_name, titles)) >= NEARLY_ALL * len(titles)


def _titles_are_words(records: Sequence[PostRecord]) -> bool:
    """Whether what a learned layout takes for titles may be names, with ranks or places below them."""
    titles = {each.held["title"] for each in records if {"author", "title"} <= each.held.keys()}
    return len(titles) > 1 and sum(length_in_words(each) == 1 for each in titles) >= WORDS * len(titles)


def _names_and_texts(records: Sequence[PostRecord], lines: Sequence[DumpLine]) -> tuple[list[str], list[str]]:
    numbers = [line.number for line in lines]
    texts = (lines[slice(*(bisect_left(numbers, at) for at in each.body))] for each in records)
    return [each.held.get("author", "") for each in records], ["\n".join(line.text for line in each) for each in texts]


def omits_unmarked(found: CutText, lines: Sequence[DumpLine]) -> bool:
    """Whether names are on lines of their own and the page omits some of them without space in their place."""
    beside = any(
        "author" in each.held and "author" not in each.template.items[each.template.anchor].slots
        for each in found.records
        if each.template.role != "same"
    )
    omitted = {each.first for each in found.records if each.template.role == "same"}
    return beside and any(line.number in omitted and not line.space for line in lines)


def stray_times(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> list[int]:
    """Return the lines within bodies that consist of a time."""
    numbers = [line.number for line in lines]
    bodies = (lines[slice(*(bisect_left(numbers, at) for at in record.body))] for record in records)
    pairs = (pair for inside in bodies for pair in pairwise((None, *inside)))
    return [line.number for above, line in pairs if line and _says_when(line, above)]


def _says_when(line: DumpLine, above: DumpLine | None) -> bool:
    """Whether a line within a body may be the head of a post: it has a time, and is no sentence, attribution or value of a label."""
    if above and above.masked.endswith((":", "：")):
        return False
    # "Ada wrote: 4 March" is above a quotation; what is behind the time may be whom the post answers.
    before = line.masked.partition(TIME)[0]
    told = ":" in before or line.masked.endswith((":", "：")) or ANSWERING.search(line.masked)
    brief = bool(line.times) and len(line.masked) <= BRIEF and not told
    beside = line.masked.replace(TIME, "").strip()
    return brief and (not SENTENCE.search(beside) or is_name(beside)) and not EDITED.search(line.masked)
