"""The file that a store is in: opened where it is as the last build left it and this version wrote it, else begun anew."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from rostra.system.file_state import discard

Marks = tuple[str, str]
"""What this version is, and the digest of the ledger that the last build left."""


def opened(path: Path, beside: Path, marks: Marks, tables: str) -> tuple[sqlite3.Connection, bool]:
    """The file in a transaction, and whether it holds anything of an earlier build.

    Where there is none that can be used, it begins as a copy of the one ``beside`` it, or with empty ``tables``.
    What another version wrote, or before the ledger changed, is set aside (``before``).
    """
    if base := _kept(path, marks):
        return base, True
    set_aside(path)
    if beside != path and _stands(beside):
        _copy(beside, path)
        if base := _kept(path, marks):
            return base, True
        discard(path)
    try:
        return _fresh(str(path), marks, tables), False
    except sqlite3.OperationalError:
        # Another program has it open; this build does without what was kept.
        return _fresh(":memory:", marks, tables), False


def before(path: Path) -> Path:
    """Where the last file that could not be used is set aside, until a build is whole without it."""
    return path.with_name(f"{path.name}.before")


def set_aside(path: Path) -> None:
    """Make room for a new file; what is there is kept where a build may fall back on it, and discarded where it is damaged."""
    if path.is_file() and _stands(path):
        base = _connect(str(path))
        with suppress(sqlite3.DatabaseError):
            if base.execute("SELECT 1 FROM editions LIMIT 1").fetchone():
                base.close()
                discard(before(path))
                path.replace(before(path))
        base.close()
    discard(path)


def leave(base: sqlite3.Connection, path: Path) -> None:
    """Close the file, and note how it is left: where somebody else changes it, whatever it says is not to be relied on."""
    ((_, _, place),) = base.execute("PRAGMA database_list").fetchall()[:1]
    base.close()
    discard(_note(path))
    if place:
        _note(path).write_text(_described(path), encoding="ascii")


def _stands(path: Path) -> bool:
    # What a build that broke off did to it, SQLite takes back.
    if path.with_name(f"{path.name}-journal").exists():
        return True
    try:
        return _note(path).read_bytes() == _described(path).encode()
    except OSError:
        return False


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.left")


def _described(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size} {about.st_mtime_ns}"


def _kept(path: Path, marks: Marks) -> sqlite3.Connection | None:
    if not path.is_file() or not _stands(path):
        return None
    base = _connect(str(path))
    with suppress(sqlite3.DatabaseError):
        base.execute("BEGIN IMMEDIATE")
        if base.execute("SELECT stamp, digest FROM stamp, ledger").fetchone() == marks:
            return base
    base.close()
    return None


def _copy(source: Path, target: Path) -> None:
    # Where a build is at work there, there is nothing to copy.
    with suppress(sqlite3.DatabaseError):
        there, here = _connect(str(source)), _connect(str(target))
        try:
            there.backup(here)
        finally:
            there.close()
            leave(here, target)


def _fresh(path: str, marks: Marks, tables: str) -> sqlite3.Connection:
    base = _connect(path)
    base.execute("BEGIN IMMEDIATE")
    for statement in tables.split(";"):
        base.execute(statement)
    base.execute("INSERT INTO stamp VALUES (?)", marks[:1])
    return base


def _connect(path: str) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    base.execute("PRAGMA synchronous=OFF")
    return base
