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

    def __init__(
        self, folder: Path, *before: tuple[Thread, str], reading: int = READING - 1, gone: str | None = None
    ) -> None:
        self.folder = folder
        self.base = sqlite3.connect(":memory:")
        self.base.executescript(ledger_file.TABLES)
        self.ledger = folder / "rostra.ledger"
        note(self.ledger, *before, reading=reading, gone=gone)
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


def test_with_the_present_version_only_hidden_posts_are_searched(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER), page(ASK, ("Bede", f"{TWO}\nAnd Delta."), OTHER)
    for hidden in ((), (TWO,)):
        made = Read(tmp_path, (before, "gate.txt"), reading=READING)
        dump = made.dump("gate.txt", lines(now), now)
        known = made.dump("known.txt", lines(now), now)
        made.registry.debates.load("mill", dump="known.txt")
        made.begin(*hidden)
        assert made.holds(dump, now) == ({f"{TWO}\nAnd Delta.": {TWO}} if hidden else {})
        # A dump that is known to be of another debate is not searched.
        assert made.holds(known, now) == {}
    # If an earlier version published the posts, they are searched as what that read.
    assert read(tmp_path, before, now, TWO, text=lines(now)) == {f"{TWO}\nAnd Delta.": {TWO}}


def test_a_post_that_is_said_as_often_as_before_is_read_as_before(tmp_path: Path) -> None:
    before = page(ASK, HIDDEN, HIDDEN, OTHER)
    assert read(tmp_path, before, page(ASK, HIDDEN, HIDDEN, OTHER), TWO) == {}
    # Once less, each may hold the other.
    assert read(tmp_path, before, page(ASK, HIDDEN, OTHER), TWO) == {TWO: {TWO}}
    # What another dump said does not count.
    made = Read(tmp_path, (page(ASK, HIDDEN), "gate.txt"), (page(ASK, HIDDEN, id="weir"), "weir.txt"))
    now = page(ASK, HIDDEN)
    dump = made.dump("gate.txt", lines(now), now)
    assert made.begin(TWO).holds(dump, now) == {}


def test_of_two_dumps_of_a_debate_one_that_holds_a_post_is_enough(tmp_path: Path) -> None:
    edited = page(ASK, ("Bede", "Nobody saw the old miller."), OTHER)
    for second, held in ((page(ASK, *CUT), {}), (page(ASK), {"Nobody saw the old miller.": {TWO}})):
        made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"))
        dump = made.dump("gate.txt", lines(edited), edited)
        made.dump("more.txt", lines(second), second)
        assert made.begin(TWO).holds(dump, edited) == held


def test_an_id_that_no_dump_has_does_not_find_a_post(tmp_path: Path) -> None:
    before = page(ASK, HIDDEN, OTHER, ids=True)
    now = page(ASK, ("Bede", "Nobody saw the old miller."))
    assert read(tmp_path, before, now, TWO, text=lines(now)) == {"Nobody saw the old miller.": {TWO}}


def test_a_dump_of_the_debate_holds_it_though_nothing_else_is_left(tmp_path: Path) -> None:
    now = page(("Dot", "All of it is new."))
    assert read(tmp_path, page(ASK, HIDDEN), now, TWO, text=lines(now)) == {"All of it is new.": {TWO}}


def test_the_times_of_its_dump_tell_whether_a_lost_post_is_hidden(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, day=1), page(ASK, ("Bede", "All of it is new."), day=2)
    made = Read(tmp_path, (before, "gate.txt"))
    dump = made.dump("gate.txt", lines(now), now)
    asked: list[set[str]] = []
    made.formers.begin(lambda _, times: bool(asked.append(set(times))), made.dumps)
    assert {"2024-03-02T09:00:00Z", "2024-03-02T09:00:01Z"} in asked
    # At another time, a post holds the one that said the same.
    assert made.holds(dump, now) == {ASK[1]: {ASK[1]}}


