"""How the time that each reader takes grows when its input doubles: about 2 where it is linear, 4 where it is quadratic.

    python tests/benchmarks/growth.py [READER…]

Inputs are those of ``tests/readers/test_growth.py``: what a parser that looks back would look at again and again.
Only what takes long enough to be measured is told of; the CPU seconds are those of the larger input.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from support.hostile_inputs import INPUTS, seconds

LEAST = 0.2
"""Seconds that are long enough to compare."""
MOST = 1 << 23


def measured(name: str) -> tuple[int, float, float]:
    """Bytes of the larger input, its seconds, and how many times those of half of it."""
    size, before = 1 << 16, seconds(name, 1 << 16)
    while True:
        size *= 2
        took = seconds(name, size)
        if before >= LEAST or size >= MOST:
            return size, took, took / max(before, 0.001)
        before = took


if __name__ == "__main__":
    print(f"{'input':44}{'KiB':>8}{'seconds':>9}{'ratio':>7}")
    for name in INPUTS:
        if not sys.argv[1:] or name.partition(":")[0] in sys.argv[1:]:
            size, took, ratio = measured(name)
            print(f"{name:44}{size >> 10:>8}{took:>9.2f}{ratio:>7.1f}", flush=True)
