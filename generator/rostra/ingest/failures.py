"""The failures of a build, and their replacements: the last good versions, if today's rules can be applied to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os.path import lexists
from pathlib import PurePosixPath
from typing import NamedTuple

from msgspec.structs import replace

from rostra.config.broken_cards import may_hide
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.ingest.content_files import OURS, page_folder
from rostra.ingest.source_names import path_of
from rostra.ingest.sources import NO_CARD, DumpEntry, Sources
from rostra.model import Problem, Thread
from rostra.readers import Dump
from rostra.readers.records.resume import Reading
from rostra.store.archive import FRONT, ProsePage
from rostra.store.store import Store

Version = tuple[str, str]
"""A thread of a dump: the dump's name, and the id of the debate that the thread would be by itself."""


class FailureSummary(NamedTuple):
    """Debates and pages ``kept`` from the last good build; those ``left_out``, with reasons, and dumps without a known debate."""

    kept: tuple[str, ...]
    left_out: tuple[str, ...]


class Again(Exception):
    """Raised to repeat the build, because more of it failed than was known when it began."""


class Failing:
    """The failures: they accumulate over the attempts at a build, so that each attempt leaves out what failed before.

    A thread that fails as it was read ``today`` is replaced by its last good version; if that fails too, it is left out.
    """

    def __init__(self, sources: Sequence[RostraError] = ()) -> None:
        self.today: dict[Version, RostraError] = {}
        self.last: dict[Version, RostraError] = {}
        self.doubted: set[str] = set()
        """The dumps whose last good versions must be set apart before they are read."""
        self._sources = sources
        self._grew = False
        self.begin()

    def begin(self) -> None:
        """Begin an attempt."""
        self.pages: list[str] = []
        """The publisher's pages that are shown in their last good version."""
        self.unprinted: list[str] = []
        """The debates whose pages are those of the last build."""
        self.begin_reading()

    def begin_reading(self) -> None:
        """Begin reading all dumps."""
        self.found = [*self._sources]
        """The failures, in the order of dumps and debates."""
        self.told: list[tuple[str, Problem]] = []
        """Problems of dumps without a remaining debate, each with the dump's name."""
        self.unmet: dict[str, tuple[tuple[int, str], ...]] = {}
        """Settings of cards about people whom their dumps do not contain."""
        self.dumps: set[str] = set()
        """The dumps with any failure."""
        self.digests: dict[str, str] = {}
        """Their SHA-256 when they were last read without failure; empty if unknown."""
        self.unread: set[str] = set()
        """The dumps that were not read to the end."""
        self.reasons: dict[str, str] = {}
        """Why no last good version of a dump is published."""
        self.kept: dict[str, set[str]] = {}
        """The debates made from last good versions, each with the dumps concerned."""

    def tell_of(self, dump: Dump, *, shown: bool) -> bool:
        """Record what no debate reports of a dump that was read; return whether there is something.

        ``shown`` says whether a debate of it is published, which then reports what is left out.
        """
        left_out = () if shown else dump.withheld
        self.told += ((dump.name, problem) for problem in left_out)
        if unmet := () if dump.failures else tuple(dump.people.unmet()):
            self.unmet[dump.name] = unmet
        return bool(left_out or unmet)

    def doubt(self, dump: str) -> None:
        """Record the failure of a dump that has a last good version."""
        self._grew = self._grew or dump not in self.doubted
        self.doubted.add(dump)

    def fail(self, version: Version, error: RostraError, *, is_last: bool) -> None:
        """Record that a thread fails, as read today or as last good; raise the error if it should have been left out."""
        self._grew = True
        self.doubted.add(version[0])
        if not is_last and version not in self.today:
            self.today[version] = error
        elif version not in self.last:
            self.last[version] = error
        else:
            raise error

    @property
    def partly(self) -> set[str]:
        """Return the dumps with threads that are known to fail."""
        return {dump for dump, _ in (*self.today, *self.last)}

    def fail_pages(self, debate: str, dumps: Sequence[str], error: RostraError, store: Store, *, stand: bool) -> None:
        """Record that a debate's pages cannot be made; ``stand`` says whether those of the last build can be kept."""
        parts = store.parts.of(debate)
        versions = [(dump, parts[dump].id if dump in parts else debate) for dump in dumps]
        if stand:
            self.unprinted.append(debate)
            # If the debate also fails as read today, it is reported already.
            if self.today.keys().isdisjoint(versions):
                self.found.append(error)
            return
        for version in versions:
            self.fail(version, error, is_last=version[0] in self.kept.get(debate, ()))

    def keep(self, debate: str, dump: str) -> None:
        """Record that a dump's part of a debate is its last good version."""
        self.kept.setdefault(debate, set()).add(dump)

    def move(self, debate: str, into: str) -> None:
        """Record that a debate is now part of another, or has another id."""
        if debate != into and debate in self.kept:
            self.kept.setdefault(into, set()).update(self.kept.pop(debate))

    def outcome(self, store: Store) -> FailureSummary:
        """Return what is kept from the last build, and what is left out for which reason."""
        kept = sorted(f"debates/{id}" for id in {*self.kept, *self.unprinted} & set(store.ids()))
        unsure = store.published.unsure
        told = {*unsure.values()}.union(*self.kept.values())
        left = [
            *((f"debates/{id}", dump) for id, dump in sorted(unsure.items())),
            *((dump, dump) for dump in sorted(self.dumps - told)),
        ]
        why = "no earlier build of it can be shown"
        return FailureSummary(
            (*kept, *self.pages), tuple(f"{what} ({self.reasons.get(dump, why)})" for what, dump in left)
        )

    def settle(self) -> None:
        """Raise Again if more failed than was known when this attempt began."""
        if self._grew:
            self._grew = False
            raise Again


