"""Stage the files of a build until it is complete: any process stages files, and only the writer places them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, TypeVar

from msgspec import Struct

from rostra.output.manifest import digest_of, exact_digest
from rostra.system.copying import copy_file
from rostra.system.shared_storage import hand_over

Returned = TypeVar("Returned")


class OutputFile(Struct, frozen=True):
    """A file of the site: ``path`` relative to the output folder, with ``/``."""

    path: str
    content: bytes


class StagedFile(NamedTuple):
    """A file that was made, with its SHA-256; ``is_new`` says that it was staged, because the site has another or none."""

    path: str
    digest: str
    is_new: bool


class Staging(NamedTuple):
    """The site's ``output`` folder, and the ``folder`` in which files wait."""

    output: str
    folder: str

    def put(self, file: OutputFile) -> StagedFile:
        """Stage a file, unless the site has the same already.

        A task that is run again, because its worker seemed lost, stages the same bytes: each file is renamed when complete.
        """
        digest = sha256(file.content).hexdigest()
        if _holds(f"{self.output}/{file.path}", file.content):
            return StagedFile(file.path, digest, is_new=False)
        self._stage(file.path, partial(_write, content=file.content))
        return StagedFile(file.path, digest, is_new=True)

    def copy(self, path: str, original: str, digest: str) -> StagedFile:
        """Stage a copy of a file of any size that had this digest when it was read, unless the site has the same already."""
        present = Path(self.output, path)
        if regular_size(present) == Path(original).stat().st_size and digest_of(present) == digest:
            return StagedFile(path, digest, is_new=False)
        # The file may have been saved again since it was read.
        return StagedFile(path, self._stage(path, partial(_copy, original)), is_new=True)

    def _stage(self, path: str, write: Callable[[str], Returned]) -> Returned:
        """Stage what ``write`` writes to a file, and return what it returns."""
        staged = f"{self.folder}/{path}"
        folder = staged.rpartition("/")[0]
        # Threads of one process, and processes of several machines, stage files in one folder.
        part = f"{folder}/.{token_hex(8)}"
        try:
            value = write(part)
        except FileNotFoundError:
            Path(folder).mkdir(parents=True, exist_ok=True)
            value = write(part)
        os.replace(part, staged)  # noqa: PTH105  # a Path for each of many thousands costs more than the call
        hand_over(staged)
        return value


def _copy(original: str, part: str) -> str:
    """Copy a file and return the digest of the copy."""
    copy_file(Path(original), Path(part))
    return exact_digest(Path(part))


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123  # a Path for each of many thousands costs as much
        file.write(content)


def _holds(path: str, content: bytes) -> bool:
    """Whether a file, not reached through a link, has this content."""
    try:
        about = os.lstat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size != len(content):
            return False
        with open(path, "rb") as file:  # noqa: PTH123  # as above
            return file.read() == content
    except OSError:
        return False


def regular_size(path: Path) -> int | None:
    """Return the bytes of a file; None if there is none, or a link."""
    try:
        about = path.lstat()
    except OSError:
        return None
    return about.st_size if stat.S_ISREG(about.st_mode) else None
