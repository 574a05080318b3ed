"""Discourse topics: posts, quote boxes with their posts, and what becomes of the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.errors import RostraError
from rostra.ingest.inspection import inspections
from rostra.markup.discourse import to_html
from rostra.model import Edition
from rostra.readers import Dump, choose
from rostra.readers.sites import discourse as reader

SAMPLE = Path(__file__).parent.parent.parent / "seeds/discourse/7.json"


def read(path: Path) -> Edition:
    (edition,) = inspections(path)
    return edition


def test_the_sample_is_recognised_by_what_it_holds(tmp_path: Path) -> None:
    odd = tmp_path / "dump.txt"
    odd.write_bytes(SAMPLE.read_bytes())
    assert choose(Dump(odd)).NAME == "discourse"


def test_posts_their_order_and_what_is_known_of_them() -> None:
    edition = read(SAMPLE)
    assert (edition.thread.id, edition.thread.title, edition.thread.tags) == ("7", "The upper gate", ("weir",))
    posts = [
        (e.post.id, e.post.depth, e.post.raw.kind, e.post.raw.author and e.post.raw.author.name) for e in edition.posts
    ]
    assert posts == [
        ("p-1", 0, "post", "ada"),
        ("p-2", 1, "post", "bede"),
        ("p-3", 1, "missing", None),
        ("p-4", 2, "post", "cy"),
    ]
    assert edition.posts[1].post.raw.edited == "2024-03-05T08:00:00Z"
    assert edition.posts[0].post.raw.edited is None
    assert edition.posts[0].post.raw.score == 3
    assert edition.posts[3].post.raw.note == "A moderator's action"
    assert [p.code for p in edition.problems] == ["missing-post"]


def test_a_quote_box_leads_to_the_post_it_names_and_a_picture_is_a_link() -> None:
    second = read(SAMPLE).posts[1]
    (quote,) = second.quotes
    assert quote.source is not None
    assert (quote.source.post, quote.tier, quote.source.text) == ("p-1", "named", "Who opened the upper gate")
    assert second.body.text == "Who opened the upper gate\n\nI did 🙂.\n\nice"
    assert "<img" not in "".join(tag for _, tag in second.body.tags)


def test_pages_of_one_topic_in_a_folder_are_one_thread_with_no_post_twice(tmp_path: Path) -> None:
    topic = json.loads(SAMPLE.read_text())
    first, second, third = topic["post_stream"]["posts"]
    for name, posts in {"1.json": [first, second], "2.json": [second, third]}.items():
        page = topic | {"post_stream": {"posts": posts}}
        (tmp_path / name).write_text(json.dumps(page))
    assert [e.post.id for e in read(tmp_path).posts] == [e.post.id for e in read(SAMPLE).posts]


def test_a_file_cut_short_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    text = SAMPLE.read_text()
    cut = tmp_path / "cut.json"
    cut.write_text(text[: text.index('{"id": 104') + 60])
    edition = read(cut)
    assert [e.post.id for e in edition.posts] == ["p-1", "p-2"]
    assert "truncated" in [p.code for p in edition.problems]


PAGE = "https://mill.example/plan"
SITE = f'<header class="source"><img src="icon.png"><a href="{PAGE}">mill.example</a></header>'
PREVIEW = f'<aside class="onebox" data-onebox-src="{PAGE}">{SITE}<article class="onebox-body"><h3><a href="{PAGE}">The plan</a></h3>\n<p>Seven feet of oak.</p></article></aside>'


def test_the_words_of_a_preview_are_shown_as_what_a_program_added_and_quote_nobody(tmp_path: Path) -> None:
    topic = json.loads(SAMPLE.read_text())
    first, second, _ = topic["post_stream"]["posts"]
    first["cooked"], second["cooked"] = f"<p>See.</p>{PREVIEW} After it.", f"{PREVIEW}<p>So I do.</p>"
    (tmp_path / "a.json").write_text(json.dumps(topic | {"post_stream": {"posts": [first, second]}}))
    posts = read(tmp_path / "a.json").posts
    assert posts[0].body.text == "See.\n\nmill.example\n\nThe plan\nSeven feet of oak.\n\nAfter it."
    assert [block.kind for block in posts[0].body.blocks] == ["paragraph", "paragraph", "furniture", "paragraph"]
    assert not posts[1].quotes


@pytest.mark.parametrize(
    ("preview", "html"),
    [
        ('<aside class="onebox"><a href="/a">b</a></aside>c', '<div><p><a href="/a">b</a></p>c</div>'),
        ('<aside class="onebox">b</aside>c', '<div><p></p><p data-kind="furniture">b</p>c</div>'),
        ('<aside class="onebox"></aside>c', "<div><p></p>c</div>"),
    ],
)
def test_a_preview_without_words_is_the_link_alone(preview: str, html: str) -> None:
    assert to_html(preview) == html


@pytest.mark.parametrize("cut", range(0, 1500, 37))
def test_wherever_it_is_damaged_only_our_own_error_comes_out(tmp_path: Path, cut: int) -> None:
    data = bytearray(SAMPLE.read_bytes())
    data[cut % len(data)] ^= 0x15
    path = tmp_path / "dump.json"
    path.write_bytes(data)
    try:
        for thread in reader.read(Dump(path)):
            assert thread.posts
    except RostraError as error:
        assert error.hint  # noqa: PT017  # either outcome is right, a third is not


@pytest.mark.parametrize(
    ("excerpt", "codes"),
    [("Who opened the upper gate &hellip;", []), ("Nobody knows who kept all the keys", ["bad-field"])],
)
def test_an_excerpt_that_is_no_beginning_of_the_post_is_a_problem(
    excerpt: str, codes: list[str], tmp_path: Path
) -> None:
    dump = tmp_path / "dump.json"
    post = {"id": 1, "post_number": 1, "topic_id": 7, "username": "ada", "cooked": "<p>Who opened the upper gate last night?</p>", "excerpt": excerpt}  # fmt: skip
    dump.write_text(json.dumps({"post_stream": {"posts": [post]}, "id": 7, "title": "The gate"}))
    assert [problem.code for problem in read(dump).problems] == codes
