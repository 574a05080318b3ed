"""Losses that the fuzz found: each kind has the smallest dump that shows it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import Declared, Problem, RawPost
from rostra.readers import Dump
from rostra.readers.guards.completeness import distinct, fewer, once
from rostra.readers.guards.words_shown import differ

MESSAGE = {"id": 1, "type": "message", "date": "2024-03-04T10:00:00", "date_unixtime": "1709542800", "from": "Ada", "from_id": "user1", "text": "Water at three feet."}  # fmt: skip
CHAT = {"name": "Weir", "type": "public_channel", "id": 3, "messages": [MESSAGE]}
ROW = {"post_id": 1, "topic_id": 7, "poster_id": 2, "post_username": "ada", "post_time": 1709542800, "post_subject": "The gate", "post_text": "Who opened it on Tuesday?"}  # fmt: skip
ISSUE = {"number": 1, "url": "https://api.github.com/repos/mill/weir/issues/1", "title": "The gate", "body": "It sticks.", "user": {"login": "ada"}, "created_at": "2024-03-04T09:00:00Z"}  # fmt: skip


def problems(value: Any, folder: Path, format: str | None = None) -> list[Problem]:
    dump = folder / "dump.json"
    dump.write_text(json.dumps(value))
    return [each for thread in read_threads(Dump(dump), Card(format=format)) for each in thread.problems]


def codes(value: Any, folder: Path, format: str | None = None) -> list[str]:
    return [each.code for each in problems(value, folder, format)]


@pytest.mark.parametrize(
    ("lacking", "lost"),
    [
        ((), True), (("text",), False), (("from",), True), (("date",), True), (("id",), True), (("from", "date"), False), (("date", "id"), False),
    ],
)  # fmt: skip
def test_a_certain_post_in_a_field_that_is_not_shown_is_a_problem(
    lacking: tuple[str, ...], lost: bool, tmp_path: Path
) -> None:
    """A contact has a name and a time too; three words with two of an author, a time and an id are a post."""
    inner = {name: value for name, value in MESSAGE.items() if not name.startswith(lacking or ("none",))}
    found = codes(CHAT | {"contacts": {"list": [{"of_old": inner}]}}, tmp_path, "telegram")
    assert ("unread" in found) == lost


@pytest.mark.parametrize(("by", "lost"), [("from_id", True), ("peer_id", False)])
def test_the_number_of_an_author_marks_a_post(by: str, lost: bool, tmp_path: Path) -> None:
    inner = {"date": MESSAGE["date"], "text": MESSAGE["text"], by: 7}
    assert ("unread" in codes(CHAT | {"contacts": [inner]}, tmp_path, "telegram")) == lost


def test_posts_in_a_field_of_an_id_or_an_address_are_a_problem(tmp_path: Path) -> None:
    for name in ("id", "reply_to_message_id", "photo_url"):
        found = codes(CHAT | {"messages": [MESSAGE, MESSAGE | {"id": 2, name: {"of_old": MESSAGE}}]}, tmp_path)
        assert "unread" in found, name


@pytest.mark.parametrize(("text", "lost"), [("water was high", True), ("water high", False)])
def test_a_post_that_is_not_shown_has_three_words(text: str, lost: bool, tmp_path: Path) -> None:
    found = codes(CHAT | {"contacts": [MESSAGE | {"text": text}]}, tmp_path, "telegram")
    assert ("unread" in found) == lost


@pytest.mark.parametrize(
    ("cooked", "lost"),
    [("<p>It <em>was</em> doubled without a word.</p>", False), ("y" * 40, True), (10**18, True), (None, False)],
)
def test_words_as_typed_that_the_shown_form_lacks_are_a_problem(cooked: Any, lost: bool, tmp_path: Path) -> None:
    post = {"id": 1, "post_number": 1, "topic_id": 7, "username": "ada", "created_at": "2024-03-04T09:00:00Z", "cooked": cooked, "raw": "It *was* doubled without a word."}  # fmt: skip
    told = [each.message for each in problems({"latest_posts": [post]}, tmp_path)]
    assert ("`raw` has other words, which are not shown" in told) == lost


def test_words_as_typed_may_be_in_a_list(tmp_path: Path) -> None:
    post = {"id": 1, "post_number": 1, "topic_id": 7, "username": "ada", "created_at": "2024-03-04T09:00:00Z", "cooked": 4, "raw": ["Who opened it?"]}  # fmt: skip
    told = [each.message for each in problems({"latest_posts": [post]}, tmp_path)]
    assert "`raw` has other words, which are not shown" in told


def test_two_forms_differ_if_less_than_half_of_the_letters_are_in_both() -> None:
    assert not differ("*aa* *bb* *cc* *dd*", "aa bb xx yy")
    assert differ("*aa* *bb* *cc* *ddd*", "aa bb xx yy")
    assert not differ("*aa* *bb*", "xx yy"), "two words say nothing"
    assert not differ("one two three [b]x[/b] four five six", "one two three and four five six")
    assert differ("one two three [b]x[/b] four five six seven eight nine ten", "one two three")


@pytest.mark.parametrize(("state", "told"), [({}, True), ({"post_visibility": 1}, False), ({"post_visibility": 2}, False)])  # fmt: skip
def test_a_deletion_that_may_have_been_undone_is_a_problem(state: dict[str, int], told: bool, tmp_path: Path) -> None:
    restored = ROW | {"post_id": 2, "post_delete_time": 1709545600} | state
    found = [each for each in problems([ROW, restored], tmp_path) if each.code == "bad-field"]
    assert [each.post is not None for each in found] == [True] * told


def test_titles_and_polls_of_topics_without_posts_are_one_problem(tmp_path: Path) -> None:
    topic = {"topic_id": 7, "topic_title": "Gate times"}
    others = [{"topic_id": 8, "topic_title": "The toll"}, {"topic_id": 9, "poll_option_text": "At dawn"}]
    assert "no-posts" not in codes([topic, ROW], tmp_path)
    found = [each.message for each in problems([topic, ROW, *others], tmp_path) if each.code == "no-posts"]
    assert found == ["2 topics have no posts in this export; their titles and polls are not shown"]
    hidden = {"topic_id": 8, "topic_title": "Spam", "topic_visibility": 0}
    assert "no-posts" not in codes([topic, ROW, hidden], tmp_path)


def test_rows_of_no_known_table_are_a_problem_for_each_shape(tmp_path: Path) -> None:
    row = {"topic_id": {"x": "7"}, "topic_title": "Gate times"}
    found = [each.message for each in problems([ROW, row, row], tmp_path) if each.code == "left-out"]
    assert found == [
        "a row belongs to no known table; it is left out (it has `topic_id`, `topic_title`) (2 times)",
    ]


def test_a_topic_without_its_number_is_not_taken_for_its_author(tmp_path: Path) -> None:
    row = {"thread_id": [7], "title": "Gate times", "user_id": 1, "username": "ada", "first_post_id": 2}
    assert "left-out" in codes([ROW, row], tmp_path)


def test_two_titles_of_one_issue_are_a_problem(tmp_path: Path) -> None:
    assert "earlier-version" not in codes([ISSUE, ISSUE], tmp_path)
    assert "earlier-version" in codes([ISSUE, ISSUE | {"title": "The other gate"}], tmp_path)


def test_an_issue_that_comes_with_a_comment_and_without_its_text_is_the_same_issue(tmp_path: Path) -> None:
    bare = {"title": "The other gate", "number": ISSUE["number"], "url": ISSUE["url"], "user": ISSUE["user"]}
    assert codes([ISSUE, {"issue": bare}], tmp_path) == ["bad-field", "earlier-version"]


def test_issues_without_a_number_stay_two(tmp_path: Path) -> None:
    bare = ISSUE | {"url": None, "number": None, "comments": []}
    other = bare | {"body": "It turns again.", "created_at": "2024-03-05T09:00:00Z"}
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps([bare, other]))
    found = list(read_threads(Dump(dump), Card(format="github")))
    assert {post.raw.body for thread in found for post in thread.posts} >= {"It sticks.", "It turns again."}


def test_posts_of_one_key_are_counted_though_one_answers_the_other() -> None:
    posts = [RawPost(key="a", declared=Declared(below=3)), RawPost(key="a", parent="a"), RawPost(key="b", parent="a")]
    assert len(list(fewer(posts))) == 1


def test_posts_are_distinct_by_all_that_they_say() -> None:
    one, other = RawPost(key="a", body="x"), RawPost(key="a", body="y")
    assert distinct([one, other, one]) == once([one, other, one]) == [one, other]
    assert distinct([one, RawPost(key="b")]) == once([one, RawPost(key="b")]) == [one, RawPost(key="b")]


def test_a_poll_of_a_topic_without_a_title_is_a_row_of_no_known_table(tmp_path: Path) -> None:
    poll = {"topic_id": 7, "topic_visibility": 1, "poll_title": "When should it shut?"}
    assert "left-out" in codes([ROW, poll], tmp_path)
    assert "left-out" not in codes([{"topic_id": 7, "posts": [ROW]}], tmp_path), "what holds rows is none"


@pytest.mark.parametrize(("body", "told"), [("It sticks.", False), ("It turns again.", True), ("", False)])
def test_another_version_of_the_opening_in_a_view_of_a_comment_is_a_problem(
    body: str, told: bool, tmp_path: Path
) -> None:
    post = {"id": 5, "name": "The gate", "body": "It sticks.", "creator_id": 1, "published": "2024-03-04T09:00:00Z"}
    comment = {"id": 6, "post_id": 5, "creator_id": 1, "content": "Oil it.", "path": "0.6", "published": "2024-03-04T10:00:00Z"}  # fmt: skip
    views = {"posts": [{"post": post, "creator": {"id": 1, "name": "ada"}}], "comments": [{"comment": comment, "post": post | {"body": body}, "creator": {"id": 1, "name": "ada"}}]}  # fmt: skip
    assert ("earlier-version" in codes(views, tmp_path)) == told
    other = views["comments"][0] | {"comment": comment | {"id": 7, "path": "0.7"}, "post": post}
    assert ("earlier-version" in codes([*views["comments"], other], tmp_path)) == told
    dump = tmp_path / "dump.json"
    (thread,) = read_threads(Dump(dump), Card())
    assert thread.posts[0].raw.body == (body or "It sticks.")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ({"posted_when": 1709542800}, True),
        ({"moment": "2024-03-04"}, True),
        ({"moment": "2024-03-04T09:00"}, True),
        ({"moment": "2024-03-045"}, False),
        ({"posted_when": 0}, False),
        ({"posted_when": True}, False),
        ({"posted_when": ""}, False),
        ({"moment": 1709542800}, False),
        ({"posted_when": 1709542800, "created": "2024-03-04T09:00:00Z"}, False),
        ({"posted_when": 1709542800, "created_text": "at noon"}, False),
        ({"posted_when": 1709542800, "kind": "deleted"}, False),
    ],
)
def test_a_post_without_a_time_names_the_fields_that_may_hold_it(
    field: dict[str, Any], told: bool, tmp_path: Path
) -> None:
    message = f"the post has no time, which may be in `{next(iter(field))}`"
    found = problems({"id": 1, "parent": None, "body": "The gate stuck.", "author": "Ada"} | field, tmp_path, "posts")
    assert (message in [each.message for each in found]) == told


def test_a_name_that_is_no_plain_name_is_not_repeated(tmp_path: Path) -> None:
    found = problems({"id": 1, "body": "The gate stuck.", "created by Ada]": "2024-03-04"}, tmp_path, "posts")
    assert [each.message for each in found] == ["the post has no time, which may be in a field"]


MOTTO = "These are many words of a field that no reader knows."
VIEW = {
    "comment": {"id": 6, "post_id": 1, "content": "It is open now.", "path": "0.6"},
    "post": {"id": 1, "name": "The gate", "ap_id": "https://l.example/post/1"},
    "creator": {"id": 3, "name": "ada", "actor_id": "https://l.example/u/ada"},
}
TABLES = {
    "phpbb_topics": [{"topic_id": "1", "topic_title": "The gate"}],
    "phpbb_posts": [{"post_id": "1", "topic_id": "1", "poster_id": "2", "post_time": "1709542800", "post_text": "Is it open?"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("dump", "place"),
    [
        ({"comments": [VIEW]}, ("comments", 0)),
        ({"comments": [VIEW]}, ("comments", 0, "creator")),
        (TABLES, ("phpbb_topics", 0)),
    ],
)
def test_unknown_words_of_an_object_that_is_no_post_itself_are_a_problem(
    dump: dict[str, Any], place: tuple[Any, ...], tmp_path: Path
) -> None:
    def lost(value: dict[str, Any]) -> list[str]:
        return [each.message for each in problems(value, tmp_path) if each.code == "lost-words"]

    assert lost(dump) == []
    changed = here = copy.deepcopy(dump)
    for step in place:
        here = here[step]
    here["motto"] = MOTTO
    assert lost(changed) == ["words of `motto` do not reach the page"]


@pytest.mark.parametrize("first", [True, False])
def test_an_object_without_words_is_no_later_version(first: bool, tmp_path: Path) -> None:
    said = {"type": "Note", "id": "https://mill.example/n/1", "content": "Who opened it?", "to": "as:Public"}
    empty = said | {"content": "", "updated": "2024-03-04T10:00:00Z"}
    (tmp_path / "notes.json").write_text(json.dumps([said, empty] if first else [empty, said]), encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "notes.json"), Card(format="activitypub"))
    assert [post.raw.body for post in thread.posts] == ["Who opened it?"]


def test_options_in_a_tree_of_algolia_belong_to_their_poll(tmp_path: Path) -> None:
    option = {"id": 3, "type": "pollopt", "text": "By day", "parent_id": 1, "points": 7, "created_at_i": 1709542800}
    poll = {"id": 1, "type": "poll", "title": "When?", "created_at_i": 1709542800, "children": [option]}
    (tmp_path / "poll.json").write_text(json.dumps(poll), encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "poll.json"), Card(format="hackernews"))
    assert [post.raw.body for post in thread.posts] == ["<ul><li>By day (7)</li></ul>"]


@pytest.mark.parametrize(("mode", "shown"), [("snippet", True), ("post", True), ("hosted", False)])
def test_what_was_written_in_slack_as_a_file_is_shown(mode: str, shown: bool, tmp_path: Path) -> None:
    file = {"id": "F1", "mode": mode, "name": "a.txt", "preview": "if a < b:\n  shut()", "preview_highlight": "<b>"}
    message = {"type": "message", "user": "U1", "ts": "1709542800.000100", "text": "See:", "files": [file]}
    (tmp_path / "a.json").write_text(json.dumps([message]), encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "a.json"), Card(format="slack"))
    assert thread.posts[0].raw.body == "See:" + "\n\n```\nif a &lt; b:\n  shut()\n```" * shown


def test_the_name_of_an_account_is_not_lost_below_a_nickname_nor_are_paths_of_its_files(tmp_path: Path) -> None:
    author = {"id": "5", "name": "Ada of the weir", "nickname": "Ada", "avatarUrl": "The mill - all rooms_Files\\a.png"}
    said = {"id": "3", "type": "Default", "timestamp": "2024-03-04T09:00:00Z", "content": "I did.", "author": author}
    export = {"guild": {"id": "1", "name": "Mill"}, "channel": {"id": "2", "name": "gate"}, "messages": [said]}
    assert codes(export, tmp_path) == []
    assert codes(export | {"messages": [said | {"author": author | {"motto": MOTTO}}]}, tmp_path) == ["lost-words"]


def test_labels_of_controls_in_the_message_of_an_app_are_no_words_of_it(tmp_path: Path) -> None:
    def text(words: str) -> dict[str, str]:
        return {"type": "plain_text", "text": words}

    button = {"type": "button", "text": text("View all the answers")}
    menu = {"type": "static_select", "placeholder": text("Choose one of these"), "options": [{"text": text("Settings of the poll"), "value": "s"}]}  # fmt: skip
    blocks = [
        {"type": "section", "text": text("When shall it shut?"), "accessory": menu},
        {"type": "actions", "elements": [button, menu]},
    ]
    message = {"type": "message", "bot_id": "B1", "username": "Poll", "ts": "1709542800.000100", "text": "", "blocks": blocks}  # fmt: skip
    assert codes([message], tmp_path) == []
    assert codes([message | {"bot_id": None, "user": "U1"}], tmp_path) == ["lost-words"], "people write no controls"
    told = [*blocks, {"type": "section", "text": text("When shall it shut?"), "footing": MOTTO}]
    assert codes([message | {"blocks": told}], tmp_path) == ["lost-words"]


def test_titles_of_people_who_voted_are_no_words_of_the_post(tmp_path: Path) -> None:
    voter = {"id": 4, "username": "bede", "title": "Keeper of the weir"}
    poll = {"name": "poll", "voters": 1, "options": [{"id": "a", "html": "At dawn", "votes": 1}], "preloaded_voters": {"a": [voter]}}  # fmt: skip
    post = {"id": 1, "post_number": 1, "topic_id": 7, "username": "ada", "created_at": "2024-03-04T09:00:00Z", "cooked": "<p>When shall it shut?</p>", "polls": [poll]}  # fmt: skip
    assert "lost-words" not in codes({"latest_posts": [post]}, tmp_path)
    assert "lost-words" in codes({"latest_posts": [post | {"polls": [poll | {"voter": voter}]}]}, tmp_path)
