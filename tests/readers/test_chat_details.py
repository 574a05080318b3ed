"""Chats: what their exports hold besides messages, and forms of messages that few exports have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import Thread
from rostra.readers import Dump


def read(folder: Path, name: str, value: Any) -> list[Thread]:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return list(read_threads(Dump(folder / name), Card(publish_private=True)))


SLACK = {"type": "message", "user": "U1", "text": "Who opened the upper gate?", "ts": "1709542800.000100"}


@pytest.mark.parametrize(("more", "codes"), [(True, ["fewer-posts"]), (False, []), ("false", [])])
def test_slack_says_that_there_are_more_messages(more: Any, codes: list[str], tmp_path: Path) -> None:
    (thread,) = read(tmp_path, "gate.json", {"ok": True, "messages": [SLACK], "has_more": more})
    assert [each.code for each in thread.problems] == codes


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
