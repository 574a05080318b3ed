"""Files for crawlers: ``robots.txt``, and sitemaps by the protocol of sitemaps.org, version 0.9.

A sitemap must have absolute addresses, so a site without an address has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from rostra.config.site import Site
from rostra.output.staging import OutputFile
from rostra.render.pages.identity import base, href
from rostra.render.pages.syndication import escaped
from rostra.render.pages.unit import Unit
from rostra.render.sections import own_addresses
from rostra.render.templates import Layouts
from rostra.store.archive import Archive

MOST = 50_000
"""How many addresses the protocol allows in one sitemap."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

UrlEntry = tuple[str, str | None]
"""A page's path in the site, and since when its content is known to be unchanged."""


def archive_units(site: Site, archive: Archive, _layouts: Layouts) -> Iterator[Unit]:
    """Yield ``robots.txt``; if the site has an address, also ``sitemap.xml`` and the sitemaps that it lists."""
    listed = bool(base(site))
    yield Unit("robots", listed, partial(_robots, site, listed=listed))
    if not listed:
        return
    own = (f"{slug}.html" for slug in own_addresses(archive.pages))
    ways = ["index.html", "debates/index.html", "people/index.html", *own]
    places: list[UrlEntry] = [(path, None) for path in ways]
    places += ((f"debates/{thread.id}/index.html", thread.updated) for thread in archive.threads)
    parts = {f"sitemaps/{n}": part for n, part in _parts(sorted(places))}
    yield from (Unit(name, part, partial(_sitemap, site, name, part.copy)) for name, part in parts.items())
    people = {f"sitemaps/people-{n}": part for n, part in _parts(archive.people.own_pages())}
    yield from (
        Unit(name, part, partial(_sitemap, site, name, partial(_people, part))) for name, part in people.items()
    )
    latest = {name: max((updated or "" for _, updated in part), default="") for name, part in parts.items()}
    latest |= dict.fromkeys(people, "")
    yield Unit("sitemap", latest, partial(_index, site, latest))


def _parts(listed: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    return enumerate((listed[n : n + MOST] for n in range(0, len(listed), MOST)), 1)


def _people(pages: list[str]) -> list[UrlEntry]:
    """Return the pages that people have of their own; their last change is known from their debates."""
    return [(page, None) for page in pages]


def _robots(site: Site, *, listed: bool) -> Iterator[OutputFile]:
    sitemap = f"\nSitemap: {href(site, 'sitemap.xml', 'robots.txt')}\n" if listed else ""
    yield OutputFile("robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode())


def _sitemap(site: Site, name: str, places: Callable[[], list[UrlEntry]]) -> Iterator[OutputFile]:
    urls = (
        f"<url><loc>{escaped(href(site, path, ''))}</loc>{_modified(updated)}</url>\n" for path, updated in places()
    )
    yield OutputFile(f"{name}.xml", f"{HEAD}<urlset {SPACE}>\n{''.join(urls)}</urlset>\n".encode())


def _index(site: Site, latest: Mapping[str, str]) -> Iterator[OutputFile]:
    parts = (
        f"<sitemap><loc>{escaped(href(site, f'{name}.xml', ''))}</loc>{_modified(updated)}</sitemap>\n"
        for name, updated in latest.items()
    )
    yield OutputFile("sitemap.xml", f"{HEAD}<sitemapindex {SPACE}>\n{''.join(parts)}</sitemapindex>\n".encode())


def _modified(updated: str | None) -> str:
    return f"<lastmod>{updated}</lastmod>" if updated else ""
