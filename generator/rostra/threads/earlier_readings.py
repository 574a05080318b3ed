"""Which posts hold what an earlier version of Rostra read as posts.

A version that reads copied text better gives its posts, which have no ids in their source, other words, authors and
parents, so that nothing of them is in the ledger.  The dump itself is what it was: what was read as a body then is a
run of its lines, and the ledger has the digest of the words.  The post that begins there now is its successor.
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
from rostra.readers.dump import HEAD as BEGINNING
from rostra.readers.encodings import decode
from rostra.readers.saved_pages import is_archive, page_in
from rostra.system.lazy_regex import late

MOST = 1 << 24
"""Bytes of a dump, unpacked, that is searched: 16 MiB, since nobody copies more from a page."""
PIECES = 50_000
"""Pieces with words likewise: lines, parted where a sentence, a tag or a link of a wiki begins."""
LONGEST = 90
"""Pieces of a body that is searched for anywhere."""
HEAD = 20
"""Pieces at the beginning of a dump, where a body of any length may begin: much was read as one post."""
PARTED = late(r"<[^<>]*>|[:.]\s|(?=\[\[|\{\{)")
SHARED = 3
"""Words in a row that a run of lines and a post must share to be the same, or all words of one of them."""


class LineRange(Struct, frozen=True):
    """Lines of a dump, ``first`` to ``last`` (1-based), that were read as a body: its digest and its words."""

    digest: str
    first: int
    last: int
    words: list[str]


def line_ranges(dump: Dump, wanted: Collection[str]) -> list[LineRange]:
    """The runs of lines of a dump whose words have one of the digests, as the ledger gives them."""
    if not wanted or dump.is_folder:
        return []
    with dump.open() as stream:
        data = stream.read(MOST + 1)
    if len(data) > MOST or b"\0" in data:
        return []
    # What was read as a letter then is the page in it now.
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
    # As the five bytes that a short digest is, and every longer one begins with: nearly all is looked up in vain.
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
        # What somebody wrote into the ledger may be no digest.
        with suppress(ValueError):
            yield b32decode(digest[:SHORT].upper())


def marked(thread: Thread, found: Iterable[LineRange]) -> Thread:
    """The thread, each post with the digests of the runs that were read in its place."""
    lines = lines_of(thread)
    marks: dict[int, tuple[str, ...]] = {}
    for run in found:
        # The post in which the run begins, else one that begins within it.
        begun = max(0, bisect(lines, (run.first, len(thread.posts))) - 1)
        ended = bisect(lines, (run.last, len(thread.posts)))
        successor = next((n for _, n in lines[begun:ended] if _shares(thread.posts[n].raw, run)), None)
        if successor is not None:
            marks[successor] = (*marks.get(successor, ()), run.digest)
    if not marks:
        return thread
    posts = (replace(p, raw=replace(p.raw, readings=marks[n])) if n in marks else p for n, p in enumerate(thread.posts))
    return replace(thread, posts=tuple(posts))


def lines_of(thread: Thread) -> list[tuple[int, int]]:
    """The posts with words, each with the line at which it begins and its number in the thread, sorted."""
    return sorted((post.raw.line, n) for n, post in enumerate(thread.posts) if post.raw.line and post.raw.body)


def _shares(raw: RawPost, run: LineRange) -> bool:
    """Whether a post begins within a run, or a run within a post: with as many words as must be shared."""
    words = body_words(raw.body)
    return _within(words[:SHARED], run.words) or _within(run.words[:SHARED], words)


def _within(few: list[str], many: list[str]) -> bool:
    return bool(few) and any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))