class Taken:
    """What a build takes from a dump."""

    def __init__(self, entry: DumpEntry, failing: Failing) -> None:
        self.entry, self.dump = entry, entry.dump.name
        self._failing = failing
        self.reading: Reading | None = None
        self.seen: set[str] = set()
        """The dump's debates."""
        self.debates: dict[int, list[str]] = {}
        """The debates of each piece of the dump."""
        self.read: set[str] = set()
        """The debates of its threads as read today."""
        self.whole = True
        """Whether all of the dump is in the store."""
        self.failed = False
        self.broke_off = entry.broken
        """Whether the dump was not read to its end."""

    def chose(self, thread: Thread) -> bool:
        """Whether the publisher gave a thread its id."""
        return bool(self.entry.card.id) and not thread.source.several

    def fail(self, error: RostraError, thread: Thread | None = None) -> None:
        """Record the failure of a thread of the dump, or of all of it that was not read."""
        if error.path is None:
            error.path = self.dump
            error.line = error.line or (
                next((post.raw.line for post in thread.posts if post.raw.line), None) if thread else None
            )
        self.failed, self.whole = True, False
        self._failing.found.append(error)


def completed(site: Site, sources: Sources, store: Store, failing: Failing) -> Sources:
    """Return the sources with the last good versions of those that are invalid or cannot be read."""
    entries = {entry.dump.name: entry for entry in sources.entries}
    lacked = tuple(_lacked(site, sources, store))
    entries |= {entry.dump.name: entry for entry in _broken(site, sources, store, entries)}
    entries |= {entry.dump.name: entry for entry in _perhaps_renamed(sources, lacked, store, entries)}
    # If a folder is no longer recognised as the dump that it was, its files are not dumps.
    folders = tuple(f"{name.rstrip('/')}/" for name in sources.unrecognised if name in entries and entries[name].broken)
    entries = {name: entry for name, entry in entries.items() if not name.startswith(folders)}
    known = {path for path, _ in sources.prose}
    slugs = (OURS - {FRONT}) | {page.slug for page in sources.pages}
    prose = [*sources.prose]
    for path, slug, title, body in store.last.pages():
        if path not in known and slug not in slugs and _stays(path, sources):
            prose.append(
                (
                    path,
                    ProsePage(
                        slug=slug, title=title, folder=page_folder(path, site.settings.content), body_markdown=body
                    ),
                )
            )
            failing.pages.append(f"{slug}.html")
    ordered = tuple(sorted(entries.values(), key=lambda entry: entry.dump.path))
    return replace(sources, entries=ordered, prose=tuple(prose), lacked=lacked)


