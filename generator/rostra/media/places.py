"""Find the bytes of a file: in a dump, beside it, in folders and web archives that the publisher names.

Dumps are untrusted: a path leads only to regular files in its folder, not through a link out of it, not to hidden
files, and not to another dump.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from rostra.errors import RostraError
from rostra.media.kinds import HEAD, Kind, sniff
from rostra.media.references import FileReference, dump_mark
from rostra.media.short_addresses import kept_at
from rostra.readers import Dump
from rostra.readers.dumps.saved_pages import is_archive
from rostra.system.lazy_regex import late

SCHEME = late(r"[A-Za-z][A-Za-z0-9+.-]*:")
BESIDE = {"image", "video", "audio", "document"}
"""The families of files beside a dump that its posts may show: a text or a zip archive may be another dump."""
SAVED = ("_files", "_Files", "_dateien", "_fichiers", "_archivos", "-Dateien")
"""Suffixes of folders in which browsers save the files of a page."""
UPLOADS = late(r"(?i)(?:^|/)(?P<rest>(?:user_uploads|uploads|files|download|attachments?|assets|images)/.*)")


PAGES = (".mht", ".mhtml")


class Place(NamedTuple):
    """The place of a file: a ``path`` on this machine, or ``inner``, a place within the dump or archive at that path.

    ``owner`` is the name of the dump that contains it; empty if it is a separate file.
    """

    path: Path
    inner: str = ""
    owner: str = ""


class Within(NamedTuple):
    """A folder and the files in it that may be shown."""

    folder: Path

    def file(self, relative: str) -> Path | None:
        """Return a file by its path in the folder; None if it does not exist, or may not be shown."""
        if not relative or "\0" in relative or "\\" in relative or len(relative) > 4096:
            return None
        parts = [part for part in relative.split("/") if part not in ("", ".")]
        if not parts or any(part.startswith(".") for part in parts):
            return None
        return regular(self.folder.joinpath(*parts), self.folder)


def regular(path: Path, folder: Path) -> Path | None:
    """Return the real path of a regular file in a folder; None if it is not one, or a link leads out of the folder."""
    try:
        real = Path(os.path.realpath(path, strict=True))
        about = os.lstat(real)
    except (OSError, ValueError):
        return None
    inside = real.is_relative_to(os.path.realpath(folder))
    return real if inside and stat.S_ISREG(about.st_mode) else None


def spellings(address: str) -> Iterator[str]:
    """Yield the paths under which a file of this address or relative address may have been saved."""
    plain = address.partition("#")[0]
    path, _, query = plain.partition("?")
    if query:
        # Programs that copy sites keep the query in the name.
        yield from dict.fromkeys((unquote(plain), plain))
    yield from dict.fromkeys((unquote(path), path))
    yield from kept_at(path)


class DumpFiles:
    """The files in a dump and beside it.  ``every`` returns the real paths of all dumps.

    ``last`` are the files that an archive had when it was last read, if it may be damaged now.
    """

    def __init__(self, dump: Dump, every: Callable[[], frozenset[Path]], last: frozenset[str] = frozenset()) -> None:
        self.dump, self._last = dump, last
        self._every = every

    def at(self, inner: str) -> Place | None:
        """Return the place that a reader names; a path is in the dump, or beside it."""
        if not inner.startswith("path:"):
            return Place(self.dump.path, inner, self.dump.name)
        tried = (each.removeprefix("path:") for each in inner.split("|"))
        return next(filter(None, map(self._named, tried)), None)

    def relative(self, address: str) -> Place | None:
        """Return the file of an address without a scheme, as posts of the dump give it."""
        return next(filter(None, map(self._named, spellings(address))), None)

    def uploaded(self, path: str) -> Place | None:
        """Return the file of a site's path, in the dump or beside it, perhaps in a folder of another name."""
        found = UPLOADS.search(path)
        return (self.relative(found["rest"]) or self.relative(found["rest"].partition("/")[2])) if found else None

    def _named(self, path: str) -> Place | None:
        relative = "/".join(PurePosixPath(path.lstrip("/")).parts)
        return self._inside(relative) if self.dump.is_folder or self._last else self._beside(relative)

    def in_page(self, address: str | None) -> Place | None:
        """Return the place of an address in a page that was saved with its files; the file may not exist."""
        return Place(self.dump.path, f"page:{address}", self.dump.name) if address and self._is_page else None

    @cached_property
    def _is_page(self) -> bool:
        try:
            if not self.dump.is_folder:
                return is_archive(self.dump.head)
            return any(file.path.suffix.lower() in PAGES and is_archive(file.head) for file in self.dump.files())
        except RostraError:
            return False

    def _beside(self, relative: str) -> Place | None:
        folder = self.dump.path.parent
        path = Within(folder).file(relative)
        if path is None or self._every().intersection((path, *path.parents)) - {Path(os.path.realpath(self.dump.path))}:
            return None
        owner, kind = page_of_files(path, folder), _kind(path)
        if owner is not None:
            return Place(path) if owner in (self.dump.path.stem, self.dump.path.name) else None
        return Place(path) if kind and kind.family in BESIDE else None

    def _inside(self, relative: str) -> Place | None:
        if self.dump.archive is not None or self._last:
            found = self._archived(relative)
            return Place(self.dump.path, f"path:{found}", self.dump.name) if found else None
        path = Within(self.dump.path).file(relative)
        if path is None:
            named = self._ending(relative)
            path = Within(self.dump.path).file(named) if named else None
        return Place(path) if path and not _is_dump_text(path) else None

    def _archived(self, relative: str) -> str | None:
        return relative if relative in self._names else self._ending(relative)

    def _ending(self, relative: str) -> str | None:
        """Return the only file of the dump whose path has this end: a page may be relative to any folder in it."""
        last = relative.rpartition("/")[2]
        found = [each for each in self._by_name.get(last, ()) if f"/{each}".endswith(f"/{relative}")]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _names(self) -> frozenset[str]:
        # The last good version of a dump is published while its archive cannot be read.
        with suppress(RostraError, OSError):
            files = (file.path.relative_to(self.dump.path).as_posix() for file in self.dump.files())
            return self._last.union(files)
        return self._last

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for each in sorted(self._names):
            found.setdefault(each.rpartition("/")[2], []).append(each)
        return found


