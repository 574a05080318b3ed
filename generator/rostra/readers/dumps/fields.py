"""Typed access to the values of untrusted objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Problem, RawPost
from rostra.readers.dumps.as_text import as_text, kind_of
from rostra.readers.dumps.times import rfc3339
from rostra.readers.guards.audit import dismiss, take
from rostra.readers.guards.completeness import empty_post, is_empty, removed_words
from rostra.readers.guards.words_shown import differ
from rostra.readers.records.record_search import TIME, holds_text
from rostra.system.lazy_regex import late

UTC_TIME = late(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
"""A certainly valid time as most APIs write it, which needs no conversion."""
DATE = late(r"[12]\d{3}-[01]\d-[0-3]\d(?:[T ]|\Z)")
SECONDS = late(r"\d{9,11}(?:\.\d+)?")
NAME = late(r"[A-Za-z_]\w{0,30}", re.ASCII)
SHOWN = 5
"""How many field names a problem shows."""
DIGITS = late(r"[+-]?\d{1,18}")


class Time(Struct, frozen=True, gc=False):
    """A time as RFC 3339, or the value as shown if it is not one; both None if there is no time."""

    at: str | None
    shown: str | None


UNTIMED = Time(None, None)


class Fields:
    """An object of a dump.

    Values are read by name; of several names the first with a value counts.  A value of another type than
    expected is converted if its meaning stays the same, else None; ``wrong`` says so.  ``parts`` are the nested
    objects that were read with it.
    """

    __slots__ = ("parts", "said", "wrong")

    def __init__(self, said: Any, wrong: list[str] | None = None, parts: list[Any] | None = None) -> None:
        self.said: dict[str, Any] = said if said.__class__ is dict else {}
        self.wrong: list[str] = [] if wrong is None else wrong
        self.parts: list[Any] = [] if parts is None else parts

    def __contains__(self, name: str) -> bool:
        """Whether the object has a field, whatever its value."""
        return name in self.said

    def get(self, name: str) -> Any:
        """Return a value unchanged."""
        return self.said.get(name)

    def text(self, *names: str) -> str | None:
        """Return a text, or None if it is empty."""
        said = self.said
        for name in names:
            # Most objects have few of the fields that a reader knows.
            if name in said:
                value = said[name]
                if value.__class__ is str:
                    if value and not value.isspace():
                        return value
                elif value is not None and (text := self._as_text(name, value)):
                    return text
        return None

    def body(self, *names: str, needed: bool = True) -> str:
        """Return a post's text; if it is ``needed`` and no field has one of the names, ``wrong`` says so."""
        text = self.text(*names)
        if needed and text is None and self.said.keys().isdisjoint(names):
            self.wrong.append(f"it has no `{names[0]}`")
        return text or ""

    def agree(self, shown: str | None, *names: str) -> None:
        """Note that a field which should hold the ``shown`` words in another form, and is not shown, holds other words."""
        for name in names if shown else ():
            text = value if isinstance(value := self.said.get(name), str) else as_text(value)
            if text and text != shown and differ(text, shown or ""):
                self.wrong.append(f"`{name}` has other words, which are not shown")

    def name(self, *names: str) -> str | None:
        """Return an id, which sources write as text or as a number."""
        for name in names:
            value = self.said.get(name)
            if value.__class__ is int:
                return str(value) if -(2**63) <= value < 2**63 else as_text(value)
            if isinstance(value, str):
                if value and not value.isspace():
                    return value
            elif isinstance(value, float) and value.is_integer():
                return str(int(value))
            elif not is_nothing(value):
                self._note(name, value, "it names nothing")
        return None

    def number(self, *names: str) -> int | None:
        """Return an integer of 64 bits."""
        for name in names:
            value = self.said.get(name)
            if value is None:
                continue
            if value.__class__ is int and -(2**63) <= value < 2**63:
                return value
            number = _whole(value)
            if number is not None and -(2**63) <= number < 2**63:
                return number
            if number is not None or not is_nothing(value):
                self._note(name, value, "it is left out")
        return None

    def time(self, *names: str) -> Time:
        """Return a time: ISO with a zone, or seconds since 1970."""
        for name in names:
            value = self.said.get(name)
            if value.__class__ is str and UTC_TIME.fullmatch(value):
                return Time(value, None)
            if value is None or is_nothing(value):
                continue
            at = instant(value)
            return Time(at, None if at else self._as_text(name, value))
        return UNTIMED

    def flag(self, *names: str) -> bool:
        """Whether one of the fields has a truthy value; a flag or a time is never a list or object."""
        found = False
        for name in names:
            value = self.said.get(name)
            if not value or value in ("0", "false"):
                continue
            found = True
            if isinstance(value, list | dict):
                self._note(name, value, "it is treated as true")
        return found

    def within(self, *names: str) -> Fields:
        """Return a nested object, empty if there is none."""
        for name in names:
            value = self.said.get(name)
            if value.__class__ is dict:
                self.parts.append(value)
                return Fields(value, self.wrong, self.parts)
            if value is not None and not is_nothing(value):
                self._note(name, value, "it is left out")
        return Fields({}, self.wrong)

    def changed(self, **values: Any) -> Fields:
        """Return the same object with some fields changed."""
        self.parts.append(self.said)
        return Fields(self.said | values, self.wrong, self.parts)

    def person(self, *names: str) -> Fields:
        """Return a person: a nested object, or a plain name as an object with that ``name``."""
        for name in names:
            value = self.said.get(name)
            if isinstance(value, str) and value:
                return Fields({"name": value}, self.wrong)
            if not is_nothing(value):
                return self.within(name)
        return Fields({}, self.wrong)

    def objects(self, name: str) -> Iterator[Fields]:
        """Yield the objects of a list, or the single object given instead."""
        for each in self.values(name):
            if isinstance(each, dict):
                self.parts.append(each)
                yield Fields(each, self.wrong, self.parts)
            elif not is_nothing(each):
                self._note(name, each, "it is left out")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list, or the names of the objects in it."""
        found: list[str] = []
        for each in self.values(name):
            text = Fields(each, self.wrong).text("name") if isinstance(each, dict) else self._as_text(name, each)
            found += [text] if text and not text.isspace() else []
        return tuple(found)

    def values(self, name: str) -> list[Any]:
        """Return the values of a list, or the single value given instead."""
        value = self.said.get(name)
        return [] if is_nothing(value) else value if isinstance(value, list) else [value]

    def problems(self, post: RawPost, *shown: str | None) -> tuple[Problem, ...]:
        """Return the problems of an object that became a post; ``shown`` are texts of it that a page shows elsewhere."""
        lost = take(self.said, self.parts, post, shown) or removed_words(post, self.said, *self.parts)
        if lost is None and is_empty(post) and not post.title and any(map(holds_text, (self.said, *self.parts))):
            lost = empty_post(post)
        if not (post.created or post.created_text or post.created_local) and post.kind == "post":
            self._note_times()
        if not self.wrong and lost is None:
            return ()
        wrong = tuple(bad_field(message, post.key, post.line) for message in dict.fromkeys(self.wrong))
        return (*wrong, lost) if lost else wrong

    def account(self, *shown: str | None) -> tuple[Problem, ...]:
        """Record that the object is not a post itself; return a problem if texts of it are not among those ``shown``."""
        lost = take(self.said, self.parts, RawPost(key=""), shown)
        return (replace(lost, post=None),) if lost else ()

    def is_no_post(self) -> None:
        """Record that the object itself is not a post of the debate, though it may look like one."""
        dismiss(self.said)

    def _note_times(self) -> None:
        """Note the fields of a post without a time that seem to hold one."""
        found = {
            f"`{name}`" if NAME.fullmatch(name) else "a field": None
            for value in (self.said, *filter(holds_text, self.parts))
            for name, each in value.items()
            if seems_time(name, each)
        }
        if found:
            self.wrong.append(f"the post has no time, which may be in {', '.join(list(found)[:SHOWN])}")

    def _as_text(self, name: str, value: Any) -> str | None:
        if is_nothing(value):
            return None
        text = as_text(value)
        if text is None or isinstance(value, list | dict):
            self._note(name, value, "it is shown as text" if text else "it is left out")
        return text

    def _note(self, name: str, value: Any, then: str) -> None:
        self.wrong.append(f"`{name}` cannot be {kind_of(value)}; {then}")


def objects_of(value: Any, problems: list[Problem]) -> Iterator[Fields]:
    """Yield the objects of a list, or a single object; what else there is becomes one problem."""
    others = 0
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield Fields(each)
        elif not is_nothing(each):
            dismiss(each)
            others += 1
    if others:
        values = "a value is not an object; it is" if others == 1 else f"{others:,} values are not objects; they are"
        problems.append(Problem(code="left-out", message=f"{values} left out", hint="look at it in the dump"))


def left_out(message: str, value: Any, line: int | None = None, code: str = "left-out") -> Problem:
    """Return the problem of a value that is not a post: it names fields only, since the contents may be private."""
    dismiss(value)
    names = [f"`{name}`" for name in value if NAME.fullmatch(name)] if isinstance(value, dict) else []
    shown = f" (it has {', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''})" if names else ""
    return Problem(code=code, message=f"{message}; it is left out{shown}", line=line, hint="look at it in the dump")


def bad_field(message: str, post: str | None = None, line: int | None = None) -> Problem:
    """Return the problem of a value of an unexpected type."""
    return Problem(code="bad-field", message=message, post=post, line=line, hint="look at it in the dump")


def instant(value: Any) -> str | None:
    """Return seconds since 1970 or an ISO time with a zone as RFC 3339; None if it is neither."""
    try:
        if isinstance(value, str):
            if UTC_TIME.fullmatch(value):
                return value
            if SECONDS.fullmatch(value):
                return instant(float(value))
            return rfc3339(datetime.fromisoformat(value))
        if isinstance(value, int | float) and value.__class__ is not bool:
            return rfc3339(datetime.fromtimestamp(int(value), UTC))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def seems_time(name: str, value: Any) -> bool:
    """Whether a field may hold a time: its name says so, or its value is a text that begins with a date."""
    if isinstance(value, str) and DATE.match(value):
        return True
    said = isinstance(value, str | int | float) and value is not True and not is_nothing(value) and value != 0
    return said and TIME.search(name) is not None


def is_nothing(value: Any) -> bool:
    """Whether it is what programs write for a missing value."""
    return value is None or value is False or (not value and isinstance(value, str | list | dict))


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if DIGITS.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
