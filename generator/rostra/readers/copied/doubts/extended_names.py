"""Find names that are those of other authors with words of the page: "Ada Weir made changes", "Ada Weir's profile photo".

A page that writes two kinds of lines with names, such as "Ada added a comment" and "Ada made changes", has words beside
the name that the wording of most lines lacks.  They show by the name itself, which is an author's elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rostra.readers.copied.layout import DumpLine
from rostra.readers.copied.names import OWNED, PARTICLES, folded_name
from rostra.readers.copied.page.page_thread import TWO_NAMES
from rostra.readers.copied.records import PostRecord, unnamed
from rostra.readers.copied.separators import SEPARATORS

PEOPLE = 3
"""The fewest authors with the same words beside their names, if these words begin as those of names do."""


def without_extended_names(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Iterator[PostRecord]:
    """Yield the records; unnamed where the name is that of another author with words of the page.

    So is a name in a line that marks divide ("Ada • Mill Lane"): the page writes more than the name there.
    """
    wrong = extended_names(record.held["author"] for record in records if "author" in record.held)
    wrong |= {line.masked for line in lines if sum(map(bool, SEPARATORS.split(line.text))) > 1}
    for record in records:
        yield unnamed(record) if record.held.get("author") in wrong else record


def extended_names(names: Iterable[str]) -> set[str]:
    """Return the names that consist of another of the ``names`` and words of the page."""
    # "Ada > Bede" is the name of an author and that of the answered person.
    different = sorted({name for name in names if not TWO_NAMES.search(name)})
    people = {folded_name(name) for name in different}
    found: dict[tuple[str, str], set[str]] = {}
    for name in different:
        words = name.split()
        for at in range(1, len(words)):
            first, last = " ".join(words[:at]), " ".join(words[at:])
            for own, rest in ((OWNED.sub("", first), ("after", last)), (last, ("before", first))):
                if folded_name(own) in people and folded_name(rest[1]) not in people:
                    found.setdefault(rest, set()).add(name)
    return set(chain.from_iterable(held for (_, words), held in found.items() if _is_page(words, held)))


def _is_page(words: str, names: set[str]) -> bool:
    """Whether words beside the names of authors belong to the page: many names have them, or no name is written like them."""
    small = any(word[0].islower() and word not in PARTICLES for word in words.split())
    return small or len(names) >= PEOPLE
