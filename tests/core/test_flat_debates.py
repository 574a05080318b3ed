"""Debates that their source shows one below the other: the order stays, and answers are found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.markup import render
from rostra.model import Author, Post, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble
from rostra.threads.flat import LONGEST, answering

GATE = "Who opened the upper gate of the mill last night without asking anybody of us?"
BELL = "The bell of the mill rang at dusk, so that somebody must have been there before."
WEIR = "Nobody counts the sluices of the weir, and the keeper sleeps until late in spring."
SOURCE = Source(path="a", format="forum", sha256="")


def topic(*posts: tuple[str, str]) -> RawThread:
    found = tuple(
        RawPost(
            key=str(n),
            native_id=str(n),
            parent="1" if n > 1 else None,
            author=Author(name=who),
            body=body,
            dialect="html",
        )
        for n, (who, body) in enumerate(posts, 1)
    )
    return RawThread(posts=found, flat=True)


def answers(thread: RawThread) -> list[tuple[str | None, str]]:
    return [(post.parent, post.parent_by) for post in answering(thread).posts][1:]


def made(thread: RawThread) -> Thread:
    return assemble(thread, id="a", title="a", source=SOURCE)


def quoted(text: str) -> str:
    return f"<blockquote><p>{text}</p></blockquote>"


def test_a_post_answers_what_it_quotes() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", f"{quoted(BELL)}<p>It was me.</p>"), ("dot", "<p>Who?</p>"))
    assert answers(thread) == [("1", "source"), ("2", "quotation"), ("1", "source")]


def test_the_words_of_a_later_post_are_not_answered() -> None:
    assert answers(topic(("ada", GATE), ("cy", f"{quoted(BELL)}<p>Me.</p>"), ("bede", BELL)))[0] == ("1", "source")


def test_a_post_answers_whom_it_names_first() -> None:
    thread = topic(
        ("ada", GATE),
        ("Bede Hill", BELL),
        ("cy", "<p>No.</p>"),
        ("dot", "<p>@Bede Hill, it was me.</p>"),
        ("eve", "<p>Ask @cy.</p>"),
    )
    assert answers(thread)[2:] == [("2", "page"), ("1", "source")]


def test_the_latest_post_of_a_name_is_meant() -> None:
    thread = topic(
        ("ada", GATE), ("bede", BELL), ("bede", "<p>No.</p>"), ("dot", "<p>@bede why?</p>"), ("bede", "<p>So.</p>")
    )
    assert answers(thread)[2] == ("3", "page")


@pytest.mark.parametrize(("words", "found"), [(LONGEST, True), (LONGEST + 1, False)])
def test_names_of_many_words_are_not_looked_for(words: int, found: bool) -> None:
    name = " ".join(["bede", "of", "the", "hill", "road"][:words])
    by = answers(topic(("ada", GATE), (name, BELL), ("dot", f"<p>@{name} why?</p>")))[1]
    assert by == (("2", "page") if found else ("1", "source"))


def test_what_the_source_says_stands() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", f"{quoted(BELL)}<p>@ada It was me.</p>"))
    said = RawThread(posts=(*thread.posts[:2], RawPost(key="3", parent="1", body="x"), RawPost(key="4", parent="3", body=thread.posts[2].body, dialect="html")), flat=True)  # fmt: skip
    assert answers(said)[2] == ("3", "source")


def test_the_order_of_the_source_stays() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", "<p>No.</p>"), ("dot", f"{quoted(BELL)}<p>Yes.</p>"))
    posts = made(answering(thread)).posts
    assert [shown(post) for post in posts] == [("1", 0), ("2", 1), ("3", 1), ("4", 1)]
    assert posts[3].parent == posts[1].id


def shown(post: Post) -> tuple[str, int]:
    return post.raw.key, post.depth


def test_a_missing_post_stands_before_its_first_answer() -> None:
    posts = [
        RawPost(key=str(n), native_id=str(n), parent=parent, body="x")
        for n, parent in ((1, None), (2, "1"), (4, "3"), (5, "3"))
    ]
    thread = made(RawThread(posts=tuple(posts), flat=True))
    assert [post.raw.key for post in thread.posts] == ["1", "2", "3", "4", "5"]


def test_a_post_does_not_answer_a_later_one() -> None:
    posts = [
        RawPost(key=str(n), native_id=str(n), parent=parent, body="x") for n, parent in ((1, None), (2, "3"), (3, "1"))
    ]
    thread = made(RawThread(posts=tuple(posts), flat=True))
    assert [shown(post) for post in thread.posts] == [("1", 0), ("2", 1), ("3", 1)]
    assert {post.parent for post in thread.posts} == {None, thread.posts[0].id}


def test_posts_are_sorted_by_time_if_all_have_one() -> None:
    times = {"1": "2024-03-04T09:00:00Z", "2": "2024-03-04T12:00:00Z", "3": "2024-03-04T11:00:00Z"}
    posts = [
        RawPost(key=key, native_id=key, parent="1" if key != "1" else None, created=at, body=key)
        for key, at in times.items()
    ]
    assert [post.raw.key for post in made(RawThread(posts=tuple(posts), flat=True)).posts] == ["1", "3", "2"]
    posts[1] = RawPost(key="2", native_id="2", parent="1", body="2")
    assert [post.raw.key for post in made(RawThread(posts=tuple(posts), flat=True)).posts] == ["1", "2", "3"]


def test_the_bodies_of_these_tests_are_what_they_seem() -> None:
    body = render(f"{quoted(BELL)}<p>It was me.</p>", "html")
    assert [block.depth for block in body.blocks] == [1, 0]


def test_only_posts_of_people_that_answer_the_first_are_looked_at() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", f"{quoted(BELL)}<p>@bede It was me.</p>"))
    for change in ({"kind": "removed"}, {"parent": "2"}, {"parent": None}):
        posts = (*thread.posts[:2], replace(thread.posts[2], **change))
        assert answering(replace(thread, posts=posts)).posts == posts


def test_a_thread_in_which_nothing_is_found_is_the_same() -> None:
    thread = topic(("ada", GATE), ("bede", BELL))
    assert answering(thread) is thread


def test_the_first_post_is_the_one_without_a_parent_wherever_it_stands() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", f"{quoted(BELL)}<p>Me.</p>"))
    posts = (replace(thread.posts[1], parent="1"), thread.posts[0], thread.posts[2])
    assert [post.parent for post in answering(replace(thread, posts=posts)).posts] == ["1", None, "2"]


def test_titles_connect_nothing_and_times_of_day_are_not_places() -> None:
    """All posts of a topic have one title; their places stand for times, which no minute in a text means."""
    thread = topic(("ada", GATE), *[("bede", f"{BELL} {n}") for n in range(5)], ("cy", f"<p>On 3:00 bede wrote:</p>{quoted(BELL)}<p>Me.</p>"))  # fmt: skip
    named = replace(thread, posts=tuple(replace(post, title="The gate of the mill") for post in thread.posts))
    assert answers(named) == answers(thread)
    assert answers(thread)[-1] == ("2", "quotation")


def test_only_the_beginning_of_a_posts_own_words_names_somebody() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("cy", f"{quoted('@bede why is that so?')}<p>Who?</p>"))
    assert answers(thread)[1] == ("1", "source")


def test_a_post_does_not_answer_its_author_by_a_name_that_comes_later() -> None:
    thread = topic(("ada", GATE), ("cy", "<p>@bede why?</p>"), ("bede", BELL))
    assert answers(thread)[0] == ("1", "source")


def test_the_longest_name_that_is_known_is_meant() -> None:
    thread = topic(("ada", GATE), ("bede", BELL), ("bede hill", WEIR), ("cy", "<p>@bede hill why?</p>"), ("dot", "<p>@bede moor why?</p>"))  # fmt: skip
    assert answers(thread)[2:] == [("3", "page"), ("2", "page")]


def test_a_name_has_four_words_at_most() -> None:
    assert LONGEST == 4


def site(folder: Path, card: str, settings: str = "") -> tuple[list[tuple[int, str]], str, list[str]]:
    """Build a topic of Discourse; return whose answer each post is and how that is known, the page, and the problems."""
    bodies = [f"<p>{GATE}</p>", f"<p>{BELL}</p>", f"{quoted(BELL)}<p>Me.</p>", "<p>@bede, why?</p>", f"{quoted(GATE)}<p>So.</p>"]  # fmt: skip
    names = ["ada", "bede", "cy", "dot", "eve"]
    posts: list[dict[str, Any]] = [
        {"id": 100 + n, "post_number": n, "username": who, "cooked": body, "created_at": f"2024-03-04T1{n}:00:00Z"}
        for n, (who, body) in enumerate(zip(names, bodies, strict=True), 1)
    ]
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text(f'title = "Mill"\n{settings}')
    (folder / "content/7.json").write_text(json.dumps({"id": 7, "title": "Gate", "post_stream": {"posts": posts}}))
    (folder / "content/7.toml").write_text(card)
    report = build(load_site(folder))
    page = folder / "public/debates/7"
    found = json.loads((page / "thread.json").read_bytes())["posts"]
    assert [post["id"] for post in found] == [f"p-{n}" for n in range(1, 6)]
    parents = [(int(post["parent"][2:]), post["parent_by"]) for post in found[1:]]
    return parents, (page / "index.html").read_text(), [problem.message for _, problem in report.problems]


def corrections(**parents: int) -> str:
    return "".join(f'[[correction]]\npost = "{post}"\nparent = "p-{at}"\n' for post, at in parents.items()).replace("_", "-")  # fmt: skip


def test_the_page_and_the_document_say_what_was_inferred(tmp_path: Path) -> None:
    parents, page, problems = site(tmp_path, "")
    assert parents == [(1, "source"), (2, "quotation"), (2, "page"), (1, "quotation")]
    assert page.count('title="reply, inferred from its quotation"') == 2
    assert page.count('title="reply, inferred from the page"') == 1
    assert not problems


def test_a_card_confirms_and_forbids_what_was_inferred(tmp_path: Path) -> None:
    parents, page, problems = site(tmp_path, corrections(p_3=2, p_4=1))
    assert parents == [(1, "source"), (2, "card"), (1, "card"), (1, "quotation")]
    assert "Corrected by the publisher: parent confirmed." in page
    assert "Corrected by the publisher: parent, was p-2." in page
    assert not problems


def test_a_card_confirms_nothing_that_the_source_says(tmp_path: Path) -> None:
    parents, _, problems = site(tmp_path, corrections(p_2=1))
    assert parents[0] == (1, "source")
    assert problems == ["the card's correction of p-2 is the same as the dump"]


def test_a_setting_leaves_a_flat_debate_as_its_source_has_it(tmp_path: Path) -> None:
    parents, page, _ = site(tmp_path, "", "infer_replies = false\n")
    assert parents == [(1, "source")] * 4
    assert "inferred" not in page
