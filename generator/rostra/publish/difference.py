"""How the files of two versions of a site differ, and how that is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

SHOWN = 5
"""Names that a message lists before it only counts the others."""


class Difference(Struct, frozen=True, kw_only=True):
    """Sorted paths that the second of two versions has besides, has with other content, and lacks."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        kinds = (("added", self.added), ("changed", self.changed), ("removed", self.removed))
        return ", ".join(f"{len(paths):,} {kind} ({listing(paths)})" for kind, paths in kinds if paths)


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """The difference of two versions, given as paths with digests."""
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def listing(names: Iterable[str]) -> str:
    """Names in a message: all where there are few, else the first of them and how many more there are."""
    every = list(names)
    more = len(every) - SHOWN
    return ", ".join(map(printable, every[:SHOWN])) + (f" and {more:,} more" if more > 0 else "")


def printable(text: str) -> str:
    """What anybody may have written, without what a terminal would act on."""
    return text if text.isprintable() else ascii(text)[1:-1]
