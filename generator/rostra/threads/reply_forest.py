"""Connect the posts of all dumps: by what the sources say, what the publisher decided, and what was inferred."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from rostra.model import Join
from rostra.system.forest import Forest
from rostra.threads.evidence import DAY
from rostra.threads.letters import Letter

PERIOD = 30 * DAY
"""The seconds of a period; posts are joined by periods, so that a new post costs only those around it."""
BEFORE, AFTER = 2, 1
"""How many periods before and after its own a post's parent may be in."""
TIMELESS = -1_000_000
"""The period of posts without a time."""


class Trace(Struct, frozen=True, array_like=True):
    """The part of a post that is compared over all dumps."""

    missing: bool
    key: str
    parent: str | None
    time: int | None

    @property
    def period(self) -> int:
        """The number of the period in which the post was written."""
        return period_of(self.time)


def _rank(each: Trace) -> tuple[bool, str, str, int]:
    return each.missing, each.key, each.parent or "", each.time or 0


def trace(letter: Letter) -> Trace:
    """Return the part of a post that is compared over all dumps."""
    return Trace(letter.missing, letter.key, letter.parent, letter.time)


def period_of(time: int | None) -> int:
    """Return the number of the period of a time."""
    return TIMELESS if time is None else time // PERIOD


def linked_forest(traces: Collection[Trace]) -> Forest:
    """Return the posts as the sources connect them.

    A post's own statement of its parent precedes those of others that mention it.
    """
    forest = Forest(
        {key: each.parent or "" for key, each in _first(each for each in traces if each.parent is not None)}
    )
    if not forest.is_acyclic():
        # Which link of a cycle is left out is decided by the order.
        forest = Forest()
        for each in sorted(traces, key=_rank):
            if each.parent is not None:
                forest.link(each.key, each.parent)
    return forest


def present_posts(traces: Iterable[Trace]) -> dict[str, Trace]:
    """Return the posts that some dump has, by key."""
    return dict(_first(each for each in traces if not each.missing))


def _first(traces: Iterable[Trace]) -> Iterable[tuple[str, Trace]]:
    """Return the first trace of each post in the order of ``_rank``; few posts have several."""
    found: dict[str, Trace] = {}
    for each in traces:
        if each.key not in found or _rank(each) < _rank(found[each.key]):
            found[each.key] = each
    return found.items()


def linked_decided(forest: Forest, present: Mapping[str, Trace], decided: Mapping[str, str | None]) -> dict[str, Join]:
    """Add the parents that the publisher gave to posts without one in the source; return the added ones.

    None means no parent.
    """
    return {
        key: Join(parent, "card")
        for key, parent in sorted(decided.items())
        if parent is not None and {key, parent} <= present.keys() and forest.link(key, parent)
    }


def linked_inferred(forest: Forest, present: Mapping[str, Trace], found: Mapping[str, Join]) -> dict[str, Join]:
    """Add inferred parents in the order of time, except those that would form a cycle; return the added ones."""
    order = sorted(found, key=lambda key: (present[key].time or 0 if key in present else 0, key))
    return {key: found[key] for key in order if forest.link(key, found[key].parent)}


def open_posts(present: Mapping[str, Trace], forest: Forest, decided: Collection[str]) -> dict[int, dict[str, str]]:
    """Return the posts without a parent, by period; each with the post that shows its words.

    That is the post itself, or the first answer to it if no dump has it.
    """
    shown: dict[str, Trace] = {}
    for each in present.values():
        parent = forest.parents.get(each.key)
        if parent is None:
            shown[each.key] = each
        elif parent not in forest.parents and parent not in present and each.time is not None:
            first = shown.get(parent)
            if first is None or (each.time, each.key) < (first.time, first.key):
                shown[parent] = each
    found: dict[int, dict[str, str]] = {}
    for key, each in sorted(shown.items()):
        if key not in decided:
            found.setdefault(each.period, {})[key] = each.key
    return found
