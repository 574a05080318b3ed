"""How two dumps of one debate are made one: what each tells of a post, and what is told of what one of them lacks."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from rostra.identity.permalinks import digest
from rostra.model import Author, History, Post, Problem, RawPost, RawThread, Revision, Source, Thread
from rostra.model.thread import renamed
from rostra.threads.assemble import assemble
from rostra.threads.merge import (
    _count_hidden,
    _mark_vanished,
    _newer,
    _places,
    _rooted,
    _same_words,
    _told,
    apart,
    by_nature,
    merge_dumps,
    order,
    unpublished,
)

TIME, LATER, LAST = (f"2024-03-0{day}T09:00:00Z" for day in (1, 2, 3))
BEFORE, AFTER = (Source(path=f"{name}.txt", format="", sha256="") for name in ("a", "b"))


def said(key: str, body: str = "", parent: str | None = "r", *, by: str | None = "Ada", **of: Any) -> RawPost:
    return RawPost(key=key, id=f"p-{key}", body=body, parent=parent, author=Author(name=by) if by else None, **of)


def gap(key: str, parent: str | None = "r", **of: Any) -> RawPost:
    return RawPost(key=key, id=f"p-{key}", kind="missing", parent=parent, **of)


def dump(*posts: RawPost, source: Source = BEFORE, opening: RawPost | None = None, **of: Any) -> Thread:
    """A dump whose opening both dumps hold."""
    raw = (opening or said("r", "The opening of it all.", None), *posts)
    thread = assemble(RawThread(posts=raw, problems=of.pop("problems", ())), id="t", title="T", source=source)
    return replace(thread, **of)


def shape(thread: Thread) -> dict[str, str | None]:
    """Each post's parent."""
    return {post.id: post.parent for post in thread.posts}


def test_the_later_dump_is_told_by_its_card_then_by_its_name() -> None:
    assert order(dump()) == ("", "a.txt")
    assert order(dump(source=replace(BEFORE, captured="2024-01-01"))) == ("2024-01-01", "a.txt")
    one, two = dump(title="A"), dump(title="B", source=AFTER)
    assert merge_dumps([one, two]).title == merge_dumps([two, one]).title == "B"
    assert merge_dumps([one]) == one
    three = dump(title="C", source=replace(AFTER, path="c.txt"))
    assert [each.path for each in merge_dumps([three, one, two]).others] == ["a.txt", "b.txt"]


def test_one_dump_or_all_of_them_are_not_published() -> None:
    published = replace(BEFORE, published="x/a.txt"), replace(AFTER, published="x/b.txt")
    of = replace(dump(source=published[0]), others=(published[1],))
    assert unpublished(of).source.published is None
    assert unpublished(of).others[0].published is None
    one = unpublished(of, "b.txt")
    assert (one.source.published, one.others[0].published) == ("x/a.txt", None)


def test_posts_have_the_ids_that_they_have_without_a_ledger() -> None:
    raw = (RawPost(key="1", native_id="1", body="A"), RawPost(key="2", native_id="2", parent="1", body="B"))
    it = assemble(RawThread(posts=raw), id="t", title="T", source=BEFORE)
    moved = replace(it, posts=tuple(replace(p, id=f"{p.id}-x", parent=p.parent and f"{p.parent}-x") for p in it.posts))
    assert by_nature(moved) == it


def test_two_dumps_of_one_name_are_published_at_two_addresses() -> None:
    def at(*published: str | None) -> list[str | None]:
        parts = {f"{n}.txt": dump(source=replace(BEFORE, published=each)) for n, each in enumerate(published)}
        return [each.source.published for each in apart(dict(reversed(parts.items())), "t").values()]

    assert at("d/t/a.txt", "d/t/b.txt") == ["d/t/a.txt", "d/t/b.txt"]
    first = f"d/t/{digest('1.txt')}-A.txt"
    assert at("d/t/a.txt", "d/t/A.txt", None, None) == ["d/t/a.txt", first, None, None]
    # Where that is taken too, the digest is numbered from 2 on.
    assert at("d/t/a.txt", f"d/t/{digest('2.txt')}-a.txt", "d/t/a.txt") == [
        "d/t/a.txt",
        f"d/t/{digest('2.txt')}-a.txt",
        f"d/t/{digest('2.txt', '2')}-a.txt",
    ]


