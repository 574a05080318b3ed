"""Convert depth marks before every line of a post, rails (``| |``, ``┃``) and ``>``, to spaces."""

from __future__ import annotations

import re

from rostra.readers.text.headers import says_when
from rostra.system.lazy_regex import late

SPACED = late(r"^(?:[ \t]*[|│┃║▏▎](?=\s|$))+")
MARKS = (late(r"^(?:[ \t]?[|│┃║▏▎])+[ \t]?"), late(r"^(?:[ \t]{0,3}>)+[ \t]?"))
SURE = 0.5
"""The least share of time lines with marks at which the marks are depth; below it, they are quotations."""


def unrailed(lines: list[str]) -> list[str]:
    """Return the lines with two spaces for each mark that is depth; a post's own quotation marks stay."""
    lines = [SPACED.sub(lambda rail: " " * len(rail[0]), line) for line in lines]
    for marks in MARKS:
        lines = _without(lines, marks)
    return lines


def _without(lines: list[str], marks: re.Pattern[str]) -> list[str]:
    found = [marks.match(line) for line in lines]
    if sum(1 for mark in found if mark) < 2:
        return lines
    counts = [_count(mark[0]) if mark else 0 for mark in found]
    bare = [line[mark.end() :] if mark else line for line, mark in zip(lines, found, strict=True)]
    times = [n for n, line in enumerate(bare) if len(line) <= 160 and says_when(line)]
    marked = [n for n in times if counts[n]]
    if len(marked) < 2 or len(marked) < SURE * len(times):
        return lines
    own = set(times)
    level, broken, out = 0, 0, []
    for n, line in enumerate(lines):
        # The line above a time may be the name, which has the same depth.
        if n in own or (n + 1 in own and line.strip() and counts[n] == counts[n + 1]):
            level = counts[n]
        elif bare[n].strip() and counts[n] < level:
            broken += 1
        out.append("  " * level + _strip(line, marks, level))
    # If the text below has fewer marks than its time line, that line was part of a quotation, not a post.
    return out if broken <= 0.1 * len(marked) else lines


def _count(marks: str) -> int:
    return len(re.sub(r"\s", "", marks))


def _strip(line: str, marks: re.Pattern[str], level: int) -> str:
    found = marks.match(line)
    if not found or not level:
        return line
    at = seen = 0
    while at < found.end() and seen < level:
        seen += not line[at].isspace()
        at += 1
    return line[at + 1 :] if line[at : at + 1] in (" ", "\t") else line[at:]
