"""Hacker News: Algolia's item trees, and Firebase items alone, in lines, or as ``{post, comments}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, left_out
from rostra.readers.json_files import line_records, load, values
from rostra.readers.records import Opened, Record, Recorded
from rostra.system.lazy_regex import late

NAME = "hackernews"
ABOUT = "Hacker News: Algolia item trees, Firebase items (one, in lines, or {post, comments})"
CARRIES = ("tree", "authors", "absolute times", "scores of stories", "dead and deleted posts")
MANY = True

ALGOLIA, ITS_OWN = late(r'"created_at_i"\s*:'), late(r'"(?:children|story_id|points)"\s*:')
SAYS = {"text", "title", "by", "author"}
SIGNS = {"type", "created_at_i", "time", "deleted"}
FIREBASE = late(r'"type"\s*:\s*"(?:story|comment|job|poll|pollopt)"')


def recognise(dump: Dump) -> float:
    """Sure of the keys of either API."""
    head = dump.head_text.lstrip() if not dump.is_folder else ""
    if not head.startswith(("{", "[")):
        return 0
    if ALGOLIA.search(head) and ITS_OWN.search(head):
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
    posts = list(_posts(value, None, problems))
    if not posts:
        raise RECORDS.nothing(dump)
    yield from _threads(posts, problems)


def _in_lines(dump: Dump) -> bool:
    first, _, rest = dump.head_text.strip().partition("\n")
    return first.startswith("{") and first.endswith("}") and rest.startswith("{")


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> set[str]:
    posts = list(_posts(value, None, []))
    return {post.key for post in posts} | {post.parent for post in posts if post.parent}


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    posts: list[RawPost] = []
    problems: list[Problem] = []
    for item in values(opened, records):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            posts += _posts(item[1], item[0], problems)
    return _threads(posts, problems)


def _posts(value: Any, line: int | None, problems: list[Problem]) -> Iterator[RawPost]:
    for said in _within(value, line, problems):
        post = _post(said)
        problems += said.problems(post)
        yield post


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


def _within(value: Any, line: int | None, problems: list[Problem]) -> Iterator[Fields]:
    """The items of a value, wherever they stand in it; an item that has no id is a problem."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            said = Fields(item)
            inner = [each for each in reversed(item.values()) if isinstance(each, list | dict)]
            if said.name("id") and not SIGNS.isdisjoint(item):
                yield said
                inner = [children] if isinstance(children := item.get("children"), list | dict) else []
            elif not SAYS.isdisjoint(item):
                problems.append(left_out("an object is no item, for want of an `id` or a time", item, line))
            stack.extend(inner)
        elif isinstance(item, str) and not item.isspace():
            problems.append(left_out("a text stands where an item should", item, line))


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


def _post(said: Fields) -> RawPost:
    key = said.name("id") or ""
    kind: PostKind = "deleted" if said.flag("deleted") else "removed" if said.flag("dead") else "post"
    name = said.text("by", "author")
    title = said.text("title")
    body = said.body("text", needed=kind == "post" and not title)
    if (address := said.text("url")) and address.startswith("http"):
        from html import escape

        body = f'<p><a href="{escape(address, quote=True)}">{escape(address)}</a></p>{body}'
    if kind == "post" and not name and not body and not title:
        kind = "deleted"
    created = said.time("time", "created_at_i", "created_at")
    return RawPost(
        key=key,
        native_id=key,
        parent=said.name("parent", "parent_id"),
        kind=kind,
        author=Author(name=name, url=f"https://news.ycombinator.com/user?id={name}") if name else None,
        created=created.at,
        created_text=created.shown,
        score=said.number("score", "points"),
        url=f"https://news.ycombinator.com/item?id={key}",
        title=title,
        body=body if kind == "post" else "",
        dialect="hackernews",
    )
