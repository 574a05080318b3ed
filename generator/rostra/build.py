"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from rostra import pages
from rostra.archive import Archive, Summary, summarise
from rostra.cards import Card, withdrawn
from rostra.concordance import Concordance
from rostra.corrections import corrected
from rostra.edition import edit
from rostra.errors import RostraError, UsageError
from rostra.layouts import Layouts
from rostra.ledger import LEDGER
from rostra.model import Problem, Thread
from rostra.output import Writer, Written
from rostra.readers import holds_addresses
from rostra.redumps import joined, order
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
            for file in pages.gone_files(site, store.published.gone_debate(debate), layouts):
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
    keys = _keys(site, entries, store)
    taken: dict[str, str] = {}
    # Whichever of two dumps of a debate comes first by name, the other may be the one that was there.
    present = {id: dump for dump, key in keys.items() for id in store.held(dump, key) or ()}
    joint: set[str] = set()
    for done, entry in enumerate(entries):
        dump = entry.dump.name
        progress(dump, done, len(entries))
        held = store.held(dump, keys[dump])
        if held is not None and held.isdisjoint(taken):
            taken |= dict.fromkeys(held, dump)
            continue
        seen: set[str] = set()
        whole = True
        try:
            for natural in threads(entry.dump, entry.card, addresses=site.settings.publish_addresses):
                chosen = bool(entry.card.id)
                thread = store.published.settle(natural, chosen=chosen, dump=dump, dumps=keys.keys(), taken=taken)
                if (reason := withdrawn(entry.card, thread.id)) is not None:
                    store.published.withdraw(thread, dump, reason)
                elif (other := store.parts.same(thread, dump, present)) is not None:
                    _join(store, other, present[other], thread, dump)
                    joint.add(other)
                elif thread.id in taken:
                    failures.append(_one_address(thread.id, dump, taken[thread.id]))
                    whole = False
                else:
                    taken[thread.id] = present[thread.id] = dump
                    seen.add(thread.id)
                    _keep(site, dump, entry.card, thread, concordance)
        except RostraError as error:
            failures.append(error)
            whole = False
        for id in store.known(dump).keys() - seen:
            store.drop(id)
        if whole:
            store.hold(dump, keys[dump])
    cards = {entry.dump.name: entry.card for entry in entries}
    for debate in sorted(joint):
        _keep_joint(site, debate, cards, concordance)


def _keys(site: Site, entries: tuple[Entry, ...], store: Store) -> dict[str, str]:
    """What each dump's editions depend on; dumps that share a debate with one that changed are read again too."""
    keys = {}
    for entry in entries:
        # A dump that cannot be opened is told when it is read.
        with suppress(RostraError, OSError):
            keys[entry.dump.name] = repr((entry.dump.sha256, entry.card, site.settings.publish_addresses))
        keys.setdefault(entry.dump.name, "")
    changed = [dump for dump in store.parts.dumps() if store.held(dump, keys.get(dump, "")) is None]
    for dump in changed:
        store.unhold(dump)
        for debate in store.parts.shared(dump):
            changed += store.parts.forget(debate)
            store.drop(debate)
    store.forget_others(keys)
    return keys


def _join(store: Store, debate: str, home: str, thread: Thread, dump: str) -> None:
    """Note that a thread is another dump of a debate."""
    if not store.parts.of(debate):
        store.parts.add(debate, home, store.edition(debate).thread)
    store.parts.add(debate, dump, thread)


def _keep_joint(site: Site, debate: str, cards: Mapping[str, Card], concordance: Concordance) -> None:
    """Bring a debate that stands in several dumps into the store, whole."""
    store = concordance.store
    parts = store.parts.of(debate)
    first, *_ = ordered = sorted(parts, key=lambda dump: order(parts[dump]))
    name = store.parts.named([parts[dump] for dump in ordered])
    whole = store.published.settle(
        replace(joined([parts[dump] for dump in ordered]), id=name), chosen=True, dump=first, dumps=(), taken=()
    )
    store.drop(debate)
    if name != debate:
        store.parts.forget(debate)
        for dump, thread in parts.items():
            store.parts.add(name, dump, thread)
    _keep(site, first, _together([cards[dump] for dump in ordered]), whole, concordance)


def _together(cards: list[Card]) -> Card:
    """What the cards of several dumps of a debate say of it by permalink."""
    return Card(
        quotation=tuple(each for card in cards for each in card.quotation),
        correction=tuple(each for card in cards for each in card.correction),
    )


def _keep(site: Site, dump: str, card: Card, thread: Thread, concordance: Concordance) -> None:
    """Bring a thread into the store; one that says what it said is not resolved again."""
    store = concordance.store
    thread = corrected(thread, card.correction)
    same = replace(thread, source=replace(thread.source, sha256="", captured=None))
    key = sha256(encode((same, card.quotation, site.settings.publish_addresses))).hexdigest()
    if store.known(dump).get(thread.id) == key:
        store.renew(thread)
        return
    store.drop(thread.id)
    # Only what came as mail is full of addresses that nobody meant to publish.
    shown = site.settings.publish_addresses or not holds_addresses(thread.source.format)
    concordance.add(dump, key, edit(thread, addresses=shown, decisions=card.quotation))


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
