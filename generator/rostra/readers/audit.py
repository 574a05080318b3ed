"""Check that every record of the JSON given to a reader becomes a post.

Every value that ``load``, ``json_lines`` and ``json_values`` give to a reader is searched once. Objects that look like posts
are *records*; a record is used if its fields become a post (``Fields.problems``), or if its reader says that it is not
one (``Fields.is_no_post``). When the reader is done with the value, each unused record is a problem that names
its position. The texts of each used record are compared with the post (``words_shown``).

A reader's ``NOT_SHOWN`` maps the names of fields that it omits on purpose to the reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from weakref import finalize

from msgspec import Struct, field

from rostra.model import Problem, RawPost
from rostra.readers.words_shown import shortfall
from rostra.system.lazy_regex import late

TEXTS = frozenset({
    "body", "bodyText", "comment", "comment_body", "comment_text", "content", "contents", "cooked", "message", "msg", "pagetext",
    "post_text", "raw", "selftext", "text",
})  # fmt: skip
"""Fields that hold a post's text."""
AUTHORS = frozenset({
    "account", "actor", "attributedTo", "author", "author_name", "by", "creator", "from", "member", "owner", "poster",
    "poster_name", "sender", "speaker", "user", "user_name", "username",
})  # fmt: skip
TIME = late(
    r"creat(?:ed|ion)|posted|published|submitted|timestamp|(?:^|_)(?:date|sent|time|ts)(?:_|\Z)|dateline|\w(?:Date|Time)\Z"
)
"""Names of fields that hold a time; ``TIME.search`` matches anywhere in a name."""
IDS = frozenset({"_id", "comment_id", "guid", "id", "id_msg", "id_topic", "message_id", "msg_id", "pid", "post_id", "postid", "threadid", "tid", "topic_id", "uid", "uuid"})  # fmt: skip
WORDLESS = ("_id", "_url")
"""Ends of the names of fields that hold neither words nor posts."""
PLACE = late(r"[A-Za-z_][\w.-]{0,40}")
SHAPES = 1_000
"""How many sets of field names are cached."""
SHORTEST = 8
"""The least code points of a meaningful text."""
CONTAINERS = {dict, list}
NAMED = 5
"""How many positions get a problem each."""


ObjectShape = tuple[tuple[str, ...], tuple[str, ...], bool, bool, tuple[str, ...]]
"""What the field names of an object imply; a plain tuple, which is unpacked for every object.

In order: the fields to inspect; those that hold a post's text, if another field names or dates the object; whether it has an
author and a time; whether it has an id and a time; the fields that the reader omits on purpose, in which only what certainly
is a post must not be.
"""
Shapes = dict[tuple[str, ...], ObjectShape]
"""Shapes by their field names."""


class _AuditedRecord(Struct):
    """An object that looks like a post and is not used yet; ``above`` is the record that contains it.

    One without author and text in no other record is ``optional``, as is any other object with texts: only if it is
    used, its texts must be shown.
    """

    value: dict[str, Any]
    place: str
    above: _AuditedRecord | None
    leaves: list[tuple[str, str]] = field(default_factory=list)
    optional: bool = False
    wraps: bool = False


_open: dict[int, _AuditedRecord] = {}
"""Unused records by the identity of their objects, which they keep alive."""


class Audit:
    """The audit of one dump; ``not_shown`` are fields that its reader omits on purpose."""

    def __init__(self) -> None:
        self.not_shown: Mapping[str, str] = {}
        self.used = False
        """Whether the dump contained any JSON."""
        self._shapes: Shapes = {}
        self._records: list[_AuditedRecord] = []
        self._problems: list[Problem] = []

    def open(self, value: Any) -> None:
        """Search a value that is given to a reader."""
        if not self.used:
            # A value that a reader abandons is not kept alive.
            finalize(self, _forget, self._records)
            self.used = True
        if value.__class__ is dict and self._is_flat(value):
            return
        if value.__class__ is dict or value.__class__ is list:
            others = list[_AuditedRecord]()
            found = [*_records(value, self._shapes, self.not_shown, others), *others]
            self._records += found
            _open.update({id(record.value): record for record in found})

    def _is_flat(self, value: dict[str, Any]) -> bool:
        """Record an object without nested objects, as most lines are; return whether it is one."""
        if not CONTAINERS.isdisjoint(map(type, value.values())):
            return False
        hidden = self.not_shown
        leaves = [
            (name, each)
            for name, each in value.items()
            if type(each) is str
            and len(each) >= SHORTEST
            and (" " in each or not each.isascii() or "\n" in each)
            and name not in hidden
        ]
        record = _AuditedRecord(value, "", None, leaves)
        self._records.append(record)
        _open[id(value)] = record
        return True

    def settle(self, line: int | None = None) -> list[Problem]:
        """Return a problem for each position of unused records; the reader is done with the values so far."""
        # An object that contains a record and has no text of its own is only a wrapper.
        lost = [
            record.place
            for record in self._records
            if _open.pop(id(record.value), None) is not None
            and (record.leaves or not record.wraps)
            and not record.optional
            and (record.place or _looks_like_a_post(record.value))
        ]
        self._records.clear()
        return list(_unread(Counter(lost), line)) if lost else []

    def begin(self, value: Any) -> None:
        """Search the value of a whole file; ``told`` then has the problems of the previous file."""
        self._problems += self.settle()
        self.open(value)

    def told(self) -> list[Problem]:
        """Return the problems of finished files that were not returned yet."""
        told, self._problems = self._problems, []
        return told

    def end(self) -> list[Problem]:
        """Return all remaining problems; the reader is done."""
        return [*self.told(), *self.settle()]


