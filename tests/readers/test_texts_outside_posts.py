"""Texts of objects that are part of a post, or of its topic, are accounted for too."""

from __future__ import annotations

import json
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import RawThread
from rostra.readers import Dump
from rostra.readers.guards.audit import Audit

WORDS = "the wheel turned all night and nobody knew why"
POST = {"post": {"id": 5, "name": "The upper gate", "creator_id": 1, "published": "2024-03-04T09:00:00Z"}, "creator": {"id": 1, "name": "ada", "published": "2023-01-01T09:00:00Z"}, "counts": {"comments": 0}}  # fmt: skip
TOPIC = {
    "topic_id": 7,
    "topic_time": 1709542800,
    "topic_title": "The upper gate",
    "topic_last_post_subject": "Re: The upper gate and the lower one",
}
ROW = {"post_id": 1, "topic_id": 7, "poster_id": 2, "post_username": "ada", "post_time": 1709542800, "post_subject": "The upper gate", "post_text": "Who opened it on Tuesday night?"}  # fmt: skip


def lost(value: Any, folder: Path, code: str = "lost-words") -> list[str]:
    dump = folder / "dump.json"
    dump.write_text(json.dumps(value))
    return [each.message for thread in read_threads(Dump(dump), Card()) for each in thread.problems if each.code == code]  # fmt: skip


def unread(value: Any, folder: Path) -> list[str]:
    return lost(value, folder, "unread")


@pytest.mark.parametrize("inside", ["post", "creator"])
def test_a_text_beside_a_post_without_body_is_a_problem(inside: str, tmp_path: Path) -> None:
    assert lost({"posts": [POST]}, tmp_path) == []
    view = POST | {inside: {**POST[inside], "unheard_of": WORDS}}
    assert lost({"posts": [view]}, tmp_path) == ["words of `unheard_of` do not reach the page"]


@pytest.mark.parametrize("text", ["three whole words", "古い水門はまた開いている"])
def test_a_text_among_objects_is_a_problem_if_it_has_three_words(text: str, tmp_path: Path) -> None:
    assert unread([POST, text], tmp_path) == ["a list contains a record that looks like a post and is not read"]
    assert unread({"posts": [text, POST]}, tmp_path) == ["`posts` contains a record that looks like a post and is not read"]  # fmt: skip
    assert unread({"posts": [POST], "rules": [text]}, tmp_path) == []
    assert unread([POST, "two words", "https://mill.example/a/b/c"], tmp_path) == []


@pytest.mark.parametrize("other", [7, None, []])
def test_a_text_in_a_row_of_values_is_none_among_objects(other: Any, tmp_path: Path) -> None:
    assert unread([POST, WORDS, other], tmp_path) == []


def test_a_text_of_a_topic_is_a_problem_unless_it_is_shown(tmp_path: Path) -> None:
    assert lost([TOPIC, ROW], tmp_path) == []
    assert lost([TOPIC | {"topic_desc": WORDS}, ROW], tmp_path) == ["words of `topic_desc` do not reach the page"]
    assert lost([TOPIC | {"poll_title": WORDS}, ROW], tmp_path) == []


MESSAGE = {"id": "5", "type": "Default", "timestamp": "2024-03-04T09:00:00Z", "content": "Who opened it?", "author": {"id": "7", "name": "ada"}}  # fmt: skip
ROOM = {"guild": {"id": "1", "name": "Mill"}, "channel": {"id": "2", "name": "gate", "type": "GuildTextChat"}, "messages": [MESSAGE]}  # fmt: skip
NOT_SHOWN = "text that belongs to no post is not shown: "


