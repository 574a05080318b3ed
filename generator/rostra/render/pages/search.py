"""The search page, its program, and its index: a shard for every set of debates that a digest assigns to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from rostra import PACKAGE
from rostra.config.site import Site
from rostra.editorial.described import author_label
from rostra.output.staging import OutputFile
from rostra.people.person_pages import OWN
from rostra.render.pages.frame import Frame, frame, page_task
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.search.documents import StoredThreads
from rostra.search.lists import Labels
from rostra.search.shards import shard_count, shard_files, shard_of
from rostra.store.archive import Archive
from rostra.store.partitions import Row, read_parts
from rostra.store.store import Store

PROGRAM = PACKAGE / "search/browser"
"""SQLite's WebAssembly build, and in ``worker`` the scripts of the worker that runs it."""


class SearchPage(Frame, frozen=True, kw_only=True):
    """The search page.

    ``worker`` and ``engine`` lead to its programs, ``shards`` is the number of parts of the index.  People with fewer posts
    than ``own`` are on ``shelves`` pages that they share, if any.  ``years`` and ``tagged`` tell whether there are lists of
    years and tags.
    """

    TEMPLATE: ClassVar[str] = "search.html"

    worker: str
    engine: str
    shards: int
    shelves: int
    own: int
    years: bool
    tagged: bool


def shard_units(store: Store, layouts: Layouts) -> Iterator[Unit]:
    """Yield a unit for each shard of the index; its inputs are the editions of its debates."""
    contents = store.contents()
    count = shard_count(sum(posts for *_, posts in contents))
    shards: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    for id, digest, _ in contents:
        shards[shard_of(id, count)].append((id, digest))
    for number, debates in enumerate(shards):
        yield Unit(f"search/{number}", debates, partial(_tasks, number, debates, store, layouts))


def _tasks(number: int, debates: Sequence[tuple[str, str]], store: Store, layouts: Layouts) -> Iterator[Task]:
    rows = [row for id, _ in debates if (row := store.texts.row(id))]
    yield Task(sum(row.searched for row in rows), shard, (number, store.texts.folder, rows, layouts))


def shard(number: int, folder: str, rows: Sequence[Row], layouts: Layouts) -> list[OutputFile]:
    """Return the files of a shard, given where the search documents of its debates are: a pure function of them."""
    threads = StoredThreads(lambda: read_parts(folder, rows, "searched"))
    words = layouts.words
    labels = Labels(
        author=partial(author_label, words=words),
        day=cache(words.day),
        format=lambda name: words.say("Source not given (%(format)s)", format=name),
    )
    return shard_files(f"search/{number}/", threads, labels)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield ``search.html`` and the programs that it runs, at addresses that change with their content."""
    programs = [
        _asset("search", ".js", PROGRAM / "sqlite3.js", *sorted(PROGRAM.glob("worker/*.js"))),
        _asset("sqlite3", ".wasm", PROGRAM / "sqlite3.wasm"),
    ]
    shards = shard_count(sum(thread.posts for thread in archive.threads))
    years = bool(archive.threads)
    shelves = archive.people.shared
    tagged = any(tag.strip() for thread in archive.threads for tag in thread.tags)

    def files() -> Iterator[OutputFile | Task]:
        yield from programs
        worker, engine = (program.path for program in programs)
        values = SearchPage(
            **frame(site, layouts, "search.html"),
            worker=worker,
            engine=engine,
            shards=shards,
            shelves=shelves,
            own=OWN,
            years=years,
            tagged=tagged,
        )
        yield page_task(layouts, "search.html", values)

    yield Unit("search", ([program.path for program in programs], shards, shelves, years, tagged), files)


def _asset(name: str, suffix: str, *parts: Path) -> OutputFile:
    content = b"\n".join(part.read_bytes() for part in parts)
    return OutputFile(f"assets/{name}-{sha256(content).hexdigest()[:8]}{suffix}", content)
