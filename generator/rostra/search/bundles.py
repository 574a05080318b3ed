"""Bundles: the files of several shards, put together so that a browser loads what a query needs with few requests.

``shards.bin`` has what every query needs; the ``parts`` have the rest of the index of words and the vocabularies for
words within words and for misspelt ones.  A part has the same share of each shard's database, so a word is nearly
always in one part of a bundle, as its shards, which digests assign, have about the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from rostra.output.staging import OutputFile
from rostra.search.shards import NamedParts, Shard

BUNDLES = 4
"""The most bundles, since each costs a query about three requests; a part of a bundle changes if one of its shards does.  A power of two."""
SHARDS_EACH = 8
"""The fewest shards of a bundle, if there are several bundles."""
PART = 512 << 10
"""The bytes of documents for each part of the index of words, which is about half as large."""


class BundleEntry(Struct, frozen=True):
    """The first line of ``shards.bin``, before the lists of all ``shards``: the digests of the parts.

    It has how many bytes of each shard are in ``shards.bin`` and in each part, where the shards have their order.
    """

    index: tuple[str, ...]
    vocabulary: str
    shards: tuple[Shard[int], ...]


def bundle_count(shards: int) -> int:
    """Return the number of bundles of so many shards; shard n is in the bundle n modulo this."""
    return max(1, min(BUNDLES, shards // SHARDS_EACH))


def column_count(size: int) -> int:
    """Return the number of parts of the index in a bundle with so many bytes of documents, a power of two, so that it seldom changes."""
    return 1 << max(0, (size // PART).bit_length() - 1)


def bundle_files(folder: str, shards: Sequence[Shard[bytes]]) -> list[OutputFile]:
    """Return the files of a bundle of shards with equally many columns; ``folder`` ends with a slash."""
    parts = NamedParts(folder)
    entry = BundleEntry(
        index=tuple(parts.add(b"".join(column)) for column in zip(*(shard.columns for shard in shards), strict=True)),
        vocabulary=parts.add(b"".join(shard.vocabulary for shard in shards)),
        shards=tuple(map(_entry, shards)),
    )
    lists = (part for shard in shards for part in shard.lists)
    return [OutputFile(f"{folder}shards.bin", b"".join((msgspec.json.encode(entry), b"\n", *lists))), *parts.files()]


def _entry(shard: Shard[bytes]) -> Shard[int]:
    return Shard[int](
        posts=shard.posts,
        words=shard.words,
        lists=tuple(map(len, shard.lists)),
        page=shard.page,
        size=shard.size,
        head=shard.head,
        columns=tuple(map(len, shard.columns)),
        texts=shard.texts,
        vocabulary=len(shard.vocabulary),
    )
