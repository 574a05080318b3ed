"""The letters of dumps in the database: which are replaced, which stay, and what was found of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.identity.permalinks import name
from rostra.ingest import letter_table
from rostra.ingest.letter_table import PARTLY, Joined, LetterTable
from rostra.ingest.piece_letters import PieceLetters
from rostra.model import Author, Join, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.records.resume import no_tails
from rostra.system.workers import Job, Workers
from rostra.threads.letters import Letter
from rostra.threads.reply_forest import PERIOD, Trace, trace

LETTER = Letter(
    key="", native=None, parent=None, time=0, author="Ada", subject="Gate", was="", number="", is_answer=False,
    missing=False, own=b"", quoted=(), home="a",
)  # fmt: skip


def letter(key: str, period: int = 0, **more: Any) -> Letter:
    return replace(LETTER, **{"key": key, "native": key, "time": period * PERIOD, **more})


class Moved:
    """Notes which posts moved."""

    def __init__(self) -> None:
        self.moved = list[tuple[str, dict[str, bool]]]()

    def move(self, dump: str, posts: dict[str, bool]) -> None:
        self.moved.append((dump, posts))


@pytest.fixture
def base() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(letter_table.TABLES)
    return base


def table(base: sqlite3.Connection, tails: Any = None) -> LetterTable:
    return LetterTable(base, tails or Moved(), Workers(1))


def put(
    base: sqlite3.Connection,
    *found: tuple[int, Letter],
    dump: str = "a",
    stale: set[int] | None = None,
    fails: bool = False,
) -> Joined:
    """Store what was read of a dump; ``stale`` are the pieces that it replaces."""
    each = Joined(Dump(Path(dump), dump), Card(), "", "stamp", None if stale is None else frozenset(stale))
    table(base)._put(each, found, fails=fails)
    return each


def held(base: sqlite3.Connection, dump: str = "a") -> dict[int, list[tuple[int, str]]]:
    """The letters of a dump by their period, each with its piece."""
    query = "SELECT period, digest, pieces, traces, letters FROM letters WHERE dump = ? ORDER BY period"
    found = {}
    for period, digest, pieces, traces, letters in base.execute(query, (dump,)).fetchall():
        assert digest == letter_table.sha256(letters).digest()
        every = decode(letters, type=list[Letter])
        assert decode(traces, type=list[Trace]) == [*map(trace, every)]
        found[period] = list(zip(decode(pieces), (each.key for each in every), strict=True))
    return found


def traced(base: sqlite3.Connection, dump: str = "a") -> list[tuple[int, str]]:
    """All letters of a dump, each with its piece, in the order of periods."""
    pairs = [pair for pairs in held(base, dump).values() for pair in pairs]
    assert [each.key for each in table(base).traces(dump)] == [key for _, key in pairs]
    return pairs


def test_letters_are_stored_by_their_periods_in_the_order_of_pieces(base: sqlite3.Connection) -> None:
    put(base, (2, letter("c")), (0, letter("a", 1)), (0, letter("b")), (2, letter("d")))
    assert held(base) == {0: [(0, "b"), (2, "c"), (2, "d")], 1: [(0, "a")]}
    assert traced(base) == [(0, "b"), (2, "c"), (2, "d"), (0, "a")]
    assert table(base).traces("a") == [trace(letter(key, int(key == "a"))) for key in "bcda"]
    assert base.execute("SELECT dump, stamp FROM lettered").fetchall() == [("a", "stamp")]
    assert held(base, "b") == {}
    assert table(base).traces("b") == []


def test_a_dump_that_is_read_whole_replaces_all_and_another_s_letters_stay(base: sqlite3.Connection) -> None:
    put(base, (0, letter("a")), (1, letter("b", 1)))
    put(base, (0, letter("x")), dump="b")
    put(base, (0, letter("c", 2)))
    assert held(base) == {2: [(0, "c")]}
    assert traced(base) == [(0, "c")]
    assert held(base, "b") == {0: [(0, "x")]}


def test_a_dump_without_letters_has_no_traces(base: sqlite3.Connection) -> None:
    put(base, (0, letter("a")))
    put(base)
    assert held(base) == {}
    assert base.execute("SELECT * FROM lettered").fetchall() == [("a", "stamp")]
    assert table(base).keys() == set()
    assert table(base).traces("a") == []


def test_of_a_dump_that_grew_only_the_letters_of_its_stale_pieces_are_replaced(base: sqlite3.Connection) -> None:
    put(base, (0, letter("other")), dump="A")
    put(base, (0, letter("a")), (1, letter("b")), (2, letter("c", 1)), (1, letter("d", 2)), (3, letter("e", 3)))
    before = base.execute("SELECT rowid FROM letters WHERE period = 3").fetchone()
    put(base, (1, letter("new")), (4, letter("more", 1)), stale={1, 4})
    assert held(base) == {0: [(0, "a"), (1, "new")], 1: [(2, "c"), (4, "more")], 3: [(3, "e")]}
    assert traced(base) == [(0, "a"), (1, "new"), (2, "c"), (4, "more"), (3, "e")]
    # Periods of which nothing changed are not written again.
    assert base.execute("SELECT rowid FROM letters WHERE period = 3").fetchone() == before
    put(base, stale=set())
    assert traced(base) == [(0, "a"), (1, "new"), (2, "c"), (4, "more"), (3, "e")]


def test_a_dump_whose_reading_fails_keeps_what_it_lacks_now_and_is_read_again(base: sqlite3.Connection) -> None:
    put(base, (0, letter("a")), (1, letter("b", 1)))
    put(base, (0, letter("x")), dump="b")
    each = put(base, (0, letter("a", author="Bede")), (0, letter("c")), fails=True, stale={0})
    assert each.stamp.startswith(f"{PARTLY} ")
    assert each.stale is None
    assert held(base) == {0: [(0, "a"), (0, "c")], 1: [(1, "b")]}
    again = put(base, (0, letter("a", author="Bede")), (0, letter("c")), fails=True)
    assert again.stamp == each.stamp
    other = put(base, (0, letter("a")), (0, letter("c")), fails=True)
    assert other.stamp != each.stamp


def test_the_ids_of_messages_are_those_that_some_dump_has(base: sqlite3.Connection) -> None:
    put(base, (0, letter("a")), (0, letter("b", missing=True)))
    put(base, (0, letter("c")), dump="b")
    put(base, dump="none")
    assert table(base).keys() == {"a", "c", f"p-{name('a')}", f"p-{name('c')}"}


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What is searched: the keys of letters, and what is open."""
    asked = list[tuple[list[str], dict[str, str]]]()

    def inferred(letters: Any, open: Any) -> dict[str, Join]:  # its name there
        asked.append(([each.key for each in letters], dict(open)))
        return {key: Join(parent=f"above {key}", by="quotation") for key in open}

    monkeypatch.setattr(letter_table, "inferred", inferred)
    return asked


