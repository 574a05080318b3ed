"""Check ``thread.json``: quotations are given in both directions, and every offset is within its text."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct


class DocumentSource(Struct, frozen=True):
    """The quoted passage."""

    thread: str
    post: str
    spans: tuple[tuple[int, int], ...]


class DocumentQuote(Struct, frozen=True):
    """The quoting passage."""

    start: int
    end: int
    text: str
    source: DocumentSource | None


class DocumentBackQuote(Struct, frozen=True):
    """The link back from a source."""

    thread: str
    post: str
    quote: int
    start: int
    end: int


class Footnote(Struct, frozen=True):
    """A footnote, and where it is called."""

    label: str
    marker: int | None


class DocumentPost(Struct, frozen=True):
    """The fields of a post that are checked."""

    id: str
    parent: str | None
    text: str
    quotes: tuple[DocumentQuote, ...]
    quoted_by: tuple[DocumentBackQuote, ...]
    footnotes: tuple[Footnote, ...] = ()


class Document(Struct, frozen=True):
    """The fields of a thread document that are checked."""

    id: str
    posts: tuple[DocumentPost, ...]


Wrong = tuple[str, str]
"""A rule's code, and what is wrong."""

_decode = msgspec.json.Decoder(Document).decode


def read_document(content: bytes, wrong: list[Wrong]) -> tuple[set[str], set[str]]:
    """Return the quotations across debates: those that start in this debate, and those that lead to it.

    Errors within the document are added to ``wrong``.
    """
    try:
        document = _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        wrong.append(("not-text", f"this is not a thread document: {error}"))
        return set(), set()
    given: set[str] = set()
    taken: set[str] = set()
    texts = {post.id: post.text for post in document.posts}
    seen: set[str] = set()
    for post in document.posts:
        if post.id in seen:
            wrong.append(("double-id", f"the post {post.id} occurs twice"))
        if post.parent is not None and post.parent not in seen:
            wrong.append(("broken-fragment", f"{post.id} answers {post.parent}, which does not precede it"))
        seen.add(post.id)
        wrong.extend(("wrong-offset", f"{post.id}: {said}") for said in _offsets(post))
        for number, quote in enumerate(post.quotes, 1):
            if quote.source is None:
                continue
            if quote.source.thread == document.id:
                length = len(texts.get(quote.source.post, ""))
                if any(not 0 <= start < end <= length for start, end in quote.source.spans):
                    wrong.append(("wrong-offset", f"{post.id}: the source of quotation {number} is outside its post"))
            for start, end in quote.source.spans:
                given.add(_way(document.id, post.id, number, quote.source.thread, quote.source.post, start, end))
        for back in post.quoted_by:
            taken.add(_way(back.thread, back.post, back.quote, document.id, post.id, back.start, back.end))
    inside = f"{document.id} "
    wrong.extend(
        ("one-way-quotation", f"{way}: its source has no link back")
        for way in sorted(given - taken)
        if way.split(" > ")[1].startswith(inside)
    )
    wrong.extend(
        ("one-way-quotation", f"{way}: the link back leads to no quotation")
        for way in sorted(taken - given)
        if way.startswith(inside)
    )
    out = {way for way in given if not way.split(" > ")[1].startswith(inside)}
    return out, {way for way in taken if not way.startswith(inside)}


def _way(thread: str, post: str, number: int, source: str, quoted: str, start: int, end: int) -> str:
    return f"{thread} {post} quotation {number} > {source} {quoted} {start}-{end}"


def _offsets(post: DocumentPost) -> Iterator[str]:
    length = len(post.text)
    for number, quote in enumerate(post.quotes, 1):
        if not 0 <= quote.start < quote.end <= length:
            yield f"quotation {number} is outside the text"
        elif post.text[quote.start : quote.end] != quote.text:
            yield f"quotation {number} differs from the text there"
    for back in post.quoted_by:
        if not 0 <= back.start < back.end <= length:
            yield f"a passage quoted by {back.post} is outside the text"
    for note in post.footnotes:
        if note.marker is not None and not 0 <= note.marker <= length:
            yield f"footnote {note.label} is called outside the text"
