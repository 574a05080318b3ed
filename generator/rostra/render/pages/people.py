"""The list of named people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import ClassVar

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
)
from rostra.render.pages.unit import Unit
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


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
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
        yield Unit(
            f"list/{page.path}", inputs, partial(_page, page, len(listed), index, quoting, archive, site, layouts)
        )
    for number, of, block in list_files(listed):
        rows_of = told[(number - 1) * BLOCK // ROWS : number * BLOCK // ROWS]
        yield Unit(
            f"people/{number}",
            (rows_of, of, archive.people.shared),
            partial(_index, number, of, block, archive, layouts.words),
        )


def person_row(person: Person, href: str, words: Catalogue) -> ListRow:
    """Return one person as a row of the list."""
    return ListRow(href=href, title=person.name, siglum=siglum(person.name), facts=tuple(_facts(person, words)))


def _facts(person: Person, words: Catalogue) -> Iterator[str]:
    yield words.count("%(num)s post", "%(num)s posts", person.posts)
    yield words.count("%(num)s debate", "%(num)s debates", person.threads)
    if person.quoted:
        yield words.count("quoted once", "quoted %(num)s times", person.quoted)
    if when := span(person.first, person.last, words):
        yield when


def _page(
    page: ListSlice,
    total: int,
    index: tuple[PagerLink, ...],
    quoting: bool,
    archive: Archive,
    site: Site,
    layouts: Layouts,
) -> Iterator[OutputFile]:
    people: Sequence[Person] = page.items  # type: ignore[assignment]  # items of this list are people

    def row(person: Person) -> ListRow:
        return person_row(person, archive.people.page(person.name), layouts.words)

    groups = grouped(people, lambda person: initial(person.name), row)
    values = PeoplePage(
        **frame(site, layouts, page.path), page=page, groups=groups, jumps=index, total=total, quoting=quoting
    )
    yield OutputFile(page.path, layouts.render("people.html", values))


def _index(number: int, of: int, block: Sequence[Person], archive: Archive, words: Catalogue) -> Iterator[OutputFile]:
    rows: list[tuple[object, ...]] = []
    for person in block:
        facts = " · ".join(_facts(person, words))
        rows.append((archive.people.page(person.name), person.name, facts, person.posts, person.first or "", ""))
    yield sifted("people", number, of, rows)
