"""The table of former posts whose words are in present ones."""

from __future__ import annotations

import sqlite3

import pytest

from rostra.identity.former_words import TABLES, FormerWords
from rostra.model import Former

OLD, NEW, OTHER = Former("gate", "p-1", "m"), Former("gate", "p-2", "m"), Former("weir", "p-1", "m")


@pytest.fixture
def words() -> FormerWords:
    base = sqlite3.connect(":memory:")
    base.executescript(TABLES)
    made = FormerWords(base)
    made.add(OLD, ("weir", "p-9"), old=True)
    made.add(OLD, ("gate", "p-1"), old=True)
    made.add(NEW, ("weir", "p-8"))
    made.add(OTHER, ("weir", "p-1"))
    return made


def test_only_what_the_ledger_says_is_read_back(words: FormerWords) -> None:
    assert list(words.lines("gate")) == [("p-1", ("gate", "p-1"), "m"), ("p-1", ("weir", "p-9"), "m")]
    assert list(words.lines("weir")) == []
    assert list(words.contained("weir")) == [("p-9", OLD)]
    assert sorted(words.holders()) == [(OLD, ("gate", "p-1")), (OLD, ("weir", "p-9"))]
    assert words.debates(("gate", "p-1")) == ["gate", "weir"]
    assert words.debates(("gate", "p-2")) == ["weir"]
    assert words.debates(("weir", "p-9")) == []


def test_what_is_there_twice_is_there_once_and_as_old_as_it_was(words: FormerWords) -> None:
    words.add(OLD, ("weir", "p-9"))
    words.add(NEW, ("weir", "p-8"), old=True)
    assert len(list(words.lines("gate"))) == 2
    words.add(NEW, ("weir", "p-7"))
    assert words.debates(("gate", "p-2")) == ["weir"]


def test_a_debate_s_news_are_forgotten_and_what_is_old_stays(words: FormerWords) -> None:
    words.drop("gate")
    assert list(words.counts()) == [(OLD, 2, 1), (NEW, 1, 0), (OTHER, 1, 1)]
    words.drop("weir")
    assert list(words.counts()) == [(OLD, 2, 1)]


def test_settling_makes_a_debate_s_former_posts_old(words: FormerWords) -> None:
    words.settle("gate")
    assert [post for post, *_ in words.lines("gate")] == ["p-1", "p-1", "p-2"]
    assert list(words.lines("weir")) == []
    words.drop("weir")
    assert list(words.counts()) == [(OLD, 2, 1), (NEW, 1, 0)]


def test_each_former_post_is_counted_with_those_at_its_own_address(words: FormerWords) -> None:
    words.add(Former("gate", "p-1", "n"), ("gate", "p-2"))
    counted = list(words.counts())
    assert [(each.debate, each.post) for each, *_ in counted] == [("gate", "p-1"), ("gate", "p-1"), ("gate", "p-2"), ("weir", "p-1")]  # fmt: skip
    assert {each: (many, itself) for each, many, itself in counted} == {
        OLD: (2, 1),
        Former("gate", "p-1", "n"): (1, 0),
        NEW: (1, 0),
        OTHER: (1, 1),
    }
