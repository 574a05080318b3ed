"""How quickly a site is checked and published, first and after one change, and how much memory a check takes.

    python tests/benchmarks/publishing.py 10000

Builds that many debates of 8 posts each in a temporary folder, checks them, and publishes them on a bare repository over
file:// and in a folder by fsspec.  Each figure is from a process of its own.  Seconds are of the clock; the processor's
follow in brackets.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import corpus

POSTS = 8
PEOPLE = 500


def debates(count: int, folder: Path) -> None:
    """A dump of so many debates, a third of whose answers quote."""
    chance = random.Random(2)
    said: list[tuple[int, str]] = []
    with (folder / "debates.jsonl").open("w") as out:
        for number, post in enumerate(corpus(count * POSTS)):
            if number % POSTS == 0:
                said = []
            parent = chance.choice(said) if said else None
            quoted = f"> {parent[1].split('. ')[0]}.\n\n" if parent and chance.random() < 1 / 3 else ""
            line = {"thread": f"t{number // POSTS}", "id": post.number, "parent": parent[0] if parent else None,
                    "author": f"author {number % PEOPLE}", "created": post.created.isoformat(), "body": quoted + post.words}  # fmt: skip
            out.write(json.dumps(line if parent else line | {"title": f"Thread {number // POSTS}"}) + "\n")
            said.append((post.number, post.words))


def run(name: str, *command: str, at: Path) -> None:
    """Run a command and print what it took; the largest of its processes tells the memory."""
    pid = os.posix_spawnp(
        command[0],
        command,
        os.environ | {"PWD": str(at)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, str(at / "said"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)],
    )  # fmt: skip
    begun = time.perf_counter()
    _, status, used = os.wait4(pid, 0)
    took = time.perf_counter() - begun
    said = (at / "said").read_text().strip().splitlines()
    assert status == 0, said
    peak = used.ru_maxrss / 1024
    print(f"{name:44}{took:7.1f} s ({used.ru_utime + used.ru_stime:5.1f}){peak:7.0f} MiB  {said[-1] if said else ''}")


if __name__ == "__main__":
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "site/content").mkdir(parents=True)
        (folder / "site/rostra.toml").write_text('title = "Debates"\naddress = "https://example.org/"\n')
        debates(count, folder / "site/content")
        subprocess.run(["git", "init", "-q", "--bare", str(folder / "remote.git")], check=True)
        rostra = (sys.executable, "-m", "rostra")
        site = ("--site", str(folder / "site"))
        remote = (folder / "remote.git").as_uri()
        time.sleep(1)
        run("build", *rostra, "build", *site, at=folder)
        run("check", *rostra, "check", *site, at=folder)
        run("check again", *rostra, "check", *site, at=folder)
        run("publish, git over file://, first", *rostra, "publish", remote, *site, at=folder)
        run("publish, fsspec to a folder, first", *rostra, "publish", f"local://{folder}/there", *site, at=folder)
        run("publish, git, nothing changed", *rostra, "publish", remote, *site, at=folder)
        page = folder / "site/content/note.jsonl"
        page.write_text(
            '{"id": "n1", "parent": null, "author": "Ada", "created": "2024-03-01T09:00:00Z", "title": "A note", "body": "One more."}\n'
        )
        time.sleep(1)
        run("build after one debate more", *rostra, "build", *site, at=folder)
        run("publish, git, after one change", *rostra, "publish", remote, *site, at=folder)
        run("publish, fsspec, after one change", *rostra, "publish", f"local://{folder}/there", *site, at=folder)
        print(f"largest process of all: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
