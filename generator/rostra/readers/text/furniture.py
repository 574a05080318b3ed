"""Find page furniture around posts (buttons, counts, notices) by its position and frequency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from rostra.readers.copied.page_words import any_of
from rostra.system.lazy_regex import late

SCORE = r"(?:\(?[-–−]?\d[\d,.]*k?\s*(?:points?|votes?|upvotes?|likes?|pts?)\)?|score hidden|\[score hidden\])"
FURNITURE = late(
    lambda: rf"^(?:(?:{any_of('buttons')}|{SCORE}|[·•|]|[-–−]?\d[\d,.]*k?|[▲▼↑↓⬆⬇])(?:\s+|$))+$", re.IGNORECASE
)
"""A line of buttons and counts."""
NUMBER = late(r"[-–−]?\d[\d,]*")
MORE = late(
    r"^(?:[↳▶▼+]\s*)?(?:load|show|view|see)?\s*(?:more comments?|more replies|continue this thread|(?:all\s+)?(?P<a>\d+)\s+(?:more\s+)?(?:replies|reply)|(?P<c>\d+) more comments?)"
    r"\s*(?:\((?P<b>\d+)\s*(?:replies|reply|comments?)?\))?\s*(?:→|…|\.\.\.|>)?$",
    re.IGNORECASE,
)
COUNT = late(r"^(?:all\s+)?[\d,]+\s+(?:comments?|replies|answers|posts|responses)$", re.IGNORECASE)
NOTICE = late(
    r"^(?:you['’]re viewing a single thread\.?|you['’]ve viewed [\d,]+ \w+\.?|view (?:all|full) comments?|"
    r"hide (?:\d+ )?repl(?:y|ies)(?: \(\d+\))?)$",
    re.IGNORECASE,
)
SORTED = late(
    r"^(?:sort(?:ed)? by:?.*|best|top|new|hot|old|controversial|all comments|most relevant|newest(?: first)?|oldest(?: first)?|comments(?: section)?)$",
    re.IGNORECASE,
)
_THING = r"(?:comment|post|message|reply|answer|response|tweet|video)"
_GONE = late(
    rf"(?=[\[(<]|.*\bby\b|.*\b{_THING}\b)[\[(<]?\s*(?:(?:this|the)\s+)?(?:{_THING}\s+)?(?:(?:was|is|has been)\s+)?(?:you\s+)?"
    rf"(?P<how>deleted|removed)(?:\s+this\s+{_THING})?"
    r"(?:\s+by\s+(?:(?:its|the|an?)\s+)?(?:(?P<own>user|author|creator|poster|owner)|mods?|moderators?|admins?|administrators?|staff))?"
    r"\s*[\])>]?\.?",
    re.IGNORECASE,
)
"""A notice in place of a text: "[deleted]", "Comment removed by moderator", "This message was deleted." """
_TIMES = {"k": 1000, "K": 1000, "m": 1_000_000, "M": 1_000_000}
BUTTONS = 3
"""A line with this many button labels is page furniture: nobody writes such a line."""
NOTED = 60
"""The most code points of a notice that a post is gone."""


class Trimmed(Struct, frozen=True, kw_only=True):
    """A post's lines without the buttons below them; ``hidden``: (line, number of replies) that were not loaded."""

    lines: list[str]
    hidden: list[tuple[int, int]]
    score: int | None


def gone(words: str) -> Literal["deleted", "removed"] | None:
    """Return whether a post was deleted or removed, if its text is only a notice of that."""
    text = words.strip()
    found = _GONE.fullmatch(text) if len(text) <= NOTED else None
    if found is None:
        return None
    return (
        "deleted"
        if found["own"] or ("by" not in text.lower().split() and found["how"].lower() == "deleted")
        else "removed"
    )


def is_furniture(text: str) -> bool:
    """Whether a line may be page furniture: buttons, a score, a notice, replies that are not loaded."""
    return any(each.match(text) for each in (FURNITURE, NOTICE, MORE))


def surely_furniture(text: str) -> bool:
    """Whether a line is certainly page furniture."""
    return bool(NOTICE.match(text)) or (
        len(text.split()) >= BUTTONS and bool(FURNITURE.match(text)) and not NUMBER.match(text)
    )


def habits(endings: Iterable[list[str]]) -> frozenset[str]:
    """Return the buttons below most posts: a single word below one post may be that post's whole text."""
    below: Counter[str] = Counter()
    posts = 0
    for lines in endings:
        posts += 1
        seen = set()
        for line in reversed(lines):
            text = line.strip()
            if text and not FURNITURE.match(text) and not MORE.match(text):
                break
            if text and not NUMBER.fullmatch(text):
                seen.add(text.lower())
        below.update(seen)
    return frozenset(text for text, count in below.items() if count >= max(2, 0.4 * posts))


def trim(lines: list[str], usual: frozenset[str]) -> Trimmed:
    """Return a post without the page furniture below it; its whole text is removed only if that is certainly furniture."""
    kept = list(lines)
    usual = usual | _row(lines)
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    below = _below(lines)
    hidden: list[tuple[int, int]] = []
    scores: list[int] = []
    last_of_words = len(kept)
    while kept:
        at = len(kept) - 1
        text = kept[-1].strip()
        more = MORE.match(text)
        if not text:
            kept.pop()
        elif more:
            hidden.append((at, int(more["a"] or more["b"] or more["c"] or 0)))
            last_of_words = at
            kept.pop()
        elif surely_furniture(text):
            last_of_words = at
            kept.pop()
        elif text.lower() in usual and first < at:
            kept.pop()
        elif NUMBER.fullmatch(text) and _beside_buttons(lines, at, below[at], usual):
            # A score is directly above a button; a number at the end of a post is not.
            scores.append(number(text))
            kept.pop()
        else:
            break
    if not any(line.strip() for line in kept) and last_of_words > 0:
        kept, scores = lines[:last_of_words], []
    return Trimmed(lines=kept, hidden=hidden[::-1], score=scores[0] if len(scores) == 1 else None)


def _below(lines: list[str]) -> list[str]:
    """Return for each line the next non-blank line below it, in lower case."""
    below = [""] * len(lines)
    for at in range(len(lines) - 1, 0, -1):
        below[at - 1] = lines[at].strip().lower() or below[at]
    return below


def _beside_buttons(lines: list[str], at: int, below: str, usual: frozenset[str]) -> bool:
    """Whether a button is directly below a line, or there are buttons both above and below it."""
    if below not in usual:
        return False
    return bool(lines[at + 1].strip()) or _above(lines, at) in usual


def _above(lines: list[str], at: int) -> str:
    """Return the next non-blank line above a line, in lower case."""
    while at and not lines[at - 1].strip():
        at -= 1
    return lines[at - 1].strip().lower() if at else ""


def _row(lines: list[str]) -> frozenset[str]:
    """Return the buttons below a post, one per line, if there are too many of them to be text."""
    row = set()
    for line in reversed(lines):
        text = line.strip()
        if text and not FURNITURE.match(text):
            break
        if text and not NUMBER.fullmatch(text):
            row.add(text.lower())
    return frozenset(row) if len(row) >= BUTTONS else frozenset()


def number(text: str) -> int:
    """Return the number of a written score: with thousands separators, any minus sign, or suffixes as in "1.2K" and "3M"."""
    plain = re.sub(r"[–−]", "-", text).replace(",", "").strip()
    if plain[-1:] in _TIMES:
        return int(Decimal(plain[:-1].strip()) * _TIMES[plain[-1]])
    return int(plain)
