"""What a card withdraws is found wherever it now is: by its addresses, its words, its time and its author."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.config.cards import Card, Correction
from rostra.config.redaction_rules import RedactionRule
from rostra.ingest.sources import DumpEntry
from rostra.ingest.withdrawals import Withdrawals, followed, look, withdrawals
from rostra.model import Author, Former, History, RawPost, RawThread, Revision, Source, Thread
from rostra.privacy.hidden_posts import HiddenPosts
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.readers import Dump
from rostra.store.store import Store
from rostra.threads.assemble import assemble
from support.noted_ledger import note

LONG = "The miller hid seven golden rings beneath the old willow, and nobody but me has ever seen them since."
SHORT = "I agree."
OTHER = "Who opened the upper gate last night?"


def debate(*bodies: str, id: str = "gate", **of: Any) -> Thread:
    """A debate by Ada, with ids and times unless told otherwise."""
    timed, native, first = of.get("timed", True), of.get("native", True), of.get("first", 1)
    posts = tuple(
        RawPost(
            key=str(n), native_id=str(n + of.get("more", 0)) if native else None, parent=str(first) if n > first else None, body=body,
            author=Author(name=of.get("by", "Ada")), created=f"2024-03-0{n}T09:00:00Z" if timed else None,
        )
        for n, body in enumerate(bodies, first)
    )  # fmt: skip
    source = Source(path="", format="", sha256="")
    return assemble(RawThread(posts=posts), id=id, title="T", source=source)


def card(*posts: str, thread: str | None = None, withdrawn: str | None = "as asked") -> Card:
    return Card(correction=(Correction(posts=posts, thread=thread, withdrawn=withdrawn),))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Any]:
    """Return what is withdrawn of a ledger's debates, each of a dump of its name, by cards of some dumps."""
    stores = []

    def found(
        *debates: Thread, dumps: dict[str, str] | None = None, moved: str | None = None, **cards: Card
    ) -> Withdrawals:
        of = dumps or {}
        ledger = tmp_path / "rostra.ledger"
        note(ledger, *((each, f"content/{of.get(each.id, each.id)}.jsonl") for each in debates))
        store = Store(tmp_path / f"store{len(stores)}", ledger, tmp_path / "none").__enter__()
        stores.append(store)
        if moved:
            # From the debate `gate` to this one.
            query = "UPDATE published SET there = ?, at = 'p-2' WHERE debate = 'gate' AND post = 'p-2'"
            store.lend(lambda base: base.execute(query, (moved,)))
        entries = [DumpEntry(Dump(tmp_path / name, f"content/{name}.jsonl"), each) for name, each in cards.items()]
        return withdrawals(entries, store)

    found.stores = stores  # type: ignore[attr-defined]
    yield found
    for store in stores:
        store.__exit__(None, None, None)


def of(found: Withdrawals, thread: Thread, card: Card | None = None) -> dict[str, str | None]:
    """The posts of a debate that are withdrawn, each with the reason."""
    return {each.post or "": each.withdrawn for each in found.of(thread, card or Card())}


def test_a_post_is_withdrawn_in_another_debate_by_its_words_author_and_time(archive: Any) -> None:
    found = archive(debate(OTHER, LONG, SHORT), gate=card("p-2", "p-3"))
    assert set(found.places) == {("gate", "p-2"), ("gate", "p-3")}
    weir = {"id": "weir", "first": 2, "more": 10}
    assert of(found, debate(LONG, **weir)) == {"p-12": "as asked"}
    # Another author or time is another post, and so are other words.
    assert of(found, debate(LONG, by="Bede", **weir)) == {}
    assert of(found, debate(LONG, id="weir", first=4, more=10)) == {}
    assert of(found, debate(OTHER, **weir)) == {}
    # With its id, either of time and words is enough.
    assert of(found, debate(LONG, id="weir", first=2, by="Bede")) == {"p-2": "as asked"}
    assert of(found, debate(OTHER, id="weir", first=2)) == {"p-2": "as asked"}
    assert of(found, debate(OTHER, id="weir", first=2, by="Bede")) == {}


