"""Dumps to raw threads: one module a format, discovered.

A reader is a module of this package, or an object named by another package's entry point in the
group ``rostra.readers``, with what ``Reader`` lists.  The one that is surest of a dump reads it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast
from weakref import WeakKeyDictionary

from rostra.config.strays import binary_kind
from rostra.errors import RostraError, UnreadableDump, UsageError
from rostra.model import RawThread
from rostra.readers import plug_ins
from rostra.readers.dump import Dump
from rostra.system.attempts import crash

__all__ = ["SURE", "Dump", "Reader", "broken_plug_ins", "certainty", "choose", "named", "plugged_in", "readers"]

SURE = 0.9
"""How sure a reader must be of a dump that looks like something else too: a page, a file that is not text, a folder of dumps."""


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
    """Every reader by name: the built-in ones and those of installed packages that can be imported."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        candidate = import_module(f"{__name__}.{module}")
        if hasattr(candidate, "recognise"):
            found[candidate.NAME] = cast("Reader", candidate)
    return found | plug_ins.loaded()[0]


def broken_plug_ins() -> tuple[RostraError, ...]:
    """What is wrong with plug-ins that are left out."""
    return plug_ins.loaded()[1]


@cache
def named(format: str) -> Reader | None:
    """The reader of a format; None where there is none of that name."""
    # Most are called as their module is, and then the others need not be loaded.
    if not plug_ins.points()[0] and format in {info.name for info in pkgutil.iter_modules(__path__)}:
        module = import_module(f"{__name__}.{format}")
        if getattr(module, "NAME", None) == format:
            return cast("Reader", module)
    return readers().get(format)


def plugged_in() -> tuple[Path, ...]:
    """The modules of other packages' readers."""
    return plug_ins.modules()


def choose(dump: Dump, format: str | None = None) -> Reader:
    """The reader that a card names, else the one that is surest of the dump."""
    if format is not None:
        if (reader := named(format)) is None:
            raise UsageError(f"no format is called {format!r}", path=dump.name, hint=f"one of: {', '.join(readers())}")
        return reader
    if dump not in _chosen:
        _chosen[dump] = _surest(dump)
    return _chosen[dump]


_chosen: WeakKeyDictionary[Dump, Reader] = WeakKeyDictionary()


def _surest(dump: Dump) -> Reader:
    if not dump.is_folder and not dump.head.strip():
        raise UnreadableDump("the dump is empty", path=dump.name, hint="delete it, or dump the debate again")
    sure, _, reader = max((certainty(reader, dump), name, reader) for name, reader in sorted(readers().items()))
    # A mailbox may hold any bytes.
    if sure < SURE and (kind := binary_kind(dump.head)):
        hint = "export the debate as text, JSON or mbox; what is no dump, move out of the content folders"
        raise UnreadableDump(f"this is {kind}, not a dump", path=dump.name, hint=hint)
    if sure <= 0:
        raise UnreadableDump(
            "no reader recognises this dump",
            path=dump.name,
            hint="see `rostra formats`; a card's `format = …` forces one",
        )
    return reader


def certainty(reader: Reader, dump: Dump) -> float:
    """How sure a reader is that a dump is its own, 0 to 1; raises RostraError where the dump cannot be looked at."""
    try:
        return reader.recognise(dump)
    except RostraError:
        raise
    except Exception as error:
        raise crash(error, f"recognising it as {reader.NAME!r}", path=dump.name) from error


def holds_addresses(format: str) -> bool | None:
    """Whether dumps of a format hold e-mail addresses, as its reader says with ``HOLDS_ADDRESSES``; None where they may.

    A reader says False where what looks like an address is a handle.
    """
    return getattr(named(format), "HOLDS_ADDRESSES", None)
