"""Group posts by thread on disk, whatever their order.

It uses SQLite, which comes with Python: it sorts in a temporary file, deleted when the reader is done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from rostra.model import Problem, RawPost

BATCH = 2_000
"""The most posts that are buffered in memory."""
HEAVY = 1 << 24
"""Their approximate size in bytes."""


class Grouping:
    """Posts by thread; a context manager, whose file exists within the context."""

    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(tuple[RawPost, tuple[Problem, ...]]).decode
        self._rows: list[tuple[str, int, bytes]] = []
        self._count = self._size = 0

    def __enter__(self) -> Self:
        import tempfile

        self._folder = tempfile.TemporaryDirectory(prefix="rostra-")
        self._base = sqlite3.connect(Path(self._folder.name) / "posts.sqlite")
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE posts (thread TEXT, number INTEGER, post BLOB)"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, thread: str, post: RawPost, problems: tuple[Problem, ...] = ()) -> None:
        """Add a post of a thread, with its problems."""
        row = self._encode((post, problems))
        self._rows.append((thread, self._count, row))
        self._count += 1
        self._size += len(row)
        if len(self._rows) >= BATCH or self._size > HEAVY:
            self._flush()

    def gather(self, roots: Mapping[str, str]) -> None:
        """Merge threads: each key of ``roots`` becomes part of the thread that is its value."""
        self._flush()
        self._base.execute("CREATE TABLE roots (thread TEXT PRIMARY KEY, root TEXT) WITHOUT ROWID")
        self._base.executemany("INSERT INTO roots VALUES (?, ?)", roots.items())
        self._base.execute("UPDATE posts SET thread = roots.root FROM roots WHERE roots.thread = posts.thread")
        self._base.execute("DROP TABLE roots")

    def threads(self) -> Iterator[tuple[str, list[RawPost], list[Problem]]]:
        """Yield every thread by name, with its posts in the order in which they were added, and their problems."""
        self._flush()
        rows = self._base.execute("SELECT thread, post FROM posts ORDER BY thread, number")
        for thread, group in groupby(rows, key=itemgetter(0)):
            posts: list[RawPost] = []
            problems: dict[Problem, None] = {}
            for _, row in group:
                post, wrong = self._decode(row)
                posts.append(post)
                problems.update(dict.fromkeys(wrong))
            yield thread, posts, list(problems)

    def _flush(self) -> None:
        self._base.executemany("INSERT INTO posts VALUES (?, ?, ?)", self._rows)
        self._rows.clear()
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
