"""From dumps to a site.  Start reading here: ``build`` runs the stages in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from msgspec.msgpack import decode, encode

from rostra.build.dump_copies import copy_dumps, digests
from rostra.build.making import Made, Notes, printed
from rostra.build.media_files import MediaFiles
from rostra.build.read_dumps import read
from rostra.build.renaming import Renaming
from rostra.build.workbench import Workbench
from rostra.config.redaction_rules import RULES
from rostra.config.site import LEDGER, Site
from rostra.crossrefs.resolve import Concordance
from rostra.errors import RostraError, UsageError
from rostra.hosts import host_of, limits
from rostra.identity.locked_ledger import refuse_news
from rostra.identity.relocations import follow
from rostra.ingest.failures import Again, Failing, completed
from rostra.ingest.sources import Sources, gather
from rostra.ingest.unused_settings import placed, unused_settings
from rostra.media.shelf import MediaShelf
from rostra.media.shown import stamp_of
from rostra.model import Gone
from rostra.output.manifest import Standing
from rostra.output.report import BuildReport
from rostra.output.writer import OutputFile, Writer, sizes
from rostra.readers import broken_plug_ins, plugged_in
from rostra.render import pages
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts, built_in_text
from rostra.store.archive import Archive
from rostra.store.made_files import Pages
from rostra.store.store import Store
from rostra.system.attempts import Ours
from rostra.system.progress import Progress
from rostra.system.workers import Workers, huge


def build(
    site: Site,
    progress: Progress | None = None,
    standing: Standing | None = None,
    workers: Workers | None = None,
    shown: Callable[[tuple[str, ...], tuple[RostraError, ...]], object] | None = None,
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
    shown: Callable[[tuple[str, ...], tuple[RostraError, ...]], object] | None,
) -> BuildReport:  # fmt: skip
    """Try to build; raise Again, without any change, if more fails than was known."""
    host = host_of(site)
    failing.begin()
    with (
        Store(site.store, site.ledger, site.kept / site.store.name) as store,
        # A crash may leave behind either the store or the site; what each records of the other is still correct.
        MediaShelf(site.cache / "media.sqlite") as shelf,
        Writer(site.output, site.cache, standing) as writer,
        Renaming(store.made, writer) as renaming,
    ):
        sources = completed(site, sources, store, failing)
        layouts = Layouts(site, sources.pages)
        concordance = Concordance(store)
        hiding = read(site, sources.entries, store, failing, progress, workers, writer.stand)
        guards = hiding.guards(built_in_text()) if hiding.masks else ()
        for guard in guards:
            writer.forbid(guard)
        sums = dict(digests(sources.entries, hiding))
        bench = Workbench(site, layouts, writer, concordance, hiding, workers, failing, sums)
        if not shown:
            index_words(bench)
        renaming.expect((id, bench.named(id, dumps)) for id, _, dumps in store.debates())
        progress.begin("searching quotations across debates")
        concordance.search(workers, failing.found)
        follow(store.published, store.thread)
        media = MediaFiles(sources.entries, bench, shelf, guards)
        media.publish(progress)
        notes = list(all_pages(bench, media, progress, renaming))
        store.forget_dropped()
        store.people.settle()
        renamed = copy_dumps(sources.entries, bench)
        archive = Archive((note.summary for note in notes), sources.pages, store, renamed)
        for unit in progress.each("making lists", pages.archive_units(site, archive, layouts)):
            bench.make(unit)
        workers.dismiss()
        for debate in store.published.gone():
            gone: Gone | None = hiding.gone(store.published.gone_debate(debate), store)
            if gone:
                bench.make(Unit(f"gone/{debate}", gone, partial(pages.gone_files, site, gone, layouts)))
        renaming.finish()
        if shown:
            shown(writer.place(), tuple(failing.found))
            progress.begin("indexing words")
            index_words(bench)
            workers.dismiss()
        store.made.forget_units()
        progress.begin("recording what is published")
        store.last.note_pages((path, page.slug, page.title, page.body_markdown) for path, page in sources.prose)
        store.last.note_failing(failing.dumps)
        if site.locked:
            refuse_news(store.published, tuple(failing.found))
        elif not site.previewed and store.published.write():
            writer.renew(site.ledger)
        wider = store.formers.problems(hiding.hides, hiding.names)
        unread = tuple((LEDGER, problem) for problem in (*store.published.problems(), *wider))
        sound = tuple(entry for entry in sources.entries if entry.dump.name not in failing.dumps)
        unapplied = (
            *unused_settings(site, sound, store),
            *((RULES, problem) for problem in hiding.problems()),
        )
        outcome, lacking = failing.outcome(store), tuple(media.problems(sources.files))
        progress.begin("publishing files")
    progress.end()
    assert writer.written is not None
    return BuildReport(
        threads=len(notes),
        posts=sum(note.summary.posts for note in notes),
        written=writer.written,
        problems=(
            *sources.problems,
            *unread,
            *unapplied,
            *failing.told,
            *lacking,
            *placed(site, sources.entries, ((note.dump, problem) for note in notes for problem in note.problems)),
            *(
                (site.settings.output, problem)
                for problem in (limits(host, site.output, sizes(site.output)) if host else ())
            ),
        ),
        failures=tuple(failing.found),
        kept=outcome.kept,
        left_out=outcome.left_out,
        inputs=(*sources.files, *media.mapped.roots),
        code=plugged_in(),
    )


def index_words(bench: Workbench) -> None:
    """Write the shards of the search index whose debates changed."""
    for unit in pages.index_units(bench.concordance.store, bench.layouts):
        bench.make(unit)


def all_pages(bench: Workbench, media: MediaFiles, progress: Progress, renaming: Renaming) -> Iterable[Notes]:
    """Write the files of every debate if anything that they depend on changed."""
    debates = bench.concordance.store.debates()
    progress.begin("making pages of debates", len(debates))
    unprinted: list[RostraError] = []
    for each in debates:
        thread_pages(*each, bench, media, renaming, progress.step, unprinted)
    bench.workers.dismiss()
    if unprinted and len(unprinted) == len(debates) and all(isinstance(error, UsageError) for error in unprinted):
        # A layout that fails with every debate is itself wrong.
        raise unprinted[0]
    bench.failing.settle()
    return (decode(notes, type=Notes) for notes in bench.concordance.store.made.notes())


def thread_pages(
    id: str,
    digest: str,
    dumps: list[str],
    bench: Workbench,
    media: MediaFiles,
    renaming: Renaming,
    told: Callable[[], object],
    unprinted: list[RostraError],
) -> None:
    """Write the files of one debate; call ``told`` once they are written, or scheduled by ``renaming``.

    If they cannot be made, the failure joins ``unprinted``, and they stay as last written if that is still allowed.
    """
    writer, concordance, hiding = bench.writer, bench.concordance, bench.hiding
    store = concordance.store
    around, kept = concordance.around(id), hiding.kept(id, store.published.kept(id), store)
    named, shown = bench.named(id, dumps), media.shown(id, digest, dumps)
    key = bench.key((digest, around, kept, named.count(""), stamp_of(shown)))
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

    files, revealed = dict[str, str](), around.revealed()

    def put(file: OutputFile) -> None:
        files.update(bench.write(file))

    def put_at_once(file: OutputFile) -> None:
        try:
            put(file)
        except Exception as error:
            raise Ours(error) from error

    def write(made: Made) -> None:
        as_it_was = {path: before.files[path] for path in made.standing}
        writer.keep(as_it_was)
        files.update(as_it_was)
        for file in made.files:
            put(file)
        # Empty digests, digests in the debate's own text and digests shared by two dumps cannot be replaced as names of a dump.
        plain = len(set(named)) == len(named) and all(
            each and each.encode() not in encode((around, kept)) and not store.says(id, each) for each in named
        )
        store.people.note(id, made.spoken)
        pages = Pages(key, files, made.units, named, made.naming if plain else None, digest, revealed)
        store.made.note_pages(id, pages, made.notes)
        told()

    def failed(error: RostraError) -> None:
        unprinted.append(error)
        error = of_debate(error, id, dumps[0])
        writer.take_back(files)
        # A page may contain text of another debate that is hidden since.
        is_same = before.edition == digest and set(before.revealed) <= set(revealed)
        stand = is_same and writer.keep_allowed(before.files)
        bench.failing.fail_pages(id, dumps, error, store, stand=stand)
        told()

    encoded = store.encoded(id)
    make: Callable[..., Made] = printed
    if huge(len(encoded)):
        # It is made in this process, so each file can be written as soon as it is made.
        make = partial(printed, put=put_at_once)
    sums = dict(zip(dumps, named, strict=True))
    doing = f"making the page of debates/{id}"
    bench.workers.attempt(
        len(encoded), write, failed, doing, make, encoded, around, kept, sums, bench.layouts, standing, shown
    )


def of_debate(error: RostraError, debate: str, dump: str) -> RostraError:
    """Return the failure of a debate's pages, with its dump; a layout's failure is reported with its line."""
    if error.path is None:
        error.path = dump
        return error
    message = f"{error.message}, in the page of debates/{debate}, of {dump}"
    return RostraError(message, path=error.path, line=error.line, hint=error.hint)
