"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from rostra import pages
from rostra.archive import Archive, Summary, summarise
from rostra.concordance import Concordance
from rostra.errors import RostraError
from rostra.intake import Progress, read
from rostra.layouts import Layouts
from rostra.ledger import LEDGER
from rostra.model import Gone, Problem
from rostra.output import Writer, Written
from rostra.redaction import Redactor
from rostra.site import Site
from rostra.sources import Entry, gather
from rostra.store import Store


class Report(Struct, frozen=True, kw_only=True):
    """What a build made and what was wrong.  Each problem comes with the dump it is in."""

    threads: int
    posts: int
    written: Written
    problems: tuple[tuple[str, Problem], ...]
    failures: tuple[RostraError, ...]
    inputs: tuple[Path, ...]


class Notes(Struct, frozen=True):
    """What a build says of a debate beside its files."""

    summary: Summary
    problems: tuple[Problem, ...]
    dump: str


def build(site: Site, progress: Progress = lambda dump, done, total: None, *, ledger: bool = True) -> Report:
    """Build a site; a dump that cannot be read is a failure in the report, and the others build.

    What is built counts as published, and is noted in the ``ledger``, unless it is only looked at.

    Raises UsageError where the settings or a layout are wrong; the last site then stands as it was.
    """
    sources = gather(site)
    layouts = Layouts(site, sources.pages)
    failures = list(sources.failures)
    with Writer(site.output, site.cache / "staging") as writer, Store(site.cache, site.root / LEDGER) as store:
        concordance = Concordance(store)
        redactor = read(site, sources.entries, concordance, failures, progress).redactor
        if redactor:
            writer.forbid(redactor.found)
        concordance.search()
        store.published.follow()
        notes = [thread_pages(site, id, concordance, layouts, writer, redactor) for id in store.ids()]
        _copy_dumps(sources.entries, store, writer)
        summaries = sorted((note.summary for note in notes), key=lambda summary: (summary.title, summary.id))
        archive = Archive(threads=tuple(summaries), pages=sources.pages)
        for file in pages.archive_files(site, archive, layouts):
            writer.put(file)
        for debate in store.published.gone():
            gone: Gone | None = store.published.gone_debate(debate)
            if redactor and gone:
                gone = redactor.gone(gone)
            for file in pages.gone_files(site, gone, layouts) if gone else ():
                writer.put(file)
        if ledger:
            store.published.write()
    assert writer.written is not None
    return Report(
        threads=len(summaries),
        posts=sum(summary.posts for summary in summaries),
        written=writer.written,
        problems=tuple((note.dump, problem) for note in notes for problem in note.problems),
        failures=tuple(failures),
        inputs=sources.files,
    )


def thread_pages(
    site: Site, id: str, concordance: Concordance, layouts: Layouts, writer: Writer, redactor: Redactor | None
) -> Notes:
    """The files of one debate, written where anything that they depend on changed."""
    store = concordance.store
    around, kept = concordance.around(id), store.published.kept(id)
    if redactor:
        kept = redactor.kept(kept)
    key = sha256(repr((store.about(id)[0], around, kept, layouts.stamp)).encode()).hexdigest()
    if last := store.pages(id, key):
        files, notes = last
        if all(writer.keep(path, digest) for path, digest in files.items()):
            return decode(notes, type=Notes)
    edition = replace(around.complete(store.edition(id)), kept=kept)
    paths = []
    for file in pages.thread_files(site, edition, layouts):
        if not writer.has(file.path):
            writer.put(file)
        paths.append(file.path)
    made = Notes(summarise(edition, old=bool(site.settings.takes_over)), edition.problems, edition.thread.source.path)
    store.keep_pages(id, key, {path: writer.digest(path) for path in paths}, encode(made))
    return made


def _copy_dumps(entries: tuple[Entry, ...], store: Store, writer: Writer) -> None:
    """The untouched dumps, where they are published."""
    for entry in entries:
        for published in store.dumps_published(entry.dump.name):
            if not writer.has(published):
                writer.copy(published, entry.dump.path)
