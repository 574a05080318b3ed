"""Levels of indentation: the columns of one level, and levels that a reply skips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def level_jump(above: int, column: int, step: int) -> int:
    """Return by how many levels a reply is deeper than the post above it; 1 if that is not certain."""
    return (column - above) // step if step and (column - above) % step == 0 else 1


def level_step(columns: Sequence[int]) -> int:
    """Return the width of one level: the commonest increase from post to post, or the least distance of columns if it divides that.

    0 if no column is deeper than the one before.
    """
    increases = Counter(b - a for a, b in pairwise(columns) if b > a)
    if not increases:
        return 0
    commonest = min(increases, key=lambda step: (-increases[step], step))
    least = min(b - a for a, b in pairwise(sorted(set(columns))))
    return least if least > 1 and commonest % least == 0 else commonest
