"""The search index: SQLite databases that Python writes with FTS5 and a reader's browser opens with SQLite's WebAssembly build.

A shard is the database of a set of whole threads: a pure function of their documents, so a shard that is written again
is the same to the byte as one written for the first time.  It is stored in parts, so that a browser loads what
a query needs from any host; a shard has no data of other shards, and scores are compared in the browser, which adds up
the counts of all shards.

Its tables: ``lists`` has what every query needs, each list in a compressed row: the ``threads`` and ``people``, and
the ``facts`` of each post, by which results are filtered and ranked; ``found`` is the index, without a copy of the text;
``texts`` are the texts that passages are cut from, several posts in one compressed row; ``words`` is the vocabulary, for
words within words and for misspelt ones.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from hashlib import sha256
from struct import pack
from typing import NamedTuple
from zlib import DEFLATED, MAX_WBITS, compressobj

import msgspec
from msgspec import Struct

from rostra.i18n.text_folding import person_key
from rostra.model import Author
from rostra.output.staging import OutputFile
from rostra.people.appearances import address, author_name, usual_spelling
from rostra.search.documents import Searched, SearchedThread
from rostra.search.tokens import TOKENIZER, indexed_text, word_count

POSTS = 16_384
"""How many posts a shard has: each shard that has a word costs a query about three requests."""
SHARDS = 8
"""The most shards, so that a query stays quick; beyond, shards are larger.  A power of two."""
PART = 128 << 10
"""Bytes of a part: a multiple of ``PAGE``."""
PAGE = 16 << 10
"""Bytes of a page of the database: with larger pages, a search reads fewer of them."""
LEAF = PAGE - 84
"""Bytes of a page of the index, so that one fits into a page of the database."""
TEXTS = 6_000
"""Characters of the posts that are compressed together."""
SHORTEST, LONGEST = 3, 40
"""Characters of the words of the vocabulary: no others are suggested."""
NONE = -(1 << 31)
"""The person and the day of a post that has none."""
EPOCH = date(1970, 1, 1).toordinal()
PEOPLE = 1 << 32
"""Row numbers of ``found`` from here on are people: names are searched in one place with the posts."""

SCHEMA = f"""
CREATE TABLE lists (name TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(title, text, code, quoted, name, content='', columnsize=0, tokenize="{TOKENIZER}");
CREATE TABLE texts (post INTEGER PRIMARY KEY, posts BLOB);
CREATE TABLE words (frequency INTEGER PRIMARY KEY, words BLOB);
"""


class ShardEntry(Struct, frozen=True):
    """How many ``posts`` and own ``words`` a shard has, its ``size``, and a digest of each part but the first.

    ``head`` is the size of the first part; every other part but the last has ``step`` bytes.
    """

    posts: int
    words: int
    size: int
    head: int
    step: int
    parts: tuple[str, ...]


class Labels(NamedTuple):
    """What a site calls an author, a day, and the place of debates of a format without an address."""

    author: Callable[[Author], str]
    day: Callable[[str], str]
    format: Callable[[str], str]


class _WrittenShard(NamedTuple):
    data: bytes
    head: int
    posts: int
    words: int


def shard_count(posts: int) -> int:
    """Return the number of shards, a power of two, so that it seldom changes."""
    count = 1
    while count < SHARDS and posts > count * POSTS:
        count *= 2
    return count


def shard_of(thread: str, count: int) -> int:
    """Return the shard of a thread: its digest decides, so other threads never move it."""
    return int.from_bytes(sha256(thread.encode()).digest()[:4]) % count


def shard_files(folder: str, threads: Iterable[SearchedThread], labels: Labels) -> Iterator[OutputFile]:
    """Yield the files of the shard of these threads; ``folder`` ends with a slash.

    ``shard.bin`` is its entry as a line of JSON and, after it, the first part, so that one request brings both;
    ``parts/1.bin`` and on are the others.
    """
    made = _database(sorted(threads, key=lambda thread: thread.id), labels)
    digests = list[str]()
    for number, at in enumerate(range(made.head, len(made.data), PART), 1):
        part = made.data[at : at + PART]
        yield OutputFile(f"{folder}parts/{number}.bin", part)
        digests.append(sha256(part).hexdigest()[:8])
    about = ShardEntry(made.posts, made.words, len(made.data), made.head, PART, tuple(digests))
    yield OutputFile(f"{folder}shard.bin", msgspec.json.encode(about) + b"\n" + made.data[: made.head])


def _database(threads: Sequence[SearchedThread], labels: Labels) -> _WrittenShard:
    base = sqlite3.connect(":memory:", isolation_level=None)
    try:
        # Nothing but the documents may decide a byte.
        base.executescript(f"PRAGMA page_size = {PAGE}; PRAGMA auto_vacuum = NONE; PRAGMA secure_delete = ON; BEGIN")
        for statement in SCHEMA.strip().splitlines():
            base.execute(statement)
        # The index is one segment, written at once: nothing is merged, and no page becomes free.
        base.execute("INSERT INTO found (found, rank) VALUES ('pgsz', ?)", (LEAF,))
        base.execute("INSERT INTO found (found, rank) VALUES ('hashsize', ?)", (1 << 30,))
        people = _people(threads)
        facts = list(_facts(threads, {person_key(name): number for number, (name, _) in enumerate(people)}))
        base.executemany("INSERT INTO lists VALUES (?, ?)", _lists(threads, people, facts, labels))
        base.executemany("INSERT INTO found (rowid, title, text, code, quoted) VALUES (?, ?, ?, ?, ?)", _rows(threads))
        base.executemany(
            "INSERT INTO found (rowid, name) VALUES (?, ?)",
            ((PEOPLE + number, indexed_text(name)) for number, (name, _) in enumerate(people)),
        )
        # The first page of the index describes its structure, and every query reads it.
        head = _size(base) + PAGE
        base.execute("COMMIT")
        base.execute("BEGIN")
        base.executemany("INSERT INTO texts VALUES (?, ?)", _texts(threads, labels))
        base.executemany("INSERT INTO words VALUES (?, ?)", _vocabulary(base))
        base.execute("COMMIT")
        data = _without_version(base.serialize())
    finally:
        base.close()
    return _WrittenShard(data, head, len(facts), sum(words for *_, words in facts))


def _size(base: sqlite3.Connection) -> int:
    (pages,) = base.execute("PRAGMA page_count").fetchone()
    return int(pages) * PAGE


def _people(threads: Iterable[SearchedThread]) -> list[tuple[str, int]]:
    """Return the named people in the order of their keys, each with the number of their posts."""
    spellings = dict[str, Counter[str]]()
    for thread in threads:
        for each in thread.posts:
            if name := author_name(each.author):
                spellings.setdefault(person_key(name), Counter())[name] += 1
    return [(usual_spelling(counts.items()), counts.total()) for _, counts in sorted(spellings.items())]


def _posts(threads: Iterable[SearchedThread]) -> Iterator[tuple[int, int, Searched]]:
    """Yield each post with its row number, from 1, and the number of its thread."""
    row = 0
    for number, thread in enumerate(threads):
        for each in thread.posts:
            row += 1
            yield row, number, each


def _lists(
    threads: Sequence[SearchedThread],
    people: Sequence[tuple[str, int]],
    facts: Sequence[tuple[int, int, int, int]],
    labels: Labels,
) -> Iterator[tuple[str, bytes]]:
    """Yield the lists: threads and people as JSON, facts as numbers of four bytes, all of one kind after each other."""
    numbers = [number for column in zip(*facts, strict=True) for number in column]
    yield "facts", _deflated(pack(f"<{len(numbers)}i", *numbers))
    yield "people", _packed([(address(name), name, posts) for name, posts in people])
    called = ((each, each.place or labels.format(each.format)) for each in threads)
    yield "threads", _packed([(each.id, each.title, each.place or each.format, place) for each, place in called])


def _facts(threads: Iterable[SearchedThread], people: Mapping[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the thread, the person, the day and the number of words of each post."""
    for _, thread, each in _posts(threads):
        name = author_name(each.author)
        yield thread, people[person_key(name)] if name else NONE, _day(each.created), word_count(each.text)


@lru_cache(maxsize=4096)
def _day_number(day: str) -> int:
    with suppress(ValueError):
        return date.fromisoformat(day).toordinal() - EPOCH
    return NONE


def _day(created: str | None) -> int:
    """Return the day of an RFC 3339 time as the number of days since 1970."""
    return _day_number(created[:10]) if created else NONE


def _rows(threads: Iterable[SearchedThread]) -> Iterator[tuple[int, str, str, str, str]]:
    for row, _, each in _posts(threads):
        yield row, indexed_text(each.title), indexed_text(each.text), each.code, indexed_text(each.quoted)


def _texts(threads: Iterable[SearchedThread], labels: Labels) -> Iterator[tuple[int, bytes]]:
    """Yield the texts of posts, in rows of about ``TEXTS`` characters, each with the row number of its first post."""
    held, first, size, last = list[object](), 1, 0, 0
    for row, thread, each in _posts(threads):
        if held and (size >= TEXTS or thread != last):
            yield first, _packed(held)
            held, first, size = [], row, 0
        last = thread
        when = labels.day(each.created[:10]) if each.created else each.created_text
        who = labels.author(each.author) if each.author else None
        held.append(
            (
                each.post,
                each.at,
                who,
                author_name(each.author) is not None,
                each.created,
                when,
                each.text or each.title,
                each.quoted,
            )
        )
        size += len(each.text) + len(each.quoted)
    if held:
        yield first, _packed(held)


def _packed(value: object) -> bytes:
    return _deflated(msgspec.json.encode(value))


def _deflated(data: bytes) -> bytes:
    squeezer = compressobj(6, DEFLATED, -MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


def _vocabulary(base: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """Yield the words of the index by how many posts have them, as powers of two, sorted and packed."""
    base.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, found, col)")
    classes = dict[int, list[str]]()
    query = "SELECT term, sum(doc) FROM vocabulary WHERE col IN ('title', 'text') AND length(term) BETWEEN ? AND ? GROUP BY term"
    for word, posts in base.execute(query, (SHORTEST, LONGEST)):
        if word.isalpha() or not word.isascii():
            classes.setdefault(posts.bit_length(), []).append(word)
    base.execute("DROP TABLE temp.vocabulary")
    for frequency, words in sorted(classes.items()):
        yield frequency, _packed(words)


def _without_version(data: bytes) -> bytes:
    """Return a database without the number of the SQLite version that wrote it (Database File Format, 1.3)."""
    return data[:96] + bytes(4) + data[100:]
