"""Publish a built site to object storage, or anything else that fsspec reaches: only differences, removals last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from rostra import __version__
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish.difference import listing
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark, refuse_older
from rostra.publish.plan import Plan, make_plan, manifest_paths, wanted_files
from rostra.publish.ready import refuse_unready
from rostra.publish.removals import refuse_lost_addresses, refuse_removals
from rostra.publish.source import follows, head, refuse_uncommitted
from rostra.publish.stored import Object, PublishRecord, stored_objects
from rostra.system.http_headers import cache_control, media_type
from rostra.system.remote_files import BUCKETS, Elsewhere

GITS = frozenset({"http", "https", "ssh", "git", "file", "git+ssh"})
"""The schemes of git remotes."""
AT_ONCE = 500
"""How many files are passed to the storage client at once; it sends several in parallel."""
PIECE = 1 << 20
"""How many bytes are read at once."""


def is_storage(target: str) -> bool:
    """Whether a target is object storage rather than a git remote."""
    return "://" in target and urlsplit(target).scheme not in GITS


def upload(
    site: Site, target: str, *, dry_run: bool = False, dirty: bool = False, accept_removals: bool = False,
    endpoint: str | None = None, despite_failures: bool = False,
) -> Plan:  # fmt: skip
    """Publish a site below an address such as ``s3://bucket/prefix``; raises RostraError with a hint.

    New files are sent before changed ones, pages after the files that they show, then the manifest; removals come last.
    An interrupted run leaves a note of the files that are unsure, and the next run completes it.
    """
    if not dirty:
        refuse_uncommitted(site)
    refuse_unready(site, despite_failures=despite_failures)
    return put(site, target, dry_run=dry_run, accept_removals=accept_removals, endpoint=endpoint, lasting=True)


def put(
    site: Site, target: str, *, dry_run: bool = False, accept_removals: bool = False, endpoint: str | None = None,
    lasting: bool = False,
) -> Plan:  # fmt: skip
    """Send a built site to remote storage; raises RostraError with a hint.

    If what was published is ``lasting``, no debate may vanish from its address.
    """
    place, new = StorageTarget(target, endpoint), wanted_files(site.output)
    said = place.read(MARK)
    mark = decode_mark(said) if said is not None else None
    if mark:
        refuse_older(mark)
        refuse_overtaken(site, mark, place.shown)
    else:
        place.refuse_strange()
    record, there = PublishRecord(site, place, endpoint), stored_objects(place) if mark else {}
    unsure = mark.unsure if mark else ()
    claimed, old, strange = _look(place, record, there, new, unsure)
    plan = make_plan(site.output, old, new)
    repaired = tuple(path for path in plan.sent if claimed.get(path) == new[path] and path not in unsure)
    plan = replace(plan, repaired=repaired, strange=strange)
    if lasting:
        refuse_lost_addresses(claimed, new, "or remove what is there, and publish again")
    if not accept_removals:
        refuse_removals(site.output, old, new)
    if dry_run:
        return plan
    if plan.nothing and not unsure:
        record.note(new, there)
    else:
        _carry_out(site, place, plan, record, there, new)
    return plan


def refuse_overtaken(site: Site, mark: PublishMark, where: str) -> None:
    """Raise RostraError if the published site was built from a later commit than this site.

    The order of two commits is known only if both are in the site's repository and one is an ancestor of the other; in all
    other cases the site that is published last replaces the other.
    """
    here = head(site)
    if here and mark.source and here != mark.source and follows(site, here, mark.source):
        raise RostraError(
            f"{where} is built from commit {mark.source[:12]}, which comes after this site's, {here[:12]}",
            hint="run `git pull`, and build again; to go back on purpose, revert the later commits with `git revert`",
        )


def _look(
    place: StorageTarget,
    record: PublishRecord,
    there: Mapping[str, Object],
    new: Mapping[str, str],
    unsure: Collection[str],
) -> tuple[Mapping[str, str], Mapping[str, str], tuple[str, ...]]:
    """Return what was published last, what exists of it (both with digests, empty if unknown), and the files of others.

    Raises RostraError if one of our files would replace a file of others.
    """
    known = record.claimed(there)
    claimed = manifest_paths(place.read(MANIFEST) or b"") if known is None else known

    def is_ours(path: str) -> bool:
        if path == MANIFEST or path in unsure:
            return True
        # No file is removed because of a list at the target, which anybody may have written.
        return path in claimed and (known is not None or path in new or place.digest(path) == claimed[path])

    digests = {path: record.digest(path, there, new) for path in there if path != MARK}
    strange = {path for path, digest in digests.items() if digest != new.get(path) and not is_ours(path)}
    if taken := sorted(strange.intersection(new)):
        raise RostraError(
            f"{place.shown} holds files that Rostra did not put there, where it would put its own: {listing(taken)}",
            hint="move them elsewhere, or publish to another address",
        )
    old = {path: digest for path, digest in digests.items() if path not in strange}
    return claimed, old, tuple(sorted(strange))


def _carry_out(
    site: Site,
    place: StorageTarget,
    plan: Plan,
    record: PublishRecord,
    there: Mapping[str, Object],
    new: Mapping[str, str],
) -> None:
    """Carry out the plan, and record the result."""
    source = head(site)
    begun = encode_mark(
        PublishMark(version=__version__, source=source, unsure=tuple(sorted({*plan.sent, *plan.removed})))
    )
    done = encode_mark(PublishMark(version=__version__, source=source))
    place.write(MARK, begun)
    if blocking := plan.in_the_way:
        place.remove(blocking)
    for paths in upload_batches(plan.sent, plan.added):
        place.send(site, paths)
    if place.read(MARK) != begun:
        raise RostraError(
            "somebody else published there meanwhile", hint="publish again: these files are then sent again"
        )
    place.remove(tuple(path for path in plan.removed if path not in blocking))
    place.write(MARK, done)
    sizes = {path: (site.output / path).stat().st_size for path in plan.sent}
    # Files that somebody changed meanwhile are not recorded, so they are sent again.
    held = {
        path: each
        for path, each in stored_objects(place).items()
        if path == MARK or (each.size in (None, sizes[path]) if path in sizes else each == there.get(path))
    }
    if place.read(MARK) == done:
        record.note(new, held)


def upload_batches(paths: tuple[str, ...], added: Collection[str] = ()) -> Iterator[tuple[str, ...]]:
    """Yield batches of files of one type and lifetime: ``added`` ones first, pages last, then the manifest.

    So no page links to a page that does not exist yet, and none lacks a file that it shows.
    """
    first = frozenset(added)

    def kind(path: str) -> tuple[bool, bool, bool, str, str]:
        return path == MANIFEST, path not in first, path.endswith(".html"), media_type(path), cache_control(path)

    for _, group in groupby(sorted(paths, key=lambda path: (kind(path), path)), key=kind):
        yield from _batches(tuple(group))


def _batches(paths: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(0, len(paths), AT_ONCE):
        yield paths[at : at + AT_ONCE]


class StorageTarget(Elsewhere):
    """The target of the files."""

    REMEDY = "check the address and the credentials, and publish again; files that were sent are not sent again"

    def read(self, path: str) -> bytes | None:
        """Return the content of a path; None if it does not exist."""
        with self.told("cannot be read"):
            self.files.invalidate_cache()
            try:
                content: bytes = self.files.cat_file(self.at(path))
            except FileNotFoundError:
                return None
            return content

    def digest(self, path: str) -> str:
        """Return the SHA-256 of the content of a path, read in pieces."""
        total = sha256()
        with self.told("cannot be read"), self.files.open(self.at(path), "rb") as stream:
            while piece := stream.read(PIECE):
                total.update(piece)
        return total.hexdigest()

    def write(self, path: str, content: bytes) -> None:
        """Write bytes to a path."""
        with self.told("cannot be written to"):
            self.files.pipe_file(self.at(path), content, **self._headers(path))

    def send(self, site: Site, paths: tuple[str, ...]) -> None:
        """Send files of one type and lifetime."""
        with self.told("broke off"):
            here = [str(site.output / path) for path in paths]
            self.files.put(here, [self.at(path) for path in paths], **self._headers(paths[0]))

    def remove(self, paths: tuple[str, ...]) -> None:
        """Remove files, if they exist."""
        with self.told("broke off"):
            for some in _batches(paths):
                if there := [self.at(path) for path in some if self.files.exists(self.at(path))]:
                    self.files.rm(there)

    def refuse_strange(self) -> None:
        """Raise RostraError if the target has files of others, or does not exist."""
        with self.told("cannot be read"):
            if self.scheme in BUCKETS and not self.files.exists(self.root.partition("/")[0]):
                raise RostraError(
                    f"there is no bucket {self.root.partition('/')[0]!r}", hint="create it, or correct the address"
                )
            try:
                there = self.files.ls(self.root, detail=False)
            except FileNotFoundError:
                return
        if there:
            raise RostraError(
                f"{self.shown} holds files that Rostra did not put there: {str(there[0]).rpartition('/')[2]!r}",
                hint="publish to another address, for example with a prefix",
            )

    def _headers(self, path: str) -> dict[str, Any]:
        """Return the headers of a file in the storage client's terms."""
        kind, kept = media_type(path), cache_control(path)
        if self.scheme in ("s3", "s3a"):
            return {"ContentType": kind, "CacheControl": kept}
        if self.scheme in ("gs", "gcs"):
            return {"content_type": kind, "fixed_key_metadata": {"cache_control": kept}}
        return {}
