"""The door between readers and everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import decode, encode
from msgspec.structs import replace

from rostra.config.site import Limits
from rostra.errors import UnreadableDump
from rostra.model import Attachment, Author, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.normalise import LONGEST, MANY, normalised

DUMP = Dump(Path("x"), "x", Limits(post=1))
MEBIBYTE = 1 << 20


def through(**fields: Any) -> tuple[RawPost, list[str]]:
    """A post with some fields, behind the door, and the codes of its problems."""
    thread = normalised(RawThread(posts=(RawPost(**{"key": "1", **fields}),)), DUMP)
    return thread.posts[0], [problem.code for problem in thread.problems]


@pytest.mark.parametrize(
    ("given", "text", "codes"),
    [
        ("as it is\n\t\r", "as it is\n\t\r", []),
        ("cut \ud83d", "cut \ufffd", ["replaced"]),
        ("\ud83d\ude00", "😀", []),
        ("a\0b\x08c\x0ed\x1be\ufffef\uffff", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd", ["replaced"]),
        ("page\x0cbreak\x0b\x1c\x1f", "page break   ", []),
        ("\x7f\x85\ufffd", "\x7f\x85\ufffd", []),
        (7, "7", ["bad-field"]),
        (["one", {"x": "two"}], "one\ntwo", ["bad-field"]),
        (b"bytes", "bytes", ["bad-field"]),
        (True, "", ["bad-field"]),
        (None, "", []),
    ],
)
def test_text_is_text_that_may_be_published(given: Any, text: str, codes: list[str]) -> None:
    post, found = through(body=given)
    assert (post.body, found) == (text, codes)


@pytest.mark.parametrize("body", ["plain", "\\frac{1}{2}", "a\0b"])
def test_an_author_s_id_is_no_permanent_link(body: str) -> None:
    post, _ = through(author=Author(name="Ada", id="2"), body=body)
    assert post.author == Author(name="Ada", id="2")
    assert through(id="2", body=body)[0].id is None


@pytest.mark.parametrize(
    ("given", "score", "codes"),
    [
        (2**63 - 1, 2**63 - 1, []),
        (2**63, None, ["bad-field"]),
        (-(2**63), -(2**63), []),
        (-(2**63) - 1, None, ["bad-field"]),
        (3.0, 3, []),
        (3.5, None, ["bad-field"]),
        (float("nan"), None, ["bad-field"]),
        (True, None, ["bad-field"]),
        ("3", None, ["bad-field"]),
    ],
)
def test_numbers_have_64_bits(given: Any, score: int | None, codes: list[str]) -> None:
    post, found = through(score=given)
    assert (post.score, found) == (score, codes)


@pytest.mark.parametrize(
    ("given", "created"),
    [
        ("2024-03-04T09:00:00Z", "2024-03-04T09:00:00Z"),
        ("2024-02-29T23:59:59-23:59", "2024-02-29T23:59:59-23:59"),
        ("2023-02-29T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+00:01", None),
        ("0001-01-01T00:01:00+00:01", "0001-01-01T00:01:00+00:01"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("9999-12-31T23:59:59-00:01", None),
        ("2024-01-01T00:00:00+00:00:30", "2023-12-31T23:59:30Z"),
        ("2024-01-01T00:00:00", None),
        ("2024-01-01 00:00:00.5+01:00", "2024-01-01T00:00:00+01:00"),
        ("2024-13-01T00:00:00Z", None),
    ],
)
def test_times_are_times_in_utc_too(given: str, created: str | None) -> None:
    post, found = through(created=given, edited=given)
    assert (post.created, post.edited) == (created, created)
    assert post.created_text == (None if created else given)
    assert found == ([] if created else ["bad-time", "bad-time"])


@pytest.mark.parametrize(
    ("local", "created", "kept"),
    [
        ("2005-03-01T12:27:43", None, True),
        ("2024-02-29T23:59:59", None, True),
        ("2023-02-29T23:59:59", None, False),
        ("2005-03-01T12:27:43Z", None, False),
        ("2005-03-01T12:27:4", None, False),
        ("2005-03-01", None, False),
        ("2005-03-01T12:27:43", "2005-03-01T12:27:43Z", False),
        ("2005-03-01T12:27:43", "soon", True),
    ],
)
def test_a_time_without_a_zone_is_one_and_stands_alone(local: str, created: str | None, kept: bool) -> None:
    post, found = through(created_local=local, created=created)
    assert post.created_local == (local if kept else None)
    assert found == ["bad-time"] * ((not kept) + (created == "soon"))
    assert post.created_text == (created if created == "soon" else None if kept or created else local)


def test_words_of_a_known_few_are_of_them() -> None:
    post, found = through(kind="lost", dialect="html5", stance="both", language="no tag", id='"><script>')
    assert (post.kind, post.dialect, post.stance, post.language, post.id) == ("post", "text", None, None, None)
    assert found == ["bad-field"] * 5


@pytest.mark.parametrize(("length", "codes"), [(LONGEST, []), (LONGEST + 1, ["too-long"])])
def test_what_is_too_long_is_cut_and_said(length: int, codes: list[str]) -> None:
    post, found = through(title="x" * length)
    assert (len(post.title or ""), found) == (LONGEST, codes)
    # An address that is cut leads elsewhere; names that are cut may be alike.
    assert through(url="x" * length)[0].url == (None if codes else "x" * LONGEST)
    keys = [through(key="x" * (length - 1) + end)[0].key for end in "yz"]
    assert len(set(keys)) == 2
    assert (len(keys[0]) == length) == (not codes)


@pytest.mark.parametrize(("length", "codes"), [(MEBIBYTE, []), (MEBIBYTE + 1, ["too-long"])])
def test_a_body_has_a_limit_of_bytes(length: int, codes: list[str]) -> None:
    post, found = through(body="x" * length)
    assert (len(post.body), found) == (MEBIBYTE, codes)
    assert len(through(body="é" * (length // 2 + 1))[0].body.encode()) == MEBIBYTE


@pytest.mark.parametrize(("count", "codes"), [(MANY, []), (MANY + 1, ["too-long"])])
def test_lists_have_a_limit(count: int, codes: list[str]) -> None:
    post, found = through(attachments=(Attachment(name="x"),) * count)
    assert (len(post.attachments), found) == (MANY, codes)


def test_a_post_without_a_name_gets_one_and_what_is_no_post_is_said() -> None:
    posts: Any = (RawPost(key=""), {"key": "x"}, RawPost(key="\ud83d"), RawPost(key="2", parent="\ud83d"))
    thread = normalised(RawThread(posts=posts, tags=("a", 3, None)), DUMP)  # type: ignore[arg-type]  # what a plug-in may do
    assert [post.key for post in thread.posts] == ["post-1", "\ufffd", "2"]
    assert thread.posts[2].parent == "\ufffd"
    assert thread.tags == ("a", "3")
    assert {"bad-post", "bad-field", "replaced"} == {problem.code for problem in thread.problems}


def test_how_often_is_said_with_the_first_place() -> None:
    thread = normalised(RawThread(posts=tuple(RawPost(key=str(n), line=n, body="\0\0") for n in (4, 5))), DUMP)
    (problem,) = thread.problems
    assert (problem.post, problem.line) == ("4", 4)
    assert "(4 times" in problem.message


def test_what_is_no_thread_at_all_is_a_failure_of_the_dump() -> None:
    with pytest.raises(UnreadableDump, match="its reader returned"):
        normalised({"posts": []}, DUMP)


Anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=20)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(RawPost.__struct_fields__), Anything, max_size=6), Anything)
def test_whatever_a_plug_in_gives_is_sound_and_stays_as_it_is(fields: dict[str, Any], title: Any) -> None:
    made = RawThread(posts=(RawPost(**{"key": "1", **fields}),), title=title)
    thread = normalised(made, DUMP)
    assert len(thread.posts) == 1
    assert decode(encode(thread), type=RawThread) == thread
    assert normalised(replace(thread, problems=()), DUMP).posts == thread.posts


def test_a_sound_post_is_left_alone() -> None:
    post = RawPost(
        key="1", author=Author(name="Ada", url="https://a.example/"), created="2024-03-30T09:00:00+01:00", body="x\\b"
    )
    assert through(**{name: getattr(post, name) for name in post.__struct_fields__}) == (post, [])
