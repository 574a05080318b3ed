"""Sigla: a small mark for each person, as a critical edition marks its witnesses.

It has letters of the name in a frame.  Colour is only an addition, so nobody needs to distinguish colours.
A name has the same siglum in every thread and every build.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from rostra.i18n.text_folding import person_key
from rostra.system.lazy_regex import late

COLOURS, FRAMES = 6, 4
WORD = late(r"[^\W_]+")


class Siglum(NamedTuple):
    """At most two ``letters``; ``colour`` counts from 1, ``frame`` from 0."""

    letters: str
    colour: int
    frame: int


@lru_cache(maxsize=8192)
def siglum(name: str) -> Siglum:
    """Return a person's siglum."""
    words = WORD.findall(name)
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else words[0][:2] if words else "•"
    drawn = int.from_bytes(sha256(person_key(name).encode("utf-8", "surrogatepass")).digest()[:4])
    return Siglum(letters, drawn % COLOURS + 1, drawn // COLOURS % FRAMES)
