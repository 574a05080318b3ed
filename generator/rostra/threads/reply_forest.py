"""Connect the posts of all dumps: by what the sources say, what the publisher decided, and what was inferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def linked_forest(traces: Iterable[Trace], decided: Mapping[str, str | None]) -> tuple[Forest, dict[str, Join]]:
    """Return the posts as the sources connect them, and how each parent is known.

    A post's own statement of its parent precedes those of others that mention it.  ``decided`` are the parents that the
    publisher gave to posts that have none in the source; None means no parent.
    """
    forest, found = Forest(), dict[str, Join]()
    present = set[str]()
    for each in sorted(traces, key=_rank):
        present.update(() if each.missing else (each.key,))
        if each.parent is not None and forest.link(each.key, each.parent):
            found[each.key] = Join(each.parent, "source")
    for key, parent in sorted(decided.items()):
        if parent is not None and {key, parent} <= present and forest.link(key, parent):
            found[key] = Join(parent, "card")
    return forest, found


def linked_inferred(forest: Forest, traces: Iterable[Trace], found: Mapping[str, Join]) -> dict[str, Join]:
    """Add inferred parents in the order of time, except those that would form a cycle; return the added ones."""
    times = {each.key: each.time or 0 for each in traces if not each.missing}
    order = sorted(found, key=lambda key: (times.get(key, 0), key))
    return {key: found[key] for key in order if forest.link(key, found[key].parent)}


def open_posts(traces: Iterable[Trace], forest: Forest, decided: Mapping[str, str | None]) -> dict[int, dict[str, str]]:
    """Return the posts without a parent, by period; each with the post that shows its words.

    That is the post itself, or the first answer to it if no dump has it.
    """
    shown: dict[str, Trace] = {}
    present: dict[str, Trace] = {}
    for each in sorted(traces, key=_rank):
        if not each.missing:
            present.setdefault(each.key, each)
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
