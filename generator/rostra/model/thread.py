"""A thread: its posts in reading order, each with its place and its lasting id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from msgspec import Struct

from rostra.model.history import NO_HISTORY, UNCORRECTED, Corrected, Corrections, History
from rostra.model.raw import Problem, RawPost


class Source(Struct, frozen=True, kw_only=True):
    """The source of a thread's text: the dump's path in the site, the reader's name.

    ``sha256`` is its digest if a thread is inspected; empty in a build, where a record beside the dump tells it.
    ``captured`` and ``archived`` are the days when the dump was made and when it joined the archive;
    ``published`` is the path of the unchanged dump in the output folder, None if it is not published.
    ``place`` is the host of the site that the text was copied from, or the name of its software, if the copy identifies it.
    """

    path: str
    format: str
    sha256: str
    captured: str | None = None
    archived: str | None = None
    published: str | None = None
    place: str | None = None
    several: bool = False
    """Whether the dump holds several threads."""


class Post(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post with its place in the thread: ``id`` is lasting, ``parent`` is another post's id.

    ``raw`` is the post as read, ``history`` what other dumps and earlier versions add to it, ``corrections`` the changes
    by a card.
    """

    id: str
    parent: str | None
    depth: int
    raw: RawPost
    history: History = NO_HISTORY
    corrections: Corrections = UNCORRECTED


class Thread(Struct, frozen=True, kw_only=True):
    """A debate in reading order (depth first); ``others`` are its earlier dumps, if it was dumped more than once.

    ``corrected`` are its publisher's corrections of the debate as a whole.
    """

    id: str
    title: str
    native_id: str | None
    url: str | None
    source: Source
    posts: tuple[Post, ...]
    problems: tuple[Problem, ...] = ()
    licence: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    others: tuple[Source, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    flat: bool = False
    """Whether the posts are in the order of the source and all on one level, not below the posts that they answer."""

    def __reduce__(self) -> tuple[Callable[[bytes], Thread], tuple[bytes]]:
        # It is sent between processes as one piece of bytes, which is many times faster.
        return _decode, (msgspec.msgpack.encode(self),)


def _decode(encoded: bytes) -> Thread:
    return msgspec.msgpack.decode(encoded, type=Thread)


def renamed(thread: Thread, ids: Mapping[str, str]) -> Thread:
    """Return the thread with other ids for its posts; ``ids`` maps present ids to new ones."""
    return msgspec.structs.replace(
        thread,
        posts=tuple(
            msgspec.structs.replace(post, id=ids[post.id], parent=ids[post.parent] if post.parent else None)
            for post in thread.posts
        ),
        problems=tuple(
            msgspec.structs.replace(each, post=ids.get(each.post, each.post)) if each.post else each
            for each in thread.problems
        ),
    )
