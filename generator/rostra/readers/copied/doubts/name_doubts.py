"""Decide whether what is taken for the names on a page may be no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rostra.readers.copied.learning.anchors import FEWEST
from rostra.readers.copied.learning.candidates import REPEATED
from rostra.readers.copied.learning.word_tokens import DIFFERENT
from rostra.readers.copied.names import is_name, length_in_words
from rostra.readers.copied.page.page_thread import TWO_NAMES
from rostra.system.lazy_regex import late

NAMED = 0.97
"""The least share of the names that look like names: a sentence among them is text of a post."""
COMMON = 0.6
"""The share of different names with the same first or last word above which that word belongs to the page."""
UNSPACED = 2
"""How many characters are compared as a word in scripts without spaces."""
INITIALS = 2
"""The most letters in place of somebody's picture."""
PLACED = 0.5
"""The least share of different names with words behind a comma that may be places."""
PLACES = 0.5
"""The most different such words, as a share of these names: surnames before first names differ more."""
_FIGURES = late(r"\d+")
HONORIFIC = late(r"(?<=.)(?:さん|さま|ちゃん|くん|様)$")
"""What Japanese pages write behind every name."""


EXCHANGEABLE = "the texts of posts may be names, too"


def are_exchangeable(names: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each text may be a name, and names do not recur more than texts: either may be the other."""
    different = len(set(names))
    if len(names) < FEWEST or len(names) - different >= REPEATED or different < len(set(texts)):
        return False
    return all("\n" not in each and is_name(each) for each in texts)


def doubts_of(names: Sequence[str]) -> Iterator[str]:
    """Yield the reasons why what is taken for names may not be names."""
    if sum(is_name(each) or bool(TWO_NAMES.search(each)) for each in names) < NAMED * len(names):
        yield "some names read like sentences"
    if names and all(len(each) <= INITIALS and each.isupper() for each in names):
        yield "the names are letters, as pages have in place of pictures"
    if have_places(names):
        yield "several names have the same words behind a comma, as places are"
    if word := _common(names):
        yield f"the names have the word {word!r} in common"


def have_places(names: Sequence[str]) -> bool:
    """Whether names have places behind them, "Ada Weir, Hull": these are far fewer than the names."""
    divided = {tuple(each.casefold().rsplit(", ", 1)) for each in names if ", " in each}
    places = {each[1] for each in divided}
    return len(divided) >= max(DIFFERENT, PLACED * len(set(names))) and len(places) <= PLACES * len(divided)


def _common(names: Sequence[str]) -> str | None:
    """Return the word with which most different names begin or end, if there is one."""
    different = {HONORIFIC.sub("", each.casefold()) for each in names}
    for end in (0, -1):
        words = Counter(_word(each, end) for each in different) - Counter({"": len(different)})
        for word, count in words.most_common(1):
            if count >= max(DIFFERENT, COMMON * len(different)):
                return word
    return None


def _word(name: str, end: int) -> str:
    """Return the first or last word of a name, two characters in scripts without spaces; empty if it is the whole name."""
    words = name.split()
    if len(words) > 1:
        # "comment:2 by Ada" and "comment:3 by Bede" begin with the same word.
        return _FIGURES.sub("0", words[end])
    short = length_in_words(name) > 1 and len(name) > UNSPACED
    return (name[-UNSPACED:] if end else name[:UNSPACED]) if short else ""
