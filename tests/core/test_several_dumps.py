"""A debate of several dumps is where it was published, whichever of its dumps go, come, fail or change."""

from __future__ import annotations

import json
import re
import shutil
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.changing_site import copied, files

TOWN: list[dict[str, Any]] = [
    {"id": 1, "parent": None, "author": "ada", "body": "Who opened the upper gate last night?"},
    {"id": 2, "parent": 1, "author": "bede", "body": "The miller did, as he does every spring."},
    {"id": 3, "parent": 2, "author": "cy", "body": "He has no right to open it before April."},
    {"id": 4, "parent": 1, "author": "dot", "body": "Nobody asked those who live below the weir."},
]
FIRST: list[dict[str, Any]] = [
    {"id": n, "parent": 1, "author": "eve", "body": f"A first word on the {n}th weir of this long river."}
    for n in range(5, 9)
]  # fmt: skip
LAST = [post | {"body": post["body"].replace("first word", "very last and carefully considered second word")} for post in FIRST]  # fmt: skip
THREE = {"b": [*TOWN[:3], *FIRST], "c": TOWN, "d": [*TOWN[:3], *LAST]}
"""Three dumps of one debate: the last one has most posts of the first one in other words, so that this one would not be
recognised by itself where the debate is published."""


class Debate:
    """A debate of three dumps, and each address at which it was ever published."""

    def __init__(self, root: Path) -> None:
        self.root, self.addresses = root, set[tuple[str, str]]()
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')

    def build(self, **dumps: Any) -> set[str]:
        """Build with these dumps put (posts), spoiled (False) or removed (None); return the debates there are."""
        for name, posts in dumps.items():
            path = self.root / f"content/{name}.jsonl"
            if posts is None:
                path.unlink()
            else:
                path.write_text("".join(json.dumps(post) + "\n" for post in posts or ()))
        build(load_site(self.root))
        found = [json.loads(path.read_bytes()) for path in (self.root / "public/debates").glob("*/thread.json")]
        self.addresses |= {(one["id"], post["id"]) for one in found if one["source"] for post in one["posts"]}
        for debate, post in self.addresses:
            assert f'id="{post}"' in (self.root / f"public/debates/{debate}/index.html").read_text(encoding="utf-8")
        return {one["id"] for one in found if one["source"]}

    def assert_clean(self, target: Path) -> None:
        """A clean build with the same ledger gives the same."""
        fresh = copied(self.root, target)
        build(load_site(fresh))
        assert files(fresh / "public") == files(self.root / "public")
        assert (fresh / "rostra.ledger").read_bytes() == (self.root / "rostra.ledger").read_bytes()
        shutil.rmtree(fresh)


@pytest.fixture
def debate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Debate:
    monkeypatch.setattr("rostra.build.pipeline.index_units", lambda store, layouts: ())
    return Debate(tmp_path / "site")


@pytest.mark.parametrize("order", ["".join(each) for each in permutations("bcd")])
def test_dumps_of_a_debate_go_and_come_in_any_order(debate: Debate, order: str, tmp_path: Path) -> None:
    one, two, _ = order
    debate.build(**THREE)
    for dump, posts in ((one, None), (two, None), (one, THREE[one]), (two, THREE[two])):
        debate.build(**{dump: posts})
        if dump == two:
            debate.assert_clean(tmp_path / "clean")


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_debate_stays_where_it_is_though_the_dump_that_named_it_went(
    debate: Debate, withdrawn: bool, tmp_path: Path
) -> None:
    debate.build(a=TOWN)
    assert debate.build(**THREE) == {"a"}
    if withdrawn:
        (debate.root / "content/c.toml").write_text('withdrawn = "It was private."\n')
    assert debate.build(a=None) == (set() if withdrawn else {"a"})
    debate.assert_clean(tmp_path / "clean")
    ledger = (debate.root / "rostra.ledger").read_text()
    assert re.findall(r"^a @ (.*)$", ledger, re.MULTILINE) == [f"content/{name}.jsonl" for name in "bcd"]


@pytest.mark.parametrize("order", ["bcd", "cdb", "dbc"])
def test_while_dumps_of_a_debate_fail_the_others_are_shown_as_they_are_now(
    debate: Debate, order: str, tmp_path: Path
) -> None:
    one, two, three = order
    debates = debate.build(**THREE)
    document = debate.root / f"public/debates/{min(debates)}/thread.json"
    before = json.loads(document.read_bytes())
    assert debate.build(**{one: False}) == debates
    assert json.loads(document.read_bytes()) == before
    new = {"id": 2, "parent": 1, "author": "dot", "body": "It was the ferryman, who had come home late."}
    assert debate.build(**{three: [*THREE[three], new | {"id": 99}]}) == debates
    assert debate.build(**{two: False}) == debates
    now = json.loads(document.read_bytes())
    assert [post for post in now["posts"] if post["text"] != new["body"]] == before["posts"]
    assert len(now["posts"]) == len(before["posts"]) + 1
    assert debate.build(**{one: THREE[one], two: THREE[two]}) == debates
    debate.assert_clean(tmp_path / "clean")
