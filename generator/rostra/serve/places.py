"""Identities of files and folders at paths, and the targets of links."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR


def stat_of(path: Path) -> os.stat_result | None:
    """Return the stat data of a path, following links; None if nothing is there."""
    try:
        return path.stat()
    except OSError:
        return None


def identity(path: Path) -> tuple[int, int] | None:
    """Return the identity of the folder at a path; None if there is none."""
    about = stat_of(path)
    return (about.st_dev, about.st_ino) if about and S_ISDIR(about.st_mode) else None


def links(trees: Iterable[Path], ignored: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Return the links below some folders with their targets, recursively; hidden files are not content."""
    ahead, seen = [str(path) for path in trees], set[str]()
    while ahead:
        here = ahead.pop()
        if here in seen or (here + os.sep).startswith(ignored):
            continue
        seen.add(here)
        with suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    target = os.path.realpath(entry.path)
                    if not (target + os.sep).startswith(ignored):
                        yield entry.path, Path(target)
                        ahead.append(target)
                elif entry.is_dir():
                    ahead.append(entry.path)
