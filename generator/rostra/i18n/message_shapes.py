"""Find the message that an English sentence in data was made from, so that a page can show it in the site's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from rostra.system.lazy_regex import late

PLACE = late(r"%\\\((\w+)\\\)s")
"""The place of a value in an escaped message."""


class FilledMessage(NamedTuple):
    """A message, and the values in its places by their names."""

    message: str
    values: dict[str, str]


def find_message(text: str, messages: Iterable[str]) -> FilledMessage | None:
    """Return the first of these messages that has the shape of a text; None if none has."""
    for message in messages:
        if found := _shape(message).fullmatch(text):
            return FilledMessage(message, found.groupdict())
    return None


@cache
def _shape(message: str) -> re.Pattern[str]:
    return re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(message)))
