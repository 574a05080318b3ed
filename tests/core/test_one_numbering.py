"""Posts with different ids of one site are different posts, whatever else is the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site


def item(id: int, **fields: Any) -> dict[str, Any]:
    return {"id": id, "type": "comment", "by": "ada", "time": 1709542800, "parent": 1, "text": "Me too, and I know why.", **fields}  # fmt: skip


STORY = {"id": 1, "type": "story", "by": "bede", "time": 1709542700, "title": "Who shuts the gate?", "descendants": 2}


@pytest.mark.parametrize("others", [[], [item(5, by="cy", text="Nobody shuts it at night.", time=1709542750)]])
def test_comments_of_one_author_in_one_second_are_two(others: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (tmp_path / "content").mkdir()
    for name, id in (("a", 10), ("b", 11)):
        rows = [STORY, *others, item(id)]
        (tmp_path / f"content/{name}.ndjson").write_text("\n".join(map(json.dumps, rows)))
    assert not build(load_site(tmp_path)).failures
    (path,) = (tmp_path / "public/debates").glob("*/thread.json")
    posts = json.loads(path.read_bytes())["posts"]
    assert sorted(post["native_id"] for post in posts if post["text"].startswith("Me too")) == ["10", "11"]
