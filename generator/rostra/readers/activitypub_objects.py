"""What stands in an object of Activity Streams 2.0: content, author, attachments, tags."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from rostra.model import Attachment, Author, Dialect
from rostra.readers.json_files import number_of, text_of


def content(item: dict[str, Any]) -> tuple[str, Dialect, str | None]:
    """The body, its dialect and its language: the source where that is Markdown, else the HTML, with a poll's options."""
    said = item.get("contentMap")
    languages = {found: tag for tag, each in said.items() if (found := text_of(each))} if isinstance(said, dict) else {}
    content = text_of(item.get("content")) or next(iter(languages), None)
    language = languages.get(content or "")
    source = item.get("source")
    if isinstance(source, dict) and source.get("mediaType") == "text/markdown" and text_of(source.get("content")):
        return source["content"], "markdown", language
    dialect: Dialect = "markdown" if item.get("mediaType") == "text/markdown" else "html"
    options = [
        f"<li>{escape(name)}{_votes(each)}</li>"
        for each in many(item.get("oneOf") or item.get("anyOf"))
        if isinstance(each, dict) and (name := text_of(each.get("name")))
    ]
    return (content or "") + (f"<ul>{''.join(options)}</ul>" if options else ""), dialect, language


def _votes(option: dict[str, Any]) -> str:
    replies = option.get("replies")
    count = number_of(replies.get("totalItems")) if isinstance(replies, dict) else None
    return f" ({count})" if count is not None else ""


def author(value: Any) -> Author | None:
    """Who wrote it: a name where the object tells one, else ``@user@host`` of the address."""
    people = [each for each in many(value) if isinstance(each, str | dict)]
    who = next((each for each in people if isinstance(each, dict) and each.get("type") == "Person"), None) or next(
        iter(people), None
    )
    address = who if isinstance(who, str) else text_of(who.get("id")) if who else None
    name = (text_of(who.get("name")) or text_of(who.get("preferredUsername"))) if isinstance(who, dict) else None
    if not name and address:
        try:
            parts = urlsplit(address)
        except ValueError:
            return Author(name=address)
        last = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
        name = f"@{last}@{parts.hostname}" if last and parts.hostname else address
    return Author(name=name, id=address, url=address) if name else None


def attachments(item: dict[str, Any]) -> Iterator[Attachment]:
    """Files and pictures, as links."""
    for each in (*many(item.get("attachment")), *many(item.get("image"))):
        if isinstance(each, dict):
            url = text_of(each.get("url")) or text_of(each.get("href"))
            name = text_of(each.get("name")) or (url or "").rpartition("/")[2] or str(each.get("type"))
            yield Attachment(name=name, url=url, media_type=text_of(each.get("mediaType")))


def tags(item: dict[str, Any]) -> tuple[str, ...]:
    """Hashtags without their sign."""
    named = [each for each in (*many(item.get("tag")), *many(item.get("tags"))) if isinstance(each, dict)]
    hashtags = [each for each in named if each.get("type", "Hashtag") == "Hashtag"]
    return tuple(name.lstrip("#") for each in hashtags if (name := text_of(each.get("name"))) and name.lstrip("#"))


def warning(summary: Any, sensitive: Any) -> str | None:
    """A content warning, or what a summary says."""
    text = text_of(summary)
    return f"Content warning: {text}" if text and sensitive else text


def many(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
