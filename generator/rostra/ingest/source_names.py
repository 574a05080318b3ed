"""The names of dumps, cards and pages in messages and on pages."""

from __future__ import annotations

import os
from pathlib import Path

from rostra.config.site import Site, is_elsewhere


def display_path(site: Site, path: Path) -> str:
    """Return the name of a file in messages and pages: relative to the site, with ``/``; for remote files, the address."""
    if site.has_mirror and path.is_relative_to(mirror := site.mirror.resolve()):
        scheme, *parts = path.relative_to(mirror).parts
        return f"{scheme}://{'/'.join(parts)}"
    place, root = str(path), f"{site.root}{os.sep}"
    inside = place.startswith(root) and f"{os.sep}.." not in place
    return (place[len(root) :] if inside else os.path.relpath(place, site.root)).replace(os.sep, "/")


def path_of(site: Site, name: str) -> Path:
    """Return the path of a file by its name in messages and pages."""
    scheme, apart, rest = name.partition("://")
    return site.mirror.resolve().joinpath(scheme, *rest.split("/")) if apart else site.root / name


def lies_apart(site: Site, card: str, dump: Path) -> bool:
    """Whether a card, by its name, is in a remote folder, and its dump is not."""
    return is_elsewhere(card) and not is_elsewhere(display_path(site, dump))
