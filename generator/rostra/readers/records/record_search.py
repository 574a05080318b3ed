"""Search a value of JSON for records: objects that look like posts, with the texts in them.

This runs on every value of a dump.  What the names of fields say is worked out once for each set of names that objects
have; an object itself is visited once, without calls for each of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from rostra.readers.guards.words_shown import may_say_enough, says_enough
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
WORDLESS = ("_at", "_id", "_utc", "url", "Url")
"""Ends of the names of fields whose texts are not words, as those of ``IDS`` are not."""
PLACEHOLDER = late(
    r"(?:\s|<[^<>]*>|&\w+;)*+(?:[\[(][^\[\]()]{1,80}[\])]|This message was deleted\.)(?:\s|<[^<>]*>|&\w+;)*+"
)
"""What a source writes in place of a text that it removed: "[removed]", "(post deleted by author)", and Slack's line.

What is longer than 80 code points within its brackets is somebody's text.
"""
SHAPES = 1_000
"""How many sets of field names are cached."""
SHORTEST = 8
"""The least code points of a meaningful text."""
CONTAINERS = {dict, list}

ObjectShape = tuple[tuple[str, ...], tuple[str, ...], bool, bool, tuple[str, ...], tuple[str, ...]]
"""What the field names of an object imply; a plain tuple, which is unpacked for every object.

In order: the fields to inspect; those that hold a post's text, if another field names or dates the object; whether it has an
author and a time; whether it has an id and a time; the fields whose texts are not words; the fields that the reader omits on
purpose, in which only what certainly is a post must not be.
"""


class AuditedRecord(Struct, gc=False):
    """An object that looks like a post and is not used yet; ``above`` is the record that contains it.

    One without author and text in no other record is ``optional``, as is any other object with texts: only if it is
    used, its texts must be shown.  Nothing that it holds refers to it, so that it needs no garbage collection.
    """

    value: dict[str, Any]
    place: str
    above: AuditedRecord | None
    leaves: list[tuple[str, str]]
    optional: bool = False
    wraps: bool = False


class RecordSearch:
    """The search of one dump; ``not_shown`` are fields that its reader omits on purpose."""

    def __init__(self, not_shown: Mapping[str, str]) -> None:
        self.not_shown = not_shown
        self._shapes: dict[tuple[str, ...], ObjectShape] = {}
        self._asides: dict[tuple[str, ...], tuple[str, ...]] = {}

    def flat(self, value: dict[str, Any]) -> AuditedRecord | None:
        """Return an object as a record, whatever its fields; None if others are nested in it."""
        leaves: list[tuple[str, str]] = []
        hidden = self.not_shown
        for name, each in value.items():
            if type(each) is str:
                if len(each) >= SHORTEST and (" " in each or "\n" in each or not each.isascii()) and name not in hidden:
                    leaves.append((name, each))
            elif type(each) in CONTAINERS:
                return None
        return AuditedRecord(value, "", None, leaves)

    def records(self, value: dict[str, Any] | list[Any]) -> list[AuditedRecord]:
        """Return the records of a value with their texts, and other objects with texts; linear, without recursion."""
        found: list[AuditedRecord] = []
        stack: list[tuple[Any, str, AuditedRecord | None]] = [(value, "", None)]
        aside: list[tuple[Any, str]] = []
        known = self._shapes.get
        while stack:
            here, place, record = stack.pop()
            if type(here) is list:
                before = len(stack)
                stack += [(each, place, record) for each in here if type(each) in CONTAINERS]
                if record is not None:
                    record.leaves += [(place, each) for each in here if type(each) is str and len(each) >= SHORTEST]
                elif 0 < len(stack) - before < len(here):
                    found += _texts_among_objects(here, place)
                elif len(stack) == before and (texts_here := _texts_alone(here, place)):
                    found.append(AuditedRecord({"": here}, place, None, texts_here, True))
                continue
            fields, texts, signed, dated, wordless, hidden = known(names := tuple(here)) or self._shape(names)
            if signed or (texts and _say_something(here, texts)):
                found.append(record := AuditedRecord(here, place, record, []))
            leaves = [] if record is None else record.leaves
            for name in fields:
                each = here[name]
                if type(each) is str:
                    if len(each) >= SHORTEST and (" " in each or "\n" in each or not each.isascii()):
                        leaves.append((name, each))
                elif each and type(each) in CONTAINERS:
                    if dated and record is None:
                        found.append(record := AuditedRecord(here, place, None, leaves, True))
                    stack.append((each, name, record))
            if leaves and record is None and _may_say_enough(leaves):
                found.append(AuditedRecord(here, place, None, leaves, True))
            for name in wordless:
                if type(here[name]) in CONTAINERS:
                    stack.append((here[name], name, record))
            for name in hidden:
                each = here[name]
                if type(each) in CONTAINERS:
                    aside.append((each, name))
        if aside:
            found += self._aside(aside)
        return found

    def looks_like_a_post(self, value: dict[str, Any]) -> bool:
        """Whether an object is a record by its own fields."""
        _, texts, signed, _, _, _ = _shape_of(tuple(value), {})
        return signed or _say_something(value, texts)

    def _aside(self, stack: list[tuple[Any, str]]) -> Iterator[AuditedRecord]:
        """Yield what certainly is a post in fields that are omitted: it has a text of three words, and two marks of a post."""
        known = self._asides.get
        while stack:
            here, place = stack.pop()
            if type(here) is list:
                stack += [(each, place) for each in here if type(each) in CONTAINERS]
                continue
            if (texts := known(names := tuple(here))) is None:
                texts = self._texts_aside(names)
            for name in texts:
                if _has_three_words(here[name]):
                    yield AuditedRecord(here, place, None, [])
                    break
            for name, each in here.items():
                if type(each) in CONTAINERS:
                    stack.append((each, name))

    def _texts_aside(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fields for posts' texts, if others are two marks of a post."""
        if len(self._asides) >= SHAPES:
            self._asides.clear()
        found = self._asides[names] = tuple(filter(TEXTS.__contains__, names)) if _marks(names) > 1 else ()
        return found

    def _shape(self, names: tuple[str, ...]) -> ObjectShape:
        if len(self._shapes) >= SHAPES:
            self._shapes.clear()
        shape = self._shapes[names] = _shape_of(names, self.not_shown)
        return shape


