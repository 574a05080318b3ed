"""Tables of forums exported as JSON: posts of phpBB, SMF, vBulletin, MyBB and XenForo, their bodies in BBCode.

A list of rows, rows as lines, or an export of phpMyAdmin (``[{"type": "table", "name": …, "data": […]}]``).
The author is the name in the post's row, or the user's id with its name from the table of users; the id 0 is a guest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from html import unescape
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, Time, is_nothing, left_out
from rostra.readers.dumps.json_files import json_lines, load, objects_in_lines, sound
from rostra.readers.forum.post_tables import GONE, SHOWN, TABLES, WAITING, PostTable, row_state, says_state
from rostra.readers.forum.stored_bbcode import bbcode
from rostra.readers.guards.unpublished import PRIVATE
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "forum-export"
ABOUT = "tables of forums as JSON: posts of phpBB, SMF, vBulletin, MyBB, XenForo with BBCode"
CARRIES = ("authors", "absolute times", "edits", "deleted posts", "quotations with their posts")
MANY = True

NOT_SHOWN = {
    "topic_last_post_subject": "the title of a post",
    "topic_delete_reason": "what moderators see",
    "notes": "likewise",
}


class TopicRow(Struct, frozen=True):
    """The data of one topic in the table of topics."""

    title: str | None = None
    state: str = "shown"
    poll: str = ""
    options: tuple[str, ...] = ()


ROWS = {name for each in TABLES for name in (each.id, each.body, each.began)} | {"username", "poll_option_text"}
"""Fields that distinguish a row from an object that holds rows."""
TOPICS = {each.topic for each in TABLES}
OF_TOPICS = TOPICS | {each.began for each in TABLES}
MESSAGES = (
    {"to_address", "message_text"},  # phpBB
    {"id_pm", "body"},  # SMF
    {"pmtextid", "message"},  # vBulletin
    {"pmid", "message"},  # MyBB
    {"conversation_id", "message"},  # XenForo
)
"""The columns of a private message in each program."""
TWICE = Problem(code="earlier-version", message="a topic has two rows; the later one is shown", hint="export the tables at one time")  # fmt: skip
SHAPE = late("|".join(rf'(?=.*"{table.id}"\s*:)(?=.*"{table.topic}"\s*:)(?=.*"{table.body}"\s*:)' for table in TABLES), re.DOTALL)  # fmt: skip
QUOTED = late(r"\s*\[quote\b[^\]]*?(?:post_?id=\"?(\d+)|post[=:]\s*(\d+)|\.msg(\d+)|;n?(\d+))", re.IGNORECASE)


def recognise(dump: Dump) -> float:
    """Return a high confidence for the columns of a table of posts."""
    head = dump.head_text.lstrip() if not dump.is_folder else ""
    return 0.93 if head.startswith(("{", "[")) and SHAPE.match(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the topics of an export, by their ids."""
    problems: list[Problem] = []
    users: dict[str, str] = {}
    topics: dict[str, TopicRow] = {}
    options: dict[str, list[str]] = {}
    out: Counter[str] = Counter()
    with Grouping() as grouping:
        count = 0
        unknown: Counter[tuple[str, ...]] = Counter()
        for row, line in _rows(dump, problems):
            table = next(
                (each for each in TABLES if row.name(each.topic) and (each.body in row or each.id in row)), None
            )
            if table is not None:
                count += 1
                if row_state(row, table) == WAITING:
                    out[WAITING] += 1
                    row.is_no_post()
                else:
                    post = _post(row, table, line, count)
                    if post.kind == "removed" and not says_state(row, table):
                        row.wrong.append(
                            "only the time of its deletion is known, not whether it was restored; it is treated as removed"
                        )
                    grouping.add(row.name(table.topic) or "", post, row.problems(post))
            elif of := next((each for each in TABLES if row.name(each.topic) and _of_topics(row, each)), None):
                problems += _add_topic(topics, row.name(of.topic) or "", row, of)
            elif (option := row.text("poll_option_text")) and (of_topic := row.name("topic_id")):
                options.setdefault(of_topic, []).append(f"{unescape(option)}: {row.number('poll_option_total') or 0}")
                problems += row.account(option)
            elif _is_private(row.said):
                unknown[tuple(row.said)] += 1
                row.is_no_post()
            elif any(each.body in row for each in TABLES):
                problems.append(left_out("a post has no topic", row.said, line))
            elif user := _user(row):
                users |= user
                row.is_no_post()
            else:
                unknown[tuple(row.said)] += 1
        if not count:
            raise UnreadableDump("there is no post in this export", path=dump.name, hint="export the table of posts")
        # Problems up to the end of the export go to the last topic.
        last: RawThread | None = None
        problems += (*_of_no_topic(topics, options, grouping.names()), *map(_unknown, unknown, unknown.values()))
        for key, posts, wrong in grouping.threads():
            state = replace(topics.get(key, TopicRow()), options=tuple(options.get(key, ())))
            gone = all(post.kind == "removed" for post in posts)
            if state.state != SHOWN or gone:
                out[GONE if gone else state.state] += len(posts)
                continue
            if last:
                yield last
            last, problems = _thread(key, posts, users, state, [*problems, *wrong]), []
        if last is None:
            hint = "approve the posts to publish in the forum, and export them again"
            raise UnreadableDump("moderators approved none of these posts", path=dump.name, hint=hint)
        yield replace(last, problems=(*last.problems, *_left_out(out)))


def _unknown(names: tuple[str, ...], count: int) -> Problem:
    """Return the problem of rows of one shape that are neither posts nor topics, people or options of polls."""
    if _is_private(dict.fromkeys(names)):
        messages = "a private message is" if count == 1 else f"{count} private messages are"
        return Problem(code=PRIVATE, message=f"{messages} left out", hint="leave their table out of the export")
    row = left_out("a row belongs to no known table", dict.fromkeys(names))
    return replace(row, message=f"{row.message} ({count} times)") if count > 1 else row


