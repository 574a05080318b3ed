"""Files that the machines of a cluster share: in a folder that all reach, or on a storage that fsspec reaches.

A worker has a folder of its own in place of the site's, with those files of it that its tasks need.  A task and its
value are files too, so only names go through the scheduler.  Locally nothing is shared, and each function here does
nothing.
"""

from __future__ import annotations

import io
import os
import pickle
import shutil
from atexit import register
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple
from uuid import uuid4

from rostra.errors import RostraError
from rostra.system.remote_files import Elsewhere

OUTSIDE = "outside"
"""The folder of a worker with files that are not in the site's folder."""
FILES = "files"
"""The folder of the storage with the files that tasks name."""
AT_ONCE = 500
"""How many files are fetched at once."""


class LocalPath(str):
    """A path on this machine: a machine that receives it in a task or a value gets the file at its own path.

    A plain text is never treated as a path, since a stranger may have written it.
    """

    __slots__ = ()


class SharedStorage(NamedTuple):
    """The shared files of the site in ``root``: they are in ``kept``, a folder of it, or below the ``address``."""

    root: str
    kept: str
    address: str = ""

    def put(self, name: str, content: bytes) -> None:
        """Write a file under a unique name, or the same file again."""
        if self.address:
            _client(self.address).pipe_file(self._at(name), content)
            return
        part = f"{self._at(name)}.{uuid4().hex}"
        Path(part).parent.mkdir(parents=True, exist_ok=True)
        Path(part).write_bytes(content)
        os.replace(part, self._at(name))  # noqa: PTH105  # both are texts

    def get(self, name: str) -> bytes:
        """Return the content of a file; raise OSError if there is none."""
        if self.address:
            content: bytes = _client(self.address).cat_file(self._at(name))
            return content
        return Path(self._at(name)).read_bytes()

    def delete(self, name: str) -> None:
        """Delete a file or a folder, if it exists."""
        if not self.address:
            if os.path.isdir(self._at(name)):  # noqa: PTH112  # a text
                shutil.rmtree(self._at(name), ignore_errors=True)
            else:
                Path(self._at(name)).unlink(missing_ok=True)
        elif (files := _client(self.address)).exists(self._at(name)):
            files.rm(self._at(name), recursive=True)

    def _at(self, name: str) -> str:
        return f"{Elsewhere(self.address).root if self.address else self.kept}/{name}"

    def at_worker(self) -> SharedStorage:
        """Return the same storage as seen by this worker."""
        return SharedStorage(_own_folder(), self.kept, self.address) if self.address else self

    def listed(self) -> list[str]:
        """Return the names of all files, sorted, of a storage that has an address."""
        top = self._at("")
        return sorted(path.removeprefix(top) for path in _client(self.address).find(top))

    def synchronise(self, folder: str) -> None:
        """Make the storage contain exactly the files of a folder there."""
        if not self.address:
            return
        files, top = _client(self.address), self._at(self._name(folder))
        there = {path.rpartition("/")[2] for path in files.find(top)}
        here = {entry.name for entry in os.scandir(folder)} if os.path.isdir(folder) else set()  # noqa: PTH112  # a text
        for name in sorted(here - there):
            files.put_file(f"{folder}/{name}", f"{top}/{name}")
        if gone := sorted(there - here):
            files.rm([f"{top}/{name}" for name in gone])

    def _name(self, path: str) -> str:
        return path.removeprefix(f"{self.root}/")

    def sends(self, path: str) -> None:
        """Put a file of the folder on the storage."""
        _client(self.address).put_file(path, self._at(self._name(path)))

    def brings(self, paths: Iterable[str]) -> None:
        """Get files of the folder that this machine lacks; raise FileNotFoundError if the storage lacks one too."""
        lacking = [path for path in paths if not os.path.exists(path)]  # noqa: PTH110  # texts
        for at in range(0, len(lacking), AT_ONCE):
            some = lacking[at : at + AT_ONCE]
            parts = [f"{path}.{uuid4().hex}" for path in some]
            for folder in {path.rpartition("/")[0] for path in some}:
                Path(folder).mkdir(parents=True, exist_ok=True)
            _client(self.address).get([self._at(self._name(path)) for path in some], parts)
            for part, path in zip(parts, some, strict=True):
                os.replace(part, path)  # noqa: PTH105  # texts

    def packed(self, value: Any) -> bytes:
        """Return a value as bytes; its paths in the site's folder are also valid on the machine that unpacks them."""
        if not self.address:
            return pickle.dumps(value)
        out = io.BytesIO()
        _Packer(out, self).dump(value)
        return out.getvalue()

    def unpacked(self, content: bytes) -> Any:
        """Return a packed value, after fetching the files that it names to this machine."""
        if not self.address:
            return pickle.loads(content)  # noqa: S301  # our own
        return _Unpacker(io.BytesIO(content), self).load()