def _broken(site: Site, sources: Sources, store: Store, entries: dict[str, DumpEntry]) -> Iterator[DumpEntry]:
    last = store.last
    wrong = {dump.name: (dump, texts) for dump, texts in sources.broken}
    strays = []
    for card, text, *_ in sources.wrong_cards:
        # The invalid line may be the one that names the dump.
        name = last.dump_of(card)
        if name is None:
            strays.append(text)
        elif name not in wrong and (name in entries or lexists(path_of(site, name))):
            wrong[name] = (entries[name].dump if name in entries else Dump(path_of(site, name), name)), (text,)
    for name, entry in entries.items() if strays else ():
        before = None if entry.card_path else last.reading(name)
        if before and before.card_name and name not in wrong and not path_of(site, before.card_name).exists():
            # Its card was renamed and is one of the invalid ones.
            wrong[name] = entry.dump, tuple(strays)
    for name, (dump, texts) in wrong.items():
        before = last.reading(name)
        good = before.card_text if before else ""
        hides = any(text is None or may_hide(text, good) for text in texts)
        out = "its card may intend to hide it" if hides else ""
        yield DumpEntry(dump, before.card if before else NO_CARD, broken=True, out=out)
    if sources.unreached or sources.unrecognised:
        for name in sorted((last.dumps() | store.published.debates.dumps()) - entries.keys() - wrong.keys()):
            if _is_below(name, sources.unreached) or name in sources.unrecognised:
                before = last.reading(name)
                yield DumpEntry(Dump(path_of(site, name), name), before.card if before else NO_CARD, broken=True)


def _lacked(site: Site, sources: Sources, store: Store) -> Iterator[DumpEntry]:
    """Yield the dumps that are not there any more, but their cards are; one without a name is unknown."""
    for wrong in sources.wrong_cards:
        if wrong.lacks:
            had = store.last.dump_of(wrong.name)
            beside = (name for name in store.published.debates.dumps() if _is_beside(name, wrong.name))
            for name in sorted({had} if had else {*beside}) or [""]:
                yield DumpEntry(Dump(path_of(site, name), name), wrong.card or NO_CARD, broken=True)


def _is_beside(dump: str, card: str) -> bool:
    """Whether a dump has the name of a card: ``x.txt`` or ``x`` for ``x.toml``, or ``x.txt`` for ``x.txt.toml``."""
    of, stem = PurePosixPath(dump), PurePosixPath(card).with_suffix("")
    return stem in (of, of.with_suffix(""))


def _perhaps_renamed(
    sources: Sources, lacked: Sequence[DumpEntry], store: Store, entries: Mapping[str, DumpEntry]
) -> Iterator[DumpEntry]:
    """Yield the new dumps without a card if a card that may hide something lacks its dump, and the dumps ``lacked``.

    A dump that was renamed looks like one that is deleted and a new one.
    """
    cards = [each.name for each in sources.wrong_cards if each.lacks and (each.text is None or may_hide(each.text, ""))]
    known = store.last.dumps() | store.published.debates.dumps()
    new = [entry for name, entry in entries.items() if not entry.card_path and name not in known] if cards else []
    out = f"it may be the renamed dump of {', '.join(cards)}, which may hide something"
    # Its debates are not gone.
    for entry in (*new, *(each for each in lacked if new and each.dump.name in known - entries.keys())):
        yield replace(entry, broken=True, out=out)


def _is_below(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place.rstrip('/')}/") for place in places)


def _stays(path: str, sources: Sources) -> bool:
    """Whether a page that is invalid or cannot be read is shown in its last good version."""
    wrong = dict(sources.wrong_pages)
    if path not in wrong:
        return _is_below(path, sources.unreached)
    text = wrong[path]
    return text is not None and not may_hide(_front(text), "")


def _front(text: str) -> str:
    """Return a page's front matter, between its first two lines of ``+++``; the whole text if there are not two."""
    parts = text.split("+++", 2)
    return parts[1] if len(parts) > 2 else text
