"""The difference between the files of two versions of a site, and its message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

SHOWN = 5
"""How many names a message lists before it counts the others."""


class Difference(Struct, frozen=True, kw_only=True):
    """Sorted paths that the second of two versions adds, changes and removes."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        kinds = (("added", self.added), ("changed", self.changed), ("removed", self.removed))
        return ", ".join(f"{len(paths):,} {kind} ({listing(paths)})" for kind, paths in kinds if paths)


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """Return the difference of two versions, given as paths with digests."""
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def listing(names: Iterable[str]) -> str:
    """Return names for a message: all if they are few, else the first of them and the number of the others."""
    every = list(names)
    more = len(every) - SHOWN
    return ", ".join(map(terminal_text, every[:SHOWN])) + (f" and {more:,} more" if more > 0 else "")


def terminal_text(text: str) -> str:
    """Return a stranger's text without control characters that a terminal would execute."""
    return text if text.isprintable() else ascii(text)[1:-1]
