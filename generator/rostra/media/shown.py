"""Editions with the files of their posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.media.references import FileReference
from rostra.model import LinkedEdition, MediaFile, Shown


def with_files(edition: LinkedEdition, shown: Mapping[str, Shown]) -> LinkedEdition:
    """Return an edition with the files of its posts."""
    if not shown:
        return edition
    posts = (replace(each, media=shown[each.post.id]) if each.post.id in shown else each for each in edition.posts)
    return replace(edition, posts=tuple(posts))


def stamp_of(shown: Mapping[str, Shown]) -> str:
    """Return a digest of the files of a debate."""
    return sha256(encode(shown)).hexdigest() if shown else ""


def by_post(found: Iterable[tuple[FileReference, MediaFile | None]]) -> dict[str, Shown]:
    """Return the files of each post that has any; a link whose file is not published stays unchanged."""
    files: dict[str, dict[int, MediaFile]] = {}
    pictures: dict[str, list[tuple[str, MediaFile]]] = {}
    for of, file in found:
        if file is None or (of.role == "link" and file.why):
            continue
        if of.role == "attachment":
            files.setdefault(of.post, {})[of.number] = file
        else:
            pictures.setdefault(of.post, []).append((of.address, file))
    return {
        post: Shown(
            files=tuple(map(files.get(post, {}).get, range(1 + max(files.get(post, {-1: None}))))),
            pictures=tuple(pictures.get(post, ())),
        )
        for post in sorted({*files, *pictures})
    }