def test_every_dump_of_a_debate_is_published_beside_it_whichever_debate_it_was() -> None:
    places = {
        "0.txt": "debates/old/a.txt",
        "1.txt": "debates/t/b.txt",
        "2.txt": "debates/old/c.txt",
        "3.txt": "dumps/d.txt",
    }
    parts = {name: dump(id="t", source=replace(BEFORE, published=place)) for name, place in places.items()}
    found = [each.source.published for each in apart(parts, "new", "old", "t").values()]
    assert found == ["debates/new/a.txt", "debates/new/b.txt", "debates/new/c.txt", "dumps/d.txt"]


def test_what_each_dump_knows_of_a_debate_is_known_of_the_whole() -> None:
    old = dump(url="u", licence="l", tags=("x", "y"), language="en", native_id="7", title="Old")
    new = dump(source=AFTER, tags=("y", "z"), title="")
    both = merge_dumps([old, new])
    assert (both.url, both.licence, both.language, both.native_id, both.title) == ("u", "l", "en", "7", "Old")
    assert both.tags == ("x", "y", "z")
    assert (both.source, both.others) == (AFTER, (BEFORE,))
    corrected = ("one",), ("two",)
    assert merge_dumps([replace(old, corrected=corrected[0]), new]).corrected == ("one",)
    assert merge_dumps([replace(old, corrected=corrected[0]), replace(new, corrected=corrected[1])]).corrected == (
        "two",
    )
    assert merge_dumps([old, replace(new, corrected=corrected[1])]).corrected == ("two",)
    newer = dump(source=AFTER, url="v", licence="m", language="de", native_id="8", title="New")
    both = merge_dumps([old, newer])
    assert (both.url, both.licence, both.language, both.native_id, both.title) == ("v", "m", "de", "8", "New")


def newer(old: dict[str, Any], new: dict[str, Any], **of: Any) -> tuple[RawPost, list[str]]:
    """A post as two dumps tell it, with what is said of contradictions."""
    problems: list[Problem] = []
    made = _newer(
        said("a", **{"body": "The gate is shut.", **old}), said("a", **{"body": "The gate is shut.", "line": 9, **new}),
        of.get("before", BEFORE), of.get("after", AFTER), problems,
    )  # fmt: skip
    assert all((each.code, each.post, each.line) == ("conflict", "a", 9) for each in problems)
    assert all(each.hint == "a correction in a card decides which is right" for each in problems)
    return made, [each.message for each in problems]


def told(old: dict[str, Any], new: dict[str, Any], **of: Any) -> History:
    """What is told of a post as two dumps tell it."""
    posts = [said("a", **{"body": "The gate is shut.", **each}) for each in (old, new)]
    histories = (of.get("was", History()), of.get("now", History()))
    return _told(posts[0], posts[1], histories, of.get("before", BEFORE), of.get("after", AFTER))


FIELDS = {
    "native_id": ("1", "2"),
    "created": (TIME, LATER),
    "created_text": ("today", "now"),
    "edited": (TIME, LATER),
    "score": (3, 4),
    "url": ("u", "v"),
    "title": ("T", "U"),
    "stance": ("pro", "con"),
    "note": ("n", "m"),
    "parent": ("q", "s"),
    "attachments": (("x",), ("y",)),
}


@pytest.mark.parametrize(("field", "values"), FIELDS.items())
def test_the_later_dump_tells_and_the_earlier_where_that_says_nothing(field: str, values: tuple[Any, Any]) -> None:
    none: dict[str, Any] = {"parent": None} if field == "parent" else {}
    assert getattr(newer({field: values[0]}, {field: values[1]})[0], field) == values[1]
    assert getattr(newer({field: values[0]}, none)[0], field) == values[0]
    assert getattr(newer(none, {field: values[1]})[0], field) == values[1]


