"""Which published post a post is: each sign with what it is worth, and what it is not enough for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.identity.ledger import Traits, published_signs, signs, traits
from rostra.identity.post_matching import recognised, settled, voted
from rostra.model import Author, Problem, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble

SKETCH = "aaabbbcccdddeeefff"


def known(
    words: str = "", *, native: str = "", moment: str = "", parent: str = "", sketch: str = "", **more: Any
) -> Traits:
    """Traits, of which words and moments are long enough to tell by themselves where they have ten letters."""
    return Traits(native, words, moment, parent, sketch, **more)


def same(here: Traits, there: Traits, *others: Traits, rows: Iterable[Traits] = ()) -> bool:
    """Whether a post is the published one, beside other posts and other rows, which are called otherwise."""
    posts = [("new", here), *((f"new-{n}", each) for n, each in enumerate(others))]
    published = {"old": there, **{f"old-{n}": each for n, each in enumerate(rows)}}
    return recognised(posts, published).get("new") == "old"


LONG, OTHER = "words00001", "words00002"
TIME, LATER = "ada-monday", "ada-sunday"


@pytest.mark.parametrize(
    ("here", "there", "is_same"),
    [
        # Its id in the source.
        (known(native="7"), known(LONG, native="7", moment=TIME), True),
        (known(native="7"), known(native="8"), False),
        # Its words with who wrote it when, however few.
        (known("few", moment=TIME), known("few", moment=TIME), True),
        (known("few", moment=TIME), known("few", moment=LATER), False),
        (known("few"), known("few"), True),
        # Its words alone, where they are three or more.
        (known(LONG, moment=TIME), known(LONG, moment=LATER), True),
        (known(LONG, moment=TIME), known(OTHER, moment=LATER), False),
        # Who wrote it when, where that is a time.
        (known(LONG, moment=TIME), known(OTHER, moment=TIME), True),
        (known(LONG, moment="adaalone", parent="x"), known(OTHER, moment="adaalone"), False),
        # Below another post too.
        (known(LONG, moment=TIME, parent="x"), known(OTHER, moment=TIME, parent="y"), True),
        # Two that say nothing are not one because one person posted them.
        (known(moment="adaalone"), known(moment="adaalone"), False),
        # What an earlier version read where it stands.
        (known(LONG, readings=(OTHER,)), known(OTHER, moment=TIME), True),
        (known(LONG, readings=("third",)), known(OTHER, moment=TIME), False),
    ],
)
def test_a_post_is_known_by_any_sign_that_tells(here: Traits, there: Traits, is_same: bool) -> None:
    assert same(here, there) == is_same


def test_two_of_one_id_in_the_source_are_not_told_by_it() -> None:
    one, two = known(LONG, native="7", moment=TIME), known(OTHER, native="7", moment=LATER)
    assert recognised([("a", one), ("b", two)], {"x": two, "y": one}) == {"a": "y", "b": "x"}
    # But each keeps the address that it has by nature.
    changed = known("third00001", native="7"), known("third00002", native="7")
    assert recognised([("x", changed[0]), ("y", changed[1])], {"x": one, "y": two}) == {"x": "x", "y": "y"}


def test_words_that_two_posts_share_tell_neither() -> None:
    here, there = known(LONG, moment=TIME, parent="p"), known(LONG, moment=LATER)
    assert same(here, there)
    assert not same(here, there, known(LONG, moment="bede-monda", parent="q"))
    assert not same(here, there, rows=[known(LONG, moment="bede-monda")])


def test_a_time_that_two_posts_share_tells_neither() -> None:
    here, there = known(LONG, moment=TIME, parent="x"), known(OTHER, moment=TIME, parent="y")
    assert same(here, there)
    assert not same(here, there, known("third00001", moment=TIME, parent="z"))
    assert not same(here, there, rows=[known("third00001", moment=TIME, parent="z")])


def test_what_is_found_is_found_once() -> None:
    rows = {"a": known(OTHER, native="1"), "b": known(LONG)}
    assert recognised([("x", known(LONG, native="1"))], rows) == {"x": "a"}
    rows = {"a": known(LONG), "b": known(OTHER, sketch=SKETCH)}
    assert recognised([("x", known(LONG, sketch=SKETCH))], rows) == {"x": "a"}
    # And what is not found keeps no other from being found.
    rows = {"a": known("few", moment=TIME), "b": known(LONG), "c": known(LONG), "d": known(OTHER)}
    posts = [("x", known(LONG, moment=LATER)), ("y", known(OTHER, moment=LATER))]
    assert recognised(posts, rows) == {"y": "d"}


def test_of_equals_each_is_itself_and_the_rest_go_in_order() -> None:
    twin = known("few", moment=TIME)
    assert recognised([("b", twin), ("a", twin)], {"a": twin, "b": twin}) == {"a": "a", "b": "b"}
    assert recognised([("c", twin), ("b", twin)], {"a": twin, "b": twin}) == {"b": "b", "c": "a"}
    assert recognised([("b", twin), ("c", twin), ("d", twin)], {"a": twin, "b": twin}) == {"b": "b", "c": "a"}
    assert recognised([("c", twin), ("d", twin), ("e", twin)], {"a": twin, "b": twin}) == {"c": "a", "d": "b"}


def test_two_ids_of_one_source_are_two_posts() -> None:
    shared = known("shared0001", native="1")
    moved = known(LONG, native="8", moment=TIME)

    def numbered(here: Traits, *, beside: Traits | None) -> dict[str, str]:
        posts = [("new", here)] + ([("s", beside)] if beside else [])
        return recognised(posts, {"old": moved, "s": shared})

    anew = known(LONG, native="9", moment=TIME)
    # The source keeps its ids: another id is another post, unless all else is the same.
    assert numbered(anew, beside=shared) == {"new": "old", "s": "s"}
    assert numbered(known(LONG, native="9", moment=LATER), beside=shared) == {"s": "s"}
    assert numbered(known(OTHER, native="9", moment=TIME), beside=shared) == {"s": "s"}
    assert numbered(known("few", native="9", moment=TIME), beside=shared) == {"s": "s"}
    # All was numbered anew, so an id says nothing.
    assert numbered(known(LONG, native="9", moment=LATER), beside=None) == {"new": "old"}
    # A post without an id may be any, and one that had none.
    assert numbered(known(LONG, moment=LATER), beside=shared) == {"new": "old", "s": "s"}
    bare = {"old": known(LONG, moment=LATER), "s": shared}
    assert recognised([("new", anew), ("s", shared)], bare) == {"new": "old", "s": "s"}
    # Of few words that one person said at one time there may be two.
    few = {"old": known("few", native="8", moment=TIME), "s": shared}
    assert recognised([("new", known("few", native="9", moment=TIME)), ("s", shared)], few) == {"s": "s"}
    few = {"old": known(LONG, native="8", moment="adaalone"), "s": shared}
    assert recognised([("new", known(LONG, native="9", moment="adaalone")), ("s", shared)], few) == {"s": "s"}


def test_an_id_that_stands_elsewhere_is_that_one_s() -> None:
    # "8" is in both, so what has another id is not it, whatever it says.
    rows = {"a": known(LONG, native="8", moment=TIME), "b": known(OTHER, native="7", moment=LATER)}
    posts = [("x", known("third00001", native="8")), ("y", known(LONG, native="6", moment=TIME))]
    assert recognised(posts, rows) == {"x": "a"}
    # Also where it stands there twice, so that nothing has it.
    twice = [("x", known("third00001", native="8")), ("z", known("third00002", native="8")), posts[1]]
    assert "y" not in recognised(twice, {"q": rows["a"], "b": rows["b"]})
    # Nor is one with that id another one.
    posts = [("x", known(OTHER, native="8", moment=LATER)), ("y", known("third00001", native="8"))]
    assert "b" not in recognised(posts, rows).values()


def test_one_that_kept_its_address_keeps_it_only_if_it_may_be_that_post() -> None:
    shared = known("shared0001", native="1")
    here, there = known("few", native="9", moment=TIME), known("few", native="8", moment=TIME)
    assert recognised([("a", here), ("s", shared)], {"a": there, "s": shared}) == {"s": "s"}


def below(here: Traits, there: Traits, *others: Traits, rows: Iterable[Traits] = ()) -> bool:
    """The same below a post that is recognised."""
    root = known("root000001")
    posts = [("r", root), ("new", here), *((f"n-{n}", each) for n, each in enumerate(others))]
    published = {"r": root, "old": there, **{f"o-{n}": each for n, each in enumerate(rows)}}
    return recognised(posts, published).get("new") == "old"


@pytest.mark.parametrize(
    ("sketch", "alike"), [("aaabbbccczzzyyyxxx", True), ("aaabbbvvvzzzyyyxxx", False), ("", False)]
)
def test_a_corrected_text_is_much_alike_below_the_same_post(sketch: str, alike: bool) -> None:
    here, there = known(LONG, parent="r", sketch=sketch), known(OTHER, parent="r", sketch=SKETCH)
    assert below(here, there) == alike
    assert not below(known(LONG, parent="r", sketch=SKETCH), known(OTHER, parent="x", sketch=SKETCH))
    assert not below(known(LONG, parent="x", sketch=SKETCH), known(OTHER, parent="r", sketch=SKETCH))
    assert same(known(LONG, sketch=SKETCH), known(OTHER, sketch=SKETCH))


def test_a_post_below_one_that_is_not_known_hides_no_other() -> None:
    rows = {"r": known("root000001"), "old": known(OTHER, parent="r", sketch=SKETCH)}
    posts = [
        ("r", known("root000001")),
        ("lost", known("lost000001", parent="gone")),
        ("new", known(LONG, parent="r", sketch=SKETCH)),
        ("more", known("more000001", parent="r", sketch=SKETCH)),
    ]
    assert recognised(posts, rows) == {"r": "r", "new": "old"}
    two = rows | {"old-2": known("third00001", parent="r", sketch="zzzyyyxxxwwwvvvuuu")}
    posts[3] = ("more", known("more000001", parent="r", sketch="zzzyyyxxxwwwvvvuuu"))
    assert recognised(posts, two) == {"r": "r", "new": "old", "more": "old-2"}


def test_below_a_post_two_ids_of_one_source_are_two_posts() -> None:
    rows = {"r": known("root000001", native="1"), "old": known(OTHER, native="8", parent="r", sketch=SKETCH)}
    posts = [("r", known("root000001", native="1")), ("new", known(LONG, native="9", parent="r", sketch=SKETCH))]
    assert recognised(posts, rows) == {"r": "r"}


def test_of_several_the_likest_is_taken() -> None:
    here = known(LONG, parent="r", sketch=SKETCH)
    rows = {
        "r": known("root000001"),
        "a": known(OTHER, parent="r", sketch="aaabbbcccxxxyyyzzz"),
        "b": known("third00001", parent="r", sketch="aaabbbcccdddyyyzzz"),
    }
    assert recognised([("r", known("root000001")), ("new", here)], rows) == {"r": "r", "new": "b"}


def test_the_only_post_of_its_author_below_a_post_is_the_one_that_was() -> None:
    here, there = known(LONG, parent="r", moment="adaalone"), known(OTHER, parent="r", moment="adaalone")
    assert below(here, there)
    assert below(here, known(OTHER, parent="r", moment="adaalone"), known("more000001", parent="r", moment="bedealon"))
    assert not below(here, known(OTHER, parent="r", moment="bedealon"))
    assert not below(here, known(OTHER, parent="r", moment="adaalone", gone=True))
    assert not below(here, there, known("more000001", parent="r", moment="adaalone"))
    assert not below(here, there, rows=[known("more000001", parent="r", moment="adaalone")])
    # Nobody is no author.
    assert not below(known(LONG, parent="r"), known(OTHER, parent="r"))
    # A rival below another post is none, nor one that is recognised.
    assert below(here, there, known("more000001", parent="x", moment="adaalone"))
    twin = known("twin000001", parent="r", moment="adaalone")
    assert below(here, there, twin, rows=[twin])
    # What says nothing is not held against what does.
    assert not below(known(parent="r", moment="adaalone"), there)
    assert not below(here, known(parent="r", moment="adaalone"))


def test_a_missing_post_is_the_one_that_all_its_answers_answered() -> None:
    rows = {"gap": known(), "x": known("ansx000001", parent="gap"), "y": known("ansy000001", parent="gap")}
    answers = [("x", known("ansx000001", parent="m")), ("y", known("ansy000001", parent="m"))]
    assert recognised([("m", known()), *answers], rows)["m"] == "gap"
    # One that answered another makes it doubtful.
    rows["other"], rows["y"] = known("othe000001"), known("ansy000001", parent="other")
    assert "m" not in recognised([("m", known()), *answers], rows)
    # One that is new says nothing of it.
    rows["y"] = known("ansy000001", parent="gap")
    new = ("z", known("ansz000001", parent="m"))
    assert recognised([("m", known()), *answers, new], rows)["m"] == "gap"
    # One that is known to be another is that.
    rows["m"] = known(native="m")
    assert recognised([("m", known(native="m")), *answers], rows)["m"] == "m"
    del rows["m"]
    # What says something is no missing post.
    rows["y"] = known("ansy000001", parent="gap")
    assert "m" not in recognised([("m", known("says000001")), *answers], rows)
    # What is taken is taken.
    taken = known("gapw000001")
    rows["gap"] = taken
    assert recognised([("m", known()), ("g", taken), *answers], rows) == {"g": "gap", "x": "x", "y": "y"}


def test_what_nothing_tells_apart_is_what_has_its_name() -> None:
    assert recognised([("a", known())], {"a": known(moment=TIME)}) == {"a": "a"}
    assert recognised([("a", known())], {"b": known(moment=TIME)}) == {}
    assert recognised([("a", known(LONG, parent="x"))], {"a": known(OTHER)}) == {}
    assert recognised([("a", known(native="7"))], {"a": known(native="8")}) == {}
    # One that is known to be another is not this too.
    rows = {"a": known(moment=TIME), "b": known(native="7")}
    assert recognised([("a", known(native="7"))], rows) == {"a": "b"}
    assert recognised([("a", known(LONG))], {"a": known(), "b": known(LONG)}) == {"a": "b"}
    twice = {"a": known(LONG, native="7"), "b": known(OTHER, native="7")}
    assert recognised([("a", known(OTHER, native="7"))], twice) == {"a": "b"}


@pytest.mark.parametrize("readings", [(OTHER,), ("x", OTHER), (OTHER, "x")])
def test_a_reading_makes_a_post_what_it_was_unless_it_is_another(readings: tuple[str, ...]) -> None:
    here = known(LONG, readings=readings)
    assert same(here, known(OTHER))
    assert recognised([("a", here), ("b", known(LONG, readings=readings))], {"o": known(OTHER)}) == {"a": "o"}
    assert recognised([("a", here)], {"o": known(OTHER), "l": known(LONG)}) == {"a": "l"}
    # Another id of the same source is another post.
    rows = {"o": known(OTHER, native="8"), "s": known(native="1")}
    assert recognised([("a", known(LONG, native="9", readings=readings)), ("s", known(native="1"))], rows) == {"s": "s"}


def thread(*posts: tuple[str, str, str | None], id: str = "gate") -> Thread:
    raw = tuple(
        RawPost(
            key=key, native_id=key, body=said, parent=parent, author=Author(name="Ada"), created="2024-03-04T09:00:00Z"
        )
        for key, said, parent in posts
    )
    problems = (Problem(code="c", message="m", post="2"), Problem(code="d", message="n"))
    return assemble(
        RawThread(posts=raw, problems=problems),
        id=id,
        title="T",
        source=Source(path="gate.txt", format="", sha256="", published=f"debates/{id}/gate.txt"),
    )


def test_a_thread_takes_the_addresses_that_it_had() -> None:
    here = thread(("1", "The gate is shut.", None), ("2", "Since when?", "1"))
    assert settled(here, "gate", {}) == here
    moved = settled(here, "weir", {})
    assert (moved.id, moved.source.published) == ("weir", "debates/weir/gate.txt")
    assert [post.id for post in moved.posts] == ["p-1", "p-2"]
    # A dump that is published for all its debates stays where it is.
    of_many = replace(here, source=replace(here.source, published="dumps/gate.txt"))
    assert settled(of_many, "weir", {}).source.published == "dumps/gate.txt"
    assert settled(replace(here, source=replace(here.source, published=None)), "weir", {}).source.published is None
    rows = {"p-old": traits(here.posts[1])}
    named = settled(here, "weir", rows)
    assert named.id == "weir"
    assert [(post.id, post.parent) for post in named.posts] == [("p-1", None), ("p-old", "p-1")]
    assert [problem.post for problem in named.problems] == ["p-old", None]


def test_a_new_post_never_takes_the_id_of_one_that_was() -> None:
    here = thread(("1", "The gate is shut.", None), ("2", "Since when?", "1"))
    rows = {"p-1": known(OTHER, native="x"), "p-9": traits(here.posts[1])}
    assert [post.id for post in settled(here, "gate", rows).posts] == ["p-1-2", "p-9"]
    rows["p-1-2"] = known("more000001", native="y")
    assert [post.id for post in settled(here, "gate", rows).posts] == ["p-1-3", "p-9"]
    # Nor that of another new one.
    rows = {"p-1": known(OTHER, native="x")}
    two = thread(("1", "The gate is shut.", None), ("1-2", "Since when?", "1"))
    assert [post.id for post in settled(two, "gate", rows).posts] == ["p-1-2", "p-1-2-2"]


def test_the_signs_of_a_post_are_pairs_of_what_it_is_known_by() -> None:
    assert signs(known()) == ()
    assert signs(known("few", moment="ada")) == ("fewada",)
    assert signs(known("few", native="7", moment="adaalone")) == ("fewadaalone",)
    assert signs(known("few", native="7", moment=TIME)) == ("few" + TIME, "#7" + TIME)
    assert signs(known(LONG, native="7")) == (LONG, "#7" + LONG)
    assert signs(known(LONG, native="7", moment=TIME, readings=("r",))) == (LONG + TIME, "#7" + TIME, "#7" + LONG, "~r")
    assert published_signs(known(LONG, moment=TIME)) == (LONG + TIME, "~" + LONG)


def test_a_debate_is_the_one_in_which_half_of_its_posts_were() -> None:
    here = thread(("1", "The gate is shut.", None), ("2", "Since when was it?", "1"), ("3", "", "2"))
    one, two, _ = (traits(post) for post in here.posts)
    assert voted(here.posts, [("a", one), ("a", two)]) == "a"
    assert voted(here.posts, [("a", one)]) == "a"
    assert voted(here.posts, []) is None
    assert voted(here.posts, [("a", known(OTHER))]) is None
    four = thread(*[(str(n), f"Said in all of the {n} posts.", None if n == 1 else "1") for n in range(1, 4)])
    assert voted(four.posts, [("a", traits(four.posts[0]))]) is None
    assert voted(four.posts, [("a", traits(four.posts[0])), ("a", traits(four.posts[1]))]) == "a"
    # The one of most, then the one whose words are the same, then the first by name.
    assert voted(here.posts, [("b", one), ("a", one), ("b", two)]) == "b"
    numbered = known(OTHER, native=one.native, moment=one.moment)
    assert voted(here.posts, [("a", numbered), ("b", one)]) == "b"
    assert voted(here.posts, [("b", one), ("a", one)]) == "a"
