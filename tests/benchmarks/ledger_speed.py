"""How large the ledger is and how long its work takes, at any number of posts.

    python tests/benchmarks/ledger_speed.py 100000

What a build does with the ledger, by itself: noting every post for the first time and writing the
file; then, a build later, reading the file, recognising every post of every debate against it,
noting them again, following what is gone, and writing the file where it changed.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus import FORMATS, corpus

from rostra.config.cards import Card
from rostra.config.site import LEDGER
from rostra.identity.ledger_file import TABLES
from rostra.identity.registry import Registry
from rostra.identity.relocations import follow
from rostra.ingest.dump_threads import read_threads
from rostra.model import Thread
from rostra.readers import Dump

DUMP = "content/corpus.ndjson"


def timed(name: str, work: Callable[[], object]) -> None:
    """Do it, and say how long it took."""
    used = time.process_time()
    work()
    print(f"{name:44}{time.process_time() - used:8.2f} s of CPU", flush=True)


def opened(path: Path) -> tuple[Registry, sqlite3.Connection]:
    """The ledger's tables, empty, as a store opens them."""
    base = sqlite3.connect(path.with_name("tables.sqlite"), isolation_level=None)
    base.execute("PRAGMA synchronous=OFF")
    for statement in TABLES.split(";"):
        base.execute(statement)
    base.execute("BEGIN")
    return Registry(base, path), base


def noted(published: Registry, debates: list[Thread]) -> None:
    """Recognise and note every debate, as a build does that reads all."""
    for thread in debates:
        published.add(published.settle(thread, chosen=False, dump=DUMP, dumps={DUMP}, taken=()), DUMP)


def measure(posts: int, root: Path) -> None:
    """Print what the ledger of that many posts costs."""
    FORMATS["reddit"](corpus(posts), root)
    debates = list(read_threads(Dump(root / "corpus.ndjson", DUMP), Card()))
    ledger = root / LEDGER
    published, _ = opened(ledger)
    timed("note every post for the first time", lambda: noted(published, debates))
    timed("write the file", published.write)
    data = ledger.read_bytes()
    packed = len(gzip.compress(data))
    print(
        f"{'the file':44}{len(data) / 1e6:8.2f} MB, {len(data) / posts:.0f} bytes a post, {packed / 1e6:.2f} MB packed"
    )
    (root / "tables.sqlite").unlink()
    again, base = opened(ledger)
    timed("read the file", again.load)
    timed("recognise and note every post", lambda: noted(again, debates))
    timed("follow what is gone", lambda: follow(again, lambda _: debates[0]))
    timed("write the file", again.write)
    assert ledger.read_bytes() == data
    base.execute("COMMIT")
    base.execute("BEGIN")
    timed("update: one debate that changed", lambda: (again.drop(debates[0].id), noted(again, debates[:1]), follow(again, lambda _: debates[0]), again.write()))  # fmt: skip


if __name__ == "__main__":
    for size in sys.argv[1:] or ["100000"]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{int(size):,} posts")
            measure(int(size), Path(folder))
