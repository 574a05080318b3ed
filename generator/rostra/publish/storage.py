"""A built site in object storage, or in any place that fsspec reaches: changed files only, deletions last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from rostra import __version__
from rostra.elsewhere import BUCKETS, Elsewhere
from rostra.errors import RostraError
from rostra.headers import cache_control, media_type
from rostra.manifest import MANIFEST
from rostra.publish.mark import MARK, Mark, decode, encode, refuse_older
from rostra.publish.plan import Plan, listed, make_plan, refuse_lost_addresses, wanted
from rostra.publish.ready import refuse_unready
from rostra.publish.source import head, refuse_uncommitted
from rostra.site import Site

GITS = frozenset({"http", "https", "ssh", "git", "file", "git+ssh"})
"""Addresses of git remotes."""
AT_ONCE = 500
"""Files that are handed over together; the storage's own client sends several at a time."""


def is_storage(target: str) -> bool:
    """Whether a target is object storage rather than a git remote."""
    return "://" in target and urlsplit(target).scheme not in GITS


def upload(site: Site, target: str, *, dry_run: bool = False, dirty: bool = False, endpoint: str | None = None) -> Plan:
    """Publish a site below an address such as ``s3://bucket/prefix``; raises RostraError, with the remedy.

    Files are sent before the list of them, pages after what they show, and what is gone goes last.  One that breaks off
    leaves a note of what is unsure, and the next sends that again.
    """
    if not dirty:
        refuse_uncommitted(site)
    refuse_unready(site)
    return put(site, target, dry_run=dry_run, endpoint=endpoint, lasting=True)


def put(
    site: Site, target: str, *, dry_run: bool = False, endpoint: str | None = None, lasting: bool = False
) -> Plan:  # fmt: skip
    """Put a site that was built in its place elsewhere; raises RostraError, with the remedy.

    Where what was published is to be ``lasting``, no debate may vanish from its address.
    """
    place = Place(target, endpoint)
    said = place.read(MARK)
    mark = decode(said) if said is not None else None
    if mark:
        refuse_older(mark)
    else:
        place.refuse_strange()
    old = listed(place.read(MANIFEST) or b"") if mark else {}
    plan = make_plan(site.output, old, wanted(site.output), mark.unsure if mark else ())
    if mark and lasting:
        refuse_lost_addresses(plan, "or remove what is there, and publish again")
    if dry_run or (plan.nothing and mark and not mark.unsure):
        return plan
    source = head(site)
    begun = encode(Mark(version=__version__, source=source, unsure=tuple(sorted({*plan.sent, *plan.removed}))))
    place.write(MARK, begun)
    if blocking := plan.in_the_way:
        place.remove(blocking)
    for paths in in_order(plan.sent):
        place.send(site, paths)
    if place.read(MARK) != begun:
        raise RostraError(
            "somebody else published there meanwhile", hint="publish again: what is there is then sent anew"
        )
    place.remove(tuple(path for path in plan.removed if path not in blocking))
    place.write(MARK, encode(Mark(version=__version__, source=source)))
    return plan


def in_order(paths: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Files that are sent together: of one type and lifetime, what pages show before the pages, the list of all last."""

    def kind(path: str) -> tuple[bool, bool, str, str]:
        return path == MANIFEST, path.endswith(".html"), media_type(path), cache_control(path)

    for _, group in groupby(sorted(paths, key=lambda path: (kind(path), path)), key=kind):
        yield from _batches(tuple(group))


def _batches(paths: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(0, len(paths), AT_ONCE):
        yield paths[at : at + AT_ONCE]


class Place(Elsewhere):
    """Where the files go."""

    REMEDY = "are the address and the credentials right? What was sent stays; publish again"

    def read(self, path: str) -> bytes | None:
        """What stands at a path; None where nothing does."""
        with self.told("cannot be read"):
            self.files.invalidate_cache()
            try:
                content: bytes = self.files.cat_file(self.at(path))
            except FileNotFoundError:
                return None
            return content

    def write(self, path: str, content: bytes) -> None:
        """Put bytes at a path."""
        with self.told("cannot be written to"):
            self.files.pipe_file(self.at(path), content, **self._headers(path))

    def send(self, site: Site, paths: tuple[str, ...]) -> None:
        """Put files of one kind in their places."""
        with self.told("broke off"):
            here = [str(site.output / path) for path in paths]
            self.files.put(here, [self.at(path) for path in paths], **self._headers(paths[0]))

    def remove(self, paths: tuple[str, ...]) -> None:
        """Remove files, where they are there."""
        with self.told("broke off"):
            for some in _batches(paths):
                if there := [self.at(path) for path in some if self.files.exists(self.at(path))]:
                    self.files.rm(there)

    def refuse_strange(self) -> None:
        """Raises RostraError where there are files that Rostra did not put there, or no such place."""
        with self.told("cannot be read"):
            if self.scheme in BUCKETS and not self.files.exists(self.root.partition("/")[0]):
                raise RostraError(
                    f"there is no bucket {self.root.partition('/')[0]!r}", hint="make it, or mend the address"
                )
            try:
                there = self.files.ls(self.root, detail=False)
            except FileNotFoundError:
                return
        if there:
            raise RostraError(
                f"{self.shown} holds files that Rostra did not put there: {str(there[0]).rpartition('/')[2]!r}",
                hint="name another place, a prefix of its own for instance",
            )

    def _headers(self, path: str) -> dict[str, Any]:
        """What the storage is told to say with a file, in its own words."""
        kind, kept = media_type(path), cache_control(path)
        if self.scheme in ("s3", "s3a"):
            return {"ContentType": kind, "CacheControl": kept}
        if self.scheme in ("gs", "gcs"):
            return {"content_type": kind, "fixed_key_metadata": {"cache_control": kept}}
        return {}
