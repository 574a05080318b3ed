"""Convert one item of Hacker News, in the form of each of its APIs."""

from __future__ import annotations

from html import escape
from typing import Any

from msgspec import Struct

from rostra.model import Author, Declared, PostKind, RawPost
from rostra.readers.dumps.fields import Fields

SITE = "https://news.ycombinator.com"
IDS = ("id", "objectID")
TEXTS = ("text", "comment_text", "story_text", "content")
NAMES = ("by", "author", "user")
NESTED = ("children", "kids", "comments", "replies")
"""Fields that hold the complete replies to an item."""
SIGNS = {"type", "created_at_i", "time", "deleted", "time_ago"}
"""Fields of an item, which has at least one of them."""
SAYS = {"title", *TEXTS, *NAMES}
OPTION = "pollopt"


class StoryItem(Struct):
    """An item: its post, and the story that it names.

    ``is_option`` says whether it is an option of the poll ``post.parent``; ``kids`` are the ids of its replies;
    ``story_title`` is the title of the story.
    """

    post: RawPost
    story: str | None = None
    is_option: bool = False
    kids: tuple[str, ...] = ()
    story_title: str | None = None


def is_item(said: Fields) -> bool:
    """Whether an object is an item: it has an id, and a type or a time."""
    return not SIGNS.isdisjoint(said.said) and said.name(*IDS) is not None


def item_place(said: Fields, above: str | None) -> tuple[str, str | None, str | None, bool]:
    """Return an item's key, its parent, its story, and whether it is an option of a poll; ``above`` contains it."""
    key = said.name(*IDS) or ""
    is_option = said.get("type") == OPTION
    parent = (said.name("poll") if is_option else None) or said.name("parent", "parent_id") or above
    story = said.name("story_id") if "story_id" in said else None
    return key, parent if parent != key else None, story if story != key else None, is_option


def item_of(said: Fields, above: str | None) -> StoryItem:
    """Return the item of an object; ``above`` is the item that contains it."""
    key, parent, story, is_option = item_place(said, above)
    kind: PostKind = "deleted" if said.flag("deleted") else "removed" if said.flag("dead") else "post"
    name = said.text(*NAMES)
    # Results of Algolia's search have the story's fields on a comment as if they were its own.
    is_comment = "comment_text" in said and said.text("comment_text") is not None
    title = None if is_comment else said.text("title")
    body = said.body(*TEXTS, needed=kind == "post" and not title)
    if not is_comment and (address := said.text("url")) and address.startswith("http"):
        body = f'<p><a href="{escape(address, quote=True)}">{escape(address)}</a></p>{body}'
    if kind == "post" and not name and not body and not title:
        kind = "deleted"
    created = said.time("time", "created_at_i", "created_at")
    # A search finds only a part of a debate, and says so.
    count = None if "objectID" in said else said.number("descendants", "comments_count")
    post = RawPost(
        key=key,
        native_id=key,
        parent=parent,
        kind=kind,
        author=Author(name=name, url=f"{SITE}/user?id={name}") if name else None,
        created=created.at,
        created_text=created.shown,
        score=said.number("score", "points"),
        url=f"{SITE}/item?id={key}",
        title=title,
        body=(body + poll_options(_options(said)) if "options" in said or "poll" in said else body)
        if kind == "post"
        else "",
        dialect="hackernews",
        declared=Declared(below=count) if count else None,
    )
    # Algolia's search gives ids as `children`, in which a tree has the items themselves.
    ids = (each for name in ("kids", "children") if name in said for each in said.values(name))
    kids = tuple(str(each) for each in ids if isinstance(each, int) and each is not True)
    return StoryItem(post, story, is_option, kids, said.text("story_title"))


def _options(said: Fields) -> list[tuple[str, int | None]]:
    """Return the options contained in a poll, with their points."""
    return [
        (text, each.number("points", "score"))
        for name in ("options", "poll")
        if isinstance(said.get(name), list)
        for each in said.objects(name)
        if (text := each.text("text", "item", "content"))
    ]


def poll_options(options: list[tuple[str, Any]]) -> str:
    """Return the options of a poll, in the items' HTML, with their points."""
    items = (f"<li>{text}{f' ({points})' if points is not None else ''}</li>" for text, points in options)
    return f"<ul>{''.join(items)}</ul>" if options else ""
