"""Check that every record of the JSON given to a reader becomes a post.

Every value that ``load``, ``json_lines`` and ``json_values`` give to a reader is searched once (``record_search``). Objects
that look like posts are *records*; a record is used if its fields become a post (``Fields.problems``), or if its reader says
that it is not one (``Fields.is_no_post``). When the reader is done with the value, each unused record is a problem that names
its position. The texts of each used record are compared with the post (``words_shown``). Texts in objects outside of all
records, such as the topic of a channel, are one problem for the dump, which names their fields.

A reader's ``NOT_SHOWN`` maps the names of fields that it omits on purpose to the reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any
from weakref import finalize

from msgspec.structs import replace

from rostra.model import Problem, RawPost, RawThread
from rostra.readers.guards.words_shown import says_enough, shortfall, words
from rostra.readers.records.record_search import AuditedRecord, RecordSearch
from rostra.system.lazy_regex import late

PLACE = late(r"[A-Za-z_][\w.-]{0,40}")
NAMED = 5
"""How many positions get a problem each."""

_open: dict[int, AuditedRecord] = {}
"""Unused records by the identity of their objects, which they keep alive."""


class Audit:
    """The audit of one dump."""

    def __init__(self) -> None:
        self.used = False
        """Whether the dump contained any JSON."""
        self._search = RecordSearch({})
        self._records: list[AuditedRecord] = []
        self._problems: list[Problem] = []
        self._stray: list[tuple[str, str]] = []
        self._titles: list[str] = []

    @property
    def not_shown(self) -> Mapping[str, str]:
        """Fields that the reader of the dump omits on purpose."""
        return self._search.not_shown

    @not_shown.setter
    def not_shown(self, names: Mapping[str, str]) -> None:
        self._search = RecordSearch(names)

    def open(self, value: Any) -> None:
        """Search a value that is given to a reader."""
        if not self.used:
            # A value that a reader abandons is not kept alive.
            finalize(self, _forget, self._records)
            self.used = True
        if type(value) is dict and (record := self._search.flat(value)) is not None:
            self._records.append(record)
            _open[id(value)] = record
        elif type(value) is dict or type(value) is list:
            self._records += (found := self._search.records(value))
            for record in found:
                _open[id(record.value)] = record

    def settle(self, line: int | None = None, *, alone: bool = False) -> list[Problem]:
        """Return a problem for each position of unused records; the reader is done with the values so far.

        Texts around a value that is read ``alone``, apart from the rest of its dump, are told at once.
        """
        # A value of one record, such as a line, usually leaves none open.
        if not _open:
            self._records.clear()
            return []
        lost = list[str]()
        around = list[tuple[str, str]]()
        for record in self._records:
            if _open.pop(id(record.value), None) is None:
                continue
            if not record.optional and self._is_lost(record):
                lost.append(record.place)
            elif record.optional or not record.place:
                around += _texts_in(record)
        self._records.clear()
        if not alone:
            self._stray += around
            around.clear()
        return [*_unread(Counter(lost), line), *_alone(around, line)] if lost or around else []

    def _is_lost(self, record: AuditedRecord) -> bool:
        # An object that contains a record and has no text of its own is only a wrapper.
        return bool(record.leaves or not record.wraps) and bool(
            record.place or self._search.looks_like_a_post(record.value)
        )

    def begin(self, value: Any) -> None:
        """Search the value of a whole file; ``told`` then has the problems of the previous file."""
        self._problems += self.settle()
        self.open(value)

    def show(self, thread: RawThread) -> None:
        """Note the title and tags of a thread, which a reader takes from objects around the records."""
        self._titles += (each for each in (thread.title, *thread.tags) if each)

    def told(self) -> list[Problem]:
        """Return the problems of finished files that were not returned yet."""
        told, self._problems = self._problems, []
        return told

    def end(self) -> list[Problem]:
        """Return all remaining problems; the reader is done."""
        lost = [*self.told(), *self.settle(), *stray_text(self._not_in_titles())]
        self._stray.clear()
        self._titles.clear()
        return lost

    def _not_in_titles(self) -> Counter[str]:
        """Return the number of words outside of all records that are not in a title, by field."""
        said = Counter[str]()
        titles: dict[tuple[str, ...], set[str]] = {}
        for title in self._titles if self._stray else ():
            found = words(title)
            for each in _keys(found):
                titles.setdefault(each, set()).add(f" {' '.join(found)} ")
        for place, text in self._stray:
            if says_enough(text):
                found = words(text)
                # Each text is searched in few titles: those with its rarest word or pair of words.
                among = min((titles.get(each, set()) for each in _keys(found)), key=len)
                if not any(f" {' '.join(found)} " in title for title in among):
                    said[place] += len(found)
        return said


def _alone(around: Iterable[tuple[str, str]], line: int | None) -> Iterator[Problem]:
    """Yield a problem for the texts in a value that is no post."""
    said = Counter[str]()
    for place, text in around:
        said[place] += len(words(text))
    return (replace(each, line=line) for each in stray_text(said))


def _keys(found: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text, and its pairs of words."""
    yield from ((word,) for word in found)
    yield from pairwise(found)


