"""Dumps to a site.  A newcomer begins here: ``build`` is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from rostra import pages
from rostra.archive import Archive, summarise
from rostra.concordance import Concordance
from rostra.edition import edit
from rostra.errors import RostraError, UsageError
from rostra.layouts import Layouts
from rostra.model import Edition, Problem
from rostra.output import Writer, Written
from rostra.readers import holds_addresses
from rostra.site import Site
from rostra.sources import Entry, gather
from rostra.threads import threads


class Report(Struct, frozen=True, kw_only=True):
    """What a build made and what was wrong.  Each problem comes with the dump it is in."""

    threads: int
    posts: int
    written: Written
    problems: tuple[tuple[str, Problem], ...]
    failures: tuple[RostraError, ...]
    inputs: tuple[Path, ...]


Progress = Callable[[str, int, int], None]
"""Told the dump at hand, how many are done, and how many there are."""


def build(site: Site, progress: Progress = lambda dump, done, total: None) -> Report:
    """Build a site; a dump that cannot be read is a failure in the report, and the others build.

    Raises UsageError where the settings or a layout are wrong; the last site then stands as it was.
    """
    sources = gather(site)
    layouts = Layouts(site, sources.pages)
    failures = list(sources.failures)
    problems: list[tuple[str, Problem]] = []
    summaries = []
    with Writer(site.output, site.cache / "staging") as writer, Concordance(site.cache) as concordance:
        for entry, edition in editions(site, sources.entries, failures, progress):
            concordance.add(edition)
            if (published := edition.thread.source.published) and not writer.has(published):
                writer.copy(published, entry.dump.path)
            problems += ((entry.dump.name, problem) for problem in edition.problems)
        for edition in concordance.editions():
            for file in pages.thread_files(site, edition, layouts):
                writer.put(file)
            summaries.append(summarise(edition))
        summaries.sort(key=lambda summary: (summary.title, summary.id))
        archive = Archive(threads=tuple(summaries), pages=sources.pages)
        for file in pages.archive_files(site, archive, layouts):
            writer.put(file)
    assert writer.written is not None
    return Report(
        threads=len(summaries),
        posts=sum(summary.posts for summary in summaries),
        written=writer.written,
        problems=tuple(problems),
        failures=tuple(failures),
        inputs=sources.files,
    )


def editions(
    site: Site, entries: tuple[Entry, ...], failures: list[RostraError], progress: Progress
) -> Iterator[tuple[Entry, Edition]]:
    """The editions of every dump; what cannot be read, or has another's address, joins ``failures``."""
    taken: dict[str, str] = {}
    for done, entry in enumerate(entries):
        progress(entry.dump.name, done, len(entries))
        try:
            for thread in threads(entry.dump, entry.card, addresses=site.settings.publish_addresses):
                if thread.id in taken:
                    failures.append(_one_address(thread.id, entry.dump.name, taken[thread.id]))
                    continue
                taken[thread.id] = entry.dump.name
                # Only what came as mail is full of addresses that nobody meant to publish.
                shown = site.settings.publish_addresses or not holds_addresses(thread.source.format)
                yield entry, edit(thread, addresses=shown, decisions=entry.card.quotation)
        except RostraError as error:
            failures.append(error)


def _one_address(id: str, dump: str, other: str) -> UsageError:
    return UsageError(
        f"its address {id!r} is taken by {other}",
        path=dump,
        hint="give one of them another `id` in a card",
    )
