"""The ways to write a name, and how likely each is to occur by chance where nobody is meant."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from rostra.i18n.text_folding import WORD, fold_keeping_case, letters_of
from rostra.identity.permalinks import slug
from rostra.quotations.weights import BITS
from rostra.system.lazy_regex import late

UNMISTAKABLE, UNMISTAKABLE_SIGNS = 8, 6
"""The number of letters from which a name is found even within a longer word; fewer if it is not a plain word."""
SHORT = 4
"""The number of letters from which a capital, a digit or an ending may follow a name: ``ZeusFan``, ``zeus99``, ``Zeuses``."""
SURNAME = 5
"""The most words of a surname, as in "de la Cruz y García"."""
APOSTROPHE = late("['’‘ʼ´`]")
SPACE = late(r"\s")
BESIDE = late(r"\s+via\s|[(\[]")
INITIAL = late(r"\.?[\s-]{0,2}[^\W\d_](?:\.|(?<=\.[^\W\d_])(?![^\W_]))")
"""Another initial after one: ``J. R.``, ``J.R`` or ``J-R.``."""
PHRASE = late(r"[\s-]{0,2}[^\W_]")
"""Words after a letter that is then a word itself."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class NameKind(Enum):
    """Where a name is found, by how likely its letters are to occur by chance."""

    EVERYDAY = "as written, or as a handle: a word that people use without meaning anybody"
    ALONE = "not within a longer word"
    NAME = "with an ending, or if a capital or a digit shows where it begins and ends"
    UNMISTAKABLE = "anywhere"


class Form(NamedTuple):
    """One way to write a name: its words, folded, in lower case and as ``written``; a match has this ``label``.

    ``joins`` says whether the words may follow each other without a separator outside handles too; ``turned`` that the
    surname is at the other end, and ``abbreviated`` that only initials follow its comma.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    kind: NameKind
    label: Hashable
    joins: bool
    turned: bool = False
    kept: bool = False
    abbreviated: bool = False


class SearchedName(NamedTuple):
    """A text to search for; for a ``person``, in other forms too.  If ``kind`` is None, the letters determine it."""

    text: str
    label: Hashable
    person: bool = True
    kind: NameKind | None = None


def form(wanted: SearchedName, text: str | None = None, kind: NameKind | None = None) -> Form | None:
    """Return the form of a name, or of another ``text`` for it; None if there are no letters."""
    written = tuple(WORD.findall(fold_keeping_case(wanted.text if text is None else text)))
    words = tuple(word.casefold() for word in written)
    letters = sum(map(len, words))
    joins = len(words) == 1 or letters >= UNMISTAKABLE or not wanted.person
    kind = kind or wanted.kind or _kind(words, written, letters)
    return Form(words, written, kind, wanted.label, joins) if words else None


def _kind(words: tuple[str, ...], written: tuple[str, ...], letters: int) -> NameKind:
    if all(word in BITS for word in words):
        return NameKind.EVERYDAY
    plain = len(words) == 1 and words[0].isalpha() and written[0] in (words[0], words[0].capitalize())
    if letters >= (UNMISTAKABLE if plain else UNMISTAKABLE_SIGNS):
        return NameKind.UNMISTAKABLE
    return NameKind.NAME if letters >= SHORT else NameKind.ALONE


def name_variants(wanted: SearchedName) -> Iterator[Form]:
    """Yield a name as given, without apostrophes, and as it is in Rostra's addresses."""
    if not letters_of(wanted.text):
        return
    texts = [wanted.text, APOSTROPHE.sub("", wanted.text)]
    plain = slug(wanted.text)
    if len(letters_of(plain)) >= SHORT:
        texts.append(plain)
    made = (form(wanted, text) for text in texts)
    yield from dict.fromkeys(each for each in made if each)


def derived(wanted: SearchedName) -> Iterator[Form]:
    """Yield other ways to write a person's name: surname first, given names as initials or without theirs, umlauts as two letters.

    Where the surname begins is unknown without a comma (Zoë Müller-Qvist, Jan van der Berg), so every place is tried.
    """
    if not wanted.person or not SPACE.search(wanted.text.strip()):
        # There is only one way to write a handle.
        return
    texts = wanted.text, wanted.text.translate(UMLAUTS), APOSTROPHE.sub("", wanted.text)
    for text in dict.fromkeys(texts):
        if (made := form(wanted, text)) is None:
            return
        if text != wanted.text:
            yield made
        count, surname_words = len(made.words), _words_before_comma(fold_keeping_case(text))
        for cut in (surname_words,) if surname_words else range(max(1, count - SURNAME), count):
            words, written = (each[cut:] + each[:cut] for each in made[:2])
            yield made._replace(words=words, written=written, turned=True)
            ordered, first = (words, count - cut) if surname_words else (made.words, cut)
            yield from _with_initials(wanted, ordered[:first], ordered[first:])


def _with_initials(wanted: SearchedName, given: tuple[str, ...], surname: tuple[str, ...]) -> Iterator[Form]:
    """Yield a name with the initials of the first given name, and of all, before or after the surname; and without initials."""
    if sum(map(len, surname)) < SHORT or not "".join((*given, *surname)).isalpha():
        return
    initials = tuple(each[0] for each in given)
    for letters in dict.fromkeys((initials[:1], initials)):
        if letters != given:
            yield _cased(wanted, (*letters, *surname), NameKind.ALONE)
            yield _cased(wanted, (*surname, *letters), NameKind.ALONE)._replace(turned=True, abbreviated=True)
    whole = tuple(each for each in given if len(each) > 1)
    if whole and whole != given:
        yield _cased(wanted, (*whole, *surname))
        yield _cased(wanted, (*surname, *whole))._replace(turned=True)


def _cased(wanted: SearchedName, words: tuple[str, ...], kind: NameKind | None = None) -> Form:
    made = form(wanted, " ".join(words).title(), kind)
    assert made
    return made


def is_abbreviated(text: str, start: int, end: int) -> bool:
    """Whether a surname and letters are a name: "Weir, A." or "(Weir, A)", not "weir, a dam" or another person's "Weir, A. B."."""
    if "," not in text[start:end] or INITIAL.match(text, end):
        return False
    return text.startswith(".", end) or not (text[end - 1].islower() or PHRASE.match(text, end))


def _words_before_comma(folded: str) -> int:
    """Return the number of words of the surname in "Surname, Given"; 0 if a name is not written so."""
    before, _, after = folded.partition(",")
    return len(WORD.findall(before)) if WORD.search(after) else 0


@lru_cache(maxsize=65_536)
def name_keys(name: str) -> tuple[Hashable, ...]:
    """Return keys that the names of one person share: the words, or all letters if they are too many for chance.

    Case, accents and apostrophes do not distinguish people, and "Surname, Given" is "Given Surname".  Text in brackets
    after a full name, or after "via" as mailing lists write it, is not part of the name.
    """
    plain = fold_keeping_case(name).replace("'", "").casefold()
    if (beside := BESIDE.search(plain)) and len(WORD.findall(full := plain[: beside.start()])) > 1:
        plain = full
    words = tuple(WORD.findall(plain))
    if not words:
        return (name.strip(),) if name.strip() else ()
    surname = _words_before_comma(plain)
    turned = ((*words[surname:], *words[:surname]),) if surname else ()
    letters = "".join(words)
    return (words, *turned, *((letters,) if len(letters) >= UNMISTAKABLE else ()))
