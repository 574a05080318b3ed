"""Signal's chats as signal-export writes them: who speaks, what was quoted, and that a chat is private."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from rostra.model import RawPost
from rostra.readers import Dump, choose
from rostra.readers.chats import signal


def read(tmp_path: Path, text: str) -> list[RawPost]:
    dump = tmp_path / "Gate/chat.md"
    dump.parent.mkdir(exist_ok=True)
    dump.write_text(text, encoding="utf-8")
    return [post for thread in signal.read(Dump(dump)) for post in thread.posts]


def test_a_message_is_between_its_members(tmp_path: Path) -> None:
    (post,) = read(tmp_path, "[2024-03-04 10:00:05] Ada: Who opened it?\n\nSince when: ten?\n")
    assert (post.author and post.author.name, post.body) == ("Ada", "Who opened it?\n\nSince when: ten?")
    assert (post.created_local, post.private) == ("2024-03-04T10:00:05", "a chat")


@pytest.mark.parametrize(
    ("head", "time"), [("[2024-03-04, 10:00] ", "10:00:00"), ("[2024-03-04 10:00:59]", "10:00:59")]
)
def test_older_and_newer_times_are_read(head: str, time: str, tmp_path: Path) -> None:
    assert [post.created_local for post in read(tmp_path, f"{head}Ada: Yes.\n")] == [f"2024-03-04T{time}"]


def test_a_time_that_is_none_stays_as_it_is_written(tmp_path: Path) -> None:
    (post,) = read(tmp_path, "[2024-13-04 10:00] Ada: Yes.\n")
    assert (post.created_local, post.created_text) == (None, "2024-13-04 10:00")


def test_reactions_are_counted_and_files_listed(tmp_path: Path) -> None:
    (post,) = read(
        tmp_path, "[2024-03-04 10:00] Ada: Look ![a.jpg](./media/1 a.jpg)  \n(- Bede: 👍, Cy: 👍, Di: 🎉 -)\n"
    )
    assert (post.body, [(each.sign, each.count) for each in post.reactions]) == ("Look", [("👍", 2), ("🎉", 1)])
    assert [(each.name, each.at) for each in post.attachments] == [("a.jpg", "path:media/1 a.jpg")]


def test_a_deleted_message_has_no_words(tmp_path: Path) -> None:
    gone, other = read(tmp_path, "[2024-03-04 10:00] Ada: (This message was deleted)\n[2024-03-04 10:01] Ada: Yes.\n")
    assert (gone.kind, gone.body, other.kind) == ("deleted", "", "post")
    assert replace(gone, kind="post", body="").author == other.author


def test_a_folder_of_a_chat_is_recognised_and_prose_is_not(tmp_path: Path) -> None:
    read(tmp_path, "[2024-03-04 10:00] Ada: Yes.\n")
    assert choose(Dump(tmp_path / "Gate")).NAME == choose(Dump(tmp_path / "Gate/chat.md")).NAME == "signal"
    (tmp_path / "a.md").write_text("# Gate\n\n[2024-03-04 10:00] Ada: Yes.\n")
    assert signal.recognise(Dump(tmp_path / "a.md")) == 0
    (tmp_path / "Gate/chat.md").rename(tmp_path / "Gate/chat.txt")
    assert signal.recognise(Dump(tmp_path / "Gate")) == signal.recognise(Dump(tmp_path / "Gate/chat.txt")) == 0


def test_what_precedes_the_first_message_is_told(tmp_path: Path) -> None:
    dump = tmp_path / "chat.md"
    dump.write_text("A title\n[2024-03-04 10:00] Ada: Yes.\n")
    (thread,) = signal.read(Dump(dump))
    assert [(each.code, each.line) for each in thread.problems] == [("left-out", 1)]
