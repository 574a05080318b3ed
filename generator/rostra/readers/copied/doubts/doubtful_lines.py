"""Problems about lines of a copied page: those that are left out, and those that are shown but may belong to the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rostra.model import Problem
from rostra.readers.copied.learning.shared_edges import shared_edges
from rostra.readers.copied.page.page_below import page_below
from rostra.readers.copied.records import CutText, PostRecord

SHOWN = 5
"""How many runs of unexplained lines get a problem each."""


def may_begin(line: int, below: int) -> Problem:
    """Return the problem of a line that may be the head of a post; what is ``below`` the last post is left out.  Both are 0-based."""
    what = "kept as text" if line < below else "left out with what is below it"
    message = f"this line has a time, as the posts do, but begins no post: it is {what}"
    return Problem(code="unexplained-lines", message=message, line=line + 1)


def lines_left_out(lines: Sequence[str], records: Sequence[PostRecord], left: Sequence[int]) -> Iterable[Problem]:
    """Yield problems of lines that are left out or that no item matches."""
    runs = [list(run) for record in records if record.unexplained for run in _runs(record.unexplained)]
    for run in runs[:SHOWN]:
        message = f"no line of the page's layout is like {lines[run[0]].strip()[:60]!r}: {len(run)} lines are left out"
        yield Problem(code="unexplained-lines", message=message, line=run[0] + 1, hint="give the layout in the card")
    if len(runs) > SHOWN:
        message = f"{len(runs) - SHOWN} more places between posts have unexplained lines, which are left out"
        yield Problem(code="unexplained-lines", message=message, line=runs[SHOWN][0] + 1)
    if left:
        message = (
            f"{len(left)} lines of the page around the posts are left out, such as {lines[left[0]].strip()[:60]!r}"
        )
        yield Problem(code="page-around", message=message, line=left[0] + 1)


def shared_lines(lines: Sequence[str], records: Sequence[PostRecord]) -> Iterable[Problem]:
    """Yield the problem about lines at the edges of several posts that may belong to the page."""
    if numbers := shared_edges(lines, records):
        first = ", ".join(str(n + 1) for n in numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
        message = (
            f"{len(numbers)} lines that may belong to the page are shown as text, such as {lines[numbers[0]].strip()[:60]!r}:"
            f" lines {first}"
        )
        hint = "see `rostra inspect --layout`, and give the layout in the card if the page wrote them"
        yield Problem(code="unexplained-lines", message=message, line=numbers[0] + 1, hint=hint)


def notices_left_out(lines: Sequence[str], notices: Sequence[tuple[int, int]]) -> Iterable[Problem]:
    """Yield the problem about lines that the page writes between posts."""
    if notices:
        first, end = notices[0]
        example = " ".join(line.strip() for line in lines[first:end] if line.strip())[:60]
        count = "1 notice" if len(notices) == 1 else f"{len(notices)} notices"
        message = f"{count} of the page between posts left out, such as {example!r}: nobody wrote them"
        yield Problem(code="page-around", message=message, line=first + 1)


def below_posts(lines: Sequence[str], cut: CutText, records: Sequence[PostRecord]) -> Iterable[Problem]:
    """Yield the problem about the end of the last post, if no foot shows where it is."""
    texts = [each.lines for each in records]
    return page_below(lines, texts) if cut.records[-1].body[1] == cut.below else ()


def unnamed_posts(records: Sequence[PostRecord], told: Sequence[Problem]) -> Iterable[Problem]:
    """Yield the problem that some posts are unnamed, unless one of those that are ``told`` says that all are."""
    unnamed = [each for each in records if each.template.names_authors and "author" not in each.held]
    if unnamed and all(problem.code != "unsure-names" for problem in told):
        count = "1 post is" if len(unnamed) == 1 else f"{len(unnamed)} posts are"
        message = f"{count} unnamed, since no line is certainly the author's name"
        yield Problem(
            code="unsure-names", message=message, post=f"line-{unnamed[0].first + 1}", line=unnamed[0].first + 1
        )


def _runs(numbers: Iterable[int]) -> Iterable[Iterable[int]]:
    return ([n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]))
