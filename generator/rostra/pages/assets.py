"""Styles and scripts, at addresses that change when they do."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.site import Site


def archive_files(_site: Site, _archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """One file an asset, and the mark that keeps GitHub Pages from running Jekyll over the site."""
    for address, data in layouts.assets.values():
        yield OutputFile(address, data)
    yield OutputFile(".nojekyll", b"")
