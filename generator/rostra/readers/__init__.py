"""Dumps to raw threads: one module a format, discovered.

A reader is a module of this package, or an object named by another package's entry point in the
group ``rostra.readers``, with what ``Reader`` lists.  The one that is surest of a dump reads it.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast
from weakref import WeakKeyDictionary

from rostra.errors import UnreadableDump, UsageError
from rostra.model import RawThread
from rostra.readers.dump import Dump

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["Dump", "Reader", "choose", "plugged_in", "readers"]

GROUP = "rostra.readers"


class Reader(Protocol):
    """What a format's module offers.

    ``NAME`` is what a card's ``format`` says; ``ABOUT`` one line for ``rostra formats``;
    ``CARRIES`` what the format can tell of a debate ("authors", "absolute times", …);
    ``MANY`` whether one dump may hold several threads (then their names come from native ids).
    """

    NAME: str
    ABOUT: str
    CARRIES: tuple[str, ...]
    MANY: bool

    def recognise(self, dump: Dump) -> float:
        """How sure this reader is that the dump is its own, 0 to 1, from ``dump.head`` alone."""

    def read(self, dump: Dump) -> Iterator[RawThread]:
        """The threads of a dump; raises UnreadableDump where there is none to be had."""


@cache
def readers() -> dict[str, Reader]:
    """Every reader by name: the built-in ones and those of installed packages."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        candidate = import_module(f"{__name__}.{module}")
        if hasattr(candidate, "recognise"):
            found[candidate.NAME] = cast("Reader", candidate)
    for point in _points():
        reader = cast("Reader", point.load())
        found[reader.NAME] = reader
    return found


@cache
def _named(format: str) -> Reader | None:
    # Most are called as their module is, and then the others need not be loaded.
    if not _points() and format in {info.name for info in pkgutil.iter_modules(__path__)}:
        module = import_module(f"{__name__}.{format}")
        if getattr(module, "NAME", None) == format:
            return cast("Reader", module)
    return readers().get(format)


@cache
def _points() -> tuple[EntryPoint, ...]:
    # To load what knows packages takes longer than to see that none of them speaks of readers.
    if not any(_may_have_points(Path(place)) for place in sys.path):
        return ()
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))


def _may_have_points(place: Path) -> bool:
    """Whether a package in a place of packages may have entry points for readers; what is packed is not looked into."""
    told = place.glob("*-[iI][nN][fF][oO]/entry_points.txt")
    return place.is_file() or any(GROUP.encode() in file.read_bytes() for file in told)


def plugged_in() -> tuple[Path, ...]:
    """The modules in which other packages' readers stand."""
    specs = (find_spec(point.module) for point in _points())
    return tuple(Path(spec.origin) for spec in specs if spec and spec.origin)


def choose(dump: Dump, format: str | None = None) -> Reader:
    """The reader that a card names, else the one that is surest of the dump."""
    if format is not None:
        if (reader := _named(format)) is None:
            raise UsageError(f"no format is called {format!r}", path=dump.name, hint=f"one of: {', '.join(readers())}")
        return reader
    if dump not in _chosen:
        _chosen[dump] = _surest(dump)
    return _chosen[dump]


_chosen: WeakKeyDictionary[Dump, Reader] = WeakKeyDictionary()


def _surest(dump: Dump) -> Reader:
    if not dump.is_folder and not dump.head.strip():
        raise UnreadableDump("the dump is empty", path=dump.name, hint="delete it, or dump the debate again")
    sure, _, reader = max((reader.recognise(dump), name, reader) for name, reader in sorted(readers().items()))
    if sure <= 0:
        if b"\0" in dump.head:
            raise UnreadableDump(
                "this is a binary file, not a dump", path=dump.name, hint="export the debate as text, JSON or mbox"
            )
        raise UnreadableDump(
            "no reader recognises this dump",
            path=dump.name,
            hint="see `rostra formats`; a card's `format = …` forces one",
        )
    return reader


def holds_addresses(format: str) -> bool | None:
    """Whether dumps of a format hold e-mail addresses, as its reader says with ``HOLDS_ADDRESSES``; None where they may.

    A reader says False where what looks like an address is a handle.
    """
    return getattr(_named(format), "HOLDS_ADDRESSES", None)
