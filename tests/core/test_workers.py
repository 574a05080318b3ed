"""What workers do is what would be done here, in the same order, and nothing is lost."""

from __future__ import annotations

import os
import platform
import random
import sys
from collections.abc import Callable, Iterator
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
from rostra.system.workers import AHEAD, HUGE, MOST, SMALL, Job, Workers
from support.changing_site import Archive, copied, files
from support.worker_tasks import by, called, doubled, fatal, killed, marks, waits, works, wrong


class Refusing(ThreadPoolExecutor):
    """One that refuses the first edition, as a cluster does whose worker is of another version."""

    refused = False

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        refuse = not self.refused and getattr(function, "func", None) is edited
        self.refused = self.refused or refuse
        return super().submit(wrong, "a worker") if refuse else super().submit(function, *arguments, **named)


class Going(ThreadPoolExecutor):
    """One that says whether it was sent away."""

    gone = False

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.gone = True
        super().shutdown(wait, cancel_futures=cancel_futures)


BUSY = """
from rostra.system.workers import Job, Workers
from support.worker_tasks import doubled

with Workers(2, patience=0) as workers:
    for n, pause in enumerate((0, 3600)):
        list(workers.map(doubled, [Job(n, 0, (1, pause))]))
        print("begun", flush=True)
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


def test_values_come_in_the_order_of_their_jobs_with_what_they_are_known_by() -> None:
    with Workers(2, patience=0) as workers:
        jobs = (Job(str(n), 0, (n, 0.05 if n % 3 == 0 else 0.0)) for n in range(12))
        assert list(workers.map(doubled, jobs)) == [(str(n), 2 * n) for n in range(12)]


def test_what_takes_long_keeps_nobody_waiting(tmp_path: Path) -> None:
    def jobs() -> Iterator[Job[int]]:
        # The first ends when a later one was done.
        yield Job(0, 0, (waits, 0, tmp_path / "done"))
        for number in range(1, 2 * MOST):
            mark = "done" if number == 2 * MOST - 1 else str(number)
            yield Job(number, 1, (marks, number, tmp_path / mark))

    with Workers(2, patience=0) as workers:
        assert list(workers.map(called, jobs())) == [(n, n) for n in range(2 * MOST)]


@pytest.mark.parametrize(("size", "most"), [(0, 2 * MOST), (SMALL, 2 * AHEAD)])
def test_what_is_asked_for_does_not_pile_up(size: int, most: int) -> None:
    asked, waiting = Counting(), list[int]()
    with Workers(2, patience=0, start=lambda _: asked) as workers:
        for number, _ in workers.map(doubled, (Job(n, size, (n,)) for n in range(500))):
            waiting.append(asked.number - number - 1)
    assert max(waiting) == most


@pytest.mark.parametrize(("number", "size"), [(1, 0), (2, 0), (2, HUGE + 1)])
def test_a_wait_yields_everything_before_the_next_job_is_taken(number: int, size: int) -> None:
    told = list[int]()

    def jobs() -> Iterator[Job[int] | None]:
        for n in range(3):
            yield Job(n, 0, (n, 0.05))
            if size:
                yield Job(n, size, (n,))
            yield None
            assert told == [each for each in range(n + 1) for _ in range(2 if size else 1)]

    with Workers(number, patience=0) as workers:
        for n, _ in workers.map(doubled, jobs()):
            told.append(n)
    assert told[-1] == 2


def test_one_map_feeds_another_and_a_wait_within_is_for_its_own() -> None:
    with Workers(2, patience=0) as workers:

        def inner() -> Iterator[Job[int] | None]:
            for n, value in workers.map(doubled, (Job(n, 0, (n,)) for n in range(30))):
                yield Job(n, 0, (value,))
                if n % 10 == 0:
                    yield None

        assert list(workers.map(doubled, inner())) == [(n, 4 * n) for n in range(30)]


@pytest.mark.skipif(sys.platform != "linux", reason="it asks the system for the children of a process")
def test_others_get_ready_only_where_much_is_expected() -> None:
    for size, children in (("ENOUGH", False), ("ENOUGH + 1", True)):
        running = run([sys.executable, "-c", EXPECTING.replace("SIZE", size)], stdout=PIPE, text=True, check=True)
        assert running.stdout == f"{children}\n", size


def test_a_small_build_and_a_single_processor_call_nobody() -> None:
    for workers in (Workers(8, start=none), Workers(1, patience=0, start=none)):
        with workers:
            assert list(workers.map(doubled, [Job("a", 0, (1,))])) == [("a", 2)]


def test_one_long_thing_calls_nobody_in_the_next_part_of_the_build() -> None:
    with Workers(2, patience=0.01, start=none) as workers:
        for n in range(2):
            assert list(workers.map(works, [Job(n, 1, (0.02,))])) == [(n, None)]


def test_waiting_for_a_busy_machine_calls_nobody() -> None:
    with Workers(2, patience=0.01, start=none) as workers:
        jobs = [Job(n, 1, (0.02,)) for n in range(2)]
        assert list(workers.map(sleep, jobs)) == [(0, None), (1, None)]


def test_a_pool_that_was_worth_its_start_starts_again_at_once() -> None:
    started = list[Going]()

    def start(number: int) -> Executor:
        started.append(Going(number))
        return started[-1]

    with Workers(2, patience=0.01, start=start) as workers:
        for number in (1, 2):
            list(workers.map(works, [Job(n, 1, (0.02 / number,)) for n in range(3 - number)]))
            assert len(started) == number
            workers.dismiss()


def test_others_do_the_work_even_after_one_is_taken_away_and_nothing_is_lost(tmp_path: Path) -> None:
    with Workers(2, patience=0) as workers:
        jobs = (Job(number, 0, (number, tmp_path / "mark", os.getpid())) for number in range(20))
        told = [value for _, value in workers.map(killed, jobs)]
        assert (tmp_path / "mark").exists()
        assert [number for number, _ in told] == list(range(20))
        assert told[-1][1] != os.getpid()
        ((_, (number, process)),) = workers.map(by, [Job(None, 0, (20,))])
    assert (number, process == os.getpid()) == (20, False)


def test_where_every_worker_is_taken_away_all_is_done_here() -> None:
    with Workers(2, patience=0) as workers:
        jobs = (Job(number, 0, (number, os.getpid())) for number in range(60))
        assert list(workers.map(fatal, jobs)) == [(n, n) for n in range(60)]


def test_workers_end_with_a_build_that_is_killed() -> None:
    asking = Popen([sys.executable, "-c", BUSY], stdout=PIPE, stderr=DEVNULL, cwd=Path(__file__).parents[1])
    assert asking.stdout
    assert asking.stdout.readline() == b"begun\n"
    asking.kill()
    # What the build says ends when nobody is left who could say more.
    asking.communicate(timeout=60)


def test_what_is_wrong_is_told_as_it_would_be_here() -> None:
    with Workers(2, patience=0) as workers, pytest.raises(UsageError) as raised:
        list(workers.map(wrong, [Job(0, 0, ("a.toml",))]))
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


def test_workers_that_made_pages_are_gone_before_lists_are_made_and_fresh_ones_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, seen = list[Going](), list[int]()

    def start(number: int) -> Executor:
        started.append(Going(number))
        return started[-1]

    def units(*arguments: Any) -> Any:
        # The last write the index or copy dumps meanwhile.
        assert all(each.gone for each in started[:-1])
        seen.append(len(started))
        return archive_units(*arguments)

    archive = Archive(tmp_path / "site", random.Random(7))
    monkeypatch.setattr("rostra.build.pipeline.pages.archive_units", units)
    with Workers(2, patience=0, start=start) as workers:
        build(load_site(archive.root), workers=workers)
        archive.add()
        build(load_site(archive.root), workers=workers)
    assert seen == [2, 4]
    assert len(started) == 4


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
from rostra.system.workers import HUGE, Job, Workers

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

def littered():
    # The last stays: below it, what is freed is the process's still.
    return [bytearray(2000) for _ in range(100_000)].pop()

before = resident()
kept = list(Workers().map(littered, [Job(0, MANY, ())]))
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
