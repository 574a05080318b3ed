"""What may not be read where a dump may have been: links that lead elsewhere or nowhere, pipes, devices."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rostra.config.cards import Card
from rostra.errors import UsageError
from rostra.readers.special_files import ELSEWHERE, refusal


def refused(entry: os.DirEntry[str], roots: tuple[Path, ...], name: str) -> UsageError | None:
    """Return the failure if an entry of a content folder may not be read; ``name`` is its name in messages."""
    why = refusal(entry, roots)
    hint = "put a file in its place, or move it out of the content folders"
    if why == ELSEWHERE:
        hint = "copy its target here, or add the folder of its target to `content`"
    return UsageError(f"it {why}", path=name, hint=hint) if why else None


def cards_of(places: Iterable[Path], cards: Mapping[Path, tuple[Card, Path]]) -> Iterator[tuple[Path, Path]]:
    """Yield the places that have a card, each with the path of the card; a card names the target of a link."""
    for place in places:
        for dump in {place, real(place)} & cards.keys():
            yield place, cards[dump][1]


def real(path: Path) -> Path:
    """Return a path with its links resolved, as far as they lead somewhere."""
    return Path(os.path.realpath(path))
