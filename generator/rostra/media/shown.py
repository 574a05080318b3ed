"""Editions with the files of their posts."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.model import Edition, Shown


def with_files(edition: Edition, shown: Mapping[str, Shown]) -> Edition:
    """Return an edition with the files of its posts."""
    if not shown:
        return edition
    posts = (replace(each, media=shown[each.post.id]) if each.post.id in shown else each for each in edition.posts)
    return replace(edition, posts=tuple(posts))


def stamp_of(shown: Mapping[str, Shown]) -> str:
    """Return a digest of the files of a debate."""
    return sha256(encode(shown)).hexdigest() if shown else ""
