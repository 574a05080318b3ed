"""JSON dumps of one value, of one value per line, or of several concatenated values.

Programs that put the pages of an API's response into one file (``gh api --paginate``) write the last kind, which
RFC 7464 calls a text sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.encodings import decode
from rostra.readers.dumps.json_files import ALONE, json_lines, load, sound
from rostra.readers.dumps.json_values import CLOSERS, STRUCTURE, Mended, closed, value_of_text

SPACES = " \t\n\r"
BETWEEN = f"{SPACES},\x1e"
"""The separator between two values."""


def series(dump: Dump, problems: list[Problem]) -> Iterator[tuple[int | None, Any]]:
    """Yield the values of a file, each with its line if it has its own; errors are added to the problems.

    Raise UnreadableDump if no part can be read.
    """
    if in_lines(dump):
        yield from sound(json_lines(dump), problems)
        return
    try:
        value, found = load(dump)
    except UnreadableDump as error:
        # JSON with too many values is not split either.
        if not isinstance(error.__cause__, JSONDecodeError) or not (several := _several(dump, problems)):
            raise
        for value in several:
            dump.audit.begin(value)
            yield None, value
    else:
        problems += found
        yield None, value


def in_lines(dump: Dump) -> bool:
    """Whether a file begins with a line that is a complete list or object, followed by a line that is a value, too."""
    first, _, rest = dump.head_text.lstrip("\ufeff" + SPACES).partition("\n")
    second, more, _ = rest.lstrip(SPACES).partition("\n")
    if not _is_whole(first):
        return False
    # The head may end within the second line.
    return (second[:1] == first[:1] and (not more or _is_whole(second))) or ALONE.match(rest.lstrip(SPACES)) is not None


def _is_whole(line: str) -> bool:
    # An empty value is on one line, however the others are written.
    line = line.rstrip()
    return len(line) > 2 and line[0] in CLOSERS and line.endswith(CLOSERS[line[0]])


def _several(dump: Dump, problems: list[Problem]) -> list[Any]:
    """Return the values of a file with several, with the complete part of the last; none if it is not such a file."""
    data, cut = dump.content("json")
    text, repaired = decode(data)
    mended = Mended()
    found: list[Any] = []
    try:
        for piece, whole in _pieces(text):
            if (value := piece if whole else closed(piece)) is not None:
                found.append(value_of_text(value, mended))
            if not whole:
                message = "the file is truncated; the part before the cut is shown"
                line = text.count("\n") + 1
                cut = (*cut, Problem(code="truncated", message=message, line=line, hint="export it again completely"))
    except JSONDecodeError:
        return []
    problems += (*cut, *([repaired] if repaired else ()), *mended.problems())
    return found


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the texts of the values and whether each is complete; raise JSONDecodeError at anything else."""
    depth = start = 0
    for found in STRUCTURE.finditer(text):
        if found[0] in CLOSERS:
            if not depth:
                _nothing(text, start, found.start())
                start = found.start()
            depth += 1
        elif found[0] in CLOSERS.values() and depth:
            depth -= 1
            if not depth:
                yield text[start : found.end()], True
                start = found.end()
    if depth:
        yield text[start:], False
    else:
        _nothing(text, start, len(text))


def _nothing(text: str, start: int, end: int) -> None:
    if text[start:end].strip(BETWEEN):
        raise JSONDecodeError("Expecting a list or an object", text, start)