class _Packer(pickle.Pickler):
    """Replaces the site's folder in paths, and puts the files that local paths name on the storage."""

    def __init__(self, out: io.BytesIO, storage: SharedStorage) -> None:
        super().__init__(out, protocol=pickle.HIGHEST_PROTOCOL)
        self._storage, self._top = storage, f"{storage.root}/"

    def persistent_id(self, value: Any) -> tuple[str, ...] | None:
        if type(value) is LocalPath:
            if os.path.isfile(value):  # noqa: PTH113  # a text
                return self._file(value)
            return ("text", self._within(value)) if value.startswith(self._top) else None
        if isinstance(value, Path) and f"{value}/".startswith(self._top):
            return "path", self._within(str(value))
        if isinstance(value, RostraError) and (value.path or "").startswith(self._top):
            value.path = LocalPath(value.path)
        return None

    def _within(self, path: str) -> str:
        return path[len(self._storage.root) :]

    def _file(self, path: str) -> tuple[str, ...]:
        about = os.stat(path)  # noqa: PTH116  # a text
        # A worker has files that are outside of the site's folder in a folder of its own.
        base = os.path.basename(path)  # noqa: PTH119  # as above
        rest = self._within(path) if path.startswith(self._top) else f"/{OUTSIDE}/{_digest(path)}/{base}"
        name = f"{FILES}/{_digest(f'{rest} {about.st_size} {about.st_mtime_ns}')}"
        _send_once(self._storage, path, name)
        return "file", rest, name, str(about.st_mtime_ns)


class _Unpacker(pickle.Unpickler):
    def __init__(self, content: io.BytesIO, storage: SharedStorage) -> None:
        super().__init__(content)
        self._storage = storage

    def persistent_load(self, said: tuple[str, ...]) -> Any:
        kind, rest, *of = said
        path = f"{self._storage.root}{rest}"
        if kind == "file":
            self._bring(path, *of)
        return Path(path) if kind == "path" else LocalPath(path)

    def _bring(self, path: str, name: str, written: str) -> None:
        """Fetch the latest version of a file to its path."""
        if os.path.isfile(path) and os.stat(path).st_mtime_ns == int(written):  # noqa: PTH113, PTH116  # texts
            return
        part = f"{path}.{uuid4().hex}"
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _client(self._storage.address).get_file(self._storage._at(name), part)  # noqa: SLF001  # of this module
        os.utime(part, ns=(int(written), int(written)))
        os.replace(part, path)  # noqa: PTH105  # both are texts


@cache
def _send_once(storage: SharedStorage, path: str, name: str) -> None:
    _client(storage.address).put_file(path, storage._at(name))  # noqa: SLF001  # of this module


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


@cache
def _client(address: str) -> Any:
    return Elsewhere(address).files


@cache
def _own_folder() -> str:
    """Return the folder of this process in place of the site's."""
    folder = mkdtemp(prefix="rostra-")
    register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Used:
    """The storage with which this process shares files; None if there is none."""

    storage: SharedStorage | None = None
    is_worker = False


def use(storage: SharedStorage | None, *, is_worker: bool = False) -> None:
    """Share files of this process from now on; None ends that."""
    _send_once.cache_clear()
    _Used.storage, _Used.is_worker = storage if storage and storage.address else None, is_worker


def local(path: str) -> str:
    """Return the path of a file, which is fetched if another machine made it."""
    if _Used.storage and path.startswith(f"{_Used.storage.root}/"):
        # If no machine has it, opening it raises the error.
        with suppress(FileNotFoundError):
            _Used.storage.brings([path])
    return path


def fetch(paths: Iterable[str]) -> None:
    """Fetch the files that other machines made."""
    if _Used.storage:
        _Used.storage.brings(paths)


def share(path: str) -> None:
    """Make a file available to other machines."""
    if _Used.storage:
        _Used.storage.sends(path)


def hand_over(path: str) -> None:
    """Give a finished file to the main process, which places it."""
    if _Used.storage and _Used.is_worker:
        _Used.storage.sends(path)
        Path(path).unlink()
