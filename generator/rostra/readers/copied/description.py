"""What ``rostra inspect --layout`` shows: the layout by which a text is read, with examples of what it finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.reading import LayoutReading
from rostra.readers.copied.slots import KEPT

SHOWN = 60
"""The most code points of an example."""


def layout_description(name: str, lines: Sequence[DumpLine], reading: LayoutReading | None) -> Iterator[str]:
    """Yield lines for people; ``name`` is the name of the dump."""
    if reading is None:
        yield f"{name}: no layout matches; it is read by its indentation and its times, if any"
        return
    found = reading.cut
    layout = found.layout
    origin = (
        f"known layout {layout.place or 'of many sites'} ({layout.name})"
        if layout.is_known
        else layout.name or "learned from the text"
    )
    yield f"{name}: {origin}; {len(found.records)} posts, {found.explained} of {len(lines)} lines belong to the page"
    for number, template in enumerate(layout.templates):
        records = [record for record in found.records if record.template is template]
        if not records and len(layout.templates) > 1:
            continue
        whole = sum(record.complete for record in records)
        yield f"  template{f' {number + 1}, {template.role}' if len(layout.templates) > 1 else ''}: explains {len(records)} records, {whole} of them completely"
        yield from (f"    {line}" for line in str(template).split("\n"))
        for slot in sorted(KEPT - {"body"}):
            values = [record.held[slot] for record in records if slot in record.held]
            if values:
                yield f"  {slot:8} {len(values)} times, {len(set(values))} different, for example {_short(values[0])}"
    left = sum(len(record.unexplained) for record in found.records)
    if left or found.refused:
        yield f"  not explained: {left} lines between posts, {len(found.refused)} lines with times that begin no post"
    for doubt in reading.doubts:
        yield f"  doubt: {doubt}, so nobody is named"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
