"""What makes words somebody's: without that mark the same words are nobody's, and none is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump, choose

HERE = Path(__file__).parent
MARKS = {
    "github": {"author", "user", "original_author"},
    "reddit": {"author"},
    "hackernews": {"by", "author", "user"},
    "lemmy": {"creator", "user"},
    "activitypub": {"account", "attributedTo", "actor"},
    "posts": {"author"},
    "discourse": {"username", "name"},
    "zulip": {"sender_full_name", "zerver_userprofile"},
    "discord": {"author"},
    "telegram": {"from", "author"},
    "slack": {"user", "bot_id", "username", "bot_profile", "user_profile"},
    "forum-export": {"poster_name", "username", "post_username", "poster_id", "id_member", "user_id", "userid", "uid"},
    "forum-dl": {"author", "username"},
}
SKIPPED = {"smf", "paginated", "pages", "private", "elsewhere", "threads", "submissions", "poll", "whole"}
"""Cases with a broken line, of several values, of posts that are left out or gone, without a name, with one in a heading, a poll that has a name, a bot."""
CASES = [
    (format, path)
    for format in MARKS
    for path in sorted((HERE / format).glob("*.*json*"))
    if path.suffix in (".json", ".ndjson", ".jsonl") and path.stem not in SKIPPED
]


@pytest.mark.parametrize(("format", "path"), CASES, ids=lambda each: each if isinstance(each, str) else each.stem)
def test_words_without_their_mark_are_nobodys(format: str, path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pieces = [text] if path.suffix == ".json" else text.splitlines()
    bare = [json.dumps(without(json.loads(piece), MARKS[format])) for piece in pieces]
    copy = tmp_path / path.name
    copy.write_text("".join(f"{piece}\n" for piece in bare), encoding="utf-8")
    before, after = said(path, format), said(copy, format)
    assert any(author for _, author in before)
    assert sorted(body for body, _ in after) == sorted(body for body, _ in before)
    assert {author for _, author in after} == {None}


PAGES = [
    ("forum", "xenforo.html", r'<h4 class="message-name">.*?</h4>'),
    ("forum", "vbulletin3.html", r'<a class="bigusername"[^<]*</a>'),
    ("forum", "vbulletin4.html", r'<a class="username".*?</a>'),
    ("forum", "smf2.html", r"<h4>.*?</h4>"),
    ("forum", "phpbb-poll.html", r'by <strong><span class="username">.*?</strong>'),
]


@pytest.mark.parametrize(("format", "name", "mark"), PAGES)
def test_so_it_is_on_pages(format: str, name: str, mark: str, tmp_path: Path) -> None:
    path, copy = HERE / format / name, tmp_path / name
    text = path.read_text(encoding="utf-8")
    assert re.search(mark, text, re.DOTALL)
    copy.write_text(re.sub(mark, "", text, flags=re.DOTALL), encoding="utf-8")
    before, after = said(path, format), said(copy, format)
    assert any(author for _, author in before)
    assert [body for body, _ in after] == [body for body, _ in before]
    assert {author for _, author in after} == {None}


def test_so_it_is_in_rows(tmp_path: Path) -> None:
    rows = '<posts>\n<row Id="1" PostTypeId="1" OwnerUserId="5" CreationDate="2024-03-04T09:00:00.000" Title="Open?" Body="Who opened it?" />\n<row Id="2" PostTypeId="2" ParentId="1" OwnerDisplayName="Bede" Body="I did." />\n</posts>'
    copy = tmp_path / "Posts.xml"
    copy.write_text(rows, encoding="utf-8")
    # The folder of a file is read as the file.
    for dump in (copy, tmp_path):
        assert said(dump, "stackexchange") == [("Who opened it?", "user 5"), ("I did.", "Bede")]
        assert choose(Dump(dump)).NAME == "stackexchange"
    copy.write_text(rows.replace('OwnerUserId="5"', "").replace('OwnerDisplayName="Bede"', ""), encoding="utf-8")
    assert said(copy, "stackexchange") == [("Who opened it?", None), ("I did.", None)]


TALK = [
    ("", "Shut it at six.", "Ada"),
    (":", "No, leave it open.", "Bede"),
    ("::", "Why is that?", "Cy"),
    (":", "I agree with her.", "Dora"),
]


@pytest.mark.parametrize("number", range(len(TALK)))
def test_a_wikis_words_without_their_signature_are_nobodys(number: int, tmp_path: Path) -> None:
    signed = [f"{marks}{words} [[User:{name}|{name}]] 09:00, 4 March 2024 (UTC)" for marks, words, name in TALK]
    bare = [f"{marks}{words}" for marks, words, _ in TALK]
    copy = tmp_path / "talk.wiki"
    copy.write_text("\n".join(["== Gate ==", *signed[:number], bare[number], *signed[number + 1 :]]), encoding="utf-8")
    expected = [(words, name if at != number else None) for at, (_, words, name) in enumerate(TALK)]
    assert said(copy, "wikitext") == expected


def said(path: Path, format: str) -> list[tuple[str, str | None]]:
    """The bodies of a dump, with the names of who wrote them."""
    found = [post.raw for thread in read_threads(Dump(path), Card(format=format)) for post in thread.posts]
    return [(raw.body, raw.author.name if raw.author else None) for raw in found if raw.kind == "post"]


def without(value: Any, marks: set[str]) -> Any:
    if isinstance(value, list):
        return [without(each, marks) for each in value]
    if isinstance(value, dict):
        return {name: without(each, marks) for name, each in value.items() if name not in marks}
    return value


@pytest.mark.parametrize(
    ("comment", "author"),
    [
        ({"submission": "p1", "author": "DELETED"}, None),
        ({"link_id": "t3_p1", "author": "DELETED"}, "DELETED"),
        ({"submission": "p1", "author": "deleted"}, "deleted"),
    ],
)
def test_an_account_that_bdfr_says_was_deleted_is_nobody(
    comment: dict[str, str], author: str | None, tmp_path: Path
) -> None:
    said_by = {"id": "c1", "parent_id": "t3_p1", "body": "I did.", "created_utc": 1709542800, **comment}
    (tmp_path / "a.json").write_text(json.dumps([said_by]), encoding="utf-8")
    assert said(tmp_path / "a.json", "reddit") == [("I did.", author)]


@pytest.mark.parametrize("before", [{}, {"nameWithOwner": "mill/weir"}])
@pytest.mark.parametrize("kind", ["issue", "pullRequest", "discussion"])
def test_an_answer_of_github_needs_no_addresses(kind: str, before: dict[str, str], tmp_path: Path) -> None:
    held = {"number": 4, "title": "Leak", "body": "It leaks.", "author": {"login": "ada"}, "createdAt": "2024-03-04T09:00:00Z"}  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": {"repository": {**before, kind: held}}}), encoding="utf-8")
    assert choose(Dump(path)).NAME == "github"
    assert said(path, "github") == [("It leaks.", "ada")]
