"""Decide from a text alone whether it may be a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rostra.readers.copied.page_words import UNSPACED, any_of, words_for
from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

WORDS = 5
"""The most words of a name."""
SENTENCE = late(r"[.!?…;,。！？]\s|[.!?…;:,。！？]$|[,;!?]")
LETTER = late(r"[^\W_]")
_INITIALS = late(r"\b\w{1,2}\.(?=\s+\S)|\b(?:Prof|Mag|Dipl|Ing|Hon|Rev|Capt|Sra|Mme|Mlle)\.(?=\s+\S)")
"""An abbreviation, which ends in a full stop and ends no sentence: "H.", "Dr.", "Prof."."""
_WORD = r"[^\W\d_][\w'’-]*"
_FORMAL = late(rf"({_WORD}(?:\s{_WORD})?), ({_WORD})(?:\s\([^()]*\))?|({_WORD}(?:\s{_WORD})?) ([^\W\d_])\.")
"""A name as in a list of people, "Weir, Ada (Guest)", or with an initial after it, "Ada W."."""
_COUNTED = late(r"[\d.,]+\s")
"""The number at the beginning of "2 replies", which is no name."""
LABELLED = late(r"([^\W\d_][^:：.!?]{0,23})[:：]\s+\S")
"""A line with a label before its value, "Location: Hull", as pages describe people."""
BADGE = late(lambda: any_of("ranks"), re.IGNORECASE)
"""Ranks that pages show beside names, and that are nobody's names."""
PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "der", "di", "du", "el", "la", "le", "of", "the", "van", "von", "y", "zu"}
)
"""Words within names that begin with a lower-case letter."""
OWNED = late(r"['’]s$")
"""What is behind the name of somebody to whom something belongs."""
_RANKED = late(lambda: rf"(\S.*?),?\s+(?:{any_of('ranks')})|(\S.*?)\s*\[[^\]]{{1,12}}\]", re.IGNORECASE)


def is_sentence(line: str) -> bool:
    """Whether a line is a sentence; a word with a comma behind it, such as "unread,", is none."""
    return SENTENCE.search(line.removesuffix(",") if line.count(" ") == 0 else line) is not None


def is_badge(text: str) -> bool:
    """Whether a line is a rank or a button, as pages have beside a name."""
    return bool(BADGE.fullmatch(text) or FURNITURE.match(text))


def without_rank(name: str) -> str:
    """Return a name without the rank after it: "ada OP", "ada[S]"."""
    found = _RANKED.fullmatch(name)
    return (found[1] or found[2]) if found else name


def length_in_words(text: str) -> int:
    """Return the number of words; in scripts without spaces, three characters count as a word."""
    return len(text.split()) + len(UNSPACED.findall(text)) // 3


def is_name(text: str) -> bool:
    """Whether a text may be somebody's name: a few words and no sentence."""
    return (
        0 < len(text) <= 60
        and length_in_words(text) <= WORDS
        and bool(LETTER.search(text))
        and (not SENTENCE.search(_INITIALS.sub("", without_rank(text))) or _is_formal(text))
        and not _COUNTED.match(text)
        and not LABELLED.match(text)
        and "\ue000" not in text
        and not is_badge(text)
        and text.casefold() not in words_for("dated")
    )


def _is_formal(text: str) -> bool:
    """Whether a text is "Surname, Name" or ends in an initial, and none of its words begins with a small letter."""
    found = _FORMAL.fullmatch(text)
    return found is not None and not any(word[0].islower() for part in found.groups() if part for word in part.split())


def same_person(one: str, other: str) -> bool:
    """Whether two names are equal except for case and ranks."""
    return without_rank(one).casefold() == without_rank(other).casefold()


def folded_name(name: str) -> str:
    """Return a name folded for comparison."""
    return name.lstrip("@").casefold()


def is_divided(text: str, times: Iterable[str]) -> bool:
    """Whether a line has a bar between words, as rows of links have; a bar may be beside one of its ``times``."""
    words = text
    for each in times if "|" in words else ():
        words = words.replace(each, "", 1)
    return sum(map(bool, map(str.strip, words.split("|")))) > 1
