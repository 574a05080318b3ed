"""Discord: a channel as DiscordChatExporter writes it in JSON.

The messages of one day in a channel form a debate, together with all replies to them; a thread or a forum post is a
single debate.  The author is the message's own ``author``, shown by ``nickname`` or ``name``; without one the message
has no author.  A forwarded message and the preview of a linked page are quotations; a bot's embeds are its own text.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from rostra.i18n import remarks
from rostra.identity.permalinks import digest, slug
from rostra.markup.discord import quoted_to_the_end
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.model.timestamps import sortable_time as moment_of
from rostra.readers.chats.room_days import Room, Talk, happened
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out, objects_of
from rostra.readers.dumps.json_files import load
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.polls import poll_text
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "discord"
ABOUT = "Discord: a channel as DiscordChatExporter's JSON"
CARRIES = ("answers", "authors", "absolute times", "edits", "attachments")
MANY = True

NOT_SHOWN = {
    "roles": "people's roles on a server",
    "mentions": "names that occur in the text",
    "inlineEmojis": "pictures of emoji in the text",
    "reactions": "the people who reacted to a post; how many did is shown",
}
SHAPE, GUILD, CHANNEL = late(r'"messages"\s*:'), late(r'"guild"\s*:\s*\{'), late(r'"channel"\s*:\s*\{')
SAID = {"Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "0", "19", "20", "23", "46", "PollResult"}
EVENTS = late(r"Recipient\w+|Call|Channel\w+|Guild\w+|Thread\w+|\d+")
"""Kinds of messages that Discord itself writes to report an event; for a kind it cannot name the exporter writes a number."""
PRIVATE = {
    "DirectTextChat": "direct messages",
    "DirectGroupTextChat": "group direct messages",
    "GuildPrivateThread": "a private thread",
    "PrivateThread": "a private thread",
}
THREADS = late(r"\w*Thread")
DELETED = "456226577798135808"
"""The id that all deleted accounts share."""
MENTION = late(r"<@!?(\d+)>")


def recognise(dump: Dump) -> float:
    """Return a high confidence for the head of an export."""
    if dump.is_folder:
        return 0
    head = dump.head_text.lstrip()
    return 0.96 if head.startswith("{") and all(each.search(head) for each in (GUILD, CHANNEL, SHAPE)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the debates of a channel, by day."""
    value, problems = load(dump)
    export = Fields(value)
    channel = export.within("channel")
    if (name := channel.text("name")) is None:
        name = "a channel"
        problems.append(bad_field("the export does not name its channel"))
    kind = channel.text("type") or ""
    id = channel.name("id") or name
    room = Room(f"{slug(name)[:15]}-{digest(id)[:6]}", name, whole=bool(THREADS.fullmatch(kind)))
    events = count = 0
    with Grouping() as grouping:
        talk = Talk(room, grouping)
        for said in objects_of(export.get("messages"), problems):
            count += 1
            type = said.name("type") or "Default"
            if type not in SAID and EVENTS.fullmatch(type):
                events += 1
                said.is_no_post()
            elif said.name("id") is None:
                problems.append(left_out("a message has no `id`", said.said))
            else:
                post = replace(_post(said, id), private=PRIVATE.get(kind))
                # The name of an account is not shown beside a nickname.
                talk.add(post, said.problems(post, said.within("author").text("name")), _day(post.created))
        problems += map(bad_field, export.wrong)
        problems += happened(events, "channel")
        if (declared := export.number("messageCount") or 0) > count:
            message = f"the export counts {declared} messages; {count} are here"
            problems.append(Problem(code="fewer-posts", message=message, hint="export the rest, if it still exists"))
        yield from talk.whole(problems, dump, "export the channel again")


def _day(created: str | None) -> str | None:
    """Return the day in UTC, since the exporter writes times in the time zone of its user."""
    return moment_of(created)[:10] if created else None


