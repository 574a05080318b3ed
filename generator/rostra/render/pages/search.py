"""The search page and its index: every post's own text, its author, time and debate.

The index has several parts, each with the debates that a digest assigns to it, so that if one debate
changes only its part is indexed again; the page combines the parts.  A debate too large for one
part is in several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar

import msgspec

from rostra.config.site import Site
from rostra.editorial.corrections import author_label
from rostra.output.staging import OutputFile
from rostra.people.appearances import address, author_name
from rostra.render.pages.frame import Frame, frame
from rostra.render.pages.unit import Meanwhile, RunningJob, Unit
from rostra.render.templates import Layouts
from rostra.search.documents import decode_documents
from rostra.search.index import Indexing, SearchIndex, SearchRecord
from rostra.store.store import Store

PART = 160
"""How many posts a part has: indexing them takes about as long as the rest of a small rebuild, which runs meanwhile."""
PARTS = 64
"""How many parts a reader's browser still combines quickly, of four small files each: the first search waits about 40 %
longer than with half as many, and starts when the field gets focus; of 50,000 posts, one that changes costs 0.6 s less."""
LARGE = 3000
"""How many posts a part has if more parts would be needed: by chance it may have twice as many, and more would need too much memory at once."""
SLICE = 1000
"""How many posts of one debate a part has at most, so that parts have similar sizes."""
PACK = 100
"""The most posts in a file of results; posts are assigned to files by the digits of their names in the index."""
PROGRAM = ("pagefind.js", "pagefind-worker.js")
"""The files of Pagefind that a browser needs besides the rules of the language; it also contains user interfaces."""
INDEX = ("index/", "pagefind-entry.json", "pagefind.")
"""The files of Pagefind that are the index itself."""


class SearchPage(Frame, frozen=True, kw_only=True):
    """The search page; ``folders`` are the parts of the index."""

    TEMPLATE: ClassVar[str] = "search.html"

    folders: list[str]


def first_units(site: Site, store: Store, layouts: Layouts) -> Iterator[Meanwhile | Unit]:
    """Yield ``search.html`` and the folder ``search/`` if Pagefind is installed and there is a post."""
    if not layouts.searchable:
        return
    of = _parts(sum(posts for _, _, posts in store.contents()))
    parts: dict[int, list[tuple[str, str, int, int, int]]] = {}
    for id, digest, posts in store.contents():
        several = -(-posts // SLICE)
        for n in range(several):
            part = (int.from_bytes(sha256(id.encode()).digest()[:4]) + n) % of
            parts.setdefault(part, []).append((id, digest, posts, n, several))
    folders = [f"search/{number}/" for number in sorted(parts)]
    for folder, number in zip(folders, sorted(parts), strict=True):
        first = folder == folders[0]
        slices = [(id, n, of) for id, _, _, n, of in parts[number]]
        many = sum(posts // of for _, _, posts, _, of in parts[number])
        begin = partial(_part, folder, first, slices, many, store.searched, site.settings.language, layouts)
        yield Meanwhile(f"search/{number}", (parts[number], first), begin)

    def page() -> Iterator[OutputFile]:
        values = SearchPage(**frame(site, layouts, "search.html"), folders=folders)
        yield OutputFile("search.html", layouts.render("search.html", values))

    yield Unit("search", folders, page)


def _parts(posts: int) -> int:
    """Return the number of parts, a power of two, so that it seldom changes."""
    of = 1
    while posts > of * (PART if of < PARTS else LARGE):
        of *= 2
    return of


def _part(
    folder: str,
    first: bool,
    slices: Sequence[tuple[str, int, int]],
    many: int,
    searched: Callable[[str], bytes],
    language: str,
    layouts: Layouts,
) -> RunningJob:
    """Start indexing a part with about ``many`` posts: every n-th post of each debate; the first part has the program too."""
    about: dict[str, tuple[int, Any]] = {}
    debates = list[tuple[str, str]]()

    def records() -> Iterator[SearchRecord]:
        for number, (id, n, of) in enumerate(slices):
            title, posts = decode_documents(searched(id), n, of)
            debates.append((id, title))
            for each in posts:
                key = f"{id}#{each.post}"
                who = author_label(each.author, layouts.words) if each.author else None
                when = layouts.words.day(each.created) if each.created else each.created_text
                yield SearchRecord(key, each.text or each.title, each.title)
                about[key] = number, (each.post, each.at, who, author_name(each.author), each.created, when)

    begun = Indexing(records(), language, many)
    return RunningJob(begun.done, partial(_files, folder, first, debates, about, begun))


def _files(
    folder: str,
    first: bool,
    debates: Sequence[tuple[str, str]],
    about: dict[str, tuple[int, Any]],
    begun: Indexing,
) -> Iterator[OutputFile]:
    made = begun.result()
    about = {key: each for key, each in about.items() if key in made.names}
    for path, content in sorted(made.files.items()):
        if (path.startswith(INDEX) and not path.endswith(".js")) or (first and path in (*PROGRAM, made.wasm)):
            yield OutputFile(folder + path, content)
    digits = 0
    while len(about) > PACK * 16**digits:
        digits += 1
    yield OutputFile(f"{folder}facets.json", _facets(debates, about, made.names, digits))
    yield from _packs(folder, debates, about, made, digits)


def _facets(
    debates: Sequence[tuple[str, str]], about: dict[str, tuple[int, Any]], names: dict[str, str], digits: int
) -> bytes:
    """Return the filters and sort keys of results: for each post its name in the index, debate, person and day."""
    people: dict[str, str] = {}
    for who in sorted({who for _, (_, _, _, who, _, _) in about.values() if who}):
        people.setdefault(address(who), who)
    place = {who: n for n, who in enumerate(people)}
    rows = sorted(
        (names[key], number, place[address(who)] if who else -1, (created or "")[:10])
        for key, (number, (_, _, _, who, created, _)) in about.items()
    )
    return (
        msgspec.json.encode({"digits": digits, "debates": debates, "people": list(people.items()), "posts": rows})
        + b"\n"
    )


def _packs(
    folder: str, debates: Sequence[tuple[str, str]], about: dict[str, tuple[int, Any]], made: SearchIndex, digits: int
) -> Iterator[OutputFile]:
    """Yield the data that results show, in files by the first digits of the posts' names in the index."""
    packs: dict[str, dict[str, object]] = {}
    for key, (number, (post, at, who, person, created, when)) in about.items():
        id, title = debates[number]
        shown = (id, title, post, at, who, person is not None, created, when, made.texts[key])
        name = made.names[key]
        packs.setdefault(name.rpartition("_")[2][:digits], {})[name] = shown
    for digit, posts in sorted(packs.items()):
        content = msgspec.json.encode({name: posts[name] for name in sorted(posts)})
        yield OutputFile(f"{folder}posts-{digit or 'all'}.json", content + b"\n")
