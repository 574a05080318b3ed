"""An id depends on what a post says and whom it answers, never on where it stands."""

from __future__ import annotations

import random
import re
from base64 import b32encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.identity.permalinks import _unused, digest, digits, name, post_ids, slug
from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble

SHAPE = re.compile(r"p-[a-z0-9]+(-[a-z0-9]+)*")


def thread(posts: list[RawPost]) -> Thread:
    return assemble(RawThread(posts=tuple(posts)), id="t", title="T", source=Source(path="", format="", sha256=""))


def ids(posts: list[RawPost]) -> dict[str, str]:
    return {post.raw.key: post.id for post in thread(posts).posts}


def debate() -> list[RawPost]:
    return [
        RawPost(key="1", body="Shall we?"),
        RawPost(key="2", parent="1", body="Yes.", author=Author(name="Ada")),
        RawPost(key="3", parent="2", body="No.", author=Author(name="Bede")),
        RawPost(key="4", parent="1", body="Perhaps.", author=Author(name="Cy")),
        RawPost(key="5", parent="4", body="When?"),
    ]


def test_adding_removing_and_reordering_other_posts_changes_no_id() -> None:
    before = ids(debate())
    more = [*debate(), RawPost(key="6", parent="1", body="New."), RawPost(key="7", parent="5", body="Newer.")]
    random.Random(3).shuffle(more)
    after = ids(more)
    assert {key: after[key] for key in before} == before
    fewer = ids([post for post in debate() if post.key not in ("3", "5")])
    assert {key: before[key] for key in fewer} == fewer


def test_where_a_post_stands_in_its_dump_is_no_part_of_its_id() -> None:
    shifted = [
        RawPost(key=f"k{p.key}", parent=p.parent and f"k{p.parent}", body=p.body, author=p.author, line=700)
        for p in debate()
    ]
    assert list(ids(shifted).values()) == list(ids(debate()).values())


def test_a_relative_time_is_no_part_of_an_id_since_it_changes_with_the_day_of_capture() -> None:
    later = [
        RawPost(key=p.key, parent=p.parent, body=p.body, author=p.author, created_text="3 years ago") for p in debate()
    ]
    assert ids(later) == ids(debate())


def test_white_space_at_a_lines_end_is_no_part_of_an_id() -> None:
    assert ids([RawPost(key="1", body="a  b\nc")]) == ids([RawPost(key="1", body="a b \n c\n")])


def test_other_words_another_author_or_another_parent_make_another_id() -> None:
    base = ids(debate())["3"]
    for changed in (
        RawPost(key="3", parent="2", body="No!!", author=Author(name="Bede")),
        RawPost(key="3", parent="2", body="No.", author=Author(name="Ada")),
        RawPost(key="3", parent="4", body="No.", author=Author(name="Bede")),
    ):
        assert ids([changed if p.key == "3" else p for p in debate()])["3"] != base


def test_equal_posts_get_different_ids_and_the_same_ones_each_time() -> None:
    twins = [*debate(), RawPost(key="8", parent="1", body="+1"), RawPost(key="9", parent="1", body="+1")]
    first = ids(twins)
    assert len(set(first.values())) == len(first)
    assert ids(twins) == first


def test_a_source_that_names_its_posts_names_ours() -> None:
    assert ids([RawPost(key="a", native_id="t1_cu5oif1", body="x")]) == {"a": "p-t1-cu5oif1"}
    assert ids([RawPost(key="a", native_id="42", body="x")]) == {"a": "p-42"}


def test_a_digest_is_what_it_was_in_every_version() -> None:
    assert digest("the gate") == digest(" the\n gate ") == "iybdoo6xea"
    assert digest("a", "b") == "6bgnz3mxg2" != digest("ab")
    assert digest("e\u0301") == digest("\u00e9")
    for said in ("the gate", "weir", "\ud800"):
        whole = sha256(said.encode("utf-8", "surrogatepass")).digest()
        assert digits(said) == b32encode(whole)[:10].decode().lower()


