"""Which post of one dump is which of another: what tells, at its boundary, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble
from rostra.threads.match_posts import _answered, _edited, _likeness, _numbered, _strangers, counterparts

TIME, LATER = "2024-03-04T09:00:00Z", "2024-03-05T09:00:00Z"


def text(count: int, changed: tuple[int, ...] = (), mark: str = "x") -> str:
    """Words in a row, of which some are others."""
    return " ".join(f"{mark}{n}" if n in changed else f"w{n}" for n in range(count))


def said(key: str, body: str = "", parent: str | None = "r", *, by: str | None = "Ada", **of: Any) -> RawPost:
    return RawPost(key=key, id=f"p-{key}", body=body, parent=parent, author=Author(name=by) if by else None, **of)


def gap(key: str, parent: str | None = "r", **of: Any) -> RawPost:
    return RawPost(key=key, id=f"p-{key}", kind="missing", parent=parent, **of)


def dump(*posts: RawPost) -> Thread:
    """A dump whose opening both dumps hold."""
    raw = (said("r", "The opening of it all.", None), *posts)
    return assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))


def found(old: Thread, new: Thread) -> dict[str, str]:
    return {post: row for post, row in counterparts(old, new)[0].items() if post != "p-r"}


def test_texts_are_alike_by_their_words_and_wholly_where_one_holds_the_other() -> None:
    assert _likeness(["a", "b", "c", "d"], ["a", "x", "c", "y"]) == 0.5
    assert _likeness(["a", "b"], ["x", "a", "b", "y"]) == 1
    assert _likeness(["x", "a", "b", "y"], ["a", "b"]) == 1
    assert _likeness(["a", "b"], ["a", "x", "b"]) == 0.8
    # Words that are said often count as any others.
    assert _likeness([*["a", "b"] * 120, "x"], ["y", *["a", "b"] * 120]) == 480 / 482


@pytest.mark.parametrize(
    ("row", "strange"),
    [
        (text(12, (0, 2, 4, 6, 8, 10)), False),
        (text(12, (0, 2, 4, 6, 8, 10, 11)), True),
        (text(11, tuple(range(11))), False),
        (text(12, tuple(range(12))), True),
        (text(20, tuple(range(20))), True),
        (text(51, tuple(range(0, 51, 2))), True),
    ],
)
def test_a_text_less_than_half_alike_is_a_stranger_s(row: str, strange: bool) -> None:
    whole = text(len(row.split()))
    assert _strangers(said("a", whole), said("b", row)) == strange
    assert _strangers(said("b", row), said("a", whole)) == strange
    assert _strangers(said("b", row, native_id="1"), said("a", whole)) == strange
    assert _strangers(said("b", row), said("a", whole, native_id="1")) == strange
    # Two that have ids in their source are told by these.
    assert not _strangers(said("b", row, native_id="1"), said("a", whole, native_id="2"))


def edited(old: RawPost, new: RawPost, *, alike: bool = True, **found: str) -> bool:
    return _edited(dump(old), dump(new), {"p-r": "p-r", **found}, alike) == {"p-b": "p-a"}


SIX, SEVEN = (2, 5, 8, 11, 14, 17), (2, 5, 8, 11, 14, 17, 19)


def test_a_long_text_that_is_much_alike_and_of_one_author_was_edited() -> None:
    old = said("a", text(20), native_id="1")
    assert edited(old, said("b", text(20, SIX)))
    assert not edited(old, said("b", text(20, SEVEN)))
    assert not edited(said("a", text(13)), said("b", text(13, SIX[:4])))
    new = dump(said("n", "New.", by="Eve"), said("b", text(20, SIX), "n"))
    assert found(dump(old), new) == {"p-b": "p-a"}
    assert not edited(old, said("b", text(20), by="Bede"))
    # Who is not named may be anybody.
    assert edited(old, said("b", text(20), by=None))
    assert edited(said("a", text(20), by=None), said("b", text(20)))
    # Twelve words tell, and fewer do not.
    assert edited(said("a", text(12)), said("b", text(12, (3,))))
    assert not edited(said("a", text(11)), said("b", text(12)))
    assert not edited(said("a", text(12)), said("b", text(11)))


def test_of_two_that_have_ids_each_is_itself_where_both_are_numbered_alike() -> None:
    old, new = said("a", text(20), native_id="1"), said("b", text(20), native_id="2")
    assert not edited(old, new)
    assert edited(old, new, alike=False)
    assert edited(said("a", text(20)), new)
    assert edited(old, said("b", text(20)))


def test_what_is_known_already_was_not_edited() -> None:
    old, new = said("a", text(20)), said("b", text(20))
    assert _edited(dump(old), dump(new), {"p-r": "p-r", "p-b": "p-x"}, alike=True) == {}
    assert _edited(dump(old), dump(new), {"p-r": "p-r", "p-x": "p-a"}, alike=True) == {}
    missing = RawPost(key="a", id="p-a", kind="missing", parent="r", body=text(20))
    assert _edited(dump(missing), dump(said("b", text(20), by=None)), {"p-r": "p-r"}, alike=True) == {}


def test_each_is_the_likest_that_is_left() -> None:
    old = dump(said("a", text(20, SIX)), said("b", text(20, (4,))))
    new = dump(said("c", text(20)), said("d", text(20, (7,))))
    assert _edited(old, new, {"p-r": "p-r"}, alike=True) == {"p-c": "p-b"}
    old = dump(said("a", text(20, SEVEN)), said("b", text(20, (4,))))
    assert _edited(old, dump(said("c", text(20))), {"p-r": "p-r"}, alike=True) == {"p-c": "p-b"}
    old = dump(said("a", text(20, (2, 5))), said("b", text(20, (4,))))
    assert _edited(old, new, {"p-r": "p-r"}, alike=True) == {"p-c": "p-b", "p-d": "p-a"}
    # A text that is too short keeps no other from being found.
    new = dump(said("0", "Short."), said("c", text(20)))
    assert _edited(old, new, {"p-r": "p-r"}, alike=True) == {"p-c": "p-b"}


def numbered(*pairs: tuple[str, str], time: str | None = None, later: str | None = None) -> tuple[list[str], bool]:
    """Of texts with an id in each dump, which are known by their words though these differ; and whether most agree."""
    old = dump(*(said(f"a{n}", f"Text number {n}.", native_id=one, created=time) for n, (one, _) in enumerate(pairs)))
    new = dump(*(said(f"b{n}", f"Text number {n}.", native_id=two, created=later or time) for n, (_, two) in enumerate(pairs)))  # fmt: skip
    same, alike = _numbered(old, new)
    assert all(post.replace("b", "a") == row for post, row in same.items())
    return list(same), alike


def test_two_tools_number_alike_where_half_of_what_both_hold_has_one_number() -> None:
    assert numbered() == ([], True)
    assert numbered(("1", "1")) == ([], True)
    assert numbered(("1", "2")) == (["p-b0"], False)
    assert numbered(("1", "1"), ("2", "3")) == ([], True)
    assert numbered(("1", "1"), ("2", "3"), ("4", "5")) == (["p-b1", "p-b2"], False)
    # Where they do, another number is the same post only at the same time.
    assert numbered(("1", "1"), ("2", "3"), time=TIME) == (["p-b1"], True)
    assert numbered(("1", "1"), ("2", "3"), time=TIME, later=LATER) == ([], True)


def test_only_words_that_one_post_has_alone_tell_how_dumps_are_numbered() -> None:
    old = dump(said("a", "Text number one.", native_id="1"))
    for new in (
        (said("b", "Text number one.", native_id="2", by=None),),
        (said("b", "Text number one.", native_id="2", by="Bede"),),
        (said("b", "Text number one."),),
        (said("b", "Text one.", native_id="2"),),
        (said("b", "Text number one.", native_id="2"), said("c", "Text number one.", native_id="3")),
    ):
        assert _numbered(old, dump(*new)) == ({}, True)
    few = dump(said("a", "Text one.", native_id="1"))
    assert _numbered(few, dump(said("b", "Text one.", native_id="2"))) == ({}, True)
    bare = dump(said("a", "Text number one."))
    assert _numbered(bare, dump(said("b", "Text number one.", native_id="2"))) == ({}, True)


def test_posts_of_one_number_are_one_where_both_number_alike_and_two_where_not() -> None:
    old = dump(said("a", "First of all.", native_id="1"), said("b", "Then it was.", native_id="2", by="Bede"))
    new = dump(said("c", "First of all.", native_id="1"), said("d", "Now it is.", native_id="2", by="Eve"))
    assert found(old, new) == {"p-c": "p-a", "p-d": "p-b"}
    other = dump(said("c", "First of all.", native_id="5"), said("d", "Quite another.", native_id="2", by="Eve"))
    assert found(old, other) == {"p-c": "p-a"}
    # What is found by its words is no other too.
    old = dump(said("a", "First of all.", native_id="1"), said("x", "Other words here.", native_id="5"))
    assert found(old, dump(said("c", "First of all.", native_id="2"))) == {"p-c": "p-a"}


def test_one_that_came_where_another_went_is_another() -> None:
    old, new = dump(said("a", text(12))), dump(said("b", text(12, tuple(range(12)))))
    assert found(old, new) == {}
    assert found(old, dump(said("b", text(11, tuple(range(11)))))) == {"p-b": "p-a"}


def test_a_missing_post_is_known_by_its_number() -> None:
    assert found(dump(gap("a", native_id="7")), dump(said("c", "It was.", native_id="7"))) == {"p-c": "p-a"}
    old = dump(gap("a", native_id="7"), said("b", "Below the gap.", "a"))
    new = dump(said("c", "It was here.", native_id="7"), said("d", "Below the gap.", "c"))
    assert found(old, new) == {"p-c": "p-a", "p-d": "p-b"}
    assert counterparts(old, new)[1] == {}
    # Where the tools number otherwise, it is by its answers alone.
    old = dump(gap("a", native_id="7"), said("x", "Same as ever.", native_id="1"))
    new = dump(said("c", "It was here.", native_id="7"), said("x", "Same as ever.", native_id="2"))
    assert found(old, new) == {"p-x": "p-x"}


def test_a_missing_post_is_the_one_that_its_answers_answer_in_the_other_dump() -> None:
    old = dump(gap("a"), said("b", "Below the gap.", "a"), said("c", "That one too.", "a"))
    new = dump(said("n", "It was here.", by="Eve"), said("b", "Below the gap.", "n"), said("c", "That one too.", "n"))
    assert found(old, new)["p-n"] == "p-a"
    # Two answers that answer two posts tell nothing.
    two = dump(said("n", "It was here.", by="Eve"), said("m", "Or was it.", by="Cy"), said("b", "Below the gap.", "n"), said("c", "That one too.", "m"))  # fmt: skip
    assert "p-a" not in found(old, two).values()
    # One that both dumps hold already is the same as it.
    both = dump(said("n", "It was here.", by="Eve"), gap("a"), said("b", "Below the gap.", "a"))
    one = dump(said("n", "It was here.", by="Eve"), said("b", "Below the gap.", "n"))
    assert counterparts(both, one)[1] == {"p-a": "p-n"}
    assert found(both, one) == {"p-n": "p-n", "p-b": "p-b"}
    assert counterparts(one, both)[2] == {"p-a": "p-n"}
    again = dump(said("n", "It was here.", by="Eve"), said("b", "Below the gap.", "n"), gap("a"))
    assert "p-a" not in found(both, again)
    # Nobody knows whom one answers that is missing now.
    old = dump(gap("g"), said("x", "Below the gap.", "g", native_id="5"))
    assert "p-q" not in found(old, dump(said("q", "Quite another.", by="Eve"), gap("y", "q", native_id="5")))


def test_whom_a_missing_post_answers_nobody_knows() -> None:
    old = dump(said("n", "It was here.", by="Eve"), said("b", "Below it all.", "n"))
    new = dump(said("n", "It was here.", by="Eve"), gap("a", "n"), gap("g", "a"), said("b", "Below it all.", "g"))
    assert _answered(old, new, {"p-r": "p-r", "p-n": "p-n", "p-b": "p-b"}) == {"p-g": "p-n"}
    assert _answered(old, new, {"p-r": "p-r", "p-n": "p-n", "p-b": "p-b", "p-g": "p-n"}) == {"p-a": "p-r"}
    # Below a post that the old dump lacked, nor where the answers disagree.
    lacked = dump(gap("n"), said("b", "Below it all.", "n"))
    assert _answered(lacked, new, {"p-r": "p-r", "p-b": "p-b"}) == {}
    more = dump(gap("g"), said("b", "Below it all.", "g"), said("c", "And one more.", "g"))
    assert _answered(old, more, {"p-r": "p-r", "p-b": "p-b"}) == {}
    assert _answered(old, more, {"p-r": "p-r", "p-b": "p-b", "p-c": "p-n"}) == {}
    # One that the new dump holds was not lacked.
    assert _answered(old, dump(said("x", "X.", by="Eve"), said("b", "Below it all.", "x")), {"p-r": "p-r", "p-b": "p-b"}) == {}  # fmt: skip
    gone = dump(said("n", "It was here.", by="Eve"), gap("b", "n"))
    assert _answered(gone, dump(gap("g"), said("b", "Below it all.", "g")), {"p-r": "p-r", "p-b": "p-b"}) == {}
    assert _answered(old, dump(gap("g"), gap("b", "g")), {"p-r": "p-r", "p-b": "p-b"}) == {"p-g": "p-n"}


def test_placeholders_that_nothing_tells_apart_are_one_by_their_place() -> None:
    old = dump(gap("a"), said("b", "Below the gap.", "a"))
    new = dump(gap("c"), said("b", "Below the gap.", "c"))
    assert found(old, new)["p-c"] == "p-a"
    numbered = dump(gap("c", native_id="7"), said("b", "Below the gap.", "c"))
    assert found(dump(gap("a", native_id="7")), numbered) == {"p-c": "p-a"}
    assert "p-c" not in found(dump(gap("a", native_id="8")), dump(gap("c", native_id="7")))


ADA: dict[str, Any] = {"author": Author(name="Ada"), "created": TIME}


def test_placeholders_of_one_name_or_time_are_one() -> None:
    assert found(dump(gap("g")), dump(gap("g"))) == {"p-g": "p-g"}
    assert found(dump(gap("a")), dump(gap("c"))) == {}
    assert found(dump(gap("a", **ADA)), dump(gap("c", **ADA))) == {"p-c": "p-a"}
    # A number says something only where both dumps number alike.
    for old, new in ((gap("a", native_id="7", **ADA), gap("c", **ADA)), (gap("a", **ADA), gap("c", native_id="7", **ADA))):  # fmt: skip
        assert found(dump(old), dump(new)) == {"p-c": "p-a"}
        other = [said("x", "Said in both of them.", native_id=native) for native in ("1", "2")]
        assert found(dump(other[0], old), dump(other[1], new)) == {"p-x": "p-x"}
        bare = dump(other[0], gap("a", **ADA)), dump(other[1], gap("c", **ADA))
        assert found(*bare) == {"p-x": "p-x", "p-c": "p-a"}


def test_a_placeholder_is_no_post_that_is_there_and_none_that_was_found() -> None:
    assert found(dump(gap("a", **ADA)), dump(said("n", "New words.", created=TIME))) == {}
    old = dump(said("q", "Quite another.", by="Eve"), said("a", text(12), created=TIME))
    came = said("n", text(12, tuple(range(12))), created=TIME)
    assert found(old, dump(said("q", "Quite another.", by="Eve"), came, gap("c", "q", **ADA))) == {"p-q": "p-q"}
    # One that is a post by its answers is not the placeholder of its name too, nor is one that is another's.
    old = dump(gap("g"), said("b", "Below the gap.", "g"))
    new = dump(said("n", "It was here.", by="Eve"), said("b", "Below the gap.", "n"), gap("g"))
    assert found(old, new) == {"p-n": "p-g", "p-b": "p-b"}
    old = dump(gap("a"), said("b", "Below the gap.", "a"), gap("c"))
    assert found(old, dump(gap("c"), said("b", "Below the gap.", "c"))) == {"p-c": "p-a", "p-b": "p-b"}
