"""How large the ledger is and how long it takes, at any number of posts.

    python tests/benchmarks/ledger.py 100000

The archive is built with ``rostra build``; then the ledger's own work is timed on what the build
kept: reading the file into its tables, recognising every post of every debate against it, noting
all of them, following what is gone, and writing the file.
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

from rostra.build import build
from rostra.published import TABLES, Published
from rostra.site import LEDGER, load_site
from rostra.store import Store


def timed(name: str, work: Callable[[], object]) -> None:
    """Do it, and say how long it took."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    print(f"{name:34}{time.perf_counter() - begun:8.2f} s, {time.process_time() - used:8.2f} s of CPU")


def measure(posts: int, root: Path) -> None:
    """Build an archive of that many posts, and print what its ledger costs."""
    (root / "content").mkdir()
    (root / "rostra.toml").write_text('title = "Ledger"\n')
    FORMATS["reddit"](corpus(posts), root / "content")
    site = load_site(root)
    timed("whole build", lambda: build(site))
    data = (root / LEDGER).read_bytes()
    packed = len(gzip.compress(data))
    print(f"{'ledger':34}{len(data) / 1e6:8.2f} MB, {len(data) / posts:.0f} bytes a post, {packed / 1e6:.2f} MB packed")
    with Store(site.cache, root / LEDGER) as store:
        threads = [(store.thread(id), "content/corpus.ndjson") for id in store.ids()]
    base = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES.split(";"):
        base.execute(statement)
    base.execute("BEGIN")
    published = Published(base, root / LEDGER)
    dumps = {"content/corpus.ndjson"}
    timed("read the file", published.load)
    timed("recognise every post", lambda: [published.settle(t, chosen=False, dump=d, dumps=dumps, taken=()) for t, d in threads])  # fmt: skip
    timed("note every post", lambda: [published.add(t, d) for t, d in threads])
    timed("follow what is gone", published.follow)
    timed("write the file", published.write)
    assert (root / LEDGER).read_bytes() == data
    with (root / "content/corpus.ndjson").open("a") as dump:
        dump.write('{"id":"zzzzzz","author":"ada","created_utc":1700000000,"subreddit":"bench","title":"One more","selftext":"One more debate.","is_self":true,"score":1}\n')  # fmt: skip
    timed("build with one debate more", lambda: build(site))
    timed("build with nothing to do", lambda: build(site))


if __name__ == "__main__":
    for size in sys.argv[1:] or ["100000"]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{int(size):,} posts")
            measure(int(size), Path(folder))
