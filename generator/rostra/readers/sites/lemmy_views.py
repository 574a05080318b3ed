"""Convert one view of Lemmy or PieFed, or one object of Mbin, to a post."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from rostra.i18n import remarks
from rostra.i18n.language_tags import CODES, language_of
from rostra.model import Author, Declared, PostKind, RawPost
from rostra.readers.dumps.fields import Fields, Time, instant
from rostra.readers.sites.polls import poll_text

PIEFEDS = {"body", "user_id", "answer", "edited_at"}
"""Fields of PieFed's comments, and, except ``body``, of its posts, that Lemmy's do not have."""
OF_VIEWS = frozenset({
    "comment", "post", "creator", "counts", "community", "saved", "read", "hidden", "subscribed", "my_vote", "unread_comments",
    "creator_banned_from_community", "banned_from_community", "creator_is_moderator", "creator_is_admin", "creator_blocked",
    "creator_banned", "can_mod", "activity_alert", "replies", "children", "comments", "cross_posts", "canReply",
})  # fmt: skip
"""Fields of views that are read elsewhere, or hold no words."""
EDITED = ("updated", "updated_at", "edited", "edited_at")
LANGUAGES = ("language", "language_id")
MBINS = {"entryId", "postId"}
"""Fields of Mbin's objects, one of which has a number."""


def is_mbin(item: dict[str, Any]) -> bool:
    """Whether an object is an entry of Mbin's, a post of its microblogs, or a comment on either."""
    return not MBINS.isdisjoint(item) and any(Fields(item).number(name) is not None for name in MBINS)


