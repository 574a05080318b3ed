"""The layout of a copied page, learned from the text itself.

A page writes each post alike: around every time the same kinds of lines come in the same order.  Between two such
*anchors* lies the rest of one post's head, its words, its foot, and the beginning of the next head.  Read from both ends,
lines that recur are the page's; what is left in the middle is the post's.  This is wrapper induction over one list of
records (RoadRunner, Crescenzi et al. 2001; MDR, Liu et al. 2003); of several layouts that one is chosen which explains
most lines with the fewest of its own (minimum description length).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import total_ordering
from itertools import pairwise
from typing import NamedTuple

from rostra.late import late
from rostra.readers.text_furniture import FURNITURE
from rostra.readers.copied.layout import NUMBER, TIME, Item, Layout, Line

FEWEST = 3
"""Posts from which a layout is learned: two may be alike by chance."""
TRIED = 12
"""Ways to write a time that are tried, the commonest first."""
NEARLY_ALL = 0.9
MOST = 0.6
RARE = 0.03
"""Shares of the posts in which a line stands that must be there, that is the page's, and that may be absent."""
LONGEST = 100
"""Code points of a line that says who and when, at most."""
OFTEN = 0.15
"""Share of the posts in which a line stands beside the words of a post that is the page's nevertheless."""
WORDS = 5
"""Words of a name at most."""

_NUMERIC = late(rf"\W{{0,2}}{NUMBER}\W{{0,2}}")
_TOKEN = late(rf"{TIME}|\d[\d.,]*(?!\w)|[^\s\[\](){{}}<>»›:,–—{TIME}]+|\S")
_SENTENCE = late(r"[.!?…;,。！？]\s|[.!?…;:,。！？]$|[,;!?]")
_LETTER = late(r"[^\W_]")
_FIGURE = late(r"\d[\d.,]*")
_COUNTED = late(r"[\d.,]+\s")
"""How "2 replies" begins, which is no name."""
_OTHER_TIME = late(r"\b(?:joined|member since|registered|edited|last|updated|modified|since|until|dabei|registriert)\b", re.IGNORECASE)
_SCORE = late(r"(?:points?|votes?|upvotes?|likes?|score|karma|reactions?)\b|^(?:upvote|arrow-up|▲|↑|👍)", re.IGNORECASE)
_FURNITURE = FURNITURE
_EDITED = late(r"\b(?:edited|updated|modified|bearbeitet|modifié|editado|modificato)\b", re.IGNORECASE)


EMPTY = Line(0, "", "", (), 0)


class Gap(NamedTuple):
    """The lines between two anchors: ``first`` to before ``last`` in the list of lines."""

    first: int
    last: int


class Side:
    """Lines of the page at one end of all gaps, found from the anchor inwards."""

    def __init__(self, at: list[int], ends: list[int], step: int, usual: frozenset[str]) -> None:
        self.usual = usual
        """Lines that stand below most anchors: no names, however short."""
        self.at = at
        """In each gap, the line that is looked at next."""
        self.ends = ends
        self.step = step
        self.items: list[Item] = []
        """From the anchor inwards."""
        self.explained = 0
        self.authors: list[str | None] | None = None

    def here(self, lines: Sequence[Line], ahead: int = 0) -> list[Line | None]:
        """The line of each gap, ``ahead`` further inwards; None where the gap is used up."""
        found: list[Line | None] = []
        for at, end in zip(self.at, self.ends, strict=True):
            there = at + ahead * self.step
            found.append(lines[there] if (there < end if self.step > 0 else there > end) else None)
        return found

    def take(self, which: Iterable[int], item: Item) -> None:
        """Count a line of these gaps as the item's."""
        for n in which:
            self.at[n] += self.step
            self.explained += 1
        self.items.append(item)


class Learned(NamedTuple):
    """A layout with how well it explains the text."""

    layout: Layout
    score: float
    anchors: list[int]


def learn(lines: Sequence[Line]) -> Learned | None:
    """The layout that explains most of the lines with the fewest of its own; None where there is none."""
    best: Learned | None = None
    for anchors in _anchors(lines):
        found = _learned(lines, anchors)
        if found and (best is None or found.score > best.score):
            best = found
    return best


