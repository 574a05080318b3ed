"""404.html, which hosts serve at whatever address was not found."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.pages.unit import Unit
from rostra.site import Site


def archive_units(site: Site, _archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """The one page."""

    def files() -> Iterator[OutputFile]:
        values = frame(site, layouts, "404.html", absolute=True)
        yield OutputFile("404.html", layouts.render("404.html", values))

    yield Unit("not-found", None, files)
