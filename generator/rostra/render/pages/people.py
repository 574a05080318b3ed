"""Named people: the list of them, and a page and a feed for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct

from rostra.config.site import Site
from rostra.i18n.catalogue import Catalogue
from rostra.i18n.text_folding import person_key
from rostra.output.writer import OutputFile
from rostra.people.appearances import Appearance, PostSummary
from rostra.people.badges import Siglum, siglum
from rostra.people.index import Person, appeared
from rostra.render.pages.feeds import person_feed
from rostra.render.pages.frame import Frame, frame
from rostra.render.pages.rows import (
    BLOCK,
    ROWS,
    Group,
    ListRow,
    ListSlice,
    PagerLink,
    grouped,
    heading,
    initial,
    jumps,
    list_files,
    parts,
    sifted,
    sort_key,
    span,
)
from rostra.render.pages.unit import Shelf, Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive

POSTS = 100
"""How many posts a page of a person has."""
OTHERS = 300
"""The most people that a page lists as quoted, or as quoting; the first ones are visible at once."""
LONGER = 4
"""How many times larger a person's files are than the stored data."""
SPANS = 36
"""The most months of a timeline; a longer one has a bar for each year."""


class DebatePosts(Struct, frozen=True, kw_only=True):
    """Some of a person's posts in one debate; ``posts`` is the number of all posts there."""

    href: str
    title: str
    posts: int
    said: tuple[PostSummary, ...]


class Bar(Struct, frozen=True, kw_only=True):
    """A year or month of a person's timeline: the number of posts, and the height of its bar in percent."""

    label: str
    posts: int
    height: int


class PeoplePage(Frame, frozen=True, kw_only=True):
    """A page of the list of people, of ``total`` in all; ``quoting`` tells whether anybody quotes anybody."""

    TEMPLATE: ClassVar[str] = "people.html"

    page: ListSlice
    groups: list[Group]
    jumps: tuple[PagerLink, ...]
    total: int
    quoting: bool


class Other(Struct, frozen=True, kw_only=True):
    """A person quoting or quoted, and how often; ``href`` is their page, None if they have none."""

    name: str
    href: str | None
    count: int


class Others(Struct, frozen=True, kw_only=True):
    """Such people, the most frequent first, and how many ``more`` there are."""

    people: list[Other]
    more: int


