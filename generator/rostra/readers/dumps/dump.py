"""A dump as readers see it: decompressed bytes, or a folder of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from rostra.config.cards import CopiedLayout
from rostra.config.exclusions import Exclusion
from rostra.config.site import Limits
from rostra.errors import RostraError, UnreadableDump
from rostra.model import Join, Problem
from rostra.readers.dumps.encodings import decode
from rostra.readers.dumps.packed import MAGIC, is_packed, unpacked
from rostra.readers.dumps.special_files import refusal, special
from rostra.readers.dumps.zipped import ZipArchive, is_zip
from rostra.readers.guards.audit import Audit
from rostra.readers.guards.who_is_who import WhoIsWho
from rostra.system.attempts import crash
from rostra.system.lazy_regex import late
from rostra.system.progress import Portion

HEAD = 65_536
"""How many bytes recognition may read."""
CHUNK = 1 << 20
"""How many bytes are hashed at once."""
MEBIBYTE = 1 << 20
EXPANDS = 100
"""The expansion factor of a compressed file that is always allowed."""
DEFAULT = Limits()
JSON = late(r"\s*(?:\[\s*)?\{\s*\"")


class Dump:
    """A file or folder to read; ``name`` identifies it in messages (its path in the site).

    Links within a folder may lead into ``roots`` (real paths), or into the folder itself if none are given.
    """

    def __init__(
        self,
        path: Path,
        name: str | None = None,
        limits: Limits = DEFAULT,
        roots: tuple[Path, ...] = (),
        rules: tuple[Exclusion, ...] = (),
    ) -> None:
        self.path = path
        self.name = name or str(path)
        self.limits = limits
        self._roots = roots
        self.rules = rules  # which leave out posts of it
        self.layout: CopiedLayout | None = None  # of the page that it was copied from, if its card gives one
        self.joins: Mapping[str, Join] = {}
        """The parents of its posts, and of posts that they mention, except those that the dump itself gives."""
        self.infers = True  # whether what answers what may be inferred
        self.has_addresses: bool | None = None  # e-mail addresses, if a worker looked for them
        self._audit: Audit | None = None
        self.failures: list[RostraError] = []
        """The threads that failed in the last reading."""
        self.withheld: tuple[Problem, ...] = ()  # private posts, and posts that rules left out, of the last reading
        self.people = WhoIsWho()
        self._marks: list[Any] = []
        self._around: ZipArchive | None = None
        self.opened = set[Path]()  # the files that were opened, of it and of the folder that holds it

    @cached_property
    def is_folder(self) -> bool:
        """Whether the dump is a folder of files, or an archive of them."""
        return self.archive is not None or self.path.is_dir()

    @cached_property
    def archive(self) -> ZipArchive | None:
        """The archive, if the dump is one."""
        return ZipArchive(self.path, self.name, self._most_unpacked()) if is_zip(self.path) else None

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """The folders that links may lead to, as real paths."""
        return self._roots or (Path(os.path.realpath(self.path)),)

    @property
    def audit(self) -> Audit:
        """The audit of its JSON; the files of a folder share one."""
        if self._audit is None:
            self._audit = Audit()
        return self._audit

    @cached_property
    def portion(self) -> Portion:
        """The progress of reading."""
        return Portion(self.name)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of headers that rules use, in lower case."""
        return frozenset().union(*(rule.headers for rule in self.rules))

    @cached_property
    def head(self) -> bytes:
        """The first bytes, decompressed; empty for a folder."""
        if self.is_folder:
            return b""
        with self.open() as stream:
            try:
                return stream.read(HEAD)
            except OSError as error:
                raise UnreadableDump(
                    f"cannot be decompressed: {error}", path=self.name, hint="fetch the file again"
                ) from error

    @cached_property
    def head_text(self) -> str:
        """The head as text, without a byte order mark; bytes that are not UTF-8 become U+FFFD."""
        return decode(self.head)[0]

    @cached_property
    def begins_json(self) -> bool:
        """Whether it begins as objects of JSON do, so that it is no text, mail or page."""
        return JSON.match(self.head_text) is not None

    def files(self, fits: Callable[[str], bool] | None = None) -> Iterator[Dump]:
        """Yield the files of a folder dump, sorted by path, without hidden ones; the dump itself if it is a file.

        What ``refused`` names is also left out, and files of a folder whose names do not fit.
        """
        if not self.is_folder:
            yield self
            return
        for path, why in self._entries:
            if why is None and (fits is None or fits(path.name)):
                yield self.inside(path)

    def inside(self, path: Path) -> Dump:
        """Return a file of a folder dump."""
        name = f"{self.name.rstrip('/')}/{path.as_posix()[len(self.path.as_posix()) :].lstrip('/')}"
        dump = Dump(path, name, self.limits, self.roots, self.rules)
        dump._around = self.archive
        dump._audit = self.audit
        dump.opened = self.opened
        return dump

    @cached_property
    def refused(self) -> tuple[Problem, ...]:
        """Return problems for entries of a folder dump that are not read: pipes, devices, links that lead elsewhere."""
        found = [(path.relative_to(self.path), why) for path, why in (self._entries if self.is_folder else ()) if why]
        return tuple(
            Problem(code="refused", message=f"{path.as_posix()} is not read: it {why}", hint=HINT)
            for path, why in found
        )

    @cached_property
    def _entries(self) -> list[tuple[Path, str | None]]:
        """The entries of a folder by path, without hidden ones, with the reason if one may not be read."""
        if self.archive is not None:
            return list(self.archive.within())
        found: list[tuple[Path, str | None]] = []
        stack: list[os.DirEntry[str] | Path] = [self.path]
        while stack:
            here = stack.pop()
            if isinstance(here, os.DirEntry) and not here.is_dir(follow_symlinks=False):
                why = refusal(here, self.roots)
                if why is None and here.is_symlink() and not here.is_file():
                    why = "is a broken link"
                found.append((Path(here.path), why))
                continue
            try:
                entries = sorted(os.scandir(here), key=lambda entry: entry.name, reverse=True)
            except OSError as error:
                found.append((Path(here), f"cannot be opened ({error.strerror})"))
                continue
            stack += (entry for entry in entries if not entry.name.startswith("."))
        return found

    @cached_property
    def is_packed(self) -> bool:
        """Whether the file is compressed."""
        with self.stored() as stream:
            return is_packed(stream.read(MAGIC))

    def stored(self) -> IO[bytes]:
        """Open the stored bytes; only files are opened, since a pipe would block for ever."""
        self.opened.add(self.path)
        if self._around is not None:
            return self._around.open(self.path)
        try:
            if kind := special(self.path.stat()):
                raise UnreadableDump(f"this is {kind}", path=self.name, hint="save its data as a file")
            return self.path.open("rb")
        except OSError as error:
            raise UnreadableDump(
                f"cannot be opened: {error.strerror}", path=self.name, hint="check its name and permissions"
            ) from error

    def open(self) -> IO[bytes]:
        """Open the bytes as a stream; ``.gz`` and ``.zst`` (detected by magic number) are decompressed.

        Reading raises OSError if a compressed file is truncated, after all data before that is read.
        """
        raw = self.stored()
        if self._around is not None:
            return raw
        packed = is_packed(raw.read(MAGIC))
        raw.seek(0)
        return unpacked(raw, self._most_unpacked(), self.name) if packed else raw

    def _most_unpacked(self) -> int:
        """Return how many bytes a compressed file may expand to."""
        return max(self.limits.unpacked * MEBIBYTE, EXPANDS * self.path.stat().st_size)

    def content(self, limit: str) -> tuple[bytes, tuple[Problem, ...]]:
        """Return all bytes; ``limit`` names the limit in ``limits`` that applies.

        Raise UnreadableDump if there are more.
        """
        most = getattr(self.limits, limit) * MEBIBYTE
        chunks: list[bytes] = []
        size = 0
        with self.open() as stream:
            try:
                for chunk in iter(partial(stream.read1, CHUNK), b""):  # type: ignore[attr-defined]  # both are buffered
                    chunks.append(chunk)
                    if (size := size + len(chunk)) > most:
                        hint = f"raise `{limit}` below `[limits]` in rostra.toml, or split the dump"
                        raise UnreadableDump(f"this file has more than {most >> 20} MiB", path=self.name, hint=hint)
            except OSError as error:
                return b"".join(chunks), (cut_short(error, b"".join(chunks).count(b"\n") + 1),)
        return b"".join(chunks), ()

    def text(self) -> tuple[str, tuple[Problem, ...]]:
        """Return the whole dump as text and the problems of decoding; for formats with one thread per file."""
        data, cut = self.content("text")
        text, repaired = decode(data)
        if "\0" in text:
            raise UnreadableDump(
                "this is a binary file, not a dump", path=self.name, hint="export the debate as text, JSON or mbox"
            )
        return text, (*cut, repaired) if repaired else cut

    @cached_property
    def sha256(self) -> str:
        """The digest of the stored dump; for a folder, that of its files' names and digests."""
        total = sha256()
        self._marks = [total.copy()]
        if self.is_folder and self.archive is None:
            for file in self.files():
                total.update(f"{file.sha256}  {file.path.relative_to(self.path).as_posix()}\n".encode())
            return total.hexdigest()
        with self.stored() as stream:
            while chunk := stream.read(CHUNK):
                total.update(chunk)
                self._marks.append(total.copy())
        return total.hexdigest()

    def begins(self, size: int) -> str:
        """Return the digest of the first bytes of a stored file."""
        chunks = max(0, min(size // CHUNK, len(self._marks) - 1))
        total = self._marks[chunks].copy() if self._marks else sha256()
        with self.stored() as stream:
            stream.seek(chunks * CHUNK)
            total.update(stream.read(size - chunks * CHUNK))
        return str(total.hexdigest())

    def let_go_head(self) -> None:
        """Free what was read to recognise the dump, and begin its progress anew."""
        for read in ("head", "head_text", "portion"):
            with suppress(AttributeError):
                delattr(self, read)

    def let_go(self) -> None:
        """Free what was read when it is no longer needed: an archive may have a hundred thousand dumps."""
        self.let_go_head()
        for read in ("refused", "archive", "_entries"):
            with suppress(AttributeError):
                delattr(self, read)
        self._marks.clear()
        self._audit = None

    def fail(self, error: Exception, doing: str, line: int | None = None) -> None:
        """Record that a thread fails; the others are read."""
        self.failures.append(crash(error, doing, path=self.name, line=line))

    def is_known(self, digest: str) -> None:
        """Store the dump's digest, which then need not be computed again."""
        self.sha256 = digest


HINT = "copy it into the content folder if it belongs to the dump"


def cut_short(error: OSError, line: int) -> Problem:
    """Return the problem of a truncated compressed file."""
    return Problem(
        code="truncated", message=f"the compressed file is cut short: {error}", line=line, hint="fetch the file again"
    )
