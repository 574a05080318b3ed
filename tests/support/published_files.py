"""Files of a site as anybody may read them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import msgspec

from rostra.search.bundles import BundleEntry
from rostra.search.shards import Shard


def unpacked(path: Path) -> bytes:
    """What a file holds, also where it is compressed; the beginning of a search index stands for all of it."""
    data = path.read_bytes()
    if path.match("search/*/shards.bin"):
        return b"".join((data, *(shard.whole() for shard in read_bundle(path.parent))))
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def as_text(path: Path) -> str:
    """The same as text, whatever else it holds."""
    return unpacked(path).decode("utf-8", "replace")


class ReadShard:
    """A shard of the search index, read back: its ``entry``, its ``lists``, its ``columns``, the texts by digest and its vocabulary."""

    def __init__(
        self, entry: Shard[int], lists: list[bytes], columns: list[bytes], texts: Mapping[str, bytes], vocabulary: bytes
    ) -> None:
        self.entry = entry
        self.threads, self.people = map(json.loads, lists[:2])
        numbers = memoryview(lists[2]).cast("i").tolist()
        self.facts = [numbers[at * entry.posts :][: entry.posts] for at in range(4)]
        self.index = [lists[3], *columns]
        self.texts = [(first, json.loads(texts[digest])) for first, digest in entry.texts]
        self.vocabulary = json.loads(vocabulary)

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


def read_shards(files: Mapping[str, bytes]) -> tuple[BundleEntry, list[ReadShard]]:
    """Return the shards of a bundle, given its files by their paths below its folder."""
    line, _, lists = files["shards.bin"].partition(b"\n")
    entry = msgspec.json.decode(line, type=BundleEntry)
    parts = {path[len("parts/") : -len(".bin")]: data for path, data in files.items() if path.startswith("parts/")}
    held = iter(_cut(lists, (size for shard in entry.shards for size in shard.lists)))
    columns = zip(
        *(_cut(parts[digest], (shard.columns[n] for shard in entry.shards)) for n, digest in enumerate(entry.index)),
        strict=True,
    )
    vocabularies = _cut(parts[entry.vocabulary], (shard.vocabulary for shard in entry.shards))
    shards = [
        ReadShard(
            shard,
            [next(held) for _ in shard.lists],
            list(own),
            {digest: _inflated(files[f"{n}/parts/{digest}.bin"]) for _, digest in shard.texts},
            words,
        )
        for n, (shard, own, words) in enumerate(zip(entry.shards, columns, vocabularies, strict=True))
    ]
    return entry, shards


def read_bundle(folder: Path) -> list[ReadShard]:
    """Return the shards in a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    _, shards = read_shards({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})
    return shards


def _cut(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    """Return consecutive pieces of these sizes, inflated: nothing may be left."""
    ends = list(accumulate(sizes, initial=0))
    assert ends[-1] == len(data)
    return [_inflated(data[start:end]) for start, end in pairwise(ends)]


def _inflated(packed: bytes) -> bytes:
    return zlib.decompress(packed, -zlib.MAX_WBITS)
