"""Encode a thread's posts for lists, grouped by person, so that the posts of one person are read without the others.

They are stored in the thread's partition when its edition is made, since they depend on nothing else.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

import msgspec

from rostra.i18n.text_folding import person_key
from rostra.model import Edition
from rostra.people.appearances import PostSummary, spoken_posts

ARRAY = b"\xdd"
"""The first byte of a MessagePack array whose length follows in four bytes."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[PostSummary]).decode


def encode_said(edition: Edition) -> bytes:
    """Return the posts of a thread that have words: of each named person in reading order, then the unnamed ones."""
    return b"".join(map(_encode, sorted(spoken_posts(edition), key=_person)))


def decode_said(encoded: bytes, posts: int) -> list[PostSummary]:
    """Return consecutive posts from their encoded form; ``posts`` is their number."""
    return _decode(ARRAY + posts.to_bytes(4) + encoded)


def spans_of(said: list[PostSummary]) -> dict[str, tuple[int, int]]:
    """Return where each post of a thread begins and ends in the encoded form, by its id."""
    edges = accumulate((len(_encode(each)) for each in said), initial=0)
    return {each.post: span for each, span in zip(said, pairwise(edges), strict=True)}


def _person(each: PostSummary) -> tuple[bool, str]:
    who = each.who if each.named else None
    return not who, person_key(who or "")
