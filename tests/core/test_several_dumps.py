"""A debate of several dumps is where it was published, whichever of its dumps go, come, fail or change."""

from __future__ import annotations

import json
import re
import shutil
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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

    def put(self, **dumps: Any) -> None:
        """Put these dumps (posts), spoil (False) or remove them (None)."""
        for name, posts in dumps.items():
            path = self.root / f"content/{name}.jsonl"
            if posts is None:
                path.unlink()
            else:
                path.write_text("".join(json.dumps(post) + "\n" for post in posts or ()))

    def build(self, **dumps: Any) -> set[str]:
        """Build with dumps that are ``put``; return the debates there are."""
        self.put(**dumps)
        build(load_site(self.root))
        found = [json.loads(path.read_bytes()) for path in (self.root / "public/debates").glob("*/thread.json")]
        self.addresses |= {(one["id"], post["id"]) for one in found if one["source"] for post in one["posts"]}
        for debate, post in self.addresses:
            assert f'id="{post}"' in (self.root / f"public/debates/{debate}/index.html").read_text(encoding="utf-8")
        return {one["id"] for one in found if one["source"]}

    def assert_clean(self, target: Path) -> None:
        """A clean build with the same ledger gives the same."""
        self._assert_same(copied(self.root, target))

    def build_beside(self, target: Path, **dumps: Any) -> None:
        """Build with dumps that are ``put``; a clean build with the ledger there was gives the same."""
        self.put(**dumps)
        fresh = copied(self.root, target)
        self.build()
        self._assert_same(fresh)

    def _assert_same(self, fresh: Path) -> None:
        build(load_site(fresh))
        assert files(fresh / "public") == files(self.root / "public")
        assert (fresh / "rostra.ledger").read_bytes() == (self.root / "rostra.ledger").read_bytes()
        shutil.rmtree(fresh)


@pytest.fixture
def debate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Debate:
    monkeypatch.setattr("rostra.build.pipeline.index_units", lambda *_: ())
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


POOL = [f"What the keeper of the {n}th weir says of the water that runs below it." for n in range(8)]


def dump_of(*threads: str) -> list[dict[str, Any]]:
    """The posts of threads, each written as the digits of what its posts say: one text has one author and time."""
    return [
        {
            "id": f"{n}-{digit}", "thread": f"t{n}-{of}", "parent": f"{n}-{of[0]}" if digit != of[0] else None,
            "author": "ada", "created": f"2024-03-0{int(digit) + 1}T09:00:00Z", "body": POOL[int(digit)],
        }
        for n, of in enumerate(threads)
        for digit in of
    ]  # fmt: skip


@pytest.mark.parametrize("order", ["".join(each) for each in permutations("abc")])
def test_whichever_of_dumps_with_threads_alike_comes_last_the_same_ones_are_joined(
    debate: Debate, order: str, tmp_path: Path
) -> None:
    dumps = {"a": dump_of("01", "234"), "b": dump_of("01234"), "c": dump_of("01", "56")}
    for name in order:
        debate.build_beside(tmp_path / "clean", **{name: dumps[name]})
    # A dump that no longer has a thread that another one is like sets the other one free.
    debate.build_beside(tmp_path / "clean", b=dump_of("56"))


def test_what_was_read_in_a_pass_that_is_not_the_last_is_joined_and_withdrawn(debate: Debate, tmp_path: Path) -> None:
    debate.build(a=dump_of("01"), b=dump_of("56"), c=dump_of("01"), d=dump_of("7"), e=dump_of("34"))
    # One of two dumps that share a debate changes, one is withdrawn, and another is like one that does not change.
    (debate.root / "content/e.toml").write_text('withdrawn = "It was private."\n')
    debate.build_beside(tmp_path / "clean", a=dump_of("012"), d=dump_of("567"))
    assert "t0-34" not in debate.build()


def test_a_dump_that_grew_is_read_whole_where_an_earlier_one_is_like_what_it_had(
    debate: Debate, tmp_path: Path
) -> None:
    debate.build(b=dump_of("01", "234"))
    debate.build_beside(tmp_path / "clean", a=dump_of("01234"), b=dump_of("01", "234", "56"))


def test_a_dump_that_cannot_be_read_again_is_not_waited_for(debate: Debate) -> None:
    debate.build(a=dump_of("01"), b=dump_of("567"))
    (debate.root / "content/a.toml").write_text('withdrawn = "It was private."\n')
    assert debate.build(a=dump_of("01")) == {"t0-567"}
    # What is like a debate that was withdrawn stays withdrawn with it.
    assert debate.build(a=False, b=dump_of("012", "567")) == {"t0-567"}


def test_a_debate_moves_to_the_address_of_one_whose_dump_is_gone(debate: Debate, tmp_path: Path) -> None:
    debate.build(b=dump_of("61"), c=dump_of("60"))
    debate.build(b=dump_of("6"))
    debate.build_beside(tmp_path / "clean", c=None)


@settings(max_examples=7, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.permutations("01234567"), st.lists(st.integers(1, 4), max_size=3)), min_size=3, max_size=6))  # fmt: skip
def test_dumps_that_share_posts_come_change_and_go_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, list[str], list[int]]]
) -> None:
    top = tmp_path_factory.mktemp("site")
    debate, present = Debate(top / "site"), set[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rostra.build.pipeline.index_units", lambda *_: ())
        for dump, digits, sizes in [("a", list("0123"), [2, 2]), ("b", list("0123"), [4]), *changes]:
            left = iter(digits)
            threads = ["".join(islice(left, size)) for size in sizes]
            posts = dump_of(*filter(None, threads)) or None
            if posts is None and (dump not in present or len(present) == 1):
                continue
            present = present - {dump} if posts is None else present | {dump}
            debate.build_beside(top / "clean", **{dump: posts})
