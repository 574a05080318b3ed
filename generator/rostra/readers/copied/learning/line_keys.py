"""Keys of lines for comparison, without what differs from post to post."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.word_tokens import MOST
from rostra.readers.copied.learning.wording import NUMERIC
from rostra.readers.copied.names import LABELLED, SENTENCE, is_badge, is_name
from rostra.readers.copied.slots import TIME, slot_expression
from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

_ROWS = tuple((f"{{{slot}}}", late(partial(slot_expression, slot), re.IGNORECASE)) for slot in ("more", "buttons"))
_FIGURES = late(r"\d[\d.,'’]*(?:[km](?!\w))?")
_REFERENCE = late(r"(#|>>|↑ ?#)0")
"""The number of a post, or a reference to the number of another."""
_NUMBERED = late(r"(?<!\w)\d+(?!\w)")
_WORDED = late(r"[^\d\s.,]")
"""What a value has that is not only a number: letters, or marks such as stars."""
LABELLED_LINE = 60
"""The most code points of a line with a label."""
_ACCOUNT = late(r"@[\w.-]+")
ANY_VALUE = ": {any}"
"""The end of the key of a line with a label."""
MOMENT, LETTER, HANDLE = "{moment}", "{letter}", "{handle}"
NUMBER_KEY = "#"
OWN = "\x01"
"""What replaces the name of the post's own author in a key."""


class Gap(NamedTuple):
    """The lines between two anchors, a half-open range of indices of lines."""

    first: int
    last: int


def usual_lines(lines: Sequence[DumpLine], gaps: Sequence[Gap]) -> frozenset[str]:
    """Return the keys of lines that most gaps have."""
    held: Counter[str] = Counter()
    for first, last in gaps:
        held.update({line_key(line, None) for line in lines[first:last]})
    return frozenset(each for each, count in held.items() if count >= MOST * len(gaps))


def line_key(line: DumpLine, author: str | None) -> str:
    """Return the key of a line: numbers and the author's name are replaced by placeholders."""
    text = line.masked
    if author:
        text = _without(text, author)
    if NUMERIC.fullmatch(text):
        return NUMBER_KEY
    if text == TIME:
        return MOMENT
    if is_letter(text, author):
        return LETTER
    for slot, row in _ROWS:
        if row.fullmatch(text):
            return slot
    return _FIGURES.sub("0", text.casefold())


def is_letter(text: str, author: str | None) -> bool:
    """Whether a text is what a page shows in place of a picture: a capital letter, or the author's initials."""
    if not text.isalpha() or len(text) > 2:
        return False
    words = (author or "").split()
    initials = {words[0][0], words[0][0] + words[-1][0]} if words else set()
    return (text.isupper() and not is_badge(text)) or text.casefold() in {each.casefold() for each in initials}


def _without(text: str, author: str) -> str:
    """Return a text with a placeholder wherever the author is named."""
    folded, name = text.casefold(), author.casefold()
    if name not in folded or len(folded) != len(text):
        return text
    out, at = "", 0
    while (found := folded.find(name, at)) >= 0:
        end = found + len(name)
        free = not (text[found - 1 : found].isalnum() or text[end : end + 1].isalnum())
        out += text[at:found] + (OWN if free else text[found:end])
        at = end
    return out + text[at:]


def sort(each: str, common: frozenset[str]) -> str:
    """Return the kind of line that a key is of, for lines whose words differ."""
    if each == NUMBER_KEY:
        return "number"
    if OWN in each or each in (LETTER, HANDLE) or each in common or FURNITURE.match(each):
        return each
    return "name" if may_name(each) else "words"


def may_name(each: str) -> bool:
    """Whether a key may be somebody's name: no word of it is a number."""
    # Some names are identified by their capital letters, which keys do not have.
    return is_name(each.title()) and not _NUMBERED.search(each) and not each.startswith("{")


def shown(each: str) -> str:
    """Return a key as a pattern."""
    if each == NUMBER_KEY:
        return "{number}"
    if each.startswith("{"):
        return each
    if each.endswith(ANY_VALUE):
        return f"{shown(each.removesuffix(' {any}'))} {{any}}"
    bare = re.sub(r"[{}]", "", each)
    if found := _REFERENCE.fullmatch(bare):
        return f"{found[1]}{{{'id' if found[1] == '#' else 'answered'}}}"
    return bare.replace("0", "{number}").replace(OWN, "{author}").replace(TIME, "{moment}")


def with_answered(items: Sequence[TemplateLine]) -> list[TemplateLine]:
    """Return the items; of several numbers of posts, the first is the post's own, and others are those of answered posts."""
    own = next((item for item in items if "id" in item.slots and not item.optional), None)
    found = []
    for item in items:
        other = own is not None and item is not own and item.pattern == "#{id}"
        found.append(replace(item, pattern="#{answered}", optional=True) if other else item)
    return found


def gap_key(line: DumpLine, author: str | None) -> str:
    """Return the key of a line between anchors, also without its value behind a label and without the author's account."""
    return HANDLE if author and _ACCOUNT.fullmatch(line.masked) else labelled(line_key(line, author))


def labelled(each: str) -> str:
    """Return the key of a line without what is after its label: "location: {any}"."""
    found = _label(each)
    said = each[found.end(1) + 1 :] if found else ""
    return f"{found[1]}{ANY_VALUE}" if found and _WORDED.search(said) and not SENTENCE.search(said) else each


def _label(text: str) -> re.Match[str] | None:
    return LABELLED.match(text) if len(text) <= LABELLED_LINE else None


def label_and_value(line: DumpLine) -> tuple[str, str] | None:
    """Return the label of a line and what is behind it ("Location: Hull"), in lower case; None if it has none."""
    found = _label(line.masked)
    return (found[1].casefold(), line.masked[found.end(1) + 1 :].strip().casefold()) if found else None


def is_reference(each: str) -> bool:
    """Whether a key is the number of a post, with which another post shows what it answers."""
    return _REFERENCE.fullmatch(each) is not None


def same_kind(one: str, other: str) -> bool:
    """Whether two lines are of one kind; a post's text may be as short as a name."""
    return one == other or {one, other} <= {"name", "words"}
