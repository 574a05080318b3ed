"""Decode untrusted JSON to values that are safe to process.

A library reads most of it.  What it rejects is read again with tolerance (RFC 8259, and what programs write
instead): lone surrogates, bytes that are not UTF-8, control characters within strings, ``NaN``, numbers
beyond 64 bits, values nested to any depth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import MsgspecError
from msgspec.json import decode as quick

from rostra.model import Problem
from rostra.readers.dumps.encodings import decode, joined
from rostra.system.lazy_regex import late

HEAVY = 8
"""How many bytes of memory values may take per byte of a limit."""
LIGHT = 1 << 20
"""The size in bytes of JSON whose values take little memory."""
COSTS = ((b"{", 240), (b"[", 72), (b",", 36), (b'"', 25))
"""Approximately how many bytes of memory a value takes, by the delimiters around it."""
DENSEST = (240 + 36) // len("{},") + 1
"""The most bytes of memory that values take per byte of JSON: those of a list of empty objects, and itself."""
DIGITS = 4_000
"""The most digits of a number; Python converts at most 4,300."""
HALF = late(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
STRUCTURE = late(r'"(?:[^"\\]++|\\[\s\S])*+(?:"|\Z|\\\Z)|[\[\]{}]')
SPACE = late(r"[ \t\n\r]*")
PLAIN = late(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity")
CLOSERS = {"[": "]", "{": "}"}
INFINITE = "a value such as NaN is not a number; it is left out"


class Mended:
    """Counts what was replaced while values were read; ``line`` is that of the next values."""

    def __init__(self) -> None:
        self.line: int | None = None
        self._counts: dict[str, int] = {}
        self._first: dict[str, int | None] = {}

    def add(self, what: str) -> None:
        """Count one more replacement."""
        self._counts[what] = self._counts.get(what, 0) + 1
        self._first.setdefault(what, self.line)

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each kind of replacement, with the line of the first one."""
        for what, count in self._counts.items():
            message = f"{what} ({count} times)" if count > 1 else what
            yield Problem(
                code="replaced", message=message, line=self._first[what], hint="export it again if it matters"
            )


class TooManyValuesError(ValueError):
    """The values of the JSON would take far more memory than its size suggests."""


def value_of(data: bytes, mended: Mended, limit: int) -> Any:
    """Return the value of a JSON text; raise ValueError if it is not JSON.

    Raise TooManyValuesError if it would take more than ``HEAVY`` times ``limit`` bytes of memory.
    """
    most = HEAVY * limit
    if (
        len(data) > max(LIGHT, most // DENSEST)
        and sum(cost * data.count(mark) for mark, cost in COSTS) + len(data) > most
    ):
        raise TooManyValuesError("it holds too many values")
    try:
        return quick(data)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    text, problem = decode(data)
    if problem:
        mended.add(problem.message)
    return value_of_text(text, mended)


def value_of_text(text: str, mended: Mended) -> Any:
    """Return the value of a JSON text, read with tolerance; raise ValueError if it is not JSON."""
    decoder = json.JSONDecoder(
        strict=False,
        parse_int=lambda digits: _whole(digits, mended),
        parse_float=lambda digits: _fraction(digits, mended),
        parse_constant=lambda _: mended.add(INFINITE),
    )
    try:
        value = decoder.decode(text)
    except RecursionError:
        value = _deep(text, decoder)
    return _without_halves(value, mended) if HALF.search(text) else value


def closed(text: str) -> str | None:
    """Return truncated JSON cut back to the end of its last complete object or list, with open ones closed.

    None if no part is complete, or nothing is open.
    """
    stack: list[str] = []
    whole = depth = 0
    for found in STRUCTURE.finditer(text):
        mark = found[0]
        if mark in CLOSERS:
            stack.append(CLOSERS[mark])
        elif mark in ("]", "}"):
            if not stack or stack.pop() != mark:
                return None
            whole, depth = found.end(), len(stack)
    return text[:whole] + "".join(reversed(stack[:depth])) if depth else None


def _whole(digits: str, mended: Mended) -> int | str:
    if len(digits) <= DIGITS:
        return int(digits)
    mended.add(f"a number of more than {DIGITS} digits is kept as text")
    return digits


def _fraction(digits: str, mended: Mended) -> float | None:
    value = float(digits)
    if abs(value) != float("inf"):
        return value
    mended.add(INFINITE)
    return None


def _without_halves(value: Any, mended: Mended) -> Any:
    """Return a value whose texts have no lone surrogate; lists and objects are changed in place."""
    top = [value]
    stack: list[Any] = [top]
    while stack:
        here = stack.pop()
        for key, each in list(here.items() if isinstance(here, dict) else enumerate(here)):
            if isinstance(each, str):
                here[key] = _sound(each, mended)
            elif isinstance(each, dict | list):
                stack.append(each)
            if isinstance(key, str) and (sound := _sound(key, mended)) != key:
                here[sound] = here.pop(key)
    return top[0]


def _sound(text: str, mended: Mended) -> str:
    sound = joined(text)
    if lost := sound.count("\ufffd") - text.count("\ufffd"):
        for _ in range(lost):
            mended.add("a lone surrogate is replaced by U+FFFD")
    return sound


def _deep(text: str, decoder: json.JSONDecoder) -> Any:
    """Decode the same value without recursion, to any depth, in linear time and memory."""
    top: list[Any] = []
    stack: list[Any] = [top]
    key = ""
    at = _skipped(text, 0)
    while len(stack) > 1 or not top:
        here, char = stack[-1], text[at : at + 1]
        if char and char in "]}" and CLOSERS["{" if isinstance(here, dict) else "["] == char and len(stack) > 1:
            stack.pop()
            at = _after(text, at + 1, len(stack) > 1)
            continue
        if isinstance(here, dict):
            if char != '"':
                raise json.JSONDecodeError("Expecting a name", text, at)
            key, at = decoder.raw_decode(text, at)
            at = _skipped(text, at)
            if text[at : at + 1] != ":":
                raise json.JSONDecodeError("Expecting ':'", text, at)
            at = _skipped(text, at + 1)
            char = text[at : at + 1]
        value: Any
        if char in CLOSERS:
            value, at = {} if char == "{" else [], _skipped(text, at + 1)
        else:
            if char != '"' and not PLAIN.match(text, at):
                raise json.JSONDecodeError("Expecting a value", text, at)
            value, at = decoder.raw_decode(text, at)
        if isinstance(here, dict):
            here[key] = value
        else:
            here.append(value)
        if char in CLOSERS:
            stack.append(value)
        else:
            at = _after(text, at, len(stack) > 1)
    if at < len(text):
        raise json.JSONDecodeError("Extra data", text, at)
    return top[0]


def _after(text: str, at: int, within: bool) -> int:
    """Return the position of the next value, name or closing bracket; ``within`` says whether one must follow."""
    at = _skipped(text, at)
    if not within:
        return at
    if text[at : at + 1] == ",":
        at = _skipped(text, at + 1)
        if text[at : at + 1] in ("]", "}"):
            raise json.JSONDecodeError("Expecting a value", text, at)
    elif text[at : at + 1] not in ("]", "}"):
        raise json.JSONDecodeError("Expecting ','", text, at)
    return at


def _skipped(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at