def _is_private(row: Mapping[str, Any]) -> bool:
    """Whether a row is a private message, which no topic has."""
    return any(columns <= row.keys() for columns in MESSAGES)


def _of_no_topic(
    topics: dict[str, TopicRow], options: Mapping[str, list[str]], here: AbstractSet[str]
) -> Iterator[Problem]:
    """Yield the problem of titles and polls of topics none of whose posts is in the export."""
    shown = {key for key, topic in topics.items() if topic.state == SHOWN and (topic.title or topic.poll)}
    if count := len((shown | options.keys()) - here):
        what = "a topic has no post" if count == 1 else f"{count} topics have no posts"
        hint = "export the table of posts completely"
        yield Problem(
            code="no-posts",
            message=f"{what} in this export; its title and poll are not shown"
            if count == 1
            else f"{what} in this export; their titles and polls are not shown",
            hint=hint,
        )


def _left_out(out: Counter[str]) -> Iterator[Problem]:
    """Yield the problems of posts that are left out because moderators removed or did not approve them."""
    for state, code, why in (
        (WAITING, "not-approved", "not approved by a moderator"),
        (GONE, "taken-out", "removed by a moderator with the topic"),
    ):
        if count := out[state]:
            what = "a post is" if count == 1 else f"{count} posts are"
            hint = "approve the posts to publish in the forum, and export them again"
            yield Problem(code=code, message=f"{what} left out: {why}", hint=hint)


def _user(row: Fields) -> dict[str, str]:
    """Return the name of a person by id; nothing for other rows, such as one of a topic, which names its author."""
    id, name = row.name("user_id", "userid", "uid"), row.text("username")
    return {id: unescape(name)} if id and name and OF_TOPICS.isdisjoint(row.said) else {}


def _of_topics(row: Fields, table: PostTable) -> bool:
    """Whether a row is of the table of topics: an export may have only the columns of titles and states."""
    return table.began in row or (table.named in row and says_state(row, table))


def _add_topic(topics: dict[str, TopicRow], key: str, row: Fields, table: PostTable) -> Iterator[Problem]:
    """Add the data of a topic's row; yield its problems."""
    title = row.text(table.named)
    poll = unescape(row.text("poll_title") or "")
    topic = TopicRow(title=unescape(title) if title else None, state=row_state(row, table), poll=poll)
    if key in topics and topic.state == SHOWN and not says_state(row, table):
        # A row without a state does not show a topic that another row hides.
        topic = replace(topic, state=topics[key].state)
    if topics.setdefault(key, topic) != topic:
        topics[key] = topic
        yield TWICE
    yield from row.account(topic.title, topic.poll)


def _rows(dump: Dump, problems: list[Problem]) -> Iterator[tuple[Fields, int | None]]:
    if objects_in_lines(dump):
        for line, row in sound(json_lines(dump), problems):
            if isinstance(row, dict):
                yield Fields(row), line
            else:
                problems.append(left_out("this line is not a row", row, line, "bad-line"))
        return
    value, repaired = load(dump)
    problems += repaired
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            inner = [each for each in reversed(item.values()) if isinstance(each, list | dict)]
            if ROWS & item.keys() or _is_private(item) or (TOPICS & item.keys() and not inner):
                yield Fields(item), None
            else:
                stack += inner
        elif not is_nothing(item):
            problems.append(left_out("a value is not a row", item))


def _thread(
    key: str, posts: list[RawPost], users: dict[str, str], topic: TopicRow, problems: list[Problem]
) -> RawThread:
    posts = sorted(dict.fromkeys(posts), key=lambda post: (len(post.key), post.key))
    keys = {post.key for post in posts}
    if (topic.poll or topic.options) and posts[0].kind == "post":
        listed = "".join(f"[*]{option}" for option in topic.options)
        poll = f"[b]{topic.poll}[/b]" + (f"\n[list]{listed}[/list]" if listed else "")
        posts[0] = replace(posts[0], body=f"{posts[0].body}\n\n{poll}")
    opening = posts[0]
    return RawThread(
        native_id=key,
        title=topic.title or opening.title,
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
        flat=True,
    )


def _removed(post: RawPost) -> RawPost:
    """Return a post that a moderator removed, without its text."""
    return replace(post, kind="removed", title=None, body="", edited=None)


def _post(row: Fields, table: PostTable, line: int | None, count: int) -> RawPost:
    id = row.name(table.id)
    key = id or f"row-{count}"
    body = bbcode(row.body(table.body), row.text("bbcode_uid"))
    quoted = QUOTED.match(body)
    answered = next((part for part in quoted.groups() if part), None) if quoted else None
    name, user = row.text(*table.names), row.name(table.user)
    user = user if user != "0" else None
    created, edited = _time(row, table.time), _time(row, table.edited)
    title = row.text(table.title)
    post = RawPost(
        key=key,
        native_id=id,
        parent=answered if answered != key else None,
        author=Author(name=unescape(name or f"user {user}"), id=user) if name or user else None,
        created=created.at,
        created_text=created.shown,
        edited=edited.at,
        line=line,
        title=unescape(title) if title else None,
        body=body,
        dialect="bbcode",
    )
    return _removed(post) if row_state(row, table) == GONE else post


def _time(row: Fields, name: str) -> Time:
    """Return a time from seconds since 1970, written as a number or a string; 0 means none."""
    seconds = row.get(name)
    if isinstance(seconds, str) and seconds.isdigit() and len(seconds) < 12:
        seconds = int(seconds)
    return Time(None, None) if seconds == 0 else Fields({name: seconds}, row.wrong).time(name)
