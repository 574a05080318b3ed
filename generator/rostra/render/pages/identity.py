"""Identifiers of pages, posts and people for other programs: addresses, absolute if the site has one, and lasting ids."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, urlsplit

from rostra.config.site import Site
from rostra.system.web_address import page_address

FIRST = "2026"
"""Since which year a site's domain is assumed to be its publisher's, if the settings do not say."""


def base(site: Site) -> str:
    """Return the site's address, with a slash at the end; empty if it is unknown."""
    return _base(site.settings.address)


@cache
def _base(address: str) -> str:
    return page_address(address.rstrip("/") + "/") or "" if address else ""


def href(site: Site, path: str, seen_from: str) -> str:
    """Return the address of the site's ``path``: absolute if the site's is known, otherwise relative to the file ``seen_from``."""
    address = base(site)
    if address:
        page, mark, fragment = path.partition("#")
        return address + page.removesuffix("index.html") + mark + fragment
    return "../" * seen_from.count("/") + path


def seen_from(folder: str, path: str) -> str:
    """Return the relative address of a file of the site, seen from a ``folder`` with a slash at its end."""
    within = path.startswith(folder)
    return quote(path.removeprefix(folder)) if within else "../" * folder.count("/") + quote(path)


def tag(site: Site, name: str) -> str:
    """Return a lasting id (RFC 4151); ``name`` is unique in the site and, like the settings, does not depend on layouts."""
    return f"tag:{authority(site)}:{name}"


def authority(site: Site) -> str:
    """Return the start of the site's lasting ids: the setting, or else its address's host and path."""
    return site.settings.authority or _standing_at(site.settings.address)


@cache
def _standing_at(address: str) -> str:
    parts = urlsplit(address)
    host = parts.hostname or "rostra.invalid"
    if not host.isascii():
        host = host.encode("idna").decode()
    path = parts.path.strip("/")
    return f"{host},{FIRST}:{path}" if path else f"{host},{FIRST}"
