"""Which posts hold words of what an earlier version of Rostra read: what the search itself finds, without a build."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from rostra.identity import ledger_file
from rostra.identity.ledger import READING
from rostra.identity.registry import Registry
from rostra.model import Author, Former, RawPost, RawThread, Source, Thread
from rostra.output.journal import PART
from rostra.readers import Dump
from rostra.threads.assemble import assemble
from rostra.threads.former_posts import Formers
from support.noted_ledger import note

Said = tuple[str | None, str]
"""A post of a page: who said it, and what."""

ASK, OTHER = ("Ada", "Who opened the gate?"), ("Cy", "Nobody asked you.")
TWO = "Alpha saw the miller.\nHis name is Beta."
HIDDEN = ("Bede", TWO)
CUT = ("Bede", "Alpha saw the miller."), ("Eve", "His name is Beta.")


def page(*said: Said, id: str = "gate", day: int = 0, ids: bool = False, several: bool = False) -> Thread:
    """A debate that is read from a page, whose lines are those of its posts, one post below the other."""
    first, posts = 1, list[RawPost]()
    for n, (author, body) in enumerate(said):
        posts.append(
            RawPost(
                key=str(n), native_id=f"{id}{n}" if ids else None, parent="0" if n else None, line=first, body=body,
                author=Author(name=author) if author else None,
                created=f"2024-03-{day:02}T09:00:0{n}Z" if day else None,
            )
        )  # fmt: skip
        first += body.count("\n") + 1
    source = Source(path="", format="", sha256="", several=several)
    return assemble(RawThread(posts=tuple(posts)), id=id, title="T", source=source)


def lines(thread: Thread) -> str:
    return "\n".join(post.raw.body for post in thread.posts)


class Read:
    """A ledger of pages as they were read before, and the posts of the same dumps as they are read now."""

    def __init__(self, folder: Path, *before: tuple[Thread, str], reading: int = READING - 1) -> None:
        self.folder = folder
        self.base = sqlite3.connect(":memory:")
        self.base.executescript(ledger_file.TABLES)
        self.ledger = folder / "rostra.ledger"
        note(self.ledger, *before, reading=reading)
        self.registry = Registry(self.base, self.ledger)
        self.registry.load()
        self.formers = Formers(self.registry)
        self.bodies = {(thread.id, post.id): post.raw.body for thread, _ in before for post in thread.posts}
        self.dumps: list[tuple[Dump, tuple[Thread, ...]]] = []

    def dump(self, name: str, text: str, *threads: Thread) -> Dump:
        path = self.folder / name
        path.write_text(text)
        self.dumps.append((dump := Dump(path, name), threads))
        return dump

    def begin(self, *hidden: str) -> Read:
        def hides(former: Former, times: object) -> bool:
            return self.bodies.get((former.debate, former.post)) in hidden

        self.formers.begin(hides if hidden else None, self.dumps)
        return self

    def holds(self, dump: Dump, thread: Thread) -> dict[str, set[str]]:
        """The posts of a debate that hold words of former ones, each with what these said."""
        marked = self.formers.marked(dump, thread)
        whole = self.formers.attached(dump.name, marked)
        found = {
            post.raw.body: {self.bodies[each.debate, each.post] for each in post.history.holds} for post in whole.posts
        }
        return {body: said for body, said in found.items() if said}


def read(
    folder: Path, before: Thread, now: Thread, *hidden: str, text: str = "", reading: int = READING - 1
) -> dict[str, set[str]]:
    """What the posts of a page hold that was read otherwise."""
    made = Read(folder, (before, "gate.txt"), reading=reading)
    dump = made.dump("gate.txt", text or lines(before), now)
    return made.begin(*hidden).holds(dump, now)


def test_each_part_of_a_post_that_is_read_as_two_holds_it(tmp_path: Path) -> None:
    assert read(tmp_path, page(ASK, HIDDEN, OTHER), page(ASK, *CUT, OTHER)) == {CUT[0][1]: {TWO}, CUT[1][1]: {TWO}}


def test_what_is_read_as_before_holds_nothing(tmp_path: Path) -> None:
    same = page(ASK, HIDDEN, OTHER)
    assert read(tmp_path, same, same, TWO) == {}
    # By another author, it holds itself.
    assert read(tmp_path, same, page(ASK, ("Eve", TWO), OTHER)) == {TWO: {TWO}}


def test_with_the_present_version_nothing_is_searched(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER), page(ASK, *CUT, OTHER)
    assert read(tmp_path, before, now, reading=READING) == {}


def test_a_post_with_an_id_is_searched_only_if_it_is_hidden(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER, ids=True), page(ASK, *CUT, OTHER)
    assert read(tmp_path, before, now) == {}
    assert read(tmp_path, before, now, TWO) == {CUT[0][1]: {TWO}, CUT[1][1]: {TWO}}


def test_what_is_lost_may_be_in_every_post_that_is_read_otherwise(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER), page(ASK, ("Bede", "Alpha saw the old miller."), ("Dot", ""), OTHER)
    assert read(tmp_path, before, now, text=lines(now)) == {}
    assert read(tmp_path, before, now, TWO, text=lines(now)) == {"Alpha saw the old miller.": {TWO}}
    # What is not hidden is not lost.
    assert read(tmp_path, before, now, ASK[1], text=lines(now)) == {}


def test_a_hidden_post_that_is_there_by_its_words_or_its_id_is_not_lost(tmp_path: Path) -> None:
    more = ("Dot", "The weir is high today.")
    before = page(ASK, HIDDEN, OTHER)
    assert read(tmp_path, before, page(ASK, HIDDEN, OTHER, more), TWO, text="nothing of it") == {}
    edited = ("Bede", "Nobody saw the old miller.")
    with_ids = page(ASK, HIDDEN, OTHER, ids=True)
    assert read(tmp_path, with_ids, page(ASK, edited, OTHER, more, ids=True), TWO, text="nothing of it") == {}


def test_a_dump_of_another_debate_does_not_hold_what_is_lost(tmp_path: Path) -> None:
    weir = page(("Dot", "How deep is the weir?"), ("Bede", "As deep as a man."), id="weir")
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"), (weir, "weir.txt"))
    other = page(("Dot", "How deep is the weir?"), ("Bede", "Deeper since the flood."), id="weir")
    dump = made.dump("weir.txt", lines(other), other)
    assert made.begin(TWO).holds(dump, other) == {}
    # A new dump that says what the debate said may.
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"))
    copy = page(ASK, ("Bede", "Deeper since the flood."), id="copy")
    dump = made.dump("copy.txt", lines(copy), copy)
    assert made.begin(TWO).holds(dump, copy) == {"Deeper since the flood.": {TWO}}


def test_few_words_do_not_tell_of_which_debate_a_dump_is(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(("Ada", "Yes."), HIDDEN), "gate.txt"))
    copy = page(("Ada", "Yes."), ("Bede", "Deeper since the flood."), id="copy")
    dump = made.dump("copy.txt", lines(copy), copy)
    assert made.begin(TWO).holds(dump, copy) == {}


def test_a_post_that_is_now_in_another_debate_of_its_dump_holds_itself(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"))
    first, second = page(ASK, OTHER), page(HIDDEN, id="weir")
    dump = made.dump("gate.txt", lines(page(ASK, HIDDEN, OTHER)), first, second)
    made.begin(TWO)
    assert made.holds(dump, first) == {}
    assert made.holds(dump, second) == {TWO: {TWO}}
    # In another dump it is another post.
    other = made.dump("other.txt", TWO, second)
    made.begin(TWO)
    assert made.holds(other, second) == {}


def test_a_dump_that_was_not_searched_is_as_it_was(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt")).begin(TWO)
    now = page(ASK, *CUT, OTHER)
    path = tmp_path / "other.txt"
    path.write_text(lines(now))
    assert made.formers.attached("other.txt", now) is now


def test_the_ledger_s_record_is_read(tmp_path: Path) -> None:
    before = page(ASK, HIDDEN, OTHER)
    made = Read(tmp_path, (before, "gate.txt"), reading=READING).begin()
    made.registry.formers.add(Former("mill", "p-1", ""), ("gate", before.posts[1].id), old=True)
    made.bodies["mill", "p-1"] = "what it was"
    dump = made.dump("gate.txt", lines(before), before)
    assert made.holds(dump, before) == {TWO: {"what it was"}}


def test_each_post_has_what_was_read_in_its_place(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER), page(ASK, *CUT, OTHER)
    for reading in (READING - 1, READING):
        made = Read(tmp_path, (before, "gate.txt"), reading=reading)
        dump = made.dump("gate.txt", lines(before), now)
        marked = made.begin().formers.marked(dump, now)
        assert [len(post.history.readings) for post in marked.posts][1:3] == [1, 0]
    # It is not searched where posts have ids, or the dump has several debates.
    for other in (page(ASK, *CUT, OTHER, ids=True), page(ASK, *CUT, OTHER, several=True)):
        assert made.formers.marked(dump, other) is other


def test_a_post_that_holds_itself_is_noted_only_if_it_is_hidden(tmp_path: Path) -> None:
    before = page(ASK, HIDDEN, OTHER)
    one, two, three = before.posts
    itself, other = Former("gate", two.id, ""), Former("mill", "p-1", "")
    held = replace(two, history=replace(two.history, holds=(itself, other)))
    for hidden, noted in (((), {other}), ((TWO,), {itself, other})):
        made = Read(tmp_path, (before, "gate.txt")).begin(*hidden)
        made.formers.add(replace(before, posts=(one, held, three)))
        assert {former for former, *_ in made.registry.formers.counts()} == noted


@pytest.mark.parametrize(("where", "number"), [("rostra.ledger", 3), ("part", 2)])
def test_a_problem_names_the_line_of_what_is_hidden_otherwise(tmp_path: Path, where: str, number: int) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN), "gate.txt"))
    name = f"rostra.ledger{PART}" if where == "part" else where
    (tmp_path / name).write_text(
        "# a\n" + "gate @ gate.txt\n" * (number - 2) + "gate p-1 / weir p-2 -\ngate p-1 / weir p-3 -\n"
    )
    for post in ("p-2", "p-3"):
        made.registry.formers.add(Former("gate", "p-1", ""), ("weir", post), old=True)
    made.registry.formers.add(Former("gate", "p-7", ""), ("gate", "p-7"), old=True)
    (problem,) = made.formers.problems(lambda former: former.post == "p-1", lambda _: False)
    assert (problem.code, problem.line) == ("read-otherwise", number)
    assert problem.message.startswith("2 posts are hidden")
    # A post that only holds itself is named by the rule.
    assert [*made.formers.problems(lambda former: former.post == "p-7", lambda _: True)] == []
    assert [*made.formers.problems(lambda _: False, lambda _: False)] == []


def test_without_a_ledger_there_is_no_line_to_name(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN), "gate.txt"))
    made.registry.formers.add(Former("gate", "p-1", ""), ("weir", "p-2"), old=True)
    made.ledger.write_text("gate p-1 / weir p-2 -\n")
    (problem,) = made.formers.problems(lambda _: True, lambda _: False)
    assert problem.message.startswith("a post is hidden")
    made.ledger.unlink()
    assert [*made.formers.problems(lambda _: True, lambda _: False)] == []
