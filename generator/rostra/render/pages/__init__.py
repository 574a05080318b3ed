"""Kinds of pages: one module each, discovered.

A module for threads has ``thread_files(site, edition, layouts)`` and yields ``OutputFile``, or ``Unit`` for what costs
much and seldom changes; one for the
archive has ``archive_units(site, archive, layouts)`` and yields ``Unit`` or ``Shelf``; one for debates that are
published no more has ``gone_files(site, gone, layouts)``.  A module may have several.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from rostra.config.site import Site
from rostra.model import Edition, Gone
from rostra.output.writer import OutputFile
from rostra.render.pages.unit import Meanwhile, Shelf, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive
from rostra.store.store import Store


@cache
def kinds() -> tuple[ModuleType, ...]:
    """The kinds of pages, by name."""
    return tuple(import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))


def thread_files(site: Site, edition: Edition, layouts: Layouts) -> Iterator[OutputFile | Unit]:
    """Every file of one thread."""
    for kind in kinds():
        if hasattr(kind, "thread_files"):
            yield from kind.thread_files(site, edition, layouts)


def first_units(site: Site, store: Store, layouts: Layouts) -> Iterator[Meanwhile | Unit]:
    """What is begun before all else, since another program makes its files meanwhile: what is searched."""
    # Alone, so that it is begun before the other kinds are loaded.
    from rostra.render.pages import search

    yield from search.first_units(site, store, layouts)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit | Shelf]:
    """Everything that belongs to no one thread."""
    for kind in kinds():
        if hasattr(kind, "archive_units"):
            yield from kind.archive_units(site, archive, layouts)


def gone_files(site: Site, gone: Gone, layouts: Layouts) -> Iterator[OutputFile]:
    """Every file at the address of a debate that was published and is not now."""
    for kind in kinds():
        if hasattr(kind, "gone_files"):
            yield from kind.gone_files(site, gone, layouts)
