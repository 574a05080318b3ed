"""The machine-readable form of a thread, version 2: a contract, so keys are added and never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace

from rostra.editorial.described import author_label, editorial_note, phrase
from rostra.i18n.catalogue import ENGLISH
from rostra.markup import render
from rostra.model import Author, Edited, LinkedEdition, LinkedPost, MediaFile, Quote, Revision
from rostra.render.context import Context
from rostra.render.post_html import earlier, published
from rostra.system.web_address import page_address, web_address

VERSION = 2
"""Since version 2, a published document does not change with the digests of its dumps: ``record`` leads to them."""


def encode_document(
    edition: LinkedEdition, context: Context | None = None, records: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Return the document as a line of JSON, UTF-8; offsets are code points of each post's ``text``.

    ``context`` is the one that the debate's pages are made with; without it, labels in ``html`` are English.
    ``records`` are the relative addresses of the records of its dumps, by the dumps' names.
    """
    thread = edition.thread
    if context is None or not context.is_whole:
        context = Context(edition, context.words if context else ENGLISH)
    before = {
        "rostra": VERSION,
        "id": thread.id,
        "native_id": thread.native_id,
        "title": thread.title,
        "url": web_address(thread.url),
        "source": {
            "path": thread.source.path,
            "format": thread.source.format,
            "sha256": thread.source.sha256 or None,
            "record": records.get(thread.source.path),
            "captured": thread.source.captured,
            "archived": thread.source.archived,
            "place": thread.source.place,
        },
        "other_sources": [
            {"path": s.path, "format": s.format, "sha256": None, "record": records.get(s.path), "captured": s.captured} for s in thread.others
        ],
        "licence": thread.licence,
        "language": thread.language,
        "tags": list(thread.tags),
        "corrected": [phrase(each, ENGLISH) for each in thread.corrected],
    }  # fmt: skip
    after = {
        "kept": [{"post": each.post, "thread": each.thread, "to": each.to} for each in edition.kept],
        "problems": [
            {"code": p.code, "message": p.message, "post": p.post, "line": p.line} for p in edition.problems
        ],
    }  # fmt: skip
    # A huge thread is encoded post by post, so that it is never in memory twice.
    out = BytesIO()
    out.write(msgspec.json.encode(before)[:-1] + b',"posts":[')
    for n, each in enumerate(edition.posts):
        out.write(b"," * (n > 0) + msgspec.json.encode(_post(each, context)))
        context.bodies.pop(each.post.id, None)
    out.write(b"]," + msgspec.json.encode(after)[1:] + b"\n")
    return out.getvalue()


def _post(each: LinkedPost, context: Context) -> dict[str, Any]:
    raw, files = each.post.raw, each.media.files
    base = raw.url or context.url
    return {
        "id": each.post.id,
        "native_id": raw.native_id,
        "parent": each.post.parent,
        "parent_by": raw.parent_by,
        "depth": each.post.depth,
        "kind": raw.kind,
        "author": _author(raw.author),
        "created": raw.created,
        "created_local": raw.created_local,
        "created_text": raw.created_text,
        "edited": raw.edited,
        "score": raw.score,
        "reactions": [{"sign": each.sign, "count": each.count} for each in raw.reactions],
        "line": raw.line,
        "url": web_address(raw.url),
        "title": raw.title,
        "stance": raw.stance,
        "note": editorial_note(each.post, ENGLISH, raw.note),
        "language": raw.language,
        "attachments": [
            {"name": a.name, "url": web_address(a.url, base), "media_type": a.media_type}
            | (_file(files[n]) if n < len(files) and files[n] else {})
            for n, a in enumerate(raw.attachments)
        ],
        "pictures": [{"address": page_address(address, base)} | _file(file) for address, file in each.media.pictures],
        "text": each.body.text,
        "html": published(each, context),
        "footnotes": [
            {"label": n.label, "text": n.text, "marker": n.marker} | ({"heading": n.heading} if n.heading else {})
            for n in each.body.notes
        ],
        "quotes": [_quote(each, quote) for quote in each.quotes],
        "revisions": [_revision(revision, each, context) for revision in each.post.history.revisions],
        "vanished": each.post.history.vanished,
        "corrected": [phrase(each, ENGLISH) for each in each.post.corrections.made],
        "quoted_by": [
            {"thread": b.thread, "post": b.post, "quote": b.quote, "start": b.start, "end": b.end}
            for b in each.quoted_by
        ],
        "references": [
            {"start": each.body.tags[r.tag][0], "url": r.url, "thread": r.thread, "post": r.post}
            for r in each.references
        ],
    }  # fmt: skip


def _file(file: MediaFile | None) -> dict[str, Any]:
    """Return the fields of a file: its path in the site, or why it is not published."""
    if file is None or file.why:
        return {"file": None, "withheld": file.why if file else None}
    about = {"file": file.path, "type": file.media_type, "size": file.size}
    return about | ({"width": file.width, "height": file.height} if file.width else {})


def _revision(revision: Revision, each: Edited, context: Context) -> dict[str, Any]:
    return {
        "source": revision.source,
        "text": render(revision.body, revision.dialect).text,
        "html": earlier(revision, each, context),
    }


def _author(author: Author | None) -> dict[str, Any] | None:
    if author is None:
        return None
    # The id beside it distinguishes namesakes.
    name = author_label(replace(author, namesake=False), ENGLISH)
    return {"name": name, "id": author.id, "url": web_address(author.url)}


def _quote(each: Edited, quote: Quote) -> dict[str, Any]:
    source = quote.source
    return {
        "start": quote.start,
        "end": quote.end,
        "kind": quote.kind,
        "text": each.body.text[quote.start : quote.end],
        "source": {
            "thread": source.thread,
            "post": source.post,
            "spans": [list(span) for span in source.spans],
            "text": source.text,
        }
        if source
        else None,
        "score": quote.score,
    }
