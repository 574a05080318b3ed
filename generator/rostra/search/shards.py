"""The search index: shards that Python writes with SQLite's FTS5 and a browser reads with SQLite's WebAssembly build.

A shard is the index of a set of whole threads: a pure function of their documents, so a shard that is written again
is the same to the byte as one written for the first time.  It has no data of other shards; the browser adds up
the counts of all shards, so scores are comparable.

A shard is stored in compressed files, so that a browser loads what a query needs from any host.  ``shard.bin`` has what every query
needs; the ``parts`` have the rest of the index of words, the texts that passages are cut from, and the vocabulary for
words within words and for misspelt ones.  A part is named by its digest, so one that does not change is neither sent nor
fetched again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from struct import pack
from zlib import DEFLATED, MAX_WBITS, compressobj

import msgspec
from msgspec import Struct

from rostra.output.staging import OutputFile
from rostra.search.documents import SearchedThread
from rostra.search.lists import Labels, ShardLists, numbered_posts, shard_lists
from rostra.search.texts import text_files
from rostra.search.tokens import indexed_text
from rostra.search.word_index import IndexedPost, word_index

POSTS = 16_384
"""How many posts a shard has: each shard costs a query about three requests."""
SHARDS = 4
"""The most shards, so that a query stays quick; beyond, shards are larger.  A power of two."""
PART = 256 << 10
"""Bytes of a part of the database, before it is compressed: a multiple of its pages."""
LEVEL = 4
"""The level of compression (zlib): files become half as large; level 6 takes three times as long to save 3 % more."""


class ShardEntry(Struct, frozen=True):
    """What a browser knows of a shard before it reads a part: how many ``posts`` and own ``words`` it has, and its files.

    ``held`` are the compressed sizes of what ``shard.bin`` holds after its first line: threads, people, facts, and the first
    ``head`` bytes of the database, which has ``size``.  ``index`` are the digests of the other parts of the database, of
    ``step`` bytes each but the last.  ``texts`` are the files of texts: the row number of the first post, and the digest.
    """

    posts: int
    words: int
    held: tuple[int, ...]
    size: int
    head: int
    step: int
    index: tuple[str, ...]
    texts: tuple[tuple[int, str], ...]
    vocabulary: str


def shard_count(posts: int) -> int:
    """Return the number of shards, a power of two, so that it seldom changes."""
    count = 1
    while count < SHARDS and posts > count * POSTS:
        count *= 2
    return count


def shard_of(thread: str, count: int) -> int:
    """Return the shard of a thread: its digest decides, so other threads never move it."""
    return int.from_bytes(sha256(thread.encode()).digest()[:4]) % count


def shard_files(folder: str, threads: Iterable[SearchedThread], labels: Labels) -> list[OutputFile]:
    """Return the files of the shard of these threads; ``folder`` ends with a slash.

    The threads are iterated several times, in the order of their ids.
    """
    parts = _NamedParts()
    texts = tuple((first, parts.add(_packed(posts))) for first, posts in text_files(threads, labels))
    lists = shard_lists(threads, labels)
    found = word_index(_indexed(threads), (indexed_text(name) for _, name, _ in lists.people))
    rest = range(found.head, len(found.data), PART)
    held = (_packed(lists.threads), _packed(lists.people), _facts(lists), _deflated(found.data[: found.head]))
    entry = ShardEntry(
        posts=len(lists.words),
        words=sum(lists.words),
        held=tuple(map(len, held)),
        size=len(found.data),
        head=found.head,
        step=PART,
        index=tuple(parts.add(_deflated(found.data[at : at + PART])) for at in rest),
        texts=texts,
        vocabulary=parts.add(_packed(found.vocabulary)),
    )
    head = OutputFile(f"{folder}shard.bin", b"".join((msgspec.json.encode(entry), b"\n", *held)))
    return [head, *(OutputFile(f"{folder}parts/{digest}.bin", content) for digest, content in parts.items())]


class _NamedParts(dict[str, bytes]):
    """The content of each part by its digest."""

    def add(self, content: bytes) -> str:
        """Add a part and return its digest."""
        digest = sha256(content).hexdigest()[:16]
        self[digest] = content
        return digest


def _indexed(threads: Iterable[SearchedThread]) -> Iterator[IndexedPost]:
    for row, each in numbered_posts(threads):
        yield row, indexed_text(each.title), indexed_text(each.text), each.code, indexed_text(each.quoted)


def _facts(lists: ShardLists) -> bytes:
    """Return the facts as little-endian numbers of four bytes, all of one kind after each other."""
    columns = lists.thread, lists.person, lists.day, lists.words
    return _deflated(b"".join(pack(f"<{len(column)}i", *column) for column in columns))


def _packed(value: object) -> bytes:
    return _deflated(msgspec.json.encode(value))


def _deflated(data: bytes) -> bytes:
    squeezer = compressobj(LEVEL, DEFLATED, -MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()
