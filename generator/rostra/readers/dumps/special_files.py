"""Detect entries of a folder that are neither files nor folders, files of holes, and links that lead out of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

KINDS = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}

LARGE = 1 << 32
"""The size in bytes from which a file is refused if almost all of it are holes."""
HOLES = 256
"""How many times larger such a file is than what is stored of it; a disk that compresses text stores more."""
BLOCK = 512
"""The bytes of a block that ``stat`` counts."""

ELSEWHERE = "is a link that leads elsewhere"


def special(about: os.stat_result) -> str | None:
    """Return what a path is that is neither a file of data nor a folder, given its ``stat``; None for these."""
    if stat.S_ISREG(about.st_mode):
        return "a file of holes, not of data" if is_sparse(about) else None
    return None if stat.S_ISDIR(about.st_mode) else f"{KINDS.get(stat.S_IFMT(about.st_mode), 'no file')}, not a file"


def refusal(entry: os.DirEntry[str], roots: tuple[Path, ...]) -> str | None:
    """Return why an entry of a folder may not be read; None if it may."""
    try:
        if entry.is_symlink() and not leads_into(Path(entry.path), roots):
            return ELSEWHERE
        kind = special(entry.stat())
    except OSError:
        return "is a broken link" if entry.is_symlink() else None
    return f"is {kind}" if kind else None


def is_sparse(about: os.stat_result) -> bool:
    """Whether almost all of a large file is not on the disk: reading it would take hours, and it would be zeros."""
    stored = getattr(about, "st_blocks", about.st_size) * BLOCK
    return about.st_size >= LARGE and stored * HOLES <= about.st_size


def leads_into(path: Path, roots: tuple[Path, ...]) -> bool:
    """Whether a link's target is in one of the folders; raise OSError if it does not exist."""
    target = Path(os.path.realpath(path, strict=True))
    return any(map(target.is_relative_to, roots))