def _anchors(lines: Sequence[Line]) -> list[list[int]]:
    """Groups of lines that say when, each written in one way."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for n, line in enumerate(lines):
        if not line.times:
            continue
        left, _, right = line.masked.partition(TIME)
        if len(line.masked) > LONGEST or _SENTENCE.search(left):
            continue
        lefts, rights = _tokens(left), _tokens(right)
        before = "+" if _LETTER.search(left) else "-"
        last, first = lefts[-1].text if lefts else "", rights[0].text if rights else ""
        for sort in (("all",), ("side", before), ("last", before, last), ("first", before, first), ("both", before, last, first)):
            groups.setdefault(sort, []).append(n)
    unique = {tuple(group): group for group in groups.values() if len(group) >= FEWEST}
    return sorted(unique.values(), key=len, reverse=True)[:TRIED]


def _learned(lines: Sequence[Line], anchors: list[int]) -> Learned | None:
    anchor, names = induced([lines[n] for n in anchors])
    if anchor is not None:
        # A line of somebody's words that holds a time is no anchor.
        good = [n for n, at in enumerate(anchors) if anchor.match(lines[at]) is not None]
        anchors, names = [anchors[n] for n in good], [names[n] for n in good]
    if anchor is None or len(anchors) < FEWEST or _OTHER_TIME.search(re.sub(r"\{\?[^}]*\}+", "", anchor.pattern)):
        return None
    gaps = [Gap(a + 1, b) for a, b in zip(anchors, anchors[1:], strict=False)]
    # Of each gap, the post that ends in it and the one that begins in it.
    usual = _usual(lines, gaps)
    below = Side([gap.first for gap in gaps], [gap.last for gap in gaps], 1, usual)
    above = Side([gap.last - 1 for gap in gaps], [gap.first - 1 for gap in gaps], -1, usual)
    named = "author" in anchor.slots
    if named:
        above.authors, below.authors = names[1:], names[:-1]
    _extend(lines, above, below, named=named)
    below.ends = [at + 1 for at in above.at]
    _extend(lines, below, above, named=named or above.authors is not None)
    above.ends = [at - 1 for at in below.at]
    if not named and above.authors is None and below.authors is not None:
        # The name stands below the time of the post before: the time is at the foot.
        _extend(lines, above, below, named=True)
    elif named or above.authors is not None:
        _extend(lines, above, below, named=True)
    empty = sum(1 for a, b in zip(above.at, below.at, strict=True) if a < b)
    items = (*reversed(above.items), anchor, *below.items)
    explained = len(anchors) + above.explained + below.explained
    score = explained - 1.5 * len(items) - 2.0 * empty
    foot, head = _divided(lines, anchors, above, below, anchor)
    layout = Layout(items=(*head, Item("{body}"), *foot))
    return Learned(layout, score, anchors)


def _usual(lines: Sequence[Line], gaps: Sequence[Gap]) -> frozenset[str]:
    held: Counter[str] = Counter()
    for first, last in gaps:
        held.update({_key(line, None) for line in lines[first:last]})
    return frozenset(key for key, count in held.items() if count >= MOST * len(gaps))


def _divided(
    lines: Sequence[Line], anchors: list[int], above: Side, below: Side, anchor: Item
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What of the lines between two bodies is the foot of the one post, and what the head of the next."""
    over = list(reversed(above.items))
    if above.authors is None and below.authors is not None and "author" not in anchor.slots:
        at = next(n for n, item in enumerate(below.items) if "author" in item.slots)
        return (*over, anchor, *below.items[:at]), tuple(below.items[at:])
    # What stands below the last post is its foot, and only that.
    rest = lines[anchors[-1] + 1 :]
    foot = 0
    author = next((n for n, item in enumerate(over) if "author" in item.slots), len(over))
    for n, item in enumerate(over[:author]):
        if item.is_open and not item.slots == ("number",):
            break
        if any(item.match(line) is not None for line in rest):
            foot = n + 1
    # What nothing above the first post shows is no head.
    first = lines[: anchors[0]]
    while foot < author and not any(over[foot].match(line) is not None for line in first):
        foot += 1
    return tuple(over[:foot]), (*over[foot:], anchor, *below.items)


def _extend(lines: Sequence[Line], side: Side, other: Side, *, named: bool) -> None:
    """Take lines of the page from one end of the gaps, as long as there are such."""
    while len(side.items) < 40:
        here = side.here(lines)
        present = [n for n, line in enumerate(here) if line is not None]
        if len(present) < FEWEST - 1 or len(present) < MOST * len(here):
            return
        if not _step(lines, side, here, present, named=named or side.authors is not None):
            return


