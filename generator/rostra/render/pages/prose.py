"""The publisher's own pages, from Markdown, and the indexes of folders of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from typing import ClassVar

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from rostra.config.site import Site
from rostra.i18n.catalogue import Catalogue, shortened
from rostra.markup import render, weave
from rostra.markup.links import grounded_here
from rostra.model import Body
from rostra.render.media_html import with_labels
from rostra.render.notes import headed
from rostra.render.pages.frame import Frame, frame, page_task, trusted_html
from rostra.render.pages.unit import Task, Unit
from rostra.render.sections import sections
from rostra.render.templates import Layouts
from rostra.store.archive import Archive, PageLink, ProsePage
from rostra.system.lazy_regex import late

EXCERPT = 160
"""How many code points of a page's first paragraph an index shows."""
RANK = late(r"(?<=^<h)[456]|(?<=^</h)[456]")


class ProseNote(Struct, frozen=True, kw_only=True):
    """A footnote; ``back`` is the id of its first call, None if it has none; ``heading`` is empty if none was typed above it."""

    id: str
    heading: Markup
    label: str
    html: Markup
    back: str | None


class Chapter(Struct, frozen=True, kw_only=True):
    """A page of a folder, as its index lists it: with the beginning of its text."""

    href: str
    title: str
    beginning: str


class Prose(Frame, frozen=True, kw_only=True):
    """A page of the publisher's own, or the index of a folder: ``chapters`` are the pages that it lists.

    ``folder`` is the title of the index that lists this page, at ``section``; empty if none does.
    """

    TEMPLATE: ClassVar[str] = "prose.html"

    title: str
    folder: str
    body: Markup
    notes: tuple[ProseNote, ...]
    chapters: tuple[Chapter, ...]


def _promoted(found: re.Match[str]) -> str:
    """Raise the rank of headings: a page has no posts, so they come directly below its title."""
    return str(int(found[0]) - 2)


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield one unit for each page, and for each index of a folder."""
    known = {page.slug: page for page in archive.pages}
    for section in sections(archive.pages):
        for link in dict.fromkeys((section.link, *section.pages)):
            page = known.get(link.slug) or ProsePage(slug=link.slug, title=link.title, body_markdown="")
            listed = tuple(known[each.slug] for each in section.pages) if link == section.link else ()
            inputs = (page, listed, section.link.slug, section.link.title)
            yield Unit(f"prose/{page.slug}", inputs, partial(_files, site, page, section.link, listed, layouts))


def _files(
    site: Site, page: ProsePage, section: PageLink, listed: Sequence[ProsePage], layouts: Layouts
) -> Iterator[Task]:
    body, notes = prose_html(page, layouts.words)
    values = Prose(
        **frame(site, layouts, f"{page.slug}.html") | {"slug": page.slug, "section": section.slug},
        title=page.title,
        folder=section.title if page.slug != section.slug else "",
        body=body,
        notes=notes,
        chapters=tuple(
            Chapter(href=f"{each.slug}.html", title=each.title, beginning=_beginning(each)) for each in listed
        ),
    )
    yield page_task(layouts, f"{page.slug}.html", values)


def prose_html(page: ProsePage, words: Catalogue) -> tuple[Markup, tuple[ProseNote, ...]]:
    """Return the text of a page as HTML, and its footnotes."""
    body = render(page.body_markdown, "markdown")
    called: set[int] = set()
    html = weave(
        replace(body, tags=tuple((at, RANK.sub(_promoted, tag)) for at, tag in body.tags)),
        call=partial(_call, body, called),
    )
    # The sanitiser produced this HTML.
    return trusted_html(with_labels(grounded_here(html), words)), tuple(
        ProseNote(
            id=f"n{number}",
            heading=trusted_html(headed(note)),
            label=note.label,
            html=trusted_html(with_labels(grounded_here(note.html), words)),
            back=f"c{number}" if number in called else None,
        )
        for number, note in enumerate(body.notes, 1)
    )


def _beginning(page: ProsePage) -> str:
    """Return the first paragraph of a page, shortened."""
    body = render(page.body_markdown, "markdown")
    first = next((block for block in body.blocks if block.kind == "paragraph"), None)
    return shortened(body.text[first.start : first.end], EXCERPT) if first else ""


def _call(body: Body, called: set[int], number: int) -> str:
    """Return the call of a footnote, as in posts; ``number`` is the note's, from 1, ``called`` are the numbers so far."""
    # A note may be called twice; an id must be unique.
    id = "" if number in called else f' id="c{number}"'
    called.add(number)
    label = escape(body.notes[number - 1].label)
    return f'<sup class="call"{id}><a href="#n{number}" role="doc-noteref">[{label}]</a></sup>'
