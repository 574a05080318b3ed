"""Find the sources of a site: the dumps of its content folders with their cards, and its pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from rostra.config.broken_cards import card_text, may_hide
from rostra.config.cards import Card, CardFinder, dump_of, named_in, read_card
from rostra.config.site import Site, is_elsewhere
from rostra.config.strays import is_document, is_leftover
from rostra.errors import RostraError, UsageError
from rostra.identity.file_names import name_clashes
from rostra.ingest.card_fit import refuse_misfit
from rostra.ingest.content_files import OURS, alike, has_front, is_binary, is_dump, prose_page, seems_dump, stray
from rostra.ingest.media_beside import dumps_among, media_roots
from rostra.ingest.refused_places import cards_of, real, refused
from rostra.ingest.source_names import display_path, lies_apart
from rostra.model import Problem
from rostra.readers import Dump
from rostra.store.archive import FRONT, ProsePage
from rostra.system.attempts import crash
from rostra.system.file_state import is_folder

NO_CARD = Card()


class DumpEntry(Struct, frozen=True):
    """A dump and its card, which is at ``card_path``.

    ``distinct`` says that another dump would be published under the same name, so that both names get a digest.
    A ``broken`` dump is not read, because its card is invalid or it cannot be reached; its last good version is kept,
    unless there is a reason to leave it ``out``: a card may hide something that it did not hide before.
    """

    dump: Dump
    card: Card
    card_path: Path | None = None
    distinct: bool = False
    broken: bool = False
    out: str = ""


class WrongCard(NamedTuple):
    """An invalid card: its name, its text, None if it cannot be read, and the ``card`` if its settings are valid.

    It ``lacks`` its dump if there is none that it may belong to: the dump was renamed or deleted.
    """

    name: str
    text: str | None
    card: Card | None
    lacks: bool


class Sources(Struct, frozen=True):
    """Everything that a build reads, sorted by path, and the errors found before a dump is opened.

    ``wrong_cards`` are the invalid cards; ``broken`` are the dumps that such cards are known to belong to, each with the
    texts of all its cards.  Files at or below ``unreached`` paths may exist and cannot be read; it is unknown whether
    ``unrecognised`` ones are dumps.  ``wrong_pages`` are the invalid pages with their texts.  ``lacked`` are dumps that
    are not there any more, with the cards that are: what these withdraw stays withdrawn.
    """

    entries: tuple[DumpEntry, ...]
    prose: tuple[tuple[str, ProsePage], ...]
    files: tuple[Path, ...]
    failures: tuple[RostraError, ...]
    problems: tuple[tuple[str, Problem], ...] = ()
    """Problems of files that were left out, with their names."""
    broken: tuple[tuple[Dump, tuple[str | None, ...]], ...] = ()
    wrong_cards: tuple[WrongCard, ...] = ()
    unreached: tuple[str, ...] = ()
    unrecognised: tuple[str, ...] = ()
    wrong_pages: tuple[tuple[str, str | None], ...] = ()
    lacked: tuple[DumpEntry, ...] = ()

    @property
    def pages(self) -> tuple[ProsePage, ...]:
        """The publisher's pages."""
        return tuple(page for _, page in self.prose)


def gather(site: Site, missed: Sequence[RostraError] = ()) -> Sources:
    """Walk the content folders; an invalid card is a failure, and the walk continues.

    ``missed`` are the failures to fetch remote content.
    """
    return _Gathering(site, missed).gathered()


