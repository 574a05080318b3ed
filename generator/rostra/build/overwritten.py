"""Refuse a dump that something else was written over: an error page in the place of a debate, or a part that is read otherwise.

Such a dump is readable, so that nothing else would keep its debates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from msgspec.structs import replace

from rostra.config.site import Site
from rostra.errors import RostraError, UnreadableDump
from rostra.identity.ledger import READING, Traits, hashes, traits
from rostra.identity.ledger_file import reading
from rostra.identity.post_matching import ALIKE
from rostra.ingest.content_files import has_front
from rostra.ingest.source_names import path_of
from rostra.ingest.sources import NO_CARD, DumpEntry, Sources
from rostra.model import Thread
from rostra.readers import Dump, named
from rostra.store.store import Store


def unless_overwritten(
    threads: Iterable[Thread], entry: DumpEntry, entries: Iterable[DumpEntry], store: Store
) -> Iterator[Thread]:
    """Yield the threads of a dump; raise UnreadableDump if it changed and is none of what was published from it any more.

    Nothing is yielded before something is recognised.  A dump that has the format that it had, and may hold several
    debates, is not compared: the mail of one month may replace that of another.
    """
    given = iter(threads)
    if (first := next(given, None)) is None:
        return
    held, format = [first], first.source.format
    is_same = _comparison(format, entry, store)
    while is_same and not is_same(held[-1]):
        if (thread := next(given, None)) is not None:
            held.append(thread)
        elif _is_renamed(entry, entries, store):
            break
        else:
            page = "; if it is a page, begin it with two lines of +++" if entry.dump.path.suffix == ".md" else ""
            raise UnreadableDump(
                f"nothing that was published from it is in it, read as {format!r}",
                path=entry.dump.name,
                hint=f"dump the debate again; if this is another debate, rename the dump{page}",
            )
    yield from held
    yield from given


def with_former_dumps(sources: Sources, site: Site, store: Store) -> Sources:
    """Return the sources with Markdown files that were dumps as dumps, unless front matter says that they are pages now."""
    former = {
        name: DumpEntry(Dump(path, name, site.settings.limits, rules=site.settings.leave_out), NO_CARD)
        for name, _ in sources.prose
        if _published(name, store) and not has_front(path := path_of(site, name))
    }
    entries = sorted((*sources.entries, *former.values()), key=lambda entry: entry.dump.path)
    return replace(sources, entries=tuple(entries), prose=tuple(e for e in sources.prose if e[0] not in former))


def _comparison(format: str, entry: DumpEntry, store: Store) -> Callable[[Thread], bool] | None:
    """Return the function that recognises a thread of a dump, which is read in this format; None if it need not be."""
    dump = entry.dump
    last = store.last.reading(dump.name)
    if (last and last.digest == dump.sha256) or store.lend(reading) < READING:
        return None
    reader, known = named(format), next(iter(store.known(dump.name)), None)
    if reader and reader.MANY and (known is None or store.thread(known).source.format == format):
        return None
    return recogniser(_published(dump.name, store), store.published.debates.names_of(dump.name))


def recogniser(posts: Iterable[Traits], names: Iterable[str]) -> Callable[[Thread], bool] | None:
    """Return the function that recognises a thread by one of the published ``posts`` or, if its source names it, by its name.

    None if the posts are so few and brief that a correction may leave nothing to recognise.
    """
    known, named_so = [*posts], {*names}
    if not (len(known) > 1 or any(of.native or of.sketch for of in known)):
        return None
    words, natives, moments = ({getattr(of, each) for of in known} - {""} for each in ("words", "native", "moment"))
    sketches = [hashes(of.sketch) for of in known]

    def is_same(thread: Thread) -> bool:
        return (thread.native_id is not None and thread.id in named_so) or any(
            of.words in words
            or of.native in natives
            or of.moment in moments
            or any(len(sketch & hashes(of.sketch)) >= ALIKE for sketch in sketches)
            for of in map(traits, thread.posts)
        )

    return is_same


def _published(dump: str, store: Store) -> list[Traits]:
    """Return the posts that were published last from a dump, except those of withdrawn debates."""
    debates, posts = store.published.debates, store.published.posts
    return [post for each in debates.of_dump(dump) if debates.reason(each) is None for post in posts.last(each)]


def _is_renamed(entry: DumpEntry, entries: Iterable[DumpEntry], store: Store) -> bool:
    """Whether the dump that had this name has another name now."""
    if (last := store.last.reading(entry.dump.name)) is None:
        return False
    for other in entries:
        # A dump that cannot be opened is reported when it is read.
        with suppress(RostraError, OSError):
            if not other.broken and other.dump.sha256 == last.digest:
                return True
    return False
