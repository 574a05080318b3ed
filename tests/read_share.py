"""How much of dumps is read: of every reader the records in, the posts out, the problems, the share of text that is shown.

    python tests/read_share.py [-v] [DUMP…]

reads the cases of all formats, and other dumps where they are named.  *records* are the objects of JSON that look like
posts, of other formats the posts; *read* is the share of the letters of their texts that the posts hold, *shown* of what
posts hold that the pages show.  ``-v`` lists each dump with the codes of its problems.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from rostra.config.cards import Card
from rostra.editorial.edition import edit
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.model import Edited, Problem, RawPost
from rostra.readers import Dump, choose
from rostra.readers.guards import audit, words_shown
from rostra.readers.guards.words_shown import words
from rostra.readers.records.record_search import RecordSearch
from spoiled_dumps import samples


class Share:
    """Letters, and how many of them came through."""

    def __init__(self) -> None:
        self.said = self.kept = 0

    def add(self, texts: Iterable[str], shown: Iterable[str | None], read: Callable[[str], list[str]] = words) -> None:
        known = {pair for each in shown if each for pair in pairwise(("", *read(each), ""))}
        for text in texts:
            found = words(text)
            self.said += words_shown._size(found)
            self.kept += words_shown._kept(found, known)

    def __str__(self) -> str:
        return f"{self.kept / self.said:.1%}" if self.said else "-"


class Row:
    """What was read of some dumps."""

    def __init__(self) -> None:
        self.records = self.posts = 0
        self.problems: Counter[str] = Counter()
        self.read, self.shown = Share(), Share()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count what the audit sees."""
        opened, compared = RecordSearch.records, audit.shortfall

        def records(search, value):
            found = opened(search, value)
            self.records += sum(not record.optional for record in found)
            return found

        def shortfall(
            leaves: Sequence[tuple[str, str]], post: RawPost, others: Iterable[str | None] = ()
        ) -> Problem | None:
            if post.kind == "post":
                said = (words_shown.SAID_BY.sub("", text) for _, text in dict.fromkeys(leaves))
                texts = [text for text in said if words_shown.may_say_enough(text) and words_shown.says_enough(text)]
                self.read.add(texts, words_shown._shown(post, others))
            return compared(leaves, post, others)

        with patch.object(RecordSearch, "records", records), patch.object(audit, "shortfall", shortfall):
            yield

    def add(self, dump: Path, format: str | None = None) -> None:
        """Read a dump."""
        given = Dump(dump)
        with self.watching():
            for thread in read_threads(given, Card(format=format, publish_private=True)):
                edition = edit(thread)
                self.problems.update(problem.code for problem in edition.problems)
                for each in edition.posts:
                    self.posts += each.post.raw.kind != "missing"
                    raw = each.post.raw
                    said = _plainly(raw.body) if raw.dialect in words_shown.PLAIN else raw.body
                    self.shown.add([said], _page(each), words_shown._plain_words)
        self.problems.update("failure" for _ in given.failures)
        if not given.audit.used:
            self.records = self.posts

    def join(self, other: Row) -> None:
        """Add what was read of other dumps."""
        self.records += other.records
        self.posts += other.posts
        self.problems += other.problems
        for own, more in ((self.read, other.read), (self.shown, other.shown)):
            own.said += more.said
            own.kept += more.kept

    def line(self, name: str) -> str:
        told = sum(self.problems.values())
        return f"{name:40}{self.records:>9}{self.posts:>9}{told:>9}{self.read!s:>8}{self.shown!s:>8}"


def _plainly(body: str) -> str:
    """A text in which nothing is markup."""
    return " ".join(words_shown._plain_words(body))


def _page(each: Edited) -> tuple[str | None, ...]:
    return each.body.text, *(note.text for note in each.body.notes)


def main() -> None:
    verbose = "-v" in sys.argv[1:]
    named = [Path(each) for each in sys.argv[1:] if each != "-v"]
    rows: dict[str, Row] = {}
    print(f"{'':40}{'records':>9}{'posts':>9}{'problems':>9}{'read':>8}{'shown':>8}")
    for format, dump in [*samples(), *((None, dump) for dump in named)]:
        row = Row()
        try:
            format = format or choose(Dump(dump)).NAME
            row.add(dump, format)
        except RostraError as error:
            print(error)
            row.problems["failure"] += 1
        if verbose:
            print(row.line(f"{format} {'/'.join(dump.parts[-2:])}"[:39]), dict(row.problems))
        rows.setdefault(format or "none", Row()).join(row)
    for format, row in sorted(rows.items()):
        print(row.line(format))


if __name__ == "__main__":
    main()
