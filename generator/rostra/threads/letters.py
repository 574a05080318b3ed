"""The key data of a post for joining: time, author, subject, and digests of its own words and of its quotations.

A digest stands for ``SHINGLE`` consecutive words, so that re-wrapped lines are the same, and a post's words are
some hundred numbers of four bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from msgspec import Struct

from rostra.markup import render
from rostra.model import RawPost, RawThread
from rostra.model.timestamps import seconds
from rostra.readers.mail.subjects import former_subject, is_answer, lasting_subject, tracker_number
from rostra.threads.quoted_lines import DEEPEST, WORD, Line, Run, mail_lines, runs

SHINGLE = 4
"""The consecutive words of a digest."""
LONGEST = 200_000
"""The code points of a body that are compared."""


class Quoted(Struct, frozen=True, array_like=True):
    """A run of lines quoted at one ``depth`` (1: words of the post that is answered).

    ``named`` is the text that names their author, itself quoted at depth ``said_at``.  ``answered`` says whether the
    post's author writes below it.
    """

    depth: int
    digests: bytes
    named: str
    said_at: int
    answered: bool


class Letter(Struct, frozen=True, array_like=True):
    """The key data of a post for joining; ``key`` is its id, ``parent`` its parent according to the source.

    ``native`` is its id in the source.  ``time`` is in seconds since 1970, as if a time without a zone were UTC.
    ``number`` is the number of a report in a bug tracker, ``was`` the subject before it was changed.  ``own`` and
    ``quoted`` are digests of words.  ``home`` is its dump.
    """

    key: str
    native: str | None
    parent: str | None
    time: int | None
    author: str
    subject: str
    was: str
    number: str
    is_answer: bool
    missing: bool
    own: bytes
    quoted: tuple[Quoted, ...]
    home: str = ""


def letters(thread: RawThread) -> Iterator[Letter]:
    """Yield the letters of a thread's posts with the parents that the source gives: inferred parents are left out."""
    held = {post.key for post in thread.posts}
    for post in thread.posts:
        parent = post.parent if post.parent_by == "source" else None
        if post.parent is None and thread.native_id not in held:
            # Missing posts above the first one are left out, and the thread has the key of the uppermost.
            parent = thread.native_id
        yield letter(post, parent)


def letter(post: RawPost, parent: str | None) -> Letter:
    """Return the letter of a post."""
    title = post.title or ""
    own, quoted = words_of(post) if post.kind == "post" else ([], ())
    return Letter(
        key=post.key,
        native=post.native_id,
        parent=parent,
        time=seconds(post.time),
        author=" ".join(WORD.findall(post.author.name.casefold())) if post.author else "",
        subject=lasting_subject(title).casefold(),
        was=former_subject(title).casefold(),
        number=tracker_number(title),
        is_answer=is_answer(title),
        missing=post.kind == "missing",
        own=packed_digests(own),
        quoted=quoted,
    )


def words_of(post: RawPost) -> tuple[list[int], tuple[Quoted, ...]]:
    """Return the digests of a post's own words, and what it quotes, in order."""
    found = runs(list(_lines(post)))
    own: list[int] = []
    for run in found:
        if run.depth == 0:
            own += shingle_digests(run.words)
    last = max((n for n, run in enumerate(found) if run.depth == 0), default=-1)
    return own, tuple(_quoted(run, n < last) for n, run in enumerate(found) if 0 < run.depth <= DEEPEST)


def _quoted(run: Run, answered: bool) -> Quoted:
    return Quoted(run.depth, packed_digests(shingle_digests(run.words)), run.named, run.said_at, answered)


def _lines(post: RawPost) -> Iterator[Line]:
    if post.dialect == "mail":
        yield from mail_lines(post.body[:LONGEST])
        return
    body = render(post.body[:LONGEST], post.dialect)
    for block in body.blocks:
        if block.kind != "signature":
            for line in body.text[block.start : block.end].casefold().split("\n"):
                if text := line.strip():
                    yield Line(block.depth, text)


def shingle_digests(words: Sequence[str]) -> list[int]:
    """Return the digests of all runs of ``SHINGLE`` words; none if there are fewer."""
    encoded = " ".join(words).encode("utf-8", "replace").split(b" ")
    return list(map(crc32, map(b" ".join, zip(*(encoded[at:] for at in range(SHINGLE)), strict=False))))


def packed_digests(found: Iterable[int]) -> bytes:
    """Return digests as bytes, sorted, each once."""
    return array("I", sorted(set(found))).tobytes()


def unpacked_digests(packed: bytes) -> array[int]:
    """Return the digests in the bytes that ``packed_digests`` returned."""
    return array("I", packed)
