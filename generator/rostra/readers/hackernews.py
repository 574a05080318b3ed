"""Hacker News: Algolia's item trees, and Firebase items alone, in lines, or as ``{post, comments}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.json_files import instant, line_records, load, number_of, text_of, values
from rostra.readers.records import Opened, Record, Recorded

NAME = "hackernews"
ABOUT = "Hacker News: Algolia item trees, Firebase items (one, in lines, or {post, comments})"
CARRIES = ("tree", "authors", "absolute times", "scores of stories", "dead and deleted posts")
MANY = True

ALGOLIA = late(
    r'"created_at_i"\s*:\s*\d+.*"(?:children|story_id|points)"\s*:|"children"\s*:.*"created_at_i"', re.DOTALL
)
FIREBASE = late(r'"type"\s*:\s*"(?:story|comment|job|poll|pollopt)"')


def recognise(dump: Dump) -> float:
    """Sure of the keys of either API."""
    head = dump.head_text.lstrip() if not dump.is_folder else ""
    if not head.startswith(("{", "[")):
        return 0
    if ALGOLIA.search(head):
        return 0.9
    items = (
        FIREBASE.search(head)
        and re.search(r'"by"\s*:|"deleted"\s*:\s*true', head)
        and re.search(r'"(?:kids|parent|time)"\s*:', head)
    )
    return 0.9 if items else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a dump, called by the ids of their stories."""
    if RECORDS.holds(dump):
        yield from RECORDS.read(dump)
        return
    value, problems = load(dump)
    if not (posts := [_post(item) for item in _within(value)]):
        raise RECORDS.nothing(dump)
    yield from _threads(posts, problems)


def _in_lines(dump: Dump) -> bool:
    first, _, rest = dump.head_text.strip().partition("\n")
    return first.startswith("{") and first.endswith("}") and rest.startswith("{")


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> set[str]:
    posts = [_post(item) for item in _within(value)]
    return {post.key for post in posts} | {post.parent for post in posts if post.parent}


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    posts: list[RawPost] = []
    problems: list[Problem] = []
    for item in values(opened, records):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            posts += map(_post, _within(item[1]))
    return _threads(posts, problems)


def _threads(posts: list[RawPost], problems: list[Problem]) -> Iterator[RawThread]:
    roots = _roots({post.key: post.parent for post in posts})
    threads: dict[str, list[RawPost]] = {}
    for post in posts:
        threads.setdefault(roots[post.key], []).append(post)
    for root, members in threads.items():
        yield _thread(root, members, problems)
        problems = []


RECORDS = Recorded(_scan, _make, ("there is no item in this dump", "save an item of either API"), _in_lines)


def _thread(root: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # What stands in a tree and in a list beside it is one item.
    members = list(dict.fromkeys(posts))
    opening = next((post for post in members if post.key == root), None)
    if opening is None:
        members.insert(0, RawPost(key=root, native_id=root, kind="missing"))
        problems = [*problems, Problem(code="missing-post", message=f"item {root} is not in the dump", post=root)]
    return RawThread(
        native_id=root,
        title=opening.title if opening else None,
        url=f"https://news.ycombinator.com/item?id={root}",
        posts=tuple(members),
        problems=tuple(problems),
    )


def _within(value: Any) -> Iterator[dict[str, Any]]:
    """The items of a value, wherever they stand in it."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if "id" in item and ("type" in item or "created_at_i" in item or "time" in item or "deleted" in item):
                yield item
                stack.extend([children] if isinstance(children := item.get("children"), list) else [])
            else:
                stack.extend(
                    item[key]
                    for key in ("comments", "items", "children", "hits", "post")
                    if isinstance(item.get(key), list | dict)
                )


def _roots(parents: dict[str, str | None]) -> dict[str, str]:
    """The story that each item belongs to; of a ring, one that stands in it."""
    roots: dict[str, str] = {}
    for key in parents:
        path = [key]
        seen = {key}
        while path[-1] not in roots:
            above = parents.get(path[-1])
            if above is None or above in seen:
                roots[path[-1]] = path[-1]
                break
            path.append(above)
            seen.add(above)
        for each in path:
            roots[each] = roots[path[-1]]
    return roots


def _post(item: dict[str, Any]) -> RawPost:
    key = str(item["id"])
    parent = item.get("parent", item.get("parent_id"))
    kind = "deleted" if item.get("deleted") else "removed" if item.get("dead") else "post"
    name = text_of(item.get("by")) or text_of(item.get("author"))
    body = text_of(item.get("text")) or ""
    if (address := text_of(item.get("url"))) and address.startswith("http"):
        from html import escape

        body = f'<p><a href="{escape(address, quote=True)}">{escape(address)}</a></p>{body}'
    if kind == "post" and not name and not body and not text_of(item.get("title")):
        kind = "deleted"
    return RawPost(
        key=key,
        native_id=key,
        parent=str(parent) if parent is not None else None,
        kind=kind,  # type: ignore[arg-type]  # kinds come from the literals above
        author=Author(name=name, url=f"https://news.ycombinator.com/user?id={name}") if name else None,
        created=instant(item.get("time") if "time" in item else item.get("created_at_i")),
        score=number_of(item.get("score") if "score" in item else item.get("points")),
        url=f"https://news.ycombinator.com/item?id={key}",
        title=text_of(item.get("title")),
        body=body if kind == "post" else "",
        dialect="hackernews",
    )