def _step(lines: Sequence[Line], side: Side, here: list[Line | None], present: list[int], *, named: bool) -> bool:
    total = len(present)
    keys = {n: _key(here[n], side.authors[n] if side.authors else None) for n in present}  # type: ignore[arg-type]
    counts = Counter(keys.values())
    common, most = counts.most_common(1)[0]
    if most >= MOST * total and _is_page(common) and not _is_frequent_author(side, lines, here, present, keys, common):
        which = [n for n in present if keys[n] == common]
        if most < NEARLY_ALL * total and (rare := _absent(lines, side, here, present, keys, common)) is not None:
            side.take(*rare)
            return True
        side.take(which, Item(_shown(common), optional=most < NEARLY_ALL * total))
        return True
    if (rare := _absent(lines, side, here, present, keys, None)) is not None:
        side.take(*rare)
        return True
    if not named:
        item, names = induced([here[n] for n in present])  # type: ignore[misc]
        if item is not None and "author" in item.slots and _leaves_words(side, lines, present):
            if side.step < 0 and item.pattern == "{author}" and (answering := _answering(lines, side, here, present)):
                side.take(answering, Item("{answers}", optional=True))
                here = side.here(lines)
                item, names = induced([here[n] or EMPTY for n in present])
                if item is None:
                    return False
            side.authors = [None] * len(here)
            for n, name in zip(present, names, strict=True):
                side.authors[n] = name
            side.take(present, item)
            return True
    return False


def _is_frequent_author(
    side: Side, lines: Sequence[Line], here: list[Line | None], present: list[int], keys: dict[int, str], common: str
) -> bool:
    """Whether a line that most posts have is the name of somebody who wrote most of them: others have another name there."""
    others = [n for n in present if keys[n] != common]
    if side.authors or not others or not _is_name(common) or FURNITURE.match(common):
        return False
    following = side.here(lines, 1)

    def behind(which: list[int]) -> str:
        sorts = Counter(_sort(_key(line, None), side.usual) for n in which if (line := following[n]) is not None)
        return sorts.most_common(1)[0][0] if sorts else ""

    named = sum(1 for n in others if _sort(keys[n], side.usual - {common}) == "name")
    return named >= NEARLY_ALL * len(others) and behind(others) == behind([n for n in present if keys[n] == common])


def _answering(lines: Sequence[Line], side: Side, here: list[Line | None], present: list[int]) -> list[int]:
    """Where two names stand over each other: the lower one is of somebody who is answered, if that one speaks too."""
    above = side.here(lines, 1)
    stacked = [n for n in present if (line := above[n]) is not None and _sort(_key(line, None), side.usual) == "name"]
    speakers = {line.text for n in present if n not in set(stacked) and (line := here[n]) is not None}
    speakers |= {line.text for n in stacked if (line := above[n]) is not None}
    good = [n for n in stacked if (line := here[n]) is not None and line.text in speakers]
    return good if len(good) >= MOST * len(stacked) and len(stacked) <= NEARLY_ALL * len(present) else []


def _absent(
    lines: Sequence[Line], side: Side, here: list[Line | None], present: list[int], keys: dict[int, str], usual: str | None
) -> tuple[list[int], Item] | None:
    """A line of the page that stands here in some posts only: behind it, all goes on as it does in the others."""
    total = len(present)
    counts = Counter(keys.values())
    following, beyond = side.here(lines, 1), side.here(lines, 2)

    def sort(line: Line | None, n: int) -> str:
        return _sort(_key(line, side.authors[n] if side.authors else None), side.usual) if line else ""

    # Somebody who is answered stands where a mark like "OP" would, but speaks too.
    speakers = {line.text.casefold() for n in present if (line := following[n]) is not None}
    for key, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        if key == usual or not _is_page(key) or count < max(2, RARE * total) or count > NEARLY_ALL * total:
            continue
        which = [n for n in present if keys[n] == key]
        others = [n for n in present if keys[n] != key]
        if not others:
            return None
        expected = Counter(_sort(keys[n], side.usual) for n in others).most_common(1)[0][0]
        then = Counter(sort(following[n], n) for n in others).most_common(1)[0][0]
        same = sum(1 for n in which if sort(following[n], n) == expected and (not _is_name(key) or _alike(sort(beyond[n], n), then)))
        if expected == "words":
            # Beside words of posts, a line that recurs may be what several said.
            page = _FURNITURE.match(key) or _EDITED.search(key)
            if any(name and name.casefold() in key for name in side.authors or ()):
                continue
            if (same >= 0.6 * count and count >= (2 if page else max(4, OFTEN * total))) and not _SENTENCE.search(key):
                return which, Item(_shown(key), optional=True)
        elif (_is_name(key) and same == count and key not in speakers) or (same >= 0.9 * count and not _is_name(key)):
            return which, Item(_shown(key), optional=True)
    return None


