"""The publisher's own pages, from Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.markup import render, weave
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.site import Site


def archive_files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """One file a page."""
    for page in archive.pages:
        body = render(page.body_markdown, "markdown")
        values = frame(site, layouts, f"{page.slug}.html") | {
            "title": page.title,
            "slug": page.slug,
            # The sanitiser made this HTML, and wove it.
            "body": Markup(weave(body)),  # noqa: S704
            }
        yield OutputFile(f"{page.slug}.html", layouts.render("prose.html", values))
