"""Builds that are killed: of how many the site is whole, and the next build what a clean one gives.

    python tests/benchmarks/kills.py 200 100

So many builds of a site that changes at random are killed (SIGKILL) at any moment, every second of them from nothing;
and so many before one step of their commit: a call that may change the disk, from the moment all is staged to the end.
After each, before anything else: is the site the old one or the new one, or marked, so that it is neither checked nor
published?  Is the lock free, and every process gone?  Then the site is built again, and held against a clean build.

What was found is printed after every tenth kill, and whole at the end.  A third number is the seed, 1 if left out.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rostra.config.site import LEDGER
from rostra.errors import UsageError
from rostra.output.journal import JOURNAL, STAGING
from rostra.system.build_lock import alone
from support.changing_site import Archive, copied, files

AIMED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from support.disk_faults import interrupted
from rostra.cli import main
sys.argv = ["rostra", "build", "--quiet", "--site", {site!r}]
try:
    with interrupted({step}, lambda: os.kill(os.getpid(), signal.SIGKILL), "Writer._put_in_place") as taken:
        main()
except SystemExit:
    print(len(taken))
"""
PATIENCE = 10.0
"""Seconds in which what a build started should be gone."""
EACH = 10
"""After how many kills the figures are printed."""
PROMISED = ("whole or marked", "nothing stale", "next build equals a clean one", "same ledger", "nothing left over", "lock free", "no process left")  # fmt: skip


def command(site: Path) -> list[str]:
    return [sys.executable, "-m", "rostra", "build", "--quiet", "--site", str(site)]


def run(words: list[str], mark: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "KILLED": mark}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def left(mark: str) -> list[str]:
    """The processes of a build that run still."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"KILLED={mark}".encode() not in (place / "environ").read_bytes().split(b"\0"):
                continue
            if (place / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                found.append(place.name)
        except OSError:
            continue
    return found


def published(site: Path) -> dict[str, bytes]:
    return files(site / "public") if (site / "public").is_dir() else {}


def ledger(site: Path) -> bytes:
    return (site / LEDGER).read_bytes() if (site / LEDGER).is_file() else b""


def is_free(site: Path) -> bool:
    try:
        with alone(site / ".rostra", 1.0):
            return True
    except UsageError:
        return False


def prepare(archive: Archive, *, cold: bool) -> None:
    """A site that was never built, or one in which something changed since."""
    for _ in range(archive.chance.randint(1, 3)):
        archive.change()
    # A dump that cannot be read says nothing of kills.
    (archive.root / "content/broken.jsonl").unlink(missing_ok=True)
    if cold:
        for name in ("public", ".rostra"):
            shutil.rmtree(archive.root / name, ignore_errors=True)
        (archive.root / LEDGER).unlink(missing_ok=True)


def after(archive: Archive, top: Path, before: dict[str, bytes], mark: str, lasts: dict[bool, float]) -> Iterator[str]:
    """What is true after a kill; ``lasts`` is told how long a build takes at present, from nothing (True) or not."""
    now, site = published(archive.root), archive.root
    marked = (site / ".rostra" / JOURNAL).exists()
    began = time.monotonic()
    while left(mark) and time.monotonic() - began < PATIENCE:
        time.sleep(0.01)
    if not left(mark):
        yield "no process left"
    if is_free(site):
        yield "lock free"
    began = time.monotonic()
    again = subprocess.run(command(site), capture_output=True, check=False)
    lasts[not before] = time.monotonic() - began
    shutil.rmtree(top / "clean", ignore_errors=True)
    subprocess.run(command(copied(site, top / "clean")), capture_output=True, check=False)
    clean = published(top / "clean")
    state = "old" if now == before else "new" if now == clean else "marked" if marked else "a mixture, unmarked"
    yield f"before the next build: {state}"
    if state != "a mixture, unmarked":
        yield "whole or marked"
    if again.returncode in (0, 1) and b"Traceback" not in again.stderr and published(site) == clean:
        yield "next build equals a clean one"
    else:
        print(f"exit status {again.returncode}:", again.stderr.decode(), file=sys.stderr, flush=True)
    if not published(site).keys() - clean.keys():
        yield "nothing stale"
    if ledger(site) == ledger(top / "clean"):
        yield "same ledger"
    if not any((site / ".rostra" / name).exists() for name in (JOURNAL, STAGING)):
        yield "nothing left over"


def progress(number: int, kind: str, counts: Counter[str]) -> str:
    """One line: how many builds were killed so far, and of how many what is promised is true."""
    total = counts["in all"]
    return f"{number}: {kind}: {counts['killed']} killed of {total}; " + ", ".join(
        f"{what} {counts[what]}/{total}" for what in PROMISED
    )


def main() -> None:
    """Kill, look, build again."""
    at_random, aimed = map(int, sys.argv[1:3])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        archive = Archive(top / "site", random.Random(seed))
        chance, lasts, steps = random.Random(seed), {True: 2.0, False: 1.0}, 300
        subprocess.run(command(archive.root), capture_output=True, check=False)
        told: dict[str, Counter[str]] = {"at random": Counter(), "at the commit": Counter()}
        for number in range(at_random + aimed):
            kind = "at random" if number < at_random else "at the commit"
            cold = number % 2 == 1
            prepare(archive, cold=cold)
            before, mark = published(archive.root), f"{name}-{number}"
            if kind == "at random":
                running = run(command(archive.root), mark)
                with suppress(subprocess.TimeoutExpired):
                    running.wait(chance.uniform(0, 1.1 * lasts[cold]))
                running.kill()
            else:
                code = AIMED.format(tests=str(Path(__file__).parents[1]), site=str(archive.root), step=chance.randrange(steps))  # fmt: skip
                running = run([sys.executable, "-c", code], mark)
            said, _ = running.communicate()
            if said.strip().isdigit():
                # It ended before that step: so many there are.
                steps = max(20, int(said))
            told[kind]["in all"] += 1
            told[kind]["killed"] += running.returncode == -signal.SIGKILL
            told[kind].update(after(archive, top, before, mark, lasts))
            told[kind].update(["from nothing" if cold else "incremental"])
            if (number + 1) % EACH == 0:
                print(progress(number + 1, kind, told[kind]), flush=True)
    for kind, counts in told.items():
        print(kind)
        for what, count in counts.items():
            print(f"  {count:4} {what}")


if __name__ == "__main__":
    main()
