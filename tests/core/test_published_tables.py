"""Queries of the published posts and debates that one caller each needs."""

from __future__ import annotations

import sqlite3

import pytest

from rostra.identity import ledger_file
from rostra.identity.ledger import Traits
from rostra.identity.published_debates import PublishedDebates
from rostra.identity.published_posts import PublishedPosts


@pytest.fixture
def base() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    return base


def known(**of: str) -> Traits:
    return Traits(of.get("native", ""), of.get("words", "words00001"), of.get("moment", ""), "", "")


def test_a_ledger_is_as_if_just_built(base: sqlite3.Connection) -> None:
    posts = PublishedPosts(base)
    posts.load([("gate", f"p-{n}", "", "words00001", "", "", "", "", "", n) for n in (0, 1)])
    posts.as_built()
    assert [(post, bool(state.live)) for post, state in posts.steps("gate")] == [("p-0", True), ("p-1", False)]


def test_debates_of_a_post_are_those_of_the_ledger_file(base: sqlite3.Connection) -> None:
    posts = PublishedPosts(base)
    for debate, old in (("weir", True), ("gate", True), ("mill", False)):
        posts.publish(debate, [("p-1", known(), old), ("p-2", known(), True)])
    posts.publish("lock", [("p-3", known(), True)])
    assert posts.named("p-1") == ["gate", "weir"]


def test_unnumbered_posts_are_those_of_the_ledger_file_without_an_id(base: sqlite3.Connection) -> None:
    posts = PublishedPosts(base)
    posts.publish("gate", [("p-1", known(moment="m"), True), ("p-2", known(native="n"), True), ("p-3", known(), False)])
    assert posts.unnumbered() == [("gate", "p-1", "m")]


def test_debates_without_a_post_that_was_published_in_them_are_sorted(base: sqlite3.Connection) -> None:
    posts = PublishedPosts(base)
    for debate in ("weir", "gate", "mill"):
        posts.publish(debate, [("p-1", known(), True)])
    posts.retire("weir", restored=False)
    posts.retire("gate", restored=False)
    assert posts.with_missed() == ["gate", "weir"]


def test_what_the_ledger_file_does_not_say_of_posts_is_not_remembered(base: sqlite3.Connection) -> None:
    """A build that keeps its tables finds what one finds that reads the file."""
    posts = PublishedPosts(base)
    of = Traits("native0001", "words00001", "moment0001", "p-1", "sketch")
    posts.publish("gate", [(f"p-{n}", of, True) for n in range(1, 5)])
    posts.retire("gate", restored=False)
    posts.publish("gate", [("p-1", of, True)])
    posts.move("gate", "p-3", ("weir", "p-9"))
    posts.settle("gate", unsure=False)
    kept = base.execute("SELECT * FROM published ORDER BY post").fetchall()
    base.execute("DELETE FROM published")
    traits = ("native0001", "words00001", "moment0001", "p-1", "sketch")
    posts.load([
        ("gate", "p-1", *traits, "", "", False), ("gate", "p-2", *traits, "", "", True),
        ("gate", "p-3", "", "", "", "", "", "weir", "p-9", False), ("gate", "p-4", *traits, "", "", True),
    ])  # fmt: skip
    posts.revive("gate", "p-1")
    assert kept == base.execute("SELECT * FROM published ORDER BY post").fetchall()


def test_debates_of_a_dump(base: sqlite3.Connection) -> None:
    debates = PublishedDebates(base)
    debates.publish("gate", "a.txt")
    debates.publish("weir", "b.txt")
    assert debates.of_dump("a.txt") == ["gate"]
