"""Posts of many threads, in any order, brought together out of memory.

SQLite, since it comes with Python: it sorts on disk in a file of its own, which goes when the reader is done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from rostra.model import Problem, RawPost

BATCH = 2_000


def shared(problems: list[Problem], posts: Iterable[RawPost]) -> tuple[tuple[Problem, ...], list[Problem]]:
    """The problems of a thread, and those that are left: each that names a post belongs where the post is."""
    keys = {post.key for post in posts}
    mine = tuple(problem for problem in problems if problem.post is None or problem.post in keys)
    return mine, [problem for problem in problems if problem.post is not None and problem.post not in keys]


class Grouping:
    """Posts by thread; used as a context, within which its file exists."""

    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(RawPost).decode
        self._rows: list[tuple[str, int, bytes]] = []
        self._count = 0

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

    def add(self, thread: str, post: RawPost) -> None:
        """Add a post of a thread."""
        self._rows.append((thread, self._count, self._encode(post)))
        self._count += 1
        if len(self._rows) >= BATCH:
            self._flush()

    def gather(self, roots: Mapping[str, str]) -> None:
        """Bring threads together: each that ``roots`` names becomes part of the one it gives."""
        self._flush()
        self._base.execute("CREATE TABLE roots (thread TEXT PRIMARY KEY, root TEXT) WITHOUT ROWID")
        self._base.executemany("INSERT INTO roots VALUES (?, ?)", roots.items())
        self._base.execute("UPDATE posts SET thread = roots.root FROM roots WHERE roots.thread = posts.thread")
        self._base.execute("DROP TABLE roots")

    def threads(self) -> Iterator[tuple[str, list[RawPost]]]:
        """Every thread by name, its posts in the order in which they were added."""
        self._flush()
        rows = self._base.execute("SELECT thread, post FROM posts ORDER BY thread, number")
        for thread, group in groupby(rows, key=itemgetter(0)):
            yield thread, [self._decode(post) for _, post in group]

    def _flush(self) -> None:
        self._base.executemany("INSERT INTO posts VALUES (?, ?, ?)", self._rows)
        self._rows.clear()
