"""Addresses of topics of forums: which topic, and which of its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers import Dump, choose
from rostra.readers.forum.topics import LATER, PAGE, TOPIC


@pytest.mark.parametrize(
    ("address", "topic", "page"),
    [
        ("/threads/front-page-5-redesign.123/", "123", None),
        ("/threads/page-5-of-the-log.123/", "123", None),
        ("/threads/front-page-5-redesign.123/page-2", "123", "2"),
        ("/threads/the-gate.123/page-12", "123", "12"),
        ("/threads/the-gate.123/page-1", "123", "1"),
        ("/thread-12-page-2.html", "12", "2"),
        ("/12-the-gate/page3", "12", "3"),
        ("/t/123/4", "123", None),
        ("/t/123", "123", None),
        ("/t/the-gate/123/4", "123", None),
        ("/t/5-gates/123", "123", None),
        ("/t/the-gate/123?page=2", "123", "2"),
    ],
)
def test_an_address_names_the_topic_and_the_page(address: str, topic: str, page: str | None) -> None:
    found = TOPIC.search(address)
    assert found
    assert next(filter(None, found.groups())) == topic
    number = PAGE.search(address)
    assert (number[1] if number else None) == page
    assert bool(LATER.search(address)) == (page not in (None, "1"))


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            '<div class="float_right"><strong>Thread Modes</strong></div><div><strong>The gate</strong></div>',
            "The gate",
        ),
        ('<div class="float_right"><strong>Thread Modes</strong></div>', "Mill"),
    ],
)
def test_the_head_of_the_posts_of_mybb_has_their_title(head: str, title: str, tmp_path: Path) -> None:
    sample = (Path(__file__).parent / "forum/mybb.html").read_text(encoding="utf-8")
    _, _, posts = sample.partition("<body>")
    page = f'<html><head><title>Mill - The gate</title></head><body><table class="tborder"><tr><td class="thead">{head}</td></tr><tr><td id="posts_container">{posts.partition("</body>")[0]}</td></tr></table></body></html>'
    path = tmp_path / "gate.html"
    path.write_text(page, encoding="utf-8")
    assert [thread.title for thread in choose(Dump(path)).read(Dump(path))] == [title]
