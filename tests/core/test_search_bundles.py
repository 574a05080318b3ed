"""Which bytes of which shard are in which file of a bundle."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest

from rostra.search import bundles
from rostra.search.bundles import BundleEntry, bundle_count, bundle_files, column_count
from rostra.search.shards import Shard


def shard(sign: bytes) -> Shard[bytes]:
    """A shard of which each part has another length, and bytes that tell whose it is."""
    return Shard[bytes](
        posts=len(sign) + 1,
        words=20,
        lists=(sign + b"1", sign + b"22", b""),
        page=512,
        size=2048,
        head=1024,
        columns=(sign + b"333", sign + b"4444"),
        texts=((1, "a"), (3, "b")),
        vocabulary=sign + b"55555",
    )


def test_a_bundle_has_of_each_part_the_bytes_of_all_shards_in_their_order() -> None:
    files = {file.path: file.content for file in bundle_files("search/0/", [shard(b"a"), shard(b"bb")])}
    entry, _, lists = files.pop("search/0/shards.bin").partition(b"\n")
    read = msgspec.json.decode(entry, type=BundleEntry)
    assert lists == b"a1a22bb1bb22"
    parts = [b"a333bb333", b"a4444bb4444", b"a55555bb55555"]
    digests = [sha256(part).hexdigest()[:16] for part in parts]
    assert [*read.index, read.vocabulary] == digests
    assert files == {f"search/0/parts/{digest}.bin": part for digest, part in zip(digests, parts, strict=True)}
    assert [(each.lists, each.columns, each.vocabulary) for each in read.shards] == [
        ((2, 3, 0), (4, 5), 6),
        ((3, 4, 0), (5, 6), 7),
    ]
    assert [(each.posts, each.words, each.page, each.size, each.head, each.texts) for each in read.shards] == [
        (2, 20, 512, 2048, 1024, ((1, "a"), (3, "b"))),
        (3, 20, 512, 2048, 1024, ((1, "a"), (3, "b"))),
    ]


@pytest.mark.parametrize(
    ("shards", "count"), [(0, 1), (1, 1), (8, 1), (15, 1), (16, 2), (23, 2), (24, 3), (32, 4), (64, 4)]
)
def test_a_bundle_has_at_least_eight_shards_if_there_are_several(shards: int, count: int) -> None:
    assert bundle_count(shards) == count


@pytest.mark.parametrize(
    ("size", "count"), [(0, 1), (2**19, 1), (2**20 - 1, 1), (2**20, 2), (2**21 - 1, 2), (2**21, 4)]
)
def test_a_part_of_the_index_is_of_half_a_mebibyte_of_documents(size: int, count: int) -> None:
    assert bundles.PART == 2**19
    assert column_count(size) == count
