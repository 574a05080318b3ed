"""Find lines at the edges of bodies that may belong to the page, although its layout has no such line.

Too few posts have them for ``edges``, so they stay in the text: "See more", "Times Pick", "Ada and Bede like this".
People rarely end their posts with the same short line that is no sentence, so the posts of different people that share
one are worth a look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rostra.readers.copied.layout import DumpLine, prepared
from rostra.readers.copied.learning.line_keys import is_reference, line_key
from rostra.readers.copied.names import LABELLED, LETTER, SENTENCE, folded_name
from rostra.readers.copied.page_words import any_of
from rostra.readers.copied.records import PostRecord
from rostra.system.lazy_regex import late

PEOPLE = 2
"""The fewest people whose posts share such a line; an unnamed post is of another person than all others."""
SHARE = 0.01
"""The least share of the posts that have such a line: in long threads two people end with the same joke."""
LONGEST = 40
"""The most code points of such a line, without the names in it."""
NAME = "\x01"
"""What replaces the word of a name."""
_NAMES = late(rf"@?{NAME}(?:(?:,| and| &|, and)? @?{NAME})*")
"""The names of one person or of several people."""
_WORD = late(r"[^\W_][\w'’.-]*(?<!\.)")
QUOTED = late(r"[>＞*•–—-]|.*[:：](?:\s|$)|.*https?:")
"""Lines of people: quotations and what introduces them, list items, signatures, and addresses."""
_ADDED = late(lambda: any_of("added"), re.IGNORECASE)
"""Labels of what people add to their own posts."""


class _EdgeShape(NamedTuple):
    """A shape of lines, at the top or at the bottom of bodies."""

    key: str
    top: bool


def shared_edges(lines: Sequence[str], records: Sequence[PostRecord]) -> list[int]:
    """Return the lines at the edges of bodies that may belong to the page, in order; ``lines`` are all of the dump."""
    people = [folded_name(each.held.get("author", "")) for each in records]
    words = {word for name in people for word in name.split()}
    found: dict[_EdgeShape, list[tuple[int, str]]] = {}
    for n, record in enumerate(records):
        for line, top in _edges(lines, record):
            if key := _shape(line, words):
                found.setdefault(_EdgeShape(key, top), []).append((line.number, people[n] or f"{NAME}{n}"))
    shared = (
        group
        for group in found.values()
        if len({who for _, who in group}) >= PEOPLE and len(group) >= SHARE * len(records)
    )
    return sorted(number for group in shared for number, _ in group)


def _edges(lines: Sequence[str], record: PostRecord) -> Iterator[tuple[DumpLine, bool]]:
    """Yield the first and the last line of a body, and whether it is the first; a body of one line has none."""
    inside = [n for n in range(*record.body) if lines[n].strip()]
    for n, top in ((inside[0], True), (inside[-1], False)) if len(inside) > 1 else ():
        for line in prepared([lines[n]]):
            yield line._replace(number=n), top


def _shape(line: DumpLine, words: set[str]) -> str:
    """Return the key of a line with names masked, which are made of ``words``; empty if people write such lines."""
    label = LABELLED.match(_masked(line.masked, words))
    if label and NAME not in label[1] and not is_reference(label[1]) and not _ADDED.match(label[1]):
        # What is behind a label differs from post to post: "Comment: Thank you for coming."
        return f"{label[1].casefold()}:"
    key = line_key(line._replace(masked=_NAMES.sub(NAME, _masked(line.masked, words))), None)
    bare = key.replace(NAME, "").strip()
    # What the page says of numbers or people may end in a full stop: "Ada and Bede like this."
    said = bare.removesuffix(".") if key[0] in ("0", NAME) else bare
    written = SENTENCE.search(said) or QUOTED.match(key) or is_reference(key)
    return key if (LETTER.search(said) or _is_count(line.masked)) and len(said) <= LONGEST and not written else ""


def _is_count(text: str) -> bool:
    """Whether a line may be a number of votes or reactions; people write "+1"."""
    return text.isdecimal()


def _masked(text: str, words: set[str]) -> str:
    """Return a text with each word of a name, if it has a capital, replaced by a placeholder."""
    return _WORD.sub(
        lambda found: NAME if found[0] != found[0].lower() and found[0].casefold() in words else found[0], text
    )
