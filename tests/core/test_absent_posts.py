"""Posts that a topic of Discourse names and a dump lacks: their places, their counts, and their addresses later on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.readers import Dump
from rostra.readers.guards.completeness import PLACES
from rostra.readers.sites import discourse


def topic(here: Iterable[int], named: Iterable[int], highest: int | None = None, **more: Any) -> dict[str, Any]:
    posts = [
        {
            "id": 1000 + n,
            "username": "ada",
            "created_at": f"2024-03-04T{n // 60:02}:{n % 60:02}:00Z",
            "cooked": f"<p>These are the words of post {n} and of no other.</p>",
            "post_number": n,
            "topic_id": 7,
        }
        | more
        for n in here
    ]
    stream = [1000 + n for n in named]
    return {"id": 7, "title": "The weir", "posts_count": len(stream), "highest_post_number": highest, "post_stream": {"posts": posts, "stream": stream}}  # fmt: skip


def places(value: Any, tmp_path: Path) -> list[tuple[str, str, int]]:
    dump = tmp_path / "topic.json"
    dump.write_text(json.dumps(value))
    (thread,) = discourse.read(Dump(dump))
    return [(post.key, post.kind, post.hidden) for post in thread.posts]


def built(site: Path, **dumps: Any) -> str:
    (site / "content").mkdir(exist_ok=True)
    (site / "rostra.toml").write_text('title = "Weirs"\nauthority = "mill.example,2024:weirs"\n')
    for name, value in dumps.items():
        (site / f"content/{name}.json").write_text(json.dumps(value))
    build(load_site(site))
    page = site / "public/debates/7/index.html"
    return page.read_text() if page.exists() else ""


def test_an_absent_post_has_its_number_where_the_ids_fill_the_room(tmp_path: Path) -> None:
    found = places(topic([1, 2, 5], range(1, 6)), tmp_path)
    assert found == [(str(n), "missing" if n in (3, 4) else "post", 0) for n in range(1, 6)]


def test_otherwise_its_number_is_unknown(tmp_path: Path) -> None:
    # Number 4 was deleted, or 3.
    found = places(topic([1, 2, 5], [1, 2, 3, 5]), tmp_path)
    assert found == [("1", "post", 0), ("2", "post", 0), ("5", "post", 0), ("more-1", "missing", 1)]


@pytest.mark.parametrize(("highest", "keys"), [(4, ["3", "4"]), (5, ["more-1"]), (3, ["more-1"]), (None, ["more-1"])])
def test_the_last_ones_have_numbers_if_the_topic_tells_the_highest(
    highest: int | None, keys: list[str], tmp_path: Path
) -> None:
    found = places(topic([1, 2], range(1, 5), highest), tmp_path)
    assert [key for key, kind, _ in found if kind == "missing"] == keys


def test_a_later_page_alone_has_places_for_what_precedes_it(tmp_path: Path) -> None:
    found = places(topic([3], range(1, 4)), tmp_path)
    assert found == [("1", "missing", 0), ("2", "missing", 0), ("3", "post", 0)]
    # The opening post, whose place is there already, is not counted again.
    found = places(topic([4], [1, 2, 4]), tmp_path)
    assert found == [("1", "missing", 0), ("4", "post", 0), ("more-1", "missing", 1)]


def test_a_number_that_contradicting_ids_leave_open_twice_has_one_place(tmp_path: Path) -> None:
    value = topic([1, 5, 2], [1, 3, 4, 6, 5, 2, 13, 14, 15])
    value["post_stream"]["posts"].append(value["post_stream"]["posts"][1] | {"id": 1015})
    found = places(value, tmp_path)
    assert [key for key, kind, _ in found if kind == "missing"] == ["3", "4"]


@pytest.mark.parametrize("beyond", [0, 1])
def test_only_some_have_a_place_each(beyond: int, tmp_path: Path) -> None:
    last = 1 + PLACES + beyond
    found = [each for each in places(topic([1], range(1, last + 1), last), tmp_path) if each[1] == "missing"]
    assert len(found) == PLACES + beyond
    assert found[-1] == (("more-1", "missing", 1) if beyond else (str(last), "missing", 0))


def test_places_do_not_tell_that_posts_answer_one_another(tmp_path: Path) -> None:
    dump = tmp_path / "topic.json"
    for parent, flat in ((None, True), (1, False)):
        dump.write_text(json.dumps(topic([1, 4], range(1, 5), reply_to_post_number=parent)))
        (thread,) = discourse.read(Dump(dump))
        assert thread.flat is flat


def test_missing_posts_in_a_row_are_one_line_and_all_are_counted(tmp_path: Path) -> None:
    html = built(tmp_path, a=topic([1, 2, 6, 8], range(1, 9)))
    assert re.findall(r'<span class="unnamed">([^<]*)', html) == ["3 posts are not in the dump", "Missing post"]
    assert "4 posts" in html
    assert "4 missing" in html
    assert all(f'id="p-{n}"' in html for n in range(1, 9))


def test_a_missing_post_with_replies_is_no_part_of_a_row(tmp_path: Path) -> None:
    value = topic([1, 6], range(1, 7))
    value["post_stream"]["posts"][1]["reply_to_post_number"] = 4
    html = built(tmp_path, a=value)
    found = re.findall(r'<span class="unnamed">([^<]*)', html)
    assert sorted(found) == ["2 posts are not in the dump", "Missing post", "Missing post"]


def test_posts_that_only_one_dump_names_without_numbers_are_counted_once(tmp_path: Path) -> None:
    named = [n for n in range(1, 41) if n not in (15, 35)]
    for order in ((range(1, 11), range(21, 31)), (range(21, 31), range(1, 11))):
        html = built(tmp_path, a=topic(order[0], named, 40), b=topic(order[1], named, 40))
        assert "18 missing" in html
        assert "18 more replies are not in the dump" in html


def test_the_address_of_an_absent_post_is_that_of_the_post_that_comes_later(tmp_path: Path) -> None:
    built(tmp_path, a=topic([1, 2], range(1, 6), 5))
    before = set(re.findall(r"\bp-\w+", (tmp_path / "rostra.ledger").read_text()))
    html = built(tmp_path, a=topic(range(1, 6), range(1, 6), 5))
    assert before == {f"p-{n}" for n in range(1, 6)}
    assert all(f"words of post {n} " in html for n in range(1, 6))
    assert " ! " not in (tmp_path / "rostra.ledger").read_text()


def test_the_address_of_posts_without_numbers_says_later_that_they_are_gone(tmp_path: Path) -> None:
    built(tmp_path, a=topic([1, 2], range(1, 6)))
    built(tmp_path, a=topic(range(1, 6), range(1, 6), 5))
    kept = json.loads((tmp_path / "public/debates/7/thread.json").read_text())["kept"]
    assert kept == [{"post": "p-more", "thread": None, "to": None}]


def test_of_a_private_topic_no_place_is_published(tmp_path: Path) -> None:
    built(tmp_path, a=topic([1, 2], range(1, 6), 5) | {"archetype": "private_message"}, b=topic([1], [1]) | {"id": 8, "post_stream": {"posts": [{"id": 1, "post_number": 1, "topic_id": 8, "username": "ada", "cooked": "<p>Open.</p>", "created_at": "2024-03-04T09:00:00Z"}], "stream": [1]}})  # fmt: skip
    assert not (tmp_path / "public/debates/7").exists()
