"""Readers: they turn dumps into raw threads, one module per format.

A reader is a module of this package, or an object named by another package's entry point in the
group ``rostra.readers``, with the attributes that ``Reader`` lists.  The most confident reader reads a dump.
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
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.unread_formats import unread_format
from rostra.system.attempts import crash

__all__ = [
    "SURE",
    "Dump",
    "Reader",
    "broken_plug_ins",
    "certainty",
    "choose",
    "chosen",
    "named",
    "plugged_in",
    "readers",
    "sure_format",
]

SURE = 0.9
"""The confidence needed for a dump that also looks like something else: a page, a binary file, a folder of dumps."""


class Reader(Protocol):
    """The interface of a format's module.

    ``NAME`` is the value of ``format`` in a card; ``ABOUT`` is one line for ``rostra formats``;
    ``CARRIES`` is what the format can record of a debate ("authors", "absolute times", …);
    ``MANY`` is whether one dump may hold several threads (their names then come from native ids).
    If ``PUBLISHED`` is False, the dumps themselves are never published: they hold addresses of people.
    A reader whose confidence never exceeds its ``AT_MOST`` is not asked about a dump of which another is surer.
    """

    NAME: str
    ABOUT: str
    CARRIES: tuple[str, ...]
    MANY: bool

    def recognise(self, dump: Dump) -> float:
        """Return the confidence, 0 to 1, that the dump has this format, from ``dump.head`` alone."""

    def read(self, dump: Dump) -> Iterator[RawThread]:
        """Return the threads of a dump; raise UnreadableDump if there are none."""


@cache
def _modules() -> dict[str, str]:
    """Return the full names of the modules in this room and its subfolders, by their last part."""
    found = pkgutil.walk_packages(__path__, f"{__name__}.")
    return {info.name.rpartition(".")[2]: info.name for info in found if not info.ispkg}


@cache
def readers() -> dict[str, Reader]:
    """Return every reader by name: the built-in ones and those of installed packages that can be imported."""
    found = {}
    for module in sorted(_modules().values()):
        candidate = import_module(module)
        if hasattr(candidate, "recognise"):
            found[candidate.NAME] = cast("Reader", candidate)
    return found | plug_ins.loaded()[0]


def broken_plug_ins() -> tuple[RostraError, ...]:
    """Return the problems of plug-ins that are left out."""
    return plug_ins.loaded()[1]


@cache
def named(format: str) -> Reader | None:
    """Return the reader of a format, or None if no format has that name."""
    # Most formats have the name of their module; then the other modules need not be loaded.
    if not plug_ins.points()[0] and format in _modules():
        module = import_module(_modules()[format])
        if getattr(module, "NAME", None) == format:
            return cast("Reader", module)
    return readers().get(format)


@cache
def format_title(format: str) -> str:
    """Return the name of a format as people write it, if its reader's ``ABOUT`` begins with it, else the name itself."""
    about = getattr(named(format), "ABOUT", "").split()
    written = (" ".join(about[:words]).rstrip(":,") for words in (1, 2))
    return next((each for each in written if each.replace(" ", "").casefold() == format), format)


def plugged_in() -> tuple[Path, ...]:
    """Return the modules of other packages' readers."""
    return plug_ins.modules()


def choose(dump: Dump, format: str | None = None) -> Reader:
    """Return the reader that a card names, else the most confident one."""
    if format is not None:
        if (reader := named(format)) is None:
            raise UsageError(f"no format is called {format!r}", path=dump.name, hint=f"one of: {', '.join(readers())}")
        return reader
    if dump not in _chosen:
        _chosen[dump] = _surest(dump)
    return _chosen[dump]


def chosen(dump: Dump, format: str) -> None:
    """Record which reader is the most confident one, as another process has found."""
    if reader := named(format):
        _chosen[dump] = reader


_chosen: WeakKeyDictionary[Dump, Reader] = WeakKeyDictionary()


def _surest(dump: Dump) -> Reader:
    if not dump.is_folder and not dump.head.strip():
        raise UnreadableDump("the dump is empty", path=dump.name, hint="delete it, or dump the debate again")
    sure, reader = _most_confident(dump)
    # A mailbox may contain any bytes.
    if sure < SURE and (kind := binary_kind(dump.head)):
        hint = "export the debate as text, JSON or mbox; move files that are not dumps out of the content folders"
        raise UnreadableDump(f"this is {kind}, not a dump", path=dump.name, hint=hint)
    if sure < SURE and not dump.is_folder and (unread := unread_format(dump.head_text)):
        raise UnreadableDump(f"this is {unread.name}, which is not read", path=dump.name, hint=unread.hint)
    if sure <= 0:
        raise _unrecognised(dump)
    return reader


def _most_confident(dump: Dump) -> tuple[float, Reader]:
    """Return the most confident reader, the last of such by name, and its confidence."""
    sure, chosen = 0.0, ""
    for name, reader in sorted(readers().items(), key=lambda each: _at_most(each[1]), reverse=True):
        if sure > _at_most(reader):
            break
        sure, chosen = max((sure, chosen), (certainty(reader, dump), name))
    return sure, readers()[chosen]


def _at_most(reader: Reader) -> float:
    return getattr(reader, "AT_MOST", 1)


def _unrecognised(dump: Dump) -> UnreadableDump:
    from rostra.readers.guards.unread_files import archived_dumps

    hint = "see `rostra formats`; a card's `format = …` forces one"
    if dump.archive:
        hint = "unpack it into a content folder, where each file may be a dump with its own card and addresses"
    if held := archived_dumps(dump):
        return UnreadableDump(f"this archive is not one dump, but holds some: {held}", path=dump.name, hint=hint)
    return UnreadableDump("no reader recognises this dump", path=dump.name, hint=hint)


def sure_format(dump: Dump) -> str | None:
    """Return the format of a dump if it is certain, else None; raise RostraError if the dump cannot be opened."""
    sure, reader = _most_confident(dump)
    return reader.NAME if sure >= SURE else None


def certainty(reader: Reader, dump: Dump) -> float:
    """Return a reader's confidence for a dump, 0 to 1; raise RostraError if the dump cannot be opened."""
    try:
        return reader.recognise(dump)
    except RostraError:
        raise
    except Exception as error:
        raise crash(error, f"recognising it as {reader.NAME!r}", path=dump.name) from error


def holds_addresses(format: str) -> bool | None:
    """Whether dumps of a format hold e-mail addresses, as its reader's ``HOLDS_ADDRESSES`` says; None if they may.

    A reader's ``HANDLES`` matches the bytes before the at sign of what looks like an address and is a handle.
    """
    return getattr(named(format), "HOLDS_ADDRESSES", None)
