"""The frame of every page: title, navigation and addresses, as variables of templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from msgspec import Struct

from rostra import __version__
from rostra.config.site import Settings, Site
from rostra.output.staging import OutputFile
from rostra.render.pages.icon import PATH
from rostra.render.pages.identity import base
from rostra.render.pages.unit import Task
from rostra.render.sections import sections
from rostra.render.templates import Layouts
from rostra.store.archive import PageLink
from rostra.system.http_headers import policy

NOTHING = Markup()
PAGE = 16 << 10
"""About how many bytes a page has."""
EARLY = ("serif.woff2", "serif-bold.woff2", "sans.woff2", "sans-bold.woff2")
"""The fonts of every page's first lines: browsers fetch them before they know the style."""


class Frame(Struct, frozen=True, kw_only=True):
    """The variables of every template; ``base.html`` uses them.

    ``up`` leads to the root of the site, ``style``, ``script``, ``icon`` and ``fonts`` to its assets; ``pages`` are the
    publisher's own as the navigation links them, a folder of pages as its index; ``slug`` is this page's if it is one of
    them, ``section`` that of the link that leads to it.  ``direction`` is ``ltr`` or ``rtl``.
    """

    TEMPLATE: ClassVar[str] = "base.html"

    site: Settings
    language: str
    direction: str
    policy: Markup
    up: str
    pages: tuple[PageLink, ...]
    slug: str
    section: str
    style: str
    script: str
    icon: str
    fonts: tuple[str, ...]
    canonical: str
    version: str


def frame(site: Site, layouts: Layouts, path: str, *, absolute: bool = False) -> dict[str, Any]:
    """Return the values of a ``Frame``.

    ``path`` is the page's own path in the output folder; links are relative to it, so that the same output
    works at a root, below a path and from disk.  ``absolute`` is for pages that a host serves at
    any address, such as 404.html.
    """
    address = base(site)
    up = "../" * path.count("/")
    if absolute:
        up = (urlsplit(address).path if address else "") or "/"
    return {
        "site": site.settings,
        "language": layouts.words.language,
        "direction": layouts.words.direction,
        "policy": trusted_html(policy()),
        "up": up,
        "pages": tuple(each.link for each in sections(layouts.pages)),
        "slug": "",
        "section": "",
        "style": up + layouts.assets["rostra.css"][0],
        "script": up + layouts.assets["rostra.js"][0],
        "icon": up + PATH,
        "fonts": tuple(up + layouts.assets[name][0] for name in EARLY if name in layouts.assets),
        "canonical": address + path.removesuffix("index.html") if address and not absolute else "",
        "version": __version__,
    }


def page_task(layouts: Layouts, path: str, values: Frame) -> Task:
    """Return the task of a page, so that a worker renders it."""
    return Task(PAGE, _page_files, (layouts, path, values))


def _page_files(layouts: Layouts, path: str, values: Frame) -> Iterator[OutputFile]:
    yield OutputFile(path, layouts.render(values.TEMPLATE, values))


def language_attributes(language: str | None, around: str, side: str, side_around: str) -> Markup:
    """Return the ``lang`` and ``dir`` attributes of a text if they differ from those of the enclosing element."""
    if side == side_around and language in (None, "", around):
        return NOTHING
    tongue = f' lang="{escape(language)}"' if language and language != around else ""
    return trusted_html(tongue + (f' dir="{side}"' if side != side_around else ""))


def trusted_html(html: str) -> Markup:
    """Return HTML that templates do not escape: built from sanitised tags and escaped text."""
    return Markup(html)  # noqa: S704  # the only place that declares markup safe
