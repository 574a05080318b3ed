"""JSON lines of the program forum-dl: boards, threads and posts of many kinds of forums.

The author is ``author`` or ``username`` of the post's line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.markup import forum as dialect
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out
from rostra.readers.dumps.json_files import json_lines, sound
from rostra.readers.dumps.times import certain
from rostra.readers.guards.audit import surround
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "forum-dl"
ABOUT = "JSON lines of forum-dl: threads and posts of phpBB, SMF, vBulletin, XenForo and others"
CARRIES = ("titles", "authors", "times", "quotations with their posts", "addresses")
MANY = True

PATH, ITS_OWN = late(r'"(?:path|thread_path)"\s*:\s*\['), late(r'"(?:content|title|subpath|generator|username)"\s*:')
AROUND = {"subpath", "author", "username", "date"}
"""The other fields of a line with a post's content."""
ANSWERS = late(r'(?:\s|<(?:div|p|span)[^>]*>|<br\s*/?>)*<blockquote[^>]*data-post="(\d+)"')


def recognise(dump: Dump) -> float:
    """Return a high confidence for a line with a path of ids, and a title or content."""
    if dump.is_folder:
        return 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return 0.92 if first.startswith("{") and PATH.search(first) and ITS_OWN.search(first) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the threads of a file, by their paths."""
    problems: list[Problem] = []
    about: dict[str, Fields] = {}
    filled: set[str] = set()
    trees: set[str] = set()
    with Grouping() as grouping:
        count = 0
        for line, value in sound(json_lines(dump), problems):
            said = _item(value)
            path = said.texts("path") or said.texts("thread_path")
            if not path:
                problems.append(left_out("this line is neither a thread nor a post", value, line, "bad-line"))
            elif "content" in said and not AROUND.isdisjoint(said.said):
                count += 1
                inner = said.texts("subpath")
                nested = "subpath" in said or "thread_path" in said
                inside = path if nested or len(path) == 1 else path[:-1]
                post = _post(said, inner if nested else path[-1:], line, count)
                grouping.add("/".join(inside), post, said.problems(post))
                filled.add("/".join(inside))
                trees.update(["/".join(inside)] if len(inner) > 1 else ())
            elif "subpath" in said:
                problems.append(left_out("a post has no `content`", value, line, "bad-line"))
            else:
                about["/".join(path)] = said
                surround(said.said)
        if not count:
            raise UnreadableDump("there is no post in this file", path=dump.name, hint="run forum-dl with posts")
        if bare := len(about.keys() - filled):
            message = f"{bare} threads have no posts in this file" if bare > 1 else "a thread has no posts in this file"
            problems.append(Problem(code="no-posts", message=message, hint="run forum-dl with posts"))
        for thread, posts, wrong in grouping.threads():
            yield replace(
                _thread(thread, about.get(thread, Fields({})), posts, [*problems, *wrong]), flat=thread not in trees
            )
            problems = []


def _item(value: Any) -> Fields:
    """Return the item itself; newer versions wrap it together with data of the program."""
    outer = Fields(value)
    said = outer.within("item") if "item" in outer else outer
    return Fields(said.within("data").said | said.said, outer.wrong, [value, *outer.parts])


def _thread(thread: str, about: Fields, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    posts = list(dict.fromkeys(posts))
    keys = {post.key for post in posts}
    opening = posts[0]
    title, url = about.text("title"), about.text("url")
    return RawThread(
        native_id=thread.rpartition("/")[2] or thread,
        title=title,
        url=url or opening.url,
        posts=tuple(
            replace(post, parent=None if post is opening else post.parent if post.parent in keys else opening.key)
            for post in posts
        ),
        problems=(*problems, *map(bad_field, about.wrong)),
    )


def _post(said: Fields, place: tuple[str, ...], line: int, count: int) -> RawPost:
    key = place[-1] if place and place[-1] != "x" else f"post-{count}"
    body = dialect.to_html(said.body("content", "body"))
    quoted = ANSWERS.match(body.removeprefix("<div>"))
    name = said.text("author", "username")
    created = said.time("creation_time", "creation_date", "date")
    at = created.at or (certain(created.shown) if created.shown else None)
    return RawPost(
        key=key,
        native_id=key if place and place[-1] != "x" else None,
        parent=place[-2] if len(place) > 1 else quoted[1] if quoted and quoted[1] != key else None,
        author=Author(name=name) if name else None,
        created=at,
        created_text=None if at else created.shown,
        line=line,
        url=said.text("url"),
        body=body,
        dialect="html",
    )
