"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial

from msgspec.msgpack import decode, encode

from rostra import pages
from rostra.archive import Archive
from rostra.concordance import Concordance
from rostra.errors import RostraError
from rostra.file_names import folded, former_path
from rostra.hiding import Hiding
from rostra.hosts import host_of, limits
from rostra.intake import read
from rostra.layouts import Layouts, built_in_text
from rostra.locked_ledger import refuse_news
from rostra.made import Pages
from rostra.making import Made, Notes, printed
from rostra.manifest import Standing
from rostra.model import Gone
from rostra.moves import follow
from rostra.output import OutputFile, Writer, sizes
from rostra.pages.unit import Unit
from rostra.progress import Progress
from rostra.readers import broken_plug_ins, plugged_in
from rostra.renaming import Renaming
from rostra.report import Report
from rostra.rules import RULES
from rostra.site import LEDGER, Site
from rostra.sources import Entry, gather
from rostra.store import Store
from rostra.unused_settings import placed, unused_settings
from rostra.workbench import Beside, Workbench
from rostra.workers import Workers, huge


def build(
    site: Site,
    progress: Progress | None = None,
    standing: Standing | None = None,
    workers: Workers | None = None,
    shown: Callable[[tuple[str, ...], tuple[RostraError, ...]], object] | None = None,
) -> Report:
    """Build a site; a dump that cannot be read is a failure in the report, and the others build.

    ``standing`` is the output folder, where somebody looked at it already.  Where somebody waits for pages, they are
    put in place before the search index is begun, and ``shown`` is told what changed and what failed.

    What is built counts as published, and is noted in the ledger, unless it is only previewed.  A build of a
    locked site notes nothing.

    Raises UsageError where the settings or a layout are wrong, NotInLedger where a locked build would have to
    note something; the last site then stands as it was.
    """
    progress, workers = progress or Progress(), workers or Workers()
    progress.begin("looking what is there")
    host = host_of(site)
    sources = gather(site)
    layouts = Layouts(site, sources.pages)
    failures = [*broken_plug_ins(), *sources.failures]
    with (
        Store(site.store, site.ledger, site.kept / site.store.name) as store,
        # It comes home first: what the store and the site say of each other holds, whichever of both a crash leaves behind.
        Writer(site.output, site.cache, standing) as writer,
        Renaming(store.made, writer) as renaming,
    ):
        concordance = Concordance(store)
        hiding = read(site, sources.entries, store, failures, progress, workers)
        for guard in hiding.guards(built_in_text()) if hiding.masks else ():
            writer.forbid(guard)
        bench = Workbench(site, layouts, writer, concordance, hiding, workers, dict(_sums(sources.entries, hiding)))
        beside = Beside(pages.first_units(site, store, layouts), bench, waits=shown is not None)
        renaming.expect((id, bench.named(dumps)) for id, _, dumps in store.debates())
        beside.go_on()
        progress.begin("seeking quotations across debates")
        concordance.search(workers)
        follow(store.published, store.thread)
        notes = list(all_pages(bench, progress, beside, renaming))
        store.forget_dropped()
        store.people.settle()
        renamed = _copy_dumps(sources.entries, bench)
        archive = Archive((note.summary for note in notes), sources.pages, store, renamed)
        for unit in progress.each("making lists", pages.archive_units(site, archive, layouts)):
            bench.make(unit)
            beside.go_on()
        workers.dismiss()
        for debate in store.published.gone():
            gone: Gone | None = hiding.gone(store.published.gone_debate(debate))
            if gone:
                bench.make(Unit(f"gone/{debate}", gone, partial(pages.gone_files, site, gone, layouts)))
        renaming.finish()
        if shown:
            shown(writer.place(), tuple(failures))
        progress.begin("indexing words")
        beside.finish()
        store.made.forget_units()
        progress.begin("noting what is published")
        if site.locked:
            refuse_news(store.published, tuple(failures))
        elif not site.previewed and store.published.write():
            writer.renew(site.ledger)
        unread = tuple((LEDGER, problem) for problem in store.published.problems())
        unapplied = (
            *unused_settings(site, sources.entries, store),
            *((RULES, problem) for problem in hiding.problems()),
        )
        progress.begin("putting it in place")
    progress.end()
    assert writer.written is not None
    return Report(
        threads=len(notes),
        posts=sum(note.summary.posts for note in notes),
        written=writer.written,
        problems=(
            *sources.problems,
            *unread,
            *unapplied,
            *placed(site, sources.entries, ((note.dump, problem) for note in notes for problem in note.problems)),
            *(
                (site.settings.output, problem)
                for problem in (limits(host, site.output, sizes(site.output)) if host else ())
            ),
        ),
        failures=tuple(failures),
        inputs=sources.files,
        code=plugged_in(),
    )


