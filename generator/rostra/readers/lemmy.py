"""Lemmy and its kin: comment views of API v3 and v4, with or without their post, one file or a folder of pages.

Mbin (and kbin before it) answers with entries and comments of its own shape, comments nested in ``children``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import CODES, language_of
from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, Time, instant, left_out
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import load
from rostra.system.lazy_regex import late

NAME = "lemmy"
ABOUT = "Lemmy (API v3 and v4) and Mbin: posts and comment lists, one file or a folder of pages"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "deleted and removed posts", "addresses")
MANY = True

SHAPE = late(r'"(?:comment|post)"\s*:\s*\{[^{}]*"(?:ap_id|creator_id)"\s*:', re.DOTALL)
MBIN = late(r'"entryId"\s*:\s*\d+')


def recognise(dump: Dump) -> float:
    """Sure where a view of a comment or post shows."""
    if dump.is_folder:
        heads = [
            recognise(file) for _, file in zip(range(2), dump.files(), strict=False) if file.path.suffix == ".json"
        ]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    if not head.startswith(("{", "[")):
        return 0
    mbin = MBIN.search(head) and re.search(r'"(?:commentId|numComments|magazine)"\s*:', head)
    return 0.95 if mbin or SHAPE.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a dump, by the ids of their posts."""
    with Grouping() as grouping:
        titles: dict[str, str] = {}
        problems: list[Problem] = []
        for file in dump.files():
            if dump.is_folder and file.path.suffix != ".json":
                continue
            value, found = load(file)
            problems += found
            for view in _views(value, problems):
                made = _mbin if "entryId" in view else _comment if "comment" in view else _opening
                thread, post = made(view, titles)
                grouping.add(thread, post, view.problems(post))
        count = 0
        for thread, posts, wrong in grouping.threads():
            count += 1
            yield _thread(thread, posts, titles.get(thread), [*problems, *wrong])
            problems = []
        if not count:
            raise UnreadableDump("there is no comment in this dump", path=dump.name, hint="save /api/v3/comment/list")


def _views(value: Any, problems: list[Problem]) -> Iterator[Fields]:
    """Every view in the answer of an API, wherever it stands in it."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            view = Fields(item)
            if view.number("entryId") is not None:
                yield view
                stack.extend([children] if isinstance(children := item.get("children"), list | dict) else [])
                continue
            inner = view.within("comment", "post")
            if inner.name("id") and ("counts" in item or "creator" in item):
                yield view
            else:
                if "content" in inner or "body" in inner:
                    problems.append(left_out("an object is no view, for want of an id or a creator", inner.said))
                stack.extend(item[key] for key in sorted(item, reverse=True) if isinstance(item[key], list | dict))


def _thread(thread: str, posts: list[RawPost], title: str | None, problems: list[Problem]) -> RawThread:
    key = f"post-{thread}"
    opening = next((post for post in posts if post.key == key), None)
    # Pages overlap: the same view twice is one post.
    unique = list(dict.fromkeys(posts))
    if opening is None:
        unique.insert(0, RawPost(key=key, native_id=thread, kind="missing", title=title))
        problems = [*problems, Problem(code="missing-post", message=f"the post {thread} is not in the dump", post=key)]
    return RawThread(
        native_id=thread,
        title=title,
        url=opening.url if opening else None,
        posts=tuple(unique),
        problems=tuple(problems),
    )


def _opening(view: Fields, titles: dict[str, str]) -> tuple[str, RawPost]:
    post = view.within("post")
    thread = post.name("id") or "0"
    if title := post.text("name"):
        titles[thread] = title
    body = _with_address(post.text("url"), post.body("body", needed=False))
    return thread, _common(view, post, key=f"post-{thread}", native=thread, parent=None, body=body)


def _comment(view: Fields, titles: dict[str, str]) -> tuple[str, RawPost]:
    comment, post = view.within("comment"), view.within("post")
    id = comment.name("id") or "0"
    thread = comment.name("post_id") or post.name("id") or "0"
    if title := post.text("name"):
        titles.setdefault(thread, title)
    path = [part for part in (comment.text("path") or "").split(".") if part and part != "0"]
    above = path[-2] if len(path) > 1 else None
    parent = f"comment-{above}" if above else f"post-{thread}"
    body = comment.body("content")
    return thread, _common(view, comment, key=f"comment-{id}", native=id, parent=parent, body=body)


def _mbin(said: Fields, titles: dict[str, str]) -> tuple[str, RawPost]:
    thread = said.name("entryId") or "0"
    comment = said.name("commentId")
    title = said.text("title")
    body = said.body("body")
    if comment is None:
        titles.update({thread: title} if title else {})
        body = _with_address(said.text("url"), body)
    visibility = said.text("visibility")
    kind: PostKind = "deleted" if visibility == "soft_deleted" else "removed" if visibility == "trashed" else "post"
    above = said.name("parentId")
    user = said.within("user")
    name = user.text("username")
    up, down = said.number("favourites"), said.number("dv")
    created = said.time("createdAt")
    return thread, RawPost(
        key=f"comment-{comment}" if comment is not None else f"post-{thread}",
        native_id=comment if comment is not None else thread,
        parent=None if comment is None else f"comment-{above}" if above is not None else f"post-{thread}",
        kind=kind,
        author=Author(name=name, url=user.text("apProfileId")) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=said.time("editedAt").at,
        score=(up or 0) - (down or 0) if up is not None or down is not None else None,
        url=said.text("apId"),
        title=title,
        body=body if kind == "post" else "",
        dialect="lemmy",
        language=language_of(said.get("lang")),
    )


def _with_address(address: str | None, body: str) -> str:
    return f"<{address}>\n\n{body}".strip() if address else body


def _common(view: Fields, said: Fields, *, key: str, native: str, parent: str | None, body: str) -> RawPost:
    creator = view.within("creator")
    counts = view.within("counts") if "counts" in view else said
    kind: PostKind = "removed" if said.flag("removed") else "deleted" if said.flag("deleted") else "post"
    name = creator.text("display_name", "name")
    created = _time(said, "published")
    return RawPost(
        key=key,
        native_id=native,
        parent=parent,
        kind=kind,
        author=Author(name=name, url=creator.text("actor_id", "ap_id")) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=_time(said, "updated").at,
        score=counts.number("score"),
        url=said.text("ap_id"),
        title=said.text("name"),
        body=body if kind == "post" else "",
        dialect="lemmy",
        note="Marked as official" if said.get("distinguished") else None,
        language=_language(said.number("language_id")),
    )


def _time(said: Fields, name: str) -> Time:
    """A time, which servers before 0.19 write without its zone, UTC."""
    time = said.time(name, f"{name}_at")
    at = instant(f"{time.shown}Z") if time.shown else None
    return Time(at, None) if at else time


def _language(number: int | None) -> str | None:
    """The language that Lemmy counts: 0 is none, then those of ISO 639-1 in their order, on every server alike."""
    return CODES[number - 1] if number is not None and 0 < number <= len(CODES) else None