@pytest.mark.parametrize(
    ("native", "made"),
    [
        ("42", "42"),
        ("t1_cu5oif1", "t1-cu5oif1"),
        ("a-b_c", "a-b-c"),
        ("a" * 36, "a" * 36),
        ("a" * 37, digest("a" * 37)),
        ("AbC", digest("AbC")),
        ("a b", digest("a b")),
        ("a--b", digest("a--b")),
        ("-a", digest("-a")),
        ("a_", digest("a_")),
        ("é", digest("é")),
        ("1709542800.0001", digest("1709542800.0001")),
    ],
)
def test_a_plain_id_of_the_source_is_ours_and_any_other_is_digested(native: str, made: str) -> None:
    assert name(native) == made
    assert ids([RawPost(key="a", native_id=native, body="x")]) == {"a": f"p-{made}"}


def test_an_id_that_a_dump_of_ours_gives_is_kept() -> None:
    assert ids([RawPost(key="a", id="p-own", native_id="7", body="x")]) == {"a": "p-own"}


def test_the_second_and_third_of_one_id_are_numbered() -> None:
    same = [RawPost(key=key, native_id="7", parent="1" if key != "1" else None, body=key) for key in ("1", "2", "3")]
    assert post_ids(same) == ["p-7", "p-7-2", "p-7-3"]
    same[2] = RawPost(key="3", native_id="7-2", parent="1", body="3")
    assert post_ids(same) == ["p-7", "p-7-2", "p-7-2-2"]
    # The last number is kept, since looking for it from the first on would be quadratic.
    taken: dict[str, int] = {}
    assert [_unused("p-7", taken) for _ in range(3)] == ["p-7", "p-7-2", "p-7-3"]
    assert taken == {"p-7": 3, "p-7-2": 1, "p-7-3": 1}


def test_a_missing_post_is_known_by_what_it_stands_between() -> None:
    def missing(*, above: str = "Shall we?", below: str = "No.", later: str = "So?") -> str:
        posts = [
            RawPost(key="1", body=above),
            RawPost(key="2", parent="1", kind="missing"),
            RawPost(key="3", parent="2", body=below),
            RawPost(key="4", parent="2", body=later),
            RawPost(key="5", parent="1", body="No answer to it."),
        ]
        return post_ids(posts)[1]

    assert missing() == missing(later="Why?")
    assert len({missing(), missing(above="May we?"), missing(below="Yes.")}) == 3
    # With words it is known by these, as any other.
    said = [RawPost(key="1", body="Shall we?"), RawPost(key="2", parent="1", kind="missing", body="Gone.")]
    assert post_ids(said)[1] == post_ids([said[0], RawPost(key="2", parent="1", body="Gone.")])[1]
    # A post that nobody answers and that says nothing is no missing one.
    silent = [RawPost(key="1", body="Shall we?"), RawPost(key="2", parent="1")]
    answered = [*silent, RawPost(key="3", parent="2", body="No.")]
    assert post_ids(silent)[1] == post_ids(answered)[1]


def test_native_ids_that_differ_only_by_case_stay_apart() -> None:
    assert name("AbC") != name("aBc") != name("abc")
    assert name("abc") == "abc"


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_a_stranger_calls_a_post_its_id_is_a_plain_css_identifier(native: str) -> None:
    for made in ids([RawPost(key="k", native_id=native, body="x")]).values():
        assert SHAPE.fullmatch(made)
        assert len(made) <= 40


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_slug_is_never_empty_and_never_a_path(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))


def test_a_slug_is_plain_short_and_a_digest_where_nothing_is_left() -> None:
    assert slug("The Upper Gate, 1911!") == "the-upper-gate-1911"
    assert slug("Mühle") == "muhle"
    assert slug("水車") == digest("水車")
    assert slug("a" * 60) == "a" * 60
    assert slug("a" * 61) == "a" * 60
    assert slug("a" * 59 + " b") == "a" * 59
