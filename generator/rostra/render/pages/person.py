"""The pages of named people: one for everybody with many posts, and pages that the others share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from msgspec import Struct
from msgspec.msgpack import decode, encode

from rostra.config.site import Site
from rostra.i18n.text_folding import person_key
from rostra.output.staging import OutputFile
from rostra.people.appearances import PostSummary
from rostra.people.badges import Siglum, siglum
from rostra.people.index import Person, SaidIn, relations
from rostra.people.person_pages import shared_page
from rostra.people.said import decode_said
from rostra.render.pages.feeds import person_feed
from rostra.render.pages.frame import Frame, frame
from rostra.render.pages.people import person_span
from rostra.render.pages.rows import ListSlice, parts
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive
from rostra.store.partitions import Slice, read_slices

DebateSaid = list[PostSummary]
"""Somebody's posts in one debate."""
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
    ``feed`` tells whether there is a feed of them.
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
    feed: bool


class FewPosts(Struct, frozen=True, kw_only=True):
    """Somebody on a page that people with few posts share; the values are as on a person's own page."""

    person: Person
    siglum: Siglum
    span: str
    places: list[DebatePosts]
    quotes: Others
    quoted: Others


class FewPage(Frame, frozen=True, kw_only=True):
    """A page that people with few posts share; ``number`` counts such pages."""

    TEMPLATE: ClassVar[str] = "few.html"

    number: int
    people: list[FewPosts]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:  # noqa: ARG001  # the signature of every kind of page
    """Yield the pages of people, shelf by shelf."""
    for number, digest in archive.people.shelves().items():
        yield Unit(f"people/shelf/{number}", digest, partial(_shelf, number, archive, layouts))


def _shelf(number: int, archive: Archive, layouts: Layouts) -> Iterator[Task]:
    """Yield the task of a shelf: a page for each person with many posts, and one that the others share."""
    people, appears = archive.people, dict[str, list[SaidIn]]()
    for key, said in people.said(number):
        appears.setdefault(key, []).append(said)
    every = [each for found in appears.values() for each in found]
    pages = people.pages({name for each in every for counts in relations(each.others) for name, _ in counts})
    many, few = list[Spoke](), list[Spoke]()
    for person in people.shelf(number):
        found = appears[person_key(person.name)]
        places = [(archive.place(said), said.posts) for said in found if said.posts]
        of = many if people.has_own(person.name) else few
        of.append(Spoke(person, places, [said.others for said in found]))
    size = LONGER * sum(said.size for said in every)
    # Sent as one piece of bytes, which is many times faster.
    yield Task(size, _shelf_files, (layouts, archive.partitions, number, encode((many, few, pages))))


def _shelf_files(layouts: Layouts, folder: str, number: int, spokes: bytes) -> Iterator[OutputFile]:
    many, few, pages = decode(spokes, type=tuple[list[Spoke], list[Spoke], dict[str, str]])
    for spoke in many:
        for said in _read(folder, [spoke]):
            yield from _person_files(layouts, spoke, said, pages)
    if few:
        yield _shared_page(layouts, number, few, _read(folder, few), pages)


class Spoke(NamedTuple):
    """The data for a person's page: the places and number of their posts in each debate, whom they quote, who quotes them."""

    person: Person
    places: list[tuple[Slice, int]]
    others: list[bytes]


def _read(folder: str, spokes: Sequence[Spoke]) -> Iterator[list[DebateSaid]]:
    """Yield the posts of people, debate by debate; each partition is opened once."""
    encoded = iter(read_slices(folder, [place for spoke in spokes for place, _ in spoke.places]))
    for spoke in spokes:
        yield [decode_said(next(encoded), posts) for _, posts in spoke.places]


def _relations(spoke: Spoke, pages: Mapping[str, str]) -> tuple[Others, Others]:
    """Return whom somebody quotes, and who quotes them; ``pages`` are the paths of people's pages by name."""
    quotes: Counter[str] = Counter()
    quoted: Counter[str] = Counter()
    for whom, who in map(relations, spoke.others):
        quotes.update(dict(whom))
        quoted.update(dict(who))
    return _others(quotes, pages), _others(quoted, pages)


def _person_files(
    layouts: Layouts, spoke: Spoke, debates: Sequence[DebateSaid], hrefs: Mapping[str, str]
) -> Iterator[OutputFile]:
    """Yield a person's pages, and their feed if the site has such feeds."""
    site, person = layouts.site, spoke.person
    quotes, quoted = _relations(spoke, hrefs)
    said = [each for posts in debates for each in posts]
    undated = sum(1 for each in said if not each.created)
    drawn = bars([each.created[:7] for each in said if each.created])
    for page in parts(f"people/{person.address}.html", f"people/{person.address}", _pieces(debates), 1):
        pieces: Sequence[list[DebatePosts]] = page.items  # type: ignore[assignment]  # items of this list are posts
        values = PersonPage(
            **frame(site, layouts, page.path),
            person=person,
            siglum=siglum(person.name),
            span=person_span(person, layouts.words),
            undated=undated,
            page=page,
            places=pieces[0] if pieces else [],
            quotes=quotes,
            quoted=quoted,
            bars=drawn,
            feed=site.settings.extras,
        )
        yield OutputFile(page.path, layouts.render("person.html", values))
    if site.settings.extras:
        yield person_feed(site, person, said, layouts)


def _shared_page(
    layouts: Layouts, number: int, few: Sequence[Spoke], said: Iterable[Sequence[DebateSaid]], pages: Mapping[str, str]
) -> OutputFile:
    """Return the page of the people of a shelf who have few posts."""
    people = list[FewPosts]()
    for each, debates in zip(few, said, strict=True):
        quotes, quoted = _relations(each, pages)
        people.append(
            FewPosts(
                person=each.person,
                siglum=siglum(each.person.name),
                span=person_span(each.person, layouts.words),
                places=[place for piece in _pieces(debates) for place in piece],
                quotes=quotes,
                quoted=quoted,
            )
        )
    path = shared_page(number)
    values = FewPage(**frame(layouts.site, layouts, path), number=number + 1, people=people)
    return OutputFile(path, layouts.render("few.html", values))


def _pieces(debates: Iterable[DebateSaid]) -> list[list[DebatePosts]]:
    """Return pages of at most ``POSTS`` posts."""
    pages: list[list[DebatePosts]] = []
    room = 0
    for every in debates:
        at, posts = 0, len(every)
        while at < posts:
            if not room:
                pages.append([])
                room = POSTS
            said = tuple(every[at : at + room])
            href = f"debates/{said[0].thread}/index.html"
            pages[-1].append(DebatePosts(href=href, title=said[0].title, posts=posts, said=said))
            at += len(said)
            room -= len(said)
    return pages


def _others(counts: Counter[str], pages: Mapping[str, str]) -> Others:
    """Return people with their pages and counts, the most frequent first, and how many more there are."""
    merged: dict[str, tuple[str, int]] = {}
    for name, count in sorted(counts.items()):
        known, before = merged.get(person_key(name), (name, 0))
        merged[person_key(name)] = (known, before + count)
    ranked = sorted(merged.values(), key=lambda pair: (-pair[1], pair[0]))
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
