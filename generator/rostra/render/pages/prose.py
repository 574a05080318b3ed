"""The publisher's own pages, from Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from markupsafe import Markup
from msgspec.structs import replace

from rostra.config.site import Site
from rostra.markup import render, weave
from rostra.markup.links import grounded_here
from rostra.output.writer import OutputFile
from rostra.render.pages.frame import Frame, frame, trusted_html
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive, ProsePage
from rostra.system.lazy_regex import late

RANK = late(r"(?<=^<h)[456]|(?<=^</h)[456]")


class Prose(Frame, frozen=True, kw_only=True):
    """A page of the publisher's own."""

    TEMPLATE: ClassVar[str] = "prose.html"

    title: str
    body: Markup


def _promoted(found: re.Match[str]) -> str:
    """A page has no posts: its headings stand right below its title."""
    return str(int(found[0]) - 2)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """One file a page."""
    for page in archive.pages:
        yield Unit(f"prose/{page.slug}", page, partial(_files, site, page, layouts))


def _files(site: Site, page: ProsePage, layouts: Layouts) -> Iterator[OutputFile]:
    body = render(page.body_markdown, "markdown")
    values = Prose(
        **frame(site, layouts, f"{page.slug}.html") | {"slug": page.slug},
        title=page.title,
        # The sanitiser made this HTML, and wove it.
        body=trusted_html(
            grounded_here(weave(replace(body, tags=tuple((at, RANK.sub(_promoted, tag)) for at, tag in body.tags))))
        ),
    )
    yield OutputFile(f"{page.slug}.html", layouts.render("prose.html", values))
