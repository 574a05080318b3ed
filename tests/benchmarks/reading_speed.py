"""How quickly dumps are read, and how much memory that takes.

    python tests/benchmarks/reading_speed.py 10000 200000
    python tests/benchmarks/reading_speed.py 20000 --base OLDER/generator

Each figure is from a process of its own; seconds are those of the processor after the code was loaded (where bytecode is
not kept, compiling it would be most of them), with the garbage collections of a command; memory is the peak of what the
process held (ru_maxrss).  With ``--base``, the code of another commit reads the same dumps in turn, and *ratio* is the least time of
this code, divided by the least of that one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import FORMATS, corpus

READ = """
import gc, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from rostra.cli import LITTER
from rostra.readers import Dump, choose, readers
def seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
dump = Dump(Path(sys.argv[1]))
readers()
gc.set_threshold(LITTER)
begun = seconds()
reader = choose(dump)
if hasattr(dump, "audit"):
    dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
posts = sum(sum(post.kind == "post" for post in thread.posts) for thread in reader.read(dump))
print(posts, seconds() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
HERE = Path(__file__).parents[2] / "generator"
ROUNDS = 5
"""How often both codes read a dump in turn, since other processes disturb single figures."""


def measured(dump: Path, code: Path = HERE) -> tuple[int, float, float]:
    """Posts read, seconds, MiB at the peak."""
    asked = [sys.executable, "-c", READ, str(dump), str(code)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    posts, took, peak = done.stdout.split()
    return int(posts), float(took), float(peak)


def compared(dump: Path, base: Path) -> float:
    """The least time of this code, divided by that of another."""
    pairs = [(measured(dump)[1], measured(dump, base)[1]) for _ in range(ROUNDS)]
    return min(ours for ours, _ in pairs) / min(theirs for _, theirs in pairs)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("sizes", type=int, nargs="+")
    asked.add_argument("--base", type=Path, help="the folder `generator` of another commit")
    given = asked.parse_args()
    print(
        f"{'format':12}{'posts':>10}{'MB':>8}{'seconds':>9}{'posts/s':>9}{'MiB':>7}"
        + f"{'ratio':>8}" * bool(given.base)
    )
    for format, write in FORMATS.items():
        for size in given.sizes:
            with tempfile.TemporaryDirectory() as folder:
                write(corpus(size), Path(folder))
                dump = next(Path(folder).iterdir())
                files = [dump] if dump.is_file() else [path for path in dump.rglob("*") if path.is_file()]
                weight = sum(path.stat().st_size for path in files) / 1e6
                posts, took, peak = measured(dump)
                assert posts == size, (format, posts, size)
                ratio = f"{compared(dump, given.base):>8.2f}" if given.base else ""
            print(f"{format:12}{size:>10}{weight:>8.0f}{took:>9.1f}{size / took:>9.0f}{peak:>7.0f}{ratio}")


if __name__ == "__main__":
    main()
