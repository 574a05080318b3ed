"""Where posts now stand that were published elsewhere, or as two and are one: each sign at its boundary."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.identity import ledger_file
from rostra.identity.ledger import Traits, traits
from rostra.identity.registry import Registry
from rostra.identity.relocations import _copies, follow
from rostra.model import Author, History, RawPost, RawThread, Revision, Source, Thread
from rostra.threads.assemble import assemble

WORDS, OTHER = "words00001", "words00002"
TIME, LATER = "ada-monday", "ada-sunday"
SKETCH = "aaabbbcccdddeeefff"


class Ledger:
    """What is published, a row at a time."""

    def __init__(self) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.executescript(ledger_file.TABLES)
        self.published = Registry(self.base, Path())
        self.published.touched = True
        self.threads: dict[str, Thread] = {}

    def row(self, debate: str, post: str, words: str = "", **of: Any) -> None:
        signs = (words, *(of.get(each, "") for each in ("moment", "parent", "sketch", "there", "at")))
        row = (debate, post, of.get("native", ""), *signs, of["live"], of["old"], of.get("gone", 0))
        self.base.execute("INSERT INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.base.execute("INSERT OR IGNORE INTO homes VALUES (?, 0, NULL, NULL)", (debate,))
        self.base.execute("UPDATE homes SET live = max(live, ?) WHERE debate = ?", (of["live"], debate))

    def lost(self, debate: str, post: str, words: str = "", **of: Any) -> None:
        self.row(debate, post, words, live=0, old=1, **of)

    def live(self, debate: str, post: str, words: str = "", *, new: bool = False, **of: Any) -> None:
        self.row(debate, post, words, live=1, old=int(not new), **of)

    def followed(self) -> dict[str, str]:
        """Where each lost post is now."""
        empty = Thread(
            id="", title="", native_id=None, url=None, source=Source(path="", format="", sha256=""), posts=()
        )
        follow(self.published, lambda debate: self.threads.get(debate, empty))
        query = "SELECT debate, post, there, at FROM published WHERE there <> ''"
        return {f"{debate} {post}": f"{there} {at}" for debate, post, there, at in self.base.execute(query)}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def moved(lost: dict[str, Any], *live: tuple[str, str, dict[str, Any]]) -> str | None:
    """Where a post of `gate` is now, beside some that are there."""
    ledger = Ledger()
    ledger.lost("gate", "p-1", **lost)
    for debate, post, of in live:
        ledger.live(debate, post, **of)
    return ledger.followed().get("gate p-1")


def said(words: str = WORDS, moment: str = TIME, **of: Any) -> dict[str, Any]:
    return {"words": words, "moment": moment, **of}


@pytest.mark.parametrize(
    ("lost", "now", "is_it"),
    [
        # The same words, of the same person and time, however few.
        (said("few"), said("few"), True),
        (said("few"), said("few", LATER), False),
        (said("few", "adaalone"), said("few", "adaalone"), True),
        (said(OTHER), said(), False),
        (said(""), said(""), False),
        # Its id in the source, with its words, where these are three or more; who wrote it may be known better.
        (said(native="7"), said(moment=LATER, native="7"), True),
        (said("few", native="7"), said("few", LATER, native="7"), False),
        (said(native="7"), said(OTHER, native="7"), False),
        (said(native="7"), said(moment=LATER, native="8"), False),
        # Its words alone, where one of the two has no time.
        (said(moment="adaalone"), said(), True),
        (said(), said(moment="adaalone"), True),
        (said(), said(moment=LATER), False),
        (said("few", "adaalone"), said("few"), False),
    ],
)
def test_a_post_is_found_in_another_debate_by_what_tells(
    lost: dict[str, Any], now: dict[str, Any], is_it: bool
) -> None:
    assert moved(lost, ("weir", "p-2", now)) == ("weir p-2" if is_it else None)


def test_who_says_the_same_in_the_same_debate_is_another_unless_it_has_the_same_number() -> None:
    assert moved(said(), ("gate", "p-2", said())) is None
    assert moved(said(moment="adaalone"), ("gate", "p-2", said())) is None
    assert moved(said(native="7"), ("gate", "p-2", said(OTHER, native="7"))) == "gate p-2"
    assert moved(said("", "", native="7"), ("gate", "p-2", said("few", native="7"))) == "gate p-2"
    # Its own debate comes first, then the first by name.
    same = said(moment=LATER, native="7")
    assert moved(said(native="7"), ("a", "p-3", same), ("gate", "p-2", same)) == "gate p-2"
    assert moved(said(native="7"), ("b", "p-3", same), ("a", "p-4", same), ("a", "p-3", same)) == "a p-3"


def test_of_two_with_its_number_in_its_debate_the_first_is_it() -> None:
    two = ("gate", "p-3", said(OTHER, native="7")), ("gate", "p-2", said("words00003", native="7"))
    assert moved(said("few", native="7"), *two) == "gate p-2"


def test_of_several_the_one_of_its_name_is_it_then_the_first() -> None:
    assert moved(said(), ("weir", "p-2", said()), ("weir", "p-1", said())) == "weir p-1"
    assert moved(said(), ("a", "p-2", said()), ("weir", "p-1", said())) == "weir p-1"
    assert moved(said(), ("weir", "p-3", said()), ("weir", "p-2", said()), ("a", "p-4", said())) == "a p-4"
    # Few words that are said in two places are in neither; nor is a text without a time that is.
    assert moved(said("few"), ("weir", "p-2", said("few")), ("mill", "p-1", said("few"))) is None
    assert moved(said(moment="adaalone"), ("weir", "p-2", said()), ("mill", "p-1", said())) is None
    assert moved(said(), ("weir", "p-2", said(moment="adaalone")), ("mill", "p-1", said(moment=LATER))) == "weir p-2"


def test_only_what_is_lost_moves_and_only_to_what_is_there(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said())
    ledger.lost("weir", "p-2", **said())
    assert ledger.followed() == {}
    ledger.live("mill", "p-3", **said())
    ledger.lost("gate", "p-4", **said(), there="x", at="p-9")
    ledger.live("pond", "p-5", **said("few"))
    assert ledger.followed() == {"gate p-1": "mill p-3", "weir p-2": "mill p-3", "gate p-4": "x p-9"}
    assert ledger.published.kept("gate")[0].thread == "mill"


def test_nothing_is_looked_for_where_nothing_changed_or_a_debate_is_missing_for_now(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said())
    ledger.lost("mill", "p-1", **said(native="9"))
    ledger.live("weir", "p-2", **said())
    ledger.published.touched = False
    assert ledger.followed() == {}
    assert len(ledger.published.kept("gate")) == 1
    ledger.published.touched = True
    ledger.published.unsure = {"gate": "gate.txt"}
    assert ledger.followed() == {"mill p-1": "weir p-2"}


def test_what_was_read_otherwise_is_where_it_is_read_now(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said("few"))
    ledger.published._readings = {"few": ("weir", "p-2"), WORDS: ("weir", "p-3")}
    assert ledger.followed() == {"gate p-1": "weir p-2"}
    ledger.lost("gate", "p-3", **said())
    ledger.live("mill", "p-4", **said())
    assert ledger.followed()["gate p-3"] == "mill p-4"


def test_the_rest_of_a_debate_went_with_what_went(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said())
    ledger.lost("gate", "p-2", OTHER, parent="p-1", sketch=SKETCH)
    ledger.lost("mill", "p-3", OTHER, sketch=SKETCH)
    ledger.live("weir", "p-1", **said(), new=True)
    ledger.live("weir", "p-5", "words00003", parent="p-1", sketch=SKETCH, new=True)
    assert ledger.followed() == {"gate p-1": "weir p-1", "gate p-2": "weir p-5"}


def test_only_new_posts_are_the_rest_and_only_of_where_most_went_first(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said())
    ledger.lost("gate", "p-2", OTHER, parent="p-1", sketch=SKETCH)
    ledger.live("weir", "p-1", **said(), new=True)
    ledger.live("weir", "p-5", "words00003", parent="p-1", sketch=SKETCH)
    assert ledger.followed() == {"gate p-1": "weir p-1"}
    # Two went to the weir, and one to the mill, which both have such a post.
    for n, there in ((3, "weir"), (4, "mill"), (6, "weir")):
        ledger.lost("gate", f"p-{n}", **said(f"words0000{n}"))
        ledger.live(there, f"p-{n}", **said(f"words0000{n}"), new=True)
        ledger.live(there, f"p-{n}9", f"words0000{n}9", parent=f"p-{n}", sketch=SKETCH, new=True)
    ledger.base.execute("UPDATE published SET parent = '' WHERE sketch <> ''")
    assert ledger.followed()["gate p-2"] == "weir p-39"


def test_where_a_post_went_of_two_places_the_rest_is(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said())
    ledger.lost("gate", "p-2", OTHER, parent="p-1", sketch=SKETCH)
    ledger.live("a", "p-3", **said(), new=True)
    ledger.live("weir", "p-1", **said(), new=True)
    ledger.live("weir", "p-5", "words00003", parent="p-1", sketch=SKETCH, new=True)
    assert ledger.followed() == {"gate p-1": "weir p-1", "gate p-2": "weir p-5"}


def test_of_two_places_with_as_many_the_first_by_name_has_the_rest(ledger: Ledger) -> None:
    for n, there in ((1, "weir"), (3, "mill")):
        ledger.lost("gate", f"p-{n}", **said(f"words0000{n}"))
        ledger.live(there, f"p-{n}", **said(f"words0000{n}"), new=True)
        ledger.live(there, f"p-{n}9", f"words0000{n}9", sketch=SKETCH, new=True)
    ledger.lost("gate", "p-2", OTHER, sketch=SKETCH)
    assert ledger.followed()["gate p-2"] == "mill p-39"


def test_what_moved_before_says_where_the_rest_is(ledger: Ledger) -> None:
    ledger.lost("gate", "p-1", **said(), there="weir", at="p-1")
    ledger.lost("gate", "p-4", **said("words00004"))
    ledger.lost("gate", "p-2", OTHER, parent="p-1", sketch=SKETCH)
    ledger.lost("gate", "p-6", OTHER, parent="p-1", sketch=SKETCH, there="pond", at="p-8")
    ledger.live("weir", "p-1", **said(), new=True)
    ledger.live("weir", "p-4", **said("words00004"), new=True)
    ledger.live("weir", "p-5", "words00003", parent="p-1", sketch=SKETCH, new=True)
    # One that moved to a post that nobody has now stays there, whoever says the same.
    ledger.lost("gate", "p-8", **said("words00008"), there="weir", at="p-99")
    ledger.live("weir", "p-7", **said("words00008"), new=True)
    assert ledger.followed() == {
        "gate p-1": "weir p-1", "gate p-2": "weir p-5", "gate p-4": "weir p-4", "gate p-6": "pond p-8",
        "gate p-8": "weir p-99",
    }  # fmt: skip


TEXT = "Nobody has asked those who live below the weir whether the gate may be opened before the end of May"


def debate(*posts: RawPost, id: str = "gate", histories: dict[str, History] | None = None) -> Thread:
    raw = (RawPost(key="r", id="p-r", body="The opening of it all."), *posts)
    source = Source(path="", format="", sha256="")
    return assemble(RawThread(posts=raw), id=id, title="T", source=source, histories=histories or {})


def post(key: str = "a", body: str = TEXT, *, by: str | None = "Ada", **of: Any) -> RawPost:
    return RawPost(key=key, id=f"p-{key}", parent="r", body=body, author=Author(name=by) if by else None, **of)


def known(body: str = TEXT, **of: Any) -> Traits:
    """A copy of a post, as the ledger has it: without an id or a time."""
    return traits(debate(post("x", body, **of)).posts[1])


def copies(lost: Traits, *posts: RawPost, history: History | None = None) -> str | None:
    return dict(_copies({"p-x": lost}, debate(*posts, histories={"a": history} if history else None))).get("p-x")


def test_a_copy_is_the_same_words_or_much_alike_of_the_same_person() -> None:
    numbered = post(native_id="7", created="2024-03-04T09:00:00Z")
    assert copies(known(), numbered) == "p-a"
    assert copies(known(TEXT.replace("May", "June")), numbered) == "p-a"
    assert copies(known("Few words."), post("a", "Few words.", native_id="7")) == "p-a"
    assert copies(known("Other words altogether, as many as it takes to be told from these by a sketch of them."), numbered) is None  # fmt: skip
    assert copies(known(by="Bede"), numbered) is None
    assert copies(known(), post(native_id="7")) == "p-a"
    # Of two that have ids in their source, or have none, each was known to be itself.
    assert copies(known(), post()) is None
    assert copies(known(native_id="8"), numbered) is None
    assert copies(known(native_id="8"), post()) == "p-a"
    # What nobody signed is the same to the word.
    assert copies(known(by=None), numbered) == "p-a"
    assert copies(known(by=None, body=TEXT.replace("May", "June")), numbered) is None
    assert copies(known(), post(native_id="7", by=None)) == "p-a"
    assert copies(known(TEXT.replace("May", "June")), post(native_id="7", by=None)) is None
    assert copies(known(created="2024-03-04T09:00:00Z"), numbered) == "p-a"
    assert copies(known(created="2024-03-05T09:00:00Z"), numbered) is None


def test_three_hashes_of_a_sketch_make_a_copy_and_two_do_not() -> None:
    numbered = post(native_id="7")
    bare = traits(debate(post()).posts[1])
    first = bare.sketch
    assert len(first) == 18
    assert copies(replace(bare, words=OTHER, sketch=first[:9] + "000111222"), numbered) == "p-a"
    assert copies(replace(bare, words=OTHER, sketch=first[:6] + "000111222333"), numbered) is None
    # Of two posts the likest is it, and the first of two that are as like.
    other = post("b", TEXT.replace("May", "June"), native_id="8")
    assert copies(bare, other, numbered) == "p-a"
    assert copies(bare, numbered, post("b", native_id="8")) == "p-a"
    assert copies(replace(bare, sketch=""), other, numbered) == "p-a"


def test_an_earlier_wording_is_the_post_s_too() -> None:
    earlier = History(revisions=(Revision(body=TEXT, dialect="text", source="a"),))
    assert copies(known(), post(body="Quite other words than these."), history=earlier) == "p-a"
    assert copies(known(), post(body="Quite other words than these.", native_id="7"), history=earlier) == "p-a"
    assert copies(known(native_id="8"), post(body="Quite other words.", native_id="7"), history=earlier) == "p-a"


def twice(ledger: Ledger, **of: Any) -> str | None:
    """Where a copy is now that the last build lost, and that says what a post of its debate says."""
    copy = known()
    ledger.row("gate", "p-x", of.get("words", copy.words), moment=copy.moment, sketch=copy.sketch, live=of.get("live", 0), old=of.get("old", 1), gone=of.get("gone", 0))  # fmt: skip
    ledger.live("gate", "p-r", "openingwor")
    ledger.threads["gate"] = debate(post(native_id="7", created="2024-03-04T09:00:00Z"))
    return ledger.followed().get("gate p-x")


def test_what_was_published_twice_and_is_one_post_leads_to_it(ledger: Ledger) -> None:
    assert twice(ledger) == "gate p-a"


@pytest.mark.parametrize("of", [{"gone": 1}, {"old": 2}, {"old": 0}, {"live": 1}, {"words": "few"}])
def test_only_what_this_build_lost_is_looked_for_as_a_copy(ledger: Ledger, of: dict[str, Any]) -> None:
    assert twice(ledger, **of) is None


def test_no_copy_is_looked_for_in_a_debate_that_is_missing_for_now_or_gone(ledger: Ledger) -> None:
    ledger.published.unsure = {"gate": "gate.txt"}
    assert twice(ledger) is None
    ledger.published.unsure = {}
    ledger.base.execute("UPDATE homes SET live = 0")
    assert ledger.followed() == {}
    # One that is missing keeps no other from being looked for.
    ledger.base.execute("UPDATE homes SET live = 1")
    copy = known()
    ledger.lost("a", "p-x", copy.words, moment=copy.moment, sketch=copy.sketch)
    ledger.published.unsure = {"a": "a.txt"}
    assert ledger.followed() == {"gate p-x": "gate p-a"}


def test_a_copy_is_looked_for_where_others_of_its_debate_went_most_of_them_first(ledger: Ledger) -> None:
    copy = known()
    ledger.lost("gate", "p-x", copy.words, moment=copy.moment, sketch=copy.sketch)
    for n, there in ((1, "mill"), (2, "pond"), (3, "pond"), (4, "weir"), (5, "weir")):
        ledger.lost("gate", f"p-{n}", **said(f"words0000{n}"))
        ledger.live(there, f"p-{n}", **said(f"words0000{n}"))
    numbered = post(native_id="7", created="2024-03-04T09:00:00Z")
    for there in ("weir", "mill", "pond"):
        ledger.threads[there] = debate(replace(numbered, id=f"p-{there}"), id=there)
    assert ledger.followed()["gate p-x"] == "pond p-pond"
