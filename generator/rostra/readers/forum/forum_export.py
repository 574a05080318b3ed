"""Tables of forums exported as JSON: posts of phpBB, SMF, vBulletin and MyBB, their bodies in BBCode.

A list of rows, lines of rows, or what phpMyAdmin writes (``[{"type": "table", "name": …, "data": […]}]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, Time, is_nothing, left_out
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import lines, load
from rostra.system.lazy_regex import late

NAME = "forum-export"
ABOUT = "tables of forums as JSON: posts of phpBB, SMF, vBulletin, MyBB with BBCode"
CARRIES = ("authors", "absolute times", "edits", "deleted posts", "quotations with their posts")
MANY = True


class Table(Struct, frozen=True):
    """What a forum program calls the columns of its posts."""

    id: str
    topic: str
    names: tuple[str, ...]
    user: str
    time: str
    edited: str
    title: str
    body: str
    hidden: str


TABLES = (
    Table("post_id", "topic_id", ("username", "post_username"), "poster_id", "post_time", "post_edit_time", "post_subject", "post_text", "post_delete_time"),
    Table("id_msg", "id_topic", ("poster_name",), "id_member", "poster_time", "modified_time", "subject", "body", "deleted"),
    Table("postid", "threadid", ("username",), "userid", "dateline", "edit_dateline", "title", "pagetext", "deleted"),
    Table("pid", "tid", ("username",), "uid", "dateline", "edittime", "subject", "message", "deletetime"),
)  # fmt: skip
ROWS = {name for each in TABLES for name in (each.id, each.body)} | {"topic_title", "username"}
"""Fields by which a row is told from what holds rows."""
SHAPE = late("|".join(rf'(?=.*"{table.id}"\s*:)(?=.*"{table.topic}"\s*:)(?=.*"{table.body}"\s*:)' for table in TABLES), re.DOTALL)  # fmt: skip
QUOTED = late(r"\s*\[quote\b[^\]]*?(?:post_?id=\"?(\d+)|post[=:]\s*(\d+)|\.msg(\d+)|;n?(\d+))", re.IGNORECASE)


def recognise(dump: Dump) -> float:
    """Sure of the columns of a table of posts."""
    head = dump.head_text.lstrip() if not dump.is_folder else ""
    return 0.93 if head.startswith(("{", "[")) and SHAPE.match(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The topics of an export, by their ids."""
    problems: list[Problem] = []
    users: dict[str, str] = {}
    titles: dict[str, str] = {}
    with Grouping() as grouping:
        count = 0
        for row, line in _rows(dump, problems):
            table = next(
                (each for each in TABLES if row.name(each.topic) and (each.body in row or each.id in row)), None
            )
            if table is not None:
                count += 1
                post = _post(row, table, line, count)
                grouping.add(row.name(table.topic) or "", post, row.problems(post))
            elif (topic := row.name("topic_id")) and (title := row.text("topic_title")):
                titles[topic] = unescape(title)
            elif (id := row.name("user_id", "userid", "uid")) and (name := row.text("username")):
                users[id] = unescape(name)
            elif any(each.body in row for each in TABLES):
                problems.append(left_out("a post has no topic", row.said, line))
        if not count:
            raise UnreadableDump("there is no post in this export", path=dump.name, hint="export the table of posts")
        for topic, posts, wrong in grouping.threads():
            yield _thread(topic, posts, users, titles.get(topic), [*problems, *wrong])
            problems = []


def _rows(dump: Dump, problems: list[Problem]) -> Iterator[tuple[Fields, int | None]]:
    first, _, rest = dump.head_text.strip().partition("\n")
    if first.startswith("{") and first.endswith("}") and rest.startswith("{"):
        for item in lines(dump):
            if isinstance(item, Problem):
                problems.append(item)
            elif isinstance(item[1], dict):
                yield Fields(item[1]), item[0]
            else:
                problems.append(left_out("this line is no row", item[1], item[0], "bad-line"))
        return
    value, repaired = load(dump)
    problems += repaired
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if ROWS & item.keys():
                yield Fields(item), None
            else:
                stack.extend(each for each in reversed(item.values()) if isinstance(each, list | dict))
        elif not is_nothing(item):
            problems.append(left_out("a value is no row", item))


def _thread(
    topic: str, posts: list[RawPost], users: dict[str, str], title: str | None, problems: list[Problem]
) -> RawThread:
    posts = sorted(dict.fromkeys(posts), key=lambda post: (len(post.key), post.key))
    keys = {post.key for post in posts}
    opening = posts[0]
    return RawThread(
        native_id=topic,
        title=title or opening.title,
        posts=tuple(
            replace(
                post,
                parent=None if post is opening else post.parent if post.parent in keys else opening.key,
                author=Author(name=users[post.author.id], id=post.author.id)
                if post.author and post.author.id in users
                else post.author,
            )
            for post in posts
        ),
        problems=tuple(problems),
    )


def _post(row: Fields, table: Table, line: int | None, count: int) -> RawPost:
    id = row.name(table.id)
    key = id or f"row-{count}"
    body = _bbcode(row.body(table.body), row.text("bbcode_uid"))
    quoted = QUOTED.match(body)
    answered = next((part for part in quoted.groups() if part), None) if quoted else None
    name, user = row.text(*table.names), row.name(table.user)
    user = user if user != "0" else None
    created, edited = _time(row, table.time), _time(row, table.edited)
    title = row.text(table.title)
    return RawPost(
        key=key,
        native_id=id,
        parent=answered if answered != key else None,
        kind="removed" if (row.name(table.hidden) or "0") != "0" else "post",
        author=Author(name=unescape(name or f"user {user}"), id=user) if name or user else None,
        created=created.at,
        created_text=created.shown,
        edited=edited.at,
        line=line,
        title=unescape(title) if title else None,
        body=body,
        dialect="bbcode",
    )


def _time(row: Fields, name: str) -> Time:
    """A time as seconds since 1970, in whatever way the export writes numbers; 0 is none."""
    seconds = row.get(name)
    if isinstance(seconds, str) and seconds.isdigit() and len(seconds) < 12:
        seconds = int(seconds)
    return Time(None, None) if seconds == 0 else Fields({name: seconds}, row.wrong).time(name)


def _bbcode(body: str, uid: str | None) -> str:
    """The BBCode as it was typed: phpBB hides an id in every tag, or wraps the tags in XML."""
    if uid:
        body = body.replace(f":{uid}", "")
    if body.startswith(("<r>", "<t>")):
        body = re.sub(r"</?[A-Za-z][^<>]*>", "", re.sub(r"<br\s*/?>", "\n", body))
    return unescape(re.sub(r"<!-- [a-z0-9]+ -->|<br\s*/?>(?!\n)", lambda found: "\n" if "br" in found[0] else "", body))
