"""From dumps to a site.  Start reading here: ``_built`` is the list of stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from rostra.build.dump_copies import copy_dumps, digests, write_records
from rostra.build.making import Notes
from rostra.build.media_files import MediaFiles
from rostra.build.overwritten import with_former_dumps
from rostra.build.printing import all_pages
from rostra.build.read_dumps import read
from rostra.build.workbench import Workbench
from rostra.config.build_record import note_private
from rostra.config.redaction_rules import RULES
from rostra.config.site import LEDGER, Site
from rostra.crossrefs.resolve import Concordance
from rostra.errors import RostraError
from rostra.hosts import Host, host_of, limits
from rostra.identity.locked_ledger import refuse_news
from rostra.identity.relocations import follow
from rostra.ingest.failures import Again, Failing, completed
from rostra.ingest.privacy_policy import Hiding
from rostra.ingest.sources import Sources, gather
from rostra.ingest.unused_settings import placed, unused_settings
from rostra.media.shelf import MediaShelf
from rostra.model import Gone, Problem
from rostra.output.manifest import Standing
from rostra.output.report import BuildReport
from rostra.output.writer import Writer, sizes
from rostra.people.person_pages import PersonPages
from rostra.readers import broken_plug_ins, plugged_in
from rostra.readers.guards.unpublished import PRIVATE, counted
from rostra.render import pages
from rostra.render.pages.search import index_units
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts, built_in_text
from rostra.store.archive import Archive
from rostra.store.store import Store
from rostra.system.progress import Progress
from rostra.system.workers import Workers

OnShown = Callable[[tuple[str, ...], tuple[RostraError, ...]], object]
"""Called with the changes and failures once pages can be viewed."""


def build(
    site: Site,
    progress: Progress | None = None,
    standing: Standing | None = None,
    workers: Workers | None = None,
    shown: OnShown | None = None,
    missed: Sequence[RostraError] = (),
) -> BuildReport:
    """Build a site; a dump, card or thread that fails is a failure in the report, and the rest is built.

    What fails keeps its last good version, as far as the current rules can be applied to it.  ``missed`` lists content
    that could not be fetched from elsewhere.  ``standing`` is the output folder, if it was already examined.
    If somebody waits for pages, they are published before the search index is built, and ``shown`` is called with the
    changes and failures.

    What is built counts as published and is recorded in the ledger, unless it is a preview.  A build of a
    locked site records nothing.

    Raise UsageError if the settings or a layout are wrong, NotInLedger if a build of a locked site would have to
    record something; the last site then stays unchanged.
    """
    progress, workers = progress or Progress(), workers or Workers()
    progress.begin("checking for changes")
    sources = gather(site, missed)
    failing = Failing((*broken_plug_ins(), *sources.failures))
    while True:
        with suppress(Again):
            return _built(site, sources, failing, progress, standing, workers, shown)


def _built(
    site: Site, sources: Sources, failing: Failing, progress: Progress, standing: Standing | None, workers: Workers,
    shown: OnShown | None,
) -> BuildReport:  # fmt: skip
    """Try to build; raise Again, without any change, if more fails than was known."""
    failing.begin()
    host = host_of(site)
    with (
        Store(site.store, site.ledger, site.kept / site.store.name) as store,
        # A crash may leave behind either the store or the site; what each records of the other is still correct.
        MediaShelf(site.cache / "media.sqlite") as shelf,
        Writer(site.output, site.cache, standing) as writer,
    ):
        sources = with_former_dumps(completed(site, sources, store, failing), site, store)
        hiding = read(site, sources, store, failing, progress, workers, writer.stand)
        bench = _workbench(site, sources, store, writer, hiding, workers, failing)
        progress.begin("searching quotations across debates")
        bench.concordance.search(workers, failing.found)
        follow(store.published, store.thread)
        media = MediaFiles(sources.entries, bench, shelf)
        media.publish(progress)
        people = store.speakers.pages(each_own=site.settings.extras)
        notes = list(all_pages(bench, media, people, progress))
        bench.make(_lists(bench, sources, notes, people, progress))
        if shown:
            shown(writer.place(), tuple(failing.found))
        progress.begin("indexing words")
        for units in index_units(store, people, bench.layouts):
            bench.make(units)
        workers.dismiss()
        progress.begin("recording what is published")
        _record(site, sources, store, failing, writer)
        problems = tuple(_problems(site, sources, store, failing, hiding))
        outcome, lacking = failing.outcome(store), tuple(media.problems(sources.files))
        progress.begin("publishing files")
    progress.end()
    assert writer.written is not None
    return BuildReport(
        threads=len(notes),
        posts=sum(note.summary.posts for note in notes),
        written=writer.written,
        problems=(*sources.problems, *problems, *lacking, *_of_pages(site, sources, notes), *_of_host(site, host)),
        failures=tuple(failing.found),
        kept=outcome.kept,
        left_out=outcome.left_out,
        inputs=(*sources.files, *media.mapped.roots),
        code=plugged_in(),
    )


def _workbench(
    site: Site, sources: Sources, store: Store, writer: Writer, hiding: Hiding, workers: Workers, failing: Failing
) -> Workbench:
    """Return the workbench for pages; its writer rejects files that contain something hidden."""
    for guard in hiding.guards(built_in_text()) if hiding.masks else ():
        writer.forbid(guard)
    layouts, told = Layouts(site, sources.pages), dict(digests(sources.entries, hiding, failing))
    return Workbench(site, layouts, writer, Concordance(store), hiding, workers, failing, told)


def _lists(
    bench: Workbench, sources: Sources, notes: Sequence[Notes], people: PersonPages, progress: Progress
) -> Iterator[Unit]:
    """Publish the dumps, and yield the units of all pages that are not those of one debate."""
    store = bench.concordance.store
    store.forget_dropped()
    store.people.settle(people)
    renamed = copy_dumps(sources.entries, bench)
    write_records(sources.entries, bench)
    archive = Archive((note.summary for note in notes), sources.pages, store, renamed)
    yield from progress.each("making lists", pages.archive_units(bench.site, archive, bench.layouts))
    yield from _gone(bench)


def _gone(bench: Workbench) -> Iterator[Unit]:
    """Yield a unit for each address of a debate that is no longer published."""
    store = bench.concordance.store
    for debate in store.published.gone():
        gone: Gone | None = bench.hiding.gone(store.published.gone_debate(debate), store)
        if gone:
            yield Unit(f"gone/{debate}", gone, partial(pages.gone_files, bench.site, gone, bench.layouts))


def _record(site: Site, sources: Sources, store: Store, failing: Failing, writer: Writer) -> None:
    """Record what the next build needs, and in the ledger what is published."""
    store.made.forget_units()
    store.last.note_pages((path, page.slug, page.title, page.body_markdown) for path, page in sources.prose)
    store.last.note_failing(failing.dumps)
    note_private(site, sum(counted(problem.message) for _, problem in failing.told if problem.code == PRIVATE))
    if site.locked:
        refuse_news(store.published, tuple(failing.found))
    elif not site.previewed and store.published.write():
        writer.renew(site.ledger)


def _problems(
    site: Site, sources: Sources, store: Store, failing: Failing, hiding: Hiding
) -> Iterator[tuple[str, Problem]]:
    """Yield the problems of the ledger, settings, cards, rules and dumps."""
    wider = store.formers.problems(hiding.hides, hiding.names)
    yield from ((LEDGER, problem) for problem in (*store.published.problems(), *wider))
    sound = tuple(entry for entry in sources.entries if entry.dump.name not in failing.dumps)
    yield from unused_settings(site, sound, store, failing.unmet)
    yield from ((RULES, problem) for problem in hiding.problems())
    yield from failing.told


def _of_pages(site: Site, sources: Sources, notes: Sequence[Notes]) -> Iterator[tuple[str, Problem]]:
    told = ((note.dump, problem) for note in notes for problem in note.problems)
    yield from placed(site, sources.entries, told)


def _of_host(site: Site, host: Host | None) -> Iterator[tuple[str, Problem]]:
    if host:
        yield from ((site.settings.output, problem) for problem in limits(host, site.output, sizes(site.output)))
