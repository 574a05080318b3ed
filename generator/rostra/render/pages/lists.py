"""Lists of debates: by title, date, size, year, tag and place, and an index for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import ClassVar

from msgspec import Struct

from rostra.config.site import Site
from rostra.model.timestamps import sortable_time
from rostra.output.staging import OutputFile
from rostra.render.pages.frame import Frame, frame, page_task
from rostra.render.pages.rows import (
    Group,
    ListSlice,
    PagerLink,
    debate_row,
    grouped,
    initial,
    jumps,
    list_files,
    parts,
    place_names,
    row_key,
    sifted,
    sort_key,
    subject_address,
    tasks,
)
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive, Summary


class DebateList(Struct, frozen=True):
    """A list of debates: its path, the folder of its further pages, and the text above its rows."""

    path: str
    rest: str
    title: str
    order: str = "date"
    """Its order; links to the other orders are above the list of all debates."""
    whole: bool = False
    """Whether it lists all debates of the archive."""
    tagged: bool = False
    """Whether there is a list of tags."""
    up: PagerLink | None = None
    """The list that it belongs to."""


class ListPage(Frame, frozen=True, kw_only=True):
    """A page of a list of debates, of ``total`` in all; ``jumps`` lead to the first row of each heading."""

    TEMPLATE: ClassVar[str] = "list.html"

    shelf: DebateList
    page: ListSlice
    groups: list[Group]
    jumps: tuple[PagerLink, ...]
    total: int


class Subject(Struct, frozen=True):
    """One year, tag or place in the list of all."""

    href: str
    label: str
    debates: int
    posts: int


class SubjectsPage(Frame, frozen=True, kw_only=True):
    """All years, tags or places; ``most`` is the number of debates of the largest."""

    TEMPLATE: ClassVar[str] = "subjects.html"

    title: str
    subjects: list[Subject]
    most: int


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:  # noqa: ARG001  # the signature of every kind of page
    """Yield ``debates/index.html`` and all other lists of debates."""
    say = layouts.words.say
    titled = sorted(archive.threads, key=lambda thread: (sort_key(thread.title), thread.title, thread.id))
    dated = sorted(titled, key=lambda thread: sortable_time(thread.first) if thread.first else "", reverse=True)
    sized = sorted(titled, key=lambda thread: -thread.posts)
    undated = say("undated")

    def year(thread: Summary) -> str:
        return (thread.first or "")[:4] or undated

    title = say("All debates")
    tagged = any(thread.tags for thread in titled)
    for order, path, threads, label in (
        ("title", "debates/index.html", titled, lambda thread: initial(thread.title)),
        ("date", "debates/by-date.html", dated, year),
        ("size", "debates/by-size.html", sized, None),
    ):
        shelf = DebateList(path, f"debates/by-{order}", title, order, whole=True, tagged=tagged)
        yield from shelf_units(shelf, threads, layouts, label)
    place = place_names(titled, layouts.words)
    for folder, name, labels, heading, called in (
        ("years", say("Years"), _years, lambda label: say("Debates that began in %(year)s", year=label), str),
        ("tags", say("Tags"), _tags, lambda label: say("Debates tagged “%(tag)s”", tag=label), str),
        ("places", say("Places"), _places, lambda label: say("Debates from %(place)s", place=place(label)), place),
    ):
        yield from subject_units(folder, name, heading, called, labels(dated), layouts)
    for number, of, block in list_files(titled):
        inputs = [row_key(thread) for thread in block], of
        yield Unit(f"index/{number}", inputs, partial(tasks, len(block), _index, layouts, number, of, block))


def shelf_units(
    shelf: DebateList, threads: Sequence[Summary], layouts: Layouts, label: Callable[[Summary], str] | None = None
) -> Iterator[Unit]:
    """Yield a list in pages, each made again only if its own rows, or the links to the other pages, changed.

    ``label`` groups its rows under headings.
    """
    labels = list(map(label, threads)) if label else [""] * len(threads)
    pages = list(parts(shelf.path, shelf.rest, threads))
    index = jumps(pages, labels) if label else ()
    for page in pages:
        rows: Sequence[Summary] = page.items  # type: ignore[assignment]  # rows of a shelf are summaries
        inputs = [row_key(thread) for thread in rows], len(threads), index, shelf.title, shelf.tagged
        below = labels[page.start : page.start + len(rows)]
        told = layouts, shelf, page, below, index, len(threads)
        yield Unit(f"list/{page.path}", inputs, partial(tasks, len(rows), _page, *told))


def _page(
    layouts: Layouts,
    shelf: DebateList,
    page: ListSlice,
    labels: Sequence[str],
    index: tuple[PagerLink, ...],
    total: int,
) -> Iterator[OutputFile]:
    """Yield a page of a list, with its rows below their ``labels``."""
    rows: Sequence[Summary] = page.items  # type: ignore[assignment]  # rows of a shelf are summaries
    groups = grouped(
        zip(labels, rows, strict=True), lambda each: each[0], lambda each: debate_row(each[1], layouts.words)
    )
    values = ListPage(
        **frame(layouts.site, layouts, page.path), shelf=shelf, page=page, groups=groups, jumps=index, total=total
    )
    yield OutputFile(page.path, layouts.render("list.html", values))


def subject_units(
    folder: str,
    name: str,
    heading: Callable[[str], str],
    called: Callable[[str], str],
    subjects: dict[str, list[Summary]],
    layouts: Layouts,
) -> Iterator[Unit]:
    """Yield a page for each year, tag or place, and the list of them; nothing if there are none."""
    if not subjects:
        return
    path = f"{folder}/index.html"
    undated = layouts.words.say("undated")
    listed = []
    for label, threads in subjects.items():
        at = f"{folder}/{subject_address(label)}"
        listed.append(
            Subject(
                f"{at}.html", called(label) if label else undated, len(threads), sum(thread.posts for thread in threads)
            )
        )
        title = heading(label) if label else layouts.words.say("Debates without dates")
        yield from shelf_units(DebateList(f"{at}.html", at, title, up=PagerLink(name, path)), threads, layouts)

    def files() -> Iterator[Task]:
        most = max(each.debates for each in listed)
        values = SubjectsPage(**frame(layouts.site, layouts, path), title=name, subjects=listed, most=most)
        yield page_task(layouts, path, values)

    yield Unit(f"subjects/{folder}", listed, files)


def _years(threads: Sequence[Summary]) -> dict[str, list[Summary]]:
    return _grouped(threads, lambda thread: [(thread.first or "")[:4]], newest=True)


def _tags(threads: Sequence[Summary]) -> dict[str, list[Summary]]:
    return _grouped(threads, lambda thread: [tag for tag in thread.tags if tag.strip()])


def _places(threads: Sequence[Summary]) -> dict[str, list[Summary]]:
    return _grouped(threads, lambda thread: [thread.origin])


def _grouped(
    threads: Sequence[Summary], labels: Callable[[Summary], Sequence[str]], *, newest: bool = False
) -> dict[str, list[Summary]]:
    """Return the threads of each label; labels with one address, whose digest strangers can forge, are one group."""
    first: dict[str, str] = {}
    group = cache(lambda label: first.setdefault(subject_address(label), label))
    found: dict[str, list[Summary]] = {}
    for thread in threads:
        for label in dict.fromkeys(map(group, labels(thread))):
            found.setdefault(label, []).append(thread)
    order = sorted(found, key=lambda label: (sort_key(label), label), reverse=newest)
    return {label: found[label] for label in order}


def _index(layouts: Layouts, number: int, of: int, block: Sequence[Summary]) -> Iterator[OutputFile]:
    rows: list[tuple[object, ...]] = []
    for thread in block:
        facts = " · ".join(debate_row(thread, layouts.words).facts)
        about = " ".join((*thread.tags, thread.origin))
        rows.append((f"debates/{thread.id}/index.html", thread.title, facts, thread.posts, thread.first or "", about))
    yield sifted("debates", number, of, rows)
