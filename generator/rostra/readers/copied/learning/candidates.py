"""Compare the layouts that a text may have by the dependencies between their columns.

The column of names is the one that determines others: an author is always from the same place and a member since the
same day, while many people share a place or a day.  This is a functional dependency between columns (Huhtala et al.,
TANE, 1999), so it holds in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rostra.readers.copied.layout import PageLayout
from rostra.readers.copied.learning.line_keys import is_letter

REPEATED = 3
"""The fewest posts by authors of earlier posts at which the columns are compared."""
SHARED = 0.6
"""The most different values beside times, as a share of the different names, that several people share."""


class Learned(NamedTuple):
    """A layout and its score: the number of lines that it explains, less the cost of the layout itself.

    ``is_certain`` says whether the text shows where one post ends and the next begins.  ``names`` and ``times`` are the
    author and the times of each anchor, by the index of its line.  ``is_change`` says that the times are those of changes.
    """

    layout: PageLayout
    score: float
    is_certain: bool
    names: Mapping[int, str]
    times: Mapping[int, tuple[str, ...]]
    is_change: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether all posts of an author have the same time, and other authors have others: the time belongs to no post."""
        pairs = [(self.names[n], said) for n, said in self.times.items() if n in self.names]
        return is_repeated(pairs) and len({said for _, said in pairs}) > 1 and determines(pairs)


def with_post_times(found: Iterable[Learned]) -> list[Learned]:
    """Return the layouts without those by times of people or changes, unless only these times explain so many posts."""
    candidates = [(each, each.is_personal or each.is_change) for each in found]
    own = max((len(each.times) for each, other in candidates if not other), default=0)
    return [each for each, other in candidates if not other or len(each.times) > own]


def with_names(beside: Learned | None, apart: Learned | None) -> Iterator[Learned]:
    """Yield the layout that names authors, where names may be ``beside`` the times or ``apart`` in lines of their own."""
    if beside is None or apart is None or not apart.names:
        yield from filter(None, (beside, apart if apart and apart.names else None))
        return
    pairs = [(beside.names[n], apart.names[n]) for n in beside.names if n in apart.names]
    if all(one == other or is_letter(other, one) for one, other in pairs):
        yield beside
        return
    beside_decides, apart_decides = determines(pairs), determines([(b, a) for a, b in pairs])
    if beside_decides and pairs and all(name.startswith("@") for name in beside.names.values()):
        yield _with_accounts(apart, beside)
    elif apart_decides and not beside_decides:
        # Names that determine the words beside the times belong to the same posts as these.
        yield apart._replace(is_certain=apart.is_certain or is_repeated([(a, b) for b, a in pairs]))
    elif apart_decides == beside_decides and not any("@" in item.pattern for item in beside.layout.templates[-1].items):
        if not apart_decides and are_shared([one for one, _ in pairs], [other for _, other in pairs]):
            yield apart
            return
        # Each determines the other, or neither does: either may be the author's name.
        yield beside._replace(is_certain=False)
    else:
        yield beside


def _with_accounts(shown: Learned, accounts: Learned) -> Learned:
    """Return the layout with displayed names, and accounts beside the times."""
    own, other = shown.layout.templates[-1], accounts.layout.templates[-1]
    worded = replace(
        other.items[other.anchor], pattern=other.items[other.anchor].pattern.replace("{author}", "{handle}")
    )
    items = (*own.items[: own.anchor], worded, *own.items[own.anchor + 1 :])
    return shown._replace(layout=replace(shown.layout, templates=(replace(own, items=items),)))


def are_shared(values: Sequence[str], names: Sequence[str]) -> bool:
    """Whether several people share each of the values, as places: both recur, and the values are far fewer."""
    recurs = min(len(each) - len(set(each)) for each in (values, names)) >= REPEATED
    return recurs and len(set(values)) <= SHARED * len(set(names))


def is_repeated(pairs: Sequence[tuple[str, object]]) -> bool:
    """Whether enough of the first values, which may be names, occur again."""
    return len(pairs) - len({name for name, _ in pairs}) >= REPEATED


def determines(pairs: Iterable[tuple[object, object]]) -> bool:
    """Whether each first value has only one second value."""
    seen: dict[object, object] = {}
    return all(seen.setdefault(first, second) == second for first, second in pairs)
