"""Where people's posts are listed: on a page of their own, or on a page that people with few posts share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import sha256

from msgspec import Struct

from rostra.i18n.text_folding import person_key
from rostra.people.appearances import address

OWN = 10
"""The fewest posts with which somebody has a page of their own."""
SHELF = 400
"""The most posts of a shelf on average; the fewest are a quarter of it."""
LONGEST = 60
"""The most code points of an address that is not longer because somebody else has it."""


class PersonPages(Struct, frozen=True):
    """The pages of an archive's people, who are divided into ``shelves``; those of a shelf with few posts share a page.

    ``own`` are the keys of the requested people with a page of their own; None means that everybody has one.
    ``twins`` are the keys of people whose address is that of an earlier key; they get a longer one.
    """

    shelves: int = 1
    own: Collection[str] | None = None
    twins: Collection[str] = ()

    def address(self, name: str) -> str:
        """Return the last part of somebody's address, which nobody else has."""
        own, key = address(name), person_key(name)
        if key not in self.twins:
            return own
        return f"{own}-{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def path(self, name: str) -> str:
        """Return the address of somebody's posts in the site; with a fragment on a page that is shared."""
        own = self.address(name)
        if self.has_own(person_key(name)):
            return f"people/{own}.html"
        return f"{shared_page(shelf_of(own, self.shelves))}#{own}"

    def among(self, keys: Sequence[str]) -> PersonPages:
        """Return the same for some people, sorted by key, so that it changes with their pages only."""
        own = None if self.own is None else tuple(filter(self.own.__contains__, keys))
        return PersonPages(self.shelves, own, tuple(filter(self.twins.__contains__, keys)))

    def has_own(self, key: str) -> bool:
        """Whether somebody has a page of their own."""
        return self.own is None or key in self.own


def shared_page(shelf: int) -> str:
    """Return the path of the page that people of a shelf share; an address never has an underscore."""
    return f"people/few_{shelf}.html"


def shelves_for(posts: int) -> int:
    """Return the number of shelves for a number of posts: a power of four, so that it seldom changes."""
    shelves = 1
    while posts > shelves * SHELF:
        shelves *= 4
    return shelves


@lru_cache(maxsize=8192)
def shelf_of(own: str, shelves: int) -> int:
    """Return the shelf of an address: its FNV-1a digest, which the script of 404.html computes too."""
    digest = 2166136261
    for each in own.encode():
        digest = (digest ^ each) * 16777619 & 0xFFFFFFFF
    return digest % shelves
