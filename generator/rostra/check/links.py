"""Where an address in a page leads: within the page, to another file of the site, or outside."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from rostra.check.page import PageLink

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
RUNNING = frozenset({"javascript", "vbscript"})
REQUESTED = frozenset({"src", "srcset", "poster", "data"})
"""Attributes whose files a browser fetches by itself."""
REQUESTED_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "preconnect"})


class Target(NamedTuple):
    """A place in the site: a file's path, and the fragment, empty for the page as a whole."""

    path: str
    fragment: str

    @property
    def reference(self) -> str:
        """``path#fragment``; a path with ``#`` or ``%`` in it has them encoded."""
        path = self.path.replace("%", "%25").replace("#", "%23") if "#" in self.path or "%" in self.path else self.path
        return f"{path}#{self.fragment}"


class Away(NamedTuple):
    """An address of another host."""

    url: str


class Wrong(NamedTuple):
    """An address that may not stand there: the rule's code, and what is wrong."""

    code: str
    message: str


def link_target(reference: str) -> Target:
    """The place that a reference names."""
    path, _, fragment = reference.partition("#")
    return Target(unquote(path) if "%" in path else path, fragment)


def requested(link: PageLink) -> bool:
    """Whether a browser fetches what stands at an address without being asked."""
    element, _, rel = link.element.partition(" ")
    if element == "link":
        return bool(REQUESTED_LINKS.intersection(rel.lower().split()))
    return link.attribute in REQUESTED and element != "a"


def leads(link: PageLink, path: str, address: str) -> Target | Away | Wrong | None:
    """Where a link of the file ``path`` leads; ``address`` is that of the site, with a slash at its end, or empty.

    None where it leads to no file at all (``mailto:``, ``data:``).
    """
    said = link.address.strip()
    if said.startswith("#"):
        return Target(path, unquote(said[1:]))
    scheme = SCHEME.match(said)
    if address and (said + "/").startswith(address):
        return _inside(said[len(address) :], "")
    if scheme and scheme[0][:-1].lower() in RUNNING:
        return Wrong("running-link", f"{said[:60]!r}")
    if scheme or said.startswith("//"):
        if not scheme or scheme[0].lower() in ("http:", "https:"):
            if requested(link):
                return Wrong("outside-request", f"<{link.element}> asks for {said[:100]}")
            return Away(said)
        return None
    if said.startswith("/"):
        base = urlsplit(address).path or "/"
        if path != "404.html":
            return Wrong("absolute-link", f"{said[:100]!r} begins at the root of the host")
        return _inside(said.removeprefix(base).lstrip("/"), "") if said.startswith(base) else None
    return _inside(said, path)


def _inside(said: str, path: str) -> Target | Wrong:
    """An address relative to a file of the site."""
    name, _, fragment = said.partition("#")
    name = unquote(name.partition("?")[0])
    if name or not path:
        folder = name == "" or name.endswith("/")
        joined = normpath(f"{path.rpartition('/')[0]}/{name}".lstrip("/"))
        if joined == ".." or joined.startswith("../"):
            return Wrong("broken-link", f"{said[:100]!r} leads out of the site")
        name = (f"{joined}/index.html" if joined != "." else "index.html") if folder else joined
    return Target(name or path, unquote(fragment))
