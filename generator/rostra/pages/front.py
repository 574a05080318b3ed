"""The front page: what this archive is, and the way to every debate."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from rostra.archive import Archive, Summary
from rostra.dates import day
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.pages.unit import Unit
from rostra.site import Site


class Entry(Struct, frozen=True, kw_only=True):
    """A debate as the front page lists it."""

    href: str
    title: str
    opening: str
    facts: tuple[str, ...]
    tags: tuple[str, ...]


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """``index.html``."""

    def files() -> Iterator[OutputFile]:
        values = frame(site, layouts, "index.html") | {
            "entries": [entry(thread) for thread in archive.threads],
            "posts": sum(thread.posts for thread in archive.threads),
            "quoting": any(thread.quoting for thread in archive.threads),
            "quotations": sum(thread.quotations for thread in archive.threads),
        }
        yield OutputFile("index.html", layouts.render("front.html", values))

    yield Unit("front", archive.threads, files)


def entry(thread: Summary) -> Entry:
    """One debate in a list."""
    who = [f"{thread.named} named" if thread.named else "", f"{thread.unnamed} posts unnamed" if thread.unnamed else ""]
    span = ""
    if thread.first and thread.last:
        first, last = day(thread.first), day(thread.last)
        span = first if first == last else f"{first} – {last}"
    facts = (
        "1 post" if thread.posts == 1 else f"{thread.posts} posts",
        ", ".join(part for part in who if part),
        f"{thread.quotations} quotations tied" if thread.quotations else "",
        span,
        f"captured {day(thread.captured)}" if thread.captured else "",
    )
    return Entry(
        href=f"debates/{thread.id}/index.html",
        title=thread.title,
        opening=thread.opening,
        facts=tuple(fact for fact in facts if fact),
        tags=thread.tags,
    )
