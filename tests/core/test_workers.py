"""Work that other processes do is the work that would be done here, in the same order, and none of it is lost."""

from __future__ import annotations

import os
import platform
import random
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, run
from time import sleep
from typing import Any

import pytest

from rostra.build.making import edited
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.render.pages import archive_units
from rostra.system.workers import AHEAD, MOST, SMALL, Workers
from support.changing_site import Archive, copied, files
from support.worker_tasks import by, doubled, fatal, killed, marks, waits, wrong


class Refusing(ThreadPoolExecutor):
    """One that refuses the first edition, as a cluster does whose worker is of another version."""

    refused = False

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        refuse = not self.refused and any(each is edited for each in (function, *arguments))
        self.refused = self.refused or refuse
        return super().submit(wrong, "a worker") if refuse else super().submit(function, *arguments, **named)


class Going(ThreadPoolExecutor):
    """One that says whether it was sent away."""

    gone = False

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.gone = True
        super().shutdown(wait, cancel_futures=cancel_futures)


BUSY = """
from rostra.system.workers import Workers
from support.worker_tasks import doubled

with Workers(2, patience=0) as workers:
    workers.ask(0, lambda value: print("begun", flush=True), doubled, 1)
    workers.finish()
    workers.ask(0, print, doubled, 1, 3600)
    workers.finish()
"""


EXPECTING = """
from pathlib import Path
from rostra.system.workers import ENOUGH, Workers

with Workers(2) as workers:
    workers.expect(iter([SIZE]))
    print(any(each.read_text() for each in Path("/proc/self/task").glob("*/children")))
"""


class Counting(Executor):
    """One that does everything at once, and counts."""

    number = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self.number += 1
        done = Future[Any]()
        done.set_result(function(*arguments, **named))
        return done


def none(number: int) -> Executor:
    raise AssertionError(f"{number} workers were called")


def test_values_are_told_in_the_order_in_which_they_were_asked_for() -> None:
    told = list[int]()
    with Workers(2, patience=0) as workers:
        for number in range(12):
            workers.ask(0, told.append, doubled, number, 0.05 if number % 3 == 0 else 0.0)
        workers.finish()
    assert told == [2 * number for number in range(12)]


def test_what_takes_long_keeps_nobody_waiting(tmp_path: Path) -> None:
    order = list[int]()
    with Workers(2, patience=0) as workers:
        # The first ends when a later one was done.
        workers.ask(0, order.append, waits, 0, tmp_path / "done")
        for number in range(1, 2 * MOST):
            workers.ask(1, order.append, marks, number, tmp_path / ("done" if number == 2 * MOST - 1 else str(number)))
        workers.finish()
    assert order == list(range(2 * MOST))


@pytest.mark.parametrize(("size", "most"), [(0, 2 * MOST), (SMALL, 2 * AHEAD)])
def test_what_is_asked_for_does_not_pile_up(size: int, most: int) -> None:
    asked, told, waiting = Counting(), list[int](), list[int]()
    with Workers(2, patience=0, start=lambda _: asked) as workers:
        for number in range(500):
            workers.ask(size, told.append, doubled, number)
            waiting.append(asked.number - len(told))
    assert max(waiting) == most


def test_what_is_to_be_called_at_the_end_is_called_after_all_that_was_asked_for() -> None:
    told = list[int | str]()
    with Workers(2, patience=0) as workers:
        workers.after(lambda: told.append("at once"))
        workers.ask(0, told.append, doubled, 1, 0.05)
        workers.after(lambda: told.append("then"))
        workers.ask(0, told.append, doubled, 2)
        workers.finish()
    assert told == ["at once", 2, "then", 4]


@pytest.mark.skipif(sys.platform != "linux", reason="it asks the system for the children of a process")
def test_others_get_ready_only_where_much_is_expected() -> None:
    for size, children in (("ENOUGH", False), ("ENOUGH + 1", True)):
        running = run([sys.executable, "-c", EXPECTING.replace("SIZE", size)], stdout=PIPE, text=True, check=True)
        assert running.stdout == f"{children}\n", size


def test_a_small_build_and_a_single_processor_call_nobody() -> None:
    told = list[int]()
    with Workers(8, start=none) as workers:
        workers.ask(0, told.append, doubled, 1)
    with Workers(1, patience=0, start=none) as workers:
        workers.ask(0, told.append, doubled, 2)
    assert told == [2, 4]


def test_one_long_thing_calls_nobody_in_the_next_part_of_the_build() -> None:
    with Workers(2, patience=0.01, start=none) as workers:
        for _ in range(2):
            workers.ask(1, lambda _: None, sleep, 0.02)
            workers.dismiss()


def test_others_do_the_work_even_after_one_is_taken_away_and_nothing_is_lost(tmp_path: Path) -> None:
    told = list[tuple[int, int]]()
    with Workers(2, patience=0) as workers:
        for number in range(20):
            workers.ask(0, told.append, killed, number, tmp_path / "mark", os.getpid())
        workers.finish()
        assert (tmp_path / "mark").exists()
        assert [number for number, _ in told] == list(range(20))
        assert told[-1][1] != os.getpid()
        told.clear()
        workers.ask(0, told.append, by, 20)
        workers.finish()
    assert [(number, process == os.getpid()) for number, process in told] == [(20, False)]


def test_where_every_worker_is_taken_away_all_is_done_here() -> None:
    told = list[int]()
    with Workers(2, patience=0) as workers:
        for number in range(60):
            workers.ask(0, told.append, fatal, number, os.getpid())
        workers.finish()
    assert told == list(range(60))


