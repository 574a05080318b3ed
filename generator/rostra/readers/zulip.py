"""Zulip: messages as its API gives them, and the export of an organisation; a topic of a channel is a debate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.permalinks import digest, slug
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, load, number_of, text_of

NAME = "zulip"
ABOUT = "Zulip: messages of the API, or an export (messages-….json with realm.json)"
CARRIES = ("authors", "absolute times", "edits", "topics", "quotations with their messages")
MANY = True

SHAPE = late(r'"zerver_message"\s*:|"sender_full_name"\s*:.*"subject"\s*:|"subject"\s*:.*"sender_full_name"\s*:', re.DOTALL)  # fmt: skip
QUOTES = late(r"\s*@_?\*\*[^*\n]+\*\*\s*\[[^\]\n]*\]\([^)\n]*/(?:near|with)/(\d+)\)")
CHANNEL = 2
PLAIN = late(r"[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*")


def recognise(dump: Dump) -> float:
    """Sure of the tables of an export and of the keys of a message."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _files(dump, "messages"), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    return 0.95 if head.startswith(("{", "[")) and SHAPE.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The topics of a dump, by channel and name."""
    problems: list[Problem] = []
    people: dict[int, str] = {}
    channels: dict[int, str] = {}
    private: set[int] = set()
    for file in _files(dump, "realm"):
        value, repaired = load(file)
        problems += repaired
        _tables(value, people, channels, private)
    with Grouping() as grouping:
        for file in _files(dump, "messages") if dump.is_folder else dump.files():
            value, repaired = load(file)
            problems += repaired
            _tables(value, people, channels, private)
            for item in _messages(value):
                channel, topic = _topic(item, channels, private)
                grouping.add(f"{channel}\n{topic}", _post(item, people))
        found = False
        for thread, posts in grouping.threads():
            found = True
            channel, _, topic = thread.partition("\n")
            yield _thread(channel, topic, posts, problems)
            problems = []
        if not found:
            raise UnreadableDump("there is no message in this dump", path=dump.name, hint="export messages with it")


def _files(dump: Dump, begin: str) -> Iterator[Dump]:
    if dump.is_folder:
        yield from (f for f in dump.files() if f.path.suffix == ".json" and f.path.name.startswith(begin))


def _tables(value: Any, people: dict[int, str], channels: dict[int, str], private: set[int]) -> None:
    """What an export says beside its messages; channels by the id of their recipient."""
    if not isinstance(value, dict):
        return
    for table in ("zerver_userprofile", "zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy"):
        for row in _rows(value, table):
            if isinstance(row.get("id"), int) and (name := text_of(row.get("full_name"))):
                people[row["id"]] = name
    names = {row.get("id"): text_of(row.get("name")) for row in _rows(value, "zerver_stream")}
    for row in _rows(value, "zerver_recipient"):
        if isinstance(row.get("id"), int):
            if row.get("type") == CHANNEL:
                channels[row["id"]] = names.get(row.get("type_id")) or f"channel {row.get('type_id')}"
            else:
                private.add(row["id"])


def _rows(value: dict[str, Any], table: str) -> list[dict[str, Any]]:
    rows = value.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _messages(value: Any) -> Iterator[dict[str, Any]]:
    found = value
    if isinstance(value, dict):
        found = value.get("zerver_message") or value.get("messages") or ([value] if "content" in value else [])
    for item in found if isinstance(found, list) else ():
        if isinstance(item, dict) and isinstance(item.get("id"), int | str):
            yield item


def _topic(item: dict[str, Any], channels: dict[int, str], private: set[int]) -> tuple[str, str]:
    recipient = item.get("display_recipient", item.get("recipient"))
    topic = text_of(item.get("subject")) or text_of(item.get("topic")) or ""
    if isinstance(recipient, list) or (isinstance(recipient, int) and recipient in private):
        names = [str(each.get("full_name")) for each in recipient if isinstance(each, dict)] if isinstance(recipient, list) else [str(recipient)]  # fmt: skip
        return "", f"between {', '.join(sorted(names))}"
    channel = channels.get(recipient) if isinstance(recipient, int) else text_of(recipient)
    return channel or f"channel {recipient}", topic


def _thread(channel: str, topic: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # Overlapping answers of the API repeat messages.
    posts = sorted(dict.fromkeys(posts), key=lambda post: (len(post.key), post.key))
    keys = {post.key for post in posts}
    opening = posts[0].key
    if not channel:
        message = "these messages were not public"
        problems = [*problems, Problem(code="not-public", message=message, hint="leave them out unless all agree")]
    named = f"{channel}-{topic}" if channel else topic
    same = PLAIN.fullmatch(channel) and PLAIN.fullmatch(topic) and named.lower() == named
    return RawThread(
        native_id=slug(named)[:29]
        if same and len(slug(named)) < 30
        else f"{slug(named)[:24]}-{digest(channel, topic)}",  # names stay short
        title=topic or channel,
        tags=(channel,) if channel else (),
        posts=tuple(
            replace(post, parent=None if post.key == opening else post.parent if post.parent in keys else opening)
            for post in posts
        ),
        problems=tuple(problems),
    )


def _post(item: dict[str, Any], people: dict[int, str]) -> RawPost:
    key = str(item["id"])
    sender = item.get("sender_id", item.get("sender"))
    known = people.get(sender) if isinstance(sender, int) else None
    name = text_of(item.get("sender_full_name")) or known
    body = text_of(item.get("content")) or ""
    html = item.get("content_type") == "text/html"
    # A message that begins by quoting one answers it; all others answer the topic.
    quoted = QUOTES.match(body)
    return RawPost(
        key=key,
        native_id=key,
        parent=quoted[1] if quoted and quoted[1] != key else None,
        author=Author(name=name, id=str(sender) if number_of(sender) is not None else None) if name else None,
        created=instant(item.get("timestamp") or item.get("date_sent")),
        edited=instant(item.get("last_edit_timestamp") or item.get("last_edit_time")),
        body=body,
        dialect="html" if html else "zulip",
    )
