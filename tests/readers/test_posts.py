"""Which files are posts as lines of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.readers import Dump, choose
from rostra.readers.posts import recognise

POST = json.dumps({"body": "Who opened it?", "id": "a"})
ANSWER = json.dumps({"id": 2, "body": "I did.", "parent": 1})
OTHER = '{"note": "no post"}'


@pytest.mark.parametrize(
    ("lines", "certainty"),
    [
        ([POST], 0.85),
        ([ANSWER], 0.9),
        ([OTHER, POST, ANSWER], 0.9),
        (["no JSON", POST], 0.85),
        (["no JSON", "no JSON", POST], 0.85),
        (["no JSON", "no JSON", "no JSON", POST], 0),
        ([""] * 9 + [POST], 0.85),
        ([OTHER], 0),
        ([json.dumps({"id": 1, "body": 7})], 0),
        ([json.dumps({"body": "Who opened it?"})], 0),
        ([json.dumps({"id": 1, "body": "Who?", "link_id": "t3_1"})], 0),
        ([json.dumps({"id": 1, "parent": None, "body": "word " * 20_000})], 0.9),
        ([f"[{POST}]"], 0),
    ],
)
def test_a_line_with_an_id_and_a_body_is_a_post_wherever_it_is(
    lines: list[str], certainty: float, tmp_path: Path
) -> None:
    dump = tmp_path / "x.jsonl"
    dump.write_text("\n".join(lines) + "\n")
    assert recognise(Dump(dump)) == certainty
    if certainty:
        assert choose(Dump(dump)).NAME == "posts"


@pytest.mark.parametrize(("other", "sure"), [("parent", 0.9), ("author", 0.6), ("selftext", 0)])
def test_a_line_longer_than_the_head_is_known_by_its_beginning(other: str, sure: float, tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(f'{{"id": "1", "{other}": "a", "body": "{"x " * 40_000}"}}\n')
    assert recognise(Dump(path)) == sure
