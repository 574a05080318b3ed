"""Words with which pages say that a post was changed."""

from __future__ import annotations

import re

from rostra.readers.copied.page_words import any_of
from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

EDITED = late(lambda: any_of("edited"), re.IGNORECASE)
"""One of these words."""
_BEHIND = late(
    lambda: rf"(?<={TIME})(?:\W{{0,3}}(?:{any_of('edited')})[)\]]?|\s?\((?:[^()]*\W)?(?:{any_of('edited')})[^()]*\))$",
    re.IGNORECASE,
)
"""Such a word at the end of a line, directly behind a time or in brackets: "(last edited 5 March by Ada)"."""


def matched_unedited(expression: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Match a whole line, or what it is without such a word behind its time: a learned layout lacks the word, since few posts are edited."""
    found = expression.fullmatch(line)
    behind = _BEHIND.search(line) if found is None and TIME in line else None
    return expression.fullmatch(line, 0, behind.start()) if behind else found
