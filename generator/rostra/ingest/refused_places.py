"""What may not be read where a dump may have been: links that lead elsewhere or nowhere, pipes, devices."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rostra.config.cards import Card
from rostra.errors import UsageError
from rostra.readers.dumps.special_files import ELSEWHERE, refusal


def refused(entry: os.DirEntry[str], roots: tuple[Path, ...], name: str) -> UsageError | None:
    """Return the failure if an entry of a content folder may not be read; ``name`` is its name in messages."""
    why = refusal(entry, roots)
    hint = "put a file in its place, or move it out of the content folders"
    if why == ELSEWHERE:
        hint = "copy its target here, or add the folder of its target to `content`"
    return UsageError(f"it {why}", path=name, hint=hint) if why else None


def cards_of(places: Iterable[Path], cards: Mapping[Path, tuple[Card, Path]]) -> Iterator[tuple[Path, Path]]:
    """Yield the places that have cards, each with the path of a card; one may be invalid, or name the target of a link."""
    places = frozenset(places)
    for place in (place for place in places if place.suffix != ".toml"):
        valid = {cards[dump][1] for dump in {place, real(place)} & cards.keys()}
        beside = {place.with_name(f"{place.name}.toml"), place.with_suffix(".toml")} - places
        beside = {path for path in beside if path.is_file()}
        yield from ((place, card) for card in sorted(valid | beside))


def real(path: Path) -> Path:
    """Return a path with its links resolved, as far as they lead somewhere."""
    return Path(os.path.realpath(path))
