"""The index of words of a shard: a database with one FTS5 table, which has no copy of the text (sqlite.org/fts5.html)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from rostra.search.tokens import TOKENIZER

PAGE = 8 << 10
"""Bytes of a page of the database: pages this large need no page but the root to be found, up to 4 MB."""
LEAF = PAGE - 84
"""Bytes of a page of the index, so that one fits into a page of the database."""
SHORTEST, LONGEST = 3, 40
"""Characters of the words of the vocabulary: no others are suggested."""
PEOPLE = 1 << 32
"""Row numbers from here on are people: their names are indexed together with the posts."""

FOUND = f"CREATE VIRTUAL TABLE found USING fts5(title, text, code, quoted, name, content='', columnsize=0, tokenize=\"{TOKENIZER}\")"

IndexedPost = tuple[int, str, str, str, str]
"""The row number of a post, its title, its own words, its words of code, and the words that it quotes."""


class WordIndex(NamedTuple):
    """The bytes of a database with pages of ``page`` bytes, of which every query reads the first ``head``, and its words by their frequency.

    A frequency is the number of bits of the number of posts that have the words, which are sorted.
    """

    data: bytes
    page: int
    head: int
    vocabulary: list[tuple[int, list[str]]]


def word_index(posts: Iterable[IndexedPost], names: Iterable[str]) -> WordIndex:
    """Return the index of posts and of the names of people, a pure function of both."""
    base = sqlite3.connect(":memory:", isolation_level=None)
    try:
        # Nothing but the documents may decide a byte.
        base.executescript(f"PRAGMA page_size = {PAGE}; PRAGMA auto_vacuum = NONE; PRAGMA secure_delete = ON; BEGIN")
        base.execute(FOUND)
        # The index is one segment, written at once: nothing is merged, and no page becomes free.
        base.execute("INSERT INTO found (found, rank) VALUES ('pgsz', ?)", (LEAF,))
        base.execute("INSERT INTO found (found, rank) VALUES ('hashsize', ?)", (1 << 30,))
        # The first page of the index, the next one, describes its structure; every query reads it.
        (pages,) = base.execute("PRAGMA page_count").fetchone()
        base.executemany("INSERT INTO found (rowid, title, text, code, quoted) VALUES (?, ?, ?, ?, ?)", posts)
        base.executemany("INSERT INTO found (rowid, name) VALUES (?, ?)", enumerate(names, PEOPLE))
        base.execute("COMMIT")
        data = _without_version(base.serialize())
        return WordIndex(data, PAGE, min(len(data), (pages + 1) * PAGE), _vocabulary(base))
    finally:
        base.close()


def _vocabulary(base: sqlite3.Connection) -> list[tuple[int, list[str]]]:
    base.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, found, col)")
    classes = dict[int, list[str]]()
    query = "SELECT term, sum(doc) FROM vocabulary WHERE col IN ('title', 'text') AND length(term) BETWEEN ? AND ? GROUP BY term"
    for word, posts in base.execute(query, (SHORTEST, LONGEST)):
        if word.isalpha() or not word.isascii():
            classes.setdefault(posts.bit_length(), []).append(word)
    return sorted(classes.items())


def _without_version(data: bytes) -> bytes:
    """Return a database without the number of the SQLite version that wrote it (Database File Format, 1.3)."""
    return data[:96] + bytes(4) + data[100:]
