"""An edition as it is kept, with what other debates may want to know of it: a pure function of the edition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from rostra import addresses
from rostra.model import Edited, Edition, Mark, Quote, Thread
from rostra.quotations.tokens import tokenise
from rostra.quotations.weights import bits

BITS = 60.0
"""What the words of a quotation that names no post must weigh to be looked for in other debates."""
RAREST = 3
"""Words by which a quotation is looked for."""
LINK = re.compile(r'<a (?:[a-z-]+="[^"]*" )*?href="([^"]*)"')

PLAIN = re.compile(r"[^\W_]+")


def plain_words(text: str) -> set[str]:
    """The words of a text as they are looked for first, quickly."""
    return set(PLAIN.findall(text.casefold()))


class Open(Struct, frozen=True):
    """A quotation that is set apart and found no source in its own debate."""

    post: str
    number: int
    created: str | None
    who: str | None
    title: str
    mark: Mark | None
    text: str
    rarest: tuple[str, ...]
    """Its rarest words, of which a source has all but one."""

    @property
    def least(self) -> int:
        """How many of these a source has."""
        return min(len(self.rarest), RAREST - 1)


class Stored(Struct, frozen=True):
    """An edition as it is kept, with what others may want to know of it.

    ``open`` and ``links`` are the concordance's; ``named`` are keys of addresses with the post that each is of,
    ``led`` those that its links lead to.
    """

    id: str
    published: str | None
    posts: int
    edition: bytes
    words: str
    open: bytes
    links: bytes
    named: list[tuple[str, str | None]]
    led: list[str]


def stored(edition: Edition) -> Stored:
    """An edition as the store keeps it: a pure function of it."""
    thread = edition.thread
    opened = tuple(
        quotation
        for each in edition.posts
        for number, quote in enumerate(each.quotes, 1)
        if quote.source is None and quote.tier == "none" and (quotation := _opened(edition, each, number, quote))
    )
    natives = {each.post.raw.native_id: each.post.id for each in edition.posts if each.post.raw.native_id}
    links = {each.post.id: found for each in edition.posts if (found := dict(_links(each, thread, natives)))}
    named: list[tuple[str | None, str | None]] = [(addresses.key(thread.url or ""), None)]
    for each in edition.posts:
        named += (
            (addresses.message(each.post.raw.native_id), each.post.id),
            (addresses.key(each.post.raw.url or ""), each.post.id),
        )
    return Stored(
        id=thread.id,
        published=thread.source.published,
        posts=sum(1 for each in edition.posts if each.post.raw.kind == "post"),
        edition=msgspec.msgpack.encode(edition),
        words=" ".join(set[str]().union(*(plain_words(each.body.text) for each in edition.posts))),
        open=msgspec.msgpack.encode(opened),
        links=msgspec.msgpack.encode(links) if links else b"",
        named=[(key, post) for key, post in named if key],
        led=sorted({key[:1] if key.startswith("#") else key for found in links.values() for key, _ in found.values()}),
    )


def _links(each: Edited, thread: Thread, natives: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The links of a body that may lead to what the archive holds: the tag's index, the key and the address."""
    for n, (_, tag) in enumerate(each.body.tags):
        if not (link := LINK.match(tag)):
            continue
        url = unescape(link[1])
        if url.startswith("#"):
            if post := natives.get(url[1:]):
                yield n, (f"#{post}", url)
            continue
        with suppress(ValueError):
            url = urljoin(each.post.raw.url or thread.url or "", url)
            if key := addresses.key(url):
                yield n, (key, url)


def _opened(edition: Edition, each: Edited, number: int, quote: Quote) -> Open | None:
    said = each.body.text[quote.start : quote.end]
    mark = next((block.mark for block in each.body.blocks if block.start == quote.start), None)
    named = mark is not None and mark.thread is not None
    distinct = set(tokenise(said).words)
    if not distinct or (not named and sum(map(bits, distinct)) < BITS):
        return None
    raw = each.post.raw
    who = raw.author.name if raw.author else None
    rarest = sorted(filter(str.isalnum, distinct), key=lambda word: (-bits(word), word))[:RAREST]
    return Open(each.post.id, number, raw.created, who, edition.thread.title, mark, said, tuple(rarest))
