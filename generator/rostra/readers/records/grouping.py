"""Group posts by thread, whatever their order: in memory as long as they are few, otherwise on disk.

It uses SQLite, which comes with Python: it sorts in a temporary file, deleted when the reader is done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from rostra.model import Problem, RawPost

HEAVY = 1 << 25
"""The approximate size in bytes of the posts that are kept in memory."""
EACH = 1 << 10
"""The approximate size of a post besides its body."""


class Grouping:
    """Posts by thread; a context manager, whose file exists within the context."""

    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(tuple[RawPost, tuple[Problem, ...]]).decode
        self._held: dict[str, list[tuple[int, RawPost, tuple[Problem, ...]]]] = {}
        self._count = self._size = 0
        self._base: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._base is not None:
            self._base.close()
            self._folder.cleanup()

    def add(self, thread: str, post: RawPost, problems: tuple[Problem, ...] = ()) -> None:
        """Add a post of a thread, with its problems."""
        held = self._held.get(thread)
        if held is None:
            held = self._held[thread] = []
        held.append((self._count, post, problems))
        self._count += 1
        self._size += EACH + len(post.body)
        if self._size > HEAVY:
            self._flush(self._opened())

    def gather(self, roots: Mapping[str, str]) -> None:
        """Merge threads: each key of ``roots`` becomes part of the thread that is its value."""
        merged: dict[str, list[tuple[int, RawPost, tuple[Problem, ...]]]] = {}
        for thread, held in self._held.items():
            merged.setdefault(roots.get(thread, thread), []).extend(held)
        self._held = merged
        if (base := self._base) is not None:
            base.execute("CREATE TABLE roots (thread TEXT PRIMARY KEY, root TEXT) WITHOUT ROWID")
            base.executemany("INSERT INTO roots VALUES (?, ?)", roots.items())
            base.execute("UPDATE posts SET thread = roots.root FROM roots WHERE roots.thread = posts.thread")
            base.execute("DROP TABLE roots")

    def names(self) -> AbstractSet[str]:
        """Return the names of the threads."""
        stored = self._base.execute("SELECT DISTINCT thread FROM posts") if self._base is not None else ()
        return self._held.keys() | {name for (name,) in stored}

    def threads(self) -> Iterator[tuple[str, list[RawPost], list[Problem]]]:
        """Yield every thread by name, with its posts in the order in which they were added, and their problems."""
        if self._base is not None:
            self._flush(self._base)
        for thread, rows in self._stored(self._base) if self._base is not None else sorted(self._held.items()):
            rows.sort(key=itemgetter(0))
            problems = dict.fromkeys(problem for _, _, wrong in rows for problem in wrong)
            yield thread, [post for _, post, _ in rows], list(problems)

    def _stored(self, base: sqlite3.Connection) -> Iterator[tuple[str, list[tuple[int, RawPost, tuple[Problem, ...]]]]]:
        found = base.execute("SELECT thread, number, post FROM posts ORDER BY thread")
        for thread, group in groupby(found, key=itemgetter(0)):
            yield thread, [(number, *self._decode(row)) for _, number, row in group]

    def _opened(self) -> sqlite3.Connection:
        if self._base is None:
            import tempfile

            self._folder = tempfile.TemporaryDirectory(prefix="rostra-")
            self._base = sqlite3.connect(Path(self._folder.name) / "posts.sqlite")
            self._base.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE posts (thread TEXT, number INTEGER, post BLOB)"
            )
        return self._base

    def _flush(self, base: sqlite3.Connection) -> None:
        rows = (
            (thread, number, self._encode((post, problems)))
            for thread, held in self._held.items()
            for number, post, problems in held
        )
        base.executemany("INSERT INTO posts VALUES (?, ?, ?)", rows)
        self._held.clear()
        self._size = 0


def roots_of(parents: Mapping[str, str | None]) -> dict[str, str]:
    """Return the opening of each post's thread, which may be missing, given each post's parent; for a cycle, one of its posts."""
    roots: dict[str, str] = {}
    for key in parents:
        path, seen = [key], {key}
        while path[-1] not in roots:
            above = parents.get(path[-1])
            if above is None or above in seen:
                roots[path[-1]] = path[-1]
                break
            path.append(above)
            seen.add(above)
        for each in path:
            roots[each] = roots[path[-1]]
    return roots