def _alike(one: str, other: str) -> bool:
    """Whether lines are of one kind, where what somebody says may be as short as a name."""
    return one == other or {one, other} <= {"name", "words"}


def _leaves_words(side: Side, lines: Sequence[Line], present: list[int]) -> bool:
    """Whether something is left of nearly all posts once this line is taken: else it is what they say."""
    following = side.here(lines, 1)
    left = sum(1 for n in present if following[n] is not None)
    return left >= 0.95 * len(present)


def _key(line: Line, author: str | None) -> str:
    """A line as it is compared with others: numbers, times and the author's own name are marks."""
    text = line.masked
    if author:
        text = re.sub(rf"(?<!\w){re.escape(author)}(?!\w)", "\x01", text, flags=re.IGNORECASE)
    if _NUMERIC.fullmatch(text):
        return "#"
    return re.sub(r"\d+", "0", text.casefold())


def _is_page(key: str) -> bool:
    """Whether a line can be the page's: a number, marks, or a few words."""
    return len(key) <= 60


def _sort(key: str, usual: frozenset[str]) -> str:
    """What kind of line it is, where the words differ."""
    if key == "#":
        return "number"
    if "\x01" in key or key in usual or FURNITURE.match(key):
        return key
    return "name" if _is_name(key) else "words"


def _shown(key: str) -> str:
    """A key as a pattern."""
    if key == "#":
        return "{number}"
    return re.sub(r"\b0\b|0", "{number}", key).replace("\x01", "{author}").replace(TIME, "{any}")


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 60 and len(text.split()) <= WORDS and bool(_LETTER.search(text)) and not _SENTENCE.search(text) and not _COUNTED.match(text)


def induced(lines: Sequence[Line]) -> tuple[Item | None, list[str | None]]:
    """How lines are written that are alike but for a name: the pattern, and the name in each.

    Words that recur are the page's, as long as each line keeps some that are not; else a name that recurs would be one.
    """
    item, names = _induced(lines)
    good = [n for n, line in enumerate(lines) if item is not None and item.match(line) is not None]
    if item is None or len(good) < NEARLY_ALL * len(lines) or len(good) == len(lines):
        return item, names
    # A few lines that are written otherwise would make all that the others share seem optional.
    item, found = _induced([lines[n] for n in good])
    names = [None] * len(lines)
    for n, name in zip(good, found, strict=True):
        names[n] = name
    return item, names


def _induced(lines: Sequence[Line]) -> tuple[Item | None, list[str | None]]:
    total = len(lines)
    if not total:
        return None, []
    tokens = [_tokens(line.masked) for line in lines]
    # Beside a time a rare word may be the page's; in a line of its own, it is part of a name.
    least = 0.1 if all(line.times for line in lines) else MOST
    held: dict[Token, set[int]] = {}
    for n, each in enumerate(tokens):
        for token in each:
            held.setdefault(token, set()).add(n)
    rest = [{token for token in each if _is_word(token)} for each in tokens]
    bare = sum(1 for each in rest if not each)
    constant: dict[Token, set[int]] = {}
    for token, where in sorted(held.items(), key=lambda each: (-len(each[1]), each[0])):
        if len(where) < max(2, least * total):
            continue
        if _FIGURE.fullmatch(token.text):
            continue
        if _is_word(token):
            left = sum(1 for each in rest if each and not each - {token})
            if left > 0.02 * total and bare < MOST * total:
                continue
            for each in rest:
                each.discard(token)
        constant[token] = where
    order = _ordered(tokens, constant)
    return _written(lines, tokens, order, constant) if order is not None else (None, [])