def test_a_post_at_another_time_holds_its_words_and_not_itself(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER, day=1), "gate.txt"))
    second = page(HIDDEN, id="weir", day=1)
    dump = made.dump("gate.txt", lines(page(ASK, HIDDEN, OTHER)), page(ASK, day=1), second)
    made.begin(TWO)
    assert made.formers.attached(dump.name, second).posts[0].history.holds == ()
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER, day=1), "gate.txt"))
    third = page(ASK, HIDDEN, day=1)
    dump = made.dump("gate.txt", lines(third), third)
    made.begin(TWO)
    # At its address it is itself.
    assert made.formers.attached(dump.name, third).posts[1].history.holds == ()
    (former,) = made.formers.attached(dump.name, replace(third, id="weir")).posts[1].history.holds
    assert former.debate == "gate"


def test_a_dump_that_grew_is_searched_again_for_what_is_not_read_any_more(tmp_path: Path) -> None:
    before = page(ASK, HIDDEN, OTHER)
    made = Read(tmp_path, (before, "gate.txt"), reading=READING)
    dump = made.dump("gate.txt", lines(before), before)
    made.begin()
    first = page(ASK, *CUT, OTHER)
    second = page(("Ada", "Who opened"), ("Eve", "the gate?"), HIDDEN, OTHER)
    assert [len(post.history.readings) for post in made.formers.marked(dump, first).posts] == [0, 1, 0, 0]
    assert [len(post.history.readings) for post in made.formers.marked(dump, second).posts][2:] == [0, 0]
    assert [len(post.history.readings) for post in made.formers.marked(dump, first).posts] == [0, 1, 0, 0]
    # The next build reads the dump anew.
    (tmp_path / "gate.txt").write_text("nothing of it")
    made.begin()
    assert [len(post.history.readings) for post in made.formers.marked(dump, first).posts] == [0, 0, 0, 0]


def test_a_debate_of_which_one_post_has_an_id_is_not_searched(tmp_path: Path) -> None:
    now = page(ASK, *CUT, OTHER)
    some = replace(now, posts=(replace(now.posts[0], raw=replace(now.posts[0].raw, native_id="7")), *now.posts[1:]))
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"), reading=READING)
    dump = made.dump("gate.txt", lines(now), some)
    assert made.begin().formers.marked(dump, some) is some


@pytest.mark.parametrize("of", ["gone", "ids"])
def test_what_was_gone_or_had_an_id_is_not_searched_in_the_place_of_a_post(tmp_path: Path, of: str) -> None:
    before = page(ASK, HIDDEN, OTHER, ids=of == "ids")
    made = Read(tmp_path, (before, "gate.txt"), reading=READING, gone=TWO if of == "gone" else None)
    now = page(ASK, *CUT, OTHER)
    dump = made.dump("gate.txt", lines(before), now)
    assert all(not post.history.readings for post in made.begin().formers.marked(dump, now).posts)


def test_a_post_that_had_an_id_is_not_noted_as_read_in_the_place_of_another(tmp_path: Path) -> None:
    before, now = page(ASK, HIDDEN, OTHER, ids=True), page(ASK, *CUT, OTHER)
    made = Read(tmp_path, (before, "gate.txt"))
    dump = made.dump("gate.txt", lines(before), now)
    assert all(not post.history.readings for post in made.begin(TWO).formers.marked(dump, now).posts)


def test_what_another_debate_says_is_read_otherwise_here(tmp_path: Path) -> None:
    # A post with the words of a debate that is not near the dump may hold what is lost.
    weir = page(("Dot", "How deep is the weir?"), ("Bede", "Yes."), id="weir")
    made = Read(tmp_path, (page(ASK, HIDDEN, OTHER), "gate.txt"), (weir, "weir.txt"))
    now = page(ASK, ("Bede", "Yes."), OTHER)
    dump = made.dump("gate.txt", lines(now), now)
    assert made.begin(TWO).holds(dump, now) == {"Yes.": {TWO}}


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
    made.registry.formers.add(Former("brook", "p-1", ""), ("gate", before.posts[1].id), old=True)
    made.bodies |= {("mill", "p-1"): "what it was", ("brook", "p-1"): "and more"}
    dump = made.dump("gate.txt", lines(before), before)
    assert made.holds(dump, before) == {TWO: {"what it was", "and more"}}
    held = made.formers.attached(dump.name, before).posts[1].history.holds
    assert [each.debate for each in held] == ["brook", "mill"]


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


