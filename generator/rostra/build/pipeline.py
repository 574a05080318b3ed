"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from msgspec.msgpack import decode, encode

from rostra.build.dump_copies import copy_dumps, digests
from rostra.build.making import Made, Notes, printed
from rostra.build.read_dumps import read
from rostra.build.renaming import Renaming
from rostra.build.workbench import Beside, Workbench
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
    """Build a site; a dump, card or thread that fails is a failure in the report, and the others build.

    What fails stays as it was last built, as far as today's rules can be applied to it.  ``missed`` is what could not be
    fetched of content that lies elsewhere.  ``standing`` is the output folder, where somebody looked at it already.
    Where somebody waits for pages, they are put in place before the search index is begun, and ``shown`` is told what
    changed and what failed.

    What is built counts as published, and is noted in the ledger, unless it is only previewed.  A build of a
    locked site notes nothing.

    Raises UsageError where the settings or a layout are wrong, NotInLedger where a locked build would have to
    note something; the last site then stands as it was.
    """
    progress, workers = progress or Progress(), workers or Workers()
    progress.begin("looking what is there")
    sources = gather(site, missed)
    failing = Failing((*broken_plug_ins(), *sources.failures))
    while True:
        with suppress(Again):
            return _built(site, sources, failing, progress, standing, workers, shown)


def _built(
    site: Site, sources: Sources, failing: Failing, progress: Progress, standing: Standing | None, workers: Workers,
    shown: Callable[[tuple[str, ...], tuple[RostraError, ...]], object] | None,
) -> BuildReport:  # fmt: skip
    """An attempt at a build; raises Again where more fails than was known, and then nothing is changed."""
    host = host_of(site)
    failing.begin()
    with (
        Store(site.store, site.ledger, site.kept / site.store.name) as store,
        # It comes home first: what the store and the site say of each other holds, whichever of both a crash leaves behind.
        Writer(site.output, site.cache, standing) as writer,
        Renaming(store.made, writer) as renaming,
    ):
        sources = completed(site, sources, store, failing)
        layouts = Layouts(site, sources.pages)
        concordance = Concordance(store)
        hiding = read(site, sources.entries, store, failing, progress, workers, writer.stand)
        for guard in hiding.guards(built_in_text()) if hiding.masks else ():
            writer.forbid(guard)
        sums = dict(digests(sources.entries, hiding))
        bench = Workbench(site, layouts, writer, concordance, hiding, workers, failing, sums)
        beside = Beside(pages.first_units(site, store, layouts), bench, waits=shown is not None)
        renaming.expect((id, bench.named(id, dumps)) for id, _, dumps in store.debates())
        beside.go_on()
        progress.begin("seeking quotations across debates")
        concordance.search(workers, failing.found)
        follow(store.published, store.thread)
        notes = list(all_pages(bench, progress, beside, renaming))
        store.forget_dropped()
        store.people.settle()
        renamed = copy_dumps(sources.entries, bench)
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
            shown(writer.place(), tuple(failing.found))
        progress.begin("indexing words")
        beside.finish()
        store.made.forget_units()
        progress.begin("noting what is published")
        store.last.note_pages((path, page.slug, page.title, page.body_markdown) for path, page in sources.prose)
        store.last.note_failing(failing.dumps)
        if site.locked:
            refuse_news(store.published, tuple(failing.found))
        elif not site.previewed and store.published.write():
            writer.renew(site.ledger)
        unread = tuple((LEDGER, problem) for problem in store.published.problems())
        sound = tuple(entry for entry in sources.entries if entry.dump.name not in failing.dumps)
        unapplied = (
            *unused_settings(site, sound, store),
            *((RULES, problem) for problem in hiding.problems()),
        )
        outcome = failing.outcome(store)
        progress.begin("putting it in place")
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
            *placed(site, sources.entries, ((note.dump, problem) for note in notes for problem in note.problems)),
            *(
                (site.settings.output, problem)
                for problem in (limits(host, site.output, sizes(site.output)) if host else ())
            ),
        ),
        failures=tuple(failing.found),
        kept=outcome.kept,
        left_out=outcome.left_out,
        inputs=sources.files,
        code=plugged_in(),
    )


def all_pages(bench: Workbench, progress: Progress, beside: Beside, renaming: Renaming) -> Iterable[Notes]:
    """The files of every debate, written where anything that they depend on changed."""
    debates = bench.concordance.store.debates()
    progress.begin("making pages of debates", len(debates))
    unprinted: list[RostraError] = []
    for each in debates:
        beside.go_on()
        thread_pages(*each, bench, renaming, beside, progress.step, unprinted)
    bench.workers.dismiss()
    if unprinted and len(unprinted) == len(debates) and all(isinstance(error, UsageError) for error in unprinted):
        # A layout that fails with every debate is wrong itself.
        raise unprinted[0]
    bench.failing.settle()
    return (decode(notes, type=Notes) for notes in bench.concordance.store.made.notes())


def thread_pages(
    id: str,
    digest: str,
    dumps: list[str],
    bench: Workbench,
    renaming: Renaming,
    beside: Beside,
    told: Callable[[], object],
    unprinted: list[RostraError],
) -> None:
    """The files of one debate; ``told`` once they are written, or are to be as ``renaming`` has them.

    Where they cannot be made, that joins ``unprinted``, and they stay as they were last written if they still may.
    """
    writer, concordance, hiding = bench.writer, bench.concordance, bench.hiding
    store = concordance.store
    around, kept = concordance.around(id), hiding.kept(store.published.kept(id))
    named = bench.named(id, dumps)
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
        # What is not known, what a debate itself says, and what two dumps share is no mere name of a dump.
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
        # A page may hold what another debate said and has hidden since.
        is_same = before.edition == digest and set(before.revealed) <= set(revealed)
        stand = is_same and writer.keep_allowed(before.files)
        bench.failing.fail_pages(id, dumps, error, store, stand=stand)
        told()

    encoded = store.encoded(id)
    make: Callable[..., Made] = printed
    if huge(len(encoded)):
        beside.rest()
        # It is made here, and so a file can be put in its place as soon as it is made.
        make = partial(printed, put=put_at_once)
    sums = dict(zip(dumps, named, strict=True))
    doing = f"making the page of debates/{id}"
    bench.workers.attempt(
        len(encoded), write, failed, doing, make, encoded, around, kept, sums, bench.layouts, standing
    )


def of_debate(error: RostraError, debate: str, dump: str) -> RostraError:
    """The failure of a debate's pages, with the dump that it is of; a layout's is told with its line."""
    if error.path is None:
        error.path = dump
        return error
    message = f"{error.message}, in the page of debates/{debate}, of {dump}"
    return RostraError(message, path=error.path, line=error.line, hint=error.hint)
