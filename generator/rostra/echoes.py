"""Where hidden words stand again, whoever repeats them: runs of words in a row, found in whatever text.

A run counts for what it says: six words and more that are not the commonest, or eight of any kind.
In what is set apart as a quotation, or stands in quotation marks, half of it is enough, in runs of
three; then all of it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from rostra.late import late
from rostra.model import Body
from rostra.quotations.weights import bits

WORD = late(r"[^\W_]+")
SEED = 3
"""Words in a row by which a run is found."""
RUN, WEIGHT = 6, 45.0
"""Words in a row, and bits that they say together, that tell a text wherever it stands."""
OPENING = 20
"""Words of a text that a title may be made of."""
LONG = 8
"""Words in a row that do, whatever they say."""
QUOTED = late(r"[“„«\"]([^“”„«»\"]{4,2000})[”“»\"]")


class Echoes:
    """Hidden texts; ``learn`` them all, then ask."""

    def __init__(self) -> None:
        self._at: dict[str, set[int]] = {}
        self._openings: set[str] = set()
        self._texts: set[str] = set()
        self._end = 0

    @property
    def stamp(self) -> str:
        """What depends on the texts; the same for the same texts."""
        return sha256(repr(sorted(self._texts)).encode("utf-8", "surrogatepass")).hexdigest()

    def learn(self, text: str) -> bool:
        """Hide a text; False where that was known."""
        words = words_of(text)
        whole = " ".join(words)
        if not words or whole in self._texts:
            return False
        self._texts.add(whole)
        self._openings.update(" ".join(words[:n]) for n in range(SEED, min(len(words), OPENING) + 1))
        for n in range(len(words) - SEED + 1):
            self._at.setdefault(" ".join(words[n : n + SEED]), set()).add(self._end + n)
        # No run leads from one text into the next.
        self._end += len(words) + 1
        return True

    def _runs(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """The longest stretches of words that stand so in a hidden text, from left to right."""
        n = 0
        while n + SEED <= len(words):
            places = self._at.get(" ".join(words[n : n + SEED]))
            if not places:
                n += 1
                continue
            end = n + SEED
            while end < len(words):
                further = self._at.get(" ".join(words[end - SEED + 1 : end + 1]), set())
                places = {place + 1 for place in places} & further
                if not places:
                    break
                end += 1
            yield n, end
            # The next stretch may begin within this one.
            n = end - SEED + 1

    def within(self, text: str) -> bool:
        """Whether a text repeats what is hidden, beyond what chance would."""
        words = words_of(text)
        return any(_tells(words, run) for run in self._runs(words))

    def begins(self, text: str) -> bool:
        """Whether a title is made of what is hidden: all of it, or how it begins."""
        words = words_of(text)
        return " ".join(words) in self._texts or " ".join(words[:OPENING]) in self._openings

    def spans(self, body: Body) -> Iterator[tuple[int, int]]:
        """The stretches of a body that repeat what is hidden."""
        if not self._texts:
            return
        found = list(WORD.finditer(body.text))
        words = [each[0].casefold() for each in found]
        runs = list(self._runs(words))
        hidden = bytearray(len(words))
        for run in runs:
            if _tells(words, run):
                hidden[run[0] : run[1]] = b"\1" * (run[1] - run[0])
        said = bytearray(len(words))
        for low, high in runs:
            said[low:high] = b"\1" * (high - low)
        apart = [(block.start, block.end) for block in body.blocks if block.depth]
        apart += [each.span(1) for each in QUOTED.finditer(body.text)]
        for start, end in apart:
            inside = [n for n, each in enumerate(found) if start <= each.start() < end]
            if inside and (
                sum(said[n] for n in inside) * 2 >= len(inside) or " ".join(words[n] for n in inside) in self._texts
            ):
                hidden[inside[0] : inside[-1] + 1] = b"\1" * len(inside)
        first: int | None = None
        for n, each in enumerate((*hidden, 0)):
            if each and first is None:
                first = n
            elif not each and first is not None:
                yield found[first].start(), found[n - 1].end()
                first = None


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [found[0].casefold() for found in WORD.finditer(text)]


def _tells(words: list[str], run: tuple[int, int]) -> bool:
    low, high = run
    return high - low >= LONG or (high - low >= RUN and sum(map(bits, words[low:high])) >= WEIGHT)
