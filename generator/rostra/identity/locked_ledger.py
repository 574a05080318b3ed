"""Locked builds, which must not record anything: they fail if they would change ``rostra.ledger``.

A machine that keeps nothing, such as a host's CI, would lose the record, and a later build would move published posts.
Lines may be unsorted or duplicated, as a merge leaves them: only their content counts.
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
from rostra.identity.published_posts import PublishedPosts
from rostra.identity.registry import Registry

SHOWN = 5
"""How many debates a message lists; it counts the others."""


def refuse_unreadable(path: Path) -> None:
    """Raise RostraError for the first line of a ledger that is not an entry: the address in it may be lost."""
    with _read(path) as base:
        for problem in islice(ledger_file.problems(base, path), 1):
            raise RostraError(problem.message, path=path.name, line=problem.line, hint=problem.hint)


def refuse_news(published: Registry, failures: tuple[RostraError, ...]) -> None:
    """Raise NotInLedger if the ledger file differs from what this build would write; nothing is written."""
    if not published.touched and published.path.is_file():
        return
    with _read(published.path) as base:
        # The file's content, as if it had just been built.
        PublishedPosts(base).as_built()
        both = merge(published.lines(), ledger_file.ledger_lines(base))
        alike = groupby(both)
        news = sorted({debate for (debate, _), same in alike if len(list(same)) == 1})
        changed = set(published.media_lines()) ^ set(ledger_file.media_lines(base))
        news += sorted(line.split()[0] for line in changed)
    if news:
        more = f" and {len(news) - SHOWN:,} more" if len(news) > SHOWN else ""
        raise NotInLedger(
            f"this build would change the ledger entries of {', '.join(news[:SHOWN])}{more}",
            failures,
            path=published.path.name,
            hint="run `rostra build` where you keep the dumps, commit rostra.ledger, and push",
        )


@contextmanager
def _read(path: Path) -> Iterator[sqlite3.Connection]:
    """Return a ledger file as separate tables, on disk, since it grows with the archive."""
    with closing(sqlite3.connect("")) as base:
        base.executescript(ledger_file.TABLES)
        ledger_file.load_ledger(base, path)
        yield base
