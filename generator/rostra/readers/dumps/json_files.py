"""JSON dumps, read with tolerance: a truncated file gives what precedes the cut, a bad line is one problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from json import JSONDecodeError
from typing import Any

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.readers.dumps.dump import MEBIBYTE, Dump, cut_short
from rostra.readers.dumps.encodings import decode
from rostra.readers.dumps.json_values import Mended, TooManyValuesError, closed, value_of, value_of_text
from rostra.readers.dumps.packed import bounded_lines
from rostra.readers.guards.audit import Audit
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened
from rostra.system.lazy_regex import late

ALONE = late(r'(?:null|true|false|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*+")[ \t\r]*(?:\n|\Z)')
"""A line that is a value other than an object or list, such as the null that servers send for an unknown id."""
RAISE = "raise `{}` below `[limits]` in rostra.toml if it is not an attack"


def load(dump: Dump) -> tuple[Any, list[Problem]]:
    """Return the single JSON value of a dump and the problems; of a truncated file, the complete part.

    Raise UnreadableDump if no part can be read.
    """
    data, cut = dump.content("json")
    mended = Mended()
    problems = list(cut)
    try:
        value = value_of(data, mended, dump.limits.json * MEBIBYTE)
    except TooManyValuesError as error:
        raise UnreadableDump(f"this JSON cannot be read: {error}", path=dump.name, hint=RAISE.format("json")) from error
    except JSONDecodeError as error:
        value = _beginning(data, Mended())
        if value is None:
            raise UnreadableDump(
                f"not JSON: {error.msg}", path=dump.name, line=error.lineno, hint="export it again completely"
            ) from error
        message = "the file is truncated; the part before the cut is shown"
        line = data.count(b"\n") + 1
        problems.append(Problem(code="truncated", message=message, line=line, hint="export it again completely"))
    dump.audit.begin(value)
    return value, [*problems, *mended.problems()]


def _beginning(data: bytes, mended: Mended) -> Any:
    """Return the complete part of truncated JSON, or None."""
    whole = closed(decode(data)[0])
    try:
        return None if whole is None else value_of_text(whole, mended)
    except JSONDecodeError:
        return None


def objects_in_lines(dump: Dump) -> bool:
    """Whether a dump has one object per line: its first line is a complete one, and the next is a value of its own."""
    first, _, rest = dump.head_text.strip().partition("\n")
    return first.startswith("{") and first.endswith("}") and (rest.startswith("{") or ALONE.match(rest) is not None)


def sound(items: Iterable[tuple[int, Any] | Problem], problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    """Yield the values of ``json_lines`` or ``json_values`` with their lines; the problems are added to ``problems``."""
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            yield item


def json_lines(dump: Dump) -> Iterator[tuple[int, Any] | Problem]:
    """Yield the values of a dump of one JSON value per line, with 1-based lines; an invalid line is a problem."""
    mended = Mended()
    limit = dump.limits.record * MEBIBYTE
    number = 0
    with dump.open() as stream:
        try:
            for number, (raw, size) in enumerate(bounded_lines(stream, limit), 1):
                if size > limit:
                    yield too_long(size, limit, number)
                elif raw.strip():
                    yield (item := _value(raw, number, mended, limit, dump.audit))
                    if not isinstance(item, Problem):
                        yield from dump.audit.settle(number)
        except OSError as error:
            yield cut_short(error, number + 1)
    yield from mended.problems()


def line_records(
    opened: Opened, start: Record, terms: Callable[[Any], Iterable[str]]
) -> Iterator[tuple[Record, Iterable[str]]]:
    """Yield the non-empty lines of a dump from a given one on; ``terms`` gets the value of each that is JSON."""
    stream = opened.stream(0)
    stream.seek(start.start)
    number, _, at, _, line = start
    for raw, size in bounded_lines(stream, opened.limit):
        if raw.strip():
            item = _value(raw, line, Mended(), opened.limit) if size == len(raw) else None
            yield Record(number, 0, at, size, line), terms(item[1]) if isinstance(item, tuple) else ()
            number += 1
        at += size
        line += 1
    if 0 in opened.cut:
        yield Record(number, 0, at, 0, line), ()


def json_values(opened: Opened, records: Iterable[Record]) -> Iterator[tuple[int, Any] | Problem]:
    """Yield the values of lines, as ``json_lines`` does."""
    mended, audit = Mended(), opened.dump.audit
    for record in records:
        if not record.size:
            yield cut_short(opened.cut[record.file], record.line)
        elif record.size > opened.limit:
            yield too_long(record.size, opened.limit, record.line)
        else:
            yield (item := _value(opened.read(record), record.line, mended, opened.limit, audit))
            if not isinstance(item, Problem):
                yield from audit.settle(record.line, alone=True)
    yield from mended.problems()


def too_long(size: int, limit: int, line: int) -> Problem:
    """Return the problem of a line that is not read, or of a message that is truncated."""
    message = f"it has {size >> 20} MiB; the part after {limit >> 20} MiB is not read"
    return Problem(code="too-long", message=message, line=line, hint=RAISE.format("record"))


def _value(raw: bytes, line: int, mended: Mended, limit: int, audit: Audit | None = None) -> tuple[int, Any] | Problem:
    """Return the value of a line with its line number; ``audit`` searches it."""
    mended.line = line
    try:
        value = value_of(raw, mended, limit)
    except TooManyValuesError as error:
        message = f"this line cannot be read: {error}"
        return Problem(code="too-long", message=message, line=line, hint=RAISE.format("record"))
    except ValueError:
        return Problem(code="bad-line", message="this line is not JSON", line=line, hint="export it again")
    if audit is not None:
        audit.open(value)
    return line, value
