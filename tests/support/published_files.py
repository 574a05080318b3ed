"""Files of a site as anybody may read them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any


def unpacked(path: Path) -> bytes:
    """What a file holds, also where it is compressed; the beginning of a search index stands for all of it."""
    data = path.read_bytes()
    if path.match("search/*/shard.bin"):
        return data + whole_index(path.parent)
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def as_text(path: Path) -> str:
    """The same as text, whatever else it holds."""
    return unpacked(path).decode("utf-8", "replace")


def opened_index(shard: Path) -> sqlite3.Connection:
    """The database that the folder of a shard holds."""
    base = sqlite3.connect(":memory:")
    first = (shard / "shard.bin").read_bytes().partition(b"\n")[2]
    others = sorted(shard.glob("parts/*"), key=lambda path: int(path.stem))
    base.deserialize(b"".join((first, *(path.read_bytes() for path in others))))
    return base


def inflated(packed: bytes) -> list[Any]:
    """A list that the index holds compressed."""
    found: list[Any] = json.loads(zlib.decompress(packed, -zlib.MAX_WBITS))
    return found


def listed(base: sqlite3.Connection, name: str) -> list[Any]:
    """One of the lists of a search index; of the facts, the numbers of each kind."""
    (packed,) = base.execute("SELECT data FROM lists WHERE name = ?", (name,)).fetchone()
    if name != "facts":
        return inflated(packed)
    data = zlib.decompress(packed, -zlib.MAX_WBITS)
    numbers = struct.unpack(f"<{len(data) // 4}i", data)
    posts = len(numbers) // 4
    return [numbers[at * posts : (at + 1) * posts] for at in range(4)]


def whole_index(shard: Path) -> bytes:
    """All that a search index holds, as text: its words, its texts, whom and what it names."""
    base = opened_index(shard)
    base.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, found, row)")
    held: list[object] = [word for (word,) in base.execute("SELECT term FROM vocabulary")]
    for table, column in (("texts", "posts"), ("words", "words")):
        held += [inflated(packed) for (packed,) in base.execute(f"SELECT {column} FROM {table}")]
    held += [listed(base, "threads"), listed(base, "people")]
    base.close()
    return json.dumps(held, ensure_ascii=False).encode()
