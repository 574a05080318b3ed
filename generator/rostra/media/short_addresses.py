"""Short addresses of uploads in Discourse: their key is the SHA-1 of a file, as a number of base 62.

Posts have them as typed (``upload://KEY.png``) and as links to attachments; the forum keeps the file by its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase, digits

from rostra.system.lazy_regex import late

MARK = "short-url/"
NAME = late(r"([0-9A-Za-z]{1,27})((?:\.\w{1,10})?)")
"""A key, which has at most 27 digits, and the ending of the file's name."""
DIGITS = {sign: value for value, sign in enumerate(digits + ascii_lowercase + ascii_uppercase)}
DEEPEST = 3
"""The most folders, named by the first digits of the digest, in which a large forum keeps its files."""


def kept_at(path: str) -> Iterator[str]:
    """Yield the paths at which Discourse keeps the file of a short address; none if the path is no such address."""
    before, mark, name = path.rpartition(MARK)
    found = NAME.fullmatch(name)
    if not (mark and found) or (before and not before.endswith("/")):
        return
    number = 0
    for sign in found[1]:
        number = number * len(DIGITS) + DIGITS[sign]
    digest = f"{number:040x}"
    for depth in range(DEEPEST + 1 if len(digest) == 40 else 0):
        folders = "".join(f"{each}/" for each in digest[:depth])
        yield f"{before}default/original/{depth + 1}X/{folders}{digest}{found[2]}"
