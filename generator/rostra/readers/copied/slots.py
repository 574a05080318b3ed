"""The slots of a layout's lines: their names and the values that they match."""

from __future__ import annotations

import re

from rostra.readers.copied.page_words import words_for
from rostra.system.lazy_regex import late

TIME = "\ue000"
"""The placeholder for a time in a masked line: a private-use character, which no page shows."""
NAME = 60
"""The most code points of a name."""
NUMBER = r"[-–−+]?\d[\d.,'’]*\s?(?:[KkMm](?!\w))?"
MORE = (
    r"(?:[↳▶▼+]\s*)?(?:(?:load|show|view|see|hide|continue)\s+(?:all\s+|this\s+)?(?:\d+\s+)?(?:more\s+)?|\d+\s+(?:more\s+)?|more\s+)"
    r"(?:replies|reply|comments?|answers?|responses?|thread)\s*(?:\(\d+\s*(?:replies|reply|comments?)?\))?\s*(?:→|…|\.\.\.|>)?"
)
_NAME = rf"\S(?:.{{0,{NAME - 2}}}?\S)??"
_APART = r"\s\[\](){},;:|"
SLOTS = {
    "author": _NAME,
    "account": rf"(?:\[[^{_APART}]{{1,20}}\]|[^{_APART}]{{1,{NAME}}})(?![^{_APART}])",
    "handle": r"@?[\w.@:-]{1,80}",
    "answers": _NAME,
    "time": TIME,
    "clock": TIME,
    "edited": TIME,
    "moment": TIME,
    "letter": r"(?:[^\W_]|[^\W\d_]{2})",
    "score": NUMBER,
    "number": NUMBER,
    "id": r"\d{1,12}",
    "answered": r"\d{1,12}",
    "title": r"\S.{0,250}?",
    "links": r".{0,80}?",
    "any": r".{0,120}?",
    "more": MORE,
    "buttons": "",
    "body": r".*",
}
"""The slots, in this order: the author of the post, the author in one word, the author's account, the person who is
answered; the time of writing, the time of day without a date, the time of editing, the time of something else; the
letter in place of the author's picture; the votes, another number; the number of the post and of the one that it
answers; the title; links to other posts ("root | parent | next"); words of the page; the number of replies that are
not shown; a row of buttons, whose words are data; the body."""
KEPT = frozenset(SLOTS) - {"account", "clock", "moment", "letter", "number", "any", "buttons"}
"""Slots whose values are used."""
NAMED = {"account": "author", "clock": "time"}
"""Slots that are other names of a slot."""
COUNTED = frozenset({"number", "score", "id", "handle"})
CLOCK = late(r"[^\d\s]{0,2}\s?\d{1,2}:\d\d(?::\d\d)?(?:\s?[^\W\d]{1,2})?")
"""A time of day without a date, with "am" or "pm" before or after it."""


def slot_expression(slot: str) -> str:
    """Return the regular expression of a slot.  Buttons may be joined: "permalinkembedsave"."""
    if slot != "buttons":
        return SLOTS[slot]
    words = sorted({*words_for("buttons"), *words_for("rows")}, key=lambda word: (-len(word), word))
    return rf"(?>(?:{'|'.join(map(re.escape, words))})[\s,/|]*){{2,20}}"
