"""Who quotes whom, in the whole archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.site import Site

MOST = 300
"""Pairs that the page lists."""
DEBATES = 5
"""Debates that are named for one pair."""


class Pair(Struct, frozen=True, kw_only=True):
    """How often one person quotes another, and in which debates most."""

    who: str
    whom: str
    count: int
    debates: tuple[tuple[str, str], ...]


def archive_files(site: Site, archive: Archive, layouts: Layouts) -> Iterator[OutputFile]:
    """``quotations.html``, where somebody who is named quotes somebody who is."""
    if listed := pairs(archive):
        values = frame(site, layouts, "quotations.html") | {"pairs": listed[:MOST], "more": len(listed) - MOST}
        yield OutputFile("quotations.html", layouts.render("quoting.html", values))


def pairs(archive: Archive) -> list[Pair]:
    """Every pair, the most frequent first; people of one name are one only as far as a name goes."""
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for thread in archive.threads:
        for quoting in thread.quoting:
            pair = (quoting.who, quoting.whom)
            counts[pair] += quoting.count
            where.setdefault(pair, Counter())[f"debates/{thread.id}/index.html", thread.title] += quoting.count
    return [
        Pair(
            who=who,
            whom=whom,
            count=count,
            debates=tuple(
                place for place, _ in sorted(where[who, whom].items(), key=lambda item: (-item[1], item[0]))[:DEBATES]
            ),
        )
        for (who, whom), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
