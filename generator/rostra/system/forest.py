"""Trees by their nodes' parents, built link by link, with no node below itself."""

from __future__ import annotations


class Forest:
    """Which node is below which: ``parents`` by key.

    ``_above`` leads from a node towards the top of its tree by fewer steps than its parents (union-find with path halving,
    Tarjan 1975), so that a chain of links costs almost no more than its length.
    """

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self._above: dict[str, str] = {}

    def link(self, key: str, parent: str) -> bool:
        """Put a node that has no parent below another; return False if it has one or would be below itself."""
        if key in self.parents or self.root(parent) == key:
            return False
        self.parents[key] = self._above[key] = parent
        return True

    def root(self, key: str) -> str:
        """Return the uppermost node above a node."""
        above = self._above
        while (up := above.get(key)) is not None:
            if (further := above.get(up)) is None:
                return up
            above[key] = further
            key = further
        return key
