"""Copies of the original dumps, published beside the pages made from them, and records of their digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

from msgspec import json

from rostra.build.workbench import Workbench
from rostra.errors import RostraError
from rostra.identity.file_names import former_path, path_key
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding
from rostra.ingest.sources import DumpEntry
from rostra.output.staging import OutputFile, StagedFile, Staging
from rostra.readers import Dump
from rostra.system.attempts import Failed
from rostra.system.batches import Work, in_batches
from rostra.system.shared_storage import LocalPath


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
    paths, copies = set[str](), dict[str, DumpEntry]()
    formerly: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        dump = entry.dump.name
        last = bench.failing.digests[dump] if dump in bench.failing.unread else None
        for published in bench.concordance.store.dumps_published(dump):
            if published not in copies and not bench.writer.has(published):
                digest = entry.dump.sha256 if last is None else last
                if not bench.writer.keep({published: digest}) and last is None:
                    copies[published] = entry
            paths.add(path_key(published))
            former = former_path(dump, published)
            formerly.setdefault(path_key(former), []).append((former, published))
    _copy(copies, bench)
    # A former path that two dumps share leads to neither.
    return sorted(each for place, (each, *others) in formerly.items() if not others and place not in paths)


def write_records(entries: tuple[DumpEntry, ...], bench: Workbench) -> None:
    """Write the record of each dump that debates link to: its digest, size and days, and the reader's name."""
    works = (Work(None, len(file.content), file) for file in _records(entries, bench))
    for _, staged in in_batches(bench.workers, stage_records, (bench.writer.staged,), works):
        assert not isinstance(staged, Failed)
        bench.writer.take([staged])


def _records(entries: tuple[DumpEntry, ...], bench: Workbench) -> Iterator[OutputFile]:
    """Yield the records that are not as the last build wrote them."""
    known = {entry.dump.name: entry for entry in entries}
    store = bench.concordance.store
    for path, (dump, format) in store.made.records(set(store.ids())).items():
        entry = known[dump]
        last = store.last.reading(dump) if dump in bench.failing.unread else None
        record = {
            "path": dump,
            "format": format,
            "sha256": bench.digests[dump],
            "size": last.size if last else size_of(entry.dump),
            "captured": entry.card.captured,
            "archived": entry.card.archived,
        }
        content = json.format(json.encode(record), indent=1) + b"\n"
        if not bench.writer.keep({path: sha256(content).hexdigest()}):
            yield OutputFile(path, content)


def stage_records(staging: Staging, files: Sequence[OutputFile]) -> list[StagedFile]:
    """Stage files."""
    return list(map(staging.put, files))


def size_of(dump: Dump) -> int:
    """Return the bytes of a dump's files as they are stored, of an archive its own; raise OSError if one cannot be read."""
    if dump.is_folder and dump.archive is None:
        return sum(file.path.stat().st_size for file in dump.files())
    return dump.path.stat().st_size


def _copy(copies: Mapping[str, DumpEntry], bench: Workbench) -> None:
    """Copy dumps to the paths where they are published."""
    for _, staged in in_batches(bench.workers, copied, (bench.writer.staged,), _works(copies)):
        assert not isinstance(staged, Failed)
        bench.writer.receive([staged])


def _works(copies: Mapping[str, DumpEntry]) -> Iterator[Work[None]]:
    for path, entry in copies.items():
        dump = entry.dump
        with _readable(dump.name, str(dump.path)):
            size = size_of(dump)
        yield Work(None, size, (dump.name, path, LocalPath(dump.path), dump.sha256))


def copied(staging: Staging, dumps: Sequence[tuple[str, str, str, str]]) -> list[StagedFile]:
    """Stage copies of dumps: the name of each, where it is published, its file, and the digest that it had."""
    found = list[StagedFile]()
    for name, path, original, digest in dumps:
        with _readable(name, original):
            found.append(staging.copy(path, original, digest))
    return found


@contextmanager
def _readable(dump: str, path: str) -> Iterator[None]:
    """Raise RostraError if a dump can no longer be read."""
    try:
        yield
    except OSError as error:
        if error.filename is None or str(error.filename) != path:
            raise
        message = f"it can no longer be read: {error.strerror}"
        raise RostraError(message, path=dump, hint="build again") from error