def _post(said: Fields, channel: str) -> RawPost:
    key = said.name("id") or ""
    person = said.within("author")
    id = person.name("id")
    name = person.text("nickname", "name") if id != DELETED else None
    reference = said.within("reference")
    answers = reference.name("messageId") if reference.name("channelId") in (None, channel) else None
    # A forwarded message is referenced in the same way as a parent.
    forwarded = said.get("forwardedMessage")
    created = said.time("timestamp")
    return RawPost(
        key=key,
        native_id=key,
        parent=answers if answers != key and not forwarded else None,
        author=Author(name=name, id=id) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=said.time("timestampEdited").at,
        body=_body(said, own=bool(person.flag("isBot"))),
        dialect="discord",
        attachments=tuple(_files(said)),
        reactions=reactions(said.get("reactions")),
    )


def _body(said: Fields, *, own: bool) -> str:
    """Return text, embeds and forwarded messages as Markdown; embeds are the author's ``own`` if it is a bot."""
    names = {each.name("id"): each.text("nickname", "name") for each in said.objects("mentions")}
    text = quoted_to_the_end(said.body("content"))
    parts = [MENTION.sub(lambda found: f"@{names.get(found[1]) or found[1]}", text), _poll(said.within("poll"))]
    for each in said.objects("embeds"):
        if result := _poll_result(each):
            parts.append(result)
            continue
        embed = _embed(each)
        parts.append(embed if own else _quoted(embed))
    forwarded = said.within("forwardedMessage")
    parts += [_quoted("\n\n".join((forwarded.text("content") or "", *map(_embed, forwarded.objects("embeds")))))]
    return "\n\n".join(part for part in parts if part.strip())


def _poll(said: Fields) -> str:
    """Return a poll as Discord's API writes it, with the votes for each answer if they were counted."""
    results = said.within("results")
    counts = [each for name in ("answer_counts", "answerCounts") for each in results.objects(name)]
    votes = {each.name("id"): each.number("count") for each in counts}
    options = [
        (text, votes.get(each.name("answer_id", "answerId", "id"), 0 if votes else None))
        for each in said.objects("answers")
        if (text := each.within("poll_media", "pollMedia").text("text") or each.text("text"))
    ]
    return poll_text(said.person("question").text("text", "name"), options)


def _poll_result(said: Fields) -> str:
    """Return the result of a poll, which Discord writes as an embed with the winner in fields of these names."""
    fields = {each.text("name"): each.text("value") for each in said.objects("fields")}
    if "poll_question_text" not in fields:
        return ""
    winner, votes, total = map(fields.get, ("victor_answer_text", "victor_answer_votes", "total_votes"))
    won = f"{winner} ({votes}/{total})" if winner and votes else winner or f"({total})" * bool(total)
    return "\n\n".join(part for part in (f"**{fields['poll_question_text']}**", won) if part)


def _embed(said: Fields) -> str:
    title, address = said.text("title"), said.text("url")
    author, foot = said.within("author").text("name"), said.within("footer").text("text")
    fields = (f"**{each.text('name') or ''}** {each.text('value') or ''}" for each in said.objects("fields"))
    head = f"[{title}](<{address}>)" if title and address and "]" not in title and ">" not in address else title
    return "\n".join(part for part in (author, head, said.text("description"), *fields, foot) if part)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.strip().split("\n")) if text.strip() else ""


def _files(said: Fields) -> Iterator[Attachment]:
    for holder in (said, said.within("forwardedMessage")):
        for each in holder.objects("attachments"):
            address = each.text("url")
            yield Attachment(name=each.text("fileName") or remarks.A_FILE, url=_address(address), at=_saved(address))
        for each in holder.objects("stickers"):
            address = each.text("sourceUrl")
            yield Attachment(name=each.text("name") or remarks.A_STICKER, url=_address(address), at=_saved(address))


def _address(url: str | None) -> str | None:
    """Return a web address, else None: for saved files the exporter writes paths on a disk."""
    return url if url and url.startswith(("https://", "http://")) else None


def _saved(url: str | None) -> str | None:
    """Where the exporter saved a file (``--media``): a path relative to the export."""
    return None if not url or _address(url) else f"path:{url}".replace("\\", "/")
