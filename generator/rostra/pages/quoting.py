"""Who quotes whom, in the whole archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import ClassVar

from msgspec import Struct

from rostra.archive import Archive
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import Frame, frame
from rostra.pages.unit import Unit
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


class QuotingPage(Frame, frozen=True, kw_only=True):
    """Who quotes whom; ``more`` is how many pairs are not listed; ``page`` tells where a person's page stands."""

    TEMPLATE: ClassVar[str] = "quoting.html"

    pairs: list[Pair]
    more: int
    page: Callable[[str], str | None]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """``quotations.html``, where somebody who is named quotes somebody who is."""

    def files() -> Iterator[OutputFile]:
        listed = pairs(archive)
        values = QuotingPage(
            **frame(site, layouts, "quotations.html"),
            pairs=listed[:MOST],
            more=len(listed) - MOST,
            page=archive.people.page,
        )
        yield OutputFile("quotations.html", layouts.render("quoting.html", values))

    if any(thread.quoting for thread in archive.threads):
        yield Unit("quoting", archive.people.digest(), files)


def pairs(archive: Archive) -> list[Pair]:
    """Every pair, the most frequent first; people of one name are one only as far as a name goes."""
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for appearance in archive.people.appearances():
        for whom, count in appearance.quotes:
            pair = (appearance.name, whom)
            counts[pair] += count
            place = f"debates/{appearance.thread}/index.html", appearance.title
            where.setdefault(pair, Counter())[place] += count
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