def test_few_words_tell_a_post_only_with_its_time(archive: Any) -> None:
    few = debate(OTHER, "I agree with all of that.", "Yes.", timed=False)
    timed = debate(OTHER, "I agree with all of that.", "Yes.")
    for known, more in ((few, 0), (timed, 10)):
        found = archive(known, gate=card("p-2", "p-3"))
        there = of(found, debate("I agree with all of that.", id="weir", first=2, more=10, timed=known is timed))
        assert there == ({"p-12": "as asked"} if more else {})
        assert of(found, debate("Yes.", id="weir", first=3, more=10, timed=known is timed)) == {}


def test_at_its_address_it_is_withdrawn_whatever_it_says(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    edited = debate(OTHER, "Nothing.", id="gate")
    assert of(found, edited) == {"p-2": "as asked"}
    # What the debate's own card names is withdrawn by that.
    assert of(found, edited, card("p-2")) == {}
    assert of(found, edited, card("p-1")) == {"p-2": "as asked"}
    assert of(found, edited, card("p-2", withdrawn=None)) == {"p-2": "as asked"}


def test_a_post_with_the_same_words_is_another_one_where_the_withdrawn_one_still_is(archive: Any) -> None:
    gate = debate(OTHER, LONG, LONG)
    again = replace(
        gate,
        posts=tuple(
            replace(post, raw=replace(post.raw, created="2024-03-02T09:00:00Z")) if post.id == "p-3" else post
            for post in gate.posts
        ),
    )
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    assert of(found, again) == {"p-2": "as asked"}
    # Where it is not, they are it.
    left = replace(again, posts=again.posts[::2])
    assert of(found, left) == {"p-3": "as asked"}


def test_a_copy_without_times_is_known_by_many_words(archive: Any) -> None:
    found = archive(debate(OTHER, LONG, SHORT), gate=card("p-2", "p-3"))
    untimed = {"id": "copy", "timed": False, "native": False}
    assert len(of(found, debate(LONG, **untimed))) == 1
    assert of(found, debate(SHORT, **untimed)) == {}
    assert len(of(found, debate(LONG, by="Bede", **untimed))) == 1


def test_what_is_withdrawn_in_a_copy_without_times_is_so_where_times_are(archive: Any) -> None:
    copy = debate(OTHER, LONG, id="copy", timed=False, native=False)
    found = archive(copy, copy=card(copy.posts[1].id))
    assert of(found, debate(OTHER, LONG)) == {"p-2": "as asked"}
    assert of(found, debate(OTHER, LONG, by="Bede")) == {"p-2": "as asked"}
    assert of(found, debate(OTHER, f"{LONG} So there.")) == {}


def test_an_earlier_wording_is_the_post_too(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    moved = debate("Something else by now, which nobody knows.", id="weir", first=2, more=10)
    post = moved.posts[0]
    before = Revision(source="", body=LONG, dialect="text")
    wordings = replace(moved, posts=(replace(post, history=History(revisions=(before,))),))
    assert of(found, moved) == {}
    assert of(found, wordings) == {"p-12": "as asked"}


def test_a_post_that_holds_words_of_a_withdrawn_one_is_withdrawn(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    weir = debate("Other words.", id="weir", by="Cy", first=7)
    holding = (Former("mill", "p-2", ""), Former("gate", "p-2", ""))
    post = replace(weir.posts[0], history=History(holds=holding))
    assert of(found, replace(weir, posts=(post,))) == {"p-7": "as asked"}
    post = replace(post, history=History(holds=holding[:1]))
    assert of(found, replace(weir, posts=(post,))) == {}
    named = replace(weir, posts=(replace(post, history=History(holds=holding)),))
    assert of(found, named, card("p-7")) == {}


def test_a_post_behind_one_that_holds_another_is_withdrawn_too(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    weir = debate("Other words.", LONG, id="weir", more=10)
    first = replace(weir.posts[0], history=History(holds=(Former("gate", "p-2", ""),)))
    assert of(found, replace(weir, posts=(first, weir.posts[1]))) == {"p-11": "as asked", "p-12": "as asked"}


def test_of_several_withdrawn_posts_one_that_is_in_its_place_is_enough(archive: Any) -> None:
    found = archive(debate(OTHER, LONG, f"{LONG} So there."), gate=card("p-2", "p-3"))
    gate = debate(OTHER, LONG, "Nothing.", LONG)
    posts = tuple(
        replace(post, raw=replace(post.raw, created="2024-03-02T09:00:00Z")) if post.id == "p-4" else post
        for post in gate.posts
        if post.id != "p-3"
    )
    assert of(found, replace(gate, posts=posts)) == {"p-2": "as asked"}


def test_a_post_of_another_debate_that_only_has_its_id_is_another_one(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    assert of(found, debate("Other words here.", LONG, id="weir", more=1)) == {"p-3": "as asked"}


def test_with_few_words_its_id_and_time_do_not_tell_a_post_in_another_debate(archive: Any) -> None:
    found = archive(debate(OTHER, SHORT), gate=card("p-2"))
    assert of(found, debate(LONG, id="weir", first=2)) == {}
    found = archive(debate(OTHER, LONG), gate=card("p-2"))
    assert of(found, debate(SHORT, id="weir", first=2)) == {}


def test_where_nothing_is_withdrawn_nothing_is(archive: Any) -> None:
    found = archive(debate(OTHER, LONG), gate=card("p-2", withdrawn=None))
    assert (found.places, found.signs, found.dumps, found.near) == ({}, {}, {}, {})
    assert of(found, debate(OTHER, LONG)) == {}
    found = archive(debate(OTHER, LONG), gate=card("p-9"))
    assert found.places == {}
    # The publisher meant to withdraw something of it.
    assert found.dumps == {"content/gate.jsonl": []}


def test_a_post_is_meant_in_the_debates_of_the_card_s_dump_or_in_the_only_one(archive: Any) -> None:
    gate, weir = debate(OTHER, LONG), debate(OTHER, LONG, id="weir")
    assert set(archive(gate, weir, gate=card("p-2")).places) == {("gate", "p-2")}
    # Of two, a card of neither dump means none, unless it names the debate.
    assert archive(gate, weir, mill=card("p-2")).places == {}
    assert set(archive(gate, weir, mill=card("p-2", thread="weir")).places) == {("weir", "p-2")}
    assert set(archive(gate, mill=card("p-2")).places) == {("gate", "p-2")}
    assert archive(gate, mill=card("p-2", thread="weir")).places == {}
    # Both are of one dump.
    both = archive(gate, weir, dumps={"gate": "box", "weir": "box"}, box=card("p-2"))
    assert set(both.places) == {("gate", "p-2"), ("weir", "p-2")}


def test_a_post_that_moved_is_meant_by_a_card_of_any_of_its_dumps(archive: Any) -> None:
    gate, weir, mill = (debate(OTHER, LONG, id=id) for id in ("gate", "weir", "mill"))
    assert set(archive(gate, weir, mill, moved="weir", gate=card("p-2")).places) == {("gate", "p-2"), ("weir", "p-2")}
    # By all of its addresses it is one post.
    assert set(archive(gate, weir, moved="weir", other=card("p-2")).places) == {("gate", "p-2"), ("weir", "p-2")}


def test_the_dumps_of_a_withdrawn_post_and_those_near_it_are_known(archive: Any) -> None:
    gate, weir = debate(OTHER, LONG, SHORT), debate(LONG, SHORT, id="weir", first=4)
    found = archive(gate, weir, gate=card("p-2"))
    assert found.dumps == {"content/gate.jsonl": [("gate", "p-2")]}
    # Another debate says the same.
    assert found.near == {"content/gate.jsonl": [("gate", "p-2")], "content/weir.jsonl": [("gate", "p-2")]}
    # Of few words, nobody can tell.
    assert archive(gate, weir, gate=card("p-3")).near == {}


def test_what_a_rule_names_is_followed_with_what_tells_it(archive: Any) -> None:
    archive(debate(OTHER, LONG, SHORT))
    (store,) = archive.stores
    rules = {1: RedactionRule(post="p-2", thread="gate"), 2: RedactionRule(post="p-3"), 3: RedactionRule(person="Ada"), 4: RedactionRule(post="p-9"), 5: RedactionRule(post="p-2", thread="weir")}  # fmt: skip
    found = {number: (place, bool(known)) for number, place, known in followed(rules, store)}
    assert found == {1: (("gate", "p-2"), True), 2: (("gate", "p-3"), False)}
    copy = debate(OTHER, LONG, timed=False, native=False)
    archive(copy)
    ((*_, known),) = followed({1: RedactionRule(post=copy.posts[1].id)}, archive.stores[-1])
    assert known


def looked(archive: Any, monkeypatch: pytest.MonkeyPatch, entries: tuple[DumpEntry, ...], **of: Any) -> Any:
    """What an earlier version's posts are searched by: whether one is hidden, and the dumps with their authors."""
    archive(debate(OTHER, LONG))
    (*_, store) = archive.stores
    told: list[Any] = []
    monkeypatch.setattr(store.formers, "begin", lambda *given: told.extend(given))
    look(entries, store, of.get("pseudonyms"), of.get("hidden"))
    hides, dumps = told
    read = {
        dump.name: {post.raw.author.name for thread in threads for post in thread.posts if post.raw.author}
        for dump, threads in dumps
    }
    return hides, read


def test_what_earlier_versions_read_is_hidden_by_cards_and_by_rules(
    archive: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "gate.jsonl"
    path.write_text('{"id": "1", "author": "Ada", "created": "2024-03-01T09:00:00Z", "body": "Who?"}\n')
    plain = DumpEntry(Dump(path, "gate.jsonl"), Card())
    withdrawing = DumpEntry(
        Dump(path, "weir.jsonl"), Card(correction=(Correction(post="p-5"), Correction(post="p-2", withdrawn="")))
    )
    broken = replace(withdrawing, dump=Dump(path, "mill.jsonl"), broken=True)
    rules = HiddenPosts({1: RedactionRule(post="p-1", thread="gate")}, b"k")
    posts = [Former("gate", f"p-{n}", "") for n in (1, 2, 3)]

    hides, read = looked(
        archive, monkeypatch, (plain, DumpEntry(Dump(path), Card(correction=(Correction(post="p-2"),))))
    )
    assert hides is None
    assert read["gate.jsonl"] == {"Ada"}
    hides, read = looked(archive, monkeypatch, (plain, withdrawing, broken))
    assert [hides(each, ()) for each in posts] == [False, True, False]
    assert set(read) == {"gate.jsonl", "weir.jsonl"}
    hides, _ = looked(archive, monkeypatch, (plain,), hidden=rules)
    assert [hides(each, ()) for each in posts] == [True, False, False]
    hides, _ = looked(archive, monkeypatch, (plain, withdrawing), hidden=rules)
    assert [hides(each, ()) for each in posts] == [True, True, False]
    pseudonyms = Pseudonyms(b"k", ())
    pseudonyms.people |= {"Ada"}
    _, read = looked(archive, monkeypatch, (plain,), pseudonyms=pseudonyms)
    assert read["gate.jsonl"].isdisjoint({"Ada"})
    assert len(read["gate.jsonl"]) == 1