def test_a_post_has_all_that_was_read_in_its_place(tmp_path: Path) -> None:
    # One of the two is also read elsewhere now, so that only the other is not read any more.
    more = ("Eve", "And the weir is deep.")
    before, now = page(ASK, HIDDEN, more), page(ASK, ("Bede", f"{TWO}\n{more[1]}"), HIDDEN)
    made = Read(tmp_path, (before, "gate.txt"))
    dump = made.dump("gate.txt", lines(now), now)
    assert [len(post.history.readings) for post in made.begin().formers.marked(dump, now).posts] == [1, 2, 1]


def test_a_post_that_holds_itself_is_noted_only_if_it_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page(ASK, HIDDEN, OTHER)
    one, two, three = before.posts
    itself, other = Former("gate", two.id, ""), Former("mill", "p-1", "")
    held = replace(two, history=replace(two.history, holds=(itself, other)))
    for hidden, noted in (((), {other}), ((TWO,), {itself, other})):
        made = Read(tmp_path, (before, "gate.txt")).begin(*hidden)
        touched = set[str]()
        monkeypatch.setattr(made.registry, "touch", touched.add)
        made.formers.add(replace(before, posts=(one, held, three)))
        assert {former for former, *_ in made.registry.formers.counts()} == noted
        assert touched == {each.debate for each in noted}


@pytest.mark.parametrize(("day", "time"), [(0, ""), (1, "2024-03-01T09:00:01Z")])
def test_whether_a_post_is_hidden_is_asked_with_its_time(tmp_path: Path, day: int, time: str) -> None:
    before = page(ASK, HIDDEN, day=day)
    two = before.posts[1]
    held = replace(two, history=replace(two.history, holds=(Former("gate", two.id, ""),)))
    made, asked = Read(tmp_path, (before, "gate.txt")), list[set[str]]()
    made.formers.begin(lambda _, times: bool(asked.append(set(times))), ())
    asked.clear()
    made.formers.add(replace(before, posts=(before.posts[0], held)))
    assert asked == [{time}]


@pytest.mark.parametrize(("where", "number"), [("rostra.ledger", 3), ("part", 2)])
def test_a_problem_names_the_line_of_what_is_hidden_otherwise(tmp_path: Path, where: str, number: int) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN), "gate.txt"))
    name = f"rostra.ledger{PART}" if where == "part" else where
    said = [
        "# \xff",
        *["gate @ gate.txt"] * (number - 2),
        *(f"gate p-1 / weir p-{n} -" for n in (2, 3)),
        "gate p-7 / gate p-7 -",
    ]
    (tmp_path / name).write_bytes("".join(f"{line}\n" for line in said).encode("latin-1"))
    for post in ("p-2", "p-3"):
        made.registry.formers.add(Former("gate", "p-1", ""), ("weir", post), old=True)
    made.registry.formers.add(Former("gate", "p-7", ""), ("gate", "p-7"), old=True)
    (problem,) = made.formers.problems(lambda former: former.post == "p-1", lambda _: False)
    assert (problem.code, problem.line) == ("read-otherwise", number)
    assert problem.message.startswith("2 posts are hidden")
    assert "delete its line" in (problem.hint or "")
    # A post that only holds itself is named by the rule.
    assert [*made.formers.problems(lambda former: former.post == "p-7", lambda _: True)] == []
    assert len([*made.formers.problems(lambda former: former.post == "p-7", lambda _: False)]) == 1
    assert [*made.formers.problems(lambda _: False, lambda _: False)] == []


def test_without_a_ledger_there_is_no_line_to_name(tmp_path: Path) -> None:
    made = Read(tmp_path, (page(ASK, HIDDEN), "gate.txt"))
    made.registry.formers.add(Former("gate", "p-1", ""), ("weir", "p-2"), old=True)
    made.ledger.write_text("gate p-1 / weir p-2 -\n")
    (problem,) = made.formers.problems(lambda _: True, lambda _: False)
    assert problem.message.startswith("a post is hidden")
    made.ledger.unlink()
    assert [*made.formers.problems(lambda _: True, lambda _: False)] == []
