"""Regular expressions that are compiled when they are first matched: those that ignore case take long, and few commands need them."""

from __future__ import annotations

import re
from functools import cached_property


class Late:
    """A regular expression that ignores case."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The expression itself."""
        return re.compile(self._pattern, re.IGNORECASE)

    def match(self, text: str) -> re.Match[str] | None:
        """As the expression's own."""
        return self.expression.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Likewise."""
        return self.expression.fullmatch(text)
