"""Split the lines up to a signature into comments: which are the signer's, and which have no author."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from rostra.system.lazy_regex import late

INDENT = late(r"^[:*#]+[ \t]*")
MARGIN = late(r"\s*(?:</?(?:pre|syntaxhighlight|source|blockquote|gallery|poem|table)\b|\{\||\|\})", re.IGNORECASE)
"""The beginning or end of a block, which occurs at the margin only."""
BLOCK = late(r"<(/?)(?:pre|syntaxhighlight|source|blockquote|nowiki|gallery|poem|code|div|table|math)\b[^<>]*?(/?)>|(\{\{|\{\|)|(\}\}|\|\})", re.IGNORECASE)  # fmt: skip
"""The beginning and end of a block, within which lines have no depth of their own."""


Placed = tuple[int, str, str]
"""A line with a depth of its own: its number, its text and its marks."""


class CommentLine(Struct, frozen=True):
    """A line of a comment; ``marks`` is None if it has no depth of its own: it is blank, or within a block."""

    number: int
    text: str
    marks: str | None


def blocks_opened(line: str) -> int:
    """Return the number of blocks that a line begins, minus those that it ends."""
    if "<" not in line and "{" not in line and "}" not in line:
        return 0
    found = BLOCK.findall(line)
    return sum(-1 if end or ends else int(bool(begins or not empty)) for end, empty, begins, ends in found)


def comments(lines: list[CommentLine]) -> list[list[CommentLine]]:
    """Return the comments in the lines up to a signature, in order."""
    placed = [(number, each.text, each.marks) for number, each in enumerate(lines) if each.marks is not None]
    bounds = [len(lines)]
    end = len(placed)
    while end:
        depth = _depth(placed) if end == len(placed) else len(placed[end - 1][2])
        end = _beginning(placed, end, depth)
        bounds.append(placed[end][0] if end else 0)
    bounds = bounds if bounds[-1] == 0 else [*bounds, 0]
    parts = [lines[start:stop] for stop, start in pairwise(bounds)]
    # A signature alone is a post too.
    return [
        part for part in reversed(parts) if part and (part[-1] is lines[-1] or any(line.text.strip() for line in part))
    ]


def _beginning(placed: list[Placed], end: int, depth: int) -> int:
    """Return where the comment that ends before ``end`` begins.

    A change of depth begins another comment, except for lines that belong to the comment: lists below a line of its
    own depth, and all lines below a line that ends with a colon.
    """
    first = end - 1
    replies = False
    for at in range(end - 2, -1, -1):
        _, text, marks = placed[at]
        introduces = text.rstrip().endswith(":")
        if len(marks) > depth:
            replies = replies or ":" in marks[depth:]
            continue
        if not introduces and (replies or len(marks) < depth):
            break
        depth, first, replies = len(marks), at, False
    return first


def _depth(placed: list[Placed]) -> int:
    """Return the depth of the last line; for a bare signature, the depth of the line above it."""
    *above, (_, text, marks) = placed
    if text.strip(":*# \t") or not above:
        return len(marks)
    over = above[-1][2]
    ends_list = over.startswith(marks) and set(over[len(marks) :]) <= {"*", "#"}
    return len(marks) if ends_list and any(each[2] == marks for each in above) else len(over)
