"""File names: no two that some systems treat as one, none that a host hides or a system cannot store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rostra.check.findings import Finding
from rostra.hosts import Host, hidden
from rostra.identity.file_names import SEGMENT, is_device, path_key

FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*\\]|[. ]$')
CONTROL = frozenset({"_headers", "_redirects"})
"""Files for the host itself."""
NO_JEKYLL = ".nojekyll"


def check_names(paths: Iterable[str], host: Host | None) -> Iterator[Finding]:
    """Yield findings about the names of a site's files."""
    paths = sorted(paths)
    places: dict[str, str] = {}
    jekyll = NO_JEKYLL not in paths and (host is None or host.name == "github-branch")
    for path in paths:
        place = ""
        for part in path.split("/"):
            place = f"{place}/{part}" if place else part
            first = places.setdefault(path_key(place), place)
            if first != place:
                yield Finding(path, 0, "same-but-for-case", f"{place!r} and {first!r} are one address to some systems")
                break
        parts = path.split("/")
        if jekyll and path not in CONTROL and any(part.startswith("_") for part in parts):
            yield Finding(path, 0, "hidden-name", f"without {NO_JEKYLL}, GitHub Pages hides names that begin with _")
        elif host and hidden(host, path):
            yield Finding(path, 0, "hidden-name", f"{host.title} does not serve names that begin so")
        if host is None and any(part.startswith(".") for part in parts if part not in (NO_JEKYLL, ".well-known")):
            yield Finding(path, 0, "awkward-name", "many hosts do not serve names that begin with a dot")
        elif any(FORBIDDEN.search(part) or is_device(part) for part in parts):
            yield Finding(path, 0, "awkward-name", "Windows cannot store a file of this name")
        elif len(path.encode()) > 900 or any(len(part.encode()) > SEGMENT for part in parts):
            yield Finding(path, 0, "awkward-name", "the name is longer than some systems and hosts accept")
