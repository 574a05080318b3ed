"""The search page, its program, and its index: shards, which are kept in the store, and bundles of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

import msgspec

from rostra import PACKAGE
from rostra.config.site import Site
from rostra.editorial.described import author_label
from rostra.output.staging import OutputFile
from rostra.people.person_pages import OWN, PersonPages
from rostra.render.pages.frame import Frame, frame, page_task
from rostra.render.pages.rows import unplaced
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.search.bundles import bundle_count, bundle_files, column_count
from rostra.search.documents import decode_documents
from rostra.search.lists import Labels
from rostra.search.shards import Shard, make_shard, shard_count, shard_of
from rostra.store.archive import Archive
from rostra.store.partitions import Row, read_file, read_parts, write_file
from rostra.store.store import Store

PROGRAM = PACKAGE / "search/browser"
"""SQLite's WebAssembly build, and in ``worker`` the scripts of the worker that runs it."""


class SearchPage(Frame, frozen=True, kw_only=True):
    """The search page.

    ``worker`` and ``engine`` lead to its programs, ``bundles`` is the number of folders of the index.  People with fewer posts
    than ``own`` are on ``shelves`` pages that they share, if any.  ``years`` and ``tagged`` tell whether there are lists of
    years and tags.
    """

    TEMPLATE: ClassVar[str] = "search.html"

    worker: str
    engine: str
    bundles: int
    shelves: int
    own: int
    years: bool
    tagged: bool


Debates = Sequence[tuple[str, str]]
"""The debates of a shard: their ids, sorted, with the digests of their editions."""


class Bundle(NamedTuple):
    """A bundle: the name of its folder, the debates of each shard by the shard's name, and the bytes of their documents."""

    name: str
    shards: dict[str, Debates]
    size: int

    @property
    def columns(self) -> int:
        """Return the number of parts of its index."""
        return column_count(self.size)


def index_units(store: Store, people: PersonPages, layouts: Layouts) -> Iterator[Iterator[Unit]]:
    """Yield the units of the shards of the index, and then those of the bundles, which are made of them."""
    bundles = list(_bundles(store))
    longer = store.speakers.threads(people.twins)
    store.texts.keep_only(name for bundle in bundles for name in bundle.shards)
    yield (
        Unit(
            name,
            (debates, bundle.columns, twins),
            partial(_shard_tasks, name, debates, bundle.columns, twins, store, layouts),
        )
        for bundle in bundles
        for name, debates in bundle.shards.items()
        for twins in (tuple(sorted({key for id, _ in debates for key in longer.get(id, ())})),)
    )
    yield (Unit(bundle.name, bundle, partial(_bundle_tasks, bundle, store)) for bundle in bundles)


def _bundles(store: Store) -> Iterator[Bundle]:
    contents, sizes = store.contents(), store.texts.sizes("searched")
    count = shard_count(sum(posts for *_, posts in contents))
    shards: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    for id, digest, _ in contents:
        shards[shard_of(id, count)].append((id, digest))
    bundles = bundle_count(count)
    for number in range(bundles):
        own = shards[number::bundles]
        size = sum(sizes.get(id, 0) for debates in own for id, _ in debates)
        yield Bundle(f"search/{number}", {f"search/{number}/{n}": debates for n, debates in enumerate(own)}, size)


def _shard_tasks(
    name: str, debates: Debates, columns: int, twins: Sequence[str], store: Store, layouts: Layouts
) -> Iterator[Task]:
    rows = [row for id, _ in debates if (row := store.texts.row(id))]
    kept = store.texts.keep(name)
    yield Task(
        sum(row.searched for row in rows), shard, (name, store.texts.folder, kept, rows, columns, twins, layouts)
    )


def _bundle_tasks(bundle: Bundle, store: Store) -> Iterator[Task]:
    kept = [*map(store.texts.kept, bundle.shards)]
    yield Task(bundle.size, bundled, (bundle.name, store.texts.folder, kept))


def shard(
    name: str, folder: str, kept: str, rows: Sequence[Row], columns: int, twins: Sequence[str], layouts: Layouts
) -> list[OutputFile]:
    """Keep a shard in the store, and return the files of its texts; ``rows`` are where the documents of its debates are.

    ``twins`` are those of its people whose address is longer (``PersonPages``).
    """
    words = layouts.words
    labels = Labels(
        author=partial(author_label, words=words),
        day=cache(words.day),
        format=partial(unplaced, words=words),
        address=PersonPages(twins=twins).address,
    )
    threads = [decode_documents(each) for each in read_parts(folder, rows, "searched")]
    made, texts = make_shard(f"{name}/", threads, columns, labels)
    write_file(folder, kept, [msgspec.msgpack.encode(made)])
    return texts.files()


def bundled(name: str, folder: str, kept: Sequence[str]) -> list[OutputFile]:
    """Return the files of a bundle of kept shards."""
    shards = [msgspec.msgpack.decode(read_file(folder, each), type=Shard[bytes]) for each in kept]
    return bundle_files(f"{name}/", shards)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield ``search.html`` and the programs that it runs, at addresses that change with their content."""
    programs = [
        _asset("search", ".js", PROGRAM / "sqlite3.js", *sorted(PROGRAM.glob("worker/*.js"))),
        _asset("sqlite3", ".wasm", PROGRAM / "sqlite3.wasm"),
    ]
    bundles = bundle_count(shard_count(sum(thread.posts for thread in archive.threads)))
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
            bundles=bundles,
            shelves=shelves,
            own=OWN,
            years=years,
            tagged=tagged,
        )
        yield page_task(layouts, "search.html", values)

    yield Unit("search", ([program.path for program in programs], bundles, shelves, years, tagged), files)


def _asset(name: str, suffix: str, *parts: Path) -> OutputFile:
    content = b"\n".join(part.read_bytes() for part in parts)
    return OutputFile(f"assets/{name}-{sha256(content).hexdigest()[:8]}{suffix}", content)
