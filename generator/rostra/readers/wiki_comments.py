"""Lines up to a signature as comments: which of them are the signer's, and which are nobody's."""

from __future__ import annotations

import re

from msgspec import Struct

from rostra.system.lazy_regex import late

INDENT = late(r"^[:*#]+[ \t]*")
MARGIN = late(r"\s*(?:</?(?:pre|syntaxhighlight|source|blockquote|gallery|poem|table)\b|\{\||\|\})", re.IGNORECASE)
"""What begins or ends a block, which can only stand at the margin."""
BLOCK = late(r"<(/?)(?:pre|syntaxhighlight|source|blockquote|nowiki|gallery|poem|code|div|table|math)\b[^<>]*?(/?)>|(\{\{|\{\|)|(\}\}|\|\})", re.IGNORECASE)  # fmt: skip
"""What begins and ends a block, within which lines have no depth of their own."""


class Line(Struct, frozen=True):
    """A line of a comment; ``marks`` is None where it has no depth of its own: it is blank, or within a block."""

    number: int
    text: str
    marks: str | None


def opened(line: str) -> int:
    """How many more blocks a line begins than it ends."""
    if "<" not in line and "{" not in line and "}" not in line:
        return 0
    found = BLOCK.findall(line)
    return sum(-1 if end or ends else int(bool(begins or not empty)) for end, empty, begins, ends in found)


def comments(lines: list[Line]) -> list[list[Line]]:
    """The comments that lines up to a signature are."""
    found: list[list[Line]] = []
    rest = list(lines)
    while rest:
        start = _beginning(rest)
        found.append(rest[start:])
        rest = rest[:start]
    # A signature alone is a post too.
    return [part for part in reversed(found) if part[-1] is lines[-1] or any(line.text.strip() for line in part)]


def _beginning(lines: list[Line]) -> int:
    """Where the comment begins that the last line ends: another depth begins another, but for what is within it.

    Deeper lines are within it where it begins at its own depth above them, and so is all below a line that ends with a colon.
    """
    placed = [(number, each.text, each.marks) for number, each in enumerate(lines) if each.marks is not None]
    if not placed:
        return 0
    first, depth = len(placed) - 1, _depth(placed)
    for at in range(len(placed) - 2, -1, -1):
        _, text, marks = placed[at]
        if len(marks) < depth:
            if not text.rstrip().endswith(":"):
                break
            depth = len(marks)
        if len(marks) == depth:
            first = at
    return placed[first][0] if first else 0


def _depth(placed: list[tuple[int, str, str]]) -> int:
    """The depth of the last line; of a signature alone, that of what it stands below."""
    *above, (_, text, marks) = placed
    if text.strip(":*# \t") or not above:
        return len(marks)
    over = above[-1][2]
    ends_list = over.startswith(marks) and set(over[len(marks) :]) <= {"*", "#"}
    return len(marks) if ends_list and any(each[2] == marks for each in above) else len(over)
