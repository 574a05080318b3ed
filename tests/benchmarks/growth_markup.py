"""How the time to render a body grows when the body doubles, for each dialect and each shape that begins what never ends.

    python tests/benchmarks/growth_markup.py [--size 50000] [--pairs] [--all] [DIALECT …]

Linear is 2, quadratic 4.  Only what takes longer than a fifth of a second and grows more than 2.8 times is printed, and of
each dialect the slowest and the one that grows most; ``--all`` prints every line.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from rostra.markup import render, weave

sys.path.insert(0, str(Path(__file__).parent.parent))
from support.pathological_bodies import DIALECTS, Shape, pairs, shapes

LONGEST = 30
"""Seconds of CPU after which a shape counts as endless."""


class Endless(Exception):
    """The time is up."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise Endless


def seconds(shape: Shape, size: int, dialect: str) -> float:
    body = shape(size)
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        weave(render(body, dialect))  # type: ignore[arg-type]  # names of dialects
    except Endless:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("dialects", nargs="*")
    asked.add_argument("--size", type=int, default=50_000)
    asked.add_argument("--pairs", action="store_true")
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    signal.signal(signal.SIGVTALRM, stop)
    for dialect in given.dialects or DIALECTS:
        seconds(lambda size: "a *b*", 1, dialect)  # what is loaded at first use
        found: list[tuple[float, float, str]] = []
        for name, shape in pairs(dialect) if given.pairs else shapes(dialect):
            once, twice = seconds(shape, given.size, dialect), seconds(shape, 2 * given.size, dialect)
            ratio = twice / max(once, 1e-4)
            if twice > 0.2 and ratio > 2.8:
                # Once more, and larger: another process may have been in the way.
                once, twice = twice, seconds(shape, 4 * given.size, dialect)
                ratio = twice / once
            found.append((ratio, twice, name))
            if given.all or (ratio > 2.8 and twice > 0.2):
                print(f"{dialect:12}{name:50}{twice:9.3f} s{ratio:7.2f}", flush=True)
        slowest, growing = (
            max(found, key=lambda each: each[1]),
            max((each for each in found if each[1] > 0.05), default=(0.0, 0.0, "-")),
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(
            f"{dialect:12}{len(found)} shapes, slowest {slowest[2]} {slowest[1]:.2f} s, grows most {growing[2]} {growing[0]:.2f}, {peak} MiB",
            flush=True,
        )
