"""A debate as search engines read it."""

from __future__ import annotations

import json
from typing import Any

from rostra.model import Edited, Edition

EXCERPT = 180
"""Code points of a post's words where only their beginning is shown."""
COMMENTS = 200
"""Comments that the linked data of a page names: search engines read no more, and pages stay light."""


def linked_data(edition: Edition) -> str:
    """JSON-LD ``DiscussionForumPosting`` (schema.org), safe within a script element."""
    said = [each for each in edition.posts if each.post.raw.kind == "post"]
    if not said:
        return "{}"
    opening, *answers = said

    def comment(each: Edited) -> dict[str, Any]:
        raw = each.post.raw
        item: dict[str, Any] = {"@type": "Comment", "url": f"#{each.post.id}", "text": shortened(each.body.text)}
        if raw.author:
            item["author"] = {"@type": "Person", "name": raw.author.name}
        if raw.created:
            item["datePublished"] = raw.created
        return item

    data = comment(opening) | {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": edition.thread.title,
        "comment": [comment(each) for each in answers[:COMMENTS]],
        "commentCount": len(answers),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    folded = " ".join(text.split())
    return folded if len(folded) <= EXCERPT else folded[: EXCERPT - 1] + "…"
