"""What the program forum-dl writes as JSON lines: boards, threads and posts of many kinds of forums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.markup import forum as dialect
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, lines, text_of
from rostra.readers.times import certain

NAME = "forum-dl"
ABOUT = "JSON lines of forum-dl: threads and posts of phpBB, SMF, vBulletin, XenForo and others"
CARRIES = ("titles", "authors", "times", "quotations with their posts", "addresses")
MANY = True

SHAPE = late(
    r'(?=.*"(?:path|thread_path)"\s*:\s*\[)(?=.*"(?:content|title|subpath|generator|username)"\s*:)', re.DOTALL
)
ANSWERS = late(r'(?:\s|<(?:div|p|span)[^>]*>|<br\s*/?>)*<blockquote[^>]*data-post="(\d+)"')


def recognise(dump: Dump) -> float:
    """Sure of a line with a path of ids, and a title or content."""
    if dump.is_folder:
        return 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return 0.92 if first.startswith("{") and SHAPE.match(first) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a file, by their paths."""
    problems: list[Problem] = []
    about: dict[str, dict[str, Any]] = {}
    with Grouping() as grouping:
        count = 0
        for found in lines(dump):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            line, value = found
            item = _item(value)
            path = [
                str(part) for part in item.get("path") or item.get("thread_path") or () if isinstance(part, str | int)
            ]
            if not path:
                problems.append(Problem(code="bad-line", message="this line is neither thread nor post", line=line))
            elif "content" in item and ("subpath" in item or "author" in item or "username" in item or "date" in item):
                count += 1
                inner = [str(part) for part in item.get("subpath") or () if isinstance(part, str | int)]
                nested = "subpath" in item or "thread_path" in item
                inside = path if nested or len(path) == 1 else path[:-1]
                grouping.add("/".join(inside), _post(item, inner if nested else path[-1:], line, count))
            else:
                about["/".join(path)] = item
        if not count:
            raise UnreadableDump("there is no post in this file", path=dump.name, hint="let forum-dl write posts too")
        for thread, posts in grouping.threads():
            yield _thread(thread, about.get(thread, {}), posts, problems)
            problems = []


def _item(value: Any) -> dict[str, Any]:
    """The thing itself, which newer versions wrap with a note of the program."""
    if not isinstance(value, dict):
        return {}
    inner = value.get("item")
    item = inner if isinstance(inner, dict) else value
    data = item.get("data")
    return (data | item if isinstance(data, dict) else item) if isinstance(item.get("path", []), list) else {}


def _thread(thread: str, about: dict[str, Any], posts: list[RawPost], problems: list[Problem]) -> RawThread:
    posts = list(dict.fromkeys(posts))
    keys = {post.key for post in posts}
    opening = posts[0]
    return RawThread(
        native_id=thread.rpartition("/")[2] or thread,
        title=text_of(about.get("title")),
        url=text_of(about.get("url")) or opening.url,
        posts=tuple(
            replace(post, parent=None if post is opening else post.parent if post.parent in keys else opening.key)
            for post in posts
        ),
        problems=tuple(problems),
    )


def _post(item: dict[str, Any], place: list[str], line: int, count: int) -> RawPost:
    key = place[-1] if place and place[-1] != "x" else f"post-{count}"
    body = dialect.to_html(text_of(item.get("content")) or text_of(item.get("body")) or "")
    quoted = ANSWERS.match(body.removeprefix("<div>"))
    name = text_of(item.get("author")) or text_of(item.get("username"))
    time = next((item[name] for name in ("creation_time", "creation_date", "date") if item.get(name)), None)
    created = instant(time) or (certain(time) if isinstance(time, str) else None)
    return RawPost(
        key=key,
        native_id=key if place and place[-1] != "x" else None,
        parent=place[-2] if len(place) > 1 else quoted[1] if quoted and quoted[1] != key else None,
        author=Author(name=name) if name else None,
        created=created,
        created_text=None if created or time is None else str(time),
        line=line,
        url=text_of(item.get("url")),
        body=body,
        dialect="html",
    )
