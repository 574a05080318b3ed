"""Slack: the export of a workspace, or the messages of one channel.

A message with answers is a debate.  What is said in a channel without opening one is a debate a
channel and day, in which each message answers the day's first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.permalinks import slug
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, load, number_of, text_of

NAME = "slack"
ABOUT = "Slack: a workspace's export (users.json, CHANNEL/DATE.json), or a channel's messages"
CARRIES = ("threads", "authors", "absolute times", "edits", "deleted posts", "attachments")
MANY = True

STAMP = late(r"\d{10}\.\d{6}")
SHAPE = late(r'(?=.*"type"\s*:\s*"message")(?=.*"ts"\s*:\s*"\d{10}\.\d{6}")', re.DOTALL)
SAID = {None, "bot_message", "me_message", "file_share", "thread_broadcast", "tombstone", "file_comment", "reply_broadcast"}  # fmt: skip
TABLES = {"users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "integration_logs.json", "canvases.json"}  # fmt: skip
NAMED = late(r"<@([A-Z0-9]+)>")


def recognise(dump: Dump) -> float:
    """Sure of an export's tables, and of messages that carry Slack's kind of time."""
    if dump.is_folder:
        names = {file.path.name for _, file in zip(range(2_000), dump.files(), strict=False)}
        return 0.95 if {"users.json", "channels.json"} <= names else 0
    head = dump.head_text.lstrip()
    return 0.94 if head.startswith(("{", "[")) and SHAPE.match(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The debates of a dump, by channel and time."""
    problems: list[Problem] = []
    people = _people(dump, problems)
    events = 0
    with Grouping() as grouping:
        for file in dump.files():
            if dump.is_folder and (file.path.suffix != ".json" or file.path.name in TABLES):
                continue
            channel = slug(file.path.parent.name) if dump.is_folder else slug(dump.path.name.partition(".")[0])
            value, repaired = load(file)
            problems += repaired
            for item in _messages(value):
                if item.get("subtype") not in SAID:
                    events += 1
                    continue
                thread, post = _post(item, channel, people)
                grouping.add(thread, post)
        if events:
            lines = "1 line says" if events == 1 else f"{events} lines say"
            message = f"{lines} who joined, left or changed a channel; no posts"
            problems.append(Problem(code="events", message=message))
        found = False
        for thread, posts in grouping.threads():
            found = True
            yield _thread(thread, posts, problems)
            problems = []
        if not found:
            raise UnreadableDump("there is no message in this dump", path=dump.name, hint="export channels with it")


def _people(dump: Dump, problems: list[Problem]) -> dict[str, str]:
    people: dict[str, str] = {}
    for file in dump.files() if dump.is_folder else ():
        if file.path.name == "users.json":
            value, repaired = load(file)
            problems += repaired
            for row in value if isinstance(value, list) else ():
                if isinstance(row, dict) and (id := text_of(row.get("id"))) and (name := _name(row)):
                    people[id] = name
    return people


def _name(row: dict[str, Any]) -> str | None:
    profile = row["profile"] if isinstance(row.get("profile"), dict) else row
    return (
        text_of(profile.get("display_name"))
        or text_of(profile.get("real_name"))
        or text_of(row.get("real_name"))
        or text_of(row.get("name"))
    )


def _messages(value: Any) -> Iterator[dict[str, Any]]:
    found = value.get("messages") if isinstance(value, dict) else value
    for item in found if isinstance(found, list) else ():
        if isinstance(item, dict) and STAMP.fullmatch(str(item.get("ts"))):
            yield item


def _thread(thread: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # A message that answers stands twice where it was also sent to the channel.
    posts = sorted(dict.fromkeys(posts), key=lambda post: post.key)
    if all(post.parent is None for post in posts):
        posts = [posts[0], *(replace(post, parent=posts[0].key) for post in posts[1:])]
    channel, _, when = thread.partition("\n")
    plain = re.sub(r"<([@#!]?)(?:[^<>|]*\|)?([^<>]*)>", lambda found: found[1].strip("!") + found[2], posts[0].body)
    words = " ".join(re.sub(r"[*_~`]|&\w+;", "", plain).split())
    title = f"#{channel}, {when}" if "." not in when else words[:80] + ("…" if len(words) > 80 else "")
    return RawThread(
        native_id=f"{channel[:15]}-{when.replace('.', '-')}",
        title=title or f"#{channel}",
        tags=(channel,),
        posts=tuple(posts),
        problems=tuple(problems),
    )


def _post(item: dict[str, Any], channel: str, people: dict[str, str]) -> tuple[str, RawPost]:
    key = item["ts"]
    opened = item.get("thread_ts")
    opening = opened if isinstance(opened, str) and STAMP.fullmatch(opened) else None
    if opening is None and number_of(item.get("reply_count")):
        opening = key
    created = instant(key)
    user = text_of(item.get("user")) or text_of(item.get("bot_id"))
    profile = item.get("user_profile")
    name = (
        people.get(user or "")
        or (_name(profile) if isinstance(profile, dict) else None)
        or text_of(item.get("username"))
        or user
    )
    gone = item.get("subtype") == "tombstone"
    edited = item.get("edited")
    files = item.get("files")
    return f"{channel}\n{opening or (created or key)[:10]}", RawPost(
        key=key,
        native_id=key,
        parent=opening if opening and opening != key else None,
        kind="deleted" if gone else "post",
        author=Author(name=name, id=user) if name and not gone else None,
        created=created,
        edited=instant(edited.get("ts")) if isinstance(edited, dict) else None,
        body="" if gone else NAMED.sub(lambda found: f"<@{found[1]}|{people.get(found[1], found[1])}>", _text(item)),
        dialect="slack",
        attachments=tuple(
            Attachment(
                name=text_of(each.get("title")) or text_of(each.get("name")) or "a file",
                url=text_of(each.get("permalink")) or text_of(each.get("url_private")),
                media_type=text_of(each.get("mimetype")),
            )
            for each in (files if isinstance(files, list) else ())
            if isinstance(each, dict)
        ),
    )


def _text(item: dict[str, Any]) -> str:
    """What was said; bots say it in attachments."""
    text = text_of(item.get("text"))
    if text:
        return text
    attached = item.get("attachments")
    parts = [
        text_of(each.get("text")) or text_of(each.get("fallback"))
        for each in (attached if isinstance(attached, list) else ())
        if isinstance(each, dict)
    ]
    return "\n\n".join(part for part in parts if part)
