"""Which debates are one that stands in several dumps, and what is kept of each dump."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.identity import ledger_file
from rostra.identity.registry import Registry
from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.threads import same_thread
from rostra.threads.assemble import assemble
from rostra.threads.same_thread import Parts

SAID = [f"Sentence number {n} of the debate." for n in "abcdefghij"]
OTHER = [f"Another thing altogether is {n}." for n in "abcdefghij"]
WHOLE = dict[str, Thread]()
"""The threads of debates of one dump."""


@pytest.fixture
def base() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(f"{ledger_file.TABLES}{same_thread.TABLES}")
    WHOLE.clear()
    return base


def thread(said: list[str], id: str = "gate", ids: str = "", **of: Any) -> Thread:
    """A debate of posts below the first; by ``by``, at a time each if ``timed``, with the letters of ``ids``."""
    raw = tuple(
        RawPost(
            key=str(n), native_id=ids[n].strip() or None if ids else None, body=body, parent="0" if n else None,
            author=Author(name=of.get("by", "Ada")), created=f"2024-03-04T09:00:0{n}Z" if of.get("timed", True) else None,
            kind="post" if body else "missing",
        )
        for n, body in enumerate(said)
    )  # fmt: skip
    source = Source(path=of.get("path", ""), format="", sha256="", published=of.get("published"))
    made = assemble(
        RawThread(posts=raw, native_id=of.get("native"), url=of.get("url")), id=id, title="T", source=source
    )
    return replace(made, title=of.get("title", "T"))


def publish(base: sqlite3.Connection, it: Thread, dump: str = "a") -> None:
    """A debate that stands in one dump."""
    Registry(base, Path()).add(it, dump)
    WHOLE[it.id] = it


def same(
    base: sqlite3.Connection, it: Thread, *, read: dict[str, str] | None = None, called: str = "x", **of: Any
) -> list[str]:
    read = {"gate": "a"} if read is None else read
    made, dump = Parts(base, Registry(base, Path()), WHOLE.get), of.get("dump", "b")
    return made.joinable(made.alike(it, dump, read, called, of.get("chosen", ())), dump, read)


def test_two_posts_by_the_same_at_one_time_make_one_debate_and_three_where_times_are_not_known(
    base: sqlite3.Connection,
) -> None:
    publish(base, thread(SAID[:3]))
    assert same(base, thread(SAID[:2], "x")) == ["gate"]
    assert same(base, thread(SAID[:1], "x")) == []
    assert same(base, thread(SAID[:2], "x", by="Bede")) == []
    assert same(base, thread(SAID[:3], "x", by="Bede")) == ["gate"]
    assert same(base, thread(SAID[:2], "x"), read={}) == []
    assert same(base, thread(SAID[:2], "x"), read={"weir": "a"}) == []
    assert same(base, thread(SAID[:2], "x"), dump="a") == []
    publish(base, thread(SAID[:3], "a"), "z")
    assert same(base, thread(SAID[:2], "x")) == ["gate"]


def test_half_of_what_the_smaller_one_says_must_be_the_same(base: sqlite3.Connection) -> None:
    publish(base, thread(SAID[:4]))
    assert same(base, thread([*SAID[:2], *OTHER[:2]], "x")) == ["gate"]
    assert same(base, thread([*SAID[:2], *OTHER[:8]], "x")) == ["gate"]
    publish(base, thread(OTHER[:5], "weir"), "c")
    read = {"weir": "c"}
    assert same(base, thread([*OTHER[:2], *SAID[4:7]], "x"), read=read) == []
    assert same(base, thread([*OTHER[:2], *SAID[4:6]], "x"), read=read) == ["weir"]
    # Few words are said in many debates: they count for neither.
    assert same(base, thread([*OTHER[:2], *SAID[4:6], "Thank you!"], "x"), read=read) == ["weir"]
    publish(base, thread(["Thank you.", "Not at all.", "No."], "thanks"), "d")
    assert same(base, thread(["Thank you.", "Not at all.", "No."], "x"), read={"thanks": "d"}) == []
    publish(base, thread([*SAID[6:8], *OTHER[6:8], "Yes."], "yes"), "e")
    assert same(base, thread([*SAID[6:8], *OTHER[:3]], "x"), read={"yes": "e"}) == ["yes"]


def test_a_debate_that_is_not_published_is_not_said_unless_it_stands_in_a_dump(base: sqlite3.Connection) -> None:
    publish(base, thread(SAID[:3]))
    base.execute("UPDATE published SET live = 0, old = 1")
    assert same(base, thread(SAID[:3], "x")) == []
    base.execute("UPDATE published SET old = 2")
    assert same(base, thread(SAID[:3], "x")) == ["gate"]
    # Of one that stands in several dumps, these count, each by itself.
    made = Parts(base, Registry(base, Path()), WHOLE.get)
    made.add("gate", "a", thread(OTHER[:3]), "gate")
    assert same(base, thread(SAID[:3], "x")) == []
    assert same(base, thread(OTHER[:3], "x")) == ["gate"]
    made.add("gate", "c", thread(SAID[:1]), "gate")
    assert same(base, thread([SAID[0], OTHER[0]], "x")) == []
    publish(base, thread(SAID[4:7], "weir"), "d")
    assert same(base, thread(SAID[4:7], "x"), read={"weir": "d"}) == ["weir"]


def test_one_number_that_both_dumps_give_a_post_tells_where_each_completes_the_other(base: sqlite3.Connection) -> None:
    publish(base, thread(["", *SAID[:3]], ids="zabc"))
    whole = thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zadefghi")
    assert same(base, whole) == ["gate"]
    # One without a number has none in common with another.
    bare = [SAID[9], SAID[4], *OTHER[:6]]
    publish(base, thread(["", *SAID[4:7]], "bare", ids="z   "), "q")
    assert same(base, thread(bare, "x", ids="z       "), read={"bare": "q"}) == []
    publish(base, thread(["", OTHER[8], OTHER[9]], "other", ids="yvw"), "q")
    # Nothing that one lacked is in the other; or what both hold has other numbers, or is another's.
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="yadefghi")) == []
    assert same(base, thread(["", SAID[0], *OTHER[:6]], "x", ids="zadefghi")) == []
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zqdefghi")) == []
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zadefghi", by="Bede")) == []
    # The other way round too.
    publish(base, thread([SAID[9], SAID[4], *OTHER[:6]], "weir", ids="zadefghi"), "c")
    assert same(base, thread(["", *SAID[4:7]], "x", ids="zabc"), read={"weir": "c"}) == ["weir"]
    publish(base, thread([SAID[9], SAID[7], *OTHER[:6]], "mill"), "d")
    assert same(base, thread(["", *SAID[7:9]], "x", ids="zab"), read={"mill": "d"}) == []


def test_a_text_that_a_thread_repeats_is_shared_once(base: sqlite3.Connection) -> None:
    publish(base, thread(SAID[:2]))
    # One of the two is by the same author at the same time.
    assert same(base, thread([*SAID[:2], SAID[0]], "x")) == ["gate"]
    assert same(base, thread([SAID[0]] * 3, "x")) == []
    publish(base, thread([SAID[5]] * 3, "weir"), "c")
    assert same(base, thread([SAID[5]], "x"), read={"weir": "c"}) == []
    # So it is where one of the two has the id that the other dump gives it, and where none has.
    publish(base, thread(["", *SAID[6:9]], "mill", ids="zabc"), "d")
    for ids, found in (("zadefghiq", ["mill"]), ("zqdefghiq", [])):
        it = thread([SAID[9], SAID[6], *OTHER[:6], SAID[6]], "x", ids=ids)
        assert same(base, it, read={"mill": "d"}) == found


def test_each_dump_of_a_debate_is_compared_by_itself(base: sqlite3.Connection) -> None:
    made = Parts(base, Registry(base, Path()), WHOLE.get)
    it = thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zadefghi")
    made.add("gate", "a", thread(["", *SAID[:3]], ids="zabc"), "gate")
    made.add("gate", "c", thread(OTHER[7:], ids="rst"), "gate")
    assert same(base, it) == ["gate"]
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zqdefghi")) == []
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="zadefghi", by="Bede")) == []
    # What completes a post of another dump of it, or of another debate of the dump, tells nothing of this one.
    made.add("gate", "a", thread([SAID[8], *SAID[:3]], ids="xabc"), "gate")
    made.add("gate", "c", thread(["", *OTHER[7:]], ids="zrst"), "gate")
    made.add("weir", "a", thread(["", *SAID[4:7]], "weir", ids="zuvw"), "weir")
    assert same(base, it) == []
    made.add("gate", "a", thread(["", *SAID[:3]], ids="z   "), "gate")
    assert same(base, thread([SAID[9], SAID[0], *OTHER[:6]], "x", ids="z       ")) == []


def test_what_the_publisher_gave_one_id_is_one(base: sqlite3.Connection) -> None:
    publish(base, thread(SAID[:3]))
    it = thread(OTHER[:3], "x")
    assert same(base, it) == []
    assert same(base, it, chosen=("a",)) == ["gate"]
    assert same(base, it, chosen=("c",)) == []
    Parts(base, Registry(base, Path()), WHOLE.get).add("gate", "c", thread(SAID[:3]), "gate")
    assert same(base, it, chosen=("c",)) == ["gate"]
    assert same(base, it, chosen=("a",)) == []


@pytest.mark.parametrize(
    ("held", "it", "akin"),
    [
        ({}, {}, False),
        ({"url": "https://example.org/1"}, {"url": "http://www.example.org/1/"}, True),
        ({"url": "https://example.org/1"}, {"url": "https://example.org/2"}, False),
        ({"url": "https://example.org/1"}, {}, False),
        ({}, {"url": "https://example.org/1"}, False),
        ({"native": "7"}, {"native": "7"}, True),
        ({"native": "7"}, {"native": "8"}, False),
        ({"native": "7"}, {"native": "7", "title": "U"}, False),
        ({"native": "<7@weir.example>"}, {"native": "<7@weir.example>", "title": "U"}, True),
        ({"native": "7"}, {}, False),
    ],
)
def test_what_has_one_id_by_nature_is_one_by_its_address_or_its_title(
    base: sqlite3.Connection, held: dict[str, str], it: dict[str, str], akin: bool
) -> None:
    publish(base, thread(SAID[:3], **held))
    assert same(base, thread(OTHER[:3], "x", **it), called="gate") == (["gate"] if akin else [])
    assert same(base, thread(OTHER[:3], "x", **it)) == []
    assert same(base, thread(OTHER[:3], "x", **it), called="gate", dump="a") == []
    # Where it stands in several dumps it is held against those of that name.
    Parts(base, Registry(base, Path()), WHOLE.get).add("gate", "a", thread(OTHER[5:6]), "other")
    Parts(base, Registry(base, Path()), WHOLE.get).add("gate", "c", thread(SAID[:3], **held), "mill")
    assert same(base, thread(OTHER[:3], "x", **it), called="mill") == (["gate"] if akin else [])
    assert same(base, thread(OTHER[:3], "x", **it), called="other") == []


def test_what_has_one_id_by_nature_is_one_by_a_post_of_three_words_or_of_one_number_and_time(
    base: sqlite3.Connection,
) -> None:
    publish(base, thread(["Of the gate it is.", "Thank you!"], ids="ab"))
    for it, akin in (
        (thread(["Of the gate it is."], "x", by="Bede", timed=False), True),
        (thread([OTHER[0], "Thank you!"], "x"), False),
        (thread([OTHER[0]], "x", ids="a"), True),
        (thread([OTHER[0]], "x", ids="a", by="Bede"), False),
        (thread([OTHER[0]], "x", ids="a", timed=False), False),
    ):
        assert same(base, it, called="gate") == (["gate"] if akin else [])
    base.execute("UPDATE homes SET called = 'mill'")
    assert same(base, thread(["Of the gate it is."], "x"), called="mill") == ["gate"]
    # It has its id from a dump that is no longer there.
    assert same(base, thread(["Of the gate it is."], "x"), called="gate") == []
    assert Parts(base, Registry(base, Path()), WHOLE.get).called("mill") == {"mill", "gate"}
    # Unless it is this dump that gave it.
    base.execute("INSERT INTO read_from VALUES ('gate', 'b')")
    assert same(base, thread(["Of the gate it is."], "x"), called="gate") == ["gate"]


def test_the_likest_comes_first_and_never_two_of_one_dump(base: sqlite3.Connection) -> None:
    it = thread(SAID[:7], "x")
    made = Parts(base, Registry(base, Path()), WHOLE.get)
    cut = replace(it, posts=it.posts[:2]), replace(it, posts=it.posts[2:5]), replace(it, posts=it.posts[5:])
    for each, (debate, dump) in zip(cut, (("gate", "a"), ("weir", "c"), ("mill", "d")), strict=True):
        made.add(debate, dump, each, debate)
    read = {"gate": "a", "weir": "c", "mill": "d", "pond": "e"}
    assert same(base, it, read=read) == ["weir", "gate", "mill"]
    assert same(base, it, read=read, chosen=("e",)) == ["pond", "weir", "gate", "mill"]
    # What one dump tells apart is never one debate; nor is it that of the thread's own dump.
    made.add("mill", "c", replace(it, posts=it.posts[:1]), "mill")
    assert same(base, it, read=read) == ["weir", "gate"]
    assert same(base, it, read=read, dump="c") == ["gate"]


def test_what_is_one_by_its_name_or_its_card_is_so_before_what_says_the_same(base: sqlite3.Connection) -> None:
    publish(base, thread(SAID[:3]), "a")
    publish(base, thread(OTHER[:3], "weir", native="7"), "c")
    read = {"gate": "a", "weir": "c"}
    it = thread(SAID[:3], "x", native="7")
    assert same(base, it, read=read) == ["gate"]
    assert same(base, it, read=read, called="weir") == ["weir", "gate"]
    assert same(base, it, read=read, chosen=("c",)) == ["weir", "gate"]
    # Only of what was read.
    assert same(base, it, called="weir") == ["gate"]


def test_each_dump_s_thread_is_kept_until_the_debate_is_forgotten(base: sqlite3.Connection) -> None:
    made = Parts(base, Registry(base, Path()), WHOLE.get)
    one, two = thread(SAID[:2], published="d/gate/a", path="a"), thread(SAID[1:4], published="d/gate/b", path="b")
    made.add("gate", "b", two, "n2")
    made.add("gate", "a", thread(OTHER[:3]), "n0")
    made.add("gate", "a", one, "n1")
    made.add("weir", "b", thread(OTHER[:2], published="d/weir/b", path="b"), "n3")
    assert list(made.of("gate").items()) == [("a", one), ("b", two)]
    assert base.execute("SELECT count(*) FROM part_posts WHERE debate = 'gate' AND dump = 'a'").fetchone() == (2,)
    assert base.execute("SELECT count(*) FROM part_posts").fetchone() == (7,)
    assert made.dumps_of("gate") == {"a", "b"}
    assert made.dumps_of("mill") == set()
    assert made.sources() == {"gate": ["a", "b"], "weir": ["b"]}
    assert sorted(made.shared("b")) == ["gate", "weir"]
    assert made.shared("a") == ["gate"]
    assert made.dumps() == ["a", "b"]
    assert made.published("b") == ["d/gate/b", "d/weir/b"]
    assert made.called("n1") == {"n1", "gate"}
    called = [(debate, natural) for debate, natural, _ in same_thread.parts_of_dump(base, "b")]
    assert sorted(called) == [("gate", "n2"), ("weir", "n3")]
    made.unpublish("b")
    assert made.of("gate")["b"] == replace(two, source=replace(two.source, published=None))
    assert made.of("weir")["b"] == thread(OTHER[:2], path="b")
    assert (made.of("gate")["a"], made.published("a"), made.published("b")) == (one, ["d/gate/a"], [])
    made.rename("gate", "mill", {"a": two})
    assert made.of("gate") == {}
    assert list(made.of("mill").items()) == [("a", two), ("b", made.of("mill")["b"])]
    assert made.of("mill")["b"].source.published is None
    assert made.published("a") == ["d/gate/b"]
    assert base.execute("SELECT count(*) FROM part_posts WHERE debate = 'mill'").fetchone() == (5,)
    assert made.forget("mill") == ["a", "b"]
    assert made.sources() == {"weir": ["b"]}
    assert base.execute("SELECT count(*) FROM part_posts").fetchone() == (2,)


def test_the_dumps_of_a_debate_are_told_in_order(base: sqlite3.Connection) -> None:
    made = Parts(base, Registry(base, Path()), WHOLE.get)
    for debate, dump in (("b", "z"), ("a", "y"), ("b", "x"), ("a", "z")):
        made.add(debate, dump, thread(SAID[:1], published=f"d/{debate}/{dump}"), "n")
    assert made.sources() == {"b": ["x", "z"], "a": ["y", "z"]}
    assert made.dumps() == ["x", "y", "z"]
    assert made.published("z") == ["d/a/z", "d/b/z"]
    for dump in "hgfedc":
        made.add("a", dump, thread(SAID[:1]), "n")
    assert made.forget("a") == list("cdefghyz")
