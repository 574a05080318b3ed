"""404.html, which hosts serve for addresses that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rostra.config.site import Site
from rostra.render.pages.frame import Frame, frame, page_task
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive


class NotFound(Frame, frozen=True, kw_only=True):
    """The page for addresses that do not exist; ``shelves`` is in how many pages people with few posts are listed."""

    TEMPLATE: ClassVar[str] = "404.html"

    shelves: int


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield the unit of the page."""

    def files() -> Iterator[Task]:
        values = NotFound(**frame(site, layouts, "404.html", absolute=True), shelves=archive.people.shared)
        yield page_task(layouts, "404.html", values)

    yield Unit("not-found", archive.people.shared, files)
