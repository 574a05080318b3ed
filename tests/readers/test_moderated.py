"""What moderators of a forum took out, or never let through, is on no page and in no document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.errors import UnreadableDump
from rostra.ingest.inspection import inspections
from rostra.readers import Dump
from rostra.readers.forum import forum_export
from rostra.render.thread_json import encode_document

HERE = Path(__file__).parent / "forum-export"
KEPT = [
    "Who opened it on Tuesday night?",
    "Be civil, please, all of you.",
    "Words that were restored again.",
    "Words of an older board.",
]


@pytest.mark.parametrize("dump", sorted(HERE.glob("moderated-*.*n*")), ids=lambda dump: dump.stem)
def test_no_word_of_it_is_published(dump: Path) -> None:
    said = "".join(str(encode_document(edition)) for edition in inspections(dump))
    source = dump.read_text(encoding="utf-8")
    texts = [text for name in ("message", "pagetext", "post_text", "body") for text in _texts(source, name)]
    assert len(texts) > 2
    assert {text for text in texts if text in said} == {text for text in texts if text in KEPT}


def _texts(source: str, name: str) -> list[str]:
    begin = f'"{name}": "'
    return [part.partition('"')[0] for part in source.split(begin)[1:]]


def test_where_nothing_stands_the_dump_is_refused(tmp_path: Path) -> None:
    dump = tmp_path / "posts.json"
    row = {
        "id_msg": 12,
        "id_topic": 7,
        "poster_name": "spam",
        "subject": "Pills",
        "body": "Cheap pills for all.",
        "approved": 0,
    }
    dump.write_text(json.dumps([row]), encoding="utf-8")
    with pytest.raises(UnreadableDump, match="moderators"):
        list(forum_export.read(Dump(dump)))
    dump.write_text(json.dumps([row | {"approved": 1}]), encoding="utf-8")
    assert list(forum_export.read(Dump(dump)))


def test_a_restored_post_of_phpbb_keeps_its_words_though_it_has_a_time_of_deletion(tmp_path: Path) -> None:
    row = {
        "post_id": 12,
        "topic_id": 7,
        "post_text": "Here again.",
        "post_time": 1709542800,
        "post_delete_time": 1709542900,
    }
    dump = tmp_path / "posts.json"
    for state, kind in (({}, "removed"), ({"post_visibility": "1"}, "post"), ({"post_visibility": 2}, "removed")):
        dump.write_text(json.dumps([row | state, row | {"post_id": 13, "post_delete_time": 0}]), encoding="utf-8")
        (thread,) = forum_export.read(Dump(dump))
        assert thread.posts[0].kind == kind
        assert thread.posts[0].body == ("Here again." if kind == "post" else "")


VB = {"postid": 1, "threadid": 7, "userid": 2, "username": "ada", "dateline": 1709542800, "pagetext": "Open words.", "visible": 1}  # fmt: skip
MYBB = {"pid": 1, "tid": 7, "fid": 1, "uid": 2, "username": "ada", "dateline": 1709542800, "message": "Open words.", "visible": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("post", "topic"),
    [
        (VB | {"postid": 2, "threadid": 8}, {"threadid": 8, "title": "Pills", "visible": 0}),
        (MYBB | {"pid": 2, "tid": 8}, {"tid": 8, "subject": "Pills", "visible": -1}),
    ],
)
def test_a_topic_needs_only_a_title_and_a_state(post: dict[str, Any], topic: dict[str, Any], tmp_path: Path) -> None:
    """Its moderated posts are not published though its first post is not named."""
    open_post = MYBB if "pid" in post else VB
    dump = tmp_path / "posts.json"
    for state, count in ((topic, 1), (topic | {"visible": 1}, 2)):
        dump.write_text(json.dumps({"topics": [state], "posts": [open_post, post]}), encoding="utf-8")
        assert len(list(forum_export.read(Dump(dump)))) == count


@pytest.mark.parametrize(("state", "count"), [({}, 1), ({"visible": ""}, 1), ({"visible": 0}, 1), ({"visible": 1}, 2)])
def test_a_second_row_of_a_topic_shows_it_only_if_it_says_so(state: dict[str, Any], count: int, tmp_path: Path) -> None:
    """In a file that has rows of a topic from two tables."""
    hidden = {"threadid": 8, "title": "Pills", "visible": 0, "firstpostid": 2}
    dump = tmp_path / "posts.json"
    posts = [VB, VB | {"postid": 2, "threadid": 8}]
    rows = [hidden, {"threadid": 8, "title": "Pills", "firstpostid": 2} | state]
    dump.write_text(json.dumps({"topics": rows, "posts": posts}), encoding="utf-8")
    assert len(list(forum_export.read(Dump(dump)))) == count


def test_a_post_whose_topic_cannot_be_read_is_no_row_of_the_table_of_people(tmp_path: Path) -> None:
    row = {
        "pid": "12",
        "tid": "7",
        "uid": "1",
        "username": "ada",
        "dateline": "1709542800",
        "message": "Who opened it?",
    }
    dump = tmp_path / "posts.json"
    dump.write_text(json.dumps([row, row | {"pid": "13", "tid": {"x": "7"}}]), encoding="utf-8")
    (thread,) = forum_export.read(Dump(dump))
    assert [post.key for post in thread.posts] == ["12"]
    assert [problem.code for problem in thread.problems] == ["left-out"]


@pytest.mark.parametrize(
    "letter",
    [
        {"msg_id": "1", "author_id": "1", "message_text": "A secret.", "to_address": "u_2", "message_time": 7},
        {"id_pm": "1", "from_name": "ada", "subject": "Hush", "body": "A secret.", "msgtime": 7},
        {"pmtextid": "1", "fromusername": "ada", "message": "A secret.", "dateline": 7},
        {"pmid": "1", "uid": "1", "username": "ada", "message": "A secret.", "dateline": 7},
        {"message_id": "1", "conversation_id": "1", "user_id": "1", "username": "ada", "message": "A secret."},
    ],
)
def test_private_messages_are_counted_and_left_out(letter: dict[str, object], tmp_path: Path) -> None:
    row = {"id_msg": "1", "id_topic": "1", "poster_name": "ada", "body": "Open words.", "poster_time": 1709542800}
    dump = tmp_path / "posts.json"
    for count, told in ((1, "a private message is left out"), (2, "2 private messages are left out")):
        dump.write_text(json.dumps([row, *[letter] * count]), encoding="utf-8")
        (thread,) = forum_export.read(Dump(dump))
        assert [post.body for post in thread.posts] == ["Open words."]
        assert [(each.code, each.message) for each in thread.problems] == [("not-public", told)]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([{"topic_id": 7, "topic_title": "Gate"}, {"topic_id": 7, "topic_title": "Gate"}], []),
        ([{"topic_id": 7, "topic_title": "Gate"}, {"topic_id": 7, "topic_title": "Weir"}], ["earlier-version"]),
        ([{"topic_id": 7, "poll_option_text": "Never again", "poll_option_total": 2}], []),
        ([{"topic_id": 7, "poll_option_text": "Never again", "other_words": "as I said before"}], ["lost-words"]),
    ],
)
def test_what_other_rows_of_a_topic_say_is_not_lost(
    rows: list[dict[str, Any]], codes: list[str], tmp_path: Path
) -> None:
    post = {"post_id": 1, "topic_id": 7, "post_username": "ada", "post_time": 1709542800, "post_text": "Who opened it?"}
    dump = tmp_path / "posts.json"
    dump.write_text(json.dumps([*rows, post]), encoding="utf-8")
    (thread,) = forum_export.read(Dump(dump))
    assert [problem.code for problem in thread.problems] == codes
    assert thread.title == next((row["topic_title"] for row in reversed(rows) if "topic_title" in row), None)


def test_a_topic_without_its_id_is_no_row_of_the_table_of_people(tmp_path: Path) -> None:
    topic = {"title": "The upper gate", "user_id": 1, "username": "ada", "first_post_id": 12, "post_date": 1709542800}
    post = {"post_id": 12, "thread_id": 7, "username": "ada", "post_date": 1709542800, "message": "Who opened it?"}
    dump = tmp_path / "posts.json"
    dump.write_text(json.dumps([topic, post]), encoding="utf-8")
    (thread,) = forum_export.read(Dump(dump))
    assert [problem.code for problem in thread.problems] == ["left-out"]
