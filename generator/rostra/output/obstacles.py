"""Find obstacles where files will be placed or removed: our own files are removed, all others are an error."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from rostra.errors import UsageError
from rostra.output.manifest import MANIFEST


class Obstacles:
    """An output folder into which files will be placed.  This class only looks.

    ``ours`` are the paths of our files in it (``manifest.owned``); if there are any, the manifest is ours too.
    ``stays`` tells which paths the new site has.
    Nothing is placed or removed through a link, and no file of others is replaced: UsageError is raised where either
    would be needed.
    """

    def __init__(self, output: Path, ours: Collection[str], stays: Callable[[str], bool]) -> None:
        self._output = str(output)
        self._ours, self._stays = ours, stays
        self._open = set[str]()
        """Folders that are known to be folders or not to exist, together with all above them."""

    def at(self, path: str) -> list[str]:
        """Return our files that must go before a file can be placed at a path, except its own last version."""
        above = self._above(path)
        if above is not None:
            return [self._gives_way(above, path)]
        mode = self._mode(path)
        if mode is None:
            return []
        if stat.S_ISDIR(mode):
            return [self._gives_way(each, path) for each in self._within(path)]
        if not self._is_ours(path):
            raise self._strange(path)
        return []

    def removable(self, path: str) -> bool:
        """Whether there is anything to remove at one of our paths: a file, or a link in its place."""
        # This raises UsageError for a link; below a file there is nothing.
        self._above(path)
        mode = self._mode(path)
        return mode is not None and not stat.S_ISDIR(mode)

    def _above(self, path: str) -> str | None:
        """Return the file where a parent folder of a path would be; None if there is none."""
        if path.rpartition("/")[0] in self._open:
            return None
        end = path.find("/")
        while end >= 0:
            if (folder := path[:end]) not in self._open:
                mode = self._mode(folder)
                if mode is not None and stat.S_ISLNK(mode):
                    raise UsageError(
                        f"{self._output}/{folder} is a link, and nothing is written or removed through links",
                        hint="remove the link; `output` may name the folder that it leads to",
                    )
                if mode is not None and not stat.S_ISDIR(mode):
                    return folder
                self._open.add(folder)
            end = path.find("/", end + 1)
        return None

    def _within(self, folder: str) -> Iterator[str]:
        """Yield everything below a folder except folders."""
        stack = [folder]
        while stack:
            folder = stack.pop()
            for entry in sorted(os.scandir(f"{self._output}/{folder}"), key=lambda entry: entry.name):
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    stack.append(path)
                else:
                    yield path

    def _gives_way(self, path: str, to: str) -> str:
        if not self._is_ours(path):
            raise self._strange(path)
        if self._stays(path):
            raise UsageError(
                f"{path!r} cannot be both a file and a folder, which {to!r} needs",
                hint="give one of them another `id` in its card, or another name",
            )
        return path

    def _is_ours(self, path: str) -> bool:
        return path in self._ours or (path == MANIFEST and len(self._ours) > 0)

    def _strange(self, path: str) -> UsageError:
        return UsageError(
            f"{self._output}/{path} is in the way, and no build wrote it",
            hint=f"move it, or set another folder as `output`; if an earlier build wrote it, delete {self._output}",
        )

    def _mode(self, path: str) -> int | None:
        try:
            return os.lstat(f"{self._output}/{path}").st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
