"""Every post keeps a place; what does not fit is a problem."""

from __future__ import annotations

import random
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble

SOURCE = Source(path="a.txt", format="text", sha256="")


def thread(*posts: RawPost) -> Thread:
    return assemble(RawThread(posts=posts), id="t", title="T", source=SOURCE)


def codes(made: Thread) -> list[str]:
    return [problem.code for problem in made.problems]


def said(made: Thread) -> list[tuple[int, str]]:
    return [(post.depth, post.raw.body) for post in made.posts]


def test_posts_stand_in_reading_order_whatever_the_order_of_the_dump() -> None:
    made = thread(
        RawPost(key="c", parent="b", body="c"),
        RawPost(key="d", parent="a", body="d"),
        RawPost(key="a", body="a"),
        RawPost(key="b", parent="a", body="b"),
    )
    assert said(made) == [(0, "a"), (1, "d"), (1, "b"), (2, "c")]
    assert made.problems == ()


def test_siblings_with_times_stand_by_instant_not_by_their_clocks_text() -> None:
    made = thread(
        RawPost(key="a", body="a"),
        RawPost(key="b", parent="a", body="late", created="2020-01-01T10:00:00Z"),
        RawPost(key="c", parent="a", body="early", created="2020-01-01T10:30:00+02:00"),
    )
    assert [body for _, body in said(made)] == ["a", "early", "late"]


def test_an_answer_to_nothing_known_gets_a_missing_parent_and_a_problem() -> None:
    made = thread(RawPost(key="a", body="a"), RawPost(key="c", parent="gone", body="c", line=9))
    assert [(post.depth, post.raw.kind) for post in made.posts] == [(0, "post"), (1, "missing"), (2, "post")]
    assert codes(made) == ["missing-post"]
    assert made.problems[0].line == 9
    assert made.problems[0].post == made.posts[1].id


def test_several_openings_answer_one_that_is_missing() -> None:
    made = thread(RawPost(key="a", body="a"), RawPost(key="b", body="b"))
    assert [(post.depth, post.raw.kind) for post in made.posts] == [(0, "missing"), (1, "post"), (1, "post")]
    assert codes(made) == ["missing-opening"]


def test_a_ring_is_opened_and_told() -> None:
    made = thread(
        RawPost(key="a", body="a"),
        RawPost(key="x", parent="z", body="x"),
        RawPost(key="y", parent="x", body="y"),
        RawPost(key="z", parent="y", body="z"),
    )
    assert sorted(body for _, body in said(made)) == ["", "a", "x", "y", "z"]
    assert "ring" in codes(made)


def test_a_post_that_answers_itself_is_a_ring_of_one() -> None:
    made = thread(RawPost(key="a", parent="a", body="a"))
    assert said(made) == [(0, "a")]
    assert codes(made) == ["ring"]


def test_the_same_post_twice_is_shown_once_and_told() -> None:
    made = thread(RawPost(key="a", body="a", line=1), RawPost(key="a", body="a", line=5))
    assert len(made.posts) == 1
    assert codes(made) == ["repeated-post"]
    assert made.problems[0].line == 5


def test_two_posts_with_one_id_are_both_kept() -> None:
    made = thread(RawPost(key="a", native_id="1", body="a"), RawPost(key="a", native_id="1", parent="a", body="b"))
    assert [body for _, body in said(made)] == ["a", "b"]
    assert len({post.id for post in made.posts}) == 2
    assert codes(made) == ["repeated-id"]


def test_a_chain_far_deeper_than_pythons_stack_is_assembled() -> None:
    depth = sys.getrecursionlimit() * 3
    made = thread(*(RawPost(key=str(n), parent=str(n - 1) if n else None, body=str(n)) for n in range(depth)))
    assert made.posts[-1].depth == depth - 1


PARENTS = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=12)


@given(parents=PARENTS, seed=st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_and_every_parent_stands_above(parents: list[int | None], seed: int) -> None:
    posts = [
        RawPost(key=str(n), parent=None if p is None else str(p), body=f"body {n}", author=Author(name=f"a{n % 3}"))
        for n, p in enumerate(parents)
    ]
    random.Random(seed).shuffle(posts)
    made = thread(*posts)
    assert sorted(p.raw.body for p in made.posts if p.raw.kind == "post") == sorted(p.body for p in posts)
    depths: dict[str, int] = {}
    for post in made.posts:
        assert post.id not in depths
        assert post.depth == (0 if post.parent is None else depths[post.parent] + 1)
        depths[post.id] = post.depth
    assert sum(post.parent is None for post in made.posts) == 1