class _Gathering:
    def __init__(self, site: Site, missed: Sequence[RostraError]) -> None:
        self.site, self.missed = site, missed
        self.roots = tuple(top.resolve() for _, top in site.content)
        self.cards: dict[Path, tuple[Card, Path]] = {}
        self.loose: set[Path] = set()
        self.strays: dict[Path, str] = {}
        self.away: list[Path] = []
        """Targets of links that lead out of all content folders, except those that contain one."""
        self.refused: list[Path] = []
        """Pipes, devices and links that are not read; what was published of dumps with their names stays."""
        self.prose: dict[str, tuple[str, ProsePage]] = {}
        self.failures: list[RostraError] = [*missed]
        self.unreached = [error.path for error in missed if error.path]
        self.unrecognised: list[str] = []
        self.broken: dict[Path, list[str | None]] = {}
        self.wrong_cards: list[WrongCard] = []
        self.wrong_pages: list[tuple[str, str | None]] = []
        self.beside = CardFinder(lambda path: path in self.loose or seems_dump(path), is_binary)

    def gathered(self) -> Sources:
        """Return everything found, sorted."""
        walked = list(self._walk())
        for path in walked:
            name = display_path(self.site, path)
            if not name.isprintable():
                shown = name.encode("utf-8", "backslashreplace").decode()
                hint = "rename it; the name may be published"
                self.failures.append(
                    UsageError("its name contains a character that is not printable", path=repr(shown)[1:-1], hint=hint)
                )
            elif is_leftover(path.name):
                self.strays[path] = name
            elif path.suffix == ".toml":
                self._card(path, name)
            elif path.suffix == ".md" or is_document(path.name):
                self._text(path, name)
            else:
                self.loose.add(path)
        for path in self.broken.keys() & self.cards.keys():
            self.broken[path].append(card_text(self.cards[path][1]))
        for path, card in cards_of(self.refused, self.cards):
            self.broken.setdefault(path, []).append(card_text(card))
        for path in (path for path in self.refused if path.suffix == ".toml"):
            dump = self.beside.card(path)
            # It has no text that could hide more than the last valid card did; without a dump, it may have hidden any.
            text, dumps = ("", {dump: True}) if dump else (None, {})
            self._take_wrong_card(display_path(self.site, path), text, None, dumps)
        folders = frozenset(path for path in {*self.cards, *self.broken} if path.is_dir())
        alone = dumps_among(self.loose, folders | media_roots(self.site, self.cards.values()))
        found = (self.cards.keys() | alone) - self.broken.keys()
        # The target of a link that leads out is not published.
        paths = _sorted(path for path in found if not any(map(path.is_relative_to, self.away)))
        entries = [DumpEntry(self._dump(path), *self.cards.get(path, (NO_CARD,))) for path in paths]
        entries = [entry for entry in entries if self.site.previewed or not entry.card.draft]
        same = name_clashes(entry.dump.name for entry in entries)
        strays = [n for path, n in self.strays.items() if path not in self.cards and folders.isdisjoint(path.parents)]
        return Sources(
            tuple(replace(entry, distinct=True) if entry.dump.name in same else entry for entry in entries),
            tuple(self.prose.values()),
            tuple(_sorted({*walked, *paths})),
            tuple(self.failures),
            (*map(stray, sorted(strays)), *alike(entry.dump.name for entry in entries)),
            tuple((self._dump(path), tuple(texts)) for path, texts in sorted(self.broken.items())),
            tuple(self.wrong_cards),
            tuple(self.unreached),
            tuple(self.unrecognised),
            tuple(self.wrong_pages),
        )

    def _dump(self, path: Path) -> Dump:
        return Dump(
            path, display_path(self.site, path), self.site.settings.limits, self.roots, self.site.settings.leave_out
        )

    def _walk(self) -> Iterator[Path]:
        seen = set[Path]()
        for folder, top in self.site.content:
            if not top.is_dir():
                # The failure to fetch it is already reported.
                if not (self.missed and is_elsewhere(folder)):
                    message = f"the content folder {folder!r} does not exist"
                    self.failures.append(UsageError(message, path="rostra.toml", hint="create it, or change `content`"))
                self.unreached.append(display_path(self.site, top))
                continue
            stack = [top]
            while stack:
                # A link to a parent folder would be an endless loop; a folder may be named twice.
                if (here := stack.pop().resolve()) in seen:
                    continue
                seen.add(here)
                try:
                    found = sorted(os.scandir(here), key=lambda each: each.name)
                except OSError as error:
                    name = display_path(self.site, here)
                    self.failures.append(_failure(error, name))
                    self.unreached.append(name)
                    continue
                for each in found:
                    if each.name.startswith("."):
                        continue
                    path = here / each.name
                    if self._refused(each, path):
                        continue
                    if is_folder(each) and not self._is_folder_dump(path):
                        stack.append(path)
                    else:
                        yield real(path) if each.is_symlink() else path

    def _refused(self, each: os.DirEntry[str], path: Path) -> bool:
        failure = refused(each, self.roots, display_path(self.site, path))
        if failure:
            self.failures.append(failure)
            self.refused.append(path)
            self.unreached.append(display_path(self.site, path))
            if each.is_symlink():
                target = real(path)
                self.away += [] if any(root.is_relative_to(target) for root in self.roots) else [target]
                self.unreached.append(display_path(self.site, target))
        return failure is not None

    def _is_folder_dump(self, path: Path) -> bool:
        try:
            return is_dump(path, path.name)
        except (RostraError, OSError):
            # Unreadable files in it are reported when it is read.
            self.unrecognised.append(display_path(self.site, path))
            return False

    def _card(self, path: Path, name: str) -> None:
        card: Card | None = None
        try:
            card = read_card(path, name)
            self._take_card(path, name, card)
        except Exception as error:  # noqa: BLE001  # after any error, the others are read
            self.failures.append(_failure(error, name))
            self._take_wrong_card(name, card_text(path), card, dict(self._dumps_of(path, name)))

    def _take_wrong_card(self, name: str, text: str | None, card: Card | None, dumps: dict[Path, bool]) -> None:
        # A dump with an invalid card must not be published as if it had no card.
        for dump in (dump for dump, needs in dumps.items() if needs):
            self.broken.setdefault(dump, []).append(text)
        self.wrong_cards.append(WrongCard(name, text, card, lacks=not dumps))

    def _take_card(self, path: Path, name: str, card: Card) -> None:
        dump = dump_of(card, path, name, self.beside)
        refuse_misfit(self.site, card, path, name, dump)
        if dump in self.cards:
            called = display_path(self.site, dump)
            raise UsageError(f"{called} has a card already", path=name, hint="keep one card for each dump")
        self.cards[dump] = card, path

    def _dumps_of(self, path: Path, name: str) -> Iterator[tuple[Path, bool]]:
        """Yield the dumps that an invalid card may belong to: the one that it seems to name, and the one beside it.

        With each, whether it is not to be published without the card.
        """
        for find in (named_in, self.beside.card):
            dump: Path | None = None
            with suppress(RostraError, OSError, ValueError):
                dump = find(path)
                dump = dump if dump and dump.exists() and not lies_apart(self.site, name, dump) else None
            other = self.cards.get(dump) if dump else None
            if dump:
                # Another valid card of the dump is used, unless this one may hide more.
                hides = find is not named_in or not other or may_hide(card_text(path) or "", card_text(other[1]) or "")
                yield dump, hides

    def _text(self, path: Path, name: str) -> None:
        """Take a Markdown file, or one with a name that dumps do not have: a dump, a page or neither."""
        try:
            if is_dump(path, name):
                self.loose.add(path)
            elif is_document(path.name) and not has_front(path):
                self.strays[path] = name
            elif path.suffix == ".md":
                for page in prose_page(path, name, self.site):
                    self._claim(page, name)
            else:
                self.loose.add(path)
        except Exception as error:  # noqa: BLE001  # after any error, the others are read
            self.failures.append(_failure(error, name))
            self.unrecognised.append(name)
            self.wrong_pages.append((name, card_text(path)))

    def _claim(self, page: ProsePage, name: str) -> None:
        """Add a page; raise UsageError if another page has its address."""
        slug = page.slug
        ours = slug in OURS and (slug, page.folder) != (FRONT, "")
        other = "a built-in page" if ours else self.prose[slug][0] if slug in self.prose else None
        if other:
            raise UsageError(f"its address {slug}.html belongs to {other}", path=name, hint="rename the file")
        self.prose[slug] = name, page


def _sorted(paths: Iterable[Path]) -> list[Path]:
    """Return paths sorted by their parts, which are quicker to compare than paths."""
    return sorted(paths, key=lambda path: path.parts)


def _failure(error: Exception, name: str) -> RostraError:
    return error if isinstance(error, RostraError) else crash(error, "reading it", path=name)
