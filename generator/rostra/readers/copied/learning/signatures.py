"""Find names at the end of a line of text, with no mark between the text and the name.

"Who owns the race? Ada Weir (talk) 10:15" shows where the name begins, since a sentence ends before it; "Nobody does Ada
Weir (talk) 10:16" does not.  The certain names decide the others: a name that is known from another post is that name,
and if nearly all names are one word, the last word is the name.  Otherwise nobody is named, and the words stay text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from rostra.readers.copied.names import PARTICLES, WORDS, folded_name, is_name
from rostra.readers.copied.records import PostRecord
from rostra.system.lazy_regex import late

CERTAIN = 5
"""The fewest certain names at which the last word of a line may be a name, if nearly all of them are one word."""
ONE_WORD = 0.9
"""The least share of these that are one word."""
_END = late(r"(?:[.!?…:;)\]\"'”’»*—–]|--)\s+")
"""The end of a sentence or mark before a name."""


def signed(records: Sequence[PostRecord]) -> list[PostRecord]:
    """Return the records; where a signature is certain, its name is cut from the text."""
    said = {
        n: _said(record) for n, record in enumerate(records) if record.template.is_signed and "author" in record.held
    }
    certain = {n: name for n, words in said.items() if (name := _certain(words))}
    alone = {n: words for n, words in said.items() if records[n].body[0] < records[n].body[1] and _is_alone(words)}
    if len(alone) > len(said) / 2:
        certain |= alone
    known = {folded_name(name) for name in certain.values()}
    singles = sum(" " not in name for name in certain.values())
    one_word = len(certain) >= CERTAIN and singles >= ONE_WORD * len(certain)
    out = list(records)
    for n, words in said.items():
        name = _name(words, certain.get(n), known, one_word=one_word)
        rest = words[: len(words) - len(name or "")].rstrip()
        held = {slot: value for slot, value in records[n].held.items() if slot != "author"}
        out[n] = replace(records[n], held=held | ({"author": name} if name else {}), tail=rest or None)
    return out


def _said(record: PostRecord) -> str:
    """Return the line up to the end of the name."""
    return " ".join(filter(None, (record.tail, record.held["author"])))


def _certain(words: str) -> str | None:
    """Return the name if the end of a sentence is before it."""
    ends = [found.end() for found in _END.finditer(words)]
    name = words[ends[-1] :] if ends else ""
    return name if is_name(name) and _is_proper(name) else None


def _is_alone(words: str) -> bool:
    """Whether a line below the text may consist of a name."""
    return is_name(words) and _is_proper(words) and _END.search(words) is None


def _is_proper(name: str) -> bool:
    """Whether it is one word, or several that begin as the words of names do."""
    first, *others = name.split()
    return not others or (
        first[0].isalnum() and not any(word[0].islower() and word not in PARTICLES for word in (first, *others))
    )


def _name(words: str, certain: str | None, known: set[str], *, one_word: bool) -> str | None:
    """Return the name at the end of a line; None if it is not clear where it begins."""
    if certain and not (one_word and " " in certain):
        return certain
    parts = re.split(r"\s+", words)
    for count in range(min(WORDS, len(parts)), 0, -1):
        name = " ".join(parts[-count:])
        if folded_name(name) in known and words.endswith(name) and name != certain:
            return name
    return parts[-1] if one_word and is_name(parts[-1]) else certain
