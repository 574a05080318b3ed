"""Lemmy and its kin: comment views of API v3 and v4, with or without their post, one file or a folder of pages.

Mbin (and kbin before it) answers with entries and comments of its own shape, comments nested in ``children``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rostra.errors import UnreadableDump
from rostra.languages import CODES, language_of
from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, load, number_of, text_of

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
            for view in _views(value):
                if "entryId" in view:
                    thread, post = _mbin(view, titles)
                else:
                    thread, post = _post(view, titles) if "comment" in view else _opening(view, titles)
                grouping.add(thread, post)
        count = 0
        for thread, posts in grouping.threads():
            count += 1
            yield _thread(thread, posts, titles.get(thread), problems)
            problems = []
        if not count:
            raise UnreadableDump("there is no comment in this dump", path=dump.name, hint="save /api/v3/comment/list")


def _views(value: Any) -> Iterator[dict[str, Any]]:
    """Every view in the answer of an API, wherever it stands in it."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if isinstance(item.get("entryId"), int):
                yield item
                stack.extend([children] if isinstance(children := item.get("children"), list) else [])
                continue
            inner = item.get("comment") or item.get("post")
            if isinstance(inner, dict) and "id" in inner and ("counts" in item or "creator" in item):
                yield item
            else:
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


def _opening(view: dict[str, Any], titles: dict[str, str]) -> tuple[str, RawPost]:
    post = view["post"]
    thread = str(post["id"])
    if title := text_of(post.get("name")):
        titles[thread] = title
    body = text_of(post.get("body")) or ""
    if address := text_of(post.get("url")):
        body = f"<{address}>\n\n{body}".strip()
    return thread, _common(view, post, key=f"post-{thread}", native=thread, parent=None, body=body)


def _post(view: dict[str, Any], titles: dict[str, str]) -> tuple[str, RawPost]:
    comment = view["comment"]
    id = str(comment["id"])
    post = view.get("post")
    thread = str(comment.get("post_id") or (post or {}).get("id") or "0")
    if isinstance(post, dict) and (title := text_of(post.get("name"))):
        titles.setdefault(thread, title)
    path = [part for part in str(comment.get("path") or "").split(".") if part and part != "0"]
    above = path[-2] if len(path) > 1 else None
    parent = f"comment-{above}" if above else f"post-{thread}"
    return thread, _common(
        view, comment, key=f"comment-{id}", native=id, parent=parent, body=text_of(comment.get("content")) or ""
    )


def _mbin(item: dict[str, Any], titles: dict[str, str]) -> tuple[str, RawPost]:
    thread = str(item["entryId"])
    comment = number_of(item.get("commentId"))
    if comment is None and (title := text_of(item.get("title"))):
        titles[thread] = title
    body = text_of(item.get("body")) or ""
    if comment is None and (address := text_of(item.get("url"))):
        body = f"<{address}>\n\n{body}".strip()
    visibility = item.get("visibility")
    kind = "deleted" if visibility == "soft_deleted" else "removed" if visibility == "trashed" else "post"
    above = number_of(item.get("parentId"))
    user = item["user"] if isinstance(item.get("user"), dict) else {}
    name = text_of(user.get("username"))
    up, down = number_of(item.get("favourites")), number_of(item.get("dv"))
    created = instant(item.get("createdAt"))
    return thread, RawPost(
        key=f"comment-{comment}" if comment is not None else f"post-{thread}",
        native_id=str(comment) if comment is not None else thread,
        parent=None if comment is None else f"comment-{above}" if above is not None else f"post-{thread}",
        kind=kind,  # type: ignore[arg-type]  # kinds come from the literals above
        author=Author(name=name, url=text_of(user.get("apProfileId"))) if name else None,
        created=created,
        created_text=None if created else text_of(item.get("createdAt")),
        edited=instant(item.get("editedAt")),
        score=(up or 0) - (down or 0) if up is not None or down is not None else None,
        url=text_of(item.get("apId")),
        title=text_of(item.get("title")),
        body=body if kind == "post" else "",
        dialect="lemmy",
        language=language_of(item.get("lang")),
    )


def _common(
    view: dict[str, Any], said: dict[str, Any], *, key: str, native: str, parent: str | None, body: str
) -> RawPost:
    creator = view.get("creator") if isinstance(view.get("creator"), dict) else {}
    assert isinstance(creator, dict)
    counts = view.get("counts") if isinstance(view.get("counts"), dict) else said
    assert isinstance(counts, dict)
    kind = "removed" if said.get("removed") else "deleted" if said.get("deleted") else "post"
    name = text_of(creator.get("display_name")) or text_of(creator.get("name"))
    created = instant(said.get("published") or said.get("published_at")) or instant(f"{said.get('published')}Z")
    return RawPost(
        key=key,
        native_id=native,
        parent=parent,
        kind=kind,  # type: ignore[arg-type]  # kinds come from the literals above
        author=Author(name=name, url=text_of(creator.get("actor_id")) or text_of(creator.get("ap_id")))
        if name
        else None,
        created=created,
        created_text=None if created else text_of(said.get("published")),
        edited=instant(said.get("updated") or said.get("updated_at")) or instant(f"{said.get('updated')}Z"),
        score=number_of(counts.get("score")),
        url=text_of(said.get("ap_id")),
        title=text_of(said.get("name")),
        body=body if kind == "post" else "",
        dialect="lemmy",
        note="Marked as official" if said.get("distinguished") else None,
        language=_language(said.get("language_id")),
    )


def _language(number: Any) -> str | None:
    """The language that Lemmy counts: 0 is none, then those of ISO 639-1 in their order, on every server alike."""
    return CODES[number - 1] if isinstance(number, int) and 0 < number <= len(CODES) else None