def stray(value: Any, folder: Path) -> list[str]:
    return lost(value, folder, "stray-text")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, []),
        ({"channel": ROOM["channel"] | {"topic": WORDS}}, ["`channel.topic` (9 words)"]),
        ({"channel": ROOM["channel"] | {"topic": "two words"}}, []),
        ({"channel": ROOM["channel"] | {"topic": "three whole words"}}, ["`channel.topic` (3 words)"]),
        ({"rules": {"of": {"this": ["one rule of all", WORDS]}}}, ["`this` (13 words)"]),
        ({"a field": WORDS}, ["some fields (9 words)"]),
        ({"a": WORDS, "a field": WORDS}, ["`a` (9 words), other fields (9 words)"]),
        (dict.fromkeys("abcde", WORDS), [", ".join(f"`{name}` (9 words)" for name in "abcde")]),
        (dict.fromkeys("abcdefg", WORDS), [", ".join([*(f"`{name}` (9 words)" for name in "abcde"), "other fields (18 words)"])]),
    ],
)  # fmt: skip
def test_a_text_around_the_posts_is_one_problem_that_names_its_field(
    more: dict[str, Any], told: list[str], tmp_path: Path
) -> None:
    assert stray(ROOM | more, tmp_path) == [f"{NOT_SHOWN}{each}" for each in told]


def test_the_name_of_a_debate_or_a_tag_is_shown(tmp_path: Path) -> None:
    assert stray({"id": 7, "title": WORDS, "tags": ["one long tag"], "post_stream": {"posts": [{"id": 1, "post_number": 1, "username": "ada", "cooked": "<p>Who?</p>"}]}}, tmp_path) == []  # fmt: skip
    # The channel's name is a part of the title.
    assert stray(ROOM | {"channel": ROOM["channel"] | {"name": "the upper gate"}, "about": "gate the upper"}, tmp_path) == [f"{NOT_SHOWN}`about` (3 words)"]  # fmt: skip


def told_in_time(value: Any, titles: list[str]) -> list[str]:
    """Return what is told of the texts of a value; a search in quadratic time takes several times as long as is allowed."""
    begun = time.process_time()
    audit = Audit()
    audit.begin(value)
    for title in titles:
        audit.show(RawThread(posts=(), title=title))
    told = [each.message for each in audit.end()]
    assert time.process_time() - begun < 6
    return told


def test_many_texts_are_compared_with_many_titles_in_linear_time() -> None:
    letters = "abcdefghijklmnopqrstuvwxyzäöü"
    titles = [f"the {a}{b}{c} gate is open and the wheel turns" for a, b, c in product(letters, repeat=3)]
    texts = [{"title": title, "about": f"{title} still"} for title in titles]
    assert told_in_time(texts, titles) == [f"{NOT_SHOWN}`about` ({10 * len(titles)} words)"]


def test_texts_around_many_objects_are_found_in_linear_time() -> None:
    value: Any = [{"count": n} for n in range(200_000)]
    for n in range(200):
        value = {"about": f"what is said here {n}", "in": value}
    assert told_in_time(value, []) == [f"{NOT_SHOWN}`about` (4 words), `in.about` (796 words)"]


def test_the_topic_of_a_channel_of_slack_is_told_though_it_names_its_author(tmp_path: Path) -> None:
    (tmp_path / "gate").mkdir()
    (tmp_path / "users.json").write_text("[]")
    (tmp_path / "channels.json").write_text(json.dumps([{"id": "C1", "name": "gate", "creator": "U1", "created": 1709542800, "topic": {"value": WORDS, "creator": "U1", "last_set": 1}}]))  # fmt: skip
    (tmp_path / "gate/2024-03-04.json").write_text(json.dumps([{"type": "message", "user": "U1", "ts": "1709542800.000100", "text": "Who?"}]))  # fmt: skip
    found = [each.message for thread in read_threads(Dump(tmp_path), Card()) for each in thread.problems if each.code == "stray-text"]  # fmt: skip
    assert found == [f"{NOT_SHOWN}`topic.value` (9 words)"]


@pytest.mark.parametrize(("text", "told"), [(WORDS, True), ("three whole words", True), ("two words", False)])
def test_a_line_that_is_no_post_and_has_words_is_a_problem_at_its_line(text: str, told: bool, tmp_path: Path) -> None:
    item = {"id": 1, "type": "story", "by": "ada", "time": 1709542800, "title": "Gate", "kids": []}
    dump = tmp_path / "items.ndjson"
    dump.write_text("\n".join(map(json.dumps, (item, {"words": text, "type": "comment", "time": 1709542900}))))
    [thread] = read_threads(Dump(dump), Card())
    message = f"text that belongs to no post is not shown: `words` ({len(text.split())} words)"
    assert [(each.message, each.line) for each in thread.problems] == ([(message, 2)] if told else [])
