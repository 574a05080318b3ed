"""The next line of each gap between anchors, and what these lines are to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.line_keys import ANY_VALUE, LETTER, MOMENT, gap_key, line_key, may_name, sort
from rostra.readers.copied.learning.profile_lines import lacks_a_line, share_ranks
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.learning.word_tokens import MOST, NEARLY_ALL
from rostra.readers.copied.learning.wording import Wording, worded
from rostra.readers.copied.names import is_sentence
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.text.furniture import FURNITURE

OFTEN = 0.15
"""The least share of the gaps with a line that is directly beside the text of posts and still belongs to the page."""
AHEAD = 6
"""How many lines further inwards are searched for names."""


class GapStep:
    """The lines of one step inwards in all gaps."""

    def __init__(self, side: Side, *, named: bool) -> None:
        self.side = side
        self.named = named
        self.here = side.here()
        self.present = [n for n, line in enumerate(self.here) if line is not None]
        self.keys = {n: self.key(line, n) for n, line in enumerate(self.here) if line is not None}
        self.counts = Counter(self.keys.values())

    def key(self, line: DumpLine, n: int) -> str:
        """Return the key of a line in a gap."""
        return gap_key(line, self.side.authors[n] if self.side.authors else None)

    def sort(self, line: DumpLine | None, n: int) -> str:
        """Return the kind of line that a line of a gap is of; empty if there is none."""
        return sort(self.key(line, n), self.side.usual) if line else ""

    def says_something(self, which: Iterable[int]) -> int:
        """Return in how many of these gaps lines remain after this one, or text is on the line of the anchor."""
        following = self.side.here(1)
        return sum(self.side.spoken or following[n] is not None for n in which)

    def is_text(self, item: TemplateLine) -> bool:
        """Whether lines with words beside a name are texts that begin alike, "look at the dam": only names remain besides them."""
        beyond, last = self.side.here(1), self.side.here(2)
        alone = (line for n in self.present if last[n] is None and (line := beyond[n]) and may_name(self.key(line, n)))
        return not (item.is_open or self.side.spoken) and len(list(alone)) >= NEARLY_ALL * len(self.present)

    @cached_property
    def worded(self) -> Wording | None:
        """The wording of the lines."""
        return worded([line for line in self.here if line is not None])

    @cached_property
    def is_poorer(self) -> bool:
        """Whether a line further inwards has many more different values: people share ranks and places, not names."""
        further = (self.side.here(ahead) for ahead in range(1, AHEAD))
        # What is behind a label counts: "Message 2: by Ada" has a name.
        own = {n: line_key(line, None) for n, line in enumerate(self.here) if line is not None}
        return any(
            share_ranks({n: self.key(line, n) for n, line in enumerate(lines) if line is not None}, own)
            for lines in further
        )

    @cached_property
    def is_lacked(self) -> bool:
        """Whether a line of most gaps is absent in the others, which have names in its place."""
        beyond = self.side.here(1)
        return lacks_a_line(self.keys, {n: self.key(line, n) for n in self.present if (line := beyond[n])})

    def is_somebody(
        self, each: str, which: Sequence[int], others: Sequence[int], following: Sequence[DumpLine | None]
    ) -> bool:
        """Whether a line of some gaps is a name, not a mark beside one: lines after it repeat it or belong to the page."""
        behind = [self.key(line, n) for n in which if (line := following[n])]
        if behind and all(each in key for key in behind):
            return True
        here = {self.keys[n] for n in others}
        # In reading order, a name is above its rank.
        if self.side.step > 0 and len(behind) > 1 and len(set(behind) - here) == 1:
            return True
        elsewhere = {self.key(line, n) for n in others if (line := following[n])}
        return set(behind) <= elsewhere - here

    def is_rare(self, each: str, expected: str, count: int, same: int, total: int) -> bool:
        """Whether an optional line belongs to the page: in ``same`` of ``count`` gaps with it, the next line is as ``expected``."""
        if each.startswith("{") and each not in (MOMENT, LETTER):
            return True
        if is_sentence(each):
            return False
        if expected != "words":
            return same == count if may_name(each) else same >= NEARLY_ALL * count
        # A recurring line directly beside the text of posts may be what several people said: "Edit: the dam".
        if each.endswith(ANY_VALUE) or any(name and name.casefold() in each for name in self.side.authors or ()):
            return False
        least = 2 if FURNITURE.match(each) or EDITED.search(each) else max(4, OFTEN * total)
        return same >= MOST * count and count >= least
