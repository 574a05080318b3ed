"""What values of another type say where text is expected."""

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
"""Code points of a value that a message shows."""


def kind_of(value: Any) -> str:
    """What people call a value's type."""
    return next((called for kind, called in KINDS if isinstance(value, kind)), f"a {type(value).__name__}")


def as_text(value: Any) -> str | None:
    """A value as text: of lists and objects, all texts and numbers within, a line each; None where it says nothing."""
    return "\n".join(_texts(value)) or None


def first_words(value: Any) -> str:
    """How the text of a value begins, on one line."""
    # As many as may be needed: a message is not worth going through all of a large value.
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
        except ValueError:  # Python writes no number of more than 4,300 digits.
            return ""
        return "" if text in ("nan", "inf", "-inf") else text
    return ""
