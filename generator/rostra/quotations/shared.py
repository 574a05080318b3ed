"""The passages of a debate that several people quote, as its page and the front page show them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from msgspec import Struct

from rostra.model import FORMAL, Edited, Edition
from rostra.system.lazy_regex import late

FEWEST_WORDS = 6
"""The fewest words of such a passage, not counting addresses."""
PLAIN = 0.5
"""The least share of plain words: code, tables and signatures have few."""


REPORTED = late(
    r"(?:error|warning|fehler|erreur|exception)s?(?: messages?)?(?: in \S{1,80}\(| ?: )|\b\w{2,40}(?:error|exception): ",
    re.IGNORECASE,
)
"""What a program reports: an error and where, or of what kind."""


class SharedPassage(Struct, frozen=True, kw_only=True):
    """A passage that two people or more quote: its post, where it begins there, and how often it is quoted."""

    post: str
    start: int
    text: str
    count: int


def shared_passages(edition: Edition) -> Iterator[SharedPassage]:
    """Yield the passages of several words that two people or more quote, the most quoted first; none overlaps another."""
    shared: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for each in edition.posts:
        # Nobody knows who wrote unnamed posts: each counts as a person.
        author = each.post.raw.author
        who = author.name if author else each.post.id
        for source in (quoted.source for quoted in each.quotes):
            if source and source.thread == edition.thread.id:
                shared.setdefault((source.post, source.spans[0][0]), []).append((who, source.text))
    several = {place: found for place, found in shared.items() if len({who for who, _ in found}) > 1}
    said = {each.post.id: each for each in edition.posts} if several else {}
    shown: dict[str, list[range]] = {}
    for post, start in sorted(several, key=lambda place: (-len(several[place]), place)):
        found = several[post, start]
        text = max((text for _, text in found), key=len)
        end = start + len(text)
        overlaps = any(start < other.stop and other.start < end for other in shown.get(post, ()))
        if not overlaps and _says_something(said[post], start, text):
            shown.setdefault(post, []).append(range(start, end))
            yield SharedPassage(post=post, start=start, text=text, count=len(found))


def _says_something(each: Edited, start: int, text: str) -> bool:
    """Whether a passage is prose that people chose: no address, code, line or error of a program, and no more than a paragraph.

    Words that end with a colon announce what is not in the passage.

    Mail programs quote whole messages, so that what goes on into the next paragraph was chosen by nobody.
    """
    block = next((block for block in reversed(each.body.blocks) if block.start <= start), None)
    if block is None or block.kind in {*FORMAL, "code"} or start + len(text) > block.end:
        return False
    if text.endswith((":", "：")) or REPORTED.search(text):
        return False
    words = [word for word in text.split() if "://" not in word]
    return len(words) >= FEWEST_WORDS and sum(map(_is_plain, words)) >= PLAIN * len(words)


def _is_plain(word: str) -> bool:
    """Whether a word has letters only, apart from punctuation around it, and is not capitalised as names are."""
    plain = word.strip(string.punctuation)
    return plain.isalpha() and not plain[:1].isupper()
