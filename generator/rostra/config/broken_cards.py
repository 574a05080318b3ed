"""What a card that cannot be used may have been meant to hide.

A publisher who withdraws a debate and makes a mistake in the same card must not find it published.  So the lines of a
wrong card that may hide something are held against the card as it was last good; in doubt the answer is yes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

KEYS = ("withdrawn", "draft", "publish", "publish_dump")
"""The settings that hide, which may be misspelt."""
LIKE = 0.7
"""How much a word must be like one of them, as difflib measures it, to be one that is misspelt."""
HIDES = re.compile(
    r"withdr|draft|publish|hid(?:e|den|ing)\b|privat|redact|remov|delet|unlist|secret|embargo", re.IGNORECASE
)
"""What else a publisher may write who wants something hidden."""
VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
UNNAMED = re.compile(r"\bauthor\s*=\s*(?:\"\"|'')")
SHOWS = re.compile(r"draft\s*=\s*false|publish_dump\s*=\s*true")
WORD = re.compile(r"[^\W\d]+")


def card_text(path: Path) -> str | None:
    """What a card or page says, which may be wrong in any way; None where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    # Of UTF-16, what remains is what it says.
    return content.replace(b"\0", b"").decode("utf-8", "replace")


def may_hide(text: str, good: str) -> bool:
    """Whether a card's text may hide what the text of the ``good`` card does not.

    A table (``[[correction]]`` and the lines below it) that may hide something must stand in the good card as it is;
    of the settings above all tables, each such line.
    """
    known = Counter(_parts(good))
    return any(count > known[part] for part, count in Counter(_parts(text)).items() if any(map(_hides, part)))


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    """The lines above all tables, each by itself, and the tables."""
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
