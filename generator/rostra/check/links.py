"""The target of an address in a page: in the page, in another file of the site, or outside."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from rostra.check.page import PageAddress

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
RUNNING = frozenset({"javascript", "vbscript"})
REQUESTED = frozenset({"src", "srcset", "poster", "data"})
"""Attributes whose files a browser loads by itself."""
REQUESTED_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "preconnect"})


class Target(NamedTuple):
    """A place in the site: a file's path, and the fragment, empty for the page as a whole."""

    path: str
    fragment: str

    @property
    def reference(self) -> str:
        """``path#fragment``; ``#`` and ``%`` in the path are encoded."""
        path = self.path.replace("%", "%25").replace("#", "%23") if "#" in self.path or "%" in self.path else self.path
        return f"{path}#{self.fragment}"


class Away(NamedTuple):
    """An address of another host."""

    url: str


class WrongLink(NamedTuple):
    """An address that is not allowed: the rule's code and the message."""

    code: str
    message: str


def link_target(reference: str) -> Target:
    """Return the place of a reference."""
    path, _, fragment = reference.partition("#")
    return Target(unquote(path) if "%" in path else path, fragment)


def requested(link: PageAddress) -> bool:
    """Whether a browser loads an address by itself."""
    element, _, rel = link.element.partition(" ")
    if element == "link":
        return bool(REQUESTED_LINKS.intersection(rel.lower().split()))
    return link.attribute in REQUESTED and element != "a"


def leads(link: PageAddress, path: str, address: str) -> Target | Away | WrongLink | None:
    """Return the target of a link of the file ``path``; ``address`` is the site's, with a final slash, or empty.

    None if it leads to no file (``mailto:``, ``data:``).
    """
    said = link.address.strip()
    if said.startswith("#"):
        return Target(path, unquote(said[1:]))
    scheme = SCHEME.match(said)
    if address and (said + "/").startswith(address):
        return _inside(said[len(address) :], "")
    if scheme and scheme[0][:-1].lower() in RUNNING:
        return WrongLink("running-link", f"{said[:60]!r}")
    if scheme or said.startswith("//"):
        if not scheme or scheme[0].lower() in ("http:", "https:"):
            if requested(link):
                return WrongLink("outside-request", f"<{link.element}> asks for {said[:100]}")
            return Away(said)
        return None
    if said.startswith("/"):
        base = urlsplit(address).path or "/"
        if path != "404.html":
            return WrongLink("absolute-link", f"{said[:100]!r} begins at the root of the host")
        return _inside(said.removeprefix(base).lstrip("/"), "") if said.startswith(base) else None
    return _inside(said, path)


def _inside(said: str, path: str) -> Target | WrongLink:
    """Resolve an address relative to a file of the site."""
    name, _, fragment = said.partition("#")
    name = unquote(name.partition("?")[0])
    if name or not path:
        folder = name == "" or name.endswith("/")
        joined = normpath(f"{path.rpartition('/')[0]}/{name}".lstrip("/"))
        if joined == ".." or joined.startswith("../"):
            return WrongLink("broken-link", f"{said[:100]!r} leads out of the site")
        name = (f"{joined}/index.html" if joined != "." else "index.html") if folder else joined
    return Target(name or path, unquote(fragment))
