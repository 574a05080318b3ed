"""The ways to write a name, and how easily each is met by chance where nobody is meant."""

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
"""Letters from which on a name is found even within a longer word; fewer where it is no plain word."""
SHORT = 4
"""Letters from which on a name may be followed by a capital, a digit or an ending: ``ZeusFan``, ``zeus99``, ``Zeuses``."""
APOSTROPHE = late("['’‘ʼ´`]")
SPACE = late(r"\s")
BESIDE = late(r"\s+via\s|[(\[]")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class Kind(Enum):
    """Where a name is found, by how easily its letters are met by chance."""

    EVERYDAY = "as it is written, or as a handle: a word that people write without meaning anybody"
    ALONE = "not within a longer word"
    NAME = "with an ending, and where a capital or a digit shows where it begins and ends"
    UNMISTAKABLE = "anywhere"


class Form(NamedTuple):
    """One way to write a name: its words, folded, in lower case and as ``written``; ``label`` is what a finding carries.

    ``joins`` says whether the words may stand without anything between them, and not only in a handle; ``turned`` that
    the surname is at the other end.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    kind: Kind
    label: Hashable
    joins: bool
    turned: bool = False
    kept: bool = False


class SearchedName(NamedTuple):
    """What is looked for; of a ``person``, other ways to write the name too.  ``kind`` is told by the letters where it is None."""

    text: str
    label: Hashable
    person: bool = True
    kind: Kind | None = None


def form(wanted: SearchedName, text: str | None = None, kind: Kind | None = None) -> Form | None:
    """A name as it is written, or as another text has it; None where there are no letters."""
    written = tuple(WORD.findall(fold_keeping_case(wanted.text if text is None else text)))
    words = tuple(word.casefold() for word in written)
    letters = sum(map(len, words))
    joins = len(words) == 1 or letters >= UNMISTAKABLE or not wanted.person
    kind = kind or wanted.kind or _kind(words, written, letters)
    return Form(words, written, kind, wanted.label, joins) if words else None


def _kind(words: tuple[str, ...], written: tuple[str, ...], letters: int) -> Kind:
    if all(word in BITS for word in words):
        return Kind.EVERYDAY
    plain = len(words) == 1 and words[0].isalpha() and written[0] in (words[0], words[0].capitalize())
    if letters >= (UNMISTAKABLE if plain else UNMISTAKABLE_SIGNS):
        return Kind.UNMISTAKABLE
    return Kind.NAME if letters >= SHORT else Kind.ALONE


def name_variants(wanted: SearchedName) -> Iterator[Form]:
    """A name as it is given, without apostrophes, and as Rostra's addresses have it."""
    if not letters_of(wanted.text):
        return
    texts = [wanted.text, APOSTROPHE.sub("", wanted.text)]
    plain = slug(wanted.text)
    if len(letters_of(plain)) >= SHORT:
        texts.append(plain)
    made = (form(wanted, text) for text in texts)
    yield from dict.fromkeys(each for each in made if each)


def derived(wanted: SearchedName) -> Iterator[Form]:
    """Other ways to write a person's name: the surname first, the given name as an initial, umlauts as two letters."""
    if not wanted.person or not SPACE.search(wanted.text.strip()):
        # A handle is written in one way.
        return
    without = wanted.text.translate(UMLAUTS)
    for text in dict.fromkeys((wanted.text, without)):
        if (made := form(wanted, text)) is None:
            continue
        if text != wanted.text:
            yield made
        if len(made.words) < 2:
            continue
        surname_first = "," in text
        words, written = (each[1:] + each[:1] if surname_first else each[-1:] + each[:-1] for each in made[:2])
        yield made._replace(words=words, written=written, turned=True)
        given, surname = (made.words[1], made.words[0]) if surname_first else (made.words[0], made.words[-1])
        if len(given) > 1 and len(surname) >= SHORT and surname.isalpha() and given.isalpha():
            initial = form(wanted, f"{given[0]} {surname}".title(), Kind.ALONE)
            assert initial
            yield initial


@lru_cache(maxsize=65_536)
def name_keys(name: str) -> tuple[Hashable, ...]:
    """What all names of one person are known by: their words, or all their letters where those are too many for chance.

    Case, accents and apostrophes tell nobody from another, and "Surname, Given" is "Given Surname".  What follows a
    full name in brackets, or behind "via" as mailing lists put it, is no part of it.
    """
    plain = fold_keeping_case(name).replace("'", "").casefold()
    words = tuple(WORD.findall(plain))
    if (beside := BESIDE.search(plain)) and len(full := WORD.findall(plain, 0, beside.start())) > 1:
        words = tuple(full)
    if not words:
        return (name.strip(),) if name.strip() else ()
    turned = ((*words[1:], words[0]),) if "," in name else ()
    letters = "".join(words)
    return (words, *turned, *((letters,) if len(letters) >= UNMISTAKABLE else ()))
