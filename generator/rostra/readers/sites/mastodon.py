"""Convert statuses of Mastodon's own API, and of programs with the same API."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from rostra.i18n import remarks
from rostra.i18n.language_tags import language_of
from rostra.model import Attachment, Author, Declared, RawPost
from rostra.readers.dumps.fields import Fields
from rostra.readers.sites.activitypub_objects import warning

MASTODONS = {"account", "in_reply_to_id"}
"""Fields of a status."""


def boosted(item: dict[str, Any]) -> dict[str, Any] | None:
    """Return the status that another boosts; the booster's own content is empty or repeats the boosted one."""
    passed_on = item.get("reblog")
    if not isinstance(passed_on, dict) or not MASTODONS & item.keys():
        return None
    return passed_on if item.get("content") in (None, "", passed_on.get("content")) else None


def beside(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the posts nested in a post: its replies, its parent, and the quoted post of another author."""
    quote = item.get("quote")
    if isinstance(quote, dict):
        # Mastodon wraps the quotation with its state; other programs give the status itself.
        quote = quote.get("quoted_status", quote)
    others = (item.get("replies"), item.get("inReplyTo"), item.get("reblog"), quote)
    yield from (each for each in others if isinstance(each, dict))


def account_author(said: Fields) -> Author | None:
    """Return the author of a status: its account."""
    account = said.within("account")
    name = account.text("display_name", "username", "acct")
    return Author(name=name, id=account.text("acct"), url=account.text("url")) if name else None


def status_post(said: Fields) -> RawPost:
    """Return the post of a status; its ids are those of the queried server."""
    key = said.name("id") or "status"
    parent = said.name("in_reply_to_id")
    created = said.time("created_at")
    return RawPost(
        key=key,
        native_id=key,
        parent=parent if parent != key else None,
        author=account_author(said),
        created=created.at,
        created_text=created.shown,
        edited=said.time("edited_at").at,
        score=said.number("favourites_count"),
        url=said.text("url", "uri"),
        body=said.body("content") + _poll(said.within("poll")),
        dialect="html",
        language=language_of(said.get("language")),
        note=warning(said.text("spoiler_text"), said.get("sensitive")),
        attachments=tuple(
            Attachment(name=each.text("description", "type") or remarks.A_FILE, url=each.text("url"))
            for each in said.objects("media_attachments")
        ),
        declared=Declared(answers=count) if (count := said.number("replies_count")) else None,
    )


def _poll(said: Fields) -> str:
    """Return the options of a poll, with their votes."""
    options = [
        f"<li>{escape(title)}{f' ({votes})' if (votes := each.number('votes_count')) is not None else ''}</li>"
        for each in said.objects("options")
        if (title := each.text("title"))
    ]
    return f"<ul>{''.join(options)}</ul>" if options else ""
