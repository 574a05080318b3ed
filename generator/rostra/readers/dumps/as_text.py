"""Convert values of other types to text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

KINDS = (
    (type(None), "nothing"),
    (bool, "true or false"),
    (str, "text"),
    (int | float, "a number"),
    (list | tuple, "a list"),
    (dict, "an object"),
)
SHOWN = 60
"""How many code points of a value a message shows."""


def kind_of(value: Any) -> str:
    """Return the common name of a value's type, with an article."""
    return next((called for kind, called in KINDS if isinstance(value, kind)), f"a {type(value).__name__}")


def as_text(value: Any) -> str | None:
    """Return a value as text: for lists and objects, all nested texts and numbers, one per line; None if empty."""
    return "\n".join(_texts(value)) or None


def first_words(value: Any) -> str:
    """Return the beginning of a value's text, on one line."""
    # Only as many as needed: a message does not justify traversing a large value.
    words = " ".join(" ".join(each[: 2 * SHOWN] for each in islice(_texts(value), SHOWN)).split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def _texts(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            stack.extend(reversed(here.values()))
        elif isinstance(here, list | tuple):
            stack.extend(reversed(here))
        elif (text := _text(here)) and not text.isspace():
            yield text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return value.decode("utf-8", "replace")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            text = str(value)
        except ValueError:  # Python converts no number of more than 4,300 digits to text.
            return ""
        return "" if text in ("nan", "inf", "-inf") else text
    return ""
