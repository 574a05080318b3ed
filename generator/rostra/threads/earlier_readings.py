"""Find the posts that succeed the posts that an earlier version of Rostra read.

Posts of copied text have no ids in their source.  A version that reads such text better gives them other words,
authors and parents, so that none of them matches the ledger.  The dump itself is unchanged: what was read as a body
then is a run of its lines, and the ledger has the digest of its words.  The post that begins there now is its successor.
"""

from __future__ import annotations

import re
from base64 import b32decode
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from rostra.identity.ledger import FEW, SHORT, body_words
from rostra.identity.permalinks import base32
from rostra.model import RawPost, Thread
from rostra.readers import Dump
from rostra.readers.dumps.dump import HEAD as BEGINNING
from rostra.readers.dumps.encodings import decode
from rostra.readers.dumps.saved_pages import is_archive, page_in
from rostra.system.lazy_regex import late

MOST = 1 << 24
"""The largest dump that is searched, in bytes, decompressed: 16 MiB, since nobody copies more from a page."""
PIECES = 50_000
"""The most pieces with words in a dump that is searched; a piece is a line, or a part of it at a sentence, tag or wiki link."""
LONGEST = 90
"""The most pieces of a body that is searched for anywhere in the dump."""
HEAD = 20
"""The first pieces of a dump, where a body of any length may begin, since large parts were read as one post."""
PARTED = late(r"<[^<>]*>|[:.]\s|(?=\[\[|\{\{)")
SHARED = 3
"""The consecutive words that a run of lines and a post must share to be the same, unless one of them is shorter."""


class LineRange(Struct, frozen=True):
    """Lines of a dump, ``first`` to ``last`` (1-based), that were read as a body, with its digest and words."""

    digest: str
    first: int
    last: int
    words: list[str]


def line_ranges(dump: Dump, wanted: Collection[str]) -> list[LineRange]:
    """Return the runs of lines of a dump whose words have one of the ledger's digests."""
    if not wanted or dump.is_folder:
        return []
    with dump.open() as stream:
        data = stream.read(MOST + 1)
    if len(data) > MOST or b"\0" in data:
        return []
    # A saved page in a MIME archive, which was once read as a message, is now read as the page.
    text = page_in(dump).html if is_archive(data[:BEGINNING]) else decode(data)[0]
    pieces = [
        (number, words)
        for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1)
        for part in PARTED.split(line)
        if (words := body_words(part))
    ]
    return list(_runs(pieces, wanted)) if len(pieces) <= PIECES else []


def _runs(pieces: list[tuple[int, list[str]]], wanted: Collection[str]) -> Iterator[LineRange]:
    hashed = [normalize("NFC", " " + " ".join(words)).encode("utf-8", "surrogatepass") for _, words in pieces]
    # Compare the five bytes of a short digest, with which longer ones begin too: nearly all lookups fail here.
    begun = set(_bytes(wanted))
    for at, (first, _) in enumerate(pieces):
        total = sha256(hashed[at][1:])
        for end in range(at + 1, len(pieces) + 1 if at < HEAD else min(at + LONGEST, len(pieces)) + 1):
            if end > at + 1:
                total.update(hashed[end - 1])
            if total.digest()[:5] in begun:
                words = [word for _, more in pieces[at:end] for word in more]
                digest = base32(total.digest())[: None if len(words) >= FEW else SHORT]
                if digest in wanted:
                    yield LineRange(digest, first, pieces[end - 1][0], words)


def _bytes(digests: Iterable[str]) -> Iterator[bytes]:
    for digest in digests:
        # The ledger is a text file, so this may not be a digest.
        with suppress(ValueError):
            yield b32decode(digest[:SHORT].upper())


def with_readings(thread: Thread, found: Iterable[LineRange]) -> Thread:
    """Return the thread; each post has the digests of the runs that were read in its place."""
    lines = posts_by_line(thread)
    marks: dict[int, tuple[str, ...]] = {}
    for run in found:
        # The post that contains the start of the run, else one that begins within the run.
        begun = max(0, bisect(lines, (run.first, len(thread.posts))) - 1)
        ended = bisect(lines, (run.last, len(thread.posts)))
        successor = next((n for _, n in lines[begun:ended] if _shares(thread.posts[n].raw, run)), None)
        if successor is not None:
            marks[successor] = (*marks.get(successor, ()), run.digest)
    if not marks:
        return thread
    posts = (
        replace(post, history=replace(post.history, readings=marks[n])) if n in marks else post
        for n, post in enumerate(thread.posts)
    )
    return replace(thread, posts=tuple(posts))


def posts_by_line(thread: Thread) -> list[tuple[int, int]]:
    """Return the posts with words as pairs of the line where it begins and its index in the thread, sorted."""
    return sorted((post.raw.line, n) for n, post in enumerate(thread.posts) if post.raw.line and post.raw.body)


def _shares(raw: RawPost, run: LineRange) -> bool:
    """Whether a post begins within a run, or a run within a post, by the number of words that must be shared."""
    words = body_words(raw.body)
    return _within(words[:SHARED], run.words) or _within(run.words[:SHARED], words)


def _within(few: list[str], many: list[str]) -> bool:
    return bool(few) and any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))
