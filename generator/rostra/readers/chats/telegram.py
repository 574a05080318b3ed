"""Telegram: a chat as the desktop program exports it (``result.json``, or pages), or the export of a whole account.

The messages of one day in a chat form a debate, together with all replies to them; so does a topic of a forum.  The
author is the message's own ``from_id``, shown by ``from``, or the ``author`` who signs in a channel; without a name the
message has no author.  A forwarded message is a quotation of ``forwarded_from``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from msgspec.structs import replace

from rostra.identity.permalinks import digest, slug
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.chats.room_days import Room, Talk, no_message
from rostra.readers.chats.telegram_pages import TYPE, are_pages, exported_chat
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out, objects_of
from rostra.readers.dumps.json_files import load
from rostra.readers.guards.audit import surround
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "telegram"
ABOUT = "Telegram: a chat's or an account's export as JSON (result.json), or a chat's as HTML (messages.html)"
CARRIES = ("answers", "authors", "absolute times", "edits", "topics", "polls", "attachments")
MANY = True

NOT_SHOWN = {
    "text_entities": "the same words as `text`",
    "about": "the export's description of itself",
    "personal_information": "a profile",
    "contacts": "the contacts of an account",
    "frequent_contacts": "likewise",
    "sessions": "the sessions of an account",
    "web_sessions": "likewise",
    "other_data": "settings",
    "inline_bot_buttons": "labels of buttons",
    "members": "people that an event concerns",
}
DATED = late(r'"date(?:_unixtime)?"\s*:\s*"')
SHAPE = late(r'"messages"\s*:\s*\[|"chats"\s*:\s*\{')
KIND = late(r'"type"\s*:\s*"(?:(?:private|public)_(?:group|supergroup|channel)|personal_chat|bot_chat|saved_messages|service|message)"')  # fmt: skip
SENDER = late(r'"(?:from|actor)(?:_id)?"\s*:|"text_entities"\s*:|"chats"\s*:')
PUBLIC = {"", "public_group", "public_supergroup", "public_channel"}
"""The types of chats that everyone can read; an excerpt names none."""
PRIVATE = {
    "personal_chat": "direct messages",
    "bot_chat": "messages to a bot",
    "saved_messages": "somebody's own notes",
    "private_group": "a private group",
    "private_supergroup": "a private group",
    "private_channel": "a private channel",
    TYPE: "a chat whose export does not say who could read it",
}
ABSENT = "(File"
"""The beginning of the note that replaces a file that was not exported."""
MOMENT = late(r"@[\d_-]+(?=\.\w+\Z)")
"""What the program puts into the names of its files: the time, which would be taken for the host of an e-mail address."""
TAGS = {
    "bold": "strong", "italic": "em", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "spoiler": "span",
}  # fmt: skip
FILES = ("file", "photo", "video", "audio", "voice_message", "video_message", "sticker")


def recognise(dump: Dump) -> float:
    """Return a high confidence for the head of an export of one or several chats."""
    if dump.is_folder:
        heads = [recognise(file) for file in dump.files("result.json".__eq__)]
        return max(heads, default=0) or (0.95 if are_pages(dump) else 0)
    if are_pages(dump):
        return 0.95
    head = dump.head_text.lstrip()
    shaped = head.startswith("{") and SHAPE.search(head) and KIND.search(head)
    return 0.95 if shaped and DATED.search(head) and SENDER.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the debates of the chats, by day and topic."""
    held: RawThread | None = None
    problems: list[Problem] = []
    for value in _exports(dump, problems):
        for chat in _chats(value, problems):
            for thread in _debates(chat, problems):
                if held is not None:
                    yield held
                held = replace(thread, problems=(*problems, *thread.problems))
                problems.clear()
    if held is None:
        raise no_message(dump, "export the chat as JSON", problems)
    # Problems of chats without debates go to the last debate.
    yield replace(held, problems=(*held.problems, *problems))


def _exports(dump: Dump, problems: list[Problem]) -> Iterator[Any]:
    """Yield the exports as JSON; the pages of a folder only if it has none, since a chat may be exported in both forms."""
    files = list(dump.files("result.json".__eq__ if dump.is_folder else None))
    if are_pages(dump) and not (dump.is_folder and files):
        dump.audit.begin(chat := exported_chat(dump, problems))
        yield chat
        return
    for file in files:
        value, repaired = load(file)
        problems += repaired
        yield value


def _chats(value: Any, problems: list[Problem]) -> Iterator[Fields]:
    for export in objects_of(value, problems):
        if "messages" in export:
            yield export
        for part in ("chats", "left_chats"):
            for each in Fields(export.get(part)).objects("list"):
                if "messages" in each:
                    yield Fields(each.said)
                else:
                    problems.append(left_out("a chat has no `messages`", each.said))


