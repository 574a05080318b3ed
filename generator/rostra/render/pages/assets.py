"""Styles and scripts, at addresses that change with their content."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.config.site import Site
from rostra.output.staging import OutputFile
from rostra.render.pages.icon import ICON, PATH
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive


def archive_units(_site: Site, _archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield one file for each asset and for the icon, and the marker file that stops GitHub Pages from running Jekyll on the site."""

    def files() -> Iterator[OutputFile]:
        for address, data in layouts.assets.values():
            yield OutputFile(address, data)
        yield OutputFile(PATH, ICON)
        yield OutputFile(".nojekyll", b"")

    yield Unit("assets", layouts.assets, files)
