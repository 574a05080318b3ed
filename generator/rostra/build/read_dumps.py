"""Bring dumps into the store: collect what hides, read each dump, and fall back on the last good version if one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from rostra.build.desk import Desk, store_editions
from rostra.build.dump_copies import size_of
from rostra.build.placement import Placing
from rostra.config.broken_cards import card_text
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.ingest.changes import join
from rostra.ingest.failures import Failing
from rostra.ingest.noted_redactions import note_rules
from rostra.ingest.privacy_policy import Hiding, learned_hiding, note_learnt, with_pseudonyms, withhold
from rostra.ingest.source_names import display_path
from rostra.ingest.sources import DumpEntry, Sources
from rostra.store.last_good import LastRead
from rostra.store.store import Store
from rostra.system.progress import Progress
from rostra.system.workers import Workers


def read(
    site: Site, found: Sources, store: Store, failing: Failing, progress: Progress, workers: Workers,
    stands: Callable[[Mapping[str, str]], bool],
) -> Hiding:  # fmt: skip
    """Bring every dump that was ``found`` into the store; unreadable ones and address conflicts are reported to ``failing``.

    Return the rules that hide text, which are collected on the way.  ``stands`` tells whether files of the site
    are as the last build wrote them.  Raise Again if more fails than was known at the start.
    """
    note_rules(site, store.published)
    entries = found.entries
    failing.doubted |= store.last.failed() | {entry.dump.name for entry in entries if entry.broken}
    for dump in sorted(failing.doubted):
        store.last.set_apart(dump)
    if not store.kept:
        workers.expect(_sizes(entries))
    join(site, entries, store, workers)
    hiding = learned_hiding(site, entries, store, failing, found.lacked)
    sources = {entry.dump.name: entry for entry in entries}
    entries = with_pseudonyms(entries, hiding.pseudonyms)
    whole = set[str]()
    while True:
        failing.begin_reading()
        withhold(entries, store, hiding)
        # Only here the hiding rules are complete.
        desk = Desk(site, store, hiding, workers, failing, stands)
        placing = Placing(entries, desk, whole)
        store_editions(desk, Workers() if hiding.masks else workers, placing.edits(progress))
        if placing.is_final:
            break
    failing.settle()
    for dump in placing.well:
        _note_reading(site, sources[dump], store)
    store.last.forget_others(sources.keys())
    note_learnt(hiding, entries, store, failing)
    store.note_hidden(hiding.stamp)
    store.published.note_failing(failing.dumps)
    return hiding


def _note_reading(site: Site, entry: DumpEntry, store: Store) -> None:
    name, text = (display_path(site, entry.card_path), card_text(entry.card_path)) if entry.card_path else ("", "")
    store.last.note(entry.dump.name, LastRead(entry.dump.sha256, size_of(entry.dump), name, entry.card, text or ""))


def _sizes(entries: Iterable[DumpEntry]) -> Iterator[int]:
    """Yield the sizes of the files of dumps in bytes; unreadable files and archives are skipped."""
    for entry in entries:
        # A dump that cannot be opened is reported when it is read.
        with suppress(RostraError, OSError):
            yield from (file.path.stat().st_size for file in entry.dump.files())
