"""What was published, and what became of it, as the store's tables hold it: each step by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from rostra.identity import ledger_file
from rostra.identity.ledger import READING, LedgerLine, Traits, line_of, traits
from rostra.identity.ledger_file import HEADING
from rostra.identity.registry import Registry
from rostra.model import Author, History, Kept, RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble
from support.noted_ledger import note

GATE = ("Who opened the upper gate?", "The miller did, at dusk.", "He has no right to it.", "Nobody asked us below.")
WEIR = ("How deep is the weir?", "As deep as a man.", "Deeper since the flood.", "It was measured in May.")


@pytest.fixture
def base() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    return base


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "rostra.ledger"


def thread(*said: str, id: str = "gate", **of: Any) -> Thread:
    """A debate of posts that have no ids in their source, each below the first; of ``by`` somebody, of ``ids``."""
    ids, by = of.get("ids", [None] * len(said)), of.get("by", "Ada")
    raw = tuple(
        RawPost(
            key=str(n), native_id=native, body=body, parent="0" if n else None,
            author=Author(name=by) if by else None, created=f"2024-03-04T09:00:0{n}Z" if of.get("timed", True) else None,
        )
        for n, (body, native) in enumerate(zip(said, ids, strict=True))
    )  # fmt: skip
    histories = {"0": History(readings=of.get("readings", ()))}
    return assemble(
        RawThread(posts=raw), id=id, title="T", source=Source(path="", format="", sha256=""), histories=histories
    )


def line(debate: str, post: str, known: Traits, **of: Any) -> str:
    return line_of(LedgerLine(debate, post, known=known, **of))


def opened(base: sqlite3.Connection, ledger: Path, *threads: tuple[Thread, str], reading: int = READING) -> Registry:
    if threads:
        note(ledger, *threads, reading=reading)
    made = Registry(base, ledger)
    made.load()
    return made


def row(base: sqlite3.Connection, debate: str, post: str) -> dict[str, Any] | None:
    cursor = base.execute("SELECT * FROM published WHERE debate = ? AND post = ?", (debate, post))
    found = cursor.fetchone()
    return dict(zip((each[0] for each in cursor.description), found, strict=True)) if found else None


def state(base: sqlite3.Connection, debate: str) -> list[tuple[int, int, int]]:
    return base.execute("SELECT live, old, gone FROM published WHERE debate = ? ORDER BY post", (debate,)).fetchall()


def settle(made: Registry, it: Thread, dump: str = "gate.txt", **of: Any) -> Thread:
    return made.settle(
        it, chosen=of.get("chosen", False), dump=dump, dumps=of.get("dumps", {dump}), taken=of.get("taken", ())
    )


def ids(it: Thread) -> list[str]:
    return [post.id for post in it.posts]


def test_what_is_published_for_the_first_time_is_written_and_old_from_then_on(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger)
    assert (made.touched, made.whole, made.unsure) == (True, True, {})
    it = thread(*GATE)
    made.add(it, "gate.txt")
    assert state(base, "gate") == [(1, 0, 0)] * 4
    assert made.dumps_of("gate") == ["gate.txt"]
    assert made.dumps_of("weir") == []
    assert made.debates.dumps() == {"gate.txt"}
    assert made.write()
    assert state(base, "gate") == [(1, 1, 0)] * 4
    part = ledger.with_name(ledger.name + ledger_file.PART)
    note(ledger, (it, "gate.txt"))
    assert part.read_text() == ledger.read_text()
    # What is the same is not written again.
    assert not made.write()
    assert not part.exists()


def test_the_file_is_not_looked_at_where_nothing_changed_unless_it_is_not_there(
    base: sqlite3.Connection, ledger: Path
) -> None:
    opened(base, ledger, (thread(*GATE), "gate.txt"))
    made = Registry(base, ledger)
    assert not made.touched
    ledger.write_text("another\n")
    assert not made.write()
    ledger.unlink()
    assert made.write()


def test_a_ledger_of_an_earlier_version_stays_one_until_every_dump_was_read(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*GATE), "gate.txt"), reading=0)
    made.add(thread(*GATE), "gate.txt")
    made.whole = False
    assert not made.write()
    made.whole = True
    assert made.write()
    part = ledger.with_name(ledger.name + ledger_file.PART)
    assert f"# reading {READING}\n" in part.read_text()


def test_lines_that_are_none_are_problems_of_the_file_as_it_will_be(base: sqlite3.Connection, ledger: Path) -> None:
    ledger.write_text(f"{HEADING}# reading {READING}\ngate @ gate.txt\nnothing\n")
    made = Registry(base, ledger)
    made.load()
    assert [problem.line for problem in made.problems()] == [4]
    assert not made.write()
    made.add(thread(*GATE), "gate.txt")
    assert made.write()
    assert [problem.line for problem in made.problems()] == [8]


def test_a_debate_that_was_never_written_is_forgotten_and_one_that_was_is_kept(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*WEIR, id="weir"), "weir.txt"))
    made.add(thread(*GATE), "gate.txt")
    made.add(thread(*WEIR, "And since?", id="weir"), "weir.txt")
    made.touched = False
    made.drop("gate")
    assert made.touched
    assert made.debates.dumps() == {"weir.txt"}
    made.drop("weir")
    assert made.debates.dumps() == {"weir.txt"}
    assert state(base, "gate") == []
    assert state(base, "weir") == [(0, 1, 0)] * 4
    assert made.gone() == ["weir"]
    made.note_missed()
    assert made.gone_debate("weir").kept == tuple(Kept(post=id) for id in sorted(ids(thread(*WEIR, id="weir"))))
    assert made.gone_debate("weir").reason is None
    assert not made.gone_debate("weir").unsure
    assert made.gone_debate("unknown").kept == ()


def test_what_a_build_changes_of_a_post_is_taken_back_where_its_debate_is_dropped(
    base: sqlite3.Connection, ledger: Path
) -> None:
    first = thread(*GATE, ids=["1", "2", "3", "4"])
    made = opened(base, ledger, (first, "gate.txt"))
    before = row(base, "gate", "p-1")
    made.add(thread("Other words altogether.", *GATE[1:], ids=["1", "2", "3", "4"]), "gate.txt")
    # A second dump's do not hide what was known before.
    made.add(thread("Words of a third dump.", *GATE[1:], ids=["1", "2", "3", "4"]), "gate.txt")
    assert row(base, "gate", "p-1") != before
    made.drop("gate")
    assert row(base, "gate", "p-1") == before


def test_what_moved_stays_moved_where_its_debate_is_dropped(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"))
    made.move("gate", "p-1", ("weir", "p-4"))
    made.drop("gate")
    moved = row(base, "gate", "p-1")
    assert moved is not None
    assert (moved["there"], moved["at"]) == ("weir", "p-4")


def test_what_was_elsewhere_and_comes_back_was_not_known_there(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"))
    base.execute("UPDATE published SET there = 'weir', at = 'p-4' WHERE post = 'p-1'")
    for _ in range(2):
        made.add(thread(*GATE[:2], ids=["1", "2"]), "gate.txt")
    assert [*made.posts.before("gate")] == ["p-2"]
    # If it does not stay, its address leads where it led.
    made.drop("gate")
    back = row(base, "gate", "p-1")
    assert back is not None
    assert (back["there"], back["at"], back["live"]) == ("weir", "p-4", 0)


def test_a_debate_that_does_not_stay_keeps_its_dumps(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE), "a.txt"))
    made.add(thread(*GATE), "b.txt", "c.txt")
    made.add(thread(*GATE), "d.txt")
    assert made.dumps_of("gate") == ["d.txt"]
    made.drop("gate")
    assert made.dumps_of("gate") == ["a.txt"]


def test_the_posts_of_two_debates_are_told_apart_by_these(base: sqlite3.Connection, ledger: Path) -> None:
    gate, weir = thread(*GATE[:2], ids=["1", "2"]), thread(*WEIR[:2], ids=["1", "3"], id="weir")
    made = opened(base, ledger, (gate, "gate.txt"), (weir, "weir.txt"))
    made.add(thread(*GATE[:3], ids=["1", "2", "3"]), "gate.txt")
    assert state(base, "gate") == [(1, 1, 0), (1, 1, 0), (1, 0, 0)]
    made.drop("gate")
    made.add(thread(*GATE[:1], ids=["1"]), "gate.txt", is_last=True)
    assert state(base, "gate") == [(1, 1, 0), (0, 1, 0)]
    assert state(base, "weir") == [(0, 1, 0), (0, 1, 0)]


def test_what_was_previewed_is_not_promised(base: sqlite3.Connection, ledger: Path) -> None:
    first = thread(*GATE, ids=["1", "2", "3", "4"])
    made = opened(base, ledger, (first, "gate.txt"))
    before = row(base, "gate", "p-1")
    made.add(thread("Other words altogether.", *GATE[1:], ids=["1", "2", "3", "4"]), "gate.txt")
    made.drop("weir")
    made.move("gate", "p-2", ("weir", "p-9"))
    again = Registry(base, ledger)
    assert again.touched
    assert before is not None
    assert row(base, "gate", "p-1") == before | {"live": 1}
    kept = row(base, "gate", "p-2")
    assert kept is not None
    assert (kept["there"], kept["at"]) == ("", "")
    assert not Registry(base, ledger).touched


def test_what_was_written_is_promised(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE, ids=["1", "2", "3", "4"]), "gate.txt"))
    made.add(thread("Other words altogether.", *GATE[1:], ids=["1", "2", "3", "4"]), "gate.txt")
    after = row(base, "gate", "p-1")
    assert made.write()
    assert not Registry(base, ledger).touched
    assert row(base, "gate", "p-1") == after


def test_a_post_that_is_last_good_stays_known_by_what_it_was(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"))
    before = row(base, "gate", "p-1")
    assert before is not None
    made.move("gate", "p-2", ("weir", "p-9"))
    made.add(thread("Masked words, all of them.", *GATE[1:3], ids=["1", "2", "3"]), "gate.txt", is_last=True)
    assert row(base, "gate", "p-1") == before | {"live": 1}
    assert state(base, "gate") == [(1, 1, 0), (1, 1, 0), (1, 0, 0)]
    moved = row(base, "gate", "p-2")
    assert moved is not None
    assert (moved["there"], moved["at"]) == ("", "")


def test_a_withdrawn_debate_keeps_its_addresses_and_a_reason_on_one_line(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"))
    made.add(thread(*GATE[:3], ids=["1", "2", "5"]), "gate.txt")
    now = thread(*GATE[1:3], ids=["2", "3"])
    made.withdraw(now, "It was\n private.", "gate.txt", "more.txt")
    assert made.debates.withdrawn() == ["gate"]
    assert made.dumps_of("gate") == ["gate.txt", "more.txt"]
    assert made.gone_debate("gate").reason == "It was private."
    assert state(base, "gate") == [(0, 1, 0), (0, 2, 0), (0, 2, 0)]
    made.note_missed()
    assert len(made.kept("gate")) == 3
    assert made.gone() == ["gate"]
    made.add(now, "gate.txt")
    assert (made.debates.withdrawn(), made.gone()) == ([], [])
    made.drop("gate")
    assert state(base, "gate") == [(0, 1, 0)] * 3


def test_what_is_hidden_is_hidden_in_what_is_not_published(base: sqlite3.Connection, ledger: Path) -> None:
    weir = thread(*WEIR[:2], id="weir")
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"), (weir, "weir.txt"))
    made.add(thread(*GATE[1:3], ids=["2", "3"]), "gate.txt")
    base.execute("UPDATE published SET live = 0 WHERE post = 'p-1'")
    made.hide("gate")
    assert state(base, "gate") == [(0, 2, 0), (1, 1, 0), (1, 0, 0)]
    assert state(base, "weir") == [(0, 1, 0)] * 2


def test_only_debates_whose_dump_failed_and_that_are_not_withdrawn_are_unsure(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(
        base, ledger,
        *((thread(*WEIR, id=id), f"{id}.txt") for id in ("a", "b", "c", "d")),
    )  # fmt: skip
    made.add(thread(*WEIR, id="b"), "b.txt")
    made.withdraw(thread(*WEIR, id="c"), "", "c.txt")
    made.note_failing({"a.txt", "b.txt", "c.txt"})
    assert made.unsure == {"a": "a.txt"}
    assert made.gone_debate("a").unsure
    made.note_failing(())
    assert made.unsure == {}


def test_a_debate_is_missing_for_now_where_any_of_its_dumps_fails(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, *((thread(*WEIR, id=id), f"{id}.txt") for id in "ab"))
    ledger.write_text(ledger.read_text() + "a @ d.txt\na @ c.txt\n")
    empty = sqlite3.connect(":memory:")
    empty.executescript(ledger_file.TABLES)
    made = opened(empty, ledger)
    assert made.dumps_of("a") == ["a.txt", "c.txt", "d.txt"]
    assert made.debates.of_dump("c.txt") == ["a"]
    for failing, unsure in (({"d.txt"}, "d.txt"), ({"d.txt", "c.txt"}, "c.txt"), ({"x.txt"}, None)):
        made.note_failing(failing)
        assert made.unsure.get("a") == unsure
        assert "b" not in made.unsure
    # Each of its dumps is a line of the file again.
    made.add(thread(*WEIR, id="a"), "d.txt", "b.txt")
    assert made.write()
    assert [line for _, lines in made.lines() for line in lines.splitlines() if "@" in line] == [
        "a @ b.txt", "a @ d.txt", "b @ b.txt",
    ]  # fmt: skip


def test_the_id_of_a_debate_stays_with_the_first_of_its_dumps_that_is_there(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*GATE), "b.txt"))
    base.execute("INSERT INTO read_from VALUES ('gate', 'c.txt')")
    mine = thread(*GATE, id="mine")
    # (The dump, those that are there, whether it is the debate.)
    for dump, dumps, own in (
        ("b.txt", "bc", True), ("c.txt", "bc", False), ("c.txt", "ac", True), ("a.txt", "abc", False),
        ("a.txt", "ac", False), ("a.txt", "a", True),
    ):  # fmt: skip
        assert (settle(made, mine, dump, dumps={f"{each}.txt" for each in dumps}).id == "gate") is own


def test_a_debate_of_several_dumps_has_the_id_under_which_most_of_it_was_published(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger)
    posts = [*thread(*GATE).posts, *thread(*WEIR).posts]
    # Nothing was published yet: the first dump's.
    assert made.named(posts, {"a.txt", "b.txt"}, ["a", "b"], ()) == "a"
    assert made.named(posts, {"a.txt", "b.txt"}, ["a", "b"], {"a"}) == "b"
    note(ledger, (thread(*GATE[:2], id="few"), "a.txt"), (thread(*WEIR[:3], id="more"), "b.txt"))
    made.load()
    for dumps, ids, taken, named in (
        ({"a.txt", "b.txt"}, ["x", "y"], (), "more"),
        ({"a.txt", "b.txt"}, ["x", "y"], ("more",), "few"),
        ({"a.txt", "b.txt"}, ["x", "y"], ("more", "few", "x"), "y"),
        # A debate of other dumps is none of this one, except where one of these is it by itself.
        ({"a.txt", "c.txt"}, ["x", "y"], (), "few"),
        ({"a.txt", "c.txt"}, ["x", "more"], (), "more"),
        ({"c.txt", "d.txt"}, ["x", "y"], (), "x"),
    ):  # fmt: skip
        assert made.named(posts, dumps, ids, taken) == named
    # What this build read of one dump under its own id says nothing of where the whole was.
    made.add(thread(*GATE, *WEIR, id="x"), "a.txt")
    assert made.named(posts, {"a.txt", "b.txt"}, ["x", "y"], ()) == "more"
    # A post is enough.
    assert made.named([*thread(*GATE).posts[:1], *thread(*WEIR).posts[3:]], {"a.txt"}, ["x", "y"], ()) == "few"


def test_an_address_leads_on_to_where_its_post_is_and_never_round(base: sqlite3.Connection, ledger: Path) -> None:
    known = {id: Traits("", f"word{id}", "", "", "") for id in "abcde"}
    steps = [
        ("a", "p-1", ("b", "p-2"), "a"), ("b", "p-2", ("c", "p-3"), "b"), ("c", "p-3", None, "c"),
        ("d", "p-4", ("e", "p-5"), "d"), ("e", "p-5", ("d", "p-4"), "e"), ("f", "p-6", ("x", "p-9"), "a"),
        ("f", "p-7", ("b", ""), "a"),
    ]  # fmt: skip
    ledger.write_text("".join(line(debate, post, known[of], to=to) for debate, post, to, of in steps))
    made = Registry(base, ledger)
    made.load()
    assert base.execute("SELECT there, at FROM published WHERE debate = 'a'").fetchone() == ("b", "p-2")
    base.execute("UPDATE published SET live = debate = 'c'")
    assert made.kept("a") == ()
    made.note_missed()
    assert made.kept("a") == (Kept(post="p-1", thread="c", to="p-3"),)
    assert made.kept("b") == (Kept(post="p-2", thread="c", to="p-3"),)
    assert made.kept("c") == ()
    assert made.kept("d") == (Kept(post="p-4"),)
    assert made.kept("f") == (Kept(post="p-6"), Kept(post="p-7"))
    assert [at for at, _ in made.way("a", "p-1")] == [("a", "p-1"), ("b", "p-2"), ("c", "p-3")]
    assert [at for at, _ in made.way("d", "p-4")] == [("d", "p-4"), ("e", "p-5")]
    assert list(made.way("x", "p-1")) == []
    assert [of for _, of in made.way("a", "p-1")] == [Traits("", "", "", "", "")] * 2 + [known["c"]]


def test_where_a_post_moves_is_noted_in_its_debate(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE[:2], ids=["1", "2"]), "gate.txt"))
    list(ledger_file.ledger_lines(base))
    made.touched = False
    made.move("gate", "p-1", ("weir", "p-4"))
    assert made.touched
    assert "gate p-1 > weir p-4" in dict(ledger_file.ledger_lines(base))["gate"]
    assert "gate p-2 > weir" not in dict(ledger_file.ledger_lines(base))["gate"]
    assert base.execute("SELECT post FROM before").fetchall() == [("p-1",)]


def test_a_debate_is_called_otherwise_only_where_it_is(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger, (thread(*GATE), "gate.txt"), (thread(*WEIR, id="weir"), "weir.txt"))
    made.call("gate", "mill")
    made.call("weir", "weir")
    assert base.execute("SELECT debate, called FROM homes ORDER BY debate").fetchall() == [
        ("gate", "mill"),
        ("weir", None),
    ]
    assert [made.called(each) for each in ("gate", "weir", "unknown")] == ["mill", "weir", "unknown"]


def test_posts_of_an_earlier_version_are_those_with_words_that_are_there(
    base: sqlite3.Connection, ledger: Path
) -> None:
    rows = [
        line("gate", "p-1", Traits("", "word1", "", "", "")),
        line("gate", "p-2", Traits("native", "word2", "", "", "")),
        line("gate", "p-3", Traits("", "", "moment", "", "")),
        line("gate", "p-4", Traits("", "word4", "", "", "", gone=True)),
        line("gate", "p-5", Traits("", "word5", "", "", ""), to=("weir", "p-1")),
    ]
    ledger.write_text(f"# reading {READING - 1}\n" + "".join(rows))
    made = Registry(base, ledger)
    made.load()
    base.execute("INSERT INTO published VALUES ('new', 'p-6', '', 'word6', '', '', '', '', '', 1, 0, 0)")
    assert [(former.post, known.words) for former, _, known in made.former()] == [("p-1", "word1"), ("p-2", "word2")]
    base.execute("UPDATE reading SET number = ?", (READING,))
    assert Registry(base, ledger).former() == []


def test_what_was_read_otherwise_stands_where_it_is_read_now(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger)
    it = thread(*GATE, readings=("r1", "r2"))
    made.add(it, "gate.txt")
    assert made.reading("r1") == made.reading("r2") == ("gate", it.posts[0].id)
    assert made.reading("r3") is None


def test_a_debate_that_is_new_keeps_the_id_that_it_has_by_nature(base: sqlite3.Connection, ledger: Path) -> None:
    made = opened(base, ledger)
    made.add(thread(*GATE, id="weir"), "other.txt")
    assert settle(made, thread(*GATE)).id == "gate"


def test_a_debate_whose_dump_is_gone_is_where_its_posts_were(base: sqlite3.Connection, ledger: Path) -> None:
    it = thread(*GATE)
    made = opened(base, ledger, (it, "old.txt"))
    renamed = thread(*GATE, id="mill")
    assert settle(made, renamed, "new.txt").id == "gate"
    # The dump is still there, or was read already, so it is another.
    assert settle(made, renamed, "new.txt", dumps={"new.txt", "old.txt"}).id == "mill"
    assert settle(made, renamed, "old.txt", dumps={"new.txt", "old.txt"}).id == "gate"
    assert settle(made, renamed, "new.txt", taken={"gate"}).id == "mill"
    # The publisher chose its id; its posts keep theirs.
    assert settle(made, renamed, "new.txt", chosen=True).id == "mill"
    # Half of its posts are enough, and less is not.
    assert settle(made, thread(*GATE[:2], *WEIR[:2], id="mill"), "new.txt").id == "gate"
    assert settle(made, thread(*GATE[:1], *WEIR[:2], id="mill"), "new.txt").id == "mill"


def test_by_ids_with_times_or_by_readings_a_debate_is_recognised_too(base: sqlite3.Connection, ledger: Path) -> None:
    it = thread(*GATE[:2], ids=["1", "2"])
    made = opened(base, ledger, (it, "old.txt"))
    assert settle(made, thread(*WEIR[:2], id="mill", ids=["1", "2"]), "new.txt").id == "gate"
    assert settle(made, thread(*WEIR[:2], id="mill", ids=["1", "2"], by="Bede"), "new.txt").id == "mill"
    assert settle(made, thread(*WEIR[:2], id="mill", ids=["3", "4"]), "new.txt").id == "mill"
    assert settle(made, thread(*WEIR[:2], id="mill", ids=["1", "2"], timed=False), "new.txt").id == "mill"
    words = traits(it.posts[0]).words
    assert settle(made, thread(*WEIR[:2], id="mill", readings=(words,)), "new.txt").id == "gate"


def test_a_post_that_moved_away_says_nothing_of_its_debate(base: sqlite3.Connection, ledger: Path) -> None:
    it = thread(*GATE[:2])
    made = opened(base, ledger, (it, "old.txt"))
    for id in ids(it):
        made.move("gate", id, ("weir", "p-1"))
    assert settle(made, thread(*GATE[:2], id="mill"), "new.txt").id == "mill"


def test_posts_keep_their_ids_under_the_id_of_their_debate(base: sqlite3.Connection, ledger: Path) -> None:
    it = thread(*GATE, ids=["1", "2", "3", "4"])
    made = opened(base, ledger, (it, "gate.txt"))
    bare = thread(*GATE)
    assert ids(bare) != ids(it)
    assert ids(settle(made, bare)) == ids(it)
    # Also where the publisher gave another id to the debate; there it knows its own posts first.
    assert ids(settle(made, thread(*GATE, id="mill"), "new.txt", chosen=True)) == ids(it)
    made.add(thread(*GATE[:1], id="mill", ids=["x"]), "mill.txt")
    base.execute("UPDATE published SET old = 1")
    made = Registry(base, ledger)
    chosen = settle(made, thread(*GATE, id="mill"), "new.txt", chosen=True)
    assert ids(chosen)[0] == "p-x"


def test_the_second_dump_of_a_debate_is_held_against_what_was_known_before_the_first(
    base: sqlite3.Connection, ledger: Path
) -> None:
    it = thread(*GATE[:2], ids=["1", "2"])
    made = opened(base, ledger, (it, "gate.txt"))
    made.add(thread(*WEIR[:2], ids=["1", "2"], by="Bede"), "gate.txt")
    assert ids(settle(made, thread(*GATE[:2]), "more.txt")) == ["p-1", "p-2"]


def test_a_debate_goes_back_to_where_it_was_told_apart(base: sqlite3.Connection, ledger: Path) -> None:
    gate, other = thread(*GATE), thread(*GATE, id="gate-2")
    made = opened(base, ledger, (gate, "a.txt"), (other, "b.txt"))
    dumps = {"a.txt", "b.txt"}
    assert settle(made, thread(*GATE), "b.txt", dumps=dumps).id == "gate-2"
    assert settle(made, thread(*GATE), "a.txt", dumps=dumps).id == "gate"
    # A dump that is new stays with its name, as it has the same posts.
    assert settle(made, thread(*GATE), "c.txt", dumps={"a.txt", "c.txt"}).id == "gate"


def test_of_two_debates_of_a_dump_one_is_that_of_its_name(base: sqlite3.Connection, ledger: Path) -> None:
    few, many = thread(GATE[0], *WEIR), thread(*GATE, id="gate-2")
    made = opened(base, ledger, (few, "a.txt"), (many, "a.txt"))
    assert settle(made, thread(*GATE), "a.txt").id == "gate"
    # And so it is where the publisher named it, whatever was read from the dump before.
    base.execute("UPDATE read_from SET dump = 'b.txt' WHERE debate = 'gate'")
    assert settle(made, thread(*GATE), "a.txt", dumps={"a.txt", "b.txt"}, chosen=True).id == "gate"
    assert settle(made, thread(*GATE), "a.txt", dumps={"a.txt", "b.txt"}).id == "gate-2"


def test_whose_id_it_is_tells_what_posts_it_holds_and_which_dumps_there_are(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*GATE), "a.txt"))
    other = thread(*WEIR)
    assert made.is_anothers(other, "b.txt", {"a.txt", "b.txt"})
    assert not made.is_anothers(other, "a.txt", {"a.txt", "b.txt"})
    assert not made.is_anothers(other, "b.txt", {"b.txt"})
    assert not made.is_anothers(thread(GATE[0], *WEIR), "b.txt", {"a.txt", "b.txt"})
    assert not made.is_anothers(thread(*WEIR, id="weir"), "b.txt", {"a.txt", "b.txt"})
    # Half of its posts make a thread the debate where its dump may not have been read yet.
    for it, anothers in (
        (thread(GATE[0], *WEIR), True),
        (thread(*GATE[:3], *WEIR), True),
        (thread(*GATE, *WEIR), False),
    ):
        assert made.is_anothers(it, "b.txt", {"a.txt", "b.txt"}, half=True) is anothers
        assert not made.is_anothers(it, "a.txt", {"a.txt", "b.txt"}, half=True)
        assert not made.is_anothers(it, "b.txt", {"b.txt"}, half=True)


def test_aside_of_another_debate_is_the_first_id_that_is_free_or_its_own(
    base: sqlite3.Connection, ledger: Path
) -> None:
    made = opened(base, ledger, (thread(*GATE, id="gate-2"), "a.txt"), (thread(*WEIR, id="gate-3"), "b.txt"))
    assert made.aside(thread(*WEIR), "c.txt", ()).id == "gate-4"
    assert made.aside(thread(*WEIR), "c.txt", {"gate-4"}).id == "gate-5"
    assert made.aside(thread(*WEIR), "b.txt", ()).id == "gate-3"
    assert made.aside(thread(*WEIR), "b.txt", {"gate-3"}).id == "gate-4"
    assert made.aside(thread(*WEIR, id="weir"), "c.txt", ()).id == "weir-2"
    bare = thread(*WEIR, ids=["1", "2", "3", "4"])
    assert ids(made.aside(bare, "b.txt", ())) == ids(thread(*WEIR, id="gate-3"))
