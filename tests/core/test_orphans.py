"""What a build starts ends with it, however it ends, and nothing of it holds the lock any longer."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import pytest

from rostra.errors import UsageError
from rostra.system.build_lock import alone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it asks the system for the processes of a build")

LONG = 60.0
"""Seconds after which a process that should end at once has not."""


def family(mark: str) -> set[int]:
    """The processes that have a mark in their environment, and run still."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            marked = f"MARK={mark}".encode() in (place / "environ").read_bytes().split(b"\0")
            if marked and (place / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                found.add(int(place.name))
        except OSError:
            continue
    return found


@contextmanager
def at_work(code: str, mark: Path, *arguments: object) -> Iterator[Popen[bytes]]:
    """A process that says when it is at work; whatever is left of it is ended."""
    environment = {**os.environ, "MARK": str(mark), "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, env=environment) as running:
        try:
            assert running.stdout
            assert running.stdout.readline() == b"at work\n"
            yield running
        finally:
            for process in family(str(mark)):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def kill(running: Popen[bytes]) -> None:
    running.kill()
    running.wait()


def assert_gone(mark: Path) -> None:
    until = time.monotonic() + LONG
    while left := family(str(mark)):
        assert time.monotonic() < until, left
        time.sleep(0.02)


ASIDE = """
import sys, time
from pathlib import Path
from rostra.system import forked_copy
from rostra.system.build_lock import alone

forked_copy.available = lambda: 2

def flood():
    while True:
        yield bytes(1 << 16)

def wait():
    yield b"first"
    time.sleep(3600)

def toil():
    yield b"first"
    while True:
        sum(range(1000))

with alone(Path(sys.argv[1])), forked_copy.aside(globals()[sys.argv[2]]) as told:
    next(told)
    print("at work", flush=True)
    time.sleep(3600)
"""


@pytest.mark.parametrize("what", ["flood", "wait", "toil"])
def test_the_copy_of_a_build_that_is_killed_ends_and_the_lock_is_free(tmp_path: Path, what: str) -> None:
    with at_work(ASIDE, tmp_path, tmp_path / "kept", what) as running:
        assert len(family(str(tmp_path))) == 2
        with pytest.raises(UsageError, match="another build"), alone(tmp_path / "kept", 0):
            pass
        kill(running)
        with alone(tmp_path / "kept", LONG):
            pass
        assert_gone(tmp_path)


HOLDS = """
import os, sys, time
from pathlib import Path
from rostra.system.build_lock import alone

kept, patience = Path(sys.argv[1]), float(sys.argv[2])
for _ in range(2):
    with alone(kept, patience):
        if not os.fork():
            os.close(1)
            time.sleep(3600)
            os._exit(0)
with alone(kept, patience):
    print("at work", flush=True)
    time.sleep(3600)
"""


def test_a_copy_of_a_process_has_no_share_of_the_lock(tmp_path: Path) -> None:
    with at_work(HOLDS, tmp_path, tmp_path / "kept", LONG):
        assert len(family(str(tmp_path))) == 3
        # Those that were copied later take nothing from whoever holds it now.
        with pytest.raises(UsageError, match="another build"), alone(tmp_path / "kept", 0):
            pass


CHECK = """
import sys
from pathlib import Path
from rostra import check

print("at work", flush=True)
check.FEW, check.CHUNK = 0, 1
list(check._scanned(Path(sys.argv[1]), ["a", "b"], "", 2))
"""


def test_the_workers_of_a_check_that_is_killed_end(tmp_path: Path) -> None:
    for name in "ab":
        # Whoever opens one waits until somebody writes.
        os.mkfifo(tmp_path / name)
    with at_work(CHECK, tmp_path, tmp_path) as running:
        until = time.monotonic() + LONG
        while len(family(str(tmp_path))) < 4:
            assert time.monotonic() < until
            time.sleep(0.02)
        kill(running)
        assert_gone(tmp_path)


BUILD = """
import random, sys, time
from pathlib import Path
from support.changing_site import Archive
from rostra.build import pipeline as build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.system.workers import Workers

archive = Archive(Path(sys.argv[1]), random.Random(1))
for _ in range(20):
    archive.add()
site = load_site(archive.root)

def stop(*_):
    print("at work", flush=True)
    time.sleep(3600)

build.follow = stop
with Workers(2, patience=0) as workers:
    rebuild(site, lambda standing: build.build(site, standing=standing, workers=workers))
"""


def test_workers_of_a_build_that_is_killed_end_and_the_lock_is_free(tmp_path: Path) -> None:
    with at_work(BUILD, tmp_path, tmp_path / "site") as running:
        # Itself, two workers, and whom they are copies of.
        assert len(family(str(tmp_path))) >= 4
        kill(running)
        with alone(tmp_path / "site/.rostra", LONG):
            pass
        assert_gone(tmp_path)
