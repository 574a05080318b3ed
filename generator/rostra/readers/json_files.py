"""JSON dumps, tolerant of what breaks them: a cut file gives what came before the cut, a bad line is one problem."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.readers.dump import Dump
from rostra.readers.records import Opened, Record

DEEP = 100_000
"""Levels past which JSON is an attack, not a debate."""


def load(dump: Dump) -> tuple[Any, list[Problem]]:
    """The one JSON value of a dump; where the file is cut, as much of it as is whole, and the problem.

    Raises UnreadableDump where not even a part can be read.
    """
    text, repaired = dump.text()
    problems = list(repaired)
    try:
        return json.loads(text), problems
    except RecursionError as error:
        raise UnreadableDump(
            "this JSON is nested too deeply to be a debate", path=dump.name, hint="export it again"
        ) from error
    except json.JSONDecodeError as error:
        mended = _mended(text)
        if mended is None:
            raise UnreadableDump(
                f"not JSON: {error.msg}", path=dump.name, line=error.lineno, hint="export it again, whole"
            ) from error
        line = text.count("\n") + 1
        problems.append(
            Problem(
                code="truncated",
                message="the file is cut short; what came before is shown",
                line=line,
                hint="export it again, whole",
            )
        )
        return mended, problems


def lines(dump: Dump) -> Iterator[tuple[int, Any] | Problem]:
    """The values of a dump of one JSON value a line, with their 1-based lines; a line that is none is a problem."""
    with dump.open() as stream:
        number = 0
        while True:
            try:
                raw = stream.readline()
            except (OSError, EOFError) as error:
                yield Problem(code="truncated", message=f"the compressed file is cut short: {error}", line=number + 1)
                return
            if not raw:
                return
            number += 1
            if not raw.strip():
                continue
            try:
                yield number, _value(raw, number)
            except (ValueError, RecursionError):
                yield Problem(code="bad-line", message="this line is no JSON", line=number, hint="export it again")


def line_records(
    opened: Opened, start: Record, terms: Callable[[Any], Iterable[str]]
) -> Iterator[tuple[Record, Iterable[str]]]:
    """The lines of a dump that hold anything, from one on; ``terms`` is given the value of each that is JSON."""
    stream = opened.stream(0)
    stream.seek(start.start)
    number, _, at, _, line = start
    for raw in stream:
        if raw.strip():
            try:
                found = terms(_value(raw, line))
            except (ValueError, RecursionError):
                found = ()
            yield Record(number, 0, at, len(raw), line), found
            number += 1
        at += len(raw)
        line += 1
    if 0 in opened.cut:
        yield Record(number, 0, at, 0, line), ()


def values(opened: Opened, records: Iterable[Record]) -> Iterator[tuple[int, Any] | Problem]:
    """The values of lines, as ``lines`` gives them."""
    for record in records:
        if not record.size:
            message = f"the compressed file is cut short: {opened.cut.get(record.file, '')}"
            yield Problem(code="truncated", message=message, line=record.line)
            continue
        try:
            yield record.line, _value(opened.read(record), record.line)
        except (ValueError, RecursionError):
            yield Problem(code="bad-line", message="this line is no JSON", line=record.line, hint="export it again")


def _value(raw: bytes, line: int) -> Any:
    return json.loads(raw.decode("utf-8", "replace") if line > 1 else raw.decode("utf-8-sig", "replace"))


def _mended(text: str) -> Any:
    """A value from JSON that stops in the middle: cut back to the last whole member, what is open closed."""
    stack: list[str] = []
    in_string = escaped = False
    safe: tuple[int, str] | None = None
    for at, char in enumerate(text):
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
            continue
        if char == '"':
            in_string = True
        elif char in "[{":
            stack.append("]" if char == "[" else "}")
            if len(stack) > DEEP:
                return None
        elif char in "]}":
            if not stack or stack.pop() != char:
                return None
            safe = (at + 1, "")
            depth = len(stack)
            safe_depth = depth
            safe = (at + 1, "".join(reversed(stack[:safe_depth])))
    if safe is None or not safe[1]:
        return None
    try:
        return json.loads(text[: safe[0]] + safe[1])
    except (ValueError, RecursionError):
        return None


def instant(value: Any) -> str | None:
    """RFC 3339 of seconds since 1970 or of an ISO time with a zone; None where it is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{9,11}(\.\d+)?", value):
        value = float(value)
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(int(value), UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError, OSError):
            return None
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    return found.isoformat(timespec="seconds").replace("+00:00", "Z")


def text_of(value: Any) -> str | None:
    """A string that says something, or None."""
    return value if isinstance(value, str) and value.strip() else None


def number_of(value: Any) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
