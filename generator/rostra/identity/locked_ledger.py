"""A build that must not note anything: it fails where ``rostra.ledger`` is not what the build would write.

A machine that keeps nothing, such as a host's CI, forgets what it notes, and a later build moves posts that are online.
Lines may be unsorted or doubled, as a merge leaves them: what counts is what they say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from heapq import merge
from itertools import groupby, islice
from pathlib import Path

from rostra.errors import NotInLedger, RostraError
from rostra.identity import ledger_file
from rostra.identity.registry import TABLES, Registry

SHOWN = 5
"""Debates that a message lists before it only counts the others."""


def refuse_unreadable(path: Path) -> None:
    """Raises RostraError for the first line of a ledger that is no entry: the address that it kept may be lost."""
    with _read(path) as base:
        for problem in islice(ledger_file.problems(base, path), 1):
            raise RostraError(problem.message, path=path.name, line=problem.line, hint=problem.hint)


def refuse_news(published: Registry, failures: tuple[RostraError, ...]) -> None:
    """Raises NotInLedger where the ledger file does not say what this build would write; nothing is written."""
    if not published.touched and published.path.is_file():
        return
    with _read(published.path) as base:
        # What the file says, as if it had just been built so.
        base.execute("UPDATE published SET live = NOT gone")
        both = merge(ledger_file.ledger_lines(published.base), ledger_file.ledger_lines(base))
        alike = groupby(both)
        news = sorted({debate for (debate, _), same in alike if len(list(same)) == 1})
    if news:
        more = f" and {len(news) - SHOWN:,} more" if len(news) > SHOWN else ""
        raise NotInLedger(
            f"this build would note what the ledger does not hold, of {', '.join(news[:SHOWN])}{more}",
            failures,
            path=published.path.name,
            hint="run `rostra build` where you keep the dumps, commit rostra.ledger, and push",
        )


@contextmanager
def _read(path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger file as tables of its own, on disk, since it is as long as the archive."""
    with closing(sqlite3.connect("")) as base:
        base.executescript(ledger_file.TABLES + TABLES)
        ledger_file.load_ledger(base, path)
        yield base
