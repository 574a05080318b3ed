"""Read settings and cards: TOML as a typed table; every error names its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path, PurePath
from typing import Any, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import Struct

from rostra.errors import UsageError
from rostra.system.lazy_regex import late

TableType = TypeVar("TableType", bound=Struct)
Key = str | int
"""The name of a setting, or the index of an element in a list, from 0."""
STATEMENT = late(r"""\s*(?:\[|(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*\s*=)""")
"""A line that may begin a table or a setting."""
CONTROL = late(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that the text of a setting must not have: controls other than tab and line feed."""
PLACE = late(r"\$((?:\.\w+|\[\d+\])+)")


class TomlFile(NamedTuple):
    """A file of settings; ``name`` is its name in messages."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path, name: str) -> TomlFile:
        """Read the file; raise UsageError with the line if it is not UTF-8."""
        return cls(name, decode_toml(path.read_bytes(), name))

    def table(self, kind: type[TableType]) -> TableType:
        """Convert the file to a type; raise UsageError with the line if it is invalid, and suggest the most similar key."""
        try:
            table = tomllib.loads(self.text)
        except ValueError as error:
            found = re.search(r"\(at line (\d+)", str(error))
            # What is not closed at the end was begun on the last line with content.
            line = int(found[1]) if found else len(self.text.rstrip().split("\n"))
            raise UsageError(f"not TOML: {error}", path=self.name, line=line, hint="see https://toml.io") from error
        except RecursionError as error:
            hint = "a card or a settings file has nothing deeper than lists of tables"
            raise UsageError("not TOML: it is nested too deeply", path=self.name, line=1, hint=hint) from error
        for place, unknown, known in _unknown(table, kind):
            raise self.error(f"there is no setting {unknown!r}", *place, unknown, hint=suggestion(unknown, known))
        for place, text in _texts(table):
            if found := CONTROL.search(text):
                message = f"{_named(place)} contains the control character U+{ord(found[0]):04X}"
                raise self.error(message, *place, hint="remove it; published text has none")
        try:
            return msgspec.convert(_dates_as_text(table), kind)
        except msgspec.ValidationError as error:
            message, _, _ = str(error).partition(" - at ")
            at = PLACE.search(str(error))
            place = tuple(int(key) if key.isdigit() else key for key in re.findall(r"\w+", at[1])) if at else ()
            hint = f"the README lists what each setting of {PurePath(self.name).name} takes"
            raise self.error(f"{_named(place)}: {message}" if place else message, *place, hint=hint) from error

    def error(self, message: str, *place: Key, hint: str) -> UsageError:
        """Return an error with the line of a setting: ``("correction", 1, "created")``."""
        return UsageError(message, path=self.name, line=self.line(*place), hint=hint)

    def line(self, *place: Key) -> int:
        """Return the line where a setting begins, or the table that should have it; 1 if there is neither."""
        lines = self.text.split("\n")
        while place:
            if line := _line(lines, place):
                return line + _within(lines[line - 1 :], place)
            place = place[:-1]
        return 1


def read_table(path: Path, kind: type[TableType], name: str) -> TableType:
    """Read a TOML file as a type; raise UsageError with the line if it is invalid."""
    return TomlFile.read(path, name).table(kind)


def decode_toml(content: bytes, name: str) -> str:
    """Return a file's text without a byte order mark and carriage returns; raise UsageError with the line if it is not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError("not UTF-8", path=name, line=line, hint="save the file as UTF-8") from error


def suggestion(key: str, known: Any) -> str:
    """Return a hint with the most similar known name, or with all of them."""
    import difflib

    near = difflib.get_close_matches(key, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(sorted(known))}"


def _named(place: tuple[Key, ...]) -> str:
    """Return the name of the setting at a place."""
    return next(key for key in reversed(place) if isinstance(key, str))


def _unknown(table: dict[str, Any], kind: type[Struct], *place: Key) -> Iterator[tuple[tuple[Key, ...], str, set[str]]]:
    """Yield keys that a type does not have, also in nested tables: the table's place, the key, and the known keys."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in fields:
            yield place, key, set(fields)
            continue
        kinds = (fields[key].type, *get_args(fields[key].type))
        inner = next((each for each in kinds if isinstance(each, type) and issubclass(each, Struct)), None)
        inside = [((key, at), each) for at, each in enumerate(value)] if isinstance(value, list) else [((key,), value)]
        for at, each in inside:
            if inner and isinstance(each, dict):
                yield from _unknown(each, inner, *place, *at)


def _texts(value: Any, *place: Key) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Yield every text of a table with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(each, *place, key)


def _dates_as_text(value: Any) -> Any:
    """Return the table with dates and times as text (RFC 3339)."""
    if isinstance(value, dict):
        return {key: _dates_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _line(lines: list[str], place: tuple[Key, ...]) -> int | None:
    """Return the line where a place begins in valid TOML.

    It begins after the longest prefix of the text that is valid TOML and lacks it, which is found by bisection: a
    parser with positions would be another dependency.
    """
    starts = [n for n, line in enumerate(lines) if STATEMENT.match(line)]
    low, high = 0, len(starts)
    # The text before `starts[low]` lacks it; the text before `starts[high]`, or the whole text, has it.
    if not starts or not _has(lines, place):
        return None
    while high - low > 1:
        middle = at = (low + high) // 2
        # A line within a multi-line string may look like a statement.
        while at < high and (found := _has(lines[: starts[at]], place)) is None:
            at += 1
        if at == high or found:
            high = middle
        else:
            low = at
    return starts[low] + 1


def _within(lines: list[str], place: tuple[Key, ...]) -> int:
    """Return how many lines below the start of a list the element at the end of a place begins."""
    if not isinstance(place[-1], int) or lines[0].lstrip().startswith("["):
        return 0
    for number in range(len(lines)):
        said = "\n".join(lines[: number + 1])
        # The list may not be closed yet.
        if any(_holds(f"{said}{end}", place[-1]) for end in ("", "\n]")):
            return number
    return 0


def _holds(text: str, count: int) -> bool:
    """Whether a text is TOML that begins with a list of more than ``count`` elements."""
    try:
        value: Any = tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    while isinstance(value, dict):
        value = next(iter(value.values()), None)
    return isinstance(value, list) and len(value) > count


def _has(lines: list[str], place: tuple[Key, ...]) -> bool | None:
    """Whether lines have a place; None if they are not valid TOML."""
    try:
        value: Any = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return None
    for key in place:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True
