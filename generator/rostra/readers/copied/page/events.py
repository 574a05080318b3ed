"""Find what a page writes about the actions of people among their posts: "Ada Weir added a label 2 months ago".

Such a line begins with the name of somebody who writes in the text, ends in a time and is below the text of a post.
Several such lines, of which none is worded as the heads of posts are, are events: they belong to no post.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.line_keys import shown
from rostra.readers.copied.names import SENTENCE, WORDS, folded_name
from rostra.readers.copied.records import PostRecord
from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

FEWEST = 2
"""The fewest events of a text: one such line may be somebody's words."""
LONGEST = 100
"""The most code points of an event."""
_REFERENCE = late(r"[!#]\d+")
"""The number of an issue or of a request, "!12", which ends no sentence."""
WORDINGS = 12
"""The most wordings of events, the commonest first."""


def events(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> tuple[str, ...]:
    """Return patterns of the events in a text; ``records`` are its posts."""
    people = {folded_name(name) for each in records for slot in ("author", "handle") if (name := each.held.get(slot))}
    numbers = [line.number for line in lines]
    outside = set(numbers)
    found: Counter[str] = Counter()
    for record in records:
        inside = lines[bisect_left(numbers, record.body[0]) : bisect_left(numbers, record.body[1])]
        outside.difference_update(line.number for line in inside)
        for line in reversed(inside[1:]):
            action = _action(line, people)
            if action is None:
                break
            found[action] += 1
    if found.total() < FEWEST:
        return ()
    patterns = (f"{{author}} {shown(action)} {{?{{any}}}} {{time}}" for action, _ in found.most_common(WORDINGS))
    heads = [line for line in lines if line.number in outside and line.times]
    return tuple(each for each in patterns if all(TemplateLine(each).match(line) is None for line in heads))


def _action(line: DumpLine, people: set[str]) -> str | None:
    """Return the word behind the name at the beginning of an event; None if the line is none."""
    said = line.masked.removesuffix(TIME)
    if said == line.masked or TIME in said or len(said) > LONGEST or SENTENCE.search(_REFERENCE.sub("", said).strip()):
        return None
    words = said.split()
    for count in range(min(WORDS, len(words) - 1), 0, -1):
        if folded_name(" ".join(words[:count])) in people and any(map(str.isalpha, words[count])):
            return words[count].casefold()
    return None
