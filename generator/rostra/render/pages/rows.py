"""Debates as lists show them: in rows, in an order, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar
from unicodedata import combining, normalize

import msgspec
from msgspec import Struct

from rostra.i18n.catalogue import Catalogue
from rostra.identity.file_names import is_device
from rostra.identity.permalinks import digest, slug
from rostra.output.writer import OutputFile
from rostra.people.badges import Siglum
from rostra.store.archive import Summary

UNDATED = "undated"
"""The address of debates of which no post carries a time."""
ROWS = 200
"""Rows of a page."""
BLOCK = 10 * ROWS
"""Rows of one file of the index that scripts sort and filter: those of so many whole pages."""
NEAR = 2
"""Pages before and after this one that are linked by number, beside the first and the last."""
JUMPS = 80
"""Letters or years that are of use as an index, at most."""
Item = TypeVar("Item")


class ListRow(Struct, frozen=True, kw_only=True):
    """A debate or a person in a list; ``href`` is its address in the site, ``siglum`` the person's mark."""

    href: str
    title: str
    facts: tuple[str, ...]
    opening: str = ""
    tags: tuple[str, ...] = ()
    siglum: Siglum | None = None


class Group(Struct, frozen=True, kw_only=True):
    """Rows below one heading, none where ``label`` is empty; ``anchor`` is its id."""

    label: str
    anchor: str
    rows: list[ListRow]


class PagerLink(Struct, frozen=True):
    """A link to another page of a list: ``path`` is its address in the site, None for the page itself or a gap."""

    label: str
    path: str | None


class ListSlice(Struct, frozen=True):
    """One page of a list: its rows, and the links to the other pages."""

    path: str
    number: int
    of: int
    start: int
    """How many rows stand on the pages before it."""
    items: Sequence[object]
    before: str | None
    after: str | None
    numbers: tuple[PagerLink, ...]


def debate_row(thread: Summary, words: Catalogue) -> ListRow:
    """One debate."""
    who = (
        words.count("%(num)s named author", "%(num)s named authors", thread.named) if thread.named else "",
        words.count("%(num)s post unnamed", "%(num)s posts unnamed", thread.unnamed) if thread.unnamed else "",
    )
    facts = (
        words.count("%(num)s post", "%(num)s posts", thread.posts),
        ", ".join(part for part in who if part),
        words.count("%(num)s quotation linked", "%(num)s quotations linked", thread.quotations)
        if thread.quotations
        else "",
        span(thread.first, thread.last, words),
        words.say("captured %(day)s", day=words.day(thread.captured)) if thread.captured else "",
    )
    return ListRow(
        href=f"debates/{thread.id}/index.html",
        title=thread.title,
        opening=thread.opening,
        facts=tuple(fact for fact in facts if fact),
        tags=thread.tags,
    )


def span(first: str | None, last: str | None, words: Catalogue) -> str:
    """From day to day; nothing where no post carries a time."""
    if not first or not last:
        return ""
    one, other = (words.day(each).replace(" ", "\N{NO-BREAK SPACE}") for each in (first, last))
    return one if one == other else f"{one} – {other}"


def row_key(thread: Summary) -> tuple[object, ...]:
    """What ``row`` depends on."""
    return (
        thread.id, thread.title, thread.opening, thread.posts, thread.named, thread.unnamed, thread.quotations,
        thread.first, thread.last, thread.captured, thread.tags,
    )  # fmt: skip


def sort_key(text: str) -> str:
    """A title or name as it is sorted: without case, accents, and signs before its first letter."""
    if not text.isascii():
        text = "".join(each for each in normalize("NFKD", text) if not combining(each))
    plain = text.casefold().strip()
    if plain[:1].isalnum():
        return plain
    at = next((n for n, each in enumerate(plain) if each.isalnum()), 0)
    return plain[at:]


def initial(text: str) -> str:
    """The letter under which it is found, ``0–9`` for digits, ``…`` for what begins with neither."""
    return heading(sort_key(text))


def heading(folded: str) -> str:
    """The same of what is ``folded`` already."""
    first = folded[:1]
    return first.upper() if first.isalpha() else "0–9" if first.isdigit() else "…"


def parts(path: str, rest: str, items: Sequence[Item], most: int = ROWS) -> Iterator[ListSlice]:
    """A list in pages: the first at ``path``, those after it in the folder ``rest``; one even of nothing."""
    of = max(1, -(-len(items) // most))

    def place(number: int) -> str:
        return path if number == 1 else f"{rest}/{number}.html"

    for number in range(1, of + 1):
        near = sorted({1, of, *range(max(1, number - NEAR), min(of, number + NEAR) + 1)}) if of > 1 else []
        numbers: list[PagerLink] = []
        for last, n in zip([0, *near], near, strict=False):
            if n > last + 1:
                numbers.append(PagerLink("…", None))
            numbers.append(PagerLink(str(n), None if n == number else place(n)))
        yield ListSlice(
            path=place(number),
            number=number,
            of=of,
            start=(number - 1) * most,
            items=items[(number - 1) * most : number * most],
            before=place(number - 1) if number > 1 else None,
            after=place(number + 1) if number < of else None,
            numbers=tuple(numbers),
        )


def grouped(items: Iterable[Item], label: Callable[[Item], str], row: Callable[[Item], ListRow]) -> list[Group]:
    """Items in their order, as rows below the labels that they have."""
    return [
        Group(label=name, anchor=anchor(name), rows=[row(item) for item in group])
        for name, group in groupby(items, key=label)
    ]


def list_files(items: Sequence[Item]) -> Iterator[tuple[int, int, Sequence[Item]]]:
    """Items as scripts fetch them to sort and filter: of each file its number, how many there are, and what it holds."""
    of = -(-len(items) // BLOCK)
    return ((number, of, items[(number - 1) * BLOCK : number * BLOCK]) for number in range(1, of + 1))


def sifted(folder: str, number: int, of: int, rows: list[tuple[object, ...]]) -> OutputFile:
    """Such a file: of each row its address, title, facts, posts, first day and what else it is found by."""
    return OutputFile(f"{folder}/list-{number}.json", msgspec.json.encode({"of": of, "rows": rows}) + b"\n")


def jumps(pages: Sequence[ListSlice], labels: Iterable[str]) -> tuple[PagerLink, ...]:
    """Where the items of each label begin, of ``labels`` one an item; none where they are too many to be of use."""
    found: dict[str, str] = {}
    for n, name in enumerate(labels):
        if name not in found:
            found[name] = f"{pages[n // ROWS].path}#{anchor(name)}"
    return tuple(PagerLink(name, path) for name, path in found.items()) if 1 < len(found) <= JUMPS else ()


def anchor(label: str) -> str:
    """The id of a label's heading."""
    return f"at-{slug(label)}"


def subject_address(label: str) -> str:
    """The last part of a year's, tag's or place's address: itself where it is plain, else with a digest."""
    if not label:
        return UNDATED
    plain = slug(label)
    kept = plain == label.replace(".", "-") and plain not in (UNDATED, "index") and not is_device(label)
    return label if kept else f"{plain[:40]}-{digest(label)[:6]}"


def tag_page(tag: str) -> str:
    """Where the debates of a tag are listed."""
    return f"tags/{subject_address(tag)}.html"


def place_names(threads: Iterable[Summary], words: Catalogue) -> Callable[[str], str]:
    """How the places of debates are called: hosts as they are, formats as what they are."""
    formats = {thread.format for thread in threads if not thread.host}
    return lambda place: words.say("Source not given (%(format)s)", format=place) if place in formats else place
