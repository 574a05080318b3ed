"""The search index: shards that Python writes with SQLite's FTS5 and a browser reads with SQLite's WebAssembly build.

A shard is the index of a set of whole threads: a pure function of their documents, so a shard that is written again
is the same to the byte as one written for the first time.  It has no data of other shards; the browser adds up
the counts of all shards, so scores are comparable.

A thread that changes has its shard written again, so shards are small.  Many files would cost many requests, so those of
several shards are put together (``search.bundles``); only the texts that passages are cut from are files of one shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from struct import pack
from typing import Generic, TypeVar
from zlib import DEFLATED, MAX_WBITS, compressobj

import msgspec
from msgspec import Struct

from rostra.output.staging import OutputFile
from rostra.search.documents import SearchedThread
from rostra.search.lists import Labels, ShardLists, numbered_posts, shard_lists
from rostra.search.texts import text_files
from rostra.search.tokens import indexed_text
from rostra.search.word_index import IndexedPost, word_index

POSTS = 2048
"""How many posts a shard has."""
SHARDS = 64
"""The most shards, since a browser asks each of them; beyond, shards are larger.  A power of two."""
LEVEL = 4
"""The level of compression (zlib): files become half as large; level 6 takes three times as long to save 3 % more."""


Content = TypeVar("Content")


class Shard(Struct, Generic[Content], frozen=True):
    """A shard.  Its contents are bytes as it is kept from build to build; in a bundle they are how many bytes there are.

    It has ``posts``, and ``words`` of their own.  ``lists`` are its threads, its people, the facts of its posts, and the
    first ``head`` bytes of its database, which has ``size`` bytes in pages of ``page``.  ``columns`` are equal shares of
    the other pages: the words of one are nearly the same in all shards.  All of these and the ``vocabulary`` are
    compressed.  ``texts`` are the files of texts: the row number of the first post, and the digest.
    """

    posts: int
    words: int
    lists: tuple[Content, ...]
    page: int
    size: int
    head: int
    columns: tuple[Content, ...]
    texts: tuple[tuple[int, str], ...]
    vocabulary: Content


def shard_count(posts: int) -> int:
    """Return the number of shards, a power of two, so that it seldom changes."""
    count = 1
    while count < SHARDS and posts > count * POSTS:
        count *= 2
    return count


def shard_of(thread: str, count: int) -> int:
    """Return the shard of a thread: its digest decides, so other threads never move it."""
    return int.from_bytes(sha256(thread.encode()).digest()[:4]) % count


def make_shard(
    folder: str, threads: Sequence[SearchedThread], columns: int, labels: Labels
) -> tuple[Shard[bytes], NamedParts]:
    """Return the shard of threads in the order of their ids, and its texts, which are files below ``folder``."""
    parts = NamedParts(folder)
    texts = tuple((first, parts.add(_packed(posts))) for first, posts in text_files(threads, labels))
    lists = shard_lists(threads, labels)
    found = word_index(_indexed(threads), (indexed_text(name) for _, name, _ in lists.people))
    pages = (len(found.data) - found.head) // found.page
    ends = [found.head + found.page * (pages * n // columns) for n in range(columns + 1)]
    head = _deflated(found.data[: found.head])
    shard = Shard[bytes](
        posts=len(lists.words),
        words=sum(lists.words),
        lists=(_packed(lists.threads), _packed(lists.people), _facts(lists), head),
        page=found.page,
        size=len(found.data),
        head=found.head,
        columns=tuple(_deflated(found.data[start:end]) for start, end in pairwise(ends)),
        texts=texts,
        vocabulary=_packed(found.vocabulary),
    )
    return shard, parts


class NamedParts(dict[str, bytes]):
    """The content of each part by its digest; a part is a file below ``folder``, which ends with a slash.

    So a part that does not change is neither sent nor fetched again.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder

    def add(self, content: bytes) -> str:
        """Add a part and return its digest."""
        digest = sha256(content).hexdigest()[:16]
        self[digest] = content
        return digest

    def files(self) -> list[OutputFile]:
        """Return the files of the parts."""
        return [OutputFile(f"{self._folder}parts/{digest}.bin", content) for digest, content in self.items()]


def _indexed(threads: Sequence[SearchedThread]) -> Iterator[IndexedPost]:
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
