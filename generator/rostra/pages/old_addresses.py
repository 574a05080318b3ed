"""The addresses that debates had in their source, where the archive takes over its domain.

Of each address a page is written that leads on (at once, with the fragment or query understood by
``rostra.js``), and a line of ``_redirects`` for hosts that read it (Netlify, Cloudflare Pages).
Debates come before posts where a host's limits do not let all of them in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import Frame, frame
from rostra.pages.unit import Unit
from rostra.site import Site

LINES = 2000
"""Lines of ``_redirects`` that Cloudflare Pages reads."""
PAGES = 10_000
"""Pages that lead on: Cloudflare Pages takes 20,000 files in all."""
OURS = {"debates", "dumps", "assets", "people", "years", "tags", "places", "search", "sitemaps"}
"""Folders of the site itself."""
FILES = {
    "index.html",
    "404.html",
    "quotations.html",
    "search.html",
    "feed.xml",
    "feed.json",
    "robots.txt",
    "sitemap.xml",
    "sha256sums",
}
"""Files at its top."""


class Way(Struct, frozen=True, kw_only=True):
    """Where an old address leads: by its query or fragment, or as a whole."""

    href: str
    query: str = ""
    fragment: str = ""


class OldPage(Frame, frozen=True, kw_only=True):
    """An address of the source: ``whole`` is where it leads as such, ``ways`` where by query or fragment."""

    TEMPLATE: ClassVar[str] = "old.html"

    whole: str | None
    ways: list[Way]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """A page for each old path, and ``_redirects``."""
    if site.settings.takes_over:
        inputs = ([thread.old for thread in archive.threads], [page.slug for page in archive.pages])
        yield Unit("old-addresses", inputs, lambda: _files(site, archive, layouts))


def _files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    found = paths(site, archive)
    for path, ways in found.items():
        file = _file(path)
        up = "../" * file.count("/")
        whole = next((way for way in ways if not way.query and not way.fragment), None)
        values = OldPage(
            **frame(site, layouts, file) | {"canonical": ""},
            whole=up + whole.href if whole else None,
            ways=[replace(way, href=up + way.href) for way in ways if way is not whole],
        )
        yield OutputFile(file, layouts.render("old.html", values))
    base = urlsplit(site.settings.address).path.rstrip("/")
    lines = [
        f"/{quote(path)} {base}/{way.href.replace('index.html', '', 1)} 301\n"
        for path, ways in found.items()
        for way in ways
        if not way.query and not way.fragment
    ]
    if lines:
        yield OutputFile("_redirects", "".join(lines[:LINES]).encode())


def paths(site: Site, archive: Archive) -> dict[str, list[Way]]:
    """Every old path with the ways from it, debates before posts."""
    hosts = {
        (urlsplit(each if "//" in each else f"//{each}").hostname or "").removeprefix("www.")
        for each in site.settings.takes_over
    }
    taken = FILES | {f"{page.slug}.html" for page in archive.pages}
    found: dict[str, list[Way]] = {}
    folded: dict[str, str] = {}
    whole = [(address, href) for thread in archive.threads for address, href in thread.old[:1]]
    posts = [(address, href) for thread in archive.threads for address, href in thread.old[1:]]
    for address, href in (*whole, *posts):
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        path = unquote(parts.path).strip("/")
        if (parts.hostname or "").removeprefix("www.") not in hosts or not _may_be(path) or path in taken:
            continue
        # Hosts that fold case would serve one for the other.
        if folded.setdefault(path.casefold(), path) != path or (path not in found and len(found) >= PAGES):
            continue
        way = Way(href=href, query=parts.query, fragment=unquote(parts.fragment))
        ways = found.setdefault(path, [])
        if not any((way.query, way.fragment) == (each.query, each.fragment) for each in ways):
            ways.append(way)
    return found


def _may_be(path: str) -> bool:
    """Whether a path that strangers wrote may be a file of this site, beside all others."""
    segments = path.split("/")
    return (
        0 < len(path) <= 200
        and segments[0].casefold() not in OURS | FILES
        and all(part and not part.startswith((".", "_")) and part.isprintable() for part in segments)
        and not any(mark in path for mark in '\\:*?"<>|')
        and not any(part.casefold().endswith((".html", ".htm")) for part in segments[:-1])
    )


def _file(path: str) -> str:
    return path if path.casefold().endswith((".html", ".htm")) else f"{path}/index.html"
