"""Slack: the export of a workspace, or the messages of one channel.

A message with answers is a debate.  What is said in a channel without opening one is a debate a
channel and day, in which each message answers the day's first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.identity.permalinks import slug
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, instant, left_out, objects_of
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import load
from rostra.system.lazy_regex import late

NAME = "slack"
ABOUT = "Slack: a workspace's export (users.json, CHANNEL/DATE.json), or a channel's messages"
CARRIES = ("threads", "authors", "absolute times", "edits", "deleted posts", "attachments")
MANY = True

STAMP = late(r"(\d{10})(?:\.(\d{1,6}))?")
MESSAGE, AT = late(r'"type"\s*:\s*"message"'), late(r'"ts"\s*:\s*"\d{10}\.\d{6}"')
SAID = {None, "bot_message", "me_message", "file_share", "thread_broadcast", "tombstone", "file_comment", "reply_broadcast"}  # fmt: skip
TABLES = {"users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "integration_logs.json", "canvases.json"}  # fmt: skip
NAMED = late(r"<@([A-Z0-9]+)>")


def recognise(dump: Dump) -> float:
    """Sure of an export's tables, and of messages that carry Slack's kind of time."""
    if dump.is_folder:
        names = {file.path.name for _, file in zip(range(2_000), dump.files(), strict=False)}
        return 0.95 if {"users.json", "channels.json"} <= names else 0
    head = dump.head_text.lstrip()
    return 0.94 if head.startswith(("{", "[")) and MESSAGE.search(head) and AT.search(head) else 0


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
            for said in objects_of(value.get("messages") if isinstance(value, dict) else value, problems):
                kind = said.get("subtype")
                if isinstance(kind, str) and kind not in SAID:
                    events += 1
                elif _stamp(said, "ts") is None:
                    problems.append(left_out("a message has no time, by which Slack calls it", said.said))
                else:
                    thread, post = _post(said, channel, people)
                    grouping.add(thread, post, said.problems(post))
        if events:
            lines = "1 line says" if events == 1 else f"{events} lines say"
            message = f"{lines} who joined, left or changed a channel; no posts"
            problems.append(Problem(code="events", message=message))
        found = False
        for thread, posts, wrong in grouping.threads():
            found = True
            yield _thread(thread, posts, [*problems, *wrong])
            problems = []
        if not found:
            raise UnreadableDump("there is no message in this dump", path=dump.name, hint="export channels with it")


def _people(dump: Dump, problems: list[Problem]) -> dict[str, str]:
    people: dict[str, str] = {}
    for file in dump.files() if dump.is_folder else ():
        if file.path.name == "users.json":
            value, repaired = load(file)
            problems += repaired
            for row in objects_of(value, problems):
                if (id := row.text("id")) and (name := _name(row)):
                    people[id] = name
    return people


def _name(row: Fields) -> str | None:
    profile = row.within("profile") if "profile" in row else row
    return profile.text("display_name", "real_name") or row.text("real_name", "name")


def _stamp(said: Fields, name: str) -> str | None:
    """A message's time with its six decimals, which is its name in a channel."""
    found = STAMP.fullmatch(said.name(name) or "")
    return f"{found[1]}.{found[2] or '':0<6}" if found else None


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


def _post(said: Fields, channel: str, people: dict[str, str]) -> tuple[str, RawPost]:
    key = _stamp(said, "ts") or ""
    opening = _stamp(said, "thread_ts")
    if opening is None and said.number("reply_count"):
        opening = key
    created = instant(key)
    user = said.text("user", "bot_id")
    name = people.get(user or "") or _name(said.within("user_profile")) or said.text("username") or user
    gone = said.get("subtype") == "tombstone"
    return f"{channel}\n{opening or (created or key)[:10]}", RawPost(
        key=key,
        native_id=key,
        parent=opening if opening and opening != key else None,
        kind="deleted" if gone else "post",
        author=Author(name=name, id=user) if name and not gone else None,
        created=created,
        edited=said.within("edited").time("ts").at,
        body="" if gone else NAMED.sub(lambda found: f"<@{found[1]}|{people.get(found[1], found[1])}>", _text(said)),
        dialect="slack",
        attachments=tuple(
            Attachment(
                name=each.text("title", "name") or "a file",
                url=each.text("permalink", "url_private"),
                media_type=each.text("mimetype"),
            )
            for each in said.objects("files")
        ),
    )


def _text(said: Fields) -> str:
    """What was said; bots say it in attachments."""
    parts = (each.text("text", "fallback") for each in said.objects("attachments"))
    return said.body("text", needed=not said.get("attachments")) or "\n\n".join(part for part in parts if part)
