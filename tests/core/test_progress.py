"""What a build tells of itself while it goes on: nothing that is not so, and nothing but on a terminal."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.cli import terminal
from rostra.cli.terminal import line, showing
from rostra.config.site import load_site
from rostra.system.progress import Portion, Progress, Stage

MESSAGE = (
    "From ada@mill.example Mon Mar 04 09:00:00 2024\nFrom: Ada <ada@mill.example>\n"
    "Date: Mon, 4 Mar 2024 09:00:00 +0000\nMessage-ID: <{0}@mill.example>\n{1}\nThe gate stays shut, {0}.\n\n"
)
LONE = "# The upper gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n\n## [2] bede, answers 1\n\nI did.\n"
QUICK = "import rostra.cli.terminal as t; t.PATIENCE = t.PAUSE = 0.001; from rostra.cli import main; main()"


def mailbox(many: int, begin: int = 0) -> bytes:
    """Threads of up to three messages."""
    return "".join(
        MESSAGE.format(n, f"In-Reply-To: <{n - n % 3}@mill.example>\n" if n % 3 else "") for n in range(begin, many)
    ).encode()


def posts(many: int) -> bytes:
    return "".join(
        json.dumps({"id": n, "parent": None, "thread": str(n // 3), "body": f"The gate {n}"}) + "\n"
        for n in range(many)
    ).encode()


def site(folder: Path, dumps: dict[str, bytes]) -> Path:
    (folder / "content").mkdir(exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\nauthority = "mill.example,2024"\n')
    for name, said in dumps.items():
        (folder / "content" / name).write_bytes(said)
    return folder


class Told(NamedTuple):
    done: int
    name: str | None
    called: str
    read: int
    total: int | None


def reading(folder: Path) -> list[Told]:
    """What is told while dumps are read."""
    told: list[Told] = []

    def tell(stage: Stage) -> None:
        if stage.name == "reading dumps":
            of = stage.portion
            told.append(Told(stage.done, *(of.name, of.called, of.done, of.total) if of else (None, "", 0, None)))

    build(load_site(folder), Progress(tell))
    return told


@pytest.mark.parametrize(
    ("name", "said", "called"),
    [
        ("box.mbox", mailbox(30), "messages"),
        ("box.mbox.gz", gzip.compress(mailbox(30)), "messages"),
        ("a.jsonl", posts(30), "lines"),
        ("a.jsonl.gz", gzip.compress(posts(30)), "lines"),
    ],
)
def test_of_records_no_more_is_told_than_was_read(tmp_path: Path, name: str, said: bytes, called: str) -> None:
    told = [each for each in reading(site(tmp_path, {name: said})) if each.name]
    assert {each.name for each in told} == {f"content/{name}"}
    counted = [each for each in told if each.called == called]
    assert {each.total for each in counted} == {30}
    # Of ten threads three are read before the first is given.
    assert [each.read for each in counted] == [6, *range(6, 31, 3)]
    assert not [each for each in told if each.done]


def test_of_other_dumps_posts_are_told_once_their_debate_is_there(tmp_path: Path) -> None:
    told = reading(site(tmp_path, {"a.md": LONE.encode()}))
    assert [(each.name, each.read, each.total) for each in told if each.name] == [("content/a.md", 0, None)] * 2


def test_one_dump_is_never_told_with_what_was_read_of_another(tmp_path: Path) -> None:
    dumps = {"a.mbox": mailbox(12), "b.mbox": mailbox(21, 12), "c.md": LONE.encode(), "d.jsonl": posts(9)}
    told = reading(site(tmp_path, dumps))
    assert [each.done for each in told if each.name is None] == [0, 1, 2, 3, 4]
    names = [f"content/{name}" for name in sorted(dumps)]
    assert all(names[each.done] == each.name for each in told if each.name)
    totals = {(each.name, each.total) for each in told if each.total}
    assert totals == {("content/a.mbox", 12), ("content/b.mbox", 9), ("content/d.jsonl", 9)}


def test_of_a_dump_that_grew_no_total_is_told_and_of_one_that_stands_nothing(tmp_path: Path) -> None:
    folder = site(tmp_path, {"a.mbox": mailbox(30), "b.md": LONE.encode()})
    reading(folder)
    with (folder / "content/a.mbox").open("ab") as box:
        box.write(mailbox(33, 30))
    told = reading(folder)
    assert {each.name for each in told} == {"content/a.mbox", None}
    assert not [each for each in told if each.total is not None]
    assert max(each.read for each in told) < 9


def test_what_cannot_be_read_does_not_stay_in_what_is_told(tmp_path: Path) -> None:
    told = reading(site(tmp_path, {"a.bin": b"\0\1\2", "b.txt": b"", "c.mbox": mailbox(6)}))
    assert [(each.done, each.name) for each in told if each.name is None] == [
        (0, None),
        (1, None),
        (2, None),
        (3, None),
    ]


@given(st.text(max_size=90), st.integers(0, 10**7), st.none() | st.integers(0, 10**7), st.integers(1, 130))
def test_a_line_fits_and_moves_no_cursor(name: str, done: int, total: int | None, width: int) -> None:
    shown = line(Stage("reading dumps", 3, 1, 0.0, Portion(name, "messages", total, done)), 12.3, width)
    assert shown.isprintable()
    assert len(shown) + sum(not sign.isascii() for sign in shown.replace("…", ".")) <= width


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        (Stage("making lists"), "making lists, 3 s"),
        (Stage("making lists", None, 14), "making lists 14, 3 s"),
        (Stage("reading dumps", 3), "reading dumps 0 of 3, 3 s"),
        (Stage("reading dumps", 3, portion=Portion("a.txt", "posts", None, 1)), "reading dumps 0 of 3 (a.txt), 3 s"),
        (Stage("reading dumps", 3, portion=Portion("a.mbox")), "reading dumps 0 of 3 (a.mbox), 3 s"),
        (Stage("reading dumps", 3, portion=Portion("a.mbox", "messages found", None, 4200)), "reading dumps 0 of 3 (a.mbox: 4,200 messages found), 3 s"),
        (Stage("reading dumps", 3, portion=Portion("a.mbox", "messages", 5000, 0)), "reading dumps 0 of 3 (a.mbox: 0 of 5,000 messages), 3 s"),
        (Stage("reading dumps", 3, portion=Portion("dumps/" * 20 + "a.mbox", "posts", None, 12)), "reading dumps 0 of 3 (…mps/dumps/dumps/dumps/dumps/dumps/a.mbox: 12 posts), 3 s"),
    ],
)  # fmt: skip
def test_what_a_line_says(stage: Stage, shown: str) -> None:
    assert line(stage, 3.4, 79) == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def screened(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in the place of this one, on which a build is shown at once; within a test, since pytest takes its own between."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(terminal, "PATIENCE", 0.001)
    monkeypatch.setattr(terminal, "PAUSE", 0.001)
    return shown


def drawn(screen: Terminal, many: int) -> bool:
    """Whether it is drawn so often; waited for as long as a machine that is busy may need."""
    for _ in range(3000):
        if screen.getvalue().count("\x1b[K") >= many:
            return True
        time.sleep(0.01)
    return False


def test_a_stage_that_does_not_move_is_drawn_again_and_nothing_before_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = screened(monkeypatch)
    with showing() as told:
        time.sleep(0.02)
        assert screen.getvalue() == ""
        told(Stage("reading dumps", 3))
        assert drawn(screen, 5)
    assert screen.getvalue().endswith("\r\x1b[K")
    assert set(re.findall(r"K([^\r,]+),", screen.getvalue())) == {"reading dumps 0 of 3"}


def test_nothing_is_drawn_once_it_is_over_and_the_system_s_clock_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screened(monkeypatch)

    def fails() -> None:
        with showing() as told:
            told(Stage("reading dumps", 3))
            assert drawn(screen, 2)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    shown = screen.getvalue()
    time.sleep(0.02)
    assert screen.getvalue() == shown


def test_no_thread_is_begun_so_that_this_process_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screened(monkeypatch)
    before = threading.active_count()
    with showing() as told:
        told(Stage("reading dumps"))
        assert drawn(screen, 2)
        assert threading.active_count() == before


def test_somebody_else_s_alarm_stays_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    screened(monkeypatch)
    rang: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, frame: rang.append(number))
    try:
        with showing() as told:
            told(Stage("reading dumps"))
            assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        signal.raise_signal(signal.SIGALRM)
        assert rang == [signal.SIGALRM]
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_a_terminal_that_is_gone_stops_no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screened(monkeypatch)

    def gone(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with showing() as told:
        told(Stage("reading dumps", 3))
        assert drawn(screen, 2)
        monkeypatch.setattr(screen, "write", gone)
        for _ in range(20):
            time.sleep(0.001)
            told(Stage("reading dumps", 3))


def test_what_is_no_terminal_is_told_nothing_by_time(tmp_path: Path) -> None:
    folder = site(tmp_path, {"box.mbox": mailbox(60)})
    ran = subprocess.run([sys.executable, "-c", QUICK, "build"], cwd=folder, capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    assert re.fullmatch(r"60 posts in 20 debates → .+\n(hint: .+\n)?", ran.stderr)


def test_on_a_terminal_a_large_dump_is_told_while_it_is_read(tmp_path: Path) -> None:
    folder = site(tmp_path, {"box.mbox": mailbox(600)})
    here, there = pty.openpty()
    ran = subprocess.Popen([sys.executable, "-c", QUICK, "build"], cwd=folder, stderr=there, stdin=subprocess.DEVNULL)
    os.close(there)
    said = b""
    try:
        while piece := os.read(here, 65536):
            said += piece
    except OSError:
        pass  # Linux says so that the other end is closed.
    os.close(here)
    assert ran.wait() == 0
    shown = said.decode().split("\r\x1b[K")
    counts = [
        int(n) for n in re.findall(r"reading dumps 0 of 1 \(content/box\.mbox: (\d+) of 600 messages\)", said.decode())
    ]
    assert len(set(counts)) > 2
    assert counts == sorted(counts)
    assert max(counts) <= 600
    over = next(n for n, each in enumerate(shown) if each.startswith("reading dumps 1 of 1"))
    assert not [each for each in shown[over:] if "box.mbox" in each]
    assert shown[-1].startswith("600 posts in 200 debates")
