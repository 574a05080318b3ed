"""Phrases for relative times that pages write and the CLDR does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

ENGLISH = (
    "just now", "moments ago", "a moment ago", "a while ago", "a few seconds ago", "last week", "last month", "last year",
    "0 min ago", "0 mins ago", "0 hr ago", "0 hrs ago", "0 wk ago", "0 wks ago", "0 mo ago", "0 mos ago", "0 yr ago",
    "0 yrs ago", "0 sec ago", "0 secs ago", "0 m ago", "0 h ago", "0 d ago", "0 w ago", "0 y ago", "0 s ago",
    "a few minutes ago", "a few hours ago", "a few days ago", "a couple of days ago", "a couple of years ago",
)  # fmt: skip
"""Phrases of English pages that the CLDR does not have; 0 represents any number."""
_INSTEAD = {"قبل": "منذ"}
"""Words of pages for words of the CLDR: Arabic pages write "since two days" for "two days before"."""
_ABSENT = frozenset({"واحدة", "واحد", "אחד", "אחת", "({0})"})
"""Words for a number behind a noun that says it without them, and the number itself in brackets."""


def as_pages_write(phrases: Iterable[str]) -> Iterator[str]:
    """Yield the phrases of a language, and the other forms of them that pages write."""
    for phrase in phrases:
        yield phrase
        brief = [word for word in phrase.split() if word not in _ABSENT]
        yield " ".join(brief)
        yield " ".join(_INSTEAD.get(word, word) for word in phrase.split())
        yield " ".join(_INSTEAD.get(word, word) for word in brief)
