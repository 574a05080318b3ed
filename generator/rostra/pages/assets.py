"""Styles and scripts, at addresses that change when they do."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.unit import Unit
from rostra.site import Site


def archive_units(_site: Site, _archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """One file an asset, and the mark that keeps GitHub Pages from running Jekyll over the site."""

    def files() -> Iterator[OutputFile]:
        for address, data in layouts.assets.values():
            yield OutputFile(address, data)
        yield OutputFile(".nojekyll", b"")

    yield Unit("assets", layouts.assets, files)
