"""Debates in lists: as rows, sorted, in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TypeVar
from unicodedata import combining, normalize

import msgspec
from msgspec import Struct

from rostra.i18n.catalogue import Catalogue
from rostra.identity.file_names import is_device
from rostra.identity.permalinks import digest, slug
from rostra.output.staging import OutputFile
from rostra.people.badges import Siglum
from rostra.readers import format_title
from rostra.render.pages.unit import Task
from rostra.store.archive import Summary
from rostra.system.lazy_regex import late

UNDATED = "undated"
"""The address of the list of debates in which no post has a time."""
ROWS = 200
"""How many rows a page has."""
BLOCK = 10 * ROWS
"""How many rows a file of the index for scripts has: those of a whole number of pages."""
ROW = 1024
"""How many bytes a row is made from."""
DAYS = late(r"–(?=\d)")
NEAR = 2
"""How many pages before and after this one are linked by number, besides the first and the last."""
JUMPS = 80
"""The most letters or years that are useful as an index."""
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
    """Rows below one heading, without a heading if ``label`` is empty; ``anchor`` is its id."""

    label: str
    anchor: str
    rows: list[ListRow]


class PagerLink(Struct, frozen=True):
    """A link to another page of a list: ``path`` is its address in the site, None for the page itself or a gap."""

    label: str
    path: str | None


class ListSlice(Struct, frozen=True):
    """One page of a list: its items, and links to the other pages."""

    path: str
    number: int
    of: int
    start: int
    """How many rows the pages before it have."""
    items: Sequence[object]
    before: str | None
    after: str | None
    numbers: tuple[PagerLink, ...]


@lru_cache(maxsize=BLOCK)
def debate_row(thread: Summary, words: Catalogue) -> ListRow:
    """Return one debate as a row; most are in several lists."""
    named = words.count("%(num)s named person", "%(num)s named people", thread.named) if thread.named else ""
    unnamed = words.count("%(num)s unnamed post", "%(num)s unnamed posts", thread.unnamed) if thread.unnamed else ""
    # If nobody is named, one number says both.
    posts = "" if thread.unnamed == thread.posts > 0 else words.count("%(num)s post", "%(num)s posts", thread.posts)
    facts = (
        words.say("opened by %(who)s", who=thread.opened_by) if thread.opened_by else "",
        words.say("“%(text)s”", text=thread.opened_with) if thread.opened_with else "",
        posts,
        ", ".join(part for part in (named, unnamed) if part),
        words.count("%(num)s quotation linked", "%(num)s quotations linked", thread.quotations)
        if thread.quotations
        else "",
        span(thread.first, thread.last, words),
        words.say("captured %(day)s", day=words.day(thread.captured).replace(" ", "\N{NO-BREAK SPACE}"))
        if thread.captured
        else "",
    )
    return ListRow(
        href=f"debates/{thread.id}/index.html",
        title=thread.title,
        opening=thread.opening,
        facts=tuple(fact for fact in facts if fact),
        tags=thread.tags,
    )


def span(first: str | None, last: str | None, words: Catalogue) -> str:
    """Return the period from day to day; empty if no post has a time."""
    if not first or not last:
        return ""
    # A line may end between two dates, but not within a date, nor between two days of a month.
    # In the zones of their posts, the last may be on an earlier day than the first.
    days = sorted((first[:10], last[:10]))
    return DAYS.sub("–\N{WORD JOINER}", words.period(*days).replace(" ", "\N{NO-BREAK SPACE}"))


def row_key(thread: Summary) -> tuple[object, ...]:
    """Return the values that ``row`` depends on."""
    return (
        thread.id, thread.title, thread.opening, thread.posts, thread.named, thread.unnamed, thread.quotations,
        thread.first, thread.last, thread.captured, thread.tags, thread.opened_by, thread.opened_with,
    )  # fmt: skip


def sort_key(text: str) -> str:
    """Return a title or name as a sort key: without case, accents, and signs before its first letter.

    Those with the same ``heading`` are next to each other: signs alone come first, then digits of any script.
    """
    if not text.isascii():
        text = "".join(each for each in normalize("NFKD", text) if not combining(each))
    plain = text.casefold().strip()
    if not plain[:1].isalnum():
        plain = plain[next((n for n, each in enumerate(plain) if each.isalnum()), 0) :]
    first = plain[:1]
    if first.isalpha() or (first.isascii() and first.isdigit()):
        return plain
    return f"0{plain}" if first.isdigit() else f"\0{plain}"


def initial(text: str) -> str:
    """Return the letter that indexes a text: ``0–9`` for digits, ``…`` if it begins with neither."""
    return heading(sort_key(text))


def heading(folded: str) -> str:
    """Return the same for a text that is already ``folded``."""
    first = folded[:1]
    if first.isalpha():
        # The capital of a dotless i is that of i, which is another letter.
        return upper if (upper := first.upper()).casefold() == first else first
    return "0–9" if first.isdigit() else "…"


def parts(path: str, rest: str, items: Sequence[Item], most: int = ROWS) -> Iterator[ListSlice]:
    """Yield the pages of a list: the first at ``path``, the others in the folder ``rest``; one even if the list is empty."""
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
    """Return items in their order, as rows below their labels."""
    return [
        Group(label=name, anchor=anchor(name), rows=[row(item) for item in group])
        for name, group in groupby(items, key=label)
    ]


def list_files(items: Sequence[Item]) -> Iterator[tuple[int, int, Sequence[Item]]]:
    """Yield the items that scripts fetch to sort and filter: the number of each file, the total, and its items."""
    of = -(-len(items) // BLOCK)
    return ((number, of, items[(number - 1) * BLOCK : number * BLOCK]) for number in range(1, of + 1))


def sifted(folder: str, number: int, of: int, rows: list[tuple[object, ...]]) -> OutputFile:
    """Return such a file: for each row its address, title, facts, posts, first day and other search terms."""
    return OutputFile(f"{folder}/list-{number}.json", msgspec.json.encode({"of": of, "rows": rows}) + b"\n")


def tasks(rows: int, function: Callable[..., Iterable[OutputFile]], *arguments: object) -> Iterator[Task]:
    """Yield the task of a file with so many rows, so that a worker makes it."""
    yield Task(ROW * rows, function, arguments)


def jumps(pages: Sequence[ListSlice], labels: Iterable[str]) -> tuple[PagerLink, ...]:
    """Return the first position of each label, from ``labels``, one for each item; empty if they are too many to be useful."""
    found: dict[str, str] = {}
    for n, name in enumerate(labels):
        if name not in found:
            found[name] = f"{pages[n // ROWS].path}#{anchor(name)}"
    return tuple(PagerLink(name, path) for name, path in found.items()) if 1 < len(found) <= JUMPS else ()


def anchor(label: str) -> str:
    """Return the id of a label's heading."""
    return f"at-{slug(label)}"


def subject_address(label: str) -> str:
    """Return the last part of a year's, tag's or place's address: the label itself if it is plain, otherwise with a digest."""
    if not label:
        return UNDATED
    plain = slug(label)
    kept = plain == label.replace(".", "-") and plain not in (UNDATED, "index") and not is_device(label)
    return label if kept else f"{plain[:40]}-{digest(label)[:6]}"


def tag_page(tag: str) -> str:
    """Return the address of the list of a tag's debates."""
    return f"tags/{subject_address(tag)}.html"


def place_names(threads: Iterable[Summary], words: Catalogue) -> Callable[[str], str]:
    """Return a function that names the places of debates: hosts and sites unchanged, formats as such."""
    formats = {thread.format for thread in threads if not thread.place}
    return lambda place: unplaced(place, words) if place in formats else place


def unplaced(format: str, words: Catalogue) -> str:
    """Return the name of the place of debates of which only the format is known."""
    return words.say("Source not given (%(format)s)", format=format_title(format))
