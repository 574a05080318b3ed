"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from rostra import pages
from rostra.archive import Archive, Summary, summarise
from rostra.concordance import Concordance
from rostra.edition import edit
from rostra.errors import RostraError, UsageError
from rostra.layouts import Layouts
from rostra.ledger import LEDGER
from rostra.model import Problem, Thread
from rostra.output import Writer, Written
from rostra.readers import holds_addresses
from rostra.site import Site
from rostra.sources import Entry, gather
from rostra.store import Store
from rostra.threads import threads


class Report(Struct, frozen=True, kw_only=True):
    """What a build made and what was wrong.  Each problem comes with the dump it is in."""

    threads: int
    posts: int
    written: Written
    problems: tuple[tuple[str, Problem], ...]
    failures: tuple[RostraError, ...]
    inputs: tuple[Path, ...]


Progress = Callable[[str, int, int], None]
"""Told the dump at hand, how many are done, and how many there are."""


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
        read(site, sources.entries, concordance, failures, progress)
        concordance.search()
        store.published.follow()
        notes = [thread_pages(site, id, concordance, layouts, writer) for id in store.ids()]
        _copy_dumps(sources.entries, store, writer)
        summaries = sorted((note.summary for note in notes), key=lambda summary: (summary.title, summary.id))
        archive = Archive(threads=tuple(summaries), pages=sources.pages)
        for file in pages.archive_files(site, archive, layouts):
            writer.put(file)
        for debate in store.published.gone():
            for file in pages.gone_files(site, debate, store.published.kept(debate), layouts):
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


def read(
    site: Site, entries: tuple[Entry, ...], concordance: Concordance, failures: list[RostraError], progress: Progress
) -> None:
    """Bring every dump into the store; what cannot be read, or has another's address, joins ``failures``."""
    store = concordance.store
    taken: dict[str, str] = {}
    dumps = {entry.dump.name for entry in entries}
    store.forget_others(dumps)
    for done, entry in enumerate(entries):
        dump = entry.dump.name
        progress(dump, done, len(entries))
        key = ""
        seen: set[str] = set()
        try:
            key = _key(site, entry)
            held = store.held(dump, key)
            if held is not None and held.isdisjoint(taken):
                taken |= dict.fromkeys(held, dump)
                continue
            for natural in threads(entry.dump, entry.card, addresses=site.settings.publish_addresses):
                chosen = bool(entry.card.id)
                thread = store.published.settle(natural, chosen=chosen, dump=dump, dumps=dumps, taken=taken)
                if thread.id in taken:
                    failures.append(_one_address(thread.id, dump, taken[thread.id]))
                    key = ""
                    continue
                taken[thread.id] = dump
                seen.add(thread.id)
                _keep(site, entry, thread, concordance)
        except RostraError as error:
            failures.append(error)
            key = ""
        for id in store.known(dump).keys() - seen:
            store.drop(id)
        if key:
            store.hold(dump, key)


def _keep(site: Site, entry: Entry, thread: Thread, concordance: Concordance) -> None:
    """Bring a thread into the store; one that says what it said is not resolved again."""
    store, dump = concordance.store, entry.dump.name
    same = replace(thread, source=replace(thread.source, sha256="", captured=None))
    key = sha256(encode((same, entry.card.quotation, site.settings.publish_addresses))).hexdigest()
    if store.known(dump).get(thread.id) == key:
        store.renew(thread)
        return
    store.drop(thread.id)
    # Only what came as mail is full of addresses that nobody meant to publish.
    shown = site.settings.publish_addresses or not holds_addresses(thread.source.format)
    concordance.add(dump, key, edit(thread, addresses=shown, decisions=entry.card.quotation))


def _key(site: Site, entry: Entry) -> str:
    """What a dump's editions depend on."""
    return repr((entry.dump.sha256, entry.card, site.settings.publish_addresses))


def thread_pages(site: Site, id: str, concordance: Concordance, layouts: Layouts, writer: Writer) -> Notes:
    """The files of one debate, written where anything that they depend on changed."""
    store = concordance.store
    around, kept = concordance.around(id), store.published.kept(id)
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
    made = Notes(summarise(edition), edition.problems, edition.thread.source.path)
    store.keep_pages(id, key, {path: writer.digest(path) for path in paths}, encode(made))
    return made


def _copy_dumps(entries: tuple[Entry, ...], store: Store, writer: Writer) -> None:
    """The untouched dumps, where they are published."""
    for entry in entries:
        for published in store.dumps_published(entry.dump.name):
            if not writer.has(published):
                writer.copy(published, entry.dump.path)


def _one_address(id: str, dump: str, other: str) -> UsageError:
    return UsageError(
        f"its address {id!r} is taken by {other}",
        path=dump,
        hint="give one of them another `id` or a `prefix` in a card",
    )
