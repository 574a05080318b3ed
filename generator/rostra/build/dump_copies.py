"""Copies of the original dumps, published beside the pages made from them, and records of their digests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from msgspec import json

from rostra.build.workbench import Workbench
from rostra.errors import RostraError
from rostra.identity.file_names import former_path, path_key
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding
from rostra.ingest.sources import DumpEntry
from rostra.output.staging import OutputFile
from rostra.output.writer import Writer
from rostra.readers import Dump


def digests(entries: tuple[DumpEntry, ...], hiding: Hiding, failing: Failing) -> Iterator[tuple[str, str]]:
    """Yield the digest of each dump that can be opened; failures of the others were reported when they were read.

    Of a dump that was not read to its end, the last good version is published, and its digest is told.
    Text hidden in a short dump could be guessed from its digest.
    """
    for entry in entries:
        if hiding.withholds(entry.dump.name):
            continue
        if entry.dump.name in failing.unread:
            if last := failing.digests[entry.dump.name]:
                yield entry.dump.name, last
            continue
        with suppress(RostraError, OSError):
            yield entry.dump.name, entry.dump.sha256


def copy_dumps(entries: tuple[DumpEntry, ...], bench: Workbench) -> list[tuple[str, str]]:
    """Copy the dumps that are published, and keep the copies of those that cannot be read.

    Return a map from former paths of dumps to current paths.
    """
    paths = set[str]()
    formerly: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        dump = entry.dump.name
        last = bench.failing.digests[dump] if dump in bench.failing.unread else None
        for published in bench.concordance.store.dumps_published(dump):
            if not bench.writer.has(published):
                if last is None:
                    _copy(entry, published, bench.writer)
                else:
                    bench.writer.keep({published: last})
            paths.add(path_key(published))
            former = former_path(dump, published)
            formerly.setdefault(path_key(former), []).append((former, published))
    # A former path that two dumps share leads to neither.
    return sorted(each for place, (each, *others) in formerly.items() if not others and place not in paths)


def write_records(entries: tuple[DumpEntry, ...], bench: Workbench) -> None:
    """Write the record of each dump that debates link to: its digest, size and days, and the reader's name."""
    known = {entry.dump.name: entry for entry in entries}
    store = bench.concordance.store
    for path, (dump, format) in store.made.records(set(store.ids())).items():
        entry, last = known[dump], bench.concordance.store.last.reading(dump)
        record = {
            "path": dump,
            "format": format,
            "sha256": bench.digests[dump],
            "size": last.size if last and dump in bench.failing.unread else size_of(entry.dump),
            "captured": entry.card.captured,
            "archived": entry.card.archived,
        }
        bench.writer.put(OutputFile(path, json.format(json.encode(record), indent=1) + b"\n"))


def size_of(dump: Dump) -> int:
    """Return the bytes of a dump's files as they are stored, of an archive its own; raise OSError if one cannot be read."""
    if dump.is_folder and dump.archive is None:
        return sum(file.path.stat().st_size for file in dump.files())
    return dump.path.stat().st_size


def _copy(entry: DumpEntry, path: str, writer: Writer) -> None:
    try:
        writer.copy(path, entry.dump.path, entry.dump.sha256)
    except OSError as error:
        if error.filename != str(entry.dump.path):
            raise
        message = f"it can no longer be read: {error.strerror}"
        raise RostraError(message, path=entry.dump.name, hint="build again") from error
