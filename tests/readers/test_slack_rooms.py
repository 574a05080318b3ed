"""Messages of Slack that only some members could read are private, wherever their room is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.inspection import inspections
from rostra.readers import Dump, choose

SAID = {"type": "message", "user": "U1", "text": "Nobody else must read this.", "ts": "1709542800.000100"}


def private(dump: Path) -> list[str | None]:
    return [post.private for thread in choose(Dump(dump)).read(Dump(dump)) for post in thread.posts]


@pytest.mark.parametrize(
    ("channel", "what"),
    [
        ("D024BE91L", "direct messages"),
        ("G024BE91L", "a private channel"),
        ("C024BE91L", None),
        ("Design", None),
        ({"id": "C1", "is_im": True}, "direct messages"),
        ({"id": "C1", "is_mpim": True, "is_private": True}, "group direct messages"),
        ({"id": "C1", "is_private": True}, "a private channel"),
        ({"id": "C1", "is_group": True}, "a private channel"),
        ({"id": "D1"}, "direct messages"),
        ({"id": "C1", "is_private": False}, None),
        (None, None),
    ],
)
def test_a_message_may_name_its_room(channel: Any, what: str | None, tmp_path: Path) -> None:
    dump = tmp_path / "found.json"
    dump.write_text(json.dumps([SAID | {"channel": channel}]))
    assert private(dump) == [what]


@pytest.mark.parametrize(("name", "what"), [("D024BE91L", "direct messages"), ("general", None), ("C024BE91L", None)])
def test_a_file_or_folder_may_be_named_by_its_room(name: str, what: str | None, tmp_path: Path) -> None:
    (tmp_path / f"{name}.json").write_text(json.dumps([SAID]))
    assert private(tmp_path / f"{name}.json") == [what]
    folder = tmp_path / "ws"
    (folder / name).mkdir(parents=True)
    (folder / "users.json").write_text("[]")
    (folder / "channels.json").write_text("[]")
    (folder / name / "2024-03-04.json").write_text(json.dumps([SAID]))
    assert private(folder) == [what]


def test_a_search_holds_messages_of_all_rooms(tmp_path: Path) -> None:
    found = [SAID | {"channel": {"id": "C1"}}, SAID | {"channel": {"id": "D1"}, "ts": "1709542900.000100"}]
    dump = tmp_path / "found.json"
    dump.write_text(json.dumps({"ok": True, "messages": {"total": 2, "matches": found, "paging": {"page": 1}}}))
    assert private(dump) == [None, "direct messages"]


@pytest.mark.parametrize(
    ("copied", "codes"), [("Who opened the upper gate?", []), ("Who opened the lower gate?", ["unread"])]
)
def test_the_copy_of_a_thread_in_a_reply_is_told_only_if_it_says_something_else(
    copied: str, codes: list[str], tmp_path: Path
) -> None:
    first = {"type": "message", "user": "U1", "ts": "1709542800.000100", "thread_ts": "1709542800.000100", "text": "Who opened the upper gate?"}  # fmt: skip
    reply = {"type": "message", "subtype": "thread_broadcast", "user": "U2", "ts": "1709542900.000100", "thread_ts": first["ts"], "text": "I did.", "root": first | {"text": copied}}  # fmt: skip
    dump = tmp_path / "gate.json"
    dump.write_text(json.dumps([first, reply]))
    found = [each.code for thread in read_threads(Dump(dump), Card()) for each in thread.problems]
    assert [code for code in found if code == "unread"] == codes


@pytest.mark.parametrize("address", ["https://mill.example/a", "<b>no address", "a|b", "a>b"])
def test_the_title_of_an_attachment_is_shown_whatever_its_address(address: str, tmp_path: Path) -> None:
    dump = tmp_path / "gate.json"
    dump.write_text(json.dumps([SAID | {"attachments": [{"title": "The plan of the weir", "title_link": address}]}]))
    assert "The plan of the weir" in "".join(each.body.text for edition in inspections(dump) for each in edition.posts)
