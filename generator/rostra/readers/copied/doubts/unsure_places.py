"""Find names that are identified by their place alone, where the lines beside that place are not those of other posts.

A page may write another line in the place of a name: the topic of the posts below, a rank below the name, or a heading
in the first post.  Such a name counts if its bearer is also named where nothing is unusual.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rostra.readers.copied.blocks import by_place
from rostra.readers.copied.doubts.name_doubts import HONORIFIC
from rostra.readers.copied.layout import DumpLine, Template, TemplateLine
from rostra.readers.copied.learning.line_keys import may_name
from rostra.readers.copied.learning.word_tokens import DIFFERENT, NEARLY_ALL
from rostra.readers.copied.names import WORDS, folded_name, is_badge, without_rank
from rostra.readers.copied.records import PostRecord, unnamed
from rostra.readers.copied.slots import TIME
from rostra.readers.copied.times.edited import EDITED
from rostra.system.lazy_regex import late

PLAIN = 0.5
"""The greatest share of the names without an honorific at which it is a rank that lacks it, and no name."""
SLOT = late(r"\{\w+\}")
LETTERS = late(r"[^\W\d_]+")
_ADDRESSED = late(r"(?<!\w)@(\w[\w.-]*\w)")
_BRACKETED = late(r"[(（].*[)）]")
NEAR = 4
"""The most lines from the first line of a head to the name."""
USUAL = 0.8
"""The least share of the posts with a line beside the name at which a post without it is unusual."""
RARE = 0.3
"""The greatest share of the posts with a line above the name at which a post with it is unusual."""


def without_unsure_places(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Iterator[PostRecord]:
    """Yield the records; unnamed where the lines beside the name are unusual and nothing else confirms it."""
    named = {n: folded_name(each.held["author"]) for n, each in enumerate(records) if "author" in each.held}
    unusual = _unusual(lines, records)
    # Another name of a person is in brackets below the account.
    unusual |= {n for n, name in named.items() if _BRACKETED.fullmatch(name)}
    # A page that writes an honorific behind names does so behind all of them.
    plain = {n for n, name in named.items() if not HONORIFIC.search(name)}
    if len(plain) <= PLAIN * len(named):
        unusual |= plain
    sure = {name for n, name in named.items() if n not in unusual}
    for n, record in enumerate(records):
        yield unnamed(record) if n in unusual and named[n] not in sure else record


def _unusual(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> set[int]:
    """Return the records with a name by place alone and unusual lines beside it."""
    numbers = [line.number for line in lines]
    people = Counter(_person(each.held["author"]) for each in records if "author" in each.held)
    # Somebody who is addressed in a text is a person, too.
    said = (line.text for line in lines if " " in line.text)
    people.update({folded_name(word) for text in said for word in _ADDRESSED.findall(text)} - people.keys())
    found: set[int] = set()
    groups: dict[Template, list[int]] = {}
    for n, record in enumerate(records):
        groups.setdefault(record.template, []).append(n)
    for template, which in groups.items():
        if not any(item.is_open and "author" in item.slots for item in template.items):
            continue
        named = [n for n in which if "author" in records[n].held]
        firsts = {n: bisect_left(numbers, records[n].first) for n in named}
        lacking = {n for n in named if not _has(_beside(template), _head(lines, numbers, firsts[n], records[n]))}
        if len(named) - len(lacking) >= USUAL * len(named):
            found |= lacking
        below = {n for n in named if firsts[n] and _has(_bars(template), lines[firsts[n] - 1 : firsts[n]])}
        if len(below) <= RARE * len(named):
            found |= below
        page = {item.pattern.casefold() for item in template.items if not (item.slots or item.optional)}
        # A line of the page is in the place of a name that is cut off.
        found |= {n for n in named if records[n].held["author"].casefold() in page}
        found |= set(_joined(lines, firsts, records))
        found |= set(_always_below(template, lines, firsts, records))
        found |= {n for n in named if _is_contradicted(lines, firsts[n], records[n], people)}
        found |= set(_rarely_answering(template, {n: records[n] for n in named}, people))
    return found


def _joined(lines: Sequence[DumpLine], firsts: Mapping[int, int], records: Sequence[PostRecord]) -> Iterator[int]:
    """Yield the records whose name has no space above it, where nearly all others have some: a line of the post above may be in its place.

    The page above the first post may end without space.
    """
    spaced = {}
    for n, first in firsts.items():
        name = folded_name(records[n].held["author"])
        near = (line for line in lines[first : first + NEAR] if folded_name(line.text) == name)
        if n and (line := next(near, None)):
            spaced[n] = line.space > 0
    if sum(spaced.values()) >= NEARLY_ALL * len(spaced):
        yield from (n for n, apart in spaced.items() if not apart)


def _always_below(
    template: Template, lines: Sequence[DumpLine], firsts: Mapping[int, int], records: Sequence[PostRecord]
) -> Iterator[int]:
    """Yield the records with a name that is several times below one of those lines and never without it: "Expert" above "Cars, trains"."""
    for bar in _bars(template):
        below = {n for n, first in firsts.items() if first and bar.match(lines[first - 1]) is not None}
        often = Counter(_person(records[n].held["author"]) for n in below)
        elsewhere = {_person(records[n].held["author"]) for n in firsts.keys() - below}
        if elsewhere:
            yield from (
                n for n in below if often[who := _person(records[n].held["author"])] > 1 and who not in elsewhere
            )


def _rarely_answering(template: Template, records: Mapping[int, PostRecord], people: Counter[str]) -> Iterator[int]:
    """Yield the records with a name above that of an answered person, if too few such names are those of people.

    A button or a rank above a name may look like a person who answers another.
    """
    answering = [n for n, each in records.items() if "answers" in each.held and any(map(by_place, template.head))]
    if sum(people[_person(records[n].held["author"])] > 1 for n in answering) < DIFFERENT:
        yield from answering


def _is_contradicted(lines: Sequence[DumpLine], first: int, record: PostRecord, people: Counter[str]) -> bool:
    """Whether a name occurs once, and its post has no text, or somebody who writes elsewhere is named next to it or on the line of the time."""
    own = _person(record.held["author"])
    if people[own] > 1:
        return False
    if not record.speaks:
        return True
    anchor = record.template.items[record.template.anchor]
    timed = next((lines[n].masked for n in range(first, len(lines)) if anchor.match(lines[n]) is not None), "")
    words = timed.replace(TIME, f" {TIME} ").split() if "answers" not in record.held else []
    beside = {
        folded_name(" ".join(words[at : at + count])) for count in range(1, WORDS + 1) for at in range(len(words))
    }
    # Of two names, one above the other, the lower one is perhaps no answered person, but the author below a line of the page.
    near = {first - 1} if "answers" in record.held else {first - 1, first + 1}
    said = range(*record.body)
    beside |= {folded_name(lines[n].text) for n in near if 0 <= n < len(lines) and lines[n].number not in said}
    return not people.keys().isdisjoint(beside - {own})


def _person(name: str) -> str:
    """Return a name folded for comparison, without the rank after it."""
    return folded_name(without_rank(name))


def _head(lines: Sequence[DumpLine], numbers: Sequence[int], first: int, record: PostRecord) -> Sequence[DumpLine]:
    return (
        lines[first : bisect_left(numbers, record.body[0])]
        if record.body[0] > record.first
        else lines[first : first + 1]
    )


def _has(items: Sequence[TemplateLine], lines: Sequence[DumpLine]) -> bool:
    return any(item.match(line) is not None for item in items for line in lines)


def _beside(template: Template) -> list[TemplateLine]:
    """Return the optional lines of the page directly below the name."""
    at = next(n for n, item in enumerate(template.items) if item.is_open and "author" in item.slots)
    found: list[TemplateLine] = []
    for item in template.items[at + 1 :]:
        if not item.optional or item.is_open:
            break
        found.append(item)
    return found


def _bars(template: Template) -> list[TemplateLine]:
    """Return the optional lines of the foot that may be names, as topics may, but no buttons or ranks."""
    # A button may also have a number: "Helpful", "Helpful (3)".
    counted = {_words(item) for item in template.foot if item.slots}
    return [
        item
        for item in template.foot
        if item.optional
        and not item.slots
        and _words(item) not in counted
        and may_name(item.pattern)
        and not is_badge(item.pattern)
        and not EDITED.search(item.pattern)
    ]


def _words(item: TemplateLine) -> str:
    """Return the words of a line of the page."""
    return " ".join(LETTERS.findall(SLOT.sub(" ", item.pattern)))
