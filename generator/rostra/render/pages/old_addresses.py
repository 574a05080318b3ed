"""Redirects from old addresses: of debates in their source, if the site takes over its domain, and of renamed dumps.

Each address has a page that redirects (immediately, with the fragment or query interpreted by ``rostra.js``), and
a line of ``_redirects`` for hosts that read it (Netlify, Cloudflare Pages, GitLab Pages).  A page is in a folder
with the old name, so a host cannot execute a file of that name.  Debates come before posts, and dumps last, in case
the limits of a host do not allow all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from rostra.config.setting_values import domain_of
from rostra.config.site import Site
from rostra.identity.file_names import can_be_stored, path_key
from rostra.output.staging import OutputFile
from rostra.render.pages.frame import Frame, frame
from rostra.render.pages.unit import Unit
from rostra.render.sections import own_addresses
from rostra.render.templates import Layouts
from rostra.store.archive import Archive

LINES = 2000
"""How many lines of ``_redirects`` Cloudflare Pages reads."""
PAGES = 10_000
"""How many redirecting pages are made: Cloudflare Pages accepts 20,000 files in all."""
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
"""Files at the root of the site."""


class OldAddress(Struct, frozen=True, kw_only=True):
    """The target of an old address: by its query or fragment, or as a whole."""

    href: str
    query: str = ""
    fragment: str = ""


class OldPage(Frame, frozen=True, kw_only=True):
    """An address of the source or of a renamed dump: ``whole`` is its own target, ``ways`` those of its queries and fragments."""

    TEMPLATE: ClassVar[str] = "old.html"

    dump: bool
    whole: str | None
    ways: list[OldAddress]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield a page for each old path, and ``_redirects``."""
    if site.settings.takes_over or archive.renamed_dumps:
        inputs = (
            [thread.old for thread in archive.threads],
            archive.pages,
            archive.renamed_dumps,
        )
        yield Unit("old-addresses", inputs, lambda: _files(site, archive, layouts))


def _files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    found = paths(site, archive) if site.settings.takes_over else {}
    dumps = {former: [OldAddress(href=quote(now))] for former, now in archive.renamed_dumps if _may_be_page(former)}
    for path, ways in (*found.items(), *dumps.items()):
        file = _file(path)
        up = "../" * file.count("/")
        whole = next((way for way in ways if not way.query and not way.fragment), None)
        values = OldPage(
            **frame(site, layouts, file) | {"canonical": ""},
            dump=path in dumps,
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
    lines += [f"{base}/{quote(former)} {base}/{quote(now)} 301\n" for former, now in archive.renamed_dumps]
    if lines:
        yield OutputFile("_redirects", "".join(lines[:LINES]).encode())


def paths(site: Site, archive: Archive) -> dict[str, list[OldAddress]]:
    """Return every old path with its targets, debates before posts."""
    hosts = set(map(domain_of, site.settings.takes_over))
    taken = FILES | {f"{slug}.html" for slug in own_addresses(archive.pages)}
    spelt: dict[str, str] = {}
    found: dict[str, list[OldAddress]] = {}
    whole = [(address, href) for thread in archive.threads for address, href in thread.old[:1]]
    posts = [(address, href) for thread in archive.threads for address, href in thread.old[1:]]
    for address, href in (*whole, *posts):
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        path = unquote(parts.path).strip("/")
        if domain_of(address) not in hosts or not _may_be(path) or path_key(path) in taken:
            continue
        if path not in found:
            # Some systems keep only one of the files and folders that differ only in case.
            places = {path_key(place): place for place in accumulate(_file(path).split("/"), "{}/{}".format)}
            if len(found) >= PAGES or any(spelt.get(each, place) != place for each, place in places.items()):
                continue
            if path_key(_file(path)) in spelt:
                continue
            spelt |= places
        way = OldAddress(href=href, query=parts.query, fragment=unquote(parts.fragment))
        ways = found.setdefault(path, [])
        if not any((way.query, way.fragment) == (each.query, each.fragment) for each in ways):
            ways.append(way)
    return found


def _may_be(path: str) -> bool:
    """Whether a path from a dump can be a file of this site, beside all others."""
    segments = path.split("/")
    return (
        0 < len(path) <= 200
        and segments[0].casefold() not in OURS | FILES
        and _may_be_page(path)
        and path.isprintable()
        and not any(mark in path for mark in '\\:*?"<>|')
        and not any(part.casefold().endswith((".html", ".htm")) for part in segments[:-1])
    )


def _may_be_page(path: str) -> bool:
    """Whether a page can exist at a path, on every system and host."""
    return can_be_stored(path) and not any(part.startswith((".", "_")) for part in path.split("/"))


def _file(path: str) -> str:
    return path if path.casefold().endswith((".html", ".htm")) else f"{path}/index.html"
