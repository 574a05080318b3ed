"""A dump as its readers see it: bytes, decompressed, or a folder of files."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.progress import Portion

HEAD = 65_536
"""Bytes that recognition may look at."""
CHUNK = 1 << 20
"""Bytes that are digested at once."""


class Dump:
    """A file or folder to read; ``name`` is how messages call it (its path in the site)."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.path = path
        self.name = name or str(path)
        self._marks: list[Any] = []

    @cached_property
    def is_folder(self) -> bool:
        """Whether the dump is a folder of files."""
        return self.path.is_dir()

    @cached_property
    def portion(self) -> Portion:
        """How far it is read."""
        return Portion(self.name)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, decompressed; of a folder, none."""
        if self.is_folder:
            return b""
        with self.open() as stream:
            try:
                return stream.read(HEAD)
            except (OSError, EOFError) as error:
                raise UnreadableDump(
                    f"cannot be decompressed: {error}", path=self.name, hint="fetch the file again"
                ) from error

    @cached_property
    def head_text(self) -> str:
        """The head as text, without a byte order mark; bytes that are no UTF-8 show as U+FFFD."""
        return decode(self.head)[0]

    def files(self) -> Iterator[Dump]:
        """The files of a folder dump, sorted by path, hidden ones left out; the dump itself where it is a file."""
        if not self.is_folder:
            yield self
            return
        for path in sorted(self.path.rglob("*")):
            relative = path.relative_to(self.path)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                yield Dump(path, f"{self.name.rstrip('/')}/{relative.as_posix()}")

    @property
    def is_packed(self) -> bool:
        """Whether the file is compressed."""
        with self.path.open("rb") as stream:
            return stream.read(4).startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))

    def open(self) -> IO[bytes]:
        """The bytes as a stream, ``.gz`` and ``.zst`` decompressed (told by their magic numbers)."""
        try:
            raw = self.path.open("rb")
        except OSError as error:
            raise UnreadableDump(
                f"cannot be opened: {error.strerror}", path=self.name, hint="check its name and permissions"
            ) from error
        magic = raw.read(4)
        raw.seek(0)
        if magic[:2] == b"\x1f\x8b":
            unpacked = gzip.GzipFile(fileobj=raw)
            # So that closing the one closes the other; the standard library does this only for files it opened.
            unpacked.myfileobj = raw  # type: ignore[assignment]  # typed as FileIO, which a buffered reader wraps
            return cast("IO[bytes]", unpacked)
        if magic == b"\x28\xb5\x2f\xfd":
            import zstandard

            # Pushshift's dumps are compressed with a window of 2 GiB.
            stream = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(raw, read_across_frames=True)
            return cast("IO[bytes]", io.BufferedReader(cast("io.RawIOBase", stream)))
        return raw

    def text(self) -> tuple[str, tuple[Problem, ...]]:
        """The whole dump as text, and what had to be repaired; for formats of one thread a file."""
        with self.open() as stream:
            text, repaired = decode(stream.read())
        if "\0" in text:
            raise UnreadableDump(
                "this is a binary file, not a dump", path=self.name, hint="export the debate as text, JSON or mbox"
            )
        return text, (repaired,) if repaired else ()

    @cached_property
    def sha256(self) -> str:
        """The digest of the dump as it lies there; of a folder, that of its files' names and digests."""
        total = sha256()
        self._marks = [total.copy()]
        if self.is_folder:
            for file in self.files():
                total.update(f"{file.sha256}  {file.path.relative_to(self.path).as_posix()}\n".encode())
            return total.hexdigest()
        with self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                total.update(chunk)
                self._marks.append(total.copy())
        return total.hexdigest()

    def begins(self, size: int) -> str:
        """The digest of the first bytes of a file, as it lies there."""
        chunks = max(0, min(size // CHUNK, len(self._marks) - 1))
        total = self._marks[chunks].copy() if self._marks else sha256()
        with self.path.open("rb") as stream:
            stream.seek(chunks * CHUNK)
            total.update(stream.read(size - chunks * CHUNK))
        return str(total.hexdigest())

    def let_go(self) -> None:
        """Forget what was read, once nobody will ask again: an archive may have a hundred thousand dumps."""
        for read in ("head", "head_text", "portion"):
            self.__dict__.pop(read, None)
        self._marks.clear()

    def is_known(self, digest: str) -> None:
        """Note the dump's digest, which need not be taken again."""
        self.__dict__["sha256"] = digest


def decode(data: bytes) -> tuple[str, Problem | None]:
    """Text of bytes: UTF-8, UTF-16 by its mark, else Windows-1252 with a problem that says so."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), None
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        # A head that was cut in the middle of a character is still UTF-8.
        if error.end >= len(data) and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8-sig"), None
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            code="encoding",
            message="not UTF-8; read as Windows-1252",
            line=line,
            hint="convert the dump to UTF-8 if letters look wrong",
        )
        return data.decode("cp1252", "replace"), problem