def holds_text(value: dict[str, Any]) -> bool:
    """Whether an object holds a text in a field for posts' texts."""
    return any(isinstance(text := value.get(name), str) and text and not text.isspace() for name in TEXTS)


def take(value: dict[str, Any], parts: Iterable[Any], post: RawPost, others: tuple[str | None, ...]) -> Problem | None:
    """Mark an object and the ``parts`` read with it as used; return a problem if texts do not reach the post."""
    leaves: list[tuple[str, str]] = []
    if (record := _open.pop(id(value), None)) is not None:
        leaves = record.leaves if record.above is None else _taken(record)
    for each in parts:
        if (record := _open.pop(id(each), None)) is not None:
            leaves = leaves + _taken(record)
    return shortfall(leaves, post, others) if leaves else None


def _taken(record: _AuditedRecord) -> list[tuple[str, str]]:
    """Return the texts of a record, and mark the records that contain it as wrappers."""
    above = record.above
    while above is not None and not above.wraps:
        above.wraps = True
        above = above.above
    return record.leaves


def dismiss(value: Any) -> None:
    """Mark an object as not a post, as its reader says; a nested object may still be one."""
    _open.pop(id(value), None)


def _forget(records: list[_AuditedRecord]) -> None:
    for each in records:
        _open.pop(id(each.value), None)
    records.clear()


def _records(
    value: dict[str, Any] | list[Any], shapes: Shapes, not_shown: Mapping[str, str],
    others: list[_AuditedRecord] | None = None,
) -> list[_AuditedRecord]:  # fmt: skip
    """Collect the records of a value and their texts; linear, without recursion.  ``others`` gets other objects with texts."""
    found: list[_AuditedRecord] = []
    stack: list[tuple[Any, str, _AuditedRecord | None]] = [(value, "", None)]
    aside: list[tuple[Any, str]] = []
    # This runs on every value of a dump, so it avoids calls.
    while stack:
        here, place, record = stack.pop()
        if type(here) is list:
            stack += [(each, place, record) for each in here if type(each) in CONTAINERS]
            if record is not None:
                record.leaves += [(place, each) for each in here if type(each) is str and len(each) >= SHORTEST]
            continue
        fields, texts, signed, dated, hidden = shapes.get(names := tuple(here)) or _shape_in(shapes, names, not_shown)
        if signed or (texts and _say_something(here, texts)):
            found.append(record := _AuditedRecord(here, place, record))
        elif dated and record is None:
            found.append(record := _AuditedRecord(here, place, None, [], True))
        leaves = record.leaves if record is not None else []
        for name in fields:
            each = here[name]
            if type(each) is str:
                if len(each) >= SHORTEST and (" " in each or not each.isascii() or "\n" in each):
                    leaves.append((name, each))
            elif each and type(each) in CONTAINERS:
                stack.append((each, name, record))
        if record is None and leaves and others is not None:
            others.append(_AuditedRecord(here, place, None, leaves, True))
        if hidden:
            aside += [(each, name) for name in hidden if (each := here[name]) and type(each) in CONTAINERS]
    if aside:
        found += _aside(aside, shapes, not_shown)
    return found


def _aside(stack: list[tuple[Any, str]], shapes: Shapes, not_shown: Mapping[str, str]) -> Iterator[_AuditedRecord]:
    """Yield what certainly is a post in fields that are omitted: it has an author, a time, and a text of three words."""
    while stack:
        here, place = stack.pop()
        if here.__class__ is dict:
            _, texts, signed, _, _ = shapes.get(names := tuple(here)) or _shape_in(shapes, names, not_shown)
            if signed and any(_has_three_words(here[name]) for name in texts):
                yield _AuditedRecord(here, place, None)
            if not CONTAINERS.isdisjoint(map(type, here.values())):
                stack += [(each, name) for name, each in here.items() if type(each) in CONTAINERS]
        elif here.__class__ is list:
            stack += [(each, place) for each in here]


def _has_three_words(text: Any) -> bool:
    return isinstance(text, str) and text.count(" ") > 1


def _looks_like_a_post(value: dict[str, Any]) -> bool:
    _, texts, signed, _, _ = _shape_of(tuple(value), {})
    return signed or _say_something(value, texts)


def _say_something(value: dict[str, Any], names: tuple[str, ...]) -> bool:
    for name in names:
        text = value[name]
        if isinstance(text, str) and text and not text.isspace():
            return True
    return False


def _shape_in(shapes: Shapes, names: tuple[str, ...], not_shown: Mapping[str, str]) -> ObjectShape:
    if len(shapes) >= SHAPES:
        shapes.clear()
    shape = shapes[names] = _shape_of(names, not_shown)
    return shape


def _shape_of(names: tuple[str, ...], not_shown: Mapping[str, str]) -> ObjectShape:
    timed, named = any(map(TIME.search, names)), not IDS.isdisjoint(names)
    texts = tuple(name for name in names if name in TEXTS) if timed or named else ()
    fields = tuple(name for name in names if name not in not_shown and not name.endswith(WORDLESS))
    aside = tuple(name for name in names if name in not_shown)
    return fields, texts, timed and not AUTHORS.isdisjoint(names), timed and named, aside


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
