"""Find signs beside names that rate what is spoken of: "Ada ★★★", "Bede ★★★★★"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from rostra.readers.copied.records import PostRecord
from rostra.system.lazy_regex import late

LENGTHS = 2
"""The fewest lengths of rows of one sign behind names that make them ratings: a name may end in a sign of its own."""
RATED = late(r"(?P<name>\S.*?)\s+(?P<row>(?P<sign>[^\w\s])(?P=sign)*½?)")


def without_ratings(records: Sequence[PostRecord]) -> Iterator[PostRecord]:
    """Yield the records; names without the rows of signs behind them, if these have several lengths."""
    found = {
        name: match for record in records if (name := record.held.get("author")) and (match := RATED.fullmatch(name))
    }
    rows: dict[str, set[str]] = {}
    for match in found.values():
        rows.setdefault(match["sign"], set()).add(match["row"])
    bare = {name: match["name"] for name, match in found.items() if len(rows[match["sign"]]) >= LENGTHS}
    for record in records:
        name = bare.get(record.held.get("author", ""))
        yield replace(record, held=record.held | {"author": name}) if name else record
