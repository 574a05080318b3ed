"""The permanent id of a post.

If the source has ids, it is that id; else a digest of the post's text and its parent, never of its
position.  An id is ``p-`` and then a-z, 0-9 and hyphens, at most 40 code points, so that it is a
valid CSS identifier without escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from unicodedata import normalize

from rostra.model import Kept, RawPost, Thread
from rostra.system.lazy_regex import late

PLAIN = late(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
COPIES = 100
"""How many copies of one post have addresses."""
PAIRS = [a + b for a in BASE32 for b in BASE32]


def digest(*parts: str) -> str:
    """Return ten lower-case base-32 digits of the parts' digest; white space is folded and Unicode composed (NFC)."""
    return digits("\x1f".join([" ".join(part.split()) for part in parts]))


brief_digest = lru_cache(maxsize=1 << 14)(digest)
"""``digest`` of ids, names and times, which a build needs several times for each post."""


def digits(folded: str) -> str:
    """Return the digits of a text whose white space is already folded."""
    return base32(sha256(normalize("NFC", folded).encode("utf-8", "surrogatepass")).digest())


def base32(digest: bytes) -> str:
    """Return the first ten lower-case base-32 digits of a digest (RFC 4648).

    That is 50 bits, so that 50,000 posts in one thread have a collision in one of a million threads.
    """
    number = int.from_bytes(digest[:7])
    return "".join([PAIRS[number >> shift & 1023] for shift in (46, 36, 26, 16, 6)])


def name(native_id: str) -> str:
    """Return a native id as part of an address: unchanged if it is plain, lower case and short, else a digest."""
    plain = native_id.replace("_", "-")
    if PLAIN.fullmatch(native_id) and len(native_id) <= 36 and plain == plain.lower():
        return plain
    return brief_digest(native_id)


def post_ids(posts: Sequence[RawPost]) -> list[str]:
    """Return one id for each post; ``posts`` are in reading order, with parents by key."""
    by_key: dict[str | None, RawPost] = {post.key: post for post in posts}
    first_answer: dict[str | None, RawPost] = {}
    for post in posts:
        first_answer.setdefault(post.parent, post)
    taken: dict[str, int] = {}
    return [
        _unused(post.id or f"p-{_own(post, by_key.get(post.parent), first_answer.get(post.key))}", taken)
        for post in posts
    ]


def _said(post: RawPost | None) -> str:
    return digest(post.author.name if post.author else "", post.body) if post else ""


def _own(post: RawPost, parent: RawPost | None, answer: RawPost | None) -> str:
    if post.native_id is not None:
        return name(post.native_id)
    if post.kind == "missing" and not post.body:
        return digest("missing", _said(parent), _said(answer))
    return digest(_said(post), _said(parent))


def _unused(id: str, taken: dict[str, int]) -> str:
    """Return an id, followed by a number if it is taken; ``taken`` has the last number of each, since no lower one is free."""
    candidate, count = id, taken.get(id, 1)
    while candidate in taken:
        count += 1
        candidate = f"{id}-{count}"
    taken[id] = count
    taken.setdefault(candidate, 1)
    return candidate


def of_copies(thread: Thread, kept: Iterable[Kept]) -> Iterator[Kept]:
    """Return the addresses that copies of a post would have as posts, in addition to ``kept``: they lead to the post."""
    taken = {post.id for post in thread.posts}.union(each.post for each in kept)
    for post in thread.posts:
        for n in range(2, min(post.raw.copies, COPIES) + 2):
            if (id := f"{post.id}-{n}") not in taken:
                yield Kept(post=id, thread=thread.id, to=post.id)


def slug(text: str) -> str:
    """Return a title or file name as part of an address: a-z, 0-9 and hyphens; a digest if nothing is left."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:60].strip("-") or digest(text)
