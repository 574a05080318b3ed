"""Chats: what their exports hold besides messages, and forms of messages that few exports have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.markup import render
from rostra.model import Thread
from rostra.readers import Dump


def read(folder: Path, name: str, value: Any) -> list[Thread]:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return list(read_threads(Dump(folder / name), Card(publish_private=True)))


SLACK = {
    "type": "message",
    "user": "U1",
    "user_profile": {"real_name": "Ada"},
    "text": "Who opened the upper gate?",
    "ts": "1709542800.000100",
}


@pytest.mark.parametrize(("more", "codes"), [(True, ["fewer-posts"]), (False, []), ("false", [])])
def test_slack_says_that_there_are_more_messages(more: Any, codes: list[str], tmp_path: Path) -> None:
    (thread,) = read(tmp_path, "gate.json", {"ok": True, "messages": [SLACK], "has_more": more})
    assert [each.code for each in thread.problems] == codes


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            {"name": "Gate", "messages": [{"type": "message", "date": "2024-03-04T09:00:00", "from": "Ada", "text": "Shut it."}]},
            "no message of this dump is read: a message has no `id`; it is left out",
        ),
        (
            {"name": "Gate", "messages": [{"type": "unsupported", "date": "2024-03-04T09:00:00", "from": "Ada", "id": 1}]},
            "no message of this dump is read: the program could not export this message; it is left out",
        ),
        ({"name": "Gate", "type": "private_group", "messages": [], "from": ""}, "there is no message in this dump"),
        ({"name": "Gate", "messages": [{"id": 1, "type": "service", "date": "2024-03-04T09:00:00", "actor": "Ada", "action": "pin_message"}]}, "there is no message in this dump"),
    ],
)  # fmt: skip
def test_a_chat_none_of_whose_messages_is_read_says_why(value: Any, why: str, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(UnreadableDump) as raised:
        list(read_threads(Dump(tmp_path / "result.json"), Card(format="telegram")))
    assert raised.value.message.startswith(why)


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        ({"title": "Why does it squeak?"}, ["events"]),
        ({"unheard_of": "Why does it squeak?"}, ["lost-words", "events"]),
        ({"title": "Gate", "actor": "Ada of the Mill"}, ["events"]),
    ],
)
def test_words_of_a_topic_of_telegram_are_its_title_or_a_problem(event: Any, codes: list[str], tmp_path: Path) -> None:
    opening = {"id": 1, "type": "service", "date": "2024-03-04T09:00:00", "date_unixtime": "1709542800", "action": "topic_created", "text": ""}  # fmt: skip
    said = {"id": 2, "type": "message", "date": "2024-03-04T09:01:00", "date_unixtime": "1709542860", "from": "Ada", "from_id": "user1", "text": "It does.", "reply_to_message_id": 1}  # fmt: skip
    chat = {"name": "Mill", "type": "public_supergroup", "id": 5, "messages": [opening | event, said]}
    (thread,) = read(tmp_path, "result.json", chat)
    assert sorted(each.code for each in thread.problems) == sorted(codes)


TEXT = {"type": "text", "text": "inner words"}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "alert", "heading": "Mind the gap", "text": {"type": "mrkdwn", "text": "Low"}, "level": "warning"}, "Mind the gap\n\nLow"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_card", "elements": [{"type": "rich_text_section", "elements": [TEXT, TEXT]}, TEXT]}]}, "inner words" * 3),
        ({"type": ["section"], "text": {"type": "mrkdwn", "text": "Low"}}, "Low"),
    ],
)  # fmt: skip
def test_a_block_of_slack_of_an_unknown_kind_is_shown(block: Any, shown: str, tmp_path: Path) -> None:
    (thread,) = read(tmp_path, "gate.json", [SLACK | {"text": "", "blocks": [block]}])
    assert thread.posts[0].raw.body == shown
    assert not [each for each in thread.problems if each.code != "bad-field"]


def test_rich_text_of_slack_of_any_depth_is_read(tmp_path: Path) -> None:
    deep: Any = TEXT
    for _ in range(300):
        deep = {"type": "rich_text_section", "elements": [deep]}
    (thread,) = read(tmp_path, "gate.json", [SLACK | {"text": "", "blocks": [{"type": "rich_text", "elements": [deep]}]}])  # fmt: skip
    assert thread.posts[0].raw.body == "inner words"


def test_times_of_slacks_replies_are_no_posts_and_their_words_are_not_lost(tmp_path: Path) -> None:
    times = [{"user": "U2", "ts": "1709542860.000200"}]
    (thread,) = read(tmp_path, "gate.json", [SLACK | {"replies": times}])
    assert not thread.problems
    (thread,) = read(tmp_path, "gate.json", [SLACK | {"replies": [times[0] | {"text": "I did, and shut it."}]}])
    assert [each.code for each in thread.problems] == ["unread"]


def test_a_poll_of_zulip_among_messages_in_html_is_a_list(tmp_path: Path) -> None:
    poll = {"widget_type": "poll", "extra_data": {"question": "Shall it be shut?", "options": ["At once", "Never"]}}
    message = {
        "id": 1, "sender_id": 7, "sender_full_name": "Ada", "timestamp": 1709542800, "display_recipient": "water",
        "subject": "gate", "type": "stream", "content": "<p>/poll Shall it be shut?</p>", "content_type": "text/html",
        "submessages": [{"id": 1, "message_id": 1, "sender_id": 7, "msg_type": "widget", "content": json.dumps(poll)}],
    }  # fmt: skip
    (thread,) = read(tmp_path, "water.json", {"messages": [message]})
    assert [(post.raw.dialect, post.raw.body) for post in thread.posts] == [
        ("zulip", "**Shall it be shut?**\n\n- At once (0)\n- Never (0)")
    ]
    (thread,) = read(tmp_path, "plain.json", {"messages": [{**message, "submessages": []}]})
    assert [post.raw.dialect for post in thread.posts] == ["html"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("photos/photo_1@04-03-2024_09-09-00.jpg", "photo_1.jpg"),
        ("files/plan.pdf", "plan.pdf"),
        ("photos/ada@mill.example", "ada@mill.example"),
    ],
)
def test_the_time_in_the_name_of_a_telegram_file_is_no_host(path: str, name: str, tmp_path: Path) -> None:
    message = {"id": 1, "type": "message", "date": "2024-03-04T09:00:00", "from": "Ada", "from_id": "user1", "text": "A plan."}  # fmt: skip
    (thread,) = read(tmp_path, "result.json", {"name": "Mill", "type": "public_group", "id": 7, "messages": [message | {"photo": path}]})  # fmt: skip
    (file,) = thread.posts[0].raw.attachments
    assert file.name == name
    assert (file.at or "").endswith(f"path:{path}")


def test_slack_shows_ids_where_it_has_no_names_and_says_so(tmp_path: Path) -> None:
    bare = {key: value for key, value in SLACK.items() if key != "user_profile"}
    said = [
        bare | {"user": id, "ts": f"{1709542800 + n}.000100"} for n, id in enumerate(("U1", "U1", "U2", "USLACKBOT"))
    ]
    (thread,) = read(tmp_path, "gate.json", said)
    names = [post.raw.author and post.raw.author.name for post in thread.posts]
    assert sorted(map(str, names)) == ["Slackbot", "U1", "U1", "U2"]
    assert [(each.code, each.message[:21]) for each in thread.problems] == [("unsure-names", "2 people are shown by")]


def test_a_message_that_telegram_could_not_export_is_no_post(tmp_path: Path) -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1709542800", "from": "Ada", "from_id": "user1", "text": "A plan."}  # fmt: skip
    gone = {"id": 2, "type": "unsupported", "date": "2024-03-04T09:01:00"}
    (thread,) = read(tmp_path, "result.json", {"name": "Mill", "type": "public_group", "id": 7, "messages": [message, gone]})  # fmt: skip
    assert [post.raw.native_id for post in thread.posts] == ["1"]
    assert [each.code for each in thread.problems] == ["left-out"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("@447700900123 said it", "@number …123 said it"),
        ("Ask @\u2068+44 7700 900123\u2069.", "Ask @number …123."),
        ("@Bede, at 10:00", "@Bede, at 10:00"),
        ("mill@12345678 and https://mill.example/@12345678", "mill@12345678 and <https://mill.example/@12345678>"),
        ("@12345", "@12345"),
        ("@123456", "@number …456"),
        (f"@{'7' * 15}", "@number …777"),
        (f"@{'7' * 16}", f"@{'7' * 16}"),
        (f"@+{'7' * 22}", "@number …777"),
        (f"@+{'7' * 23}", f"@+{'7' * 23}"),
        ("@447700900123 2 pm ok", "@number …123 2 pm ok"),
        ("@447700900123 (1) first", "@number …123 (1) first"),
        ("@2024-05-06 12:30", "@2024-05-06 12:30"),
    ],
)
def test_whatsapp_mentions_nobody_by_a_telephone_number(typed: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(f"14/03/24, 10:00 - Ada: {typed}\n", encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "chat.txt"), Card())
    assert thread.posts[0].raw.body == shown
    assert not thread.problems


def test_a_number_that_is_mentioned_has_the_name_of_whoever_writes_from_it_and_of_nobody_else(tmp_path: Path) -> None:
    said = [
        ("+44 7700 900123", "Who is @447701800123?"),
        ("+44 7701 800123", "I am, and you are @447700900123."),
        ("number …123 (3)", "Ask @447702700123."),
        ("Ada", "Why @447702700123, and not @447703600123?"),
    ]
    text = "".join(f"14/03/24, 10:00 - {who}: {words}\n" for who, words in said)
    (tmp_path / "chat.txt").write_text(text, encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "chat.txt"), Card())
    assert [(post.raw.author and post.raw.author.name, post.raw.body) for post in thread.posts] == [
        ("number …123", "Who is @number …123 (2)?"),
        ("number …123 (2)", "I am, and you are @number …123."),
        ("number …123 (3)", "Ask @number …123 (4)."),
        ("Ada", "Why @number …123 (4), and not @number …123 (5)?"),
    ]


def test_slack_escapes_names_and_titles_and_dates_are_no_mentions(tmp_path: Path) -> None:
    bot = {
        "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Weir &amp; Gate", "ts": SLACK["ts"], "reply_count": 1,
        "text": "Level &lt; 3 since <!date^1709542860^{date_short}|4 March>, <!here>",
    }  # fmt: skip
    (thread,) = read(tmp_path, "gate.json", [bot])
    (post,) = thread.posts
    assert (post.raw.author and post.raw.author.name, thread.title) == ("Weir & Gate", "Level < 3 since 4 March, here")
    assert render(post.raw.body, "slack").text == "Level < 3 since 4 March, @here"


@pytest.mark.parametrize(
    ("typed", "shown", "note"),
    [
        ("não fui eu \u200e<Mensagem editada>", "não fui eu", "edited"),
        ("não fui eu <Mensagem editada>", "não fui eu &lt;Mensagem editada&gt;", None),
        ("\u200e<Mensagem editada>", "&lt;Mensagem editada&gt;", None),
        ("não fui eu \u200e<anexado: a b>", "não fui eu &lt;anexado: a b&gt;", None),
    ],
)
def test_whatsapps_mark_of_an_edit_needs_no_known_language(
    typed: str, shown: str, note: str | None, tmp_path: Path
) -> None:
    (tmp_path / "chat.txt").write_text(f"[14/03/24, 10:00:00] Ada: Bom dia.\n[14/03/24, 10:01:00] Ada: {typed}\n", encoding="utf-8")  # fmt: skip
    (thread,) = read_threads(Dump(tmp_path / "chat.txt"), Card())
    post = thread.posts[1].raw
    assert (post.body, post.note is not None) == (shown, note is not None)
