"""How quickly dumps are read, and how much memory that takes.

    python tests/benchmarks/reading_speed.py 10000 200000

Each figure is from a process of its own; memory is the peak of what it held (ru_maxrss).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import FORMATS, corpus

READ = """
import resource, sys, time
from pathlib import Path
from rostra.readers import Dump, choose
dump = Dump(Path(sys.argv[1]))
begun = time.perf_counter()
reader = choose(dump)
posts = sum(sum(post.kind == "post" for post in thread.posts) for thread in reader.read(dump))
took = time.perf_counter() - begun
print(posts, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measured(dump: Path) -> tuple[int, float, float]:
    """Posts read, seconds, MiB at the peak."""
    done = subprocess.run([sys.executable, "-c", READ, str(dump)], check=True, capture_output=True, text=True)
    posts, took, peak = done.stdout.split()
    return int(posts), float(took), float(peak)


if __name__ == "__main__":
    print(f"{'format':12}{'posts':>10}{'MB':>8}{'seconds':>9}{'posts/s':>9}{'MiB':>7}")
    for format, write in FORMATS.items():
        for size in map(int, sys.argv[1:]):
            with tempfile.TemporaryDirectory() as folder:
                write(corpus(size), Path(folder))
                dump = next(Path(folder).iterdir())
                files = [dump] if dump.is_file() else [path for path in dump.rglob("*") if path.is_file()]
                weight = sum(path.stat().st_size for path in files) / 1e6
                posts, took, peak = measured(dump)
                assert posts == size, (format, posts, size)
            print(f"{format:12}{size:>10}{weight:>8.0f}{took:>9.1f}{size / took:>9.0f}{peak:>7.0f}")
