"""Kinds of pages: one module each, discovered by import.

A module for threads has ``thread_files(site, edition, layouts, links)`` and yields ``OutputFile``, or ``Unit`` for files that
are expensive and seldom change; one for the
archive has ``archive_units(site, archive, layouts)`` and yields ``Unit``; one for debates that are
no longer published has ``gone_files(site, gone, layouts)``.  A module may have several of these.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from rostra.config.site import Site
from rostra.model import Gone, LinkedEdition
from rostra.output.staging import OutputFile
from rostra.render.pages.beside import FileLinks
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive


@cache
def kinds() -> tuple[ModuleType, ...]:
    """Return the kinds of pages, by name."""
    return tuple(import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile | Unit]:
    """Yield every file of one thread."""
    for kind in kinds():
        if hasattr(kind, "thread_files"):
            yield from kind.thread_files(site, edition, layouts, links)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield everything that does not belong to one thread."""
    for kind in kinds():
        if hasattr(kind, "archive_units"):
            yield from kind.archive_units(site, archive, layouts)


def gone_files(site: Site, gone: Gone, layouts: Layouts) -> Iterator[OutputFile]:
    """Yield every file at the address of a debate that is no longer published."""
    for kind in kinds():
        if hasattr(kind, "gone_files"):
            yield from kind.gone_files(site, gone, layouts)
