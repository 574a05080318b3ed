"""Trees given by the parents of their nodes, built link by link, without cycles."""

from __future__ import annotations

from collections.abc import Mapping


class Forest:
    """A forest: ``parents`` maps each key to that of its parent.

    ``_above`` leads from a node towards the root of its tree in fewer steps than its parents (union-find with path
    halving, Tarjan 1975), so that the cost of a chain of links is almost linear in its length.
    """

    def __init__(self, parents: Mapping[str, str] | None = None) -> None:
        """Begin with known ``parents``, which must be checked (``is_acyclic``)."""
        self.parents = dict(parents or {})
        self._above = dict(self.parents)

    def is_acyclic(self) -> bool:
        """Whether no node is above itself, in linear time."""
        walked: dict[str, str] = {}
        for start in self.parents:
            key = start
            while key not in walked and (parent := self.parents.get(key)) is not None:
                walked[key] = start
                key = parent
            if walked.get(key) == start:
                return False
        return True

    def link(self, key: str, parent: str) -> bool:
        """Give a node a parent; return False if it has one already, or if that would form a cycle."""
        if key in self.parents or self.root(parent) == key:
            return False
        self.parents[key] = self._above[key] = parent
        return True

    def root(self, key: str) -> str:
        """Return the root of a node's tree."""
        above = self._above
        while (up := above.get(key)) is not None:
            if (further := above.get(up)) is None:
                return up
            above[key] = further
            key = further
        return key
