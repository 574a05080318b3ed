"""Read the parts of an object of Activity Streams 2.0: content, author, attachments, tags."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from rostra.i18n import remarks
from rostra.model import Attachment, Author, Dialect
from rostra.readers.dumps.fields import Fields

MAY_LACK = {"contentMap", "source", "oneOf", "anyOf", "name", "summary", "attachment", "image", "formerType", "deleted"}
"""An object with one of these fields needs no content."""
ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
"""Fields of an address (schema.org), from narrow to wide."""


def content(said: Fields) -> tuple[str, Dialect, str | None]:
    """Return body, dialect and language: the source if it is Markdown, else the HTML, with a poll's options and a place."""
    by_language = said.within("contentMap")
    languages = {found: tag for tag in by_language.said if (found := by_language.text(tag))}
    content = said.body("content", needed=not any(map(said.get, MAY_LACK))) or next(iter(languages), "")
    language = languages.get(content)
    if others := [tag for text, tag in languages.items() if text != content]:
        said.wrong.append(f"it is also here in other languages ({', '.join(others)}), which are not shown")
    source = said.within("source")
    if source.get("mediaType") == "text/markdown" and isinstance(typed := source.get("content"), str) and typed.strip():
        return typed, "markdown", language
    dialect: Dialect = "markdown" if said.get("mediaType") == "text/markdown" else "html"
    options = [
        f"<li>{escape(name)}{_votes(each)}</li>"
        for each in (*said.objects("oneOf"), *said.objects("anyOf"))
        if (name := each.text("name"))
    ]
    return content + (f"<ul>{''.join(options)}</ul>" if options else "") + _place(said), dialect, language


def _place(said: Fields) -> str:
    """Return the name and address of an event's place, which servers show with the event's text."""
    if not isinstance(said.get("location"), dict):
        return ""
    place = said.within("location")
    address = place.within("address") if isinstance(place.get("address"), dict) else Fields({})
    told = (place.text("name"), *map(address.text, ADDRESS))
    shown = ", ".join(dict.fromkeys(each for each in told if each))
    return f"<p>{escape(shown)}</p>" if shown else ""


def _votes(option: Fields) -> str:
    count = option.within("replies").number("totalItems")
    return f" ({count})" if count is not None else ""


def actor_author(value: Any) -> Author | None:
    """Return the author: a name if the object has one, else ``@user@host`` of the address."""
    people = [each for each in many(value) if isinstance(each, str | dict)]
    who = next((each for each in people if isinstance(each, dict) and each.get("type") == "Person"), None) or next(
        iter(people), None
    )
    said = Fields(who if isinstance(who, dict) else {"id": who})
    address, name = said.text("id"), said.text("name", "preferredUsername")
    if not name and address:
        try:
            parts = urlsplit(address)
        except ValueError:
            return Author(name=address)
        last = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
        name = f"@{last}@{parts.hostname}" if last and parts.hostname else address
    return Author(name=name, id=address, url=address) if name else None


def attachments(said: Fields) -> Iterator[Attachment]:
    """Yield files and pictures as links."""
    for each in (*said.objects("attachment"), *said.objects("image")):
        url = each.text("url", "href")
        name = each.text("name") or (url or "").rpartition("/")[2] or each.text("type") or remarks.A_FILE
        yield Attachment(name=name, url=url, media_type=each.text("mediaType"))


def tags(said: Fields) -> tuple[str, ...]:
    """Return hashtags without the number sign."""
    named = (each for field in ("tag", "tags") for each in many(said.get(field)) if isinstance(each, dict))
    hashtags = (Fields(each).text("name") for each in named if each.get("type", "Hashtag") == "Hashtag")
    return tuple(name.lstrip("#") for name in hashtags if name and name.lstrip("#"))


def warning(summary: str | None, sensitive: Any) -> str | None:
    """Return a content warning or a summary."""
    return remarks.CONTENT_WARNING % {"what": summary} if summary and sensitive else summary


def many(value: Any) -> list[Any]:
    """Return a single value or a list as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
