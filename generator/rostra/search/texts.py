"""The texts that passages are cut from, in files of neighbouring posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from rostra.people.appearances import author_name
from rostra.search.documents import Searched, SearchedThread
from rostra.search.lists import Labels

FEWEST, MOST = 48 << 10, 128 << 10
"""Characters of the texts of a file: it ends between them at a thread whose digest says so, at the latest after ``MOST``.

So a debate that changes moves the ends of few other files.  About ten files are fetched for a question, so smaller ones
are quicker, and larger ones are fewer and compress better.
"""
ENDS = 4
"""One thread of this many may begin a file."""

TextRow = tuple[str, int, str | None, bool, str | None, str | None, str, str]
"""A post's id and position, its author's label and whether that is a name, its time and the label of its day, its text and
what it quotes."""


def text_files(threads: Iterable[SearchedThread], labels: Labels) -> Iterator[tuple[int, list[TextRow]]]:
    """Yield the posts of each file, with the row number of the first."""
    held, first, size = list[TextRow](), 1, 0
    for thread in threads:
        may_begin = sha256(thread.id.encode()).digest()[-1] % ENDS == 0
        for number, each in enumerate(thread.posts):
            if size >= MOST or (may_begin and number == 0 and size >= FEWEST):
                yield first, held
                held, first, size = [], first + len(held), 0
            held.append(_row(each, labels))
            size += len(each.text) + len(each.quoted)
    if held:
        yield first, held


def _row(each: Searched, labels: Labels) -> TextRow:
    when = labels.day(each.created[:10]) if each.created else each.created_text
    who = labels.author(each.author) if each.author else None
    named = author_name(each.author) is not None
    return each.post, each.at, who, named, each.created, when, each.text or each.title, each.quoted
