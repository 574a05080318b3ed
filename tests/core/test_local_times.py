"""A time without a zone is sorted, listed and shown as a date, and is never given a zone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections, tree
from rostra.model import Post, RawPost
from rostra.model.timestamps import updated, utc_time
from rostra.render.pages.posts import foldable

FIRST, SECOND, THIRD = "2005-03-01T22:10:00", "2005-03-01T23:30:00", "2005-03-02T08:00:00"


def lines(*times: dict[str, str]) -> str:
    """A debate whose opening has the first time; the others answer it."""
    posts = [
        {"id": n, "parent": 1 if n > 1 else None, "author": f"Ada{n}", "body": f"Words number {n}."} | time
        for n, time in enumerate(times, 1)
    ]
    return "\n".join(map(json.dumps, posts)) + "\n"


def published(root: Path, dump: str) -> dict[str, Any]:
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "rostra.toml").write_text('title = "Times"\nextras = true\n')
    (root / "content/gate.jsonl").write_text(dump)
    report = build(load_site(root))
    assert report.failures == ()
    document: dict[str, Any] = json.loads((root / "public/debates/gate/thread.json").read_bytes())
    return document


def test_it_is_in_the_document_beside_no_other_time(tmp_path: Path) -> None:
    (post,) = published(tmp_path, lines({"created_local": FIRST}))["posts"]
    assert (post["created"], post["created_local"]) == (None, FIRST)


@pytest.mark.parametrize("zone", ["", "Z"])
def test_replies_stand_in_its_order_also_beside_times_with_zones(tmp_path: Path, zone: str) -> None:
    third = {"created": THIRD + "Z"} if zone else {"created_local": THIRD}
    posts = published(tmp_path, lines({"created_local": FIRST}, third, {"created_local": SECOND}))["posts"]
    assert [post["native_id"] for post in posts] == ["1", "3", "2"]


def test_lists_and_pages_show_its_day(tmp_path: Path) -> None:
    published(tmp_path, lines({"created_local": FIRST}, {"created_local": THIRD}))
    public = tmp_path / "public"
    page = (public / "debates/gate/index.html").read_text()
    when = '1\N{NO-BREAK SPACE}Mar 2005<span class="clock">, 22:10</span>'
    assert f'<time class="dt-published" datetime="{FIRST}">{when}</time>' in page
    for place in ("people/ada1.html", "index.html", "debates/gate/citations.bib"):
        text = (public / place).read_text()
        assert "2005-03-01" in text or "March 2005" in text, place


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("1 Mar 2005", "1_Mar 2005"),
        ("1 de mar. de 2005", "1_de_mar._de 2005"),
        ("2005. márc. 1.", "2005._márc._1."),
        ("2005-03-01", "2005-03-01"),
        ("2005年3月1日", "2005年3月1日"),
        ("1 Mar 2548", "1_Mar_2548"),
    ],
)
def test_a_day_wraps_before_a_year_at_its_end_and_nowhere_else(day: str, shown: str) -> None:
    assert foldable(day, "2005") == shown.replace("_", "\N{NO-BREAK SPACE}")


def test_machines_that_want_a_zone_are_told_the_day_alone(tmp_path: Path) -> None:
    published(tmp_path, lines({"created_local": FIRST}))
    feed = (tmp_path / "public/debates/gate/feed.xml").read_text()
    assert "<published>2005-03-01T00:00:00Z</published>" in feed
    assert "22:10" not in feed
    assert (
        utc_time(FIRST)
        == updated(Post(id="p-1", parent=None, depth=0, raw=RawPost(key="1", created_local=FIRST)), None)
        == "2005-03-01T00:00:00Z"
    )


def test_the_tree_for_people_has_it(tmp_path: Path) -> None:
    (tmp_path / "gate.jsonl").write_text(lines({"created_local": FIRST}))
    (edition,) = inspections(tmp_path / "gate.jsonl")
    assert any(FIRST in line for line in tree(edition))


def test_a_card_may_give_one(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/gate.toml").write_text(f'[[correction]]\npost = "p-1"\ncreated = "{SECOND}"\n')
    (post,) = published(tmp_path, lines({"created": FIRST + "Z"}))["posts"]
    assert (post["created"], post["created_local"], post["created_text"]) == (None, SECOND, SECOND)


def test_the_later_of_two_dumps_wins_and_a_zone_wins_over_none(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/b.jsonl").write_text(lines({"created_local": FIRST}, {"created_local": SECOND}))
    (tmp_path / "content/b.toml").write_text('id = "gate"\n')
    (tmp_path / "content/c.jsonl").write_text(lines({"created": THIRD + "Z"}, {"created_local": THIRD}))
    (tmp_path / "content/c.toml").write_text('id = "gate"\n')
    (tmp_path / "rostra.toml").write_text('title = "Times"\nextras = true\n')
    assert build(load_site(tmp_path)).failures == ()
    posts = json.loads((tmp_path / "public/debates/gate/thread.json").read_bytes())["posts"]
    assert [(post["created"], post["created_local"]) for post in posts] == [(THIRD + "Z", None), (None, THIRD)]
