"""The publisher's own pages, from Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.markup import render, weave
from rostra.output import OutputFile
from rostra.pages.frame import frame, ready
from rostra.site import Site


def archive_files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """One file a page."""
    for page in archive.pages:
        body = render(page.body_markdown, "markdown")
        values = frame(site, layouts, f"{page.slug}.html") | {
            "title": page.title,
            "slug": page.slug,
            # The sanitiser made this HTML, and wove it.
            "body": ready(weave(body)),
        }
        yield OutputFile(f"{page.slug}.html", layouts.render("prose.html", values))
