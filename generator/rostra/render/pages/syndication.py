"""Write a feed as bytes: Atom (RFC 4287) with threading (RFC 4685), and JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from rostra import __version__
from rostra.system.lazy_regex import late

UNKNOWN = "1970-01-01T00:00:00Z"
"""The value of an unknown time, since Atom requires one: the epoch, at which nobody posted."""
FORBIDDEN = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids in any document, even escaped."""

LANGUAGE = late(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
"""The form of a language tag in XML."""


class Answer(Struct, frozen=True):
    """The parent of an entry's post: its lasting id and its address."""

    ref: str
    href: str


class FeedEntry(Struct, frozen=True, kw_only=True):
    """A post or a debate in a feed.  Times are RFC 3339, ``updated`` is None if it is unknown.

    ``html`` is the whole content, ``summary`` its first words; one of them is required.
    ``replies`` is the feed of its replies, if it has one, ``total`` their number.
    """

    id: str
    title: str
    href: str
    updated: str | None
    published: str | None = None
    author: str | None = None
    author_href: str | None = None
    html: str | None = None
    summary: str | None = None
    answers: Answer | None = None
    replies: str | None = None
    total: int | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


class Feed(Struct, frozen=True, kw_only=True):
    """A feed; ``publisher`` is the author of entries that name none."""

    id: str
    title: str
    subtitle: str
    href: str
    """The page that has the same content."""
    itself: str
    language: str
    publisher: str
    rights: str
    entries: tuple[FeedEntry, ...]
    updated: str | None = None
    """The time of the feed if it has no entries."""


def escaped(text: str) -> str:
    """Escape text for XML, in content and attributes; characters that XML forbids are removed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text if text.isprintable() else FORBIDDEN.sub("", text)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom."""
    return "\n".join(_atom(feed)).encode()


def _atom(feed: Feed) -> Iterator[str]:
    updated = max((entry.updated or "" for entry in feed.entries), default="") or feed.updated or UNKNOWN
    yield '<?xml version="1.0" encoding="utf-8"?>'
    spoken = f' xml:lang="{feed.language}"' if LANGUAGE.fullmatch(feed.language) else ""
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"{spoken}>'
    yield f"<id>{escaped(feed.id)}</id>"
    yield f"<title>{escaped(feed.title)}</title>"
    if feed.subtitle:
        yield f"<subtitle>{escaped(feed.subtitle)}</subtitle>"
    yield f"<updated>{updated}</updated>"
    yield f"<author><name>{escaped(feed.publisher)}</name></author>"
    yield f'<link rel="self" type="application/atom+xml" href="{escaped(feed.itself)}"/>'
    yield f'<link rel="alternate" type="text/html" href="{escaped(feed.href)}"/>'
    if feed.rights:
        yield f"<rights>{escaped(feed.rights)}</rights>"
    yield f'<generator version="{__version__}">Rostra</generator>'
    for entry in feed.entries:
        yield from _entry(entry)
    yield "</feed>\n"


def _entry(entry: FeedEntry) -> Iterator[str]:
    spoken = f' xml:lang="{entry.language}"' if entry.language and LANGUAGE.fullmatch(entry.language) else ""
    yield f"<entry{spoken}>"
    yield f"<id>{escaped(entry.id)}</id>"
    yield f"<title>{escaped(entry.title)}</title>"
    yield f"<updated>{entry.updated or UNKNOWN}</updated>"
    if entry.published:
        yield f"<published>{entry.published}</published>"
    if entry.author:
        uri = f"<uri>{escaped(entry.author_href)}</uri>" if entry.author_href else ""
        yield f"<author><name>{escaped(entry.author) or '…'}</name>{uri}</author>"
    yield f'<link rel="alternate" type="text/html" href="{escaped(entry.href)}"/>'
    for name in entry.tags:
        yield f'<category term="{escaped(name)}"/>'
    if entry.answers:
        yield f'<thr:in-reply-to ref="{escaped(entry.answers.ref)}" href="{escaped(entry.answers.href)}" type="text/html"/>'
    if entry.replies:
        count = f' thr:count="{entry.total}"' if entry.total is not None else ""
        yield f'<link rel="replies" type="application/atom+xml" href="{escaped(entry.replies)}"{count}/>'
    if entry.total is not None:
        yield f"<thr:total>{entry.total}</thr:total>"
    if entry.summary:
        yield f"<summary>{escaped(entry.summary)}</summary>"
    if entry.html is not None:
        yield f'<content type="html">{escaped(entry.html)}</content>'
    yield "</entry>"


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.href,
        "feed_url": feed.itself,
        "description": feed.subtitle,
        "language": feed.language,
        "authors": [{"name": feed.publisher}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return msgspec.json.encode(_said(document)) + b"\n"


def _item(entry: FeedEntry) -> dict[str, Any]:
    body = {"content_text": entry.summary or entry.title} if entry.html is None else {"content_html": entry.html}
    return _said(
        {
            "id": entry.id,
            "url": entry.href,
            "title": entry.title,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": [{"name": entry.author}] if entry.author else None,
            "tags": list(entry.tags),
            "language": entry.language,
            **body,
        }
    )


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping without empty values."""
    return {key: value for key, value in values.items() if value not in (None, "", [])} | (
        {"items": values["items"]} if "items" in values else {}
    )