def test_each_period_is_searched_with_those_around_it_and_again_only_if_these_changed(
    base: sqlite3.Connection, searched: list[tuple[list[str], dict[str, str]]]
) -> None:
    put(base, (0, letter("b5", 5)), (0, letter("b1", 1)), dump="b")
    put(base, *((0, letter(f"a{n}", n)) for n in range(9)))
    put(base, (0, letter("c5", 5)), dump="c")
    opened = {5: {"a5": "a5"}}
    found = {"a5": Join(parent="above a5", by="quotation")}
    assert table(base).inferred(["a", "b"], opened) == found
    assert searched == [(["a3", "a4", "a5", "a6", "b5"], {"a5": "a5"})]
    # It is stored.
    assert table(base).inferred(["a", "b"], opened) == found
    assert len(searched) == 1
    for change in (2, 7):
        put(base, (9, letter("more", change)), stale={9}, dump="a")
        table(base).inferred(["a", "b"], opened)
    assert len(searched) == 1
    for n, change in enumerate((3, 6), 2):
        put(base, (9, letter("more", change)), stale={9}, dump="a")
        table(base).inferred(["a", "b"], opened)
        assert len(searched) == n
    table(base).inferred(["a", "b"], {5: {"a5": "other"}})
    assert len(searched) == 4
    assert table(base).inferred(["a"], {}) == {}
    both = table(base).inferred(["a", "b"], {5: {"a5": "other"}, 8: {"a8": "a8"}})
    assert sorted(both) == ["a5", "a8"]
    assert len(searched) == 5


def test_the_same_letters_are_searched_again_only_where_another_dump_has_them(
    base: sqlite3.Connection, searched: list[Any]
) -> None:
    for dump, searches in (("a", 1), ("b", 2), ("a", 2)):
        put(base, (0, letter("x")), dump=dump)
        table(base).inferred([dump], {0: {"x": "x"}})
        assert len(searched) == searches


