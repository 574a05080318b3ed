"""Files of a site as anybody may read them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import msgspec

from rostra.search.shards import ShardEntry


def unpacked(path: Path) -> bytes:
    """What a file holds, also where it is compressed; the beginning of a search index stands for all of it."""
    data = path.read_bytes()
    if path.match("search/*/shard.bin"):
        return data + read_shard(path.parent).whole()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def as_text(path: Path) -> str:
    """The same as text, whatever else it holds."""
    return unpacked(path).decode("utf-8", "replace")


class ReadShard:
    """A shard of the search index, read back from its files by their paths below its folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        line, _, rest = files["shard.bin"].partition(b"\n")
        self.entry = msgspec.json.decode(line, type=ShardEntry)
        ends = list(accumulate(self.entry.held, initial=0))
        held = [_inflated(rest[start:end]) for start, end in pairwise(ends)]
        self.threads, self.people = map(json.loads, held[:2])
        numbers = memoryview(held[2]).cast("i").tolist()
        self.facts = [numbers[at * self.entry.posts :][: self.entry.posts] for at in range(4)]
        parts = {path[len("parts/") : -len(".bin")]: _inflated(data) for path, data in files.items() if "/" in path}
        self.index = [held[3], *(parts[digest] for digest in self.entry.index)]
        self.texts = [(first, json.loads(parts[digest])) for first, digest in self.entry.texts]
        self.vocabulary = json.loads(parts[self.entry.vocabulary])

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds in the index of words."""
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(b"".join(self.index))
            base.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, found, row)")
            return base.execute(query, values).fetchall()

    def whole(self) -> bytes:
        """Return all that the shard holds, as text: its words, its texts, whom and what it names."""
        terms = [term for (term,) in self.rows("SELECT term FROM vocabulary")]
        return json.dumps([terms, self.texts, self.vocabulary, self.threads, self.people], ensure_ascii=False).encode()


def read_shard(folder: Path) -> ReadShard:
    """Return the shard in a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return ReadShard({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def _inflated(packed: bytes) -> bytes:
    return zlib.decompress(packed, -zlib.MAX_WBITS)
