"""Reactions are counted by emoji, whatever way a source tells them; who reacted is not published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.model import Reaction
from rostra.readers.sites.reactions import LONGEST, MOST, reactions


def told(value: Any) -> dict[str, int]:
    return {each.sign: each.count for each in reactions(value)}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([{"name": "tada", "users": ["U1", "U2"], "count": 2}, {"name": "our-own", "count": 1}], {"🎉": 2, "our-own": 1}),
        ([{"name": "tada", "users": ["U1", "U2"]}], {"🎉": 2}),
        ([{"id": "heart", "type": "emoji", "count": 3}], {"❤️": 3}),
        ({"url": "https://x.example", "total_count": 3, "+1": 2, "hooray": 1, "rocket": 0}, {"👍": 2, "🎉": 1}),
        ([{"content": "THUMBS_UP", "users": {"totalCount": 4}}, {"content": "EYES", "reactors": {"totalCount": 1}}], {"👍": 4, "👀": 1}),
        ([{"emoji_name": "fish", "user_id": 1}, {"emoji_name": "fish", "user_id": 2}], {"🐟": 2}),
        ([{"emoji": {"name": "🐑", "code": "sheep"}, "count": 5}], {"🐑": 5}),
        ([{"type": "emoji", "count": 2, "emoji": "👍"}], {"👍": 2}),
        ([{"sign": "🎉", "count": 2}], {"🎉": 2}),
        ([{"name": "tada", "count": True, "users": 7}, {"name": " "}, {"name": 7}, 7, None], {"🎉": 1}),
        ([{"name": "tada", "count": -1}, {"name": "fish", "count": 2**31}], {}),
        ("tada", {}),
        (None, {}),
    ],
)  # fmt: skip
def test_each_source_counts_in_its_way(value: Any, found: dict[str, int]) -> None:
    assert told(value) == found


def test_there_is_a_most(tmp_path: Path) -> None:
    assert len(told([{"name": f"own{n}", "count": 1} for n in range(MOST + 1)])) == MOST
    assert told([{"name": "x" * LONGEST, "count": 2**31 - 1}, {"name": "x" * (LONGEST + 1)}]) == {
        "x" * LONGEST: 2**31 - 1
    }


def test_they_are_on_the_page_and_in_the_document_and_survive_it(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    post = {"id": 1, "author": "Ada", "body": "Who?", "reactions": [{"sign": "🎉", "count": 2}]}
    (tmp_path / "content/gate.jsonl").write_text(json.dumps(post) + "\n")
    build(load_site(tmp_path))
    assert (
        '<span class="reaction" title="2 reactions">🎉 2</span>'
        in (tmp_path / "public/debates/gate/index.html").read_text()
    )
    document = tmp_path / "public/debates/gate/thread.json"
    first = json.loads(document.read_text())["posts"][0]["reactions"]
    assert first == [{"sign": "🎉", "count": 2}]
    document.rename(tmp_path / "content/gate.json")
    (tmp_path / "content/gate.jsonl").unlink()
    build(load_site(tmp_path))
    assert json.loads(document.read_text())["posts"][0]["reactions"] == first


def test_a_reaction_is_a_sign_and_a_count() -> None:
    assert reactions([{"name": "tada", "count": 1}]) == (Reaction(sign="🎉", count=1),)