def take(value: dict[str, Any], parts: Iterable[Any], post: RawPost, others: tuple[str | None, ...]) -> Problem | None:
    """Mark an object and the ``parts`` read with it as used; return a problem if texts do not reach the post."""
    leaves: list[tuple[str, str]] = []
    if (record := _open.pop(id(value), None)) is not None:
        leaves = record.leaves if record.above is None else _taken(record)
    for each in parts:
        if (record := _open.pop(id(each), None)) is not None and (found := _taken(record)):
            leaves = leaves + found if leaves else found
    return shortfall(leaves, post, others) if leaves else None


def _taken(record: AuditedRecord) -> list[tuple[str, str]]:
    """Return the texts of a record, and mark the records that contain it as wrappers."""
    above = record.above
    while above is not None and not above.wraps:
        above.wraps = True
        above = above.above
    return record.leaves


def dismiss(value: Any) -> None:
    """Mark an object as not a post, as its reader says; a nested object may still be one."""
    _open.pop(id(value), None)


def _texts_in(record: AuditedRecord) -> Iterator[tuple[str, str]]:
    """Yield the texts of a record that say something, each with the names of the fields that contain it."""
    leaves = [(name, text) for name, text in record.leaves if says_enough(text)]
    if not leaves:
        return
    wanted = {id(text) for _, text in leaves}
    places: dict[int, str] = {}
    stack = [(record.value, record.place)]
    # Objects deeper than the texts may be records of their own.
    while stack and len(places) < len(wanted):
        value, above = stack.pop()
        for name, each in value.items():
            place = f"{above}.{name}" if above and name else above or name
            for inner in each if type(each) is list else (each,):
                if type(inner) is dict:
                    stack.append((inner, place))
                elif id(inner) in wanted:
                    places[id(inner)] = place
    for name, text in leaves:
        yield places.get(id(text), name), text


def stray_text(found: Mapping[str, int]) -> Iterator[Problem]:
    """Yield a problem that names the fields whose texts belong to no post, each with its number of words.

    The texts themselves are not told, since they may be private.
    """
    if not found:
        return
    names = [name for name in found if PLACE.fullmatch(name)][:NAMED]
    parts = [f"`{name}` ({found[name]} words)" for name in names]
    if rest := sum(found.values()) - sum(found[name] for name in names):
        parts.append(f"other fields ({rest} words)" if parts else f"some fields ({rest} words)")
    yield Problem(
        code="stray-text",
        message=f"text that belongs to no post is not shown: {', '.join(parts)}",
        hint="report it if these are words of the debate",
    )


def surround(value: dict[str, Any]) -> None:
    """Mark an object as not a post, but as one around posts: its texts are told as those of any other object."""
    if record := _open.get(id(value)):
        record.optional = True


def _forget(records: list[AuditedRecord]) -> None:
    for each in records:
        _open.pop(id(each.value), None)
    records.clear()


def _unread(lost: Counter[str], line: int | None) -> Iterator[Problem]:
    """Yield a problem per position, which is given by field names only, since the contents may be private."""
    for number, (place, count) in enumerate(lost.items()):
        where = f"`{place}`" if PLACE.fullmatch(place) else "a list" if not place else "a field"
        records = (
            f"{count} records that look like posts and are" if count > 1 else "a record that looks like a post and is"
        )
        if number == NAMED:
            where, more = "other fields", sum(list(lost.values())[NAMED:])
            records = f"{more} more of them that are" if more > 1 else "one more that is"
        yield Problem(
            code="unread",
            message=f"{where} contains {records} not read" if number < NAMED else f"{where} contain {records} not read",
            line=line,
            hint="report it if these are posts of the debate",
        )
        if number == NAMED:
            return
