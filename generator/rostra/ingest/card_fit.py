"""Refuse a card that does not fit its dump."""

from __future__ import annotations

from pathlib import Path

from rostra.config.cards import Card
from rostra.config.site import Site
from rostra.config.toml_tables import TomlFile, suggestion
from rostra.ingest.source_names import lies_apart
from rostra.readers import named, readers


def refuse_misfit(site: Site, card: Card, path: Path, name: str, dump: Path) -> None:
    """Raise UsageError if a card does not fit its dump."""
    if lies_apart(site, name, dump):
        raise TomlFile.read(path, name).error(
            f"the card names {card.dump!r}, which is not in the same remote folder",
            "dump",
            hint="`dump` is relative to the card",
        )
    if card.format is not None and named(card.format) is None:
        raise TomlFile.read(path, name).error(
            f"there is no format {card.format!r}", "format", hint=suggestion(card.format, readers())
        )
