"""What publishing would change, told by digests, so that nothing is read that is as it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from msgspec import Struct

from rostra.output.manifest import MANIFEST, parse_manifest
from rostra.publish.difference import compare, listing


class Plan(Struct, frozen=True, kw_only=True):
    """Paths of files that are new, that differ, and that go; ``size`` is the bytes to be sent.

    ``repaired`` are those of the sent that were published as they should be, and are not known to be so now;
    ``strange`` are files there that are not Rostra's, and stay.
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
        """What is to be sent, sorted."""
        return tuple(sorted((*self.added, *self.changed)))

    @property
    def in_the_way(self) -> tuple[str, ...]:
        """Of what goes, the files that stand where a folder is to be."""
        folders = {str(folder) for path in self.added for folder in PurePosixPath(path).parents}
        return tuple(path for path in self.removed if path in folders)

    def pages(self, paths: Collection[str]) -> list[str]:
        """Those of the paths that are pages."""
        return [path for path in paths if path.endswith(".html")]

    @property
    def nothing(self) -> bool:
        """Whether all is as it should be already."""
        return not (self.added or self.changed or self.removed)


def wanted_files(output: Path) -> dict[str, str]:
    """The files to be published with their digests: what the build made, and the list of it."""
    return manifest_paths((output / MANIFEST).read_bytes())


def manifest_paths(manifest: bytes) -> dict[str, str]:
    """The files that a manifest lists, and itself; none where it is empty."""
    found = parse_manifest(manifest.decode("utf-8", "replace"))
    return found | {MANIFEST: sha256(manifest).hexdigest()} if found else {}


def make_plan(
    output: Path, old: Mapping[str, str], new: Mapping[str, str], beside: Mapping[str, bytes] | None = None
) -> Plan:
    """What leads from the ``old`` files to the ``new``, both given with their digests.

    The new ones are in the ``output`` folder, but for those that are published ``beside`` what a build made.
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
    """A plan for people."""
    for sign, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.removed)):
        for path in paths:
            yield f"{sign} {path}"


def remarks(plan: Plan) -> Iterator[str]:
    """What a person should know of the files that were found there."""
    if plan.repaired:
        yield f"not known to be as published, so sent again: {listing(plan.repaired)}"
    if plan.strange:
        yield f"not put there by Rostra, so left alone: {listing(plan.strange)}"
