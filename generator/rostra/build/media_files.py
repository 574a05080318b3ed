"""Publish the pictures and files of posts: find, prepare and place them, before the pages that show them are made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from rostra.build.workbench import Workbench
from rostra.config.redaction_rules import RULES
from rostra.config.site import LEDGER
from rostra.errors import RostraError
from rostra.i18n.reasons import REDACTED, TELLING, UNREADABLE
from rostra.ingest.media_beside import idle_media, media_roots
from rostra.ingest.source_names import display_path
from rostra.ingest.sources import DumpEntry
from rostra.media.downloads import FOLDER, Downloads
from rostra.media.extract import extracted, from_bodies
from rostra.media.kinds import KINDS
from rostra.media.mapping import Mapped, targets
from rostra.media.names import saved_name
from rostra.media.places import DumpFiles, FileSources, Place
from rostra.media.prepare import Finished, Prepared, finished
from rostra.media.references import FileReference, decode_references, dump_mark
from rostra.media.shelf import MediaShelf, key_of
from rostra.media.shown import by_post
from rostra.media.withholding import Withholding
from rostra.model import MediaFile, Problem, Shown
from rostra.system.attempts import Failed, attempt
from rostra.system.file_state import discard, file_stamp
from rostra.system.progress import Progress
from rostra.system.shared_storage import LocalPath
from rostra.system.workers import Job

BODIES = "body:"
"""The prefix of the owner of pictures that a debate's bodies contain."""
EXTENSIONS = {kind.extension: kind for kind in KINDS}


class _Original(NamedTuple):
    """A file to be prepared: its place, its path, the folder for what is made of it, and its stamp."""

    place: Place
    path: Path
    folder: Path
    stamp: str
    passing: bool


