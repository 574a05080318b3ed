"""Who quotes whom, in the whole archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rostra.config.site import Site
from rostra.people.index import Quoting
from rostra.render.pages.frame import Frame, frame, page_task
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive

MOST = 300
"""How many pairs the page lists."""
DEBATES = 3
"""How many debates are named for one pair."""


class QuotingPage(Frame, frozen=True, kw_only=True):
    """Who quotes whom; ``more`` is the number of pairs not listed; ``page`` returns the address of a person's page."""

    TEMPLATE: ClassVar[str] = "quoting.html"

    pairs: list[Quoting]
    more: int
    page: Callable[[str], str | None]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield ``quotations.html`` if a named person quotes a named person."""
    if not any(thread.quoting for thread in archive.threads):
        return
    listed, more = archive.people.quoting(MOST, DEBATES), archive.people.pairs() - MOST
    pages = archive.people.pages(name for pair in listed for name in (pair.who, pair.whom))

    def files() -> Iterator[Task]:
        values = QuotingPage(**frame(site, layouts, "quotations.html"), pairs=listed, more=more, page=pages.get)
        yield page_task(layouts, "quotations.html", values)

    yield Unit("quoting", (listed, more, pages), files)
