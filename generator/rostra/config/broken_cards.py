"""Decide whether an invalid card may have been meant to hide something.

A publisher who withdraws a debate and makes a mistake in the same card must not find it published.  So the lines of an
invalid card that may hide something are compared with the last valid card; in doubt the answer is yes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

KEYS = ("withdrawn", "draft", "publish", "publish_dump")
"""The settings that hide something; they may be misspelt."""
LIKE = 0.7
"""The least similarity (difflib's ratio) of a word to one of them for it to count as a misspelling."""
HIDES = re.compile(
    r"withdr|draft|publish|hid(?:e|den|ing)\b|privat|redact|remov|delet|unlist|secret|embargo", re.IGNORECASE
)
"""Other words that a publisher who wants something hidden may write."""
VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
UNNAMED = re.compile(r"\bauthor\s*=\s*(?:\"\"|'')")
SHOWS = re.compile(r"draft\s*=\s*false|publish_dump\s*=\s*true")
WORD = re.compile(r"[^\W\d]+")


def card_text(path: Path) -> str | None:
    """Return the text of a card or page, which may be invalid in any way; None if it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    # Without its NUL bytes, UTF-16 of mostly ASCII characters is readable.
    return content.replace(b"\0", b"").decode("utf-8", "replace")


def may_hide(text: str, good: str) -> bool:
    """Whether a card's text may hide something that the text of the ``good`` card does not.

    A table (``[[correction]]`` and the lines below it) that may hide something must be in the good card unchanged;
    so must each such line of the settings above the first table.
    """
    known = Counter(_parts(good))
    return any(count > known[part] for part, count in Counter(_parts(text)).items() if any(map(_hides, part)))


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    """Return the lines above the first table, one by one, and the tables."""
    table: list[str] = []
    for line in text.lstrip("\ufeff").splitlines():
        said = " ".join(line.split())
        if not said or said.startswith("#"):
            continue
        if said.startswith("["):
            yield tuple(table)
            table = [said]
        elif table:
            table.append(said)
        else:
            yield (said,)
    yield tuple(table)


def _hides(line: str) -> bool:
    if SHOWS.fullmatch(line):
        return False
    if HIDES.search(VALUE.sub("", line)) or UNNAMED.search(line):
        return True
    from difflib import get_close_matches

    key = WORD.match(line.lstrip("\"'").lower())
    return key is not None and bool(get_close_matches(key[0], KEYS, n=1, cutoff=LIKE))