def test_a_score_of_nought_is_one_and_readings_are_put_together() -> None:
    assert newer({"score": 3}, {"score": 0})[0].score == 0
    assert told({}, {}, was=History(readings=("x",)), now=History(readings=("y",))).readings == ("x", "y")
    assert newer({"by": None}, {"by": "Bede"})[0].author == Author(name="Bede")
    assert newer({}, {"by": None})[0].author == Author(name="Ada")
    assert newer({"parent": "q"}, {"parent": None})[0].parent == "q"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {}, None),
        ({}, {"by": "Eve"}, "its author is Ada in a.txt and Eve in b.txt; the second is shown"),
        ({"by": None}, {}, None),
        ({}, {"by": None}, None),
        ({"created": TIME}, {"created": LATER}, "its time is 2024-03-01T09:00:00 in a.txt and 2024-03-02T09:00:00 in b.txt; the second is shown"),
        ({"created": TIME}, {"created": "2024-03-01T10:00:00+01:00"}, None),
        ({"created": TIME}, {}, None),
        ({}, {"created": TIME}, None),
        ({"parent": "q"}, {"parent": "s"}, "its parent is q in a.txt and s in b.txt; the second is shown"),
        ({"parent": None}, {"parent": "s"}, None),
    ],
)  # fmt: skip
def test_where_dumps_contradict_each_other_a_problem_names_both(
    old: dict[str, Any], new: dict[str, Any], said: str | None
) -> None:
    assert newer(old, new)[1] == ([said] if said else [])


@pytest.mark.parametrize("kind", ["missing", "deleted", "removed"])
def test_what_the_later_dump_has_no_more_is_what_the_earlier_one_held(kind: str) -> None:
    made, _ = newer({"parent": None}, {"kind": kind, "body": "", "parent": "q"})
    assert (made.kind, made.body, made.parent) == ("post", "The gate is shut.", "q")
    was = History(readings=("x",))
    assert told({"parent": None}, {"kind": kind, "body": ""}, was=was) == replace(
        was, vanished=None if kind == "missing" else "b.txt"
    )
    captured = replace(AFTER, captured="2024-05-01")
    assert told({}, {"kind": "deleted"}, after=captured).vanished == "2024-05-01"
    assert newer({"parent": "s"}, {"kind": kind, "parent": "q"})[0].parent == "s"


def test_what_the_earlier_dump_lacked_is_what_the_later_one_holds() -> None:
    made, problems = newer({"kind": "missing", "body": "", "by": None, "parent": "q"}, {"parent": None, "by": "Eve"})
    assert (made.kind, made.body, made.parent, problems) == ("post", "The gate is shut.", "q", [])
    assert newer({"kind": "missing", "body": ""}, {"by": "Eve"})[1] == []
    twice, _ = newer({"kind": "deleted", "body": ""}, {"kind": "deleted", "body": "", "title": "U"})
    assert twice.title == "U"
    assert told({"kind": "deleted", "body": ""}, {"kind": "deleted", "body": ""}).vanished is None
    now = History(vanished="c.txt")
    assert told({"kind": "missing", "body": "x"}, {}, was=History(readings=("x",)), now=now) == now
    assert told({}, {"body": "Open."}, now=now).vanished == "c.txt"
    assert newer({"kind": "missing"}, {"parent": "s"})[0].parent == "s"
    assert newer({"kind": "deleted", "body": ""}, {"kind": "deleted", "body": ""})[0].kind == "deleted"
    assert newer({"kind": "deleted", "body": ""}, {})[0].kind == "post"


def test_an_edit_keeps_the_earlier_wording() -> None:
    earlier = Revision(body="It is open.", dialect="text", source="0.txt")
    edit: dict[str, Any] = {"body": "The gate is wide open."}
    assert newer({}, edit)[0].body == "The gate is wide open."
    assert told({}, edit, was=History(revisions=(earlier,))).revisions == (
        earlier,
        Revision(body="The gate is shut.", dialect="text", source="a.txt"),
    )
    captured = replace(BEFORE, captured="2024-01-01")
    assert told({}, {"body": "Open."}, before=captured).revisions[0].source == "2024-01-01"
    assert told({"body": " "}, {"body": "Open."}).revisions == ()


def test_the_same_words_are_shown_with_the_markup_that_their_source_kept() -> None:
    marked = {"body": "The <b>gate</b> is shut.", "dialect": "html"}
    assert newer(marked, {})[0].body == marked["body"]
    assert newer(marked, {})[0].dialect == "html"
    assert newer({}, marked)[0].body == marked["body"]
    assert told(marked, {}).revisions == ()
    other = {"body": "The *gate* is shut.", "dialect": "markdown"}
    assert newer(marked, other)[0].body == other["body"]
    # What lost its words altogether was not edited.
    assert newer(marked, {"body": " ", "dialect": "html"})[0].body == marked["body"]


