"""Find the dumps that changed since the last build, and what to read of those that grew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256

from msgspec.msgpack import encode

from rostra.config.cards import withholds
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.ingest.joining import join_dumps
from rostra.ingest.privacy_policy import Hiding
from rostra.ingest.source_names import display_path
from rostra.ingest.sources import DumpEntry
from rostra.readers import Dump
from rostra.readers.records.resume import Reading
from rostra.store.store import Store
from rostra.system.attempts import crash
from rostra.system.file_state import Look, disk_clock
from rostra.system.workers import Workers

Growth = tuple[Reading, set[str]]
"""How the new part of a dump is read, and the debates that are unchanged."""


def join(site: Site, entries: tuple[DumpEntry, ...], store: Store, workers: Workers) -> None:
    """Give every dump what joining finds of its messages; one that was read with other joins is read whole again."""
    now = disk_clock(site.cache)
    for entry in entries:
        # A dump that cannot be opened is reported when it is read.
        with suppress(RostraError, OSError):
            if not entry.broken:
                _take_digest(entry, store, now)
    dumps = [(entry.dump, entry.card) for entry in entries]
    broken = frozenset(entry.dump.name for entry in entries if entry.broken)
    store.lend(lambda base: join_dumps(dumps, site.settings, base, store.tails, workers, broken))


def dump_keys(site: Site, entries: tuple[DumpEntry, ...], hiding: Hiding) -> dict[str, str]:
    """Return the cache key of each dump's editions."""
    keys = {}
    for entry in entries:
        # A dump that cannot be opened is reported when it is read.
        with suppress(RostraError, OSError):
            if entry.broken:
                continue
            joins = sha256(encode(entry.dump.joins)).digest() if entry.dump.joins else b""
            key = repr((entry.dump.sha256, joins, context(site, entry, hiding)))
            keys[entry.dump.name] = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return keys | {entry.dump.name: "" for entry in entries if entry.dump.name not in keys}


def unhold_connected(store: Store, keys: Mapping[str, str]) -> set[str]:
    """Mark for reading the dumps that share a debate with a changed one; return them with the changed ones.

    Of threads that are alike, those that are one debate are chosen in the order of the dumps, so all are placed again.
    If the dump of a debate is gone, a dump with one of its posts is also read: it may now have that debate's address.
    """
    changed = [dump for dump in store.parts.dumps() if not store.holds(dump, keys.get(dump, ""))]
    gone = {*store.dumps(), *changed} - keys.keys()
    changed += sorted(set().union(*map(store.published.dumps_beside, gone)))
    for dump in changed:
        store.unhold(dump)
        for debate in store.parts.shared(dump):
            changed += store.parts.forget(debate)
            store.drop(debate)
    return set(changed)


def context(site: Site, entry: DumpEntry, hiding: Hiding) -> str:
    """Return what a dump's editions depend on besides the dump."""
    hidden = (hiding.stamp, sorted(hiding.redactor.withheld) if hiding.redactor else None)
    withdrawn = [each.get(entry.dump.name) for each in (hiding.withdrawals.dumps, hiding.withdrawals.near)]
    settings = site.settings
    # The card's path is stored with the dump's data.
    written = display_path(site, entry.card_path) if entry.card_path else None
    return repr(
        (
            entry.card,
            written,
            entry.distinct,
            settings.publish_addresses,
            settings.limits,
            settings.leave_out,
            settings.infer_replies,
            settings.join_dumps,
            hidden,
            withdrawn,
        )
    )


def growths_of(
    site: Site, entries: tuple[DumpEntry, ...], store: Store, hiding: Hiding, keys: Mapping[str, str]
) -> Iterator[tuple[str, Growth]]:
    """Yield, for each dump that grew, what to read of it, and the debates that are unchanged."""
    for entry in entries:
        dump = entry.dump
        # Posts left out by a rule are counted over the whole dump.
        if entry.broken or withholds(entry.card) or dump.rules:
            continue
        if not store.holds(dump.name, keys[dump.name]):
            # A dump that cannot be opened is reported when it is read.
            with suppress(RostraError, OSError):
                reading = _scanned(dump, partial(store.tails.reading, dump, entry.card.format, grown=True))
                if reading and reading.is_growth and reading.context == context(site, entry, hiding):
                    yield dump.name, (reading, store.known(dump.name).keys() - reading.stale())


def reading_of(
    entry: DumpEntry, store: Store, growths: Mapping[str, Growth], taken: Mapping[str, str]
) -> tuple[Reading | None, set[str]]:
    """Return how a dump is read, and the debates that are unchanged."""
    dump, tails = entry.dump, store.tails
    reading = _scanned(dump, partial(tails.reading, dump, entry.card.format))
    if reading is None:
        return None, set()
    tails.take(reading)
    _, kept = growths.get(dump.name, (reading, set[str]()))
    # A dump that may now have only one debate has other source data, so it is read as a whole.
    if kept.isdisjoint(taken) and len(kept) > 1:
        return reading, set(kept)
    reading.read_all()
    return reading, set()


def _take_digest(entry: DumpEntry, store: Store, begun: int) -> None:
    """Use the known digest of a dump if its stat data is unchanged, else compute it; ``begun`` is the time before."""
    dump = entry.dump
    files = () if dump.archive else dump.files()
    described = Look([str(dump.path), *(str(file.path) for file in files)])
    if (known := store.tails.digest(dump.name, described.digest)) is not None:
        dump.is_known(known)
    elif described.settled(begun):
        store.tails.note_digest(dump.name, described.digest, dump.sha256)


def _scanned(dump: Dump, scan: Callable[[], Reading | None]) -> Reading | None:
    """Find a dump's records and return how it is read; raise RostraError if that fails."""
    try:
        return scan()
    except (RostraError, sqlite3.Error):
        raise
    except Exception as error:
        raise crash(error, "finding the records in it", path=dump.name) from error
