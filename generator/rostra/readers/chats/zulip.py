"""Zulip: messages of its API, or the export of an organisation; a topic of a channel is a debate.

A poll or a to-do list is shown as it was in the end.  The author is the message's own ``sender_id`` or ``sender``, shown
by ``sender_full_name`` or by the export's table of people; without a name the message has no author.  A message that
moves to another topic keeps its id, so its address still works.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.identity.permalinks import digest, slug
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.chats.room_days import no_message
from rostra.readers.chats.zulip_widgets import Widget, widget_of
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out, objects_of
from rostra.readers.dumps.json_files import load
from rostra.readers.guards.completeness import distinct
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "zulip"
ABOUT = "Zulip: messages of the API, or an export (messages-….json with realm.json)"
CARRIES = ("authors", "absolute times", "edits", "topics", "quotations with their messages")
MANY = True

SHAPE, SENDER, SUBJECT = late(r'"zerver_message"\s*:'), late(r'"sender_full_name"\s*:'), late(r'"subject"\s*:')
QUOTES = late(
    r"\s*@_?\*\*[^*\n]+\*\*\s*\[[^\]\n]*\]\([^)\n]*/(?:near|with)/(\d+)\)"
    r'|\s*<p><span class="user-mention[^<>]*>[^<>]*</span> <a [^<>]*href="[^"<>]*/(?:near|with)/(\d+)"'
)
"""How a message begins that quotes another, as Markdown and as HTML."""
CHANNEL = 2
CLOSED, DIRECT = "a private channel", "direct messages"
NOT_SHOWN = {
    "edit_history": "earlier wordings",
    "rendered_content": "the same words as HTML",
    "topic_links": "links in a topic's name",
}
PLAIN = late(r"[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*")
BETWEEN = "between "
"""The beginning of the name of a conversation that is not in a channel; the names of its people follow."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for the tables of an export or the keys of a message."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _files(dump, "messages"), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    message = SENDER.search(head) and SUBJECT.search(head)
    return 0.95 if head.startswith(("{", "[")) and (message or SHAPE.search(head)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the topics of a dump, by channel and name."""
    problems: list[Problem] = []
    tables = Tables()
    for file in _files(dump, "realm"):
        value, repaired = load(file)
        problems += repaired
        tables.add(Fields(value), problems)
    with Grouping() as grouping:
        for file in _files(dump, "messages") if dump.is_folder else dump.files():
            value, repaired = load(file)
            problems += repaired
            tables.add(Fields(value), problems)
            for said in _messages(value, problems):
                channel, topic, private = _topic(said, tables)
                widget = widget_of(said) if said.get("submessages") else None
                post = _post(said, tables.people, private, widget)
                grouping.add(f"{channel}\n{topic}", post, said.problems(post, widget.begun if widget else None))
        found = False
        for thread, posts, wrong in grouping.threads():
            found = True
            channel, _, topic = thread.partition("\n")
            yield _thread(channel, topic, posts, [*problems, *wrong])
            problems = []
        if not found:
            raise no_message(dump, "export messages with it", problems)


def _files(dump: Dump, begin: str) -> Iterator[Dump]:
    if dump.is_folder:
        yield from (f for f in dump.files() if f.path.suffix == ".json" and f.path.name.startswith(begin))


class Tables:
    """The data of an export besides its messages: names of people and of channels (by recipient), and private channels."""

    def __init__(self) -> None:
        self.people: dict[str, str] = {}
        self.channels: dict[str, str] = {}
        self.private: dict[str, str] = {}

    def add(self, said: Fields, problems: list[Problem]) -> None:
        """Add the data of a file."""
        for table in ("zerver_userprofile", "zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy"):
            for row in said.objects(table):
                if (id := row.name("id")) and (name := row.text("full_name")):
                    self.people[id] = name
        names: dict[str | None, str | None] = {}
        closed: set[str | None] = set()
        for row in said.objects("zerver_stream"):
            names[id := row.name("id")] = row.text("name")
            closed |= {id} if row.flag("invite_only") else set()
        for row in said.objects("zerver_recipient"):
            if id := row.name("id"):
                if row.number("type") == CHANNEL:
                    self.channels[id] = names.get(row.name("type_id")) or f"channel {row.name('type_id')}"
                    self.private |= {id: CLOSED} if row.name("type_id") in closed else {}
                else:
                    self.private[id] = DIRECT
        problems += map(bad_field, said.wrong)


def _messages(value: Any, problems: list[Problem]) -> Iterator[Fields]:
    found = value
    if isinstance(value, dict):
        found = value.get("zerver_message") or value.get("messages") or ([value] if "content" in value else [])
    for said in objects_of(found, problems):
        if said.name("id"):
            yield said
        else:
            problems.append(left_out("a message has no `id`", said.said))


def _topic(said: Fields, tables: Tables) -> tuple[str, str, str | None]:
    """Return the channel and the topic of a message, and why it is private."""
    recipient = said.get("display_recipient") if "display_recipient" in said.said else said.get("recipient")
    if isinstance(recipient, list):
        names = [Fields(each).text("full_name") or "unnamed" for each in recipient]
        return "", f"{BETWEEN}{', '.join(sorted(names))}", DIRECT
    id = said.name("display_recipient", "recipient")
    # A message whose recipients are unknown is not treated as public.
    if id is None or tables.private.get(id) == DIRECT or said.get("type") in ("private", "direct"):
        return "", f"{BETWEEN}{id or 'people that the dump does not name'}", DIRECT
    channel = id if isinstance(recipient, str) else tables.channels.get(id) or f"channel {id}"
    private = tables.private.get(said.name("recipient") or "") if tables.private else None
    return channel, said.text("subject", "topic") or "", private


def _thread(channel: str, topic: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # Overlapping responses of the API repeat messages.
    posts = sorted(distinct(posts), key=lambda post: (len(post.key), post.key))
    keys = {post.key for post in posts}
    opening = posts[0].key
    named = f"{channel}-{topic}" if channel else topic
    same = PLAIN.fullmatch(channel) and PLAIN.fullmatch(topic) and named.lower() == named
    return RawThread(
        native_id=slug(named)[:29]
        if same and len(slug(named)) < 30
        else f"{slug(named)[:24]}-{digest(channel, topic)}",  # names stay short
        # Its address also contains this word.
        title=(topic if channel else topic.removeprefix(BETWEEN)) or channel,
        tags=(channel,) if channel else (),
        posts=tuple(
            replace(post, parent=None if post.key == opening else post.parent if post.parent in keys else opening)
            for post in posts
        ),
        problems=tuple(problems),
    )


def _post(said: Fields, people: dict[str, str], private: str | None, widget: Widget | None) -> RawPost:
    key = said.name("id") or ""
    sender = said.name("sender_id", "sender")
    name = said.text("sender_full_name") or people.get(sender or "")
    body = said.body("content")
    # A message that begins with a quotation is a reply to the quoted message; all others reply to the topic's opening.
    found = QUOTES.match(body)
    quoted = (found[1] or found[2]) if found else None
    created = said.time("timestamp", "date_sent")
    return RawPost(
        key=key,
        native_id=key,
        parent=quoted if quoted != key else None,
        author=Author(name=name, id=sender) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=said.time("last_edit_timestamp", "last_edit_time").at,
        body=widget.text if widget else body,
        reactions=reactions(said.get("reactions")),
        dialect="html" if said.get("content_type") == "text/html" and not widget else "zulip",
        private=private,
    )