def all_pages(bench: Workbench, progress: Progress, beside: Beside, renaming: Renaming) -> Iterable[Notes]:
    """The files of every debate, written where anything that they depend on changed."""
    debates = bench.concordance.store.debates()
    progress.begin("making pages of debates", len(debates))
    for each in debates:
        beside.go_on()
        thread_pages(*each, bench, renaming, beside, progress.step)
    bench.workers.dismiss()
    return (decode(notes, type=Notes) for notes in bench.concordance.store.made.notes())


def thread_pages(
    id: str,
    digest: str,
    dumps: list[str],
    bench: Workbench,
    renaming: Renaming,
    beside: Beside,
    told: Callable[[], object],
) -> None:
    """The files of one debate; ``told`` once they are written, or are to be as ``renaming`` has them."""
    writer, concordance, hiding = bench.writer, bench.concordance, bench.hiding
    store = concordance.store
    around, kept = concordance.around(id), hiding.kept(store.published.kept(id))
    named = bench.named(dumps)
    key = bench.key((digest, around, kept, named.count("")))
    before = renaming.pages(id)
    if before.key == key:
        if before.sums == named and writer.keep(before.files):
            told()
            return
        if before.naming is not None and writer.stand(before.files):
            renaming.add(id, before, named)
            told()
            return
    standing = {path: of for path, of in before.units.items() if writer.stand({path: before.files[path]})}

    files = dict[str, str]()

    def put(file: OutputFile) -> None:
        files.update(bench.write(file))

    def write(made: Made) -> None:
        as_it_was = {path: before.files[path] for path in made.standing}
        writer.keep(as_it_was)
        files.update(as_it_was)
        for file in made.files:
            put(file)
        # What is not known, what a debate itself says, and what two dumps share is no mere name of a dump.
        plain = len(set(named)) == len(named) and all(
            each and each.encode() not in encode((around, kept)) and not store.says(id, each) for each in named
        )
        store.people.note(id, made.spoken)
        store.made.note_pages(id, Pages(key, files, made.units, named, made.naming if plain else None), made.notes)
        told()

    encoded = store.encoded(id)
    make: Callable[..., Made] = printed
    if huge(len(encoded)):
        beside.rest()
        # It is made here, and so a file can be put in its place as soon as it is made.
        make = partial(printed, put=put)
    sums = dict(zip(dumps, named, strict=True))
    bench.workers.ask(len(encoded), write, make, encoded, around, kept, sums, bench.layouts, standing)


def _sums(entries: tuple[Entry, ...], hiding: Hiding) -> Iterator[tuple[str, str]]:
    """The digest of each dump that can be opened; of the others it was told when they were read.

    What is hidden of a short dump could be guessed from its digest.
    """
    for entry in entries:
        if hiding.withholds(entry.dump.name):
            continue
        with suppress(RostraError, OSError):
            yield entry.dump.name, entry.dump.sha256


def _copy_dumps(entries: tuple[Entry, ...], bench: Workbench) -> list[tuple[str, str]]:
    """Copy the untouched dumps that are published; returns former paths of dumps, each with the path of now."""
    paths = set[str]()
    formerly: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        for published in bench.concordance.store.dumps_published(entry.dump.name):
            if not bench.writer.has(published):
                bench.writer.copy(published, entry.dump.path, entry.dump.sha256)
            paths.add(folded(published))
            former = former_path(entry.dump.name, published)
            formerly.setdefault(folded(former), []).append((former, published))
    # A path that two dumps shared leads to neither.
    return sorted(each for place, (each, *others) in formerly.items() if not others and place not in paths)
