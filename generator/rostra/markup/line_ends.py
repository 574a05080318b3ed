"""Which line ends of plain text were put there by a program that wraps lines, and which by the author.

A program ends a line where the next word would not fit, so a line end is soft if the line, a space and the first word of
the next line are longer than the longest line.  People who end lines themselves end them near one column, within a
sentence.  Quoting pushes words over that edge: a few of them then make a line of their own between two full lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rostra.system.lazy_regex import late

NARROWEST, WIDEST = 45, 100
"""The shortest and longest line, in code points, that is wrapped: verse and addresses are shorter, unwrapped lines longer."""
FULL = 0.65
"""The share of the longest line from which on a line that goes on in lower case was wrapped by hand."""
STRAY = 0.4
"""The share of the longest line up to which a line between two full ones holds words that quoting pushed over the edge."""
MOST = 0.6
"""The share of line ends that are soft in a paragraph that was wrapped."""
SEEN = 0.4
"""The least share of line ends that tell of a paragraph whether it was wrapped."""
LONG = 0.2
"""The share of lines longer than ``WIDEST`` from which on a text was not wrapped."""
SURE = 2
"""How many soft line ends a paragraph has at least that was wrapped within such a text."""
ALIKE = 3
"""The fewest lines one below the other that begin with one word and so are a list or a log: "checking for gcc… gcc"."""
ITEM = late(r"\s{0,8}(?:[-*•+–o]|\(?(?:\d{1,3}|[A-Za-z])[.)]|\[\d{1,3}\])\s+\S")
KEPT = late(
    r"[^\s.!?:;](?: {3,}|\t)\S|^\s*[|+].*[|+]\s*$|^\s*(?:https?://\S+|(?:[^\w\s\"'(\[“‘]|_){3,}.*)$|[;{}]\s*$|<-|^\s*(?:[}\])]|#|//|/\*|\$ |>>> |make(?:\[\d+\])?: |[\w./+-]+\.\w{1,4}:(?:\d| ))"
)
"""Lines of tables, rules, lone addresses and code, and those that compilers print."""
FIELD = late(r"\s*[A-Z][\w-]{0,20}(?: [\w-]{1,20}){0,2}: ")
"""A line such as ``From: Ada``."""


class Wrapping:
    """How the lines of one text were wrapped: ``width`` is its longest wrapped line, in code points."""

    def __init__(self, paragraphs: Sequence[Sequence[str]]) -> None:
        lengths = [len(line.rstrip()) for lines in paragraphs for line in lines]
        self.width = max((length for length in lengths if length <= WIDEST), default=0)
        self.is_wrapped = sum(length > WIDEST for length in lengths) <= LONG * len(lengths)

    def joined(self, lines: Sequence[str]) -> list[list[str]]:
        """Return the lines of a paragraph in groups: each group is one line of its author."""
        soft = self._soft(lines)
        groups: list[list[str]] = []
        for n, line in enumerate(lines):
            if n and soft[n - 1]:
                groups[-1].append(line)
            else:
                groups.append([line])
        return groups

    def _soft(self, lines: Sequence[str]) -> list[bool]:
        """Return for each line whether its end is soft."""
        lengths = [len(line.strip()) for line in lines]
        width = max((length for length in lengths if length <= WIDEST), default=0)
        ends = list(zip(lines, lines[1:], lengths, strict=False))
        logged = _logged(lines)
        soft = [
            not logged.intersection((n, n + 1)) and _goes_on(line, following, length, width)
            for n, (line, following, length) in enumerate(ends)
        ]
        long = [n for n, (_, _, length) in enumerate(ends) if length > STRAY * width and n not in logged]
        # An author may begin a sentence, a table or code on a line of its own; such line ends say nothing of the others.
        near = [soft[n] for n in long if soft[n] or (_may_join(*ends[n][:2]) and not _parts(*ends[n][:2]))]
        # Among lines that were not wrapped, a paragraph that was has no line end that says otherwise.
        most, fewest = (MOST, SEEN * len(long)) if self.is_wrapped else (1, SURE)
        # The longest line of two is always full: its text has to be as wide as others, or to go on.
        alone = len(lines) == 2 and width < FULL * self.width and not lines[1].lstrip()[:1].islower()
        if width < NARROWEST or alone or len(near) < fewest or sum(near) < most * len(near):
            return [False] * len(lines)
        for n, (line, following, length) in enumerate(ends):
            stray = n > 0 and soft[n - 1] and length <= STRAY * width and len(following.strip()) > length
            if (
                stray
                and not logged.intersection((n, n + 1))
                and line.rstrip()[-1:] not in ".!?:;"
                and _may_join(line, following)
            ):
                soft[n] = True
        return [*soft, False]


def _logged(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines of a list or a log, which begin alike; those of prose do not."""
    found: set[int] = set()
    for _, run in groupby(range(len(lines)), lambda n: lines[n].split(maxsplit=1)[:1]):
        indexes = list(run)
        if len(indexes) >= ALIKE:
            found.update(indexes)
    return found


def _goes_on(line: str, following: str, length: int, width: int) -> bool:
    """Whether the next line goes on with this one: its first word did not fit, or this one was ended near the edge."""
    if not _may_join(line, following):
        return False
    words = following.split(maxsplit=1)
    first = words[0] if words else ""
    return length + 1 + len(first) > width or (length >= FULL * width and first[:1].islower())


def _parts(line: str, following: str) -> bool:
    """Whether a sentence ends with a line and another begins with the next."""
    return line.rstrip()[-1:] in (".", "!", "?") and following.lstrip()[:1].isupper()


def _may_join(line: str, following: str) -> bool:
    """Whether neither of two lines is of a kind that keeps its ends."""
    line, following = line.rstrip(), following.rstrip()
    if ITEM.match(following) or FIELD.match(following) or KEPT.search(line) or KEPT.search(following):
        return False
    indent = len(following) - len(following.lstrip()) - (len(line) - len(line.lstrip()))
    # The lines of an item are set in below its first.
    return indent == 0 or (indent > 0 and ITEM.match(line) is not None)
