"""The ledger as a file: what is read of it, what is written, and what is kept of what cannot be read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import BinaryIO

import pytest

from rostra.errors import RostraError
from rostra.identity import ledger_file
from rostra.identity.ledger import READING
from rostra.identity.ledger_file import HEADING, ledger_lines, load_ledger, problems, write_ledger

NOW = f"{HEADING}# reading {READING}\n"


def empty() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    return base


@pytest.fixture
def base() -> sqlite3.Connection:
    return empty()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rostra.ledger"


def loaded(base: sqlite3.Connection, path: Path, *lines: str) -> dict[str, tuple[object, ...]]:
    """The posts that are read of lines: where each is, what it says, and whether it is there."""
    path.write_text("".join(f"{line}\n" for line in lines))
    load_ledger(base, path)
    query = "SELECT debate, post, words, there, at, live, old, gone FROM published"
    return {f"{debate} {post}": tuple(of) for debate, post, *of in base.execute(query)}


def homes(base: sqlite3.Connection) -> list[tuple[object, ...]]:
    query = "SELECT debate, (SELECT group_concat(dump) FROM read_from WHERE debate = homes.debate), live, reason, called FROM homes ORDER BY debate"
    return base.execute(query).fetchall()


def as_written(base: sqlite3.Connection, path: Path, **of: bool) -> str | None:
    part = write_ledger(base, path, **of)
    return None if part is None else part.read_text()


def test_each_line_is_read_into_its_place(base: sqlite3.Connection, path: Path) -> None:
    rows = loaded(
        base, path, "gate ! It was private.", "gate @ gate.txt", "gate p-1 n w m p-0 s", "gate p-2 ! - w - - -",
        "gate p-3 > weir p-4", "weir @ weir.txt", "weir p-4 > weir -",
    )  # fmt: skip
    assert rows == {
        "gate p-1": ("w", "", "", 0, 1, 0),
        "gate p-2": ("w", "", "", 0, 1, 1),
        "gate p-3": ("", "weir", "p-4", 0, 1, 0),
        "weir p-4": ("", "weir", "", 0, 1, 0),
    }
    assert homes(base) == [("gate", "gate.txt", 0, "It was private.", None), ("weir", "weir.txt", 0, None, None)]
    query = "SELECT native, words, moment, parent, sketch FROM published WHERE post = 'p-1'"
    assert base.execute(query).fetchone() == ("n", "w", "m", "p-0", "s")


def test_a_debate_without_its_dump_s_line_is_one(base: sqlite3.Connection, path: Path) -> None:
    loaded(base, path, "weir @ weir.txt", "gate p-1 - - - - -", "weir p-1 - - - - -")
    assert homes(base) == [("gate", None, 0, None, None), ("weir", "weir.txt", 0, None, None)]
    assert dict(ledger_lines(base))["gate"] == "gate p-1 ! - - - - -\n"


def test_of_two_lines_of_a_post_the_one_that_says_more_stands(base: sqlite3.Connection, path: Path) -> None:
    known, moved, bare = "gate p-1 - w - - -", "gate p-1 > weir p-4", "gate p-1 - - - - -"
    for lines in ((known, moved), (moved, known), (bare, known), (known, bare)):
        assert loaded(empty(), path, *lines)["gate p-1"][:2] == ("w", "")
    assert loaded(empty(), path, moved, bare)["gate p-1"][1] == "weir"
    assert loaded(empty(), path, bare, moved)["gate p-1"][1] == ""
    assert loaded(empty(), path, known, "weir p-1 - x - - -", "gate p-2 - y - - -").keys() == {
        "gate p-1", "weir p-1", "gate p-2",
    }  # fmt: skip
    assert loaded(base, path, known, known.replace("w", "x"))["gate p-1"][0] == "x"
    full = "gate p-1 ! n w m p-0 s"
    loaded(base := empty(), path, moved, full)
    query = "SELECT native, words, moment, parent, sketch, there, at, gone FROM published"
    assert base.execute(query).fetchall() == [("n", "w", "m", "p-0", "s", "", "", 1)]


def test_lines_of_a_post_are_held_against_each_other_however_far_apart(base: sqlite3.Connection, path: Path) -> None:
    between = [f"gate p-{n} - w{n} - - -" for n in range(2, 12_000)]
    rows = loaded(base, path, "gate p-1 - w - - -", *between, "gate p-1 > weir p-4")
    assert len(rows) == 11_999
    assert rows["gate p-1"][:2] == ("w", "")


def test_a_ledger_is_written_as_it_was_read(base: sqlite3.Connection, path: Path) -> None:
    lines = [
        "gate ! It was private.\n", "gate @ gate.txt\n", "gate p-1 ! n w m p-0 s\n", "gate p-3 > weir p-4\n",
        "weir @ weir.txt\n", "weir p-4 > weir -\n", "what is this\n",
    ]  # fmt: skip
    text = NOW + "".join(lines)
    path.write_text(text)
    load_ledger(base, path)
    assert as_written(base, path) is None
    assert not path.with_name("rostra.ledger.part").exists()
    path.write_text(text.replace("\n", "\r\n"))
    other = empty()
    load_ledger(other, path)
    assert as_written(other, path) == text
    path.unlink()
    assert as_written(base, path) == text


def test_lines_of_other_order_are_sorted_and_none_is_lost(base: sqlite3.Connection, path: Path) -> None:
    path.write_text("zzz\nweir @ weir.txt\n<<<<<<< ours\n# A remark.\n\naaa\nweir p-1 ! - w - - -\ngate @ gate.txt\n")
    load_ledger(base, path)
    assert as_written(base, path) == NOW + "gate @ gate.txt\nweir @ weir.txt\nweir p-1 ! - w - - -\naaa\nzzz\n"


def test_what_version_read_it_is_raised_once_all_was_read(base: sqlite3.Connection, path: Path) -> None:
    path.write_text(f"{HEADING}gate @ gate.txt\n")
    load_ledger(base, path)
    assert as_written(base, path, whole=False) == f"{HEADING}# reading 0\ngate @ gate.txt\n"
    assert as_written(base, path) == f"{NOW}gate @ gate.txt\n"
    assert base.execute("SELECT number FROM reading").fetchall() == [(READING,)]


@pytest.mark.parametrize(
    ("remarks", "number"), [("# reading 7\n", 7), ("# reading 3\n# reading 2\n", 2), ("", 0), ("#reading 5\n", 0)]
)
def test_of_several_versions_the_earliest_read_it(
    base: sqlite3.Connection, path: Path, remarks: str, number: int
) -> None:
    loaded(base, path, remarks.rstrip("\n"))
    assert base.execute("SELECT number FROM reading").fetchall() == [(number,)]


def test_without_a_file_this_version_read_all(base: sqlite3.Connection, path: Path) -> None:
    load_ledger(base, path)
    assert base.execute("SELECT number FROM reading").fetchall() == [(READING,)]
    assert as_written(base, path) == NOW


def test_what_is_live_is_old_from_now_on_and_what_is_not_is_gone(base: sqlite3.Connection, path: Path) -> None:
    path.write_text(f"{NOW}gate @ gate.txt\ngate p-1 - - - - -\ngate p-2 - - - - -\ngate p-3 ! - - - - -\n")
    load_ledger(base, path)
    base.execute("UPDATE published SET live = 1 WHERE post IN ('p-1', 'p-3')")
    base.execute("INSERT INTO published VALUES ('gate', 'p-4', '', 'w', '', '', '', '', '', 1, 0, 0)")
    base.execute("INSERT INTO published VALUES ('gate', 'p-5', '', 'w', '', '', '', '', '', 0, 0, 0)")
    base.execute("INSERT INTO published VALUES ('gate', 'p-6', '', 'w', '', '', '', '', '', 0, 2, 0)")
    base.execute("INSERT INTO published VALUES ('weir', 'p-1', '', 'w', '', '', '', '', '', 0, 1, 0)")
    base.execute("INSERT INTO lines VALUES ('weir', 'as it was' || char(10))")
    assert as_written(base, path) == (
        f"{NOW}gate @ gate.txt\ngate p-1 - - - - -\ngate p-2 ! - - - - -\ngate p-3 - - - - -\ngate p-4 - w - - -\n"
        "gate p-6 ! - w - - -\nas it was\n"
    )
    states = dict(base.execute("SELECT debate || post, old FROM published"))
    assert states == {"gatep-1": 1, "gatep-2": 1, "gatep-3": 1, "gatep-4": 1, "gatep-5": 0, "gatep-6": 2, "weirp-1": 1}
    assert base.execute("SELECT gone FROM published WHERE debate = 'weir'").fetchone() == (0,)
    # Only a debate of which something changed is written anew.
    base.execute("UPDATE published SET words = 'x'")
    assert "- x" not in dict(ledger_lines(base))["gate"]
    base.execute("DELETE FROM lines WHERE debate = 'gate'")
    assert "- x" in dict(ledger_lines(base))["gate"]


def test_of_a_debate_that_is_missing_for_now_nothing_is_gone(base: sqlite3.Connection, path: Path) -> None:
    path.write_text(f"{NOW}gate @ gate.txt\ngate p-1 - - - - -\nweir @ weir.txt\nweir p-1 - - - - -\n")
    load_ledger(base, path)
    assert dict(ledger_lines(base, {"gate"})) == {
        "gate": "gate @ gate.txt\ngate p-1 - - - - -\n",
        "weir": "weir @ weir.txt\nweir p-1 ! - - - - -\n",
    }


def test_a_line_that_is_none_is_a_problem_where_it_stands(base: sqlite3.Connection, path: Path) -> None:
    path.write_bytes(b"gate @ gate.txt\nwhat is this\ngate p-1 - - - - -\n\xff" + b"x" * 60 + b"\nwhat is this\n")
    load_ledger(base, path)
    found = list(problems(base, path))
    assert [problem.line for problem in found] == [2, 4, 5]
    assert {problem.code for problem in found} == {"unread-line"}
    assert found[0].message == "'what is this' is not a valid line, so the address in it may be lost"
    assert found[1].message.startswith(f"'\ufffd{'x' * 59}' is not a valid line")
    assert all(problem.hint == "restore the line from version control, or delete it" for problem in found)
    other = empty()
    load_ledger(other, path.with_name("none"))
    assert list(problems(other, path.with_name("none"))) == []


def test_a_ledger_that_cannot_be_written_is_an_error_that_names_it(base: sqlite3.Connection, tmp_path: Path) -> None:
    load_ledger(base, tmp_path / "rostra.ledger")
    with pytest.raises(RostraError) as error:
        write_ledger(base, tmp_path / "none/rostra.ledger")
    assert error.value.path == "rostra.ledger"
    assert "make that folder writable" in (error.value.hint or "")


def test_the_ledger_is_on_the_disk_and_held_against_what_is_there_to_the_letter(
    base: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_ledger(base, path)
    path.write_text(NOW.replace("Keep", "Lose"))
    flushed = []

    def at_one_time(file: BinaryIO) -> None:
        file.flush()
        os.utime(file.name, ns=(0, path.stat().st_mtime_ns))
        flushed.append(Path(file.name).read_text())

    monkeypatch.setattr(ledger_file, "flush", at_one_time)
    assert as_written(base, path) == NOW
    assert flushed == [NOW]