def _written(
    lines: Sequence[Line], tokens: list[list[Token]], order: list[Token], constant: dict[Token, set[int]]
) -> tuple[Item | None, list[str | None]]:
    """The pattern of lines whose constant words are known, in their order."""
    total = len(lines)
    position = {token: n for n, token in enumerate(order)}
    # In each line, the runs of other words, by the constant word before them.
    words: dict[int, int] = {}
    numbers: dict[int, int] = {}
    tight: dict[int, int] = {}
    for each in tokens:
        at, run = -1, list[Token]()
        for token in [*each, None]:
            if token is not None and token not in position:
                run.append(token)
                continue
            if run:
                named = any(_is_word(each) for each in run)
                if named:
                    words[at] = words.get(at, 0) + 1
                if _FIGURE.fullmatch(run[-1].text) and (not named or token is not None):
                    numbers[at] = numbers.get(at, 0) + 1
                run = []
            if token is not None:
                at = position[token]
                tight[at] = tight.get(at, 0) + token.tight
    name_at = max(words, key=lambda place: (words[place], -place), default=None)
    if name_at is not None and words[name_at] < NEARLY_ALL * total:
        name_at = None
    pattern, scored = "", False
    for place in range(-1, len(order)):
        if place >= 0 and (place == 0 or constant[order[place]] != constant[order[place - 1]] or _between(place - 1, words, numbers)):
            run = [order[place]]
            while place + len(run) < len(order) and not _between(place + len(run) - 1, words, numbers) and constant[order[place + len(run)]] == constant[order[place]]:
                run.append(order[place + len(run)])
            shown = "".join(
                ("" if tight.get(place + n, 0) * 2 > len(constant[token]) else " ")
                + ("{time}" if token.text == TIME and "{time}" not in pattern else "{any}" if token.text == TIME else token.text)
                for n, token in enumerate(run)
            )
            if len(constant[order[place]]) < total:
                shown = f" {{?{shown.strip()}}}"
            pattern += shown
        if place == name_at:
            pattern += " {author}"
        elif words.get(place, 0) >= 0.1 * total:
            pattern += " {?{any}}"
        # A number at the end of a name is the name's, unless nearly all have one.
        if place in numbers and (words.get(place, 0) < 0.1 * total or numbers[place] >= MOST * total):
            beside = order[place + 1].text if place + 1 < len(order) else ""
            slot = "{score}" if _SCORE.search(beside) and not scored else "{number}"
            scored |= slot == "{score}"
            pattern += f" {slot}" if numbers[place] == total else f" {{?{slot}}}"
    item = Item(pattern.strip())
    names: list[str | None] = [None] * total
    good = 0
    for n, line in enumerate(lines):
        found = item.match(line)
        if found is None:
            continue
        if name_at is None:
            good += 1
        elif _is_name(name := found.get("author", "")) and not FURNITURE.match(name) and not _EDITED.search(name):
            names[n] = name
            good += 1
    return (item if good >= NEARLY_ALL * total else None), names


def _is_word(token: Token) -> bool:
    return bool(_LETTER.search(token.text)) and not _FIGURE.fullmatch(token.text)


def _between(place: int, words: dict[int, int], numbers: dict[int, int]) -> bool:
    return place in words or place in numbers


def _ordered(tokens: list[list[Token]], constant: dict[Token, set[int]]) -> list[Token] | None:
    """The constant words in the order in which lines have them; None where there is no such order."""
    places: dict[Token, list[int]] = {}
    behind: dict[Token, set[Token]] = {token: set() for token in constant}
    for each in tokens:
        own = [token for token in each if token in constant]
        for n, token in enumerate(own):
            places.setdefault(token, []).append(n)
            behind[token].update(own[n + 1 :])
    order = sorted(places, key=lambda token: (-len(behind[token] - {token}), sum(places[token]) / len(places[token]), token))
    position = {token: n for n, token in enumerate(order)}
    wrong = 0
    for each in tokens:
        own_places = [position[token] for token in each if token in position]
        wrong += any(a >= b for a, b in pairwise(own_places))
    return order if wrong <= 0.1 * len(tokens) else None


@total_ordering
class Token:
    """A word, number or mark of a line, and which of its kind in the line it is; ``tight`` where no space stands before it."""

    __slots__ = ("nth", "text", "tight")

    def __init__(self, text: str, nth: int = 0, tight: bool = False) -> None:
        self.text, self.nth, self.tight = text, nth, tight

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and (self.text, self.nth) == (other.text, other.nth)

    def __lt__(self, other: Token) -> bool:
        return (self.text, self.nth) < (other.text, other.nth)

    def __hash__(self) -> int:
        return hash((self.text, self.nth))


def _tokens(text: str) -> list[Token]:
    seen: Counter[str] = Counter()
    found, end = [], 0
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        found.append(Token(word, seen[word], match.start() == end and end > 0))
        seen[word] += 1
        end = match.end()
    return found
