"""Recognise files in content folders that are not dumps: pictures beside dumps, and files that settings and cards map to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from rostra.config.cards import Card
from rostra.config.site import Site
from rostra.media.downloads import FOLDER
from rostra.media.kinds import HEAD, Kind, sniff
from rostra.media.mapping import is_within, targets
from rostra.media.places import page_of_folder
from rostra.system.lazy_regex import late

NAMED = late(r"(?i)\.(?:jpe?g|png|gif|webp|avif|mp4|m4[av]|webm|og[gav]|mp3|pdf)")
"""Suffixes of files that posts show."""
SHOWN = {"image", "video", "audio", "document"}
PAGES = (".html", ".htm", ".mhtml", ".mht", ".xhtml")
"""Suffixes of saved pages, which a browser saves with a folder of files beside them."""


def media_roots(site: Site, cards: Iterable[tuple[Card, Path]]) -> frozenset[Path]:
    """Return the folders and web archives that settings and cards name, and that of downloads, as real paths.

    A folder that contains a content folder is left out: the dumps in it are dumps.
    """
    named = [*targets(site.settings.media, site.root).values(), site.root / FOLDER]
    for card, path in cards:
        named += targets(card.media, path.parent).values()
    contents = [top.resolve() for _, top in site.content]
    roots = {path.resolve() for path in named}
    return frozenset(root for root in roots if not any(top.is_relative_to(root) for top in contents))


def dumps_among(loose: Iterable[Path], roots: frozenset[Path]) -> set[Path]:
    """Return the files that may be dumps: those that are not media."""
    aside = _aside(roots)
    return {path for path in loose if not (path in roots or aside(path.parent) or is_media(path))}


def is_media(path: Path) -> bool:
    """Whether a file is a picture or recording, by its name and its content."""
    if not NAMED.fullmatch(path.suffix):
        return False
    try:
        with path.open("rb") as stream:
            kind = sniff(stream.read(HEAD))
    except OSError:
        return False
    return isinstance(kind, Kind) and kind.family in SHOWN


def idle_media(files: Iterable[Path], used: set[str], roots: frozenset[Path]) -> Iterator[Path]:
    """Yield the pictures and recordings in content folders that no post shows."""
    aside = _aside(roots)
    for path in files:
        if not NAMED.fullmatch(path.suffix) or str(path) in used or path in roots:
            continue
        if not aside(path.parent) and is_media(path):
            yield path


def _aside(roots: frozenset[Path]) -> Callable[[Path], bool]:
    """Return whether all files of a folder are media, found once for each folder: thousands of dumps are in few."""
    return cache(lambda folder: is_within(folder, roots) or _is_of_page(folder))


def _is_of_page(place: Path) -> bool:
    """Whether a browser saved the files of a folder with a page, whose folder is beside the page."""
    for folder in (place, *place.parents):
        if (stem := page_of_folder(folder.name)) is not None:
            return any((folder.parent / f"{stem}{ending}").is_file() for ending in ("", *PAGES))
    return False
