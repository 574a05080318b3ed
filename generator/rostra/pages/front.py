"""The front page: what this archive is, and the way to every debate."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from rostra.archive import Archive, Summary
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.frame import frame
from rostra.pages.unit import Unit
from rostra.site import Site
from rostra.words import Words


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
            "entries": [entry(thread, layouts.words) for thread in archive.threads],
            "posts": sum(thread.posts for thread in archive.threads),
            "quoting": any(thread.quoting for thread in archive.threads),
            "quotations": sum(thread.quotations for thread in archive.threads),
        }
        yield OutputFile("index.html", layouts.render("front.html", values))

    yield Unit("front", archive.threads, files)


def entry(thread: Summary, words: Words) -> Entry:
    """One debate in a list."""
    named, unnamed, tied = thread.named, thread.unnamed, thread.quotations
    span = ""
    if thread.first and thread.last:
        first, last = words.day(thread.first), words.day(thread.last)
        span = first if first == last else f"{first} – {last}"
    facts = (
        words.count("%(num)s post", "%(num)s posts", thread.posts),
        words.count("%(num)s named author", "%(num)s named authors", named) if named else "",
        words.count("%(num)s post unnamed", "%(num)s posts unnamed", unnamed) if unnamed else "",
        words.count("%(num)s quotation tied", "%(num)s quotations tied", tied) if tied else "",
        span,
        words.say("captured %(day)s", day=words.day(thread.captured)) if thread.captured else "",
    )
    return Entry(
        href=f"debates/{thread.id}/index.html",
        title=thread.title,
        opening=thread.opening,
        facts=tuple(fact for fact in facts if fact),
        tags=thread.tags,
    )
