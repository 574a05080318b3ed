"""What crawlers look for: ``robots.txt``, and sitemaps by the protocol of sitemaps.org, version 0.9.

A sitemap may only hold absolute addresses, so a site without an address has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.identity import base, href
from rostra.pages.syndication import escaped
from rostra.pages.unit import Unit
from rostra.site import Site

MOST = 50_000
"""Addresses that the protocol lets stand in one sitemap."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Place = tuple[str, str | None]
"""A page's path in the site, and when what it says is known to have stood so."""


def archive_units(site: Site, archive: Archive, _layouts: Layouts) -> Iterator[Unit]:
    """``robots.txt``; with an address, ``sitemap.xml`` and the sitemaps that it lists."""
    places: list[Place] = [("index.html", None), *((f"{page.slug}.html", None) for page in archive.pages)]
    places += ((f"debates/{thread.id}/index.html", thread.updated) for thread in archive.threads)
    places.sort()
    parts = [places[n : n + MOST] for n in range(0, len(places), MOST)] if base(site) else []
    yield Unit("robots", bool(parts), partial(_robots, site, listed=bool(parts)))
    for number, part in enumerate(parts, 1):
        yield Unit(f"sitemaps/{number}", part, partial(_sitemap, site, number, part))
    if parts:
        latest = [max((updated or "" for _, updated in part), default="") for part in parts]
        yield Unit("sitemap", latest, partial(_index, site, latest))


def _robots(site: Site, *, listed: bool) -> Iterator[OutputFile]:
    sitemap = f"\nSitemap: {href(site, 'sitemap.xml', 'robots.txt')}\n" if listed else ""
    yield OutputFile("robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode())


def _sitemap(site: Site, number: int, places: Sequence[Place]) -> Iterator[OutputFile]:
    urls = (f"<url><loc>{escaped(href(site, path, ''))}</loc>{_modified(updated)}</url>\n" for path, updated in places)
    yield OutputFile(f"sitemaps/{number}.xml", f"{HEAD}<urlset {SPACE}>\n{''.join(urls)}</urlset>\n".encode())


def _index(site: Site, latest: Sequence[str]) -> Iterator[OutputFile]:
    parts = (
        f"<sitemap><loc>{escaped(href(site, f'sitemaps/{number}.xml', ''))}</loc>{_modified(updated)}</sitemap>\n"
        for number, updated in enumerate(latest, 1)
    )
    yield OutputFile("sitemap.xml", f"{HEAD}<sitemapindex {SPACE}>\n{''.join(parts)}</sitemapindex>\n".encode())


def _modified(updated: str | None) -> str:
    return f"<lastmod>{updated}</lastmod>" if updated else ""
