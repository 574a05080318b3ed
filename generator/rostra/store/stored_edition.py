"""Prepare an edition for the store, with the data that other debates may need: a pure function of the edition."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from itertools import chain
from zlib import crc32

import msgspec
from msgspec import Struct

from rostra.i18n.plain_words import plain_words
from rostra.i18n.text_folding import person_key
from rostra.identity import source_urls
from rostra.model import Edited, Edition, Mark, Quote, Thread, encode_edition
from rostra.people.appearances import author_name
from rostra.people.said import encode_said
from rostra.quotations.tokens import tokenise
from rostra.quotations.weights import bits
from rostra.search.documents import searched
from rostra.store.partitions import TextParts
from rostra.system.lazy_regex import late
from rostra.system.web_address import web_address

BITS = 60.0
"""The least weight, in bits, of a quotation that names no post, for a search in other debates."""
LINK = late(r'<a (?:[a-z-]+="[^"]*" )*?href="([^"]*)"')


def grams(text: str) -> list[int]:
    """Return the digests of all 3-grams of words: a fast first filter."""
    # One call encodes all words: the 3-grams of every word of an archive are digested here.
    words = " ".join(plain_words(text)).encode("utf-8", "surrogatepass").split(b" ")
    # No 3-gram begins at the last two words.
    return list(map(crc32, map(b" ".join, zip(words, words[1:], words[2:]))))  # noqa: B905  # the shorter lists end the 3-grams


class Open(Struct, frozen=True):
    """A marked quotation without a source in its own debate."""

    post: str
    number: int
    created: str | None
    who: str | None
    title: str
    mark: Mark | None
    text: str

    def least(self, grams: int) -> int:
        """Return the least number of its ``grams`` that a source shares.

        A word that differs destroys three of them: if a fifth of the words differ, two fifths of the 3-grams are left, minus
        those destroyed at both ends, and those whose words are split differently in the source.
        """
        return max(1, grams // 10 if self.mark and self.mark.thread else grams * 3 // 10 - 2)


class Stored(Struct, frozen=True):
    """The data of an edition that other debates may need; ``digest`` is the edition's digest.

    ``open`` and ``links`` are for the concordance; ``files`` are the pictures and files that it refers to, encoded; ``named`` are address
    keys with the post of each, ``led`` those that its links lead to.  ``spoke`` are the keys of its named people, each
    with the number of their posts.
    """

    id: str
    published: str | None
    posts: int
    digest: str
    open: bytes
    links: bytes
    files: bytes
    named: list[tuple[str, str | None]]
    led: list[str]
    spoke: list[tuple[str, int]]


def stored(edition: Edition, original: bytes = b"", files: bytes = b"") -> tuple[Stored, TextParts]:
    """Return the data that others may need of an edition, and its parts, with its thread's ``original`` and ``files``."""
    thread = edition.thread
    opened = tuple(
        quotation
        for each in edition.posts
        for number, quote in enumerate(each.quotes, 1)
        if quote.source is None and quote.tier == "none" and (quotation := _opened(edition, each, number, quote))
    )
    natives = {each.post.raw.native_id: each.post.id for each in edition.posts if each.post.raw.native_id}
    links = {each.post.id: found for each in edition.posts if (found := dict(_links(each, thread, natives)))}
    named: list[tuple[str | None, str | None]] = [(source_urls.url_key(thread.url or ""), None)]
    for each in edition.posts:
        named += (
            (source_urls.message_key(each.post.raw.native_id), each.post.id),
            (source_urls.url_key(each.post.raw.url or ""), each.post.id),
        )
    parts = TextParts(
        edition=encode_edition(edition),
        searched=searched(edition),
        grams=array("I", chain.from_iterable(grams(each.body.text) for each in edition.posts)).tobytes(),
        original=original,
        said=encode_said(edition),
    )
    return Stored(
        id=thread.id,
        published=thread.source.published,
        posts=sum(1 for each in edition.posts if each.post.raw.kind == "post"),
        digest=sha256(parts.edition).hexdigest(),
        open=msgspec.msgpack.encode(opened),
        links=msgspec.msgpack.encode(links) if links else b"",
        files=files,
        named=[(key, post) for key, post in named if key],
        led=sorted({key[:1] if key.startswith("#") else key for found in links.values() for key, _ in found.values()}),
        spoke=sorted(Counter(map(person_key, filter(None, map(_speaker, edition.posts)))).items()),
    ), parts


def _speaker(each: Edited) -> str | None:
    return author_name(each.post.raw.author) if each.post.raw.kind == "post" else None


def _links(each: Edited, thread: Thread, natives: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the links of a body that may lead into the archive: the tag's index, the key and the address."""
    for n, (_, tag) in enumerate(each.body.tags):
        if not (link := LINK.match(tag)):
            continue
        url = unescape(link[1])
        if url.startswith("#"):
            if post := natives.get(url[1:]):
                yield n, (f"#{post}", url)
            continue
        address = web_address(url, each.post.raw.url or thread.url)
        if address and (key := source_urls.url_key(address)):
            yield n, (key, address)


def _opened(edition: Edition, each: Edited, number: int, quote: Quote) -> Open | None:
    said = each.body.text[quote.start : quote.end]
    mark = next((block.mark for block in each.body.blocks if block.start == quote.start), None)
    named = mark is not None and mark.thread is not None
    distinct = set(tokenise(said).words)
    if not distinct or (not named and sum(map(bits, distinct)) < BITS):
        return None
    raw = each.post.raw
    return Open(each.post.id, number, raw.time, author_name(raw.author), edition.thread.title, mark, said)
