"""The values of strangers' objects, each as the type that a reader expects it to have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from rostra.model import Problem, RawPost
from rostra.readers.as_text import as_text, kind_of
from rostra.readers.times import rfc3339
from rostra.system.lazy_regex import late

SECONDS = late(r"\d{9,11}(?:\.\d+)?")
NAME = late(r"[A-Za-z_]\w{0,30}", re.ASCII)
SHOWN = 5
"""Names of fields that a problem shows."""
DIGITS = late(r"[+-]?\d{1,18}")


class Time(NamedTuple):
    """A time as RFC 3339, or what stands in its place; both None where there is none."""

    at: str | None
    shown: str | None


class Fields:
    """An object of a dump.

    Its values are read by name; of several names the first that holds one counts.  What has another type than is
    expected is read as far as it says the same, and otherwise None; ``wrong`` says so.
    """

    __slots__ = ("said", "wrong")

    def __init__(self, said: Any, wrong: list[str] | None = None) -> None:
        self.said: dict[str, Any] = said if isinstance(said, dict) else {}
        self.wrong: list[str] = [] if wrong is None else wrong

    def __contains__(self, name: str) -> bool:
        """Whether the object has a field, whatever it holds."""
        return name in self.said

    def get(self, name: str) -> Any:
        """A value as it is."""
        return self.said.get(name)

    def text(self, *names: str) -> str | None:
        """A text that says something."""
        for name in names:
            value = self.said.get(name)
            if isinstance(value, str):
                if value and not value.isspace():
                    return value
            elif value is not None and (text := self._as_text(name, value)):
                return text
        return None

    def body(self, *names: str, needed: bool = True) -> str:
        """What a post says; where it is ``needed`` and none of the names is there, that is wrong."""
        if needed and self.said.keys().isdisjoint(names):
            self.wrong.append(f"it has no `{names[0]}`")
        return self.text(*names) or ""

    def name(self, *names: str) -> str | None:
        """An id, which sources write as text or as a number."""
        for name in names:
            value = self.said.get(name)
            if isinstance(value, str):
                if value and not value.isspace():
                    return value
            elif isinstance(value, int) and not isinstance(value, bool):
                return as_text(value)
            elif isinstance(value, float) and value.is_integer():
                return str(int(value))
            elif not is_nothing(value):
                self._note(name, value, "it names nothing")
        return None

    def number(self, *names: str) -> int | None:
        """A whole number of 64 bits."""
        for name in names:
            value = self.said.get(name)
            number = _whole(value)
            if number is not None and -(2**63) <= number < 2**63:
                return number
            if number is not None or not is_nothing(value):
                self._note(name, value, "it is left out")
        return None

    def time(self, *names: str) -> Time:
        """A time: ISO with a zone, or seconds since 1970."""
        for name in names:
            value = self.said.get(name)
            if is_nothing(value):
                continue
            at = instant(value)
            return Time(at, None if at else self._as_text(name, value))
        return Time(None, None)

    def flag(self, *names: str) -> bool:
        """Whether one of some fields holds anything; what should be true or false, or a time, is no list or object."""
        held = [
            name for name in names if not is_nothing(self.said.get(name)) and self.said[name] not in (0, "0", "false")
        ]
        for name in held:
            if isinstance(value := self.said[name], list | dict):
                self._note(name, value, "it is taken for true")
        return bool(held)

    def within(self, *names: str) -> Fields:
        """An object within, empty where there is none."""
        for name in names:
            value = self.said.get(name)
            if isinstance(value, dict):
                return Fields(value, self.wrong)
            if not is_nothing(value):
                self._note(name, value, "it is left out")
        return Fields({}, self.wrong)

    def person(self, *names: str) -> Fields:
        """Somebody: an object within, or a name alone as an object with that ``name``."""
        for name in names:
            value = self.said.get(name)
            if isinstance(value, str) and value:
                return Fields({"name": value}, self.wrong)
            if not is_nothing(value):
                return self.within(name)
        return Fields({}, self.wrong)

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a list, or the one that stands in its place."""
        for each in self.values(name):
            if isinstance(each, dict):
                yield Fields(each, self.wrong)
            elif not is_nothing(each):
                self._note(name, each, "it is left out")

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, or the names of the objects in it."""
        found: list[str] = []
        for each in self.values(name):
            text = Fields(each, self.wrong).text("name") if isinstance(each, dict) else self._as_text(name, each)
            found += [text] if text and not text.isspace() else []
        return tuple(found)

    def values(self, name: str) -> list[Any]:
        """The values of a list, or the one that stands in its place."""
        value = self.said.get(name)
        return [] if is_nothing(value) else value if isinstance(value, list) else [value]

    def problems(self, post: RawPost) -> tuple[Problem, ...]:
        """What was wrong with the object, which became a post."""
        if not self.wrong:
            return ()
        return tuple(bad_field(message, post.key, post.line) for message in dict.fromkeys(self.wrong))

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
    """The objects of a list, or one that stands alone; what is none joins the problems."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield Fields(each)
        elif not is_nothing(each):
            problems.append(left_out("a value is no object", each))


def left_out(message: str, value: Any, line: int | None = None, code: str = "left-out") -> Problem:
    """What is said of a value that is no post: what its fields are called, since what it says may be private."""
    names = [f"`{name}`" for name in value if NAME.fullmatch(name)] if isinstance(value, dict) else []
    shown = f" (it has {', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''})" if names else ""
    return Problem(code=code, message=f"{message}; it is left out{shown}", line=line, hint="look at it in the dump")


def bad_field(message: str, post: str | None = None, line: int | None = None) -> Problem:
    """What is said of a value that has another type than is expected."""
    return Problem(code="bad-field", message=message, post=post, line=line, hint="look at it in the dump")


def instant(value: Any) -> str | None:
    """RFC 3339 of seconds since 1970 or of an ISO time with a zone; None where it is neither."""
    if isinstance(value, str) and SECONDS.fullmatch(value):
        value = float(value)
    try:
        if isinstance(value, str):
            return rfc3339(datetime.fromisoformat(value))
        if isinstance(value, int | float) and value.__class__ is not bool:
            return rfc3339(datetime.fromtimestamp(int(value), UTC))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def is_nothing(value: Any) -> bool:
    """Whether it is what programs write where they have no value."""
    return value is None or value is False or (not value and isinstance(value, str | list | dict))


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if DIGITS.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
