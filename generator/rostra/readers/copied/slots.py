"""The slots of a layout's lines: what they are called and what they can hold."""

from __future__ import annotations

TIME = "\ue000"
"""What replaces a time in a masked line: a private character, which no page shows."""
NAME = 60
"""Code points of a name at most."""
NUMBER = r"[-–−+]?\d[\d.,'’]*\s?(?:[KkMm](?!\w))?"
MORE = (
    r"(?:[↳▶▼+]\s*)?(?:(?:load|show|view|see|hide|continue)\s+(?:all\s+|this\s+)?(?:\d+\s+)?(?:more\s+)?|\d+\s+(?:more\s+)?|more\s+)"
    r"(?:replies|reply|comments?|answers?|responses?|thread)\s*(?:\(\d+\s*(?:replies|reply|comments?)?\))?\s*(?:→|…|\.\.\.|>)?"
)
BUTTON = (
    "permalink|embed|save|unsave|parent|report|reply|share|context|full comments|give award|award|hide|source|edit|delete|"
    "perma-link|perma|quote|flag|like|dislike|upvote|downvote|link|fedilink|bookmark|copy link|more|follow|unfollow|root|next|prev|"
    "crosspost|children|collapse|translate|message|view|actions"
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
    "letter": r"[^\W\d_]{1,2}",
    "score": NUMBER,
    "number": NUMBER,
    "id": r"\d{1,12}",
    "answered": r"\d{1,12}",
    "title": r"\S.{0,250}?",
    "links": r".{0,80}?",
    "any": r".{0,120}?",
    "more": MORE,
    "buttons": rf"(?:(?:{BUTTON})[\s,/|]*){{2,20}}",
    "body": r".*",
}
"""The slots: who wrote the post, the same in one word, their account, whom they answer; when it was written, the same as a time of day without a date, and when it was edited, a time of something else; the letter that represents a picture of the author; its votes, another
number; the number of the post and of the one that it answers; its title; links to other posts ("root | parent | next"); words of the page; how many answers are not
shown; a row of buttons; the post itself."""
KEPT = frozenset(SLOTS) - {"account", "clock", "moment", "letter", "number", "any", "buttons"}
"""Slots whose values are used."""
NAMED = {"account": "author", "clock": "time"}
"""Slots whose values are those of another."""
COUNTED = frozenset({"number", "score", "id", "handle"})
