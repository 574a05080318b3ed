"""Recognise lines above the name of an author, or below it, that differ from post to post: answered people, titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rostra.readers.copied.learning.candidates import determines, is_repeated
from rostra.readers.copied.learning.word_tokens import MOST, NEARLY_ALL
from rostra.readers.copied.names import LETTER
from rostra.readers.copied.page_words import any_of
from rostra.system.lazy_regex import late

DIFFERENT = 0.5
"""The least share of the titles that differ from all others: a page shows the rank of many people, and many have one place."""
SPOKEN = 0.75
"""The least share of the gaps with text besides a title."""
WORDINGS = 3
"""The most lines of the page that are directly above titles: a rating of the post may be absent."""
ANSWERED = 3
"""The fewest people who are answered if nearly all posts answer somebody: a rank may be somebody's name by chance."""
LONGEST = 150
"""The most code points of a title."""

ANSWERING = late(lambda: any_of("answering"), re.IGNORECASE)
"""Words beside the name of a person who is answered."""


def answered_gaps(names: Mapping[int, str], above: Mapping[int, str]) -> list[int]:
    """Return the gaps where a name below another is that of the answered person, who also writes.

    ``names`` and ``above`` are the lower and the upper names by the index of the gap; some gaps have no upper one.
    """
    alone = {name for n, name in names.items() if n not in above}
    if len(different := set(above.values())) == 1 and not different & alone and len({names[n] for n in above}) > 1:
        return []  # a rank or a state above several names: "Online"
    speakers = alone | different
    good = [n for n in above if names[n] in speakers]
    few = len(above) <= NEARLY_ALL * len(names) or _answer_earlier(names, above)
    return good if few and len(good) >= MOST * len(above) else []


def _answer_earlier(names: Mapping[int, str], above: Mapping[int, str]) -> bool:
    """Whether nearly all lower names are upper ones further up, and most upper names are no lower ones further up."""
    upper: set[str] = set()
    lower: set[str] = set()
    answering = reverse = 0
    for n, name in above.items():
        answering += names[n] in upper
        reverse += name in lower
        upper.add(name)
        lower.add(names[n])
    if len(lower) < ANSWERED:
        return False
    # The first post is above all gaps, so its author is not among the upper names.
    return answering + 1 >= NEARLY_ALL * len(above) and reverse < MOST * len(above)


def are_titles(keys: Mapping[int, str], above: Mapping[int, str], authors: Sequence[str | None] | None) -> bool:
    """Whether lines are titles of posts: nearly all differ, and the lines above them belong to the page.

    ``keys`` and ``above`` are the keys of the lines and of those above them by the index of the gap, ``authors`` the
    names of the authors of the posts, if they are known.
    """
    counts = Counter(keys.values())
    alone = sum(count == 1 for count in counts.values())
    titled = all(len(key) <= LONGEST and LETTER.search(key) for key in keys.values())
    own = [(name, key) for n, key in keys.items() if authors and (name := authors[n])]
    if not titled or alone < DIFFERENT * len(keys) or (is_repeated(own) and determines(own)):
        return False
    page = Counter(above.values())
    said = any(LETTER.search(key) for key in page)
    return said and len(page) <= WORDINGS and min(page.values()) > 1


def text_besides(sorts: Iterable[frozenset[str]]) -> bool:
    """Whether gaps have text besides a title, by the sorts of their other lines: the text may be one line in all posts."""
    spoken = ["words" in each for each in sorts]
    return sum(spoken) >= SPOKEN * len(spoken)
