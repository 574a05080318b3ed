"""A debate's quotations as W3C Web Annotations, so that other tools can read the links.

Web Annotation Data Model (W3C Recommendation, 23 February 2017): an annotation collection with one
page; each annotation says that a passage (its target) quotes another (its body).  Positions are code
points of the post's ``text`` in ``thread.json``; the quotation with its context finds the
passage in the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rostra.config.site import Site
from rostra.model import LinkedEdition
from rostra.output.staging import OutputFile
from rostra.render.pages.beside import FileLinks, has_files_beside
from rostra.render.templates import Layouts

AROUND = 32
"""How many code points before and after a passage are given to find it."""


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile]:  # noqa: ARG001  # the signature of every kind of page
    """Yield ``debates/ID/annotations.jsonld`` if the debate has a linked quotation and is not short."""
    if not has_files_beside(site, edition):
        return
    texts = {each.post.id: each.body.text for each in edition.posts}
    items = [
        {
            "id": f"#{each.post.id}-q{number}",
            "type": "Annotation",
            "motivation": "linking",
            "target": _resource("", each.post.id, [(quote.start, quote.end)], texts),
            "body": _resource(
                "" if quote.source.thread == edition.thread.id else f"../{quote.source.thread}/",
                quote.source.post,
                quote.source.spans,
                texts if quote.source.thread == edition.thread.id else {},
                quote.source.text,
            ),
        }
        for each in edition.posts
        for number, quote in enumerate(each.quotes, 1)
        if quote.source
    ]
    if not items:
        return
    document = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "annotations.jsonld",
        "type": "AnnotationCollection",
        "label": f"Quotations in “{edition.thread.title}”",
        "total": len(items),
        "first": {"id": "annotations.jsonld#page", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    yield OutputFile(f"debates/{edition.thread.id}/annotations.jsonld", content + b"\n")


def _resource(
    folder: str,
    post: str,
    spans: list[tuple[int, int]] | tuple[tuple[int, int], ...],
    texts: dict[str, str],
    said: str = "",
) -> list[dict[str, Any]] | dict[str, Any]:
    """Return a passage of a post: one resource for each span."""
    found = [
        {
            "type": "SpecificResource",
            "source": f"{folder}index.html",
            "selector": {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
                "value": post,
                "refinedBy": [
                    {"type": "TextPositionSelector", "start": start, "end": end},
                    _words(texts.get(post), start, end, said),
                ],
            },
        }
        for start, end in spans
    ]
    return found[0] if len(found) == 1 else found


def _words(text: str | None, start: int, end: int, said: str) -> dict[str, str]:
    if text is None:
        return {"type": "TextQuoteSelector", "exact": said}
    return {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - AROUND) : start],
        "suffix": text[end : end + AROUND],
    }
