"""Where hidden words stand again, whoever repeats them: runs of words in a row, found in whatever text.

A run counts for what it says: six words and more that are not the commonest, or eight of any kind.
In what is set apart as a quotation, or stands in quotation marks, half of it is enough, in runs of
three; then all of it goes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Iterator, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import NamedTuple

from rostra.i18n.text_folding import WORD, fold_text, folded_words, readings
from rostra.model import Body
from rostra.quotations.weights import bits
from rostra.system.lazy_regex import late

SEED = 3
"""Words in a row by which a run is found."""
RUN, WEIGHT = 6, 45.0
"""Words in a row, and bits that they say together, that tell a text wherever it stands."""
OPENING = 20
"""Words of a text that a title may be made of."""
LONG = 8
"""Words in a row that do, whatever they say."""
QUOTED = late(r"[“„«\"]([^“”„«»\"]{4,2000})[”“»\"]")
CUT = ("…", "...")
"""What a title ends with that is how a text begins."""

Span = tuple[int, int]


class RepeatedRun(NamedTuple):
    """Words ``low`` to ``high`` of a text that stand so in hidden texts, there from each of ``places`` on."""

    low: int
    high: int
    places: tuple[int, ...]


class Echoes:
    """Hidden texts; ``learn`` them all, then ask."""

    def __init__(self) -> None:
        self._at: dict[str, set[int]] = {}
        self._openings: set[str] = set()
        self._firsts: set[str] = set()
        """Words with which runs begin: most words begin none."""
        self._is_short = False
        """Whether a text is shorter than a run that is looked for."""
        self._texts: dict[str, int] = {}
        self._titles: dict[str, int] = {}
        self._labels: list[tuple[int, Hashable]] = []
        self.end = 0
        """Where the next words are put."""

    def __bool__(self) -> bool:
        return bool(self._at or self._texts)

    @property
    def stamp(self) -> str:
        """What depends on the texts; the same for the same texts."""
        told = repr((sorted(self._texts), sorted(self._titles)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def learn(self, text: str, label: Hashable = None, *, title: bool = False) -> bool:
        """Hide a text; False where that was known.  Of a title only runs are hidden: few words are many titles.

        ``label`` is what findings carry.
        """
        words = folded_words(text)
        whole = " ".join(words)
        known = self._titles if title else self._texts
        if not words or whole in known:
            return False
        known[whole] = self.end
        if not title:
            self._is_short |= len(words) < SEED
            self._openings.update(" ".join(words[:n]) for n in range(SEED, min(len(words), OPENING) + 1))
        self._labels.append((self.end, label))
        self.place(words)
        return True

    def place(self, words: Sequence[str]) -> None:
        """Put words where runs are looked for, behind all others."""
        for n in range(len(words) - SEED + 1):
            self._at.setdefault(" ".join(words[n : n + SEED]), set()).add(self.end + n)
            self._firsts.add(words[n])
        # A run needs a seed at each of its words, so that none leads from one text into the next.
        self.end += len(words)

    def runs(self, words: Sequence[str]) -> Iterator[RepeatedRun]:
        """The longest stretches of words that stand so in a hidden text, by where they end; they may overlap."""
        # How far a hidden text is ahead of this one, with where they began to agree.
        agreeing: dict[int, int] = {}
        for n in range(len(words) - SEED + 2):
            seed = " ".join(words[n : n + SEED]) if n + SEED <= len(words) and words[n] in self._firsts else ""
            ahead = {place - n for place in self._at.get(seed, ())}
            ended: dict[int, list[int]] = {}
            for by, low in agreeing.items():
                if by not in ahead:
                    ended.setdefault(low, []).append(low + by)
            for low in sorted(ended):
                yield RepeatedRun(low, n - 1 + SEED, tuple(sorted(ended[low])))
            agreeing = {by: agreeing.get(by, n) for by in ahead}

    def within(self, text: str) -> bool:
        """Whether a text repeats what is hidden, beyond what chance would; in whichever way it is read."""
        if not self:
            return False
        said = (WORD.findall(each.low) for each in readings(text))
        return any(tells(words[run.low : run.high]) for words in said for run in self.runs(words))

    def begins(self, text: str) -> bool:
        """Whether a title is made of what is hidden: all of it, or how it begins."""
        words = folded_words(text)
        if len(words) < SEED:
            return False
        cut = text.rstrip().endswith(CUT)
        return " ".join(words) in self._texts or (cut and " ".join(words[:OPENING]) in self._openings)

    def spans(self, body: Body, others: Collection[Span] = ()) -> Iterator[tuple[int, int, Hashable]]:
        """The stretches of a body that repeat what is hidden, each with a label.

        Within ``others``, quotations of what is known not to be hidden, only what would be found in any text is.
        """
        if not self:
            return
        reading = fold_text(body.text)
        words = WORD.findall(reading.low)
        runs = list(self.runs(words))
        if not runs and not self._is_short:
            return
        # Where hidden texts say each word, where they do.
        said: list[int | None] = [None] * len(words)
        hidden = said.copy()
        for run in runs:
            said[run.low : run.high] = [run.places[0]] * (run.high - run.low)
            if tells(words[run.low : run.high]):
                hidden[run.low : run.high] = said[run.low : run.high]
        apart = [(block.start, block.end) for block in body.blocks if block.depth]
        apart += [each.span(1) for each in QUOTED.finditer(body.text)]
        found = [reading.span(*each.span()) for each in WORD.finditer(reading.low)]
        for start, end in apart:
            inside = range(bisect_left(found, (start, start)), bisect_left(found, (end, end)))
            if not inside or any(low <= start and end <= high for low, high in others):
                continue
            places = [place for n in inside if (place := said[n]) is not None]
            whole = self._texts.get(" ".join(words[inside.start : inside.stop]))
            if len(places) * 2 >= len(inside) or whole is not None:
                hidden[inside.start : inside.stop] = [places[0] if places else whole] * len(inside)
        first: int | None = None
        for n, place in enumerate((*hidden, None)):
            if place is not None and first is None:
                first = n
            elif place is None and first is not None:
                yield found[first][0], found[n - 1][1], self._label(hidden[first])
                first = None

    def _label(self, place: int | None) -> Hashable:
        n = bisect_right(self._labels, place or 0, key=itemgetter(0)) - 1
        return self._labels[n][1]


def tells(words: Sequence[str]) -> bool:
    """Whether words in a row tell a text wherever they stand."""
    return len(words) >= LONG or (len(words) >= RUN and sum(map(bits, words)) >= WEIGHT)