class PersonPage(Frame, frozen=True, kw_only=True):
    """A page of a person.

    ``span`` is the period of their posts, ``undated`` the number of posts without a date; ``places`` are the
    debates of this page, sorted by their latest post, newest first; ``bars`` are the posts of each month or year.
    """

    TEMPLATE: ClassVar[str] = "person.html"

    person: Person
    siglum: Siglum
    span: str
    undated: int
    page: ListSlice
    places: list[DebatePosts]
    quotes: Others
    quoted: Others
    bars: list[Bar]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit | Shelf]:
    """Yield ``people/index.html`` and ``people/NAME.html``."""
    for number, digest in archive.people.shelves().items():
        yield Shelf(f"people/shelf/{number}", digest, partial(_shelf, number, archive, layouts))
    keys, headings, marks = list[str](), list[str](), [sha256()]
    for person, place, row_of in archive.people.order(sort_key):
        if keys and len(keys) % ROWS == 0:
            marks.append(sha256())
        marks[-1].update(row_of.encode())
        keys.append(person)
        headings.append(heading(place))
    listed = archive.people.listed(keys)
    told = [mark.hexdigest() for mark in marks]
    pages = list(parts("people/index.html", "people/index", listed))
    index = jumps(pages, headings)
    quoting = any(thread.quoting for thread in archive.threads)
    for page, rows in zip(pages, told, strict=True):
        inputs = rows, len(listed), index, quoting
        yield Unit(f"list/{page.path}", inputs, partial(_page, page, len(listed), index, quoting, site, layouts))
    for number, of, block in list_files(listed):
        rows_of = told[(number - 1) * BLOCK // ROWS : number * BLOCK // ROWS]
        yield Unit(f"people/{number}", (rows_of, of), partial(_index, number, of, block, layouts.words))


def _shelf(number: int, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    for person in archive.people.shelf(number):
        files = partial(_person, person, archive, layouts)
        yield Unit(f"person/{person.address}", (person.name, person.digest), files)


def person_row(person: Person, words: Catalogue) -> ListRow:
    """Return one person as a row of the list."""
    return ListRow(
        href=_href(person), title=person.name, siglum=siglum(person.name), facts=tuple(_facts(person, words))
    )


def _href(person: Person) -> str:
    return f"people/{person.address}.html"


def _facts(person: Person, words: Catalogue) -> Iterator[str]:
    yield words.count("%(num)s post", "%(num)s posts", person.posts)
    yield words.count("%(num)s debate", "%(num)s debates", person.threads)
    if person.quoted:
        yield words.count("quoted once", "quoted %(num)s times", person.quoted)
    if when := span(person.first, person.last, words):
        yield when


def _page(
    page: ListSlice, total: int, index: tuple[PagerLink, ...], quoting: bool, site: Site, layouts: Layouts
) -> Iterator[OutputFile]:
    people: Sequence[Person] = page.items  # type: ignore[assignment]  # items of this list are people
    groups = grouped(people, lambda person: initial(person.name), lambda person: person_row(person, layouts.words))
    values = PeoplePage(
        **frame(site, layouts, page.path), page=page, groups=groups, jumps=index, total=total, quoting=quoting
    )
    yield OutputFile(page.path, layouts.render("people.html", values))


def _index(number: int, of: int, block: Sequence[Person], words: Catalogue) -> Iterator[OutputFile]:
    rows: list[tuple[object, ...]] = []
    for person in block:
        facts = " · ".join(_facts(person, words))
        rows.append((_href(person), person.name, facts, person.posts, person.first or "", ""))
    yield sifted("people", number, of, rows)


def _person(person: Person, archive: Archive, layouts: Layouts) -> Iterator[Task]:
    encoded = archive.people.of(person.name)
    quotes: Counter[str] = Counter()
    quoted: Counter[str] = Counter()
    for appearance in map(appeared, encoded):
        quotes.update(dict(appearance.quotes))
        quoted.update(dict(appearance.quoted))
    arguments = layouts, person, encoded, _others(quotes, archive), _others(quoted, archive)
    yield Task(LONGER * sum(map(len, encoded)), _person_files, arguments)


def _person_files(
    layouts: Layouts, person: Person, encoded: Sequence[bytes], quotes: Others, quoted: Others
) -> list[OutputFile]:
    """Return a person's pages and feed."""
    site, appearances = layouts.site, list(map(appeared, encoded))
    said = [each for appearance in appearances for each in appearance.said]
    undated = sum(1 for each in said if not each.created)
    drawn = bars([each.created[:7] for each in said if each.created])
    files = []
    for page in parts(_href(person), f"people/{person.address}", _pieces(appearances), 1):
        pieces: Sequence[list[DebatePosts]] = page.items  # type: ignore[assignment]  # items of this list are posts
        values = PersonPage(
            **frame(site, layouts, page.path),
            person=person,
            siglum=siglum(person.name),
            span=span(person.first, person.last, layouts.words),
            undated=undated,
            page=page,
            places=pieces[0] if pieces else [],
            quotes=quotes,
            quoted=quoted,
            bars=drawn,
        )
        files.append(OutputFile(page.path, layouts.render("person.html", values)))
    return [*files, person_feed(site, person, said, layouts)]


def _pieces(appearances: Iterable[Appearance]) -> list[list[DebatePosts]]:
    """Return pages of at most ``POSTS`` posts."""
    pages: list[list[DebatePosts]] = []
    room = 0
    for appearance in appearances:
        at, posts = 0, len(appearance.said)
        while at < posts:
            if not room:
                pages.append([])
                room = POSTS
            said = appearance.said[at : at + room]
            href = f"debates/{appearance.thread}/index.html"
            pages[-1].append(DebatePosts(href=href, title=appearance.title, posts=posts, said=said))
            at += len(said)
            room -= len(said)
    return pages


def _others(counts: Counter[str], archive: Archive) -> Others:
    """Return people with their pages and counts, the most frequent first, and how many more there are."""
    merged: dict[str, tuple[str, int]] = {}
    for name, count in sorted(counts.items()):
        known, before = merged.get(person_key(name), (name, 0))
        merged[person_key(name)] = (known, before + count)
    ranked = sorted(merged.values(), key=lambda pair: (-pair[1], pair[0]))
    pages = archive.people.pages(name for name, _ in ranked[:OTHERS])
    people = [Other(name=name, href=pages.get(name), count=count) for name, count in ranked[:OTHERS]]
    return Others(people=people, more=len(ranked) - len(people))


def bars(months: Sequence[str]) -> list[Bar]:
    """Return the posts of each month, or of each year if those are too many; months without posts are included."""
    if not months:
        return []
    first, last = min(months), max(months)
    year, month = int(first[:4]), int(first[5:])
    until = int(last[:4]), int(last[5:])
    spans: list[str] = []
    while (year, month) <= until and len(spans) <= SPANS:
        spans.append(f"{year:04}-{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    if len(spans) > SPANS:
        spans = [f"{each:04}" for each in range(int(first[:4]), until[0] + 1)]
    counts = Counter(each[: len(spans[0])] for each in months)
    most = max(counts.values())
    return [
        Bar(label=each, posts=counts[each], height=max(4, counts[each] * 100 // most) if counts[each] else 0)
        for each in spans
    ]