def test_workers_end_with_a_build_that_is_killed() -> None:
    asking = Popen([sys.executable, "-c", BUSY], stdout=PIPE, stderr=DEVNULL, cwd=Path(__file__).parents[1])
    assert asking.stdout
    assert asking.stdout.readline() == b"begun\n"
    asking.kill()
    # What the build says ends when nobody is left who could say more.
    asking.communicate(timeout=60)


def test_what_is_wrong_is_told_as_it_would_be_here() -> None:
    with Workers(2, patience=0) as workers:
        workers.ask(0, lambda _: None, wrong, "a.toml")
        with pytest.raises(UsageError) as raised:
            workers.finish()
    assert str(raised.value) == "a.toml:7: wrong\nhint: mend it"


@pytest.mark.parametrize("seed", [1, 201])
def test_the_number_of_workers_changes_no_byte(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    with Workers(2, patience=0) as workers:
        for step in range(6):
            shared = build(load_site(archive.root), workers=workers)
            alone = build(load_site(copied(archive.root, tmp_path / f"alone-{step}")))
            assert files(archive.root / "public") == files(tmp_path / f"alone-{step}/public"), (seed, step)
            assert shared.problems == alone.problems
            assert [str(each) for each in shared.failures] == [str(each) for each in alone.failures]
            for _ in range(3):
                archive.change()


def test_workers_are_gone_before_lists_are_made_and_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called, seen = list[Going](), list[int]()

    def start(number: int) -> Executor:
        called.append(Going(number))
        return called[-1]

    def units(*arguments: Any) -> Any:
        assert all(each.gone for each in called)
        seen.append(len(called))
        return archive_units(*arguments)

    archive = Archive(tmp_path / "site", random.Random(7))
    monkeypatch.setattr("rostra.build.pipeline.pages.archive_units", units)
    with Workers(2, patience=0, start=start) as workers:
        build(load_site(archive.root), workers=workers)
        archive.add()
        build(load_site(archive.root), workers=workers)
    # Fresh ones made lists.
    assert seen == [1, 3]
    assert len(called) == 4


def test_a_worker_s_refusal_ends_the_build_and_is_no_fault_of_a_dump(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    # So many that the refusal is heard while other dumps are being read.
    for _ in range(20):
        archive.add()
    with Workers(2, patience=0, start=Refusing) as workers, pytest.raises(UsageError, match="a worker:7: wrong"):
        build(load_site(archive.root), workers=workers)
    assert not (archive.root / "public").exists()
    build(load_site(archive.root))
    build(load_site(copied(archive.root, tmp_path / "alone")))
    assert files(archive.root / "public") == files(tmp_path / "alone/public")


def test_what_is_huge_is_done_here_and_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "site", random.Random(6))
    for step in range(3):
        build(load_site(copied(archive.root, tmp_path / f"plain-{step}")))
        with Workers(2, patience=0, start=none) as workers, monkeypatch.context() as huge:
            huge.setattr("rostra.system.workers.HUGE", 0)
            build(load_site(archive.root), workers=workers)
        assert files(archive.root / "public") == files(tmp_path / f"plain-{step}/public")
        archive.change()


LITTER = """
import os
from pathlib import Path
from rostra.system.workers import HUGE, Workers

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

def littered():
    # The last stays: below it, what is freed is the process's still.
    return [bytearray(2000) for _ in range(100_000)].pop()

kept, before = [], resident()
Workers().ask(MANY, kept.append, littered)
print(resident() - before > 100)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators keep books of their own")
def test_what_something_huge_took_is_given_back_to_the_system() -> None:
    for size, kept in (("HUGE", "True"), ("HUGE + 1", "False")):
        running = run([sys.executable, "-c", LITTER.replace("MANY", size)], stdout=PIPE, text=True, check=True)
        assert running.stdout == f"{kept}\n", size


def test_what_is_hidden_stays_hidden_with_workers(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(3))
    (archive.root / "redactions.toml").write_text('[[redact]]\nperson = "bede"\nreason = "asked"\n')
    with Workers(2, patience=0) as workers:
        build(load_site(archive.root), workers=workers)
    build(load_site(copied(archive.root, tmp_path / "alone")))
    built = files(archive.root / "public")
    assert built == files(tmp_path / "alone/public")
    assert not [path for path, said in built.items() if b"bede" in path.encode().lower() + said.lower()]


def test_a_layout_that_is_wrong_is_told_by_its_line_with_workers(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(4))
    (archive.root / "layouts").mkdir()
    (archive.root / "layouts/thread.html").write_text("{{ thread.title }}\n{{ nothing }}\n")
    with Workers(2, patience=0) as workers, pytest.raises(UsageError) as raised:
        build(load_site(archive.root), workers=workers)
    assert (raised.value.path or "").endswith("layouts/thread.html")
    assert raised.value.line == 2
    assert not (archive.root / "public").exists()


ASIDE = """
import os, signal
from rostra.system import forked_copy

forked_copy.available = lambda: 2
here = os.getpid()

def whole():
    yield str(os.getpid() != here).encode()
    yield bytes(1 << 20)

def lost():
    yield b"first"
    os.kill(os.getpid(), signal.SIGKILL)
    yield b"second"

def wrong():
    yield b"first"
    raise ValueError

def endless():
    while True:
        yield b"more"

for function in whole, lost, wrong:
    with forked_copy.aside(function) as told:
        print(*(piece[:5].decode() if len(piece) < 9 else len(piece) for piece in told))
with forked_copy.aside(endless) as told:
    print(next(told).decode())
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("none is left")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be copied here")
def test_what_a_copy_of_a_process_tells_comes_as_far_as_it_gets_and_no_copy_is_left() -> None:
    with Popen([sys.executable, "-c", ASIDE], stdout=PIPE, stderr=DEVNULL, text=True) as running:
        assert running.communicate()[0].splitlines() == ["True 1048576", "first", "first", "more", "none is left"]
