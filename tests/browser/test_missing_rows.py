"""A row of missing posts: its line fits a narrow screen, and addresses lead to each of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rostra.build.pipeline import build
from rostra.config.site import load_site

LAST = 50


@pytest.fixture
def debate(tmp_path: Path) -> str:
    """The address of a topic of Discourse without the posts 3 to 49."""
    posts = [
        {
            "id": 1000 + n,
            "username": "ada",
            "created_at": f"2024-03-04T00:{n:02}:00Z",
            "cooked": f"<p>Words of post {n}.</p>",
            "post_number": n,
            "topic_id": 7,
        }
        for n in (1, 2, LAST)
    ]
    stream = {"posts": posts, "stream": [1000 + n for n in range(1, LAST + 1)]}
    topic = {"id": 7, "title": "The weir", "posts_count": LAST, "highest_post_number": LAST, "post_stream": stream}
    (tmp_path / "content").mkdir()
    (tmp_path / "content/weir.json").write_text(json.dumps(topic))
    (tmp_path / "rostra.toml").write_text('title = "Weirs"\n')
    assert build(load_site(tmp_path)).failures == ()
    return (tmp_path / "public/debates/7/index.html").as_uri()


def test_the_line_of_a_row_is_whole_on_a_narrow_screen(page: Page, debate: str) -> None:
    page.set_viewport_size({"width": 240, "height": 700})
    page.goto(debate)
    line = page.locator(".missing h3 .unnamed").first
    assert (line.text_content() or "").endswith("posts are not in the dump")
    assert line.evaluate("(it) => it.scrollWidth <= it.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1200, "height": 700})
    assert line.evaluate("(it) => it.closest('h3').clientWidth < it.clientWidth + 40")


def test_an_address_leads_to_the_row_with_its_post(page: Page, debate: str) -> None:
    page.goto(f"{debate}#p-30")
    assert page.evaluate("document.querySelector(':target').closest('article.post').classList.contains('missing')")
