"""Phrases for relative times that pages write and the CLDR does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_MOMENTS = ("just now", "moments ago", "a moment ago", "a while ago")
_SEVERAL = ("a few", "a couple of")
"""Words of English pages for a number that is not exact."""
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


def as_english_pages_write(phrases: Iterable[str], units: Iterable[str]) -> Iterator[str]:
    """Yield the phrases that English pages write besides those of the CLDR: without an exact number, and with short ``units``."""
    yield from _MOMENTS
    yield from (phrase.replace("{0}", said) for phrase in phrases if "{0}" in phrase for said in _SEVERAL)
    yield from (f"{{0}} {unit} ago" for unit in units)
