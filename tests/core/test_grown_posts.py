"""Where a hidden post may be in a later copy of its page: what the search itself finds, without a build."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from rostra.identity import ledger_file
from rostra.identity.ledger import traits
from rostra.identity.registry import Registry
from rostra.model import Author, Former, Post, RawPost, RawThread, Source, Thread
from rostra.readers import Dump
from rostra.threads.assemble import assemble
from rostra.threads.earlier_readings import LineRange
from rostra.threads.grown_posts import GrownPosts, holders, may_be_by, shares_words
from support.noted_ledger import note

Said = tuple[str | None, str]
"""A post of a page: who said it, and what."""

ASK, HIDDEN, OTHER = ("Ada", "Who opened the gate?"), ("Bede", "Alpha saw the miller."), ("Cy", "Nobody asked you.")
LATER = ("Bede", "The bridge is shut."), ("Bede", "So is the upper mill.")
"""Of one new post, the ledger would say that it is the hidden one."""
LOST = {body: [HIDDEN[1]] for _, body in LATER}
GROWN = ("Bede", "Alpha saw the miller.\nAnd Delta.")


def copied(*said: Said, id: str = "gate", ids: bool = False) -> tuple[str, Thread]:
    """A copied page, and the debate that is read from it: a line with the author above each post."""
    lines, posts = list[str](), list[RawPost]()
    for n, (author, body) in enumerate(said):
        lines += [author or "-", *body.split("\n")]
        first = len(lines) - body.count("\n")
        posts.append(
            RawPost(
                key=str(n), native_id=str(n) if ids else None, parent="0" if n else None, line=first, body=body,
                author=Author(name=author) if author else None,
            )
        )  # fmt: skip
    source = Source(path="", format="", sha256="")
    return "\n".join(lines), assemble(RawThread(posts=tuple(posts)), id=id, title="T", source=source)


class Archive:
    """A ledger that knows some copied pages, and the search for what is hidden of them."""

    def __init__(self, folder: Path, gone: str | None = None, **pages: tuple[str, Thread]) -> None:
        self.folder = folder
        self.base = base = sqlite3.connect(":memory:")
        base.executescript(ledger_file.TABLES)
        path = folder / "rostra.ledger"
        note(path, *((thread, f"{name}.txt") for name, (_, thread) in pages.items()), gone=gone)
        self.registry = Registry(base, path)
        self.registry.load()
        self.grown = GrownPosts(self.registry)
        self.bodies = {(thread.id, post.id): post.raw.body for _, thread in pages.values() for post in thread.posts}

    def hide(self, *bodies: str) -> Archive:
        """Hide the posts that say this."""
        self.grown.begin(lambda former, _: self.bodies.get((former.debate, former.post)) in bodies)
        return self

    def look(self, name: str, *pages: tuple[str, Thread]) -> list[Thread]:
        """Search a dump; return its debates with the ids that they were published under."""
        path = self.folder / f"{name}.txt"
        path.write_text("\n".join(text for text, _ in pages))
        threads = [thread for _, thread in pages]
        self.grown.look(Dump(path, f"{name}.txt"), threads)
        dumps = {f"{name}.txt"}
        return [self.registry.settle(each, chosen=False, dump=f"{name}.txt", dumps=dumps, taken=()) for each in threads]

    def held(self, name: str, thread: Thread) -> dict[str, list[str]]:
        """The bodies of a debate that may contain hidden ones, with these."""
        said = {post.id: post.raw.body for post in thread.posts}
        found = self.grown.held(f"{name}.txt", thread)
        return {said[id]: [self.bodies[each.debate, each.post] for each in formers] for id, formers in found.items()}

    def found(self, *said: Said, name: str = "gate", id: str = "gate") -> dict[str, list[str]]:
        (thread,) = self.look(name, copied(*said, id=id))
        return self.held(name, thread)


@pytest.fixture
def gate(tmp_path: Path) -> Archive:
    return Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER)).hide(HIDDEN[1])


def test_a_post_that_stayed_is_in_no_other(gate: Archive) -> None:
    assert gate.found(ASK, HIDDEN, OTHER, *LATER) == {}


def test_a_post_that_grew_is_found_by_its_lines(gate: Archive) -> None:
    assert gate.found(ASK, GROWN, OTHER, *LATER) == {GROWN[1]: [HIDDEN[1]]}


def test_otherwise_it_may_be_in_every_new_post_of_its_author(gate: Archive) -> None:
    nobody = (None, "It was me.")
    assert gate.found(ASK, OTHER, *LATER, nobody, ("Dot", "Not me.")) == {**LOST, nobody[1]: [HIDDEN[1]]}


def test_a_post_without_words_holds_none(gate: Archive) -> None:
    assert gate.found(ASK, OTHER, ("Bede", "")) == {}


def test_what_is_not_hidden_is_not_searched(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER)).hide()
    assert not archive.grown.wants("gate.txt")
    assert not archive.grown.wants("new.txt")
    assert archive.found(ASK, GROWN, OTHER, *LATER) == {}


def test_a_post_with_an_id_in_its_source_is_not_searched(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER, ids=True)).hide(HIDDEN[1])
    assert not archive.grown.wants("gate.txt")
    assert archive.found(ASK, GROWN, OTHER, *LATER) == {}


def test_a_dump_is_searched_if_it_had_the_debate_or_is_new(tmp_path: Path) -> None:
    weir = copied(("Dot", "How deep is it?"), id="weir")
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN), weir=weir).hide(HIDDEN[1])
    assert [archive.grown.wants(f"{name}.txt") for name in ("gate", "weir", "new")] == [True, False, True]


def test_a_dump_that_was_not_searched_holds_nothing(gate: Archive) -> None:
    _, thread = copied(ASK, GROWN, OTHER)
    assert gate.held("gate", thread) == {}


def test_a_new_dump_holds_it_only_if_a_post_of_its_debate_is_there(gate: Archive) -> None:
    # Three words tell which debate it is; fewer are said in many.
    assert gate.found(ASK, *LATER, name="new", id="new") == LOST
    assert gate.found(("Cy", "Yes, sir."), *LATER, name="other", id="other") == {}


@pytest.mark.parametrize("few", ["I agree.", "Yes."])
def test_few_words_are_found_by_their_lines_while_they_are_known_to_be_published(tmp_path: Path, few: str) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, ("Bede", few), OTHER)).hide(few)
    assert archive.found(ASK, ("Bede", f"{few}\nAnd Delta."), OTHER, *LATER) == {f"{few}\nAnd Delta.": [few]}


def test_a_post_that_is_there_twice_as_before_is_not_lost(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, HIDDEN, OTHER)).hide(HIDDEN[1])
    assert archive.found(ASK, HIDDEN, HIDDEN, OTHER, *LATER) == {}


def test_of_a_post_that_is_there_once_less_the_rest_may_hold_it(tmp_path: Path) -> None:
    twice = ("Bede", "Shut it now, please."), ("Bede", "Shut it now, please.")
    archive = Archive(tmp_path, gate=copied(ASK, *twice, OTHER)).hide(twice[0][1])
    assert set(archive.found(ASK, twice[0], OTHER, *LATER)) == {*LOST}


def test_where_nothing_is_new_nothing_holds_it(gate: Archive) -> None:
    assert gate.found(ASK, OTHER) == {}


def test_a_post_that_was_published_before_does_not_hold_what_is_lost(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER, *LATER)).hide(HIDDEN[1])
    assert archive.found(ASK, OTHER, *LATER) == {}


def test_what_one_dump_holds_as_it_was_is_lost_in_no_other(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER)).hide(HIDDEN[1])
    (first,) = archive.look("gate", copied(ASK, OTHER, *LATER))
    archive.look("new", copied(ASK, HIDDEN))
    assert archive.held("gate", first) == {}


def test_what_one_dump_holds_as_lines_is_lost_in_no_other(tmp_path: Path) -> None:
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER)).hide(HIDDEN[1])
    (first,) = archive.look("gate", copied(ASK, OTHER, *LATER))
    (second,) = archive.look("new", copied(ASK, GROWN, id="new"))
    assert archive.held("gate", first) == {}
    assert archive.held("new", second) == {GROWN[1]: [HIDDEN[1]]}


def test_another_debate_of_the_dump_does_not_hold_it_and_a_new_one_may(tmp_path: Path) -> None:
    weir = copied(("Dot", "How deep is the weir?"), ("Cy", "As deep as a man."), id="weir")
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER), weir=weir).hide(HIDDEN[1])
    later = ("Bede", "Deeper since the flood.")
    found = archive.look(
        "gate",
        copied(ASK, OTHER),
        copied(("Dot", "How deep is the weir?"), ("Cy", "As deep as a man."), later, id="weir"),
        copied(*LATER, id="bridge"),
    )
    assert [archive.held("gate", each) for each in found] == [{}, {}, LOST]


@pytest.mark.parametrize(("later", "found"), [((GROWN, ("Bede", "No.")), {GROWN[1]: [HIDDEN[1]]}), (LATER, LOST)])
def test_what_grew_is_a_new_post_only(tmp_path: Path, later: tuple[Said, ...], found: dict[str, list[str]]) -> None:
    # Somebody else said the same, and still does.
    same = ("Dot", GROWN[1])
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, same)).hide(HIDDEN[1])
    assert archive.found(ASK, same, *later) == found


def test_the_ledger_s_record_of_what_holds_it_is_searched_on(tmp_path: Path) -> None:
    first = copied(ASK, GROWN, OTHER)
    archive = Archive(tmp_path, gate=first)
    holder = first[1].posts[1]
    archive.registry.formers.add(Former("mill", "p-1", ""), ("gate", holder.id), old=True)
    archive.bodies["mill", "p-1"] = "what it was"
    archive.hide("what it was")
    grown = ("Bede", f"{GROWN[1]}\nAnd more.")
    assert archive.found(ASK, grown, OTHER) == {grown[1]: ["what it was"]}


def test_a_post_without_words_or_with_an_id_is_not_searched_where_it_holds_another_either(tmp_path: Path) -> None:
    for page in (copied(ASK, ("Bede", "!!!")), copied(ASK, GROWN, ids=True)):
        archive = Archive(tmp_path, gate=page)
        archive.registry.formers.add(Former("mill", "p-1", ""), ("gate", page[1].posts[1].id), old=True)
        archive.bodies["mill", "p-1"] = "what it was"
        assert not archive.hide("what it was", "!!!").grown.wants("gate.txt")


def test_a_post_that_moved_is_searched_where_it_is(tmp_path: Path) -> None:
    mill, gate = copied(("Eve", "So what?"), HIDDEN, id="mill"), copied(ASK, HIDDEN)
    archive = Archive(tmp_path, mill=mill, gate=gate)
    where = (gate[1].posts[1].id, mill[1].posts[1].id)
    archive.base.execute("UPDATE published SET there = 'gate', at = ? WHERE debate = 'mill' AND post = ?", where)
    archive.grown.begin(lambda former, _: former.debate == "mill" and former.post == where[1])
    assert [archive.grown.wants(f"{name}.txt") for name in ("gate", "mill")] == [True, False]


def test_few_words_do_not_tell_of_which_debate_a_new_dump_is(tmp_path: Path) -> None:
    yes = ("Cy", "Yes.")
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, yes)).hide(HIDDEN[1])
    assert archive.found(yes, *LATER, name="new", id="new") == {}


def test_a_dump_of_the_debate_holds_it_though_nothing_else_is_left(gate: Archive) -> None:
    assert gate.found(("Dot", "All of it is new."), *LATER) == LOST


def test_what_another_debate_says_is_new_here(tmp_path: Path) -> None:
    beta = "Beta fell in there."
    weir = copied(("Dot", "How deep is the weir?"), ("Bede", "Yes."), ("Bede", beta), id="weir")
    archive = Archive(tmp_path, gate=copied(ASK, HIDDEN, OTHER), weir=weir).hide(HIDDEN[1], beta)
    assert set(archive.found(ASK, OTHER, ("Bede", "Yes."), ("Bede", "No."))) == {"Yes.", "No."}


@pytest.mark.parametrize(
    ("gone", "later", "found"),
    [
        (HIDDEN, (GROWN, ("Bede", "No.")), {GROWN[1]: [HIDDEN[1]]}),
        (HIDDEN, LATER, {}),
        (("Bede", "Yes."), (("Bede", "Yes.\nAnd Delta."), ("Bede", "No.")), {}),
    ],
)
def test_a_post_that_was_gone_is_found_by_its_lines_only_and_by_many_words(
    tmp_path: Path, gone: Said, later: tuple[Said, ...], found: dict[str, list[str]]
) -> None:
    archive = Archive(tmp_path, gone=gone[1], gate=copied(ASK, gone, OTHER)).hide(gone[1])
    assert archive.found(ASK, OTHER, *later) == found


@pytest.mark.parametrize("kept", [0, 1])
def test_of_two_hidden_posts_the_one_that_is_nowhere_is_searched(tmp_path: Path, kept: int) -> None:
    hidden = HIDDEN, ("Bede", "Beta fell in there.")
    archive = Archive(tmp_path, gate=copied(ASK, *hidden, OTHER)).hide(*(body for _, body in hidden))
    (first,) = archive.look("gate", copied(ASK, OTHER, *LATER, ("Bede", "And so on.")))
    archive.look("new", copied(ASK, hidden[kept]))
    assert {body for found in archive.held("gate", first).values() for body in found} == {hidden[1 - kept][1]}


def test_a_run_is_held_by_posts_that_begin_on_its_lines_or_above(tmp_path: Path) -> None:
    _, thread = copied(("Ada", "a b c"), ("Bede", "b c d"), ("Cy", "c d e"), ("Dot", "d e f"))
    assert [post.raw.line for post in thread.posts] == [2, 4, 6, 8]

    def held(first: int, last: int, words: str) -> list[int]:
        return [n for n, _ in holders(thread, [LineRange("x", first, last, words.split())])]

    assert held(4, 6, "b c d") == [1, 2]
    assert held(5, 6, "b c d") == [1, 2]
    assert held(4, 5, "b c d") == [1]
    assert held(1, 8, "d") == [1, 2, 3]
    assert held(6, 9, "x") == []
    assert held(1, 3, "a b c") == [0]
    assert held(8, 9, "d e f") == [3]


def test_of_posts_that_begin_on_one_line_each_may_hold_a_run() -> None:
    _, thread = copied(("Ada", "a b c"), ("Bede", "a b c"), ("Cy", "a b c"))
    posts = tuple(replace(post, raw=replace(post.raw, line=2)) for post in thread.posts)
    found = holders(replace(thread, posts=posts), [LineRange("x", 2, 2, ["a", "b", "c"])])
    assert [n for n, _ in found] == [0, 1, 2]


@pytest.mark.parametrize(
    ("words", "run", "shared"),
    [
        ("a b c d", "x b c d", True),
        ("a b c", "x a b", True),
        ("b c a", "a x y", True),
        ("a b c d", "x b c y", False),
        ("a", "x a y", True),
        ("a b", "x a y b", False),
        ("", "a", False),
        ("a", "", False),
        ("x a b c", "a b c", True),
        ("x a b y c", "z a b w c", False),
    ],
)
def test_words_are_shared_in_a_row_or_at_the_ends(words: str, run: str, shared: bool) -> None:
    assert shares_words(words.split(), run.split()) == shared


def post(author: str | None, created: str | None = None) -> Post:
    raw = RawPost(key="1", author=Author(name=author) if author else None, created=created, body="Alpha.")
    return Post(id="p-1", parent=None, depth=0, raw=raw)


@pytest.mark.parametrize(
    ("was", "now", "may"),
    [
        (post("Ada"), post("Ada"), True),
        (post("Ada"), post("Bede"), False),
        (post("Ada"), post("Ada", "2001-01-01T10:00:00Z"), True),
        (post("Ada"), post("Bede", "2001-01-01T10:00:00Z"), False),
        (post("Ada"), post(None), True),
        (post(None), post("Ada"), True),
        # With two times, it is known to be another post; with one, nothing is known.
        (post("Ada", "2001-01-01T10:00:00Z"), post("Ada", "2001-01-01T10:00:00Z"), True),
        (post("Ada", "2001-01-01T10:00:00Z"), post("Ada", "2001-01-01T11:00:00Z"), False),
        (post("Ada", "2001-01-01T10:00:00Z"), post("Ada"), True),
        (post("Ada", "2001-01-01T10:00:00Z"), post(None, "2001-01-01T11:00:00Z"), True),
    ],
)
def test_who_may_have_written_a_hidden_post(was: Post, now: Post, may: bool) -> None:
    assert may_be_by(now, traits(was)) == may
