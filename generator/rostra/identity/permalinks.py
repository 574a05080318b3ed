"""The id that a post keeps for ever.

Where the source has ids of its own, that id; else a digest of what the post says and whom it
answers, never of where it stands.  An id is ``p-`` and then a-z, 0-9 and hyphens, at most 40
code points, so that it is a CSS identifier as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from unicodedata import normalize

from rostra.model import RawPost
from rostra.system.lazy_regex import late

PLAIN = late(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = [a + b for a in BASE32 for b in BASE32]


def digest(*parts: str) -> str:
    """Ten lower-case base-32 digits of the parts, white space folded and Unicode composed (NFC)."""
    return digits("\x1f".join([" ".join(part.split()) for part in parts]))


def digits(folded: str) -> str:
    """Those of a text whose white space is folded."""
    return base32(sha256(normalize("NFC", folded).encode("utf-8", "surrogatepass")).digest())


def base32(digest: bytes) -> str:
    """The first ten lower-case base-32 digits of a digest (RFC 4648).

    That is 50 bits, so that 50,000 posts in one thread collide once in a million threads.
    """
    number = int.from_bytes(digest[:7])
    return "".join([PAIRS[number >> shift & 1023] for shift in (46, 36, 26, 16, 6)])


def name(native_id: str) -> str:
    """A native id as part of an address: itself where it is plain, lower case and short, else a digest."""
    plain = native_id.replace("_", "-")
    if PLAIN.fullmatch(native_id) and len(native_id) <= 36 and plain == plain.lower():
        return plain
    return digest(native_id)


def post_ids(posts: Sequence[RawPost]) -> list[str]:
    """One id for each post; ``posts`` in reading order, parents by key."""
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
    """An id with a number behind it where it is taken; ``taken`` has the last number of each, since none below is free."""
    candidate, count = id, taken.get(id, 1)
    while candidate in taken:
        count += 1
        candidate = f"{id}-{count}"
    taken[id] = count
    taken.setdefault(candidate, 1)
    return candidate


def slug(text: str) -> str:
    """A title or file name as part of an address: a-z, 0-9 and hyphens; a digest where nothing is left."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:60].strip("-") or digest(text)
