"""The store's file: opened if this version wrote it and it is unchanged since the last build, otherwise created anew."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from rostra import PACKAGE
from rostra.readers import plugged_in
from rostra.store.partitions import FOLDER, link
from rostra.system.file_state import below, discard

PAGES = 16 << 10
"""KiB of pages of the store that are kept in memory."""
TABLES = """
CREATE TABLE stamp (stamp TEXT);
CREATE TABLE ledger (digest TEXT);
"""

Marks = tuple[str, str]
"""The fingerprint of this version, and the digest of the ledger after the last build."""


def stamp() -> str:
    """Return a fingerprint of this version of Rostra: its files, other packages' readers, and the Python that runs them."""
    package = PACKAGE
    total = sha256(sys.version.encode())
    modules = sorted(path for path in below(str(package)) if path.endswith(".py"))
    for path in (*modules, *map(str, plugged_in())):
        about = os.stat(path)  # noqa: PTH116  # a Path for each of hundreds costs more than the call
        total.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return total.hexdigest()


def opened(path: Path, beside: Path, marks: Marks, tables: str) -> tuple[sqlite3.Connection, bool]:
    """Open the file in a transaction; return it and whether it has data of an earlier build.

    If it cannot be used, it begins as a copy of the one ``beside`` it, or with empty ``tables``, and those of this module.
    A file of another version, or from before the ledger changed, is set aside (``before``).
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
        # Another program has it open; this build runs without the cache.
        return _fresh(":memory:", marks, tables), False


def before(path: Path) -> Path:
    """Return the path at which the last unusable file is set aside, until a build is complete without it."""
    return path.with_name(f"{path.name}.before")


def set_aside(path: Path) -> None:
    """Make room for a new file; an old one is kept if a build may fall back on it, and removed if it is damaged."""
    if path.is_file() and _stands(path):
        base = _connect(str(path))
        with suppress(sqlite3.DatabaseError):
            if base.execute("SELECT 1 FROM stamp").fetchone():
                base.close()
                discard(before(path))
                path.replace(before(path))
        base.close()
    discard(path)


def note_ledger(base: sqlite3.Connection, digest: str) -> None:
    """Record the digest of the ledger after this build."""
    base.execute("DELETE FROM ledger")
    base.execute("INSERT INTO ledger VALUES (?)", (digest,))


def leave(base: sqlite3.Connection, path: Path) -> None:
    """Close the file and record its stat data: if another program changes it, it is not used again."""
    ((_, _, place),) = base.execute("PRAGMA database_list").fetchall()[:1]
    base.close()
    discard(_note(path))
    if place:
        _note(path).write_text(_described(path), encoding="ascii")


def _stands(path: Path) -> bool:
    # SQLite rolls back what an interrupted build did to it.
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
    # If a build runs there, nothing can be copied.
    with suppress(sqlite3.DatabaseError):
        there, here = _connect(str(source)), _connect(str(target))
        try:
            there.backup(here)
        finally:
            there.close()
            link(source.with_name(FOLDER), target.with_name(FOLDER))
            leave(here, target)


def _fresh(path: str, marks: Marks, tables: str) -> sqlite3.Connection:
    base = _connect(path)
    base.execute("BEGIN IMMEDIATE")
    for statement in (TABLES + tables).split(";"):
        base.execute(statement)
    base.execute("INSERT INTO stamp VALUES (?)", marks[:1])
    return base


def _connect(path: str) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    base.execute("PRAGMA synchronous=OFF")
    # Keys are digests, so rows are put anywhere: with the usual 2 MiB of pages, those of 200,000 posts are read again and again.
    base.execute(f"PRAGMA cache_size=-{PAGES}")
    return base
