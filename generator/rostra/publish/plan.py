"""What publishing would change, told by digests, so that nothing is read that is as it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from msgspec import Struct

from rostra.errors import RostraError
from rostra.manifest import MANIFEST, parse_manifest


class Plan(Struct, frozen=True, kw_only=True):
    """Paths of files that are new, that differ, and that go; ``size`` is the bytes to be sent."""

    files: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    size: int

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


def wanted(output: Path) -> dict[str, str]:
    """The files to be published with their digests: what the build made, and the list of it."""
    return listed((output / MANIFEST).read_bytes())


def listed(manifest: bytes) -> dict[str, str]:
    """The files that a manifest lists, and itself; none where it is empty."""
    found = parse_manifest(manifest.decode("utf-8", "replace"))
    return found | {MANIFEST: sha256(manifest).hexdigest()} if found else {}


def make_plan(output: Path, old: Mapping[str, str], new: Mapping[str, str], unsure: Collection[str] = ()) -> Plan:
    """What leads from the ``old`` files to the ``new``; those that are ``unsure`` are sent whatever was noted of them."""
    added = sorted(new.keys() - old.keys())
    changed = sorted(path for path in new.keys() & old.keys() if new[path] != old[path] or path in unsure)
    return Plan(
        files=len(new),
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(sorted((old.keys() | set(unsure)) - new.keys())),
        size=sum((output / path).stat().st_size for path in (*added, *changed)),
    )


def refuse_lost_addresses(plan: Plan, otherwise: str) -> None:
    """Raises RostraError where debates would vanish from addresses that were published; ``otherwise`` is the way to have it so."""
    # A page at a former address of a dump lies one folder deeper, and is no promise.
    lost = [
        path
        for path in plan.removed
        if path.count("/") == 2 and path.startswith("debates/") and path.endswith("/index.html")
    ]
    if lost:
        raise RostraError(
            f"{lost[0]} was published and would be gone" + (f", and {len(lost) - 1} more" if len(lost) > 1 else ""),
            hint=f"build with the ledger as it was committed last, so that the addresses lead on; {otherwise}",
        )


def lines(plan: Plan) -> Iterator[str]:
    """A plan for people."""
    for sign, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.removed)):
        for path in paths:
            yield f"{sign} {path}"
