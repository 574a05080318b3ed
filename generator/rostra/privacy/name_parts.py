"""Parts of names that identify people too, for pseudonyms: first names, surnames, words of handles.

Most words of a full name occur only as names; everyday words ("Rose", "Will", "Young") mean somebody only if they are
written like a name, with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from rostra.i18n.text_folding import WORD, fold_keeping_case, letters_of
from rostra.privacy.name_forms import Form, NameKind, SearchedName, form
from rostra.quotations.weights import BITS
from rostra.system.lazy_regex import late

EVERYDAY = frozenset(BITS) | frozenset(
    """
admin administrator anon anonymous author bot coward deleted editor guest member moderator nobody null owner poster
reader root somebody someone staff stranger support system team test unknown user visitor webmaster abu bin dos ibn
mac mrs prof saint san santa sir van von angel april art august autumn baker barber bell berry bill bird bishop black
blossom blue bond bow brand bridge brook brown bush butcher carpenter cash chance chase christian church clay cliff
cloud coin cook cooper crow crystal dale daisy dawn dean deer dove drew earl early east eve fair faith falcon farmer
fern field fisher flint flower ford forest fox frank frost gale garden gene glass gold gore grace grant grass gray
green grey grove guy hall hammer hand harmony hart hawk hay heath heather herb hill holly honey hood hook hope house
hunt hunter iris ivory ivy jack jade jasper jewel joy judge june king knight lake lamb lane lark law lily little lock
long lord love major march mark marsh mason may meadow merry mill miller misty moon moor moss noble north nova oak
ocean olive page park parker path pearl penny piper pool pope porter post potter power price pride prince queen ray
read reed rich river rob robin rock rocky root rose rowan ruby rush sage sally sandy scout sea serene shade sharp
shepherd short silver sky small smart smith snow south spring star steel sterling stone storm street strong sue summer
sun sunny swan swift tanner taylor temple terry thorn tiger town trinity tucker turner valley victor violet walker
wall ward water weaver web week well west wheeler white wild will willow wind winter wise wolf wood woods worth wren
young
""".split()  # noqa: SIM905  # a list to read
)
"""Everyday words that are also names, and words for people that name nobody."""
LEAST, LEAST_OF_HANDLE = 3, 4
"""The least number of letters in a part of a full name, and of a handle."""
HUMPS = late(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class NamePart(NamedTuple):
    """A word of a name as written; ``capital`` if it means somebody only with a capital."""

    word: str
    capital: bool

    def form(self, label: Hashable) -> Form:
        """Return the form to search for."""
        made = form(SearchedName(self.word, label, person=False), kind=NameKind.EVERYDAY if self.capital else None)
        assert made
        return made


def parts_of(name: str) -> Iterator[NamePart]:
    """Yield the words of a name that may be used alone for the person."""
    folded = fold_keeping_case(name)
    words = WORD.findall(folded)
    if re.search(r"\s", folded.strip()) and not any(map(str.isdigit, folded)):
        for word in words if len(words) > 1 else ():
            if len(word) >= LEAST:
                everyday = word.casefold() in EVERYDAY
                # A lower-case word in a name, as in "Ludwig van Beethoven", is lower-case in other texts too.
                if not everyday or word != word.lower():
                    yield NamePart(word, everyday)
        return
    humps = [hump for word in words for hump in HUMPS.findall(word)] if folded.isascii() else words
    for word in humps if len(humps) > 1 or any(map(str.isdigit, folded)) else ():
        if len(word) >= LEAST_OF_HANDLE and word.isalpha() and word.casefold() not in EVERYDAY:
            yield NamePart(word.capitalize(), capital=True)


def searched_part(name: str) -> SearchedName:
    """Return what to search for an author's name or id; a number or an everyday word counts only if written as a name."""
    words = [word.casefold() for word in WORD.findall(fold_keeping_case(name))]
    letters = letters_of(name)
    few = 1 if letters.lower() == letters.upper() else 2
    everyday = len(letters) <= few or letters.isdigit() or all(word in EVERYDAY for word in words)
    # A single letter means somebody only as a handle.
    return SearchedName(
        name.lower() if len(letters) == 1 else name, name, kind=NameKind.EVERYDAY if everyday and words else None
    )
