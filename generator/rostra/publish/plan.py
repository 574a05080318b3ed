"""Plan what publishing changes, by digests, so that unchanged files are not read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from msgspec import Struct

from rostra.output.manifest import MANIFEST, parse_manifest
from rostra.publish.difference import compare, listing


class Plan(Struct, frozen=True, kw_only=True):
    """Paths of added, changed and removed files; ``size`` is the number of bytes to send.

    ``repaired`` are files that were published before and must be sent again; ``strange`` are files at the target that
    are not Rostra's and stay.
    """

    files: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    size: int
    repaired: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def sent(self) -> tuple[str, ...]:
        """The files to send, sorted."""
        return tuple(sorted((*self.added, *self.changed)))

    @property
    def in_the_way(self) -> tuple[str, ...]:
        """The removed files whose path becomes a folder."""
        folders = {str(folder) for path in self.added for folder in PurePosixPath(path).parents}
        return tuple(path for path in self.removed if path in folders)

    def pages(self, paths: Collection[str]) -> list[str]:
        """The paths that are pages."""
        return [path for path in paths if path.endswith(".html")]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to change."""
        return not (self.added or self.changed or self.removed)


def wanted_files(output: Path) -> dict[str, str]:
    """Return the files to publish with their digests: what the build made, and its manifest."""
    return manifest_paths((output / MANIFEST).read_bytes())


def manifest_paths(manifest: bytes) -> dict[str, str]:
    """Return the files that a manifest lists, and itself; none if it is empty."""
    found = parse_manifest(manifest.decode("utf-8", "replace"))
    return found | {MANIFEST: sha256(manifest).hexdigest()} if found else {}


def make_plan(
    output: Path, old: Mapping[str, str], new: Mapping[str, str], beside: Mapping[str, bytes] | None = None
) -> Plan:
    """Return the plan from the ``old`` files to the ``new`` ones, both given with their digests.

    The new files are in the ``output`` folder, except those published ``beside`` what a build made.
    """
    differs, given = compare(old, new), beside or {}
    sent = (*differs.added, *differs.changed)
    return Plan(
        files=len(new),
        added=differs.added,
        changed=differs.changed,
        removed=differs.removed,
        size=sum(len(given[path]) if path in given else (output / path).stat().st_size for path in sent),
    )


def format_plan(plan: Plan) -> Iterator[str]:
    """Return a plan as text for people."""
    for sign, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.removed)):
        for path in paths:
            yield f"{sign} {path}"


def plan_remarks(plan: Plan) -> Iterator[str]:
    """Yield remarks about the files that were found at the target."""
    if plan.repaired:
        yield f"sent again, since it is not known whether they are as published: {listing(plan.repaired)}"
    if plan.strange:
        yield f"left alone, since Rostra did not put them there: {listing(plan.strange)}"
