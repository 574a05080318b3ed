"""What makes words somebody's: without that mark the same words are nobody's, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump

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
}
SKIPPED = {"paginated", "pages", "private", "elsewhere", "threads", "submissions", "poll", "whole"}
"""Cases of several values, of posts that are left out or gone, without a name, and with one in a heading, a poll that has a name, a bot."""
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