def _shape_of(names: tuple[str, ...], not_shown: Mapping[str, str]) -> ObjectShape:
    timed, named = any(map(TIME.search, names)), not IDS.isdisjoint(names)
    texts = tuple(name for name in names if name in TEXTS) if timed or named else ()
    shown = [name for name in names if name not in not_shown]
    wordless = tuple(name for name in shown if name in IDS or name.endswith(WORDLESS))
    fields = tuple(name for name in shown if name not in wordless)
    aside = tuple(name for name in names if name in not_shown)
    return fields, texts, timed and not AUTHORS.isdisjoint(names), timed and named, wordless, aside


def _marks(names: Iterable[str]) -> int:
    """Return how many of an author, a time and an id the fields of an object are; a number of an author is one too."""
    signed = any(name in AUTHORS or name.removesuffix("_id") in AUTHORS for name in names)
    return signed + any(map(TIME.search, names)) + (not IDS.isdisjoint(names))


def _texts_among_objects(values: list[Any], place: str) -> Iterator[AuditedRecord]:
    """Yield a record for each text that stands among objects: as if it were an object with nothing else, which no reader uses.

    A list that holds anything else is a row of a table, whose texts have meanings by their positions.
    """
    for each in values if {dict, str}.issuperset(map(type, values)) else ():
        if type(each) is str and says_enough(each):
            yield AuditedRecord({"id": None, "text": each}, place, None, [(place, each)])


def _texts_alone(values: list[Any], place: str) -> list[tuple[str, str]]:
    """Return the texts of a list that holds nothing else, if one of them may say something."""
    if not {str}.issuperset(map(type, values)):
        return []
    leaves = [(place, each) for each in values if len(each) >= SHORTEST]
    return leaves if _may_say_enough(leaves) else []


def holds_text(value: dict[str, Any]) -> bool:
    """Whether an object holds a text in a field for posts' texts."""
    return _say_something(value, TEXTS & value.keys())


def holds_words(value: dict[str, Any]) -> bool:
    """Whether an object holds a text, other than a placeholder of the source, in a field for posts' texts."""
    texts = (value[name] for name in TEXTS & value.keys())
    return any(isinstance(each, str) and each.strip() and not PLACEHOLDER.fullmatch(each) for each in texts)


def _say_something(value: dict[str, Any], names: Iterable[str]) -> bool:
    for name in names:
        text = value[name]
        if isinstance(text, str) and text and not text.isspace():
            return True
    return False


def _may_say_enough(leaves: list[tuple[str, str]]) -> bool:
    for _, text in leaves:  # noqa: SIM110 (a generator takes longer than the rest)
        if may_say_enough(text):
            return True
    return False


def _has_three_words(text: Any) -> bool:
    return isinstance(text, str) and text.count(" ") > 1
