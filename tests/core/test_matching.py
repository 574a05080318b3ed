"""Which debate a thread is given to, and which dumps a pass has to read whole for that."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.build.matching import Matched, Matching
from rostra.config.cards import Card
from rostra.identity import ledger_file
from rostra.identity.registry import Registry
from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.threads import same_thread
from rostra.threads.assemble import assemble
from rostra.threads.former_posts import Formers
from rostra.threads.same_thread import Parts

SAID = [f"Sentence number {n} of the debate." for n in "abcdef"]
OTHER = [f"Another thing altogether is {n}." for n in "abcdef"]


def thread(said: list[str], id: str, native: str | None = None) -> Thread:
    raw = tuple(
        RawPost(
            key=str(n), body=body, parent="0" if n else None, author=Author(name="Ada"),
            created=f"2024-03-04T09:00:0{n}Z",
        )
        for n, body in enumerate(said)
    )  # fmt: skip
    return assemble(
        RawThread(posts=raw, native_id=native), id=id, title="T", source=Source(path="", format="", sha256="")
    )


class Dumps:
    """Dumps with their cards; what they held before is published, and some of them are being read."""

    def __init__(self, **cards: Card) -> None:
        self.base = base = sqlite3.connect(":memory:")
        base.executescript(f"{ledger_file.TABLES}{same_thread.TABLES}")
        self.cards = cards
        self.published = Registry(base, Path())
        self.whole = dict[str, Thread]()
        self.parts = Parts(base, self.published, self.whole.get)
        self.present, self.hidden = dict[str, str](), dict[str, str]()
        self.read_whole = set[str]()
        self.join_dumps = True
        self.masked = ""

    def publish(self, it: Thread, dump: str, *, present: bool = True) -> None:
        """A debate of one dump that was placed before."""
        self.published.add(it, dump)
        self.whole[it.id] = it
        (self.present if present else self.hidden)[it.id] = dump

    def matching(self) -> Matching:
        store = SimpleNamespace(published=self.published, formers=Formers(self.published), parts=self.parts)
        hiding = SimpleNamespace(address=lambda thread: self.masked or thread.id)
        desk: Any = SimpleNamespace(
            store=store, hiding=hiding, site=SimpleNamespace(settings=SimpleNamespace(join_dumps=self.join_dumps))
        )
        return Matching(desk, self.cards, self.present, self.hidden, self.read_whole)

    def find(self, it: Thread, dump: str = "b", *, matching: Matching | None = None, called: str = "x") -> Matched:
        card = self.cards[dump]
        taken: Any = SimpleNamespace(
            dump=dump, entry=SimpleNamespace(card=card), chose=lambda it: bool(card.id) and not it.source.several
        )
        return (matching or self.matching()).find(taken, it, called, ())


@pytest.fixture
def dumps() -> Dumps:
    it = Dumps(a=Card(), b=Card())
    it.publish(thread(SAID, "gate"), "a")
    return it


def test_a_thread_of_another_dump_is_joined_with_the_debate_that_it_is_like(dumps: Dumps) -> None:
    assert dumps.find(thread(SAID, "x")).joined == ["gate"]
    assert dumps.find(thread(OTHER, "x")).joined == []
    # Its own dump's debate is not another dump's.
    assert dumps.find(thread(SAID, "x"), "a").joined == []


def test_debates_that_no_dump_publishes_are_compared_too(dumps: Dumps) -> None:
    dumps.publish(thread(OTHER, "weir"), "c", present=False)
    dumps.cards["c"] = Card()
    assert dumps.find(thread(OTHER, "x")).joined == ["weir"]


def test_what_is_placed_while_a_pass_reads_is_compared_and_does_not_need_another_pass(dumps: Dumps) -> None:
    matching = dumps.matching()
    dumps.publish(thread(OTHER, "weir"), "a")
    assert dumps.find(thread(OTHER, "x"), matching=matching).joined == ["weir"]
    assert not matching.connected


def test_with_one_dump_nothing_is_compared(dumps: Dumps) -> None:
    del dumps.cards["a"]
    assert dumps.matching().known == {}
    assert dumps.find(thread(SAID, "x")).joined == []
    dumps.cards["a"] = Card()
    assert dict(dumps.matching().known) == {"gate": "a"}


def test_dumps_that_share_a_debate_are_read_whole_unless_all_of_them_are(dumps: Dumps) -> None:
    for whole, connected in (
        (set(), {"a", "b"}),
        ({"a"}, {"a", "b"}),
        ({"b"}, {"a", "b"}),
        ({"a", "b"}, set()),
        ({"a", "b", "c"}, set()),
    ):
        dumps.read_whole = whole
        matching = dumps.matching()
        dumps.find(thread(SAID, "x"), matching=matching)
        assert matching.connected == connected
    dumps.read_whole = set()
    matching = dumps.matching()
    dumps.find(thread(OTHER, "x"), matching=matching)
    assert not matching.connected


def test_all_dumps_of_a_joined_debate_are_read_whole(dumps: Dumps) -> None:
    dumps.cards["c"] = Card()
    dumps.parts.add("gate", "a", thread(SAID, "gate"), "gate")
    dumps.parts.add("gate", "c", thread(SAID, "gate"), "gate")
    matching = dumps.matching()
    assert dumps.find(thread(SAID, "x"), matching=matching).joined == ["gate"]
    assert matching.connected == {"a", "b", "c"}
    # Those that are found earlier stay so.
    dumps.cards["d"] = Card()
    dumps.publish(thread(OTHER, "weir"), "d")
    matching = dumps.matching()
    dumps.find(thread(SAID, "x"), matching=matching)
    dumps.find(thread(OTHER, "y"), matching=matching)
    assert matching.connected == {"a", "b", "c", "d"}


def test_a_dump_without_another_that_the_debate_was_in_is_not_read_again(dumps: Dumps) -> None:
    """Only its own dump has the debate that it is like: there is none to be joined with."""
    dumps.parts.add("gate", "b", thread(SAID, "gate"), "gate")
    matching = dumps.matching()
    dumps.find(thread(SAID, "x"), matching=matching)
    assert not matching.connected


@pytest.mark.parametrize("apart", ["a", "b"])
def test_a_card_keeps_its_dump_apart_from_others(dumps: Dumps, apart: str) -> None:
    dumps.cards[apart] = Card(apart=True)
    matching = dumps.matching()
    assert dumps.find(thread(SAID, "x"), matching=matching).joined == []
    assert not matching.connected


def test_a_card_of_a_third_dump_keeps_nothing_apart(dumps: Dumps) -> None:
    dumps.cards["c"] = Card(apart=True)
    assert dumps.find(thread(SAID, "x")).joined == ["gate"]
    # A dump that is gone has no card any more.
    dumps.parts.add("gate", "a", thread(SAID, "gate"), "gate")
    dumps.parts.add("gate", "gone", thread(SAID, "gate"), "gate")
    assert dumps.find(thread(SAID, "x")).joined == ["gate"]
    dumps.parts.add("gate", "c", thread(SAID, "gate"), "gate")
    assert dumps.find(thread(SAID, "x")).joined == []


@pytest.mark.parametrize(
    ("native", "join_dumps", "joined"),
    [
        ("<1@mill.example>", False, False),
        ("<1@mill.example>", True, True),
        ("1", False, True),
        (None, False, True),
        ("<1@mill.example>, again", False, True),
    ],
)
def test_only_messages_are_kept_apart_by_the_setting(
    dumps: Dumps, native: str | None, join_dumps: bool, joined: bool
) -> None:
    dumps.join_dumps = join_dumps
    assert dumps.find(thread(SAID, "x", native)).joined == (["gate"] if joined else [])


def test_dumps_to_which_the_publisher_gives_one_id_are_one_debate() -> None:
    dumps = Dumps(a=Card(id="y"), b=Card(id="y"), c=Card(id="z"), d=Card())
    dumps.publish(thread(SAID, "gate"), "a")
    other = thread(OTHER, "x")
    assert dumps.find(other, "b").joined == ["gate"]
    assert dumps.find(other, "c").joined == []
    assert dumps.find(other, "d").joined == []
    # The id is for a dump of one thread.
    several = replace(other, source=replace(other.source, several=True))
    assert dumps.find(several, "b").joined == []


def test_dumps_without_an_id_have_none_in_common(dumps: Dumps) -> None:
    assert dumps.find(thread(OTHER, "x")).joined == []


def test_debates_with_the_natural_id_of_the_thread_are_compared_by_less(dumps: Dumps) -> None:
    one = [SAID[0], *OTHER[1:]]
    assert dumps.find(thread(one, "x"), called="x").joined == []
    assert dumps.find(thread(one, "x"), called="gate").joined == ["gate"]


def test_a_thread_has_the_published_ids_and_an_address_without_names(dumps: Dumps) -> None:
    dumps.base.execute("UPDATE published SET old = 1")
    dumps.masked = "masked"
    found = dumps.find(thread(SAID, "x"), "a")
    assert found.thread.id == "masked"
    dumps.masked = ""
    assert dumps.find(thread(SAID, "x"), "a").thread.id == "gate"
    assert dumps.find(thread(OTHER, "x"), "a").thread.id == "x"
