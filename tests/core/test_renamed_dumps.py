"""A dump that is renamed while its card stays behind loses nothing that the card hides."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.failing_site import Mill, lines

POST = '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n'
HIDING = {
    "a post": POST,
    "the debate": 'withdrawn = "asked"\n',
    "a draft": "draft = true\n",
    "a mistake": "drafft = true\n",
    "no TOML": f"{POST}oops = = 1\n",
}


@pytest.fixture(autouse=True)
def without_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs most of a small build, and reads what every other page does."""
    monkeypatch.setattr("rostra.build.pipeline.index_units", lambda *_: ())


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    return Mill(tmp_path / "site")


def rename(mill: Mill, *, more: str = "") -> None:
    mill.remove("well.jsonl")
    mill.put("brook.jsonl", lines("well", more=more))


def told(mill: Mill, words: str) -> list[str]:
    return [path for path, content in mill.public.items() if words.encode() in content]


def shown(mill: Mill) -> list[str]:
    return told(mill, "second word of the well")


@pytest.mark.parametrize(
    ("card", "known"),
    [*((card, "with the card") for card in HIDING), ("a post", "without it"), ("the debate", "by the ledger")],
)
def test_what_a_card_hides_stays_hidden_where_its_dump_is_renamed(
    mill: Mill, card: str, known: str, tmp_path: Path
) -> None:
    good = card in ("a post", "the debate")
    if known == "with the card" and good:
        mill.put("well.toml", HIDING[card])
    mill.build()
    ledger = mill.ledger
    mill.put("well.toml", HIDING[card])
    rename(mill)
    if known == "by the ledger":
        shutil.rmtree(mill.root / ".rostra")
        shutil.rmtree(mill.root / "public")
    for _ in range(2):
        report = mill.build()
        assert [failure.path for failure in report.failures] == ["content/well.toml"]
        assert not shown(mill)
        assert "content/brook.jsonl (it may be the renamed dump of content/well.toml, which may hide something)" in (
            report.left_out
        )
        # Nothing is given up, and all else is published.
        assert mill.ledger == ledger
        assert mill.shows("gate")
        assert told(mill, "Of the weir there")
    (mill.root / "content/well.toml").rename(mill.root / "content/brook.toml")
    if good:
        mill.assert_clean(tmp_path / "clean")
        assert not shown(mill)
        assert mill.shows("well") == (card == "a post")


def test_so_it_does_where_nothing_is_known(mill: Mill) -> None:
    rename(mill)
    mill.put("cards/of-well.toml", f'dump = "../well.jsonl"\n{POST}')
    mill.put("box.toml", 'licence = "CC0-1.0"\n')
    report = mill.build()
    assert not shown(mill)
    # What has a card of its own is not the one.
    assert told(mill, "Of the weir there")
    assert [each.partition(" ")[0] for each in report.left_out] == ["content/brook.jsonl", "content/gate.jsonl"]


def test_a_card_that_hides_nothing_leaves_nothing_out(mill: Mill) -> None:
    mill.put("well.toml", 'title = "Of a well"\n')
    mill.build()
    rename(mill)
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/well.toml"]
    assert report.left_out == ()
    assert mill.shows("well")


def test_the_digest_of_a_dump_is_not_told_by_its_first_build_under_a_name(mill: Mill) -> None:
    mill.put("well.toml", POST)
    for name in ("well", "brook"):
        (mill.root / "content/well.jsonl").rename(mill.root / f"content/{name}.jsonl")
        (mill.root / "content/well.toml").rename(mill.root / f"content/{name}.toml")
        mill.build()
        assert not [path for path in mill.public if path.startswith(f"dumps/content-{name}")]


def test_without_a_new_dump_a_debate_is_gone_whose_card_is_left(mill: Mill) -> None:
    mill.put("well.toml", POST)
    mill.build()
    mill.remove("well.jsonl")
    report = mill.build()
    assert report.left_out == ()
    assert "no longer here" in mill.page("well")


@pytest.mark.parametrize("fresh", [False, True])
def test_what_a_card_withdraws_stays_so_in_a_known_dump_that_has_taken_the_posts(mill: Mill, fresh: bool) -> None:
    mill.put("well.toml", POST)
    mill.build()
    mill.remove("well.jsonl")
    mill.put("gate.jsonl", lines("gate") + lines("well"))
    for _ in range(2):
        if fresh:
            shutil.rmtree(mill.root / ".rostra")
        mill.build()
        assert not shown(mill)
    assert told(mill, "third word of the well")
    assert told(mill, "second word of the gate")


@pytest.mark.parametrize(
    ("dump", "lacks"), [("well.toml.jsonl", True), ("well.jsonl.gz", True), ("well", False), ("well.txt", False)]
)
def test_a_card_lacks_its_dump_if_none_has_its_name(mill: Mill, dump: str, lacks: bool) -> None:
    mill.remove("well.jsonl")
    mill.put(dump, lines("well"))
    mill.put("well.toml", POST)
    mill.build()
    assert not shown(mill)
    assert mill.shows("well") != lacks
