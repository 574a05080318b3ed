"""Find hidden words that are repeated by anyone: runs of consecutive words, in any text.

A run counts if it is distinctive: six words or more that are not the commonest, or eight of any kind.
In a quotation, or within quotation marks, it is enough that half of the words are repeated, in runs
of three; then all of it is hidden.
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
"""How many consecutive words are looked up to find a run."""
RUN, WEIGHT = 6, 45.0
"""How many consecutive words, with how many bits of information together, identify a text anywhere."""
OPENING = 20
"""How many words of a text a title may consist of."""
LONG = 8
"""How many consecutive words identify a text, whatever they are."""
QUOTED = late(r"[“„«\"]([^“”„«»\"]{4,2000})[”“»\"]")
CUT = ("…", "...")
"""The end of a title that is the beginning of a text."""
EXCERPT = late(r"\s?[:|>\u2013\u2014-]\s?[“„«\"]?([^\n]{1,400}?(?:…|\.\.\.))")
"""After a person's name, the beginning of what the person said, in a line that was cut."""

Span = tuple[int, int]


class RepeatedRun(NamedTuple):
    """Words ``low`` to ``high`` of a text that are also in hidden texts, beginning at each of ``places`` there."""

    low: int
    high: int
    places: tuple[int, ...]


class Echoes:
    """The hidden texts; ``learn`` all of them before searching."""

    def __init__(self) -> None:
        self._at: dict[str, set[int]] = {}
        self._sorted: list[str] | None = None
        """The texts, once all are known."""
        self._firsts: set[str] = set()
        """The first words of runs; most words do not begin a run."""
        self._is_short = False
        """Whether a hidden text is shorter than a run."""
        self._texts: dict[str, int] = {}
        self._titles: dict[str, int] = {}
        self._labels: list[tuple[int, Hashable]] = []
        self.end = 0
        """The position of the next words."""

    def __bool__(self) -> bool:
        return bool(self._at or self._texts)

    @property
    def stamp(self) -> str:
        """A fingerprint of the texts."""
        told = repr((sorted(self._texts), sorted(self._titles)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def learn(self, text: str, label: Hashable = None, *, title: bool = False) -> bool:
        """Hide a text; return False if it is already known.  In a title only runs are hidden: few words may be many titles.

        Matches have this ``label``.
        """
        words = folded_words(text)
        whole = " ".join(words)
        known = self._titles if title else self._texts
        if not words or whole in known:
            return False
        known[whole] = self.end
        if not title:
            self._sorted = None
            self._is_short |= len(words) < SEED
        self._labels.append((self.end, label))
        self.place(words)
        return True

    def place(self, words: Sequence[str]) -> None:
        """Append words to those in which runs are searched."""
        for n in range(len(words) - SEED + 1):
            self._at.setdefault(" ".join(words[n : n + SEED]), set()).add(self.end + n)
            self._firsts.add(words[n])
        # A run needs a seed at each of its words, so that no run continues from one text into the next.
        self.end += len(words)

    def runs(self, words: Sequence[str]) -> Iterator[RepeatedRun]:
        """Yield the longest stretches of words that are also in a hidden text, sorted by their ends; they may overlap."""
        # The offset of a hidden text from this one, with the position where they began to agree.
        agreeing: dict[int, int] = {}
        for n in range(len(words) - SEED + 2):
            seed = " ".join(words[n : n + SEED]) if words[n] in self._firsts else ""
            ahead = {place - n for place in self._at.get(seed, ())}
            ended: dict[int, list[int]] = {}
            for by, low in agreeing.items():
                if by not in ahead:
                    ended.setdefault(low, []).append(low + by)
            for low in sorted(ended):
                yield RepeatedRun(low, n - 1 + SEED, tuple(sorted(ended[low])))
            agreeing = {by: agreeing.get(by, n) for by in ahead}

    def within(self, text: str) -> bool:
        """Whether a text, in any of its readings, repeats hidden words more than by chance."""
        if not self:
            return False
        said = (WORD.findall(each.low) for each in readings(text))
        return any(tells(words[run.low : run.high]) for words in said for run in self.runs(words))

    def begins(self, text: str) -> bool:
        """Whether a title is made from a hidden text: the whole of it, or its beginning."""
        words = folded_words(text)
        if len(words) < SEED:
            return False
        cut = text.rstrip().endswith(CUT)
        return " ".join(words) in self._texts or (cut and self._opens(" ".join(words[:OPENING])))

    def _opens(self, said: str) -> bool:
        """Whether a hidden text begins with these words, of which the last may be cut."""
        if self._sorted is None:
            self._sorted = sorted(self._texts)
        at = bisect_left(self._sorted, said)
        return at < len(self._sorted) and self._sorted[at].startswith(said)

    def excerpt(self, text: str, at: int) -> Span | None:
        """Return the beginning of a hidden text after a hidden name that ends at an offset, if the line was cut there."""
        found = EXCERPT.match(text, at)
        return found.span(1) if found and self.begins(found[1]) else None

    def spans(self, body: Body, others: Collection[Span] = ()) -> Iterator[tuple[int, int, Hashable]]:
        """Yield the stretches of a body that repeat hidden words, each with a label.

        Within ``others``, quotations of posts that are not hidden, the lower threshold for quotations does not apply.
        """
        if not self:
            return
        reading = fold_text(body.text)
        words = WORD.findall(reading.low)
        runs = list(self.runs(words))
        if not runs and not self._is_short:
            return
        # The position of each word in the hidden texts, or None.
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
            if any(low <= start and end <= high for low, high in others):
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
    """Whether consecutive words identify a text anywhere."""
    return len(words) >= LONG or (len(words) >= RUN and sum(map(bits, words)) >= WEIGHT)
