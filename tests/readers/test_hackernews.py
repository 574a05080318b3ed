"""Hacker News: what a search of Algolia says of items that it does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.model import RawThread
from rostra.readers import Dump
from rostra.readers.sites import hackernews

HIT = {"created_at_i": 1709542800, "story_id": 7, "story_title": "Why the weir leaks", "_tags": ["comment"]}
FIRST = HIT | {"objectID": "8", "author": "ada", "comment_text": "It is old.", "parent_id": 7, "children": [9, 10]}
SECOND = HIT | {"objectID": "9", "author": "bede", "comment_text": "So am I.", "parent_id": 8}


def read(value: object, folder: Path) -> RawThread:
    dump = folder / "found.json"
    dump.write_text(json.dumps(value))
    (thread,) = hackernews.read(Dump(dump))
    return thread


def test_a_debate_without_its_story_has_the_title_that_its_comments_tell(tmp_path: Path) -> None:
    assert read({"hits": [FIRST, SECOND]}, tmp_path).title == "Why the weir leaks"
    story = {"objectID": "7", "created_at_i": 1709542700, "author": "cy", "title": "Weirs", "points": 3}
    assert read({"hits": [story, FIRST, SECOND]}, tmp_path).title == "Weirs"


def test_a_reply_that_only_its_id_names_has_a_place(tmp_path: Path) -> None:
    posts = {post.key: (post.kind, post.parent) for post in read({"hits": [FIRST, SECOND]}, tmp_path).posts}
    assert posts == {"7": ("missing", None), "8": ("post", "7"), "9": ("post", "8"), "10": ("missing", "8")}


@pytest.mark.parametrize(("count", "told"), [(2, []), (3, ["the search found 3 items; 2 are here"]), (None, [])])
@pytest.mark.parametrize("pages", [[[FIRST, SECOND]], [[FIRST], [SECOND]], [[FIRST, SECOND], [FIRST]]])
def test_a_search_that_found_more_than_its_pages_hold_says_so(
    count: int | None, told: list[str], pages: list[list[object]], tmp_path: Path
) -> None:
    value = [{"hits": hits, "nbHits": count, "nbPages": len(pages)} for hits in pages]
    found = [each.message for each in read(value, tmp_path).problems if each.code == "fewer-posts"]
    assert found == told


def test_replies_in_a_tree_are_items_themselves(tmp_path: Path) -> None:
    inner = {"id": 9, "type": "comment", "author": "bede", "text": "So am I.", "created_at_i": 1709542900, "parent_id": 8, "children": []}  # fmt: skip
    tree = {
        "id": 8,
        "type": "story",
        "author": "ada",
        "title": "Weirs",
        "created_at_i": 1709542800,
        "children": [inner],
    }
    assert [post.kind for post in read(tree, tmp_path).posts] == ["post", "post"]
