"""Threads that a worker read, and assembled as far as it could; what they are between processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.msgpack import Decoder, encode

from rostra.identity.ledger import PostDigests, digests_of, remember
from rostra.model import Problem, RawPost, RawThread, Thread
from rostra.readers import Reader
from rostra.readers.dumps.dump import Dump


class Assembled(Struct, frozen=True, array_like=True):
    """A thread as a worker assembled it, supposing that its dump holds ``several`` threads, or only this one.

    ``people`` are the folded names of its authors who have ids, each with the id.
    """

    thread: Thread
    several: bool
    people: tuple[tuple[str, str], ...]


class Preparing(Protocol):
    """How workers prepare what they read of a dump; it is sent to them."""

    def assembled(self, raw: RawThread, dump: Dump, reader: Reader, *, several: bool) -> Assembled | None:
        """Assemble a thread of a dump that holds ``several`` or only this one; None if only the main process can."""

    def whole(self, dump: Dump, reader: Reader) -> list[tuple[RawThread, tuple[Problem, ...]]] | None:
        """Return the threads of a dump, each with the problems of the dump that are shown with it.

        Return None if something of the dump failed, or is not published: the main process counts and reports it.
        """

    def has_addresses(self, dump: Dump, reader: Reader) -> bool:
        """Whether a dump contains e-mail addresses."""


class ReadThread(Struct, frozen=True, array_like=True):
    """A thread that was read, and as it was assembled; what other processes get of it lacks ``raw`` if it was.

    ``digests`` are those of its posts, which the ledger needs; ``problems`` are as in ``PreparedThread``.
    """

    raw: RawThread | None
    assembled: Assembled | None
    digests: list[PostDigests | None]
    problems: tuple[Problem, ...] = ()

    def __reduce__(self) -> tuple[Callable[[bytes], ReadThread], tuple[bytes]]:
        return _decode, (encode(self.brief()),)

    def brief(self) -> ReadThread:
        """Return the thread without what it was read as, if it was assembled."""
        return ReadThread(None, self.assembled, self.digests, self.problems) if self.assembled else self


class PreparedThread(NamedTuple):
    """A thread that a worker assembled; ``again`` reads once more what it was assembled from.

    ``problems`` are those of the dump that are shown with it.
    """

    assembled: Assembled
    again: Callable[[], RawThread]
    problems: Sequence[Problem] = ()


def read_thread(raw: RawThread, assembled: Assembled | None, problems: tuple[Problem, ...] = ()) -> ReadThread:
    """Return a thread that was read, with the digests of its posts."""
    return ReadThread(raw, assembled, list(map(_digests_of, _posts(raw, assembled))), problems)


def remembered(read: ReadThread) -> ReadThread:
    """Return a thread from another process, whose posts' digests are not made again."""
    for post, known in zip(_posts(read.raw, read.assembled), read.digests, strict=True):
        if known:
            remember(post, known)
    return read


def _posts(raw: RawThread | None, assembled: Assembled | None) -> list[RawPost]:
    if assembled:
        return [post.raw for post in assembled.thread.posts]
    assert raw
    return list(raw.posts)


def _digests_of(post: RawPost) -> PostDigests | None:
    """Return the digests of a post; None if its time is not one, as it is not normalised yet."""
    try:
        return digests_of(post)
    except (ValueError, OverflowError):
        return None


_decoder = Decoder(ReadThread)


def _decode(encoded: bytes) -> ReadThread:
    # A method of the decoder cannot be sent to another process.
    return _decoder.decode(encoded)