def test_a_search_of_many_letters_is_alone_in_memory(
    base: sqlite3.Connection, searched: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert letter_table.MANY == 4 * 2**20
    put(base, (0, letter("a")), (0, letter("b", 1)))
    sizes = [size for (size,) in base.execute("SELECT length(letters) FROM letters")]
    for less in (0, 1):
        monkeypatch.setattr(letter_table, "MANY", sum(sizes) - less)
        jobs = list(table(base)._periods(["a"], {1: {"b": "b"}}, {}))
        assert [job and job.size for job in jobs] == [None] * less + [sum(sizes)]


def test_joins_are_restored_for_the_same_stamp_and_what_moved_is_told(base: sqlite3.Connection) -> None:
    tails, dump = Moved(), Dump(Path("a"), "a")
    it = table(base, tails)
    one, two, three = (Join(parent=key, by="quotation") for key in "xyz")
    it.note(dump, "s1", {"1": one, "2": two})
    assert dump.joins == {"1": one, "2": two}
    it.note(dump, "s2", {"1": one, "2": three, "3": one})
    it.note(dump, "s3", {"1": one})
    assert tails.moved == [
        ("a", {"1": False, "2": False}),
        ("a", {"2": True, "3": False}),
        ("a", {"2": True, "3": True}),
    ]
    again = Dump(Path("a"), "a")
    assert not it.restored(again, "s2")
    assert again.joins == {}
    assert it.restored(again, "s3")
    assert again.joins == {"1": one}
    assert not it.restored(Dump(Path("b"), "b"), "s3")


def test_what_belongs_to_no_dump_of_the_site_and_what_was_not_used_is_forgotten(
    base: sqlite3.Connection, searched: list[Any]
) -> None:
    for dump in "ab":
        put(base, (0, letter(dump)), dump=dump)
        table(base).note(Dump(Path(dump), dump), "s", {})
    table(base).inferred(["a"], {0: {"a": "a"}})
    it = table(base)
    it.inferred(["a"], {0: {"a": "other"}})
    table(base).forget_others(["a", "b"])
    # Where nothing was searched, what was found stays.
    assert len(base.execute("SELECT * FROM inferred").fetchall()) == 2
    it.forget_others(["b"])
    for rows in ("lettered", "letters", "joined"):
        assert base.execute(f"SELECT DISTINCT dump FROM {rows}").fetchall() == [("b",)]
    assert {digest for (digest,) in base.execute("SELECT digest FROM inferred")} == it._used
    assert len(it._used) == 1


def message(n: int, body: str = "The gate stays shut.") -> str:
    return (
        f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@mill.example>\nMessage-ID: <{n}@mill.example>\n"
        f"Subject: Gate {n}\nDate: Mon, 4 Mar 2024 09:0{n}:00 +0000\n\n{body}\n\n"
    )


class Boxes:
    """Mailboxes that are taken with the letters and tails of the time before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.base = folder, sqlite3.connect(":memory:")
        self.base.executescript(letter_table.TABLES)
        self.tails = no_tails(self.base)

    def take(self, broken: tuple[str, ...] = (), card: Card | None = None, **boxes: str | None) -> list[Joined]:
        dumps = list[tuple[Dump, Card]]()
        for stem, text in boxes.items():
            path = self.folder / f"{stem}.mbox"
            if text is not None:
                path.write_text(text)
            dumps.append((Dump(path, stem), card or Card()))
        return LetterTable(self.base, self.tails, Workers(1)).take(dumps, broken)


def test_a_mailbox_is_read_when_it_changed_or_is_read_in_another_way(tmp_path: Path) -> None:
    it = Boxes(tmp_path)
    (one,) = it.take(a=message(1) + message(2))
    assert one.before == ""
    assert [key for _, key in traced(it.base)] == ["<1@mill.example>", "<2@mill.example>"]
    (same,) = it.take(a=None)
    assert same.before == same.stamp == one.stamp
    (other,) = it.take(card=Card(publish_private=True), a=None)
    assert other.stamp != one.stamp
    (changed,) = it.take(a=message(1) + message(3))
    assert changed.before == other.stamp
    assert [key for _, key in traced(it.base)] == ["<1@mill.example>", "<3@mill.example>"]
    # One that is broken or gone is joined as before.
    (broken,) = it.take(("a",), a=message(4))
    assert broken.stamp == broken.before == changed.stamp
    (tmp_path / "a.mbox").unlink()
    (gone,) = it.take(a=None)
    assert gone.stamp == gone.before == changed.stamp
    assert [key for _, key in traced(it.base)] == ["<1@mill.example>", "<3@mill.example>"]


def test_only_dumps_with_messages_are_joined(tmp_path: Path) -> None:
    it = Boxes(tmp_path)
    rows = '{"id": 1, "thread": "a", "body": "One."}\n'
    assert [each.dump.name for each in it.take(a=message(1), b=rows)] == ["a"]
    assert [each.dump.name for each in it.take(a=None, b=None)] == ["a"]
    assert dict(it.base.execute("SELECT dump, stamp FROM lettered")).keys() == {"a", "b"}


class Reading:
    """A dump of records that is being read, in jobs of these pieces."""

    format = "mail"
    several = True

    def __init__(self, *jobs: tuple[int, ...], is_growth: bool = False) -> None:
        self.jobs, self.is_growth = jobs, is_growth
        self.kept = dict[int, Any]()
        self.pieces = SimpleNamespace(replaced=lambda: frozenset({1}))
        self.done = list[str]()

    def read_all(self) -> None:
        self.done.append("all")

    def rest(self) -> None:
        self.done.append("rest")

    def batches(self) -> Any:
        for numbers in self.jobs:
            yield None
            yield Job([SimpleNamespace(number=n) for n in numbers], 7, (numbers,))


class Tails(Moved):
    """How dumps are read: as one that grew, or whole, or not by records."""

    folder = "folder"

    def __init__(self, grown: Reading | None = None, whole: Reading | None = None, reader: Any = None) -> None:
        super().__init__()
        self.grown, self.whole, self.chosen = grown, whole, reader
        self.begun, self.looked = list[bool](), list[Any]()

    def begin(self, dump: Dump, format: str | None, *, grown: bool = False) -> Reading | None:  # its name there
        assert (dump.name, format) == ("a", "given")
        self.begun.append(grown)
        return self.grown if grown else self.whole

    def reader(self, dump: Dump, format: str | None) -> Any:  # its name there
        assert (dump.name, format, self.grown) == ("a", "given", None)
        return self.chosen

    def look_ahead(self, looks: list[Any], _: Any) -> None:
        self.looked += looks


MAIL = SimpleNamespace(NAME="mail", JOINS=True)
PLAIN = SimpleNamespace(NAME="plain")


class Reads:
    """Reads the dump ``a`` with parts that a test gives, and notes what is asked of them."""

    def __init__(self, base: sqlite3.Connection, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.base, self.path = base, folder / "a"
        self.reader: Any = MAIL
        self.place: Any = "place"
        self.answers: dict[tuple[int, ...], Any] = {}
        self.asked = list[Any]()
        self.dump = Dump(self.path, "a")
        self.text = 0
        patch.setattr(letter_table, "choose", lambda *_: self.reader)
        patch.setattr(letter_table, "named", lambda _: self.reader)
        patch.setattr(letter_table, "dump_place", lambda dump, _: self.place)
        patch.setattr(letter_table, "to_look", lambda dump, card, *, pseudonyms: (dump.name, pseudonyms))
        patch.setattr(letter_table, "preparation", lambda dump, card, *, pseudonyms: f"prepared {pseudonyms}")
        patch.setattr(letter_table, "letters_of_pieces", self.pieces)

    def pieces(self, *given: Any) -> Any:
        self.asked.append(given)
        found = self.answers[given[-1]]
        if isinstance(found, Exception):
            raise found
        return found

    def take(self, tails: Tails, *, private: bool = False, **more: Any) -> Joined | None:
        self.text += 1
        self.path.write_text(str(self.text))
        self.dump = Dump(self.path, "a")
        self.dump.joins = {"x": Join(parent="y", by="source")}
        self.dump.__dict__["head"] = b"read"
        it: Any = LetterTable(self.base, tails, Workers(1), **more)  # type: ignore[arg-type]  # parts of a test
        found = it.take([(self.dump, Card(format="given", publish_private=private))])
        assert self.dump.joins == {}
        assert self.dump.failures == []
        assert "head" not in self.dump.__dict__
        return found[0] if found else None

    @property
    def is_partly(self) -> bool:
        return bool(self.base.execute("SELECT stamp FROM lettered").fetchone()[0].startswith(PARTLY))


@pytest.fixture
def reads(base: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reads:
    return Reads(base, tmp_path, monkeypatch)


def answer(*found: Letter, kept: Any = None, fails: bool = False) -> PieceLetters:
    return PieceLetters(encode(found), kept, fails)


def test_the_pieces_of_a_dump_are_read_in_jobs_and_kept_where_they_were(reads: Reads) -> None:
    reads.answers = {(1, 2): [answer(letter("a"), kept="k1"), answer(letter("b"))], (3,): [answer(letter("c"))]}
    for more, told in (({}, False), ({"pseudonyms": True}, True)):
        reading = Reading((1, 2), (3,))
        tails = Tails(whole=reading, reader=MAIL)
        assert reads.take(tails, private=told, **more)
        assert tails.looked == [("a", told)]
        assert tails.begun == [True, False]
        assert reading.done == ["all", "rest"]
        assert reading.kept == {1: "k1"}
        assert traced(reads.base) == [(1, "a"), (2, "b"), (3, "c")]
        assert not reads.is_partly
        same = ("folder", "place", "mail", told, f"prepared {told}", True)
        assert reads.asked == [(*same, (1, 2)), (*same, (3,))]
        reads.asked.clear()


def test_a_dump_that_grew_is_read_whole_only_where_it_is_read_in_another_way(reads: Reads) -> None:
    reads.answers = {(1, 2): [answer(letter("a")), answer(letter("b"))], (1,): [answer(letter("new"))]}
    reads.take(Tails(whole=Reading((1, 2)), reader=MAIL))
    reading = Reading((1,), is_growth=True)
    tails = Tails(grown=reading)
    reads.take(tails)
    assert (tails.begun, reading.done) == ([True], ["rest"])
    assert traced(reads.base) == [(1, "new"), (2, "b")]
    # Another card: what is private is read too.
    reading = Reading((1,), is_growth=True)
    reads.take(Tails(grown=reading), private=True)
    assert reading.done == ["all", "rest"]
    whole = Reading((1,))
    reads.take(Tails(whole=whole, reader=MAIL), private=True)
    assert whole.done == ["rest"]
    assert traced(reads.base) == [(1, "new")]


@pytest.mark.parametrize(
    "answers",
    [
        {(1, 2): ValueError("it breaks"), (3,): [answer()]},
        {(1, 2): [answer(fails=True), answer()], (3,): [answer()]},
        {(1, 2): [answer(), answer()], (3,): [answer(fails=True)]},
        {(1, 2): [answer(), answer()], (3,): OSError("gone")},
    ],
)
def test_where_a_piece_fails_what_was_read_of_it_before_stays(reads: Reads, answers: Any) -> None:
    reads.answers = {(1, 2): [answer(letter("a")), answer(letter("b"))], (3,): [answer(letter("c"))]}
    reads.take(Tails(whole=Reading((1, 2), (3,)), reader=MAIL))
    reads.answers = answers
    reads.take(Tails(whole=Reading((1, 2), (3,)), reader=MAIL))
    assert traced(reads.base) == [(1, "a"), (2, "b"), (3, "c")]
    assert reads.is_partly


def test_a_dump_of_which_no_piece_is_to_be_read_has_no_letters(reads: Reads) -> None:
    reads.take(Tails(whole=Reading(), reader=MAIL))
    assert traced(reads.base) == []
    assert not reads.is_partly
    assert reads.base.execute("SELECT dump FROM lettered").fetchall() == [("a",)]


def post(id: str, private: str | None = None) -> RawThread:
    said = RawPost(key=id, native_id=id, body="The gate.", author=Author(name="Ada"), created="2024-03-04T09:00:00Z", private=private)  # fmt: skip
    return RawThread(posts=(said,))


@pytest.mark.parametrize("how", ["no records", "no place", "no reader"])
def test_messages_that_are_not_records_are_read_here(reads: Reads, how: str) -> None:
    reads.place = None if how == "no place" else "place"
    reads.reader = SimpleNamespace(NAME="mail", JOINS=True, read=lambda _: [post("1"), post("2", "whisper")])
    whole = Reading((1,)) if how == "no place" else None
    for private, keys in ((False, [(0, "1")]), (True, [(0, "1"), (0, "2")])):
        assert reads.take(Tails(whole=whole, reader=None if how == "no reader" else MAIL), private=private)
        assert traced(reads.base) == keys
        assert not reads.is_partly
    assert not whole or "rest" not in whole.done


def test_what_is_not_joined_is_not_read(reads: Reads) -> None:
    reads.reader = SimpleNamespace(NAME="plain", read=lambda _: pytest.fail("read"))
    for tails in (Tails(whole=Reading((1,)), reader=reads.reader), Tails(grown=Reading((1,))), Tails()):
        assert reads.take(tails) is None
        assert not reads.is_partly


@pytest.mark.parametrize("how", ["raises", "thread"])
def test_a_dump_that_fails_here_keeps_what_was_read_of_it(reads: Reads, how: str) -> None:
    reads.reader = SimpleNamespace(NAME="mail", JOINS=True, read=lambda _: [post("1")])
    reads.take(Tails())

    def read(dump: Dump) -> Iterator[RawThread]:
        yield post("2")
        if how == "raises":
            raise RostraError("It cannot be read.")
        dump.failures.append(RostraError("A thread fails."))

    reads.reader = SimpleNamespace(NAME="mail", JOINS=True, read=read)
    reads.take(Tails())
    assert traced(reads.base) == [(0, "2"), (0, "1")]
    assert reads.is_partly
