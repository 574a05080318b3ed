"""Map web addresses to files of the publisher: in folders and web archives, named in settings and cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from rostra.media.downloads import Downloads
from rostra.media.places import Place, Within, spellings
from rostra.media.short_addresses import kept_at
from rostra.media.web_archives import WebArchive
from rostra.model import Problem
from rostra.system.web_address import web_address


class Mapped:
    """The mappings of settings and cards, and the downloaded files.

    ``site`` maps beginnings of addresses to folders and web archives for all dumps, ``cards`` for the dump of each name.
    """

    def __init__(
        self,
        site: Mapping[str, Path],
        cards: Mapping[str, Mapping[str, Path]],
        downloads: Downloads,
        archives: Callable[[Path], WebArchive],
    ) -> None:
        self._site = _longest_first(site)
        self._cards = {dump: _longest_first(of) for dump, of in cards.items() if of}
        self._downloads = downloads
        self._archive = cache(archives)

    def __call__(self, address: str, dump: str) -> Place | None:
        """Return the place of an address for a debate of a dump."""
        for prefix, target in (*self._cards.get(dump, ()), *self._site):
            if (rest := _rest(address, prefix)) is None:
                continue
            if target.is_dir():
                found = map(Within(target).file, spellings(rest))
                if path := next(filter(None, found), None):
                    return Place(path)
            else:
                found_in = map(self._archive(target).find, (address, *kept_at(address)))
                if inner := next(filter(None, found_in), None):
                    return Place(target, inner)
        path = self._downloads.find(address)
        return Place(path) if path else None

    def content(self, place: Place) -> Iterator[bytes]:
        """Yield the content of a file in a web archive, chunk by chunk."""
        return self._archive(place.path).content(place.inner)

    def problems(self) -> Iterator[tuple[Path, Problem]]:
        """Yield the problems of web archives, each with its path."""
        for target in self.roots:
            if target.is_file() and (problem := self._archive(target).problem):
                yield target, problem

    @property
    def roots(self) -> tuple[Path, ...]:
        """Return all existing folders and files that are searched."""
        named = (target for pairs in (self._site, *self._cards.values()) for _, target in pairs)
        return tuple(path for path in dict.fromkeys((*named, self._downloads.folder)) if path.exists())


def _longest_first(mapped: Mapping[str, Path]) -> tuple[tuple[str, Path], ...]:
    found = ((web_address(prefix) or prefix, target) for prefix, target in mapped.items())
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def _rest(address: str, prefix: str) -> str | None:
    """Return what follows a prefix in an address, with http or https; None if the address does not have the prefix."""
    bare, begin = address.partition("://")[2], prefix.partition("://")[2]
    return bare[len(begin) :] if begin and bare.startswith(begin) else None


def targets(media: Mapping[str, str], root: Path) -> dict[str, Path]:
    """Return the folders and web archives that settings or a card in ``root`` name, as paths."""
    return {prefix: root / place for prefix, place in media.items()}


def is_within(path: Path, roots: frozenset[Path]) -> bool:
    """Whether a path is one of the roots, or in one."""
    return not roots.isdisjoint((path, *path.parents))
