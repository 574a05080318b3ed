"""Stage the files of a build until it is complete: any process stages files, and only the writer places them."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from rostra.system.shared_storage import hand_over


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
        staged = f"{self.folder}/{file.path}"
        folder = staged.rpartition("/")[0]
        part = f"{folder}/.{os.getpid()}"
        try:
            _write(part, file.content)
        except FileNotFoundError:
            Path(folder).mkdir(parents=True, exist_ok=True)
            _write(part, file.content)
        os.replace(part, staged)  # noqa: PTH105  # a Path for each of many thousands costs more than the call
        hand_over(staged)
        return StagedFile(file.path, digest, is_new=True)


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