def page_of_files(path: Path, folder: Path) -> str | None:
    """Return the stem of the page whose files a browser saved in this folder: ``Gate`` for ``Gate_files/a.png``."""
    parts = path.relative_to(os.path.realpath(folder)).parts[:-1]
    return next((stem for part in parts if (stem := page_of_folder(part)) is not None), None)


def page_of_folder(name: str) -> str | None:
    """Return the stem of the page whose files are in a folder of this name."""
    return next((name.removesuffix(ending) for ending in SAVED if name.endswith(ending)), None)


def _kind(path: Path) -> Kind | None:
    try:
        with path.open("rb") as stream:
            kind = sniff(stream.read(HEAD))
    except OSError:
        return None
    return kind if isinstance(kind, Kind) else None


def _is_dump_text(path: Path) -> bool:
    """Whether the dump's reader reads a file in a dump, by its name."""
    return path.suffix.lower() in (".json", ".jsonl", ".ndjson", ".html", ".htm", ".xml", ".mbox", ".eml", ".csv")


class FileSources(NamedTuple):
    """Where files are searched: in ``dumps`` by their marks, then with ``mapped``, by a web address."""

    dumps: Mapping[str, DumpFiles]
    mapped: Callable[[str, str], Place | None]
    """Returns the place of an address for a debate of a dump, given the dump's name."""

    def place(self, of: FileReference, dumps: Sequence[str]) -> Place | None:
        """Return the place of a file that a post in a debate of these dumps refers to; None if it is not known."""
        if of.at is not None:
            mark, _, inner = of.at.partition("|")
            files = self.dumps.get(mark)
            if files and (found := files.at(inner)):
                return found
        if of.address.startswith("cid:"):
            return next(filter(None, (self._embedded(of, dump) for dump in dumps)), None)
        absolute = of.absolute
        for dump in dumps:
            if absolute and (found := self.mapped(absolute, dump)):
                return found
        if of.role == "link" and not UPLOADS.search(urlsplit(absolute or of.address).path):
            return None
        return next(filter(None, (self._of_dump(of, absolute, dump) for dump in dumps)), None)

    def _embedded(self, of: FileReference, dump: str) -> Place | None:
        files = self.dumps.get(dump_mark(dump))
        return Place(files.dump.path, of.address, dump) if files else None

    def _of_dump(self, of: FileReference, absolute: str | None, dump: str) -> Place | None:
        files = self.dumps.get(dump_mark(dump))
        if files is None or not of.address:
            return None
        if not SCHEME.match(of.address) and not of.address.startswith("//"):
            return files.relative(of.address) or files.uploaded(of.address) or files.in_page(absolute)
        # A file of the debate's own site may be beside the dump, at the path that it had there.
        own = absolute and of.base and urlsplit(absolute).netloc == urlsplit(of.base).netloc
        return (files.uploaded(urlsplit(absolute or "").path) if own else None) or files.in_page(absolute)