def _debates(chat: Fields, problems: list[Problem]) -> Iterator[RawThread]:
    surround(chat.said)
    kind = chat.text("type") or ""
    what = None if kind in PUBLIC else PRIVATE.get(kind, "a chat of an unknown type")
    name = chat.text("name") or ("Saved messages" if kind == "saved_messages" else "a chat")
    id = chat.name("id") or name
    events = 0
    with Grouping() as grouping:
        talk = Talk(Room(f"{slug(name)[:15]}-{digest(id)[:6]}", name), grouping)
        for said in objects_of(chat.get("messages"), problems):
            key = said.name("id")
            if said.get("type") == "service":
                events += 1
                if key and said.get("action") == "topic_created":
                    talk.topics[key] = said.text("title") or "a topic"
                    problems += said.account(talk.topics[key], said.text("actor"))
                else:
                    said.is_no_post()
            elif said.get("type") == "unsupported":
                said.is_no_post()
                problems.append(left_out("the program could not export this message", said.said))
            elif key is None:
                problems.append(left_out("a message has no `id`", said.said))
            else:
                post = replace(_post(said, key), private=what)
                for reaction in said.objects("reactions"):
                    for each in reaction.objects("recent"):
                        each.is_no_post()
                unsaved = (path for field in FILES if (path := said.text(field)) and path.startswith(ABSENT))
                talk.add(post, said.problems(post, *unsaved), (post.created or post.created_text or "")[:10])
        problems += map(bad_field, chat.wrong)
        if events:
            lines = "1 event" if events == 1 else f"{events} events"
            problems.append(Problem(code="events", message=f"{lines} in the chat; events are not posts"))
        for thread, wrong in talk.threads():
            yield replace(thread, problems=tuple(wrong))


def _post(said: Fields, key: str) -> RawPost:
    created = said.time("date_unixtime", "date")
    edited = said.time("edited_unixtime", "edited")
    signed = said.text("author")
    name = signed or said.text("from")
    # A reply to a message of another chat has no parent in this one.
    answers = None if said.get("reply_to_peer_id") else said.name("reply_to_message_id")
    return RawPost(
        key=key,
        native_id=key,
        parent=answers if answers != key else None,
        author=Author(name=name, id=None if signed else said.name("from_id")) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=edited.at,
        body=_body(said),
        dialect="html",
        attachments=tuple(_files(said)),
        reactions=reactions(said.get("reactions")),
    )


def _body(said: Fields) -> str:
    """Return the text as HTML: forwarded text as a quotation, then the options of a poll, and locations."""
    # Pages have HTML already.
    page = said.text("html") or ""
    # The export has the text twice; if one copy is damaged, the other is complete.
    text = page + max(
        ("".join(_piece(each, said) for each in said.values(field)) for field in ("text", "text_entities")), key=len
    )
    # An empty text is there too.
    if not text and said.said.keys().isdisjoint(("html", "text")):
        said.wrong.append("it has no `text`")
    if "forwarded_from" in said:
        # A deleted account has no name, but the text is still not the forwarder's.
        who = escape(said.text("forwarded_from") or "", quote=True)
        author = f' data-author="{who}"' if who else ""
        text = f"<blockquote{author}>{text}</blockquote>" if text.strip() else f"<p>{who}</p>" if who else ""
    poll = said.within("poll")
    options = [
        escape(option) + (f" ({voters})" if (voters := each.number("voters")) is not None else "")
        for each in poll.objects("answers")
        if (option := _plain(each.get("text")))
    ]
    contact = said.within("contact_information").text("first_name")
    place = said.within("location_information")
    more = (
        _plain(poll.get("question")),
        contact,
        said.text("place_name"),
        said.text("address"),
        f"{place.get('latitude')}, {place.get('longitude')}" if "latitude" in place else None,
        said.text("game_title"),
        said.text("game_description"),
    )
    parts = [text, *(f"<p>{escape(each)}</p>" for each in more if each)]
    return "".join(parts) + ("<ul>" + "".join(f"<li>{option}</li>" for option in options) + "</ul>" if options else "")


def _piece(value: Any, message: Fields) -> str:
    """Return a piece of a message's text: plain, or with its kind."""
    if isinstance(value, str):
        return _lines(value)
    if not isinstance(value, dict) or "text" not in value:
        message.wrong.append("a piece of `text` has no text; it is left out")
    said = Fields(value, message.wrong)
    text, kind = said.text("text") or "", said.text("type")
    if kind == "pre":
        return f"<pre><code>{escape(text, quote=False)}</code></pre>"
    if kind in ("link", "text_link"):
        address = said.text("href") or (text if "://" in text else f"https://{text}")
        return f'<a href="{escape(address, quote=True)}">{_lines(text)}</a>'
    tag = TAGS.get(kind or "")
    return f"<{tag}>{_lines(text)}</{tag}>" if tag else _lines(text)


def _plain(value: Any) -> str | None:
    """Return a text that may be in pieces."""
    pieces = value if isinstance(value, list) else [value]
    return "".join(each if isinstance(each, str) else Fields(each).text("text") or "" for each in pieces) or None


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _files(said: Fields) -> Iterator[Attachment]:
    """Yield the files, which are next to the export and have no address."""
    for field in FILES:
        path = said.text(field)
        if path is None:
            continue
        kind = str(said.get("media_type") or field).replace("_", " ")
        name = said.text("file_name") if field == "file" else None
        sign = said.text("sticker_emoji")
        shown = f"{kind} {sign}" if sign else kind
        yield Attachment(
            name=name or (shown if sign or path.startswith(ABSENT) else MOMENT.sub("", path.rpartition("/")[2])),
            media_type=said.text("mime_type"),
            at=None if path.startswith(ABSENT) else f"path:{path}",
        )
