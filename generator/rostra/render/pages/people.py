"""The list of named people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import ClassVar

from msgspec.structs import replace

from rostra.config.site import Site
from rostra.i18n.catalogue import Catalogue
from rostra.output.staging import OutputFile
from rostra.people.badges import siglum
from rostra.people.index import Person
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
    tasks,
)
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive


class PeoplePage(Frame, frozen=True, kw_only=True):
    """A page of the list of people, of ``total`` in all; ``quoting`` tells whether anybody quotes anybody."""

    TEMPLATE: ClassVar[str] = "people.html"

    page: ListSlice
    groups: list[Group]
    jumps: tuple[PagerLink, ...]
    total: int
    quoting: bool


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:  # noqa: ARG001  # the signature of every kind of page
    """Yield ``people/index.html`` and its further pages."""
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
        inputs = rows, len(listed), index, quoting, archive.people.shared
        yield Unit(f"list/{page.path}", inputs, partial(_pages, page, len(listed), index, quoting, archive, layouts))
    for number, of, block in list_files(listed):
        rows_of = told[(number - 1) * BLOCK // ROWS : number * BLOCK // ROWS]
        yield Unit(
            f"people/{number}",
            (rows_of, of, archive.people.shared),
            partial(_indices, number, of, block, archive, layouts),
        )


def _pages(
    page: ListSlice, total: int, index: tuple[PagerLink, ...], quoting: bool, archive: Archive, layouts: Layouts
) -> Iterator[Task]:
    people = _with_pages(page.items, archive)  # type: ignore[arg-type]  # items of this list are people
    page = replace(page, items=[person for person, _ in people])
    yield from tasks(len(people), _page, layouts, page, people, total, index, quoting)


def _indices(number: int, of: int, block: Sequence[Person], archive: Archive, layouts: Layouts) -> Iterator[Task]:
    yield from tasks(len(block), _index, layouts, number, of, _with_pages(block, archive))


def _with_pages(people: Sequence[Person], archive: Archive) -> list[tuple[Person, str]]:
    """Return people with the addresses of their pages."""
    return [(person, archive.people.page(person.name)) for person in people]


def person_row(person: Person, href: str, words: Catalogue) -> ListRow:
    """Return one person as a row of the list."""
    return ListRow(href=href, title=person.name, siglum=siglum(person.name), facts=tuple(_facts(person, words)))


def person_span(person: Person, words: Catalogue) -> str:
    """Return the period of a person's posts, from day to day as the posts show them; empty if no post has a time."""
    first, last = (time and time.rpartition(" ")[2] for time in (person.first, person.last))
    return span(first, last, words)


def _facts(person: Person, words: Catalogue) -> Iterator[str]:
    yield words.count("%(num)s post", "%(num)s posts", person.posts)
    yield words.count("%(num)s debate", "%(num)s debates", person.threads)
    if person.quoted:
        yield words.count("quoted once", "quoted %(num)s times", person.quoted)
    if when := person_span(person, words):
        yield when


def _page(
    layouts: Layouts, page: ListSlice, people: Sequence[tuple[Person, str]], total: int, index: tuple[PagerLink, ...], quoting: bool
) -> Iterator[OutputFile]:  # fmt: skip
    groups = grouped(people, lambda each: initial(each[0].name), lambda each: person_row(*each, layouts.words))
    values = PeoplePage(
        **frame(layouts.site, layouts, page.path), page=page, groups=groups, jumps=index, total=total, quoting=quoting
    )
    yield OutputFile(page.path, layouts.render("people.html", values))


def _index(layouts: Layouts, number: int, of: int, block: Sequence[tuple[Person, str]]) -> Iterator[OutputFile]:
    rows: list[tuple[object, ...]] = []
    for person, href in block:
        facts = " · ".join(_facts(person, layouts.words))
        rows.append((href, person.name, facts, person.posts, person.first or "", ""))
    yield sifted("people", number, of, rows)
