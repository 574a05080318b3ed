"""Slack: the export of a workspace, or the messages of one channel.

A message with replies is a debate.  The other messages of a channel form one debate per day, in which each message is
a reply to the day's first.

The author is the message's ``user``, a file comment's ``comment.user``, or the bot (``bot_id``, ``username``,
``bot_profile``); without these the message has no author.  A shared message and the preview of a linked page are
quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from rostra.i18n.emoji import with_emoji
from rostra.identity.permalinks import slug
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.chats.room_days import no_message
from rostra.readers.chats.slack_messages import controls, message_time, slack_name, slack_post, slack_text
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, left_out, objects_of
from rostra.readers.dumps.json_files import load
from rostra.readers.guards.audit import surround
from rostra.readers.guards.completeness import FEWER, once
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "slack"
ABOUT = "Slack: a workspace's export (users.json, CHANNEL/DATE.json), or a channel's messages"
CARRIES = ("threads", "authors", "absolute times", "edits", "deleted posts", "attachments")
MANY = True

MESSAGE, AT = late(r'"type"\s*:\s*"message"'), late(r'"ts"\s*:\s*"\d{10}\.\d{6}"')
EVENT = late(
    r"(?:channel|group|app_conversation|joiner|sh_room|huddle|reminder|ekm|assistant_app)_\w+|huddle"
    r"|bot_(?:add|remove|enable|disable)\w*|(?:un)?pinned_item|message_replied|message_deleted"
)
"""Kinds of messages that Slack itself writes to report an event."""
CHANGED = "message_changed"
NOT_SHOWN = {
    "preview": "the beginning of a file, which is listed; of one written in Slack it is shown",
    "preview_highlight": "likewise",
    "preview_plain_text": "likewise",
    "fallback": "the same words without markup",
    "root": "a copy of the message that opened the thread",
    "previous_message": "an earlier wording",
    "profile": "what a person says of themselves",
    "replies": "the times of a message's replies, which are messages of their own",
}
TABLES = {"users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "integration_logs.json", "canvases.json"}  # fmt: skip
OF_EXPORTS = {"users.json", "channels.json"}
"""Tables that every export has."""
CLOSED = {"groups.json": "a private channel", "dms.json": "direct messages", "mpims.json": "group direct messages"}
"""The tables that list channels closed to some members; an export names its folders by channel name or id."""
PROGRAM = {"USLACKBOT": "Slackbot"}
"""The id and name in which Slack itself speaks; tables of users may lack it."""
ROOM_ID = late(r"[DG][A-Z0-9]+")
ROOMS = {"D": "direct messages", "G": "a private channel"}
"""The kind of channel that the first letter of a channel's id gives; names of channels are in lower case."""
SEVERAL = "mpdm-"
"""How the names of direct messages between several people begin."""
KINDS = {"is_im": "direct messages", "is_mpim": "group direct messages", "is_group": "a private channel", "is_private": "a private channel"}  # fmt: skip
DIRECT = {"im": "direct messages", "mpim": "group direct messages", "group": "a private channel"}


class Rooms(NamedTuple):
    """The channels that an export lists: their names, and why some are closed, by name and by id."""

    names: dict[str, str]
    closed: dict[str, str]

    def unlisted(self, name: str) -> str | None:
        """Return why a channel may be closed: an export lists all that are open."""
        return "channels that the export does not list" if self.names and name not in self.names else None