def text(count: int, changed: int) -> str:
    return " ".join(f"x{n}" if n % 10 == 5 and n // 10 < changed else f"w{n}" for n in range(count))


@pytest.mark.parametrize(
    ("new", "dialect", "same"),
    [
        (text(100, 0), "text", True),
        (text(100, 0).replace(" ", "  "), "text", True),
        ("", "text", True),
        # A word that was changed is an edit; two tools that render one text otherwise are not.
        (text(100, 1), "text", False),
        (text(100, 3), "html", True),
        (text(100, 4), "html", False),
    ],
)
def test_two_tools_see_one_wording_where_nearly_all_words_are_the_same(new: str, dialect: Any, same: bool) -> None:
    assert _same_words(said("a", text(100, 0)), said("a", new, dialect=dialect)) == same
    assert not _same_words(said("a", ""), said("a", "Some words."))
    assert not _same_words(said("a", "Ada &amp; x"), said("a", "Ada &amp; x", dialect="html"))
    # Words that are said often count as any others.
    assert _same_words(said("a", "v " + "x y " * 150 + "z"), said("a", "u " + "x y " * 150 + "w", dialect="html"))
    assert not _same_words(said("a", "Ada &amp; x"), said("a", "Ada &amp; x y", dialect="html"))


def vanished(old: Thread, new: Thread, *held: str) -> list[str]:
    """Which posts of the old dump a new one is said to hold no more."""
    histories = {post.id: post.history for post in old.posts}
    _mark_vanished(old, new, {id: id for id in ("p-r", *held)}, histories)
    return [id for id, history in histories.items() if history.vanished not in (None, "0.txt")]


def test_a_post_is_missed_where_the_later_dump_goes_on_behind_it() -> None:
    old = dump(said("a", "A."), said("b", "B."), said("c", "C."))
    assert vanished(old, dump(said("b", "B."), source=AFTER), "p-b") == ["p-a"]
    assert vanished(old, dump(said("a", "A."), source=AFTER), "p-a") == []
    assert vanished(old, dump(said("c", "C."), source=AFTER), "p-c") == ["p-a", "p-b"]
    # What begins below the opening may be a part.
    histories = {post.id: post.history for post in old.posts}
    _mark_vanished(old, old, {"p-c": "p-c"}, histories)
    assert not any(history.vanished for history in histories.values())


def test_a_post_is_missed_where_the_later_dump_holds_what_was_written_after_it() -> None:
    old = dump(said("a", "A.", created=TIME), said("b", "B.", created=LATER))
    assert vanished(old, dump(said("n", "N.", created=LATER), source=AFTER)) == ["p-a"]
    assert vanished(old, dump(said("n", "N.", created=LAST), said("m", "M.", created=TIME), source=AFTER)) == [
        "p-a",
        "p-b",
    ]
    assert vanished(old, dump(said("n", "N."), source=AFTER)) == []
    assert vanished(dump(said("a", "A.")), dump(said("n", "N.", created=LAST), source=AFTER)) == []


def test_of_a_post_that_is_missed_the_first_dump_without_it_is_named() -> None:
    old = dump(said("a", "A."), said("b", "B."), said("c", "C."), gap("g"), said("d", "D.", "g"))
    before = History(vanished="0.txt")
    old = replace(old, posts=tuple(replace(p, history=before) if p.id == "p-c" else p for p in old.posts))
    histories = {post.id: post.history for post in old.posts}
    both = {"p-r": "p-r", "p-d": "p-d"}
    _mark_vanished(old, dump(said("d", "D."), source=replace(AFTER, captured="2024-05-01")), both, histories)
    assert {id: history.vanished for id, history in histories.items() if history.vanished} == {
        "p-a": "2024-05-01", "p-b": "2024-05-01", "p-c": "0.txt",
    }  # fmt: skip
    _mark_vanished(old, dump(said("d", "D."), source=AFTER), both, histories := {p.id: p.history for p in old.posts})
    assert histories["p-a"].vanished == "b.txt"


def hidden(counted: int, *new: RawPost, parent: str | None = "p-a") -> int | None:
    """How many posts below one are still only counted, where a new dump has more of them; None where it has all."""
    raws = {"p-a": said("a"), "p-h": replace(gap("h"), parent=parent, hidden=counted)}
    known = {"p-r": "p-r", "p-a": "p-a", "p-k": "p-k"}
    _count_hidden(dump(said("a", "A.")), dump(said("a", "A."), *new), known, {}, raws)
    return raws["p-h"].hidden if "p-h" in raws else None


def test_replies_that_were_only_counted_are_counted_no_more_where_they_are_there() -> None:
    one, two, below = said("x", "X.", "a"), said("y", "Y.", "a"), said("z", "Z.", "x")
    assert hidden(2) == 2
    assert hidden(2, one) == 1
    assert hidden(2, one, two) is None
    assert hidden(3, one, two, below) is None
    assert hidden(4, one, two, below) == 1
    assert hidden(1, one, two) is None
    # One that was known, a gap, and what stands elsewhere count for nothing.
    assert hidden(2, said("k", "K.", "a")) == 2
    assert hidden(2, gap("g", "a"), said("k", "K.", "g")) == 2
    assert hidden(2, said("o", "O.")) == 2
    assert hidden(2, one, parent=None) == 2


def rooted(*raws: RawPost, openings: tuple[str, ...] = ()) -> dict[str, str | None]:
    made = _rooted({raw.key: raw for raw in raws}, set(openings))
    return {raw.key: raw.parent for raw in made}


def test_an_opening_that_one_dump_had_to_be_given_goes_where_the_other_has_one() -> None:
    assert rooted(gap("g", None), said("a", parent="g"), said("b", parent="a"), openings=("a",)) == {
        "a": None,
        "b": "a",
    }
    # It stays above two, below another, and above what is no opening.
    two = gap("g", None), said("a", parent="g"), said("b", parent="g")
    assert rooted(*two, openings=("a", "b")) == {"g": None, "a": "g", "b": "g"}
    assert rooted(*two[:2], openings=("b",)) == {"g": None, "a": "g"}
    below = said("a", parent=None), gap("g", "a"), said("b", parent="g")
    assert rooted(*below, openings=("b",)) == {"a": None, "g": "a", "b": "g"}


def test_a_gap_that_nobody_answers_goes_and_so_does_one_above_it() -> None:
    root = said("r", parent=None)
    assert rooted(root, gap("g")) == {"r": None}
    assert rooted(root, gap("g"), gap("h", "g"), gap("i", "h")) == {"r": None}
    assert rooted(root, gap("i", "h"), gap("h", "g"), gap("g")) == {"r": None}
    assert rooted(root, gap("g"), gap("h", "g"), said("a", parent="g")) == {"r": None, "g": "r", "a": "g"}
    # What has a number in its source, or stands for posts that were counted, stays.
    assert rooted(root, gap("g", native_id="7")) == {"r": None, "g": "r"}
    assert rooted(root, gap("g", hidden=2)) == {"r": None, "g": "r"}
    assert rooted(root, gap("g", native_id="7"), gap("h", "g")) == {"r": None, "g": "r"}
    assert rooted(root, gap("g", hidden=2), gap("h", "g")) == {"r": None, "g": "r"}
    assert rooted(root, said("a"), gap("h", "a")) == {"r": None, "a": "r"}


def test_a_new_post_has_a_place_of_its_own() -> None:
    def post(id: str) -> Post:
        return Post(id=id, parent=None, depth=0, raw=said(id))

    raws = {"p-1": said("1"), "p-1-2": said("2")}
    assert _places([post("p-1"), post("p-9")], {}, raws) == {"p-1": "p-1-3", "p-9": "p-9"}
    assert _places([post("p-1")], {"p-1": "p-7"}, raws) == {"p-1": "p-7"}
    assert _places([post("p-2"), post("p-2")], {}, raws) == {"p-2": "p-2"}
    assert _places([post("p-1"), post("p-1-3")], {}, raws) == {"p-1": "p-1-3", "p-1-3": "p-1-3-2"}


def test_new_posts_join_below_the_posts_that_they_answer() -> None:
    old = dump(said("a", "The first answer."), said("b", "The second one.", "a"), said("c", "The third one.", "b"))
    old = renamed(old, {"p-r": "p-r", "p-a": "p-a", "p-b": "p-own", "p-c": "p-c"})
    new = dump(said("x", "The first answer."), said("n", "That is new here.", "x", by="Eve"), source=AFTER)
    assert shape(merge_dumps([old, new])) == {"p-r": None, "p-a": "p-r", "p-own": "p-a", "p-c": "p-own", "p-n": "p-a"}


def test_what_is_told_of_posts_is_told_of_the_whole() -> None:
    old = dump(said("a", "The first answer."), said("b", "The second one.", by="Bede"), gap("h", "b", hidden=2))
    new = dump(
        said("b", "The second one, edited.", by="Bede"), said("n", "New.", "b"), said("m", "Newer.", "b"), source=AFTER
    )
    whole = merge_dumps([old, new])
    assert shape(whole) == {"p-r": None, "p-a": "p-r", "p-b": "p-r", "p-n": "p-b", "p-m": "p-b"}
    posts = {post.id: post.history for post in whole.posts}
    assert [each.body for each in posts["p-b"].revisions] == ["The second one."]
    assert (posts["p-a"].vanished, posts["p-b"].vanished) == ("b.txt", None)


def test_a_gap_that_the_other_dump_fills_is_none_in_the_whole() -> None:
    eve = said("n", "It was here.", by="Eve")
    both = dump(eve, gap("a", native_id="7"), said("b", "Below the gap.", "a"), said("c", "And another.", "a"))
    one = dump(eve, said("b", "Below the gap.", "n"), source=AFTER)
    assert shape(merge_dumps([both, one])) == {"p-r": None, "p-n": "p-r", "p-b": "p-n", "p-c": "p-n"}
    later = dump(eve, gap("a"), said("b", "Below the gap.", "a"), said("z", "New.", "b"), source=AFTER)
    whole = merge_dumps([replace(one, source=BEFORE), later])
    assert shape(whole) == {"p-r": None, "p-n": "p-r", "p-b": "p-n", "p-z": "p-b"}
    assert [post.raw.kind for post in whole.posts] == ["post"] * 4


def test_the_opening_of_either_dump_is_that_of_the_whole() -> None:
    root, given = said("r", "The opening of it all."), gap("g", None)
    old = dump(said("a", "The first answer."))
    new = dump(replace(root, parent="g"), said("z", "New here.", "r", by="Eve"), opening=given, source=AFTER)
    assert shape(merge_dumps([old, new])) == {"p-r": None, "p-a": "p-r", "p-z": "p-r"}
    assert shape(merge_dumps([replace(new, source=BEFORE), replace(old, source=AFTER)])) == shape(
        merge_dumps([old, new])
    )


def test_what_one_dump_lacked_is_no_problem_where_the_other_holds_it() -> None:
    problems = tuple(
        Problem(code=code, message=f"{code} {n}", post="g" if code != "other" else "a")
        for n, code in enumerate(("missing-post", "missing-opening", "other"))
    )
    old = dump(gap("g"), said("a", "Below the gap.", "g"), problems=problems)
    again = dump(gap("g"), said("a", "Below the gap.", "g"), source=AFTER, problems=problems)
    assert [(p.code, p.post) for p in merge_dumps([old, again]).problems] == [
        ("missing-post", "p-g"), ("missing-opening", "p-g"), ("other", "p-a"),
    ]  # fmt: skip
    new = dump(said("n", "It was here.", by="Eve"), said("a", "Below the gap.", "n"), source=AFTER)
    assert [(p.code, p.post) for p in merge_dumps([old, new]).problems] == [("other", "p-a")]
    assert shape(merge_dumps([old, new])) == {"p-r": None, "p-g": "p-r", "p-a": "p-g"}
    # A problem of the new dump is told of the post in the whole; one without a post stays.
    more = (
        Problem(code="other", message="new", post="x"),
        Problem(code="other", message="none"),
        Problem(code="missing-post", message="lost"),
    )
    new = dump(said("x", "Below the gap.", by="Ada"), source=AFTER, problems=more)
    told = [(p.message, p.post) for p in merge_dumps([dump(said("a", "Below the gap.")), new]).problems]
    assert told == [("new", "p-a"), ("none", None)]