def unknown_objects(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a view, at any depth, in fields that no server is known to have: their words must be shown."""
    found = list[dict[str, Any]]()
    stack = [each for name, each in view.items() if name not in OF_VIEWS]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            found.append(here)
            stack += here.values()
        elif isinstance(here, list):
            stack += here
    return found


def title_of(post: Fields) -> str | None:
    """Return a post's title, which is ``title`` in PieFed and ``name`` in Lemmy."""
    return post.text("name", "title")


def opening_of(view: Fields, post: Fields) -> tuple[str, RawPost]:
    """Return the thread and the post of a view of a post."""
    thread = post.name("id") or "0"
    body = _with_address(post.text("url"), post.body("body", needed=False))
    return thread, _common(
        view, post, key=f"post-{thread}", native=thread, parent=None, title=title_of(post), body=body
    )


def comment_of(view: Fields, comment: Fields) -> tuple[str, RawPost]:
    """Return the thread and the post of a view of a comment."""
    id = comment.name("id") or "0"
    thread = comment.name("post_id") or Fields(view.get("post")).name("id") or "0"
    above = (comment.text("path") or "").rpartition(".")[0].rpartition(".")[2]
    parent = f"comment-{above}" if above and above != "0" else f"post-{thread}"
    body = comment.body("content", "body")
    return thread, _common(view, comment, key=f"comment-{id}", native=id, parent=parent, title=None, body=body)


def mbin_of(said: Fields, _: Fields) -> tuple[str, RawPost]:
    """Return the thread and the post of an object of Mbin's; entries and microblogs' posts are numbered separately."""
    entry, number = said.name("entryId"), said.name("postId")
    thread = entry if entry is not None else f"microblog-{number}"
    comment, above = said.name("commentId"), said.name("parentId")
    kind_of_id = "comment" if entry is not None else "microblog-comment"
    body = said.body("body")
    if comment is None:
        body = _with_address(said.text("url"), body)
    visibility = said.text("visibility")
    kind: PostKind = "deleted" if visibility == "soft_deleted" else "removed" if visibility == "trashed" else "post"
    private = "posts for a restricted audience" if visibility in ("private", "followers") else None
    user = said.within("user")
    name = user.text("username")
    up, down = said.number("favourites"), said.number("dv")
    created = said.time("createdAt")
    opening = f"post-{thread}"
    return thread, RawPost(
        key=f"{kind_of_id}-{comment}" if comment is not None else opening,
        native_id=comment if comment is not None else thread,
        parent=None if comment is None else f"{kind_of_id}-{above}" if above is not None else opening,
        kind=kind,
        author=Author(name=name, url=user.text("apProfileId")) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=said.time("editedAt").at,
        score=(up or 0) - (down or 0) if up is not None or down is not None else None,
        url=said.text("apId"),
        title=said.text("title"),
        body=body if kind == "post" else "",
        dialect="lemmy",
        language=language_of(said.get("lang")),
        private=private,
        declared=Declared(below=count) if comment is None and (count := said.number("numComments")) else None,
    )


def creator_author(creator: Fields) -> Author | None:
    """Return the author by display name, which PieFed calls ``title``."""
    name = creator.text("display_name") or (creator.text("title") if "user_name" in creator.said else None)
    account, url = creator.text("name", "user_name"), creator.text("actor_id", "ap_id")
    name = name or account
    return Author(name=name, id=_handle(account, url), url=url) if name else None


def _handle(account: str | None, url: str | None) -> str | None:
    """Return the account with its instance, which distinguishes accounts of the same name."""
    # People of one instance have one beginning, so that the cache holds all instances.
    host = _host_of(url.rpartition("/")[0]) if url else None
    return f"{account}@{host}" if account and host else None


@lru_cache(1_000)
def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _with_address(address: str | None, body: str) -> str:
    return f"<{address}>\n\n{body}".strip() if address else body


def _common(
    view: Fields, said: Fields, *, key: str, native: str, parent: str | None, title: str | None, body: str
) -> RawPost:
    has = said.said.keys()
    counts = view.within("counts") if "counts" in view.said else said
    kind: PostKind = "post"
    # Few posts are gone, edited or in a language: the others are not asked further.
    if said.get("removed") or said.get("deleted"):
        kind = "removed" if said.flag("removed") else "deleted" if said.flag("deleted") else "post"
    created = _time(said, "published", "published_at")
    return RawPost(
        key=key,
        native_id=native,
        parent=parent,
        kind=kind,
        author=creator_author(view.within("creator")),
        created=created.at,
        created_text=created.shown,
        edited=None if has.isdisjoint(EDITED) else _time(said, *EDITED).at,
        score=counts.number("score"),
        url=said.text("ap_id"),
        title=title,
        body="" if kind != "post" else body + _poll(said) if "poll" in said.said else body,
        dialect="lemmy",
        note=remarks.OFFICIAL if said.get("distinguished") else None,
        language=None if has.isdisjoint(LANGUAGES) else _language(said),
        declared=Declared(below=count) if (count := counts.number("child_count" if parent else "comments")) else None,
    )


def _poll(said: Fields) -> str:
    """Return the options of a PieFed poll, with their votes."""
    options = [
        (text, each.number("num_votes", "votes"))
        for each in said.within("poll").objects("choices")
        if (text := each.text("choice_text", "text"))
    ]
    return f"\n\n{poll_text(None, options)}" if options else ""


def _time(said: Fields, *names: str) -> Time:
    """Return a time, which servers before 0.19 write in UTC without a zone."""
    time = said.time(*names)
    if time.shown and (at := instant(f"{time.shown}Z")):
        return Time(at, None)
    return time


def _language(said: Fields) -> str | None:
    """Return the language of a Lemmy number: 0 is none, then those of ISO 639-1 in order, the same on every server.

    Each PieFed server has its own numbers, and may also give the name.
    """
    if isinstance(named := said.get("language"), dict):
        return language_of(named.get("code"))
    number = said.number("language_id") if "language_id" in said.said else None
    if number is None or not 0 < number <= len(CODES):
        return None
    return CODES[number - 1] if PIEFEDS.isdisjoint(said.said) or "creator_id" in said else None
