"""Find names and addresses in texts, however they are written.

The same object hides names and guards the output, so that the two never differ.  Texts are compared in folded form
(``folding``).  A name is found as a sequence of words; what may surround them depends on how likely their letters are
to occur by chance (``NameKind``).  A longer name of another person that contains a hidden name is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from rostra.i18n.base64_texts import decodings
from rostra.i18n.text_folding import PICTURE, WORD, FoldedReading, letters_of, readings
from rostra.privacy.name_forms import Form, NameKind, SearchedName, derived, is_abbreviated, name_variants
from rostra.quotations.weights import BITS
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

GAP = 3
"""The number of signs that may separate two words of a name; consecutive white space counts as one."""
STOPS = frozenset(f'|;:<>{{}}=?!"{PICTURE}')
"""Signs that do not occur within a name."""
HANDLE = frozenset("@/=")
"""Signs that precede a handle."""
ENDINGS = ("es", "s", "")
"""Plural and possessive endings of names; ``Anna`` is in ``Annas`` and not in ``Annapolis``."""
SAID = late(r"\s+(?:wrote|said)\b")
SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")
WITHIN = SMALL - {"e", "s"}
"""Letters that follow a name only within a longer word."""
CUT = late(r"([^|\n<\"]{0,60}?)\.\.\.")
"""The rest of a shortened line, with its ellipsis."""
BEFORE = 60
"""How many characters before a shortened name are searched for the rest of it."""
INITIALS = 2
"""The number of letters in a person's sign on pages."""
SPACES = late(r"\s\s")
PARAGRAPH = late(r"\n\s*\n")
UNSPACED = late(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
"""Letters of scripts without spaces between words, or with particles attached to names; for Korean, parts of syllables."""
FINAL = late(r"[\u11a8-\u11ff]")
"""Final parts of Korean syllables."""


class NameMatch(NamedTuple):
    """The position of a name: ``text[start:end]``."""

    start: int
    end: int
    label: Hashable


def name_matcher(wanted: Iterable[SearchedName], others: Iterable[str] = (), more: Iterable[Form] = ()) -> Names:
    """Return a matcher for these names.

    ``others`` are names of other people: longer ones that contain a searched name are kept, and a form that is only
    derived from a name is not searched if it is one of theirs.  ``more`` are additional forms to search for.
    """
    wanted = tuple(wanted)
    others = tuple(dict.fromkeys(others))
    theirs = {
        made.words
        for name in others
        for each in (SearchedName(name, None),)
        for made in (*name_variants(each), *derived(each))
    }
    found = [made for each in wanted for made in name_variants(each)]
    own: dict[tuple[str, ...], set[Hashable]] = {}
    rest = [made for each in wanted for made in derived(each) if made.words not in theirs]
    for made in rest:
        own.setdefault(made.words, set()).add(made.label)
    # It is unknown which of several people is meant.
    found += [made if len(own[made.words]) == 1 else made._replace(label=None) for made in rest]
    found += more
    signs = {each.text.strip(): each.label for each in wanted if not letters_of(each.text) and each.text.strip()}
    plain = Names(found, signs)
    longer = {name: spans[0].label for name in others if (spans := plain.spans(f"@{name}"))}
    kept = [made._replace(kept=True) for name in longer for each in (SearchedName(name, name),) for made in (*name_variants(each), *derived(each))]  # fmt: skip
    return Names([*found, *kept], signs, longer)


class Names:
    """Finds names in texts; ``kept`` are longer names of others, with the label of the name that each contains."""

    def __init__(
        self, forms: Sequence[Form], signs: Mapping[str, Hashable], kept: Mapping[str, Hashable] = MappingProxyType({})
    ) -> None:
        self._forms = tuple(dict.fromkeys(forms))
        self._signs = signs
        self.kept = kept
        self._by_seed: dict[str, list[tuple[Form, int]]] = {}
        for each in self._forms:
            # The longest word is the rarest.
            n = max(range(len(each.words)), key=lambda n: len(each.words[n]))
            self._by_seed.setdefault(each.words[n], []).append((each, n))
        self._seeds = tuple(self._by_seed)
        of = [[each for each, _ in self._by_seed[seed]] for seed in self._seeds]
        self._bounded = [
            all(len(each.words) == 1 and each.kind is not NameKind.UNMISTAKABLE for each in forms) for forms in of
        ]
        self._capital = [all(map(_needs_capital, forms)) for forms in of]

    def __bool__(self) -> bool:
        return bool(self._forms or self._signs)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(self._seeds)

    def found(self, text: str) -> bool:
        """Whether a text contains a name."""
        return bool(self.spans(text))

    def spans(self, text: str, *, cut: bool = False) -> list[NameMatch]:
        """Return the positions of names in a text, from left to right, without overlaps.

        If the text may have been ``cut``, the beginning of a kept name before an ellipsis is kept.
        """
        hidden, kept = list[NameMatch](), list[tuple[int, int]]()
        for each in readings(text, unfolded=True) if self._signs else ():
            for sign, label in self._signs.items():
                hidden += (
                    NameMatch(*each.span(*found.span()), label) for found in re.finditer(re.escape(sign), each.text)
                )
        for each in readings(text):
            for made, start, end in self._matches(each):
                if made.kept:
                    # "Smith and Anna" are two people.
                    if not PARAGRAPH.search(each.low, start, end) and (not made.turned or "," in each.low[start:end]):
                        kept.append(each.span(start, end))
                elif not (cut and self._is_cut(each.low, start, end)):
                    hidden.append(NameMatch(*each.span(start, end), made.label))
        for start, end, said in decodings(text):
            hidden += (NameMatch(start, end, found.label) for found in self.spans(said))
        left = (found for found in hidden if not any(low <= found.start and found.end <= high for low, high in kept))
        out = list[NameMatch]()
        for found in sorted(left, key=lambda found: (found.start, -found.end)):
            if out and found.start < out[-1].end:
                out[-1] = out[-1]._replace(end=max(found.end, out[-1].end))
            else:
                out.append(found)
        return out

    def _matches(self, reading: FoldedReading) -> Iterator[tuple[Form, int, int]]:
        low, text = reading.low, reading.text
        for seed, at, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if self._bounded[seed] and (
                (at and low[at - 1] in SMALL and text[at] in SMALL) or text[end : end + 1] in WITHIN
            ):
                # Most matches are within other words, which is a quick check.
                continue
            if self._capital[seed] and text[at:end].islower() and text[at - 1 : at] not in HANDLE:
                # Most others are everyday words where they mean nobody.
                continue
            for made, n in self._by_seed[self._seeds[seed]]:
                if len(made.words) > 1 and not _is_near(made, n, low, at, end):
                    continue
                if span := _stands(made, n, reading, at, end):
                    yield made, *span

    def _is_cut(self, low: str, start: int, end: int) -> bool:
        """Whether a name is the rest of a longer kept name, in a line that was shortened after it."""
        if not (cut := CUT.match(low, end)):
            return False
        parts = low[max(0, start - BEFORE) : start], low[start:end], cut[1]
        before, name, rest = map(letters_of, parts)
        if not cut[1]:
            # It is unknown how a shortened word continued.
            return True
        wholes = (
            "".join(each.words) for each in self._forms if each.kept and (not each.turned or "," in "".join(parts))
        )
        return any(
            before.endswith(whole[: found.start()]) and whole[found.end() :].startswith(rest)
            for whole in wholes
            for found in re.finditer(re.escape(name), whole)
        )

    def guard(self, own: str) -> Callable[[str], NameMatch | None]:
        """Return a function that finds a name in a file, ignoring names that are among Rostra's ``own`` words.

        The name Summary, or April, cannot be distinguished from a tag or a month, nor a name of two letters from initials;
        people's texts have been masked before.
        """
        words = {made for each in readings(own) for made, _, _ in self._matches(each)}
        long = (made for made in self._forms if made.kept or sum(map(len, made.words)) > INITIALS)
        left = Names([made for made in long if made.kept or made not in words], self._signs, self.kept)
        return lambda text: next(iter(left.spans(text, cut=True)), None)


def _needs_capital(made: Form) -> bool:
    """Whether a form, unless it is a handle, has a capital letter wherever it means somebody."""
    return made.kind is NameKind.EVERYDAY and len(made.words) == 1 and not made.written[0].islower()


def _is_near(made: Form, n: int, low: str, start: int, end: int) -> bool:
    """Whether a word of a form may be beside its ``n``-th; a quick check, since most words are among others."""
    if n + 1 < len(made.words):
        word = made.words[n + 1]
        return low.find(word, end, end + GAP + len(word)) >= 0 or SPACES.search(low, end, end + GAP + 1) is not None
    word = made.words[n - 1]
    near = max(0, start - GAP - len(word))
    return low.find(word, near, start) >= 0 or SPACES.search(low, start - GAP - 1, start) is not None


def _stands(made: Form, n: int, reading: FoldedReading, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of a form whose ``n``-th word is at ``start``; None if it is not there."""
    low, text = reading.low, reading.text
    apart = bare = False
    for word in reversed(made.words[:n]):
        at = _skip(low, start, -1)
        if not low.endswith(word, 0, at):
            return None
        apart, bare = apart or at < start, bare or (at == start and not _humps(text, at))
        start = at - len(word)
    for word in made.words[n + 1 :]:
        at = _skip(low, end, 1)
        if not low.startswith(word, at):
            return None
        apart, bare = apart or at > end, bare or (at == end and not _humps(text, at))
        end = at + len(word)
    if FINAL.match(text, end) or (made.abbreviated and not is_abbreviated(text, start, end)):
        return None
    if bare and not made.joins and not (start and text[start - 1] in HANDLE and not _joins(text, end)):
        return None
    match made.kind:
        case NameKind.EVERYDAY:
            return _everyday(made, text, start, end)
        case NameKind.ALONE if len(made.words[0]) == end - start == 1:
            # In a script without spaces, a single sign is usually part of another word.
            return None if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum() else (start, end)
        case NameKind.ALONE:
            return None if _joins(text, start) or _joins(text, end) else (start, end)
        case NameKind.UNMISTAKABLE if not apart:
            return start, end
    if _joins(text, start) and text[start - 1].isalpha() and not _humps(text, start):
        return None
    for ending in ENDINGS:
        after = end + len(ending)
        if low.startswith(ending, end) and not (
            _joins(text, after) and text[after].isalpha() and not text[after].isupper()
        ):
            return start, after
    return None


def _everyday(made: Form, text: str, start: int, end: int) -> tuple[int, int] | None:
    if _joins(text, end):
        return None
    if start and text[start - 1] in HANDLE:
        return start, end
    said = tuple(WORD.findall(text, start, end))
    # The commonest words in capitals are emphasis, not a name.
    loud = all(map(str.isupper, said)) and not all(word in BITS for word in made.words)
    if _joins(text, start) or not (said == made.written or loud):
        return None
    capital = any(word != word.lower() for word in made.written)
    return (start, end) if capital or SAID.match(text, end) else None


def _skip(text: str, at: int, step: int) -> int:
    """Return where the next word of a name may begin, or the previous one end: beyond a few signs that a name may contain."""

    def sign() -> str:
        return text[at : at + 1] if step > 0 else text[at - 1 : at]

    for _ in range(GAP):
        passed = sign()
        if not passed or passed.isalnum() or passed in STOPS:
            return at
        at += step
        while passed.isspace() and sign().isspace():
            at += step
    return at


def _joins(text: str, at: int) -> bool:
    """Whether the characters before and after an offset belong to one word."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if not (before.isalnum() and after.isalnum()):
        return False
    return not (UNSPACED.match(before) or UNSPACED.match(after))


def _humps(text: str, at: int) -> bool:
    """Whether a capital begins a word within a longer one: ``AskAnna``."""
    return text[at - 1].islower() and text[at].isupper()
