"""The publisher's own pages, from Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.markup import render, weave
from rostra.output import OutputFile
from rostra.pages.frame import frame, ready
from rostra.site import Site

RANK = re.compile(r"(?<=^<h)[456]|(?<=^</h)[456]")


def _promoted(found: re.Match[str]) -> str:
    """A page has no posts: its headings stand right below its title."""
    return str(int(found[0]) - 2)


def archive_files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """One file a page."""
    for page in archive.pages:
        body = render(page.body_markdown, "markdown")
        values = frame(site, layouts, f"{page.slug}.html") | {
            "title": page.title,
            "slug": page.slug,
            # The sanitiser made this HTML, and wove it.
            "body": ready(weave(replace(body, tags=tuple((at, RANK.sub(_promoted, tag)) for at, tag in body.tags)))),
        }
        yield OutputFile(f"{page.slug}.html", layouts.render("prose.html", values))