class MediaFiles:
    """The files of a site's posts."""

    def __init__(self, entries: Sequence[DumpEntry], bench: Workbench, shelf: MediaShelf) -> None:
        self._bench, self._shelf = bench, shelf
        site, hiding = bench.site, bench.hiding
        rules = hiding.redactor.rules.values() if hiding.redactor else ()
        self._withholding = Withholding(rules, bench.writer.guards, pseudonyms=hiding.pseudonyms is not None)
        self._entries = {entry.dump.name: entry for entry in entries}
        every = cache(lambda: frozenset(Path(os.path.realpath(entry.dump.path)) for entry in entries))
        cards = {
            entry.dump.name: targets(entry.card.media, (entry.card_path or entry.dump.path).parent)
            for entry in entries
            if entry.card.media
        }
        self.mapped = Mapped(targets(site.settings.media, site.root), cards, Downloads(site.root / FOLDER), shelf.web_archive)  # fmt: skip
        failing = bench.failing.dumps
        last = {entry.dump.name: shelf.within(entry.dump.path) for entry in entries if entry.dump.name in failing}
        dumps = {
            dump_mark(name): DumpFiles(entry.dump, every, last.get(name, frozenset()))
            for name, entry in self._entries.items()
        }
        self._sources = FileSources(dumps, self.mapped)
        self._folder, self._number = site.cache.absolute() / "media-made", 0
        self._problems: list[tuple[str, Problem]] = []
        self._failed: dict[str, str] = {}
        self._asked: set[str] = set()
        self._telling: set[str] = set()
        """The dumps that contain a hidden file."""
        self._used: set[str] = set()
        """The paths of separate files that posts show."""
        self._referring: set[str] = set()
        """The debates that refer to pictures or files."""
        self._missing: list[tuple[str, str, str]] = []
        """The debate, post and address of each file that is missing."""

    def publish(self, progress: Progress) -> None:
        """Place the files of all debates; the page and a problem name the files that cannot be placed."""
        discard(self._folder)
        store = self._bench.concordance.store
        self._referring = store.referring()
        debates = [(id, dumps) for id, _, dumps in store.debates() if id in self._referring]
        each = progress.each("finding pictures and files", debates, len(debates))
        try:
            for original, value in self._bench.workers.map(
                attempt, chain(self._wanted(each), self._extracted(progress))
            ):
                self._take(original, value)
        finally:
            discard(self._folder)
        self._note(chain.from_iterable(self._settle(*debate) for debate in debates))
        self._shelf.note_missing(self._missing)
        for dump in sorted(self._telling):
            # The published copy of the dump would contain the file.
            store.unpublish(dump)

    def problems(self, files: Iterable[Path]) -> Iterator[tuple[str, Problem]]:
        """Yield problems for withheld files, unreadable files, and ``files`` in content folders that no post shows."""
        yield from self._problems
        yield from ((RULES, problem) for problem in self._withholding.unused())
        site = self._bench.site
        for path, problem in self.mapped.problems():
            yield display_path(site, path), problem
        cards = ((entry.card, entry.card_path or entry.dump.path) for entry in self._entries.values())
        if idle := sorted(idle_media(files, self._used, media_roots(site, cards))):
            more = f", nor are {len(idle) - 1} other files" * (len(idle) > 1)
            hint = "name it in a post, or move it out of the content folders"
            message = f"it is shown by no post{more}"
            yield display_path(site, idle[0]), Problem(code="unused-media", message=message, hint=hint)

    def _references(self, id: str) -> list[FileReference]:
        return decode_references(self._bench.concordance.store.files(id)) if id in self._referring else []

    def _place(self, of: FileReference, debate: str, dumps: Sequence[str]) -> Place | None:
        if of.address.startswith("cid:") and of.address.endswith("@body"):
            return Place(Path(), of.address, f"{BODIES}{debate}")
        return self._sources.place(of, dumps)

    def _stamp(self, place: Place) -> str | None:
        """Return a stamp that changes with the file at a place; None if its dump cannot be read."""
        if place.owner.startswith(BODIES):
            return ""
        if place.owner in self._bench.failing.dumps:
            return None
        if place.owner not in self._entries:
            return file_stamp(place.path)
        with suppress(RostraError, OSError):
            return self._entries[place.owner].dump.sha256
        return None

    def _digest(self, place: Place) -> str | None:
        """Return the digest of the original at a place, if all files made of it are present; None if it must be read."""
        digest = self._shelf.digest(key_of(place), self._stamp(place))
        made = self._shelf.prepared(digest) if digest else None
        return digest if digest and made and self._stands(digest, made) else None

    def _wanted(self, debates: Iterable[tuple[str, list[str]]]) -> Iterator[Job[_Original]]:
        """Yield jobs for the separate files that must be read; record those that are within others."""
        for id, dumps in debates:
            for of in self._references(id):
                place = self._place(of, id, dumps)
                if place is None or self._digest(place) is not None or (key := key_of(place)) in self._asked:
                    continue
                self._asked.add(key)
                if place.inner:
                    self._shelf.want(place.owner or f"archive:{place.path}", key, place.inner)
                else:
                    yield self._job(place, place.path)

    def _job(self, place: Place, original: Path, *, passing: bool = False) -> Job[_Original]:
        """Return the job of preparing a file; a ``passing`` original is removed afterwards."""
        self._number += 1
        folder = self._folder / str(self._number)
        arguments = ("preparing it", finished, LocalPath(original.absolute()), LocalPath(folder))
        return Job(_Original(place, original, folder, self._stamp(place) or "", passing), 1 << 20, arguments)

    def _take(self, of: _Original, value: Finished | Failed) -> None:
        """Place the prepared form of an original, and record it."""
        key = key_of(of.place)
        if isinstance(value, Failed):
            # A worker of a cluster may not reach the folder of the original.
            value = attempt("preparing it", finished, str(of.path.absolute()), str(of.folder))
        if isinstance(value, Failed):
            self._failed[key] = f"{UNREADABLE}: {value.error.message}"
        else:
            self._adopt(value)
            self._shelf.note_prepared(value.digest, value.made)
            self._shelf.note_original(key, of.stamp, value.digest)
        discard(of.folder)
        if of.passing:
            discard(of.path)

    def _extracted(self, progress: Progress) -> Iterator[Job[_Original]]:
        """Yield jobs for the files that are within dumps, bodies and web archives."""
        for owner, inners in progress.each("taking files out of dumps", list(self._shelf.wanted())):
            if owner.startswith("archive:"):
                path = Path(owner.removeprefix("archive:"))
                for inner in inners:
                    place = Place(path, inner)
                    yield from self._spooled(place, partial(self.mapped.content, place))
                continue
            contents = attempt("taking files out of it", self._contents, owner, inners)
            if isinstance(contents, Failed):
                continue
            while True:
                found = attempt("taking files out of it", next, contents, None)
                if found is None or isinstance(found, Failed):
                    break
                inner, content = found
                path = Path() if owner.startswith(BODIES) else self._entries[owner].dump.path
                yield from self._spooled(Place(path, inner, owner), partial(iter, (content,)))

    def _contents(self, owner: str, inners: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        if owner.startswith(BODIES):
            return from_bodies(self._bench.concordance.store.edition(owner.removeprefix(BODIES)), inners)
        entry = self._entries[owner]
        return extracted(entry.dump, entry.card.format, inners)

    def _spooled(self, place: Place, content: Callable[[], Iterable[bytes]]) -> Iterator[Job[_Original]]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        path = self._folder / f"{self._number}.original"

        def write() -> None:
            with path.open("wb") as file:
                file.writelines(content())

        if isinstance(written := attempt("taking it out", write), Failed):
            self._failed[key_of(place)] = f"{UNREADABLE}: {written.error.message}"
            discard(path)
            return
        yield self._job(place, path, passing=True)

    def _note(self, paths: Iterable[str]) -> None:
        """Record in the ledger which files are published, and report those that no longer are."""
        if gone := self._bench.concordance.store.published.note_media(paths, self._withholding.hidden):
            more = f" (and {len(gone) - 1} others)" * (len(gone) > 1)
            message = f"{gone[0]}{more} was published, and no post shows it any more"
            hint = "if that was not meant, put the file back where it was"
            self._problems.append((LEDGER, Problem(code="lost-media", message=message, hint=hint)))

    def _settle(self, id: str, dumps: Sequence[str]) -> Iterator[str]:
        """Yield the paths of a debate's files, record missing ones, and report withheld ones."""
        withheld = list[tuple[str, str]]()
        for of, place, file in self._files(id, dumps):
            if file is None:
                if of.role != "link" and (address := of.absolute):
                    self._missing.append((id, of.post, address))
            elif not file.why:
                yield file.path
            elif of.role != "link":
                withheld.append((of.name, file.why))
                if place and place.owner and file.why in (REDACTED, TELLING):
                    self._telling.update(dumps if place.owner.startswith(BODIES) else (place.owner,))
        if withheld:
            (name, why), more = withheld[0], len(withheld) - 1
            message = f"{name[:60]!r} is not published: {why}" + f"; nor are {more} other files" * bool(more)
            self._problems.append((dumps[0], Problem(code="withheld", message=message)))

    def _files(self, id: str, dumps: Sequence[str]) -> Iterator[tuple[FileReference, Place | None, MediaFile | None]]:
        for of in self._references(id):
            place = self._place(of, id, dumps)
            if place is not None and not place.inner:
                self._used.add(str(place.path))
            yield of, place, self._file(of, place)

    def _file(self, of: FileReference, place: Place | None) -> MediaFile | None:
        if place is None:
            return None
        if why := self._failed.get(key_of(place)):
            return MediaFile(name=of.name, why=why)
        digest = self._shelf.digest(key_of(place), self._stamp(place))
        made = self._shelf.prepared(digest) if digest else None
        if made is None or digest is None:
            return None
        why = self._withholding.reasons.get(digest) or made.why
        if why:
            return MediaFile(name=of.name, size=made.size, why=why)
        kind = EXTENSIONS[made.extension]
        return MediaFile(
            path=made.path, family=kind.family, media_type=kind.media_type, name=saved_name(of.name, kind, digest),
            size=made.size, width=made.width, height=made.height, smaller=made.smaller,
        )  # fmt: skip

    def _stands(self, digest: str, made: Prepared) -> bool:
        """Whether all parts of a prepared file are in place, or the file must not be published."""
        writer = self._bench.writer
        if digest in self._withholding.reasons:
            return True
        if self._withholding.must_be_read(made) and not writer.stand(made.files):
            return False
        if self._withholding.holds_back(digest, made, writer.output) or made.why:
            return True
        return all(map(writer.has, made.files)) or writer.keep(made.files)

    def _adopt(self, value: Finished) -> None:
        """Place a prepared file, unless it must not be published."""
        digest, made, folder = value
        if self._withholding.holds_back(digest, made, Path(folder)) or made.why:
            return
        for path, sum in made.files.items():
            if not self._bench.writer.has(path):
                self._bench.writer.adopt(path, Path(folder) / path, sum)

    def shown(self, id: str, dumps: Sequence[str]) -> dict[str, Shown]:
        """Return the files of each post of a debate that has any."""
        return by_post((of, file) for of, _, file in self._files(id, dumps))