def recognise(dump: Dump) -> float:
    """Return a high confidence for an export's tables, or for messages with Slack's form of time."""
    if dump.is_folder:
        names = {file.path.name for file in dump.files(OF_EXPORTS.__contains__)}
        return 0.95 if names == OF_EXPORTS else 0
    head = dump.head_text.lstrip()
    return 0.94 if head.startswith(("{", "[")) and MESSAGE.search(head) and AT.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the debates of a dump, by channel and time."""
    problems: list[Problem] = []
    people = _people(dump, problems)
    rooms = _rooms(dump, problems)
    events: list[str] = []
    unnamed: set[str] = set()
    parents: dict[tuple[str, str | None], int] = {}
    with Grouping() as grouping:
        for file in dump.files():
            if dump.is_folder and (file.path.suffix != ".json" or file.path.name in TABLES):
                continue
            value, repaired = load(file)
            problems += repaired
            about = Fields(value)
            # A file of slackdump is a channel; in an export, a folder is one.
            id = about.name("channel_id") or (None if dump.is_folder else file.path.name.partition(".")[0])
            name = id or file.path.parent.name
            called = (about.text("name") or rooms.names.get(id)) if id else name
            channel = slug(called or (name if dump.is_folder else dump.path.name.partition(".")[0]))
            if about.flag("has_more"):
                message = f"the source has more messages of #{channel} than this file"
                problems.append(Problem(code=FEWER, message=message, hint="export the rest if it exists"))
            room = rooms.closed.get(name) or _room(name) or rooms.unlisted(name)
            for said in _messages(value, events, problems):
                _dismiss_copy(said, name, parents)
                thread, post = _post(said, channel, people)
                if post.author and post.author.name == post.author.id:
                    unnamed.add(post.author.name)
                what = room or DIRECT.get(said.text("channel_type") or "") or _room(said.get("channel"))
                labels = controls(said) if said.get("bot_id") else ()
                grouping.add(thread, replace(post, private=what) if what else post, said.problems(post, *labels))
        if events:
            lines = "1 event" if len(events) == 1 else f"{len(events)} events"
            message = f"{lines} in the channels, such as joining or leaving; events are not posts"
            problems.append(Problem(code="events", message=message))
        if unnamed:
            message = f"{'1 person is' if len(unnamed) == 1 else f'{len(unnamed)} people are'} shown by an id, since the dump lacks the name"
            problems.append(Problem(code="unsure-names", message=message, hint="name them in the card, with `[[person]]`"))  # fmt: skip
        found = False
        for thread, posts, wrong in grouping.threads():
            found = True
            yield _thread(thread, posts, [*problems, *wrong])
            problems = []
        if not found:
            raise no_message(dump, "export channels with it", problems)


def _room(channel: Any) -> str | None:
    """Return the kind of a channel that is closed to some members, from its id or its description."""
    if isinstance(channel, dict):
        said = Fields(channel)
        return next((what for flag, what in KINDS.items() if said.flag(flag)), None) or _room(said.get("id"))
    if not isinstance(channel, str):
        return None
    if channel.startswith(SEVERAL):
        return "group direct messages"
    return ROOMS[channel[0]] if ROOM_ID.fullmatch(channel) else None


def _messages(value: Any, events: list[str], problems: list[Problem]) -> Iterator[Fields]:
    """Yield the messages that have a time, also nested ones and edited versions; add the kinds of others to ``events``."""
    found = value.get("messages") if isinstance(value, dict) else value
    # The answer to a search has its pages of messages in `matches`.
    for said in objects_of(found.get("matches") if isinstance(found, dict) else found, problems):
        kind = said.get("subtype")
        if kind == CHANGED and isinstance(inner := said.get("message"), dict):
            said.is_no_post()
            said = Fields(inner)
        elif isinstance(kind, str) and EVENT.fullmatch(kind):
            events.append(kind)
            said.is_no_post()
            for copy in ("message", "previous_message"):
                said.within(copy).is_no_post()
            continue
        if message_time(said, "ts") is None:
            problems.append(left_out("a message has no time, which is its id in Slack", said.said))
            continue
        yield said
        for reply in said.values("slackdump_thread_replies"):
            yield from _messages([reply], events, problems)


def _post(said: Fields, channel: str, people: dict[str, str]) -> tuple[str, RawPost]:
    """Return the name of a message's thread, from its opening or its day, and the message as a post."""
    post = slack_post(said, people)
    opening = message_time(said, "thread_ts") or (post.key if said.number("reply_count") else None)
    return f"{channel}\n{opening or (post.created or post.key)[:10]}", post


def _dismiss_copy(said: Fields, channel: str, parents: dict[tuple[str, str | None], int]) -> None:
    """Dismiss the copy of a thread's first message in a reply, if the message was read with the same text."""
    if (ts := said.name("ts")) == said.name("thread_ts"):
        parents[channel, ts] = hash(said.text("text"))
    if isinstance(copy := said.get("root"), dict):
        root = Fields(copy)
        if parents.get((channel, root.name("ts"))) == hash(root.text("text")):
            root.is_no_post()


def _people(dump: Dump, problems: list[Problem]) -> dict[str, str]:
    people = dict(PROGRAM)
    for file in dump.files("users.json".__eq__) if dump.is_folder else ():
        value, repaired = load(file)
        problems += repaired
        for row in objects_of(value, problems):
            if (id := row.text("id")) and (name := slack_name(row)):
                people[id] = name
    return people


def _rooms(dump: Dump, problems: list[Problem]) -> Rooms:
    """Return what the tables of an export say of its channels."""
    rooms = Rooms({}, {})
    for file in dump.files() if dump.is_folder else ():
        what = CLOSED.get(file.path.name)
        if what is None and file.path.name != "channels.json":
            continue
        value, repaired = load(file)
        problems += repaired
        for row in objects_of(value, problems):
            surround(row.said)
            id, name = row.name("id"), row.text("name")
            called = [each for each in (id, name, row.text("name_normalized")) if each]
            rooms.names.update(dict.fromkeys(called, name or id or ""))
            if what or row.flag("is_private", "is_im", "is_mpim"):
                rooms.closed.update(dict.fromkeys(called, what or "a private channel"))
    return rooms


def _thread(thread: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # A reply that was also sent to the channel occurs twice, and a message with replies once more above them.  Of
    # several versions, the last one counts.
    posts = sorted(once(posts), key=lambda post: (post.key, post.edited or ""))
    last = {post.key: post.edited for post in posts}
    posts = [post for post in posts if post.edited == last[post.key]]
    if all(post.parent is None for post in posts):
        posts = [posts[0], *(replace(post, parent=posts[0].key) for post in posts[1:])]
    channel, _, when = thread.partition("\n")
    opening = re.sub(r"<!quote\^[^<>]*>\n|^(?:&gt;)+", "", posts[0].body, flags=re.MULTILINE)
    plain = re.sub(r"<([@#!]?)(?:[^<>|]*\|)?([^<>]*)>", lambda found: found[1].strip("!") + found[2], opening)
    words = " ".join((slack_text(re.sub(r"[*_~`]", "", with_emoji(plain))) or "").split())
    title = f"#{channel}, {when}" if "." not in when else words[:80] + ("…" if len(words) > 80 else "")
    return RawThread(
        native_id=f"{channel[:15]}-{when.replace('.', '-')}",
        title=title or f"#{channel}",
        tags=(channel,),
        posts=tuple(posts),
        problems=tuple(problems),
    )
