"""404.html, which hosts serve at whatever address was not found."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.site import Site


def archive_files(site: Site, _archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """The one page."""
    values = frame(site, layouts, "404.html", absolute=True)
    yield OutputFile("404.html", layouts.render("404.html", values))
