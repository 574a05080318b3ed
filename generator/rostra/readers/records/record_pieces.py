"""The pieces of a dump of records: connected components of records that share terms, kept in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rostra.model import Join
from rostra.readers.records.record_table import RecordTable, term_hash

BATCH = 20_000
"""How many records are buffered in memory."""


class Record(NamedTuple):
    """The position of a record: ``size`` bytes from offset ``start`` of file number ``file``, beginning at ``line``.

    ``number`` is its index in the dump.  A record without bytes marks where a compressed file is truncated.
    """

    number: int = 0
    file: int = 0
    start: int = 0
    size: int = 0
    line: int = 1


class Piece(NamedTuple):
    """Records that belong together, in order."""

    number: int
    records: list[Record]


class Pieces:
    """The records of a dump by piece; ``count`` is how many pieces it had before, including merged ones."""

    def __init__(self, base: sqlite3.Connection, dump: str, count: int = 0) -> None:
        self._table = RecordTable(base, dump)
        self._known: dict[int, int] = {}
        self._new: dict[int, int] = {}
        self._rows: list[tuple[int, Record]] = []
        self._touched: set[int] = set()
        self._merged = self._table.merged() if count else {}
        self._last = self._table.last_piece() if count else None
        self.count = count
        self._on_disk = self._forgot = count > 0
        self.joins: dict[int, dict[str, Join]] = {}
        """What joining found of the posts of each piece."""
        self._bare = not (count and self._table.has_terms())

    def add(self, record: Record, keys: Sequence[int]) -> None:
        """Add a record with the hashes of its terms; all pieces that share one with it are merged and marked for reading."""
        found = {self._root(piece) for piece in map(self._of, keys) if piece is not None}
        # A record without terms belongs to the previous one, at the beginning to the next one.
        if self._last is not None and (not keys or self._bare):
            found.add(self._root(self._last))
        if not found:
            found.add(self.count)
            self.count += 1
        piece = self._merge(found, keys)
        self._bare = self._bare and not keys
        self._touched.add(piece)
        self._put(record, piece)

    def add_one(self, records: Sequence[Record]) -> None:
        """Add all records of a new dump that is known to be one piece; they have no terms, so it cannot grow."""
        self._rows += ((0, record) for record in records)
        self._touched.add(0)
        self.count = 1

    def connect(self, joins: Mapping[str, Join]) -> None:
        """Merge the pieces of posts that joining found to be of one thread; merged pieces are marked for reading."""
        groups = list[tuple[int, list[str]]]()
        for group in _groups(joins):
            keys = list(map(term_hash, group))
            if found := {self._root(piece) for piece in map(self._of, keys) if piece is not None}:
                groups.append((self._merge(found, keys), group))
        self.joins = {}
        for piece, group in groups:
            self.joins.setdefault(self._root(piece), {}).update((key, joins[key]) for key in group if key in joins)

    def _merge(self, found: set[int], keys: Iterable[int]) -> int:
        """Merge pieces into the first, which has these terms, and return it."""
        piece = min(found)
        if len(found) > 1:
            self._merged.update(dict.fromkeys(found - {piece}, piece))
            self._touched.add(piece)
        for each in keys:
            if self._of(each) is None:
                self._new[each] = piece
            self._known[each] = piece
        return piece

    def touch_posts(self, posts: Iterable[str]) -> None:
        """Mark the pieces of posts for reading."""
        self._touched.update(piece for piece in map(self._of, map(term_hash, posts)) if piece is not None)

    def touch_all(self) -> None:
        """Mark all pieces for reading."""
        self.flush()
        self._touched.update(self._table.pieces())

    def rest(self) -> None:
        """Keep in memory only which pieces are to be read."""
        self.flush()
        self._known.clear()
        self._forgot = True

    def keep(self, record: Record, piece: int) -> None:
        """Add an unchanged record of a piece, which need not be read again because of it."""
        self._put(record, piece)

    def _put(self, record: Record, piece: int) -> None:
        self._last = piece
        self._rows.append((piece, record))
        if len(self._rows) >= BATCH:
            self.flush()

    @property
    def several(self) -> bool:
        """Whether the dump holds more than one piece."""
        return self.count - len(self._merged) > 1

    def touch(self, piece: int) -> None:
        """Mark a piece for reading."""
        self._touched.add(piece)

    @property
    def called(self) -> dict[int, set[int]]:
        """Return each changed piece with all its current and former numbers."""
        members: dict[int, set[int]] = {}
        for piece in self._touched:
            members.setdefault(self._root(piece), set()).update((piece, self._root(piece)))
        for piece in self._merged:
            if (root := self._root(piece)) in members:
                members[root].add(piece)
        return members

    def replaced(self) -> frozenset[int]:
        """Return the current and former numbers of the changed pieces."""
        return frozenset().union(*self.called.values())

    def touched(self) -> Iterator[Piece]:
        """Yield the records of each changed piece, in the order of their first records."""
        here: dict[int, list[Record]] = {}
        for piece, record in self._rows:
            here.setdefault(piece, []).append(record)
        for root, numbers in sorted(self.called.items()):
            records = [record for number in numbers for record in here.get(number, ())]
            if self._on_disk:
                records += (Record(*row) for number in numbers for row in self._table.of_piece(number))
            if records:
                yield Piece(root, sorted(records))

    def flush(self) -> None:
        """Write the buffer to the database."""
        self._table.add(self._rows, self._new, self._merged)
        self._rows.clear()
        self._new.clear()
        self._on_disk = True
        if len(self._known) > 10 * BATCH:
            self._known.clear()
            self._forgot = True

    def _of(self, term: int) -> int | None:
        piece = self._known.get(term)
        if piece is None and self._forgot:
            piece = self._table.piece_of(term)
            if piece is not None:
                self._known[term] = piece
        return piece

    def _root(self, piece: int) -> int:
        while piece in self._merged:
            piece = self._merged[piece]
        return piece


def _groups(joins: Mapping[str, Join]) -> Iterable[list[str]]:
    """Return the posts of each tree of joins: every post that has a parent, and the first one."""
    firsts: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for key in joins:
        way, at = [], key
        while at in joins and at not in firsts:
            firsts[at] = at
            way.append(at)
            at = joins[at].parent
        first = firsts.get(at, at)
        firsts.update(dict.fromkeys(way, first))
        groups.setdefault(first, [first]).extend(way)
    return groups.values()
